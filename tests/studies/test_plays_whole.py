"""The most dangerous plays through the whole pipeline: FIT files and check-ins in the inbox, a night a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession
from steadymile.pipelines.facts import ONE_PERSON
from steadymile.studies.people import Row, Study
from steadymile.studies.synthetic.people import Life

pytestmark = pytest.mark.slow


class Beginner(Life):
    """Somebody active who does everything as it is shown, and answers."""

    keen = 1.1  # always, walks too

    def facts_told(self) -> dict[str, object]:
        return {"birth_year": 1990, "experience": "active", "goal": "mile", "screening": False}


class MissesTheFirst(Beginner):
    """Cannot run on the day of the week's first run; does the others as shown."""

    def wants(self, week: int, day: date, session: PlannedSession) -> bool:
        return session.kind not in RUN_KINDS or session.slot > 1


class Exhausted(Beginner):
    """Seven of seven every morning, from day one."""

    def feels(self, week: int, day: date) -> dict[str, object]:
        return {"fatigue": 7, "soreness": 7, "stress": 7, "sleep_quality": 7}


class Hurting(Beginner):
    """Pain of 4 after every run, and worse the next morning."""

    ran: date | None = None

    def pain_after(self, done: object) -> int:
        return 4

    def wants(self, week: int, day: date, session: PlannedSession) -> bool:
        if session.kind in RUN_KINDS:
            self.ran = day
        return True

    def feels(self, week: int, day: date) -> dict[str, object]:
        return {"pain_next_morning": "worse"} if self.ran is not None and (day - self.ran).days == 1 else {}


class Held(Beginner):
    """A health question was answered with yes, and no doctor has agreed."""

    def facts_told(self) -> dict[str, object]:
        return {**super().facts_told(), "screening": True}


def lived(life: type[Life], place: Path, weeks: int) -> list[Row]:
    return Study(place / "home", [life(ONE_PERSON, 7)]).play(weeks)[ONE_PERSON]


def rules(row: Row) -> set[str]:
    return {r.rule for r in row.last.reasons if r.fired}


def fewer_minutes(rows: Sequence[Row]) -> list[str]:
    return [b.week for a, b in pairwise(rows) if b.first.run_min < a.first.run_min - 0.5]


def test_who_misses_the_first_run_and_does_the_others_as_shown_is_never_lowered(tmp_path: Path) -> None:
    rows = lived(MissesTheFirst, tmp_path, 7)
    assert fewer_minutes(rows) == []
    assert rows[-1].first.run_min > rows[0].first.run_min
    said = " ".join(str(r.last.revision_reason) for r in rows)
    assert "felt too hard" not in said


def test_seven_of_seven_every_morning_never_advances_and_is_referred(tmp_path: Path) -> None:
    rows = lived(Exhausted, tmp_path, 5)
    assert all(row.first.action != Action.ADVANCE for row in rows)
    assert rows[-1].last.action == Action.STOP
    assert "doctor" in rows[-1].last.reasons[0].sentence


def test_pain_that_is_worse_after_every_run_stops_and_is_remembered(tmp_path: Path) -> None:
    rows = lived(Hurting, tmp_path, 5)
    stopped = [n for n, row in enumerate(rows) if row.last.action == Action.STOP]
    assert stopped
    assert stopped[0] <= 2
    assert all(row.last.action == Action.STOP for row in rows[stopped[0] :])
    assert all(row.first.action != Action.ADVANCE for row in rows)


def test_a_medical_hold_asks_for_no_run_however_many_walks_are_done(tmp_path: Path) -> None:
    rows = lived(Held, tmp_path, 4)
    assert all(row.last.run_min == 0 and row.last.walk_min > 0 for row in rows)
    assert all("clearance" in rules(row) for row in rows)
