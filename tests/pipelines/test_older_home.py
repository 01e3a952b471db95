"""A home that an older steadymile made (policy 2.1) opens, replays and rebuilds: what was published stands.

tests/data/home-2-1 holds synthetic recordings only: ten short sessions, a copy of one, check-ins, an override, a
forgotten activity, a refused file, four weekly nights.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.explain import replay_week, unworded
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.nightly import run
from steadymile.pipelines.published import opened_published
from steadymile.warehouse.queries import query

from tests.conftest import ROOT
from tests.pipelines.conftest import settings_of

DATA = ROOT / "tests" / "data" / "home-2-1"
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text())
AS_OF = date.fromisoformat(EXPECTED["as_of"])
NIGHT = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 20, tzinfo=UTC)
WEEKS = sorted({row["week"] for row in EXPECTED["targets_history"]})


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The older home as its owner left it; its published file was a copy of the work database."""
    with tarfile.open(DATA / "home.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    home = tmp_path / "home-2-1"
    shutil.copyfile(home / ".steadymile" / "work.duckdb", home / "warehouse.duckdb")
    return home


def weeks_of(home: Path) -> list[dict[str, Any]]:
    """The published weeks, every revision, in the columns that are expected."""
    names = ", ".join(EXPECTED["targets_history"][0])
    with opened_published(settings_of(home)) as con:
        return query(con, f"SELECT {names} FROM targets_history ORDER BY week, revision").to_dicts()


def published_by_the_older(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The revisions that the older policy published."""
    return [row for row in rows if row["policy_version"] == "2.1"]


@pytest.mark.parametrize("week", WEEKS)
def test_a_week_of_the_older_policy_replays_to_what_was_published(older, week):
    run(settings_of(older), NIGHT, as_of=AS_OF)
    assert replay_week(settings_of(older), None, week).differences == ()


def test_a_night_on_an_older_home_leaves_its_published_weeks_as_they_are(older):
    run(settings_of(older), NIGHT, as_of=AS_OF)
    assert published_by_the_older(weeks_of(older)) == EXPECTED["targets_history"]


def test_an_older_home_rebuilt_has_the_weeks_that_it_published(older):
    rebuild_home(settings_of(older), NIGHT, silent)
    assert published_by_the_older(weeks_of(older)) == EXPECTED["targets_history"]


def test_an_older_home_without_its_work_database_comes_back_whole(older):
    shutil.rmtree(older / ".steadymile")
    run(settings_of(older), NIGHT, as_of=AS_OF)
    assert published_by_the_older(weeks_of(older)) == EXPECTED["targets_history"]


def test_an_older_home_keeps_every_activity_on_its_day(older):
    run(settings_of(older), NIGHT, as_of=AS_OF)
    with opened_published(settings_of(older)) as con:
        found = query(
            con, "SELECT activity_id, CAST(local_day AS VARCHAR) FROM activities ORDER BY started_at, activity_id"
        )
    assert found.rows() == [(activity, day) for activity, day, _ in EXPECTED["activities"]]


def test_a_sentence_that_is_put_otherwise_is_no_other_week_and_a_number_is():
    session = {"minutes": 20.0, "instruction": "Rest, and tell how you are."}
    reworded = {**session, "instruction": "Rest, and log how you are."}
    assert unworded({"headline": "a", "planned": [session]}) == unworded({"headline": "b", "planned": (reworded,)})
    assert unworded([session]) != unworded([{**session, "minutes": 21.0}])
