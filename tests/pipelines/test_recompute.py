"""What a changed fact does to numbers that stand already: they follow, and no file is read for it."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.explain import preview_plan
from steadymile.pipelines.commands.rebuild import rebuild_home, recompute_home
from steadymile.pipelines.home import Home, set_facts

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of
from tests.pipelines.test_nightly import ask, hashes, nightly

TREADMILL = """<?xml version="1.0"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>
<Activity Sport="Running"><Id>{start}</Id><Lap StartTime="{start}"><TotalTimeSeconds>600</TotalTimeSeconds>
<DistanceMeters>1500</DistanceMeters><Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"""


def treadmill(start: datetime) -> str:
    """A run in a cellar: no place, and no local time in its file."""
    times = [(start + timedelta(seconds=s)).strftime("%Y-%m-%dT%H:%M:%SZ") for s in range(601)]
    points = (
        f"<Trackpoint><Time>{time}</Time><DistanceMeters>{2.5 * s:.1f}</DistanceMeters></Trackpoint>"
        for s, time in enumerate(times)
    )
    return TREADMILL.format(start=times[0], points="".join(points))


@pytest.fixture
def cellar(tmp_path: Path) -> Path:
    """A home in Lisbon with a cellar run at half past eleven in the evening, UTC, of 10 February."""
    home = tmp_path / "runner"
    Home(home).make()
    set_facts(Home(home), "me", {"timezone": "Europe/Lisbon"}, None)
    (home / "inbox").mkdir(exist_ok=True)
    (home / "inbox" / "cellar.tcx").write_text(treadmill(datetime(2026, 2, 10, 23, 30, tzinfo=UTC)))
    nightly(home, date(2026, 2, 15))
    return home


def where(home: Path) -> list[tuple]:
    return ask(home, "SELECT local_day, timezone, timezone_source FROM activities")


def recompute(home: Path, as_of: date) -> None:
    recompute_home(settings_of(home), everything=False, now=NIGHT, progress=silent, as_of=as_of)


def lose_originals(home: Path) -> None:
    """What is not there cannot be read."""
    shutil.rmtree(home / "archive" / "objects")


def test_a_changed_zone_moves_what_nothing_else_placed(cellar):
    assert where(cellar) == [(date(2026, 2, 10), "Europe/Lisbon", "athlete")]
    lose_originals(cellar)
    set_facts(Home(cellar), "me", {"timezone": "Asia/Tokyo"}, None)
    recompute(cellar, date(2026, 2, 15))
    assert where(cellar) == [(date(2026, 2, 11), "Asia/Tokyo", "athlete")]
    assert ask(cellar, "SELECT day FROM days WHERE sessions > 0") == [(date(2026, 2, 11),)]
    assert ask(cellar, "SELECT DISTINCT local_day FROM samples") == [(date(2026, 2, 11),)]


def test_a_move_from_a_day_on_leaves_what_was_before_it(cellar):
    set_facts(Home(cellar), "me", {"timezone": "Asia/Tokyo"}, date(2026, 2, 12))
    (cellar / "inbox" / "later.tcx").write_text(treadmill(datetime(2026, 2, 13, 23, 30, tzinfo=UTC)))
    nightly(cellar, date(2026, 2, 15))
    assert sorted(where(cellar)) == [
        (date(2026, 2, 10), "Europe/Lisbon", "athlete"),
        (date(2026, 2, 14), "Asia/Tokyo", "athlete"),
    ]


def test_a_rebuild_after_a_move_gives_every_view_row_for_row(cellar):
    set_facts(Home(cellar), "me", {"timezone": "Asia/Tokyo"}, date(2026, 2, 9))
    (cellar / "inbox" / "later.tcx").write_text(treadmill(datetime(2026, 2, 6, 23, 30, tzinfo=UTC)))
    nightly(cellar, date(2026, 2, 15))
    before = hashes(cellar)
    rebuild_home(settings_of(cellar), NIGHT, silent)
    after = hashes(cellar)
    assert {v for v in before if before[v] != after[v]} == set()


def test_a_place_is_not_moved_by_what_the_athlete_says(home):
    before = ask(home, "SELECT activity_id, local_day FROM activities WHERE timezone_source <> 'athlete' ORDER BY 1")
    set_facts(Home(home), "me", {"timezone": "Pacific/Niue"}, None)
    recompute(home, AS_OF)
    assert ask(home, "SELECT activity_id, local_day FROM activities WHERE source = 'recorded' ORDER BY 1") == before


def test_a_files_own_offset_takes_the_name_of_the_athletes_zone_where_they_agree(home):
    named = "SELECT DISTINCT timezone FROM activities WHERE timezone_source = 'file'"
    assert ask(home, named) == [("UTC+09:30",)]
    set_facts(Home(home), "me", {"timezone": "Australia/Darwin"}, None)
    recompute(home, AS_OF)
    assert ask(home, named) == [("Australia/Darwin",)]
    set_facts(Home(home), "me", {"timezone": "Europe/Lisbon"}, None)
    recompute(home, AS_OF)
    assert ask(home, named) == [("UTC+09:30",)]


@pytest.mark.parametrize("facts", [{"maximal_heart_rate_bpm": 205}, {"sex": "female"}])
def test_a_changed_body_changes_loads_and_no_sample(home, facts):
    loads = "SELECT activity_id, load FROM activities WHERE preferred AND load_source = 'hr' ORDER BY 1"
    before, samples = ask(home, loads), hashes(home)["samples"]
    lose_originals(home)
    set_facts(Home(home), "me", facts, None)
    recompute(home, AS_OF)
    after = ask(home, loads)
    assert len(before) > 10
    assert [i for i, _ in after] == [i for i, _ in before]
    assert all(new != old for (_, new), (_, old) in zip(after, before, strict=True))
    assert hashes(home)["samples"] == samples


def test_a_stated_maximum_is_in_the_body_with_its_note(home):
    set_facts(Home(home), "me", {"maximal_heart_rate_bpm": 205}, date(2026, 6, 20))
    recompute(home, AS_OF)
    found = ask(
        home, "SELECT heart_rate_max_bpm, heart_rate_max_source, note FROM body ORDER BY valid_from DESC LIMIT 1"
    )
    assert found[0][:2] == (205.0, "stated")
    assert "-> 205 bpm (stated)" in found[0][2]


def test_estimates_are_as_of_the_last_day_measured(home):
    assert ask(home, "SELECT DISTINCT as_of FROM estimates") == [(AS_OF,)]
    assert ask(home, "SELECT count(*) FROM estimates WHERE day > as_of") == [(0,)]
    low, ceiling, high = ask(home, "SELECT low, value, high FROM estimates WHERE name = 'heart_rate_ceiling_bpm'")[0]
    assert low < ceiling < high


def test_a_beginner_who_never_ran_half_a_mile_without_a_break_is_told_no_mile_time(home):
    mile = ask(home, "SELECT value, low, high, reason FROM estimates WHERE name = 'mile_time_now_s'")[0]
    assert mile[:3] == (None, None, None)
    assert "no continuous effort of 800 m" in mile[3]


def test_best_efforts_are_those_of_the_preferred_runs(home):
    best = ask(home, "SELECT value, activity_id FROM estimates WHERE name = 'best_1km_s'")[0]
    of_runs = """SELECT m.value, m.activity_id FROM metrics m JOIN activities a USING (activity_id)
        WHERE m.metric = 'best_1km_s' AND a.preferred AND a.kind = 'run' AND m.value IS NOT NULL
        ORDER BY m.value, a.started_at LIMIT 1"""
    assert best == ask(home, of_runs)[0]


def test_what_comes_later_changes_neither_beliefs_nor_estimates_of_a_day(tmp_path):
    short, long = tmp_path / "short", tmp_path / "long"
    as_of = AS_OF - timedelta(days=14)
    for home, weeks in ((short, 6), (long, 8)):
        fill(home / "inbox", weeks=weeks)
        nightly(home, as_of)
    assert {v: hashes(short)[v] for v in ("body", "estimates")} == {v: hashes(long)[v] for v in ("body", "estimates")}


def test_a_look_at_the_plan_of_another_day_changes_nothing(home):
    before = hashes(home)
    preview_plan(settings_of(home), None, NIGHT, AS_OF - timedelta(days=14))
    assert not nightly(home).published
    assert hashes(home) == before
