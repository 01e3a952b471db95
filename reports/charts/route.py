"""The outline of a way, without a map: a shape in a box of its own, no coordinate in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, MARGIN = 320.0, 220.0, 10.0
POINTS = 500
"""So many points of a long recording are drawn; more would not be seen."""

Band = tuple[float, float, str]


def outline(
    t_s: NDArray[np.float64],
    latitude_deg: NDArray[np.float64],
    longitude_deg: NDArray[np.float64],
    bands: Sequence[Band],
) -> str:
    """An SVG of the way, north up, running and walking by class; empty where nobody moved or no position is known.

    `bands`: running and walking as (from [s], until [s], run or walk). Positions are turned into pixels of the drawing:
    neither a coordinate nor the scale can be read from it.
    """
    known = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    if known.sum() < 2:
        return ""
    t, latitude, longitude = t_s[known], latitude_deg[known], longitude_deg[known]
    x = (longitude - longitude[0] + 180.0) % 360.0 - 180.0
    x = x * np.cos(np.radians(latitude.mean()))
    y = latitude - latitude[0]
    span = max(np.ptp(x) / (WIDTH - 2 * MARGIN), np.ptp(y) / (HEIGHT - 2 * MARGIN))
    if span <= 0:
        return ""
    x = (x - (x.min() + x.max()) / 2) / span + WIDTH / 2
    y = HEIGHT / 2 - (y - (y.min() + y.max()) / 2) / span
    step = max(1, len(t) // POINTS)
    parts = [_line(x[::step], y[::step], "way")]
    for start, end, kind in bands:
        inside = np.flatnonzero((t >= start) & (t <= end))
        if len(inside) > 1 and kind in ("run", "walk"):
            chosen = np.unique(np.append(inside[::step], inside[-1]))
            parts.append(_line(x[chosen], y[chosen], f"way {kind}"))
    dots = f'<circle class="from" cx="{x[0]:.1f}" cy="{y[0]:.1f}" r="5"/>'
    return (
        f'<svg class="route" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="Outline of the route">'
        f"{''.join(parts)}{dots}</svg>"
    )


def _line(x: NDArray[np.float64], y: NDArray[np.float64], kind: str) -> str:
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y))
    return f'<polyline class="{kind}" points="{points}"/>'
