"""Everything that is saved, in one place to import from. Each save is safe to repeat, compares before it writes, runs
in one transaction (joining the caller's, see `transaction`) and returns how many keys changed: 0 means nothing did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import duckdb
import polars as pl

from models.activity import CheckIn, Wellness
from models.athlete import Athlete
from models.decision import WeekPlan
from models.history import Day
from models.metric import Card, Value
from warehouse.rows import Answers, FileRow, MatchRow, Recording, Remembered, RunRow

Con = duckdb.DuckDBPyConnection

# files


def save_files(con: Con, rows: Sequence[FileRow]) -> int:
    """Save file sightings, one row a (path, sha256). A row with a sha256 replaces an earlier one of the same path
    without (it could not be read then)."""
    raise NotImplementedError


def save_seen(con: Con, seen: Mapping[str, tuple[int, int]]) -> int:
    """Remember top-level inbox files as wholly dealt with: relative path -> (bytes, mtime_ns). Call it in the same
    transaction as the last member's rows; a file that must wait (no athlete yet) is simply not named here."""
    raise NotImplementedError


def known_files(con: Con) -> dict[str, tuple[int, int]]:
    """Top-level inbox files that were wholly dealt with: relative path -> (bytes, mtime_ns)."""
    raise NotImplementedError


def known_contents(con: Con) -> dict[tuple[str | None, str], str]:
    """(athlete_id, sha256) -> path under which these bytes first came in (duplicates are not listed)."""
    raise NotImplementedError


# activities


def save_recordings(con: Con, records: Sequence[Recording]) -> int:
    """Save activities with samples, laps, bouts, file metrics and digest: one insert a table for the whole batch.
    Give batches of hundreds; rows are sorted by athlete and start."""
    raise NotImplementedError


def load_recordings(con: Con, athlete_id: str, *, forgotten: bool = False) -> list[Remembered]:
    """All activities of an athlete, ascending by start, without samples; `forgotten` includes the hidden ones."""
    raise NotImplementedError


def save_matches(con: Con, athlete_id: str, matches: Sequence[MatchRow]) -> int:
    """Set the athlete's duplicates: those not named are preferred again."""
    raise NotImplementedError


def save_standing(con: Con, athlete_id: str, *, kept: Sequence[str], forgotten: Sequence[str]) -> int:
    """Set which activities the athlete keeps as their own (`keep`) and which are hidden everywhere (`forget`)."""
    raise NotImplementedError


def load_standing(con: Con, athlete_id: str) -> tuple[frozenset[str], frozenset[str]]:
    """(kept, forgotten) activity ids."""
    raise NotImplementedError


def save_answers(con: Con, athlete_id: str, answers: Mapping[str, Answers]) -> int:
    """Set the session answers by activity_id (rpe, talk_test, feel, surface, pack_kg, boots_g), check-ins and what the
    watch stored already merged by the caller."""
    raise NotImplementedError


def save_person_metrics(con: Con, athlete_id: str, metrics: Mapping[str, Mapping[str, Value]]) -> int:
    """Set the person-stage metrics of all the athlete's activities: activity_id -> metric -> Value."""
    raise NotImplementedError


# days and health


def save_days(con: Con, athlete_id: str, frame: pl.DataFrame) -> int:
    """Set the athlete's daily rows (column `day` and those of the `days` view; missing columns are NULL)."""
    raise NotImplementedError


def save_wellness(con: Con, athlete_id: str, origin: str, order: int, readings: Sequence[tuple[date, Wellness]]) -> int:
    """Save a file's readings with the local day the caller settled for each. `origin` the file's sha-256, `order` the
    journal's seq. Saving an origin again replaces its events."""
    raise NotImplementedError


def save_checkins(con: Con, athlete_id: str, origin: str, order: int, checkins: Sequence[CheckIn]) -> int:
    """Save check-ins; `origin` a sha-256 or `journal:<seq>`, `order` the journal's seq. Later order wins by field."""
    raise NotImplementedError


def load_days(con: Con, athlete_id: str, until: date | None = None) -> tuple[Day, ...]:
    """Days with any statement or reading, ascending, the last word per field; statements of the person win over
    devices. `stress` is the person's (1-7); the device's score is under `device_stress`."""
    raise NotImplementedError


def load_session_checkins(con: Con, athlete_id: str) -> list[CheckIn]:
    """All check-ins as they were stated, ascending by order, to be matched to sessions (rpe, talk test, surface...)."""
    raise NotImplementedError


# plans


def save_week(con: Con, plan: WeekPlan) -> int:
    """Save one revision of one week's plan with its sessions and reasons; the same revision again replaces it."""
    raise NotImplementedError


def save_weeks(con: Con, plans: Sequence[WeekPlan]) -> int:
    """`save_week` for many at once, of any athletes."""
    raise NotImplementedError


def load_weeks(con: Con, athlete_id: str, *, revisions: bool = False) -> list[WeekPlan]:
    """Published weeks ascending, equal to what was saved; the latest revision each, or all of them."""
    raise NotImplementedError


# the rest


def save_athletes(con: Con, athletes: Sequence[Athlete]) -> int:
    """Set the athletes of this home (those not named stay)."""
    raise NotImplementedError


def load_athletes(con: Con) -> list[Athlete]:
    """The athletes, by id."""
    raise NotImplementedError


def save_cards(con: Con, cards: Sequence[Card]) -> int:
    """Set the metric cards (the whole catalogue)."""
    raise NotImplementedError


def save_run_log(con: Con, row: RunRow) -> None:
    """Add a run. Does not count as a change: a run that found nothing new publishes nothing."""
    raise NotImplementedError


def erase_athlete(con: Con, athlete_id: str) -> list[str]:
    """Remove every row about an athlete; returns the sha-256 that no other athlete holds, to be removed from the
    archive by the caller."""
    raise NotImplementedError


def last_file_day(con: Con, athlete_id: str) -> date | None:
    """The newest local day that any activity, reading or check-in of the athlete covers."""
    raise NotImplementedError


_UNUSED = datetime
