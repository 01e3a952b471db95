"""Workouts go onto the watch, and only what was put there comes off again."""

from __future__ import annotations

from pathlib import Path

import pytest
from steadymile.pipelines.devices.watch import send_workouts
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home

from tests.pipelines.conftest import NIGHT, settings_of

WEEK = "2026-W27-1-"
"""How the names of workouts begin that a night writes."""


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@pytest.fixture
def watch(tmp_path: Path) -> Path:
    for folder in ("GARMIN/NewFiles", "GARMIN/Workouts", "GARMIN/Activity"):
        (tmp_path / "watch" / folder).mkdir(parents=True)
    (tmp_path / "watch/GARMIN/Workouts/mine.fit").write_bytes(b"mine")
    return tmp_path / "watch"


def planned(home: Path, **files: bytes) -> None:
    place = Home(home).workouts
    Home(home).make()
    for old in place.glob("*.fit"):
        old.unlink()
    for name, data in files.items():
        (place / f"{name if len(name) > 1 else WEEK + name}.fit").write_bytes(data)


def test_the_weeks_workouts_land_where_the_watch_looks_for_new_files(tmp_path, watch):
    planned(tmp_path / "home", a=b"1", b=b"2")
    lines = send_workouts(settings_of(tmp_path / "home"), watch, None, NIGHT)
    assert names(watch / "GARMIN/NewFiles") == ["2026-W27-1-a.fit", "2026-W27-1-b.fit"]
    assert "2 workouts are on the watch" in lines[-1]


def test_those_of_an_earlier_week_are_removed_wherever_the_watch_keeps_them_and_others_stay(tmp_path, watch):
    home = tmp_path / "home"
    planned(home, a=b"1", b=b"2")
    send_workouts(settings_of(home), watch, None, NIGHT)
    (watch / "GARMIN/NewFiles/2026-W27-1-a.fit").rename(watch / "GARMIN/Workouts/2026-W27-1-a.fit")  # taken in
    (watch / "GARMIN/NewFiles/2026-W27-1-b.fit").write_bytes(b"changed on the watch")
    planned(home, c=b"3")
    send_workouts(settings_of(home), watch, None, NIGHT)
    assert names(watch / "GARMIN/NewFiles") == ["2026-W27-1-b.fit", "2026-W27-1-c.fit"]
    assert names(watch / "GARMIN/Workouts") == ["mine.fit"]


def test_a_file_of_the_same_name_that_was_never_sent_is_not_removed(tmp_path, watch):
    (watch / "GARMIN/Workouts/2026-W27-1-a.fit").write_bytes(b"theirs")
    planned(tmp_path / "home", a=b"1")
    send_workouts(settings_of(tmp_path / "home"), watch, None, NIGHT)
    planned(tmp_path / "home", c=b"3")
    send_workouts(settings_of(tmp_path / "home"), watch, None, NIGHT)
    assert "2026-W27-1-a.fit" in names(watch / "GARMIN/Workouts")


def test_a_single_workout_is_one(tmp_path, watch):
    planned(tmp_path / "home", a=b"1")
    lines = send_workouts(settings_of(tmp_path / "home"), watch, None, NIGHT)
    assert lines[-1].startswith("1 workout is on the watch.")


def test_a_run_of_a_week_that_is_over_is_not_sent(tmp_path, watch):
    planned(tmp_path / "home", **{"2026-W25-6-sat-run": b"1", "2026-W26-2-tue-run": b"2"})
    send_workouts(settings_of(tmp_path / "home"), watch, None, NIGHT)  # a Sunday of week 26
    assert names(watch / "GARMIN/NewFiles") == ["2026-W26-2-tue-run.fit"]


def test_a_stopped_week_takes_its_workouts_off_the_watch(tmp_path, watch):
    home = tmp_path / "home"
    planned(home, a=b"1")
    send_workouts(settings_of(home), watch, None, NIGHT)
    planned(home)
    assert "no workout was copied" in send_workouts(settings_of(home), watch, None, NIGHT)[-1]
    assert names(watch / "GARMIN/NewFiles") == []


@pytest.mark.parametrize("place", ["nowhere", "plain"])
def test_a_place_that_takes_no_workouts_is_refused_with_the_next_step(tmp_path, place):
    (tmp_path / "plain").mkdir()
    planned(tmp_path / "home", a=b"1")
    with pytest.raises(Trouble) as refused:
        send_workouts(settings_of(tmp_path / "home"), tmp_path / place, None, NIGHT)
    assert refused.value.exit_code == 2
