"""Charts as small inline SVG: text, shapes and colours by class, so that one picture serves light, dark and print.

Own functions rather than a plotting library: a page must appear in milliseconds, and a chart needs only a time axis,
bars, lines with gaps and dots. Every chart carries its title and a description for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

from markupsafe import Markup
from steadymile.reports import formats
from steadymile.reports.rendering import fill, macro

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

MARKS = "charts/marks.svg"
"""The template of what pictures are drawn with."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with what it needs to be understood: its title, a text that says the same, its legend."""

    name: str
    title: str
    text: str
    body: Markup
    key: tuple[Key, ...]
    height: int = HEIGHT

    def html(self) -> Markup:
        """As part of a page: the picture, labelled for those who do not see it, and its legend."""
        return fill("charts/figure.html", picture=self, width=WIDTH)

    def alone(self) -> Markup:
        """As a picture of its own: an SVG with title and legend drawn in, still to be given its colours."""
        entries, x = [], float(LEFT)
        for style, shape, text in self.key:
            entries.append((round(x), style, shape, text))
            x += 34 + 6.2 * len(text)
        return fill("charts/alone.svg", picture=self, width=WIDTH, entries=entries)


def grid(at: Axes, unit: str = "", steps: int = 4, labels: dict[float, str] | None = None) -> Markup:
    """Horizontal lines with values, months along the foot."""
    ticks = list(labels) if labels else _ticks(at.top, steps)
    heights = [(at.y(value), labels[value] if labels else formats.number(value, 2)) for value in ticks]
    names = [(LEFT - 5, round(y + 3.5, 1), text) for y, text in heights]
    names += [(LEFT - 5, TOP - 11, unit)] if unit else []
    return _across([y for y, _ in heights], "grid") + macro(MARKS, "words")(names, end=True) + _months(at)


def _across(heights: Iterable[float], style: str) -> Markup:
    """A level line over the whole width at each height."""
    return macro(MARKS, "strokes")([(LEFT, WIDTH - RIGHT, round(y, 1), round(y, 1)) for y in heights], style)


def bars(at: Axes, points: Sequence[Point], style: str, days: int = 1, base: Sequence[float] | None = None) -> Markup:
    """One bar a point, `days` wide, standing on `base` (for stacks); unknown values and zeros draw nothing."""
    boxes = []
    gap = 0.16 * days
    for n, (day, value) in enumerate(points):
        if value is None or value <= 0:
            continue
        foot = base[n] if base else 0.0
        x, right = at.x(day, gap / 2), at.x(day, days - gap / 2)
        top, bottom = at.y(foot + value), at.y(foot)
        boxes.append((round(x, 1), round(top, 1), round(right - x, 1), round(bottom - top, 1)))
    return macro(MARKS, "rects")(boxes, style)


def line(at: Axes, points: Sequence[Point], style: str, step: bool = False) -> Markup:
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
    return macro(MARKS, "path")(style, "".join(parts)) if parts else Markup()


def dots(at: Axes, points: Sequence[Point], style: str, radius: float = 3.2) -> Markup:
    """One dot a known value."""
    known = [(day, value) for day, value in points if value is not None and formats.known(value)]
    places = [(round(at.x(day), 1), round(at.y(value), 1)) for day, value in known]
    return macro(MARKS, "circles")(places, style, radius)


def level(at: Axes, value: float, label: str, style: str = "goal") -> Markup:
    """A horizontal line with its name at the right, for goals and thresholds."""
    y = at.y(value)
    return _across([y], style) + macro(MARKS, "words")([(LEFT + 4, round(y - 4, 1), label)], "mark")


def marks(at: Axes, points: Sequence[Point], style: str, days: int = 7) -> Markup:
    """A short level stroke over each span of days, for what was planned."""
    known = [(day, at.y(value)) for day, value in points if value is not None and formats.known(value)]
    lines = [(at.x(day, 0.2), at.x(day, days - 0.2), y, y) for day, y in known]
    return macro(MARKS, "strokes")([tuple(round(end, 1) for end in ends) for ends in lines], style)


def strip(steps: Sequence[dict[str, int]]) -> Markup:
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
        return Markup()
    parts, x = [], 0.0
    for seconds, style in pieces:
        width = 300 * seconds / total
        parts.append((round(x, 1), round(max(width - 1, 0.8), 1), style))
        x += width
    return macro(MARKS, "strip")(parts)


def _months(at: Axes) -> Markup:
    """Month names along the foot, thinned to what fits, with the year where a new one begins."""
    starts = list(_month_starts(at.first, at.last))
    every = ceil(len(starts) / 9) or 1
    notches, names = [], []
    for n, start in enumerate(starts):
        x = at.x(max(start, at.first), 0)
        if start > at.first:
            notches.append((round(x, 1), round(x, 1), round(at.base, 1), round(at.base + 4, 1)))
        room = (at.last - max(start, at.first)).days >= 0.05 * (at.last - at.first).days
        crowded = start < at.first and len(starts) > 1 and (starts[1] - at.first).days < 0.1 * (at.last - at.first).days
        if n % every == 0 and room and not crowded:
            year = f" {start.year}" if start.month == 1 and len(starts) > 6 else ""
            names.append((round(x + 2, 1), round(at.base + 14, 1), f"{formats.MONTHS[start.month - 1]}{year}"))
    return _across([at.base], "axis") + macro(MARKS, "strokes")(notches, "month") + macro(MARKS, "words")(names)


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
