"""The sport that an owner states holds for numbers and plan, survives a rebuild, and can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.log import state_sport
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.nightly import run
from steadymile.pipelines.reading.naming import of_every_copy

from tests.pipelines.conftest import fill, settings_of
from tests.pipelines.test_nightly import ask

NOW = datetime(2026, 5, 10, 20, tzinfo=UTC)
SPORTS = "SELECT activity_id, sport, kind, load FROM activities ORDER BY started_at"


@pytest.fixture
def week(tmp_path: Path) -> Path:
    fill(tmp_path / "inbox", weeks=1)
    run(settings_of(tmp_path), NOW)
    return tmp_path


def test_a_stated_sport_holds_after_a_rebuild_and_goes_when_it_is_taken_back(week):
    before = ask(week, SPORTS)
    chosen = before[0][0]
    lines = state_sport(settings_of(week), chosen, "Ride", NOW)
    assert "counts as cycling from now on" in lines[0]
    stated = ask(week, SPORTS)
    assert [row[1:3] for row in stated if row[0] == chosen] == [("cycling", "other")]
    assert [row for row in stated if row[0] != chosen] == before[1:]
    rebuild_home(settings_of(week), NOW, silent)
    assert ask(week, SPORTS) == stated
    state_sport(settings_of(week), chosen, "file", NOW)
    assert ask(week, SPORTS) == before


def test_what_is_no_sport_and_what_has_no_recording_is_refused(week):
    chosen = ask(week, SPORTS)[0][0]
    with pytest.raises(Trouble, match="'flying' is not a sport known here"):
        state_sport(settings_of(week), chosen, "flying", NOW)
    with pytest.raises(Trouble, match="There is no activity"):
        state_sport(settings_of(week), "0000", "run", NOW)


def test_a_word_about_a_session_holds_for_every_copy_and_one_about_a_copy_too():
    recorded, copies = ("a", "b", "c"), {"b": "a"}
    assert of_every_copy({"a": "cycling"}, recorded, copies) == {"a": "cycling", "b": "cycling"}
    assert of_every_copy({"b": "walking"}, recorded, copies) == {"a": "walking", "b": "walking"}
    assert of_every_copy({"c": "running", "gone": "running"}, recorded, copies) == {"c": "running"}
