"""The outline of a way, without a map: a shape in a box of its own, no coordinate in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from steadymile.reports.rendering import macro

WIDTH, HEIGHT, MARGIN = 320.0, 220.0, 10.0
POINTS = 500
"""So many points of a long recording are drawn; more would not be seen."""

Band = tuple[float, float, str]


def outline(
    t_s: NDArray[np.float64],
    latitude_deg: NDArray[np.float64],
    longitude_deg: NDArray[np.float64],
    bands: Sequence[Band],
) -> Markup:
    """An SVG of the way, north up, running and walking by class; empty where nobody moved or no position is known.

    `bands`: running and walking as (from [s], until [s], run or walk). Positions are turned into pixels of the drawing:
    neither a coordinate nor the scale can be read from it.
    """
    known = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    if known.sum() < 2:
        return Markup()
    t, latitude, longitude = t_s[known], latitude_deg[known], longitude_deg[known]
    x = (longitude - longitude[0] + 180.0) % 360.0 - 180.0
    x = x * np.cos(np.radians(latitude.mean()))
    y = latitude - latitude[0]
    span = max(np.ptp(x) / (WIDTH - 2 * MARGIN), np.ptp(y) / (HEIGHT - 2 * MARGIN))
    if span <= 0:
        return Markup()
    x = (x - (x.min() + x.max()) / 2) / span + WIDTH / 2
    y = HEIGHT / 2 - (y - (y.min() + y.max()) / 2) / span
    step = max(1, len(t) // POINTS)
    lines = [("way", _points(x[::step], y[::step]))]
    for start, end, kind in bands:
        inside = np.flatnonzero((t >= start) & (t <= end))
        if len(inside) > 1 and kind in ("run", "walk"):
            chosen = np.unique(np.append(inside[::step], inside[-1]))
            lines.append((f"way {kind}", _points(x[chosen], y[chosen])))
    origin = (round(float(x[0]), 1), round(float(y[0]), 1))
    return macro("charts/marks.svg", "route")(f"{WIDTH:g}", f"{HEIGHT:g}", lines, origin)


def _points(x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y))
