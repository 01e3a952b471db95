"""What was written for people and deleted comes back with the next run, the same day, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import run
from steadymile.pipelines.outputs import write_workouts

from .conftest import AS_OF, NIGHT, settings_of


def products(home: Path) -> dict[str, bytes]:
    at = Home(home)
    places = [
        at.reports / "index.html",
        at.reports / "print" / "me.html",
        at.calendar / "me.ics",
        *sorted(at.workouts.glob("*.fit")),
    ]
    return {place.relative_to(home).as_posix(): place.read_bytes() for place in places if place.exists()}


@pytest.mark.parametrize(
    "gone", ["reports/index.html", "reports/print/me.html", "calendar/me.ics", "one workout", "every workout"]
)
def test_a_product_that_was_deleted_is_back_after_the_next_run_of_the_same_day(home, gone):
    before = products(home)
    workouts = [name for name in before if name.endswith(".fit")]
    assert len(before) == 3 + len(workouts) > 3
    for name in {"one workout": workouts[:1], "every workout": workouts}.get(gone, [gone]):
        (home / name).unlink()
    result = run(settings_of(home), NIGHT, as_of=AS_OF)
    assert products(home) == before
    assert "report" in result.durations_s
    assert "report" not in run(settings_of(home), NIGHT, as_of=AS_OF).durations_s


def test_a_file_of_your_own_among_the_workouts_stays(tmp_path):
    home = Home(tmp_path)
    home.workouts.mkdir()
    for name in ("race.fit", "2020-W01-1-mon-run.fit"):
        (home.workouts / name).touch()
    write_workouts(home, "me", {}, alone=True)
    assert [path.name for path in home.workouts.iterdir()] == ["race.fit"]
