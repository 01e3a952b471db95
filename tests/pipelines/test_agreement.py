"""A watch that is off by known amounts, from its files to what the page says of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from steadymile.reports.workouts.fit_writer import activity_file

from tests.pipelines.conftest import AS_OF
from tests.pipelines.test_nightly import ask, nightly

SECONDS = 1200.0
"""Twenty minutes at 2.5 m/s: 3000 m, over a hill that climbs 60 m and comes down again, 140 bpm."""


def a_run(started_at: datetime) -> bytes:
    """The watch states 2 % too much of distance, 25 % too much climb and 3 beats too many in the mean."""
    t = np.arange(SECONDS + 1)
    columns = {
        "distance": 2.5 * t,
        "heart_rate": np.full(t.size, 140.0),
        "cadence": np.full(t.size, 82.0),
        "enhanced_altitude": 200.0 + 30.0 * (1 - np.cos(2 * np.pi * t / SECONDS)),
        "position_lat": 47.0 + 2.5 * t / 111_195,
        "position_long": np.full(t.size, 8.0),
    }
    totals = {"total_distance": 3060.0, "total_ascent": 75.0, "avg_heart_rate": 143.0, "max_heart_rate": 140.0}
    return activity_file(started_at, t, columns, totals=totals, timer=((0.0, SECONDS),), product="watch 9")


@pytest.fixture(scope="module")
def biased(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("biased") / "runner"
    (home / "inbox").mkdir(parents=True)
    for n in range(6):
        day = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 6, tzinfo=UTC) - timedelta(days=2 * n)
        (home / "inbox" / f"{n}.fit").write_bytes(a_run(day))
    nightly(home)
    return home


def test_the_view_shows_each_difference_that_was_put_in(biased):
    found = ask(
        biased,
        """SELECT DISTINCT round(distance_difference_m), round(timer_difference_s), round(elevation_gain_difference_m),
            heart_rate_mean_difference_bpm, heart_rate_max_difference_bpm, elevation_source FROM agreement""",
    )
    assert found == [(-60.0, 0.0, -15.0, -3.0, 0.0, "gps")]


def test_the_page_says_it_in_plain_words(biased):
    page = unescape(re.sub(r"<[^>]+>", "", (biased / "reports" / "index.html").read_text()))
    # -60 m of 3060 is 2 %, -15 m of 75 is 20 %
    assert (
        "In 6 sessions of the last year, time and highest heart rate agree with watch 9, and "
        "steadymile typically measures distance 2% shorter, climb 20% lower and mean heart rate 3 beats lower."
    ) in page
