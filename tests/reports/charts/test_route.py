"""The outline of a way: a shape in its own box, without a coordinate."""

from __future__ import annotations

import re

import numpy as np
from steadymile.reports.charts.route import HEIGHT, WIDTH, outline

T = np.arange(400.0)
ROUND = (47.0 + 0.01 * np.sin(T / 60), 8.0 + 0.02 * np.cos(T / 60))


def points(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+),([\d.-]+)", svg)]


def test_every_point_lies_in_the_box():
    drawn = points(outline(T, *ROUND, []))
    assert len(drawn) > 100
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawn)


def test_the_same_shape_elsewhere_gives_the_same_drawing():
    latitude, longitude = ROUND
    assert points(outline(T, latitude, longitude, [])) == points(outline(T, latitude, longitude + 60.0, []))


def test_a_way_over_the_date_line_is_one_shape():
    latitude, longitude = ROUND
    over = (longitude - 8.0 + 180.0 + 180.0) % 360.0 - 180.0
    assert points(outline(T, latitude, over, [])) == points(outline(T, latitude, longitude, []))


def test_running_and_walking_are_drawn_by_class():
    svg = outline(T, *ROUND, [(0.0, 100.0, "walk"), (100.0, 399.0, "run"), (50.0, 60.0, "stand")])
    assert (svg.count('class="way walk"'), svg.count('class="way run"'), svg.count("stand")) == (1, 1, 0)


def test_without_positions_or_movement_nothing_is_drawn():
    unknown, still = np.full(400, np.nan), np.full(400, 47.0)
    assert outline(T, unknown, unknown, []) == ""
    assert outline(T, still, still, []) == ""
