"""Two pictures of the study as SVG files: who has run the mile by which week, and differences with their intervals."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from steadymile.models.lab.compare import Difference

COLOURS = ("#1b6ca8", "#b5532a", "#4f8a3c", "#7a4fa3", "#8a7a1e", "#5b6470", "#b03a6f", "#2a9a94")
INK, FAINT, PAPER = "#22272e", "#c9ced6", "#ffffff"
W, H, LEFT, RIGHT, TOP, BOTTOM = 720, 380, 46, 190, 40, 40


def _frame(title: str, height: int, body: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {height}" width="{W}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}" role="img" aria-label="{escape(title)}">'
    )
    back = f'<rect width="{W}" height="{height}" fill="{PAPER}"/>'
    name = f'<text x="{LEFT}" y="22" font-size="15" font-weight="600">{escape(title)}</text>'
    return "\n".join([head, back, name, *body, "</svg>", ""])


def _spread(places: Sequence[float], gap: float) -> list[float]:
    """Label heights near their wishes, at least `gap` apart, in the given order of heights."""
    order = np.argsort(places)
    out = list(places)
    for before, after in itertools.pairwise(order):
        out[after] = max(out[after], out[before] + gap)
    return out


def mile_curves(weeks: int, mile_week: Mapping[str, np.ndarray], title: str) -> str:
    """Share of athletes who have run a continuous mile, week by week, one step line an arm."""
    width, height = W - LEFT - RIGHT, H - TOP - BOTTOM

    def x(week: float) -> float:
        return LEFT + width * week / weeks

    def y(share: float) -> float:
        return TOP + height * (1.0 - share)

    body = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        body.append(f'<path d="M{LEFT} {y(share):.1f}H{LEFT + width}" stroke="{FAINT}" stroke-width="1"/>')
        body.append(f'<text x="{LEFT - 6}" y="{y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for week in range(0, weeks + 1, 4):
        body.append(f'<text x="{x(week):.1f}" y="{H - BOTTOM + 18}" text-anchor="middle">{week}</text>')
    body.append(f'<text x="{LEFT + width / 2:.0f}" y="{H - 6}" text-anchor="middle">weeks since the first run</text>')
    shares = {name: [(w <= week).mean() for week in range(weeks + 1)] for name, w in mile_week.items()}
    places = _spread([y(s[-1]) for s in shares.values()], 15.0)
    for (name, values), colour, place in zip(shares.items(), COLOURS, places, strict=False):
        path = "M" + "L".join(f"{x(i):.1f} {y(v):.1f}" for i, v in enumerate(values))
        bold = 3 if name == "policy" else 1.6
        body.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{bold}"/>')
        weight = ' font-weight="600"' if name == "policy" else ""
        body.append(f'<text x="{LEFT + width + 8}" y="{place + 4:.1f}" fill="{colour}"{weight}>{escape(name)}</text>')
    return _frame(title, H, body)


def differences(rows: Mapping[str, Difference], title: str, better: str) -> str:
    """One interval a row against a line at zero; `better` says which side is good."""
    height = TOP + 26 * len(rows) + 52
    left, width = 210, W - 240
    reach = 1.1 * max(max(abs(d.low), abs(d.high)) for d in rows.values()) or 1.0

    def x(value: float) -> float:
        return left + width * (value + reach) / (2.0 * reach)

    foot = TOP + 26 * len(rows) + 8
    body = [f'<path d="M{x(0):.1f} {TOP}V{foot}" stroke="{INK}" stroke-width="1"/>']
    for i, (name, d) in enumerate(rows.items()):
        y = TOP + 26 * i + 18
        colour = COLOURS[0] if d.clear else COLOURS[5]
        body.append(f'<text x="{left - 12}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        body.append(f'<path d="M{x(d.low):.1f} {y}H{x(d.high):.1f}" stroke="{colour}" stroke-width="2"/>')
        body.append(f'<circle cx="{x(d.value):.1f}" cy="{y}" r="4.5" fill="{colour}"/>')
    for value in (-reach / 1.1, 0.0, reach / 1.1):
        body.append(f'<text x="{x(value):.1f}" y="{foot + 16}" text-anchor="middle">{value:+.2f}</text>')
    body.append(f'<text x="{left + width / 2:.0f}" y="{foot + 34}" text-anchor="middle">{escape(better)}</text>')
    return _frame(title, height, body)
