"""Charts as small inline SVG: text, shapes and colours by class, so that one picture serves light, dark and print.

Own functions rather than a plotting library: a page must appear in milliseconds, and a chart needs only a time axis,
bars, lines with gaps and dots. Every chart carries its title and a description for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from math import ceil, floor, log10

from steadymile.reports import formats

WIDTH, HEIGHT = 400, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 22, 22

Point = tuple[date, float | None]


@dataclass(frozen=True, slots=True)
class Axes:
    """Where days and values lie on the picture: days from `first` to `last`, values from 0 to `top`."""

    first: date
    last: date
    top: float
    height: int = HEIGHT

    @property
    def base(self) -> float:
        """The y of value 0."""
        return self.height - BOTTOM

    def x(self, day: date, offset: float = 0.5) -> float:
        """The x of a day, by default of its middle."""
        span = (self.last - self.first).days + 1
        return LEFT + (WIDTH - LEFT - RIGHT) * ((day - self.first).days + offset) / span

    def y(self, value: float) -> float:
        """The y of a value; what lies above the top is drawn at the top."""
        return self.base - (self.base - TOP) * min(max(value / self.top, 0.0), 1.0)


def axes(first: date, last: date, values: Iterable[float | None], height: int = HEIGHT) -> Axes:
    """Axes that hold every value, ending on a round number."""
    greatest = max((v for v in values if v is not None and formats.known(v)), default=0.0)
    return Axes(first, max(last, first + timedelta(days=6)), _round_up(greatest), height)


Key = tuple[str, str, str]
"""An entry of a legend: style, shape (dot, bar or line), words."""

SHAPES = {
    "dot": '<circle class="{0}" cx="10" cy="5" r="3.6"/>',
    "bar": '<rect class="{0}" x="3" y="0" width="14" height="10" rx="1"/>',
    "line": '<path class="{0}" d="M1 5L19 5"/>',
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with what it needs to be understood: its title, a text that says the same, its legend."""

    name: str
    title: str
    text: str
    body: str
    key: tuple[Key, ...]
    height: int = HEIGHT

    def html(self) -> str:
        """As part of a page: the picture, labelled for those who do not see it, and its legend."""
        items = "".join(
            f'<li><svg viewBox="0 0 20 10" aria-hidden="true">{SHAPES[shape].format(style)}</svg>{escape(text)}</li>'
            for style, shape, text in self.key
        )
        names = f"{self.name}-t", f"{self.name}-d"
        return (
            f'<figure><svg class="chart" viewBox="0 0 {WIDTH} {self.height}" role="img" '
            f'aria-labelledby="{names[0]} {names[1]}"><title id="{names[0]}">{escape(self.title)}</title>'
            f'<desc id="{names[1]}">{escape(self.text)}</desc>{self.body}</svg>'
            f'<ul class="key">{items}</ul></figure>'
        )

    def alone(self) -> str:
        """As a picture of its own: an SVG with title and legend drawn in, still to be given its colours."""
        parts, x = [], float(LEFT)
        for style, shape, text in self.key:
            mark = SHAPES[shape].format(style)
            parts.append(
                f'<g transform="translate({x:.0f} 0)">{mark}<text class="tick" x="24" y="9">{escape(text)}</text></g>'
            )
            x += 34 + 6.2 * len(text)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {self.height + 52}">'
            f'<text class="name" x="10" y="20">{escape(self.title)}</text>'
            f'<g transform="translate(0 26)">{self.body}</g>'
            f'<g transform="translate(0 {self.height + 34})">{"".join(parts)}</g></svg>'
        )


def grid(at: Axes, unit: str = "", steps: int = 4, labels: dict[float, str] | None = None) -> str:
    """Horizontal lines with values, months along the foot."""
    parts = []
    ticks = list(labels) if labels else _ticks(at.top, steps)
    for value in ticks:
        y = at.y(value)
        text = labels[value] if labels else formats.number(value, 2)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{escape(text)}</text>')
    if unit:
        parts.append(f'<text class="tick" x="{LEFT - 5}" y="{TOP - 11}" text-anchor="end">{escape(unit)}</text>')
    parts.append(_months(at))
    return "".join(parts)


def bars(at: Axes, points: Sequence[Point], style: str, days: int = 1, base: Sequence[float] | None = None) -> str:
    """One bar a point, `days` wide, standing on `base` (for stacks); unknown values and zeros draw nothing."""
    parts = []
    gap = 0.16 * days
    for n, (day, value) in enumerate(points):
        if value is None or value <= 0:
            continue
        foot = base[n] if base else 0.0
        x, right = at.x(day, gap / 2), at.x(day, days - gap / 2)
        top, bottom = at.y(foot + value), at.y(foot)
        parts.append(
            f'<rect class="{style}" x="{x:.1f}" y="{top:.1f}" width="{right - x:.1f}" height="{bottom - top:.1f}"/>'
        )
    return "".join(parts)


def line(at: Axes, points: Sequence[Point], style: str, step: bool = False) -> str:
    """A line through the points, broken where a value is unknown; `step` keeps each value until the next."""
    parts, pen, last = [], "M", 0.0
    for day, value in points:
        if value is None or not formats.known(value):
            pen = "M"
            continue
        x, y = at.x(day), at.y(value)
        if step and pen == "L":
            parts.append(f"L{x:.1f} {last:.1f}")
        parts.append(f"{pen}{x:.1f} {y:.1f}")
        pen, last = "L", y
    return f'<path class="{style}" d="{"".join(parts)}"/>' if parts else ""


def dots(at: Axes, points: Sequence[Point], style: str, radius: float = 3.2) -> str:
    """One dot a known value."""
    return "".join(
        f'<circle class="{style}" cx="{at.x(day):.1f}" cy="{at.y(value):.1f}" r="{radius}"/>'
        for day, value in points
        if value is not None and formats.known(value)
    )


def level(at: Axes, value: float, label: str, style: str = "goal") -> str:
    """A horizontal line with its name at the right, for goals and thresholds."""
    y = at.y(value)
    return (
        f'<line class="{style}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="mark" x="{LEFT + 4}" y="{y - 4:.1f}">{escape(label)}</text>'
    )


def marks(at: Axes, points: Sequence[Point], style: str, days: int = 7) -> str:
    """A short level stroke over each span of days, for what was planned."""
    return "".join(
        f'<line class="{style}" x1="{at.x(day, 0.2):.1f}" x2="{at.x(day, days - 0.2):.1f}" '
        f'y1="{at.y(value):.1f}" y2="{at.y(value):.1f}"/>'
        for day, value in points
        if value is not None and formats.known(value)
    )


def strip(steps: Sequence[dict[str, int]]) -> str:
    """A session as a ribbon: jogging high and strong, walking low and light, to the scale of time."""
    pieces = [
        (seconds, style)
        for step in steps
        for _ in range(int(step.get("reps") or 0))
        for seconds, style in ((int(step.get("run_s") or 0), "run"), (int(step.get("walk_s") or 0), "walk"))
        if seconds > 0
    ]
    total = sum(seconds for seconds, _ in pieces)
    if not total:
        return ""
    parts, x = [], 0.0
    for seconds, style in pieces:
        width = 300 * seconds / total
        y, height = (0, 14) if style == "run" else (7, 7)
        parts.append(
            f'<rect class="{style}" x="{x:.1f}" y="{y}" width="{max(width - 1, 0.8):.1f}" height="{height}" rx="1.5"/>'
        )
        x += width
    return (
        f'<svg class="strip" viewBox="0 0 300 14" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _months(at: Axes) -> str:
    """Month names along the foot, thinned to what fits, with the year where a new one begins."""
    starts = list(_month_starts(at.first, at.last))
    every = ceil(len(starts) / 9) or 1
    parts = []
    for n, start in enumerate(starts):
        x = at.x(max(start, at.first), 0)
        if start > at.first:
            parts.append(f'<line class="month" x1="{x:.1f}" x2="{x:.1f}" y1="{at.base:.1f}" y2="{at.base + 4:.1f}"/>')
        room = (at.last - max(start, at.first)).days >= 0.05 * (at.last - at.first).days
        crowded = start < at.first and len(starts) > 1 and (starts[1] - at.first).days < 0.1 * (at.last - at.first).days
        if n % every == 0 and room and not crowded:
            name = formats.MONTHS[start.month - 1]
            year = f" {start.year}" if start.month == 1 and len(starts) > 6 else ""
            parts.append(f'<text class="tick" x="{x + 2:.1f}" y="{at.base + 14:.1f}">{name}{year}</text>')
    foot = f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at.base:.1f}" y2="{at.base:.1f}"/>'
    return foot + "".join(parts)


def _month_starts(first: date, last: date) -> Iterable[date]:
    start = first.replace(day=1)
    while start <= last:
        yield start
        start = (start + timedelta(days=32)).replace(day=1)


def _round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 4, 5, 6, 8 times a power of ten; 1 where there is nothing."""
    if value < 1e-9:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(m for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if m * power >= value * 0.999) * power


def _ticks(top: float, steps: int) -> list[float]:
    """Round values from 0 to the top, at most `steps` of them above 0."""
    power = 10.0 ** floor(log10(top))
    for size in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5):
        if top / (size * power) <= steps + 1e-9:
            return [n * size * power for n in range(int(top / (size * power) + 1e-9) + 1)]
    return [0.0, top]
