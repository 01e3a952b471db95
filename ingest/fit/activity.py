"""From FIT tables to activities: one for each session, with its own share of samples, laps, pauses and beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from steadymile.ingest.clocks import put_on
from steadymile.ingest.fit import strap as fit_strap
from steadymile.ingest.fit.devices import device, identity
from steadymile.ingest.fit.protocol.columns import Part, Table
from steadymile.ingest.fit.protocol.types import CLOCK_SET_S, EPOCH_S
from steadymile.ingest.fit.samples import samples_of
from steadymile.ingest.fit.spans import (
    MOST_LATE_S,
    Records,
    Span,
    records_of,
    shares_of,
    spans_of,
)
from steadymile.ingest.fit.sports import cadence_factor, sport_words
from steadymile.ingest.fit.stored import laps_of, scaled, stored_totals, title_of, workout_of
from steadymile.models.recording import Activity

_START = frozenset({0})
_STOP = frozenset({1, 4, 8, 9})
_TIMER = 0
_MAX_OFFSET_S = 14 * 3600
MOST_SESSIONS = 200
"""Of one recording; a long multisport day has a dozen."""
_TIMER_AGREES_S = 5.0


def activities(
    part: Part, reader: str, strap: tuple[np.ndarray, np.ndarray], first_index: int = 0
) -> tuple[list[Activity], list[str]]:
    """Every session of a part as an activity, in order of time, and notes on what was odd."""
    notes: list[str] = []
    records = records_of(part)
    if records.untimed:
        notes.append(f"{records.untimed} samples without a time were left out")
    sessions = spans_of(part, records, notes)
    if len(sessions) > MOST_SESSIONS:
        notes.append(f"the file claims {len(sessions):,} sessions; the first {MOST_SESSIONS} were read")
        sessions = sessions[:MOST_SESSIONS]
    share = shares_of(sessions, records.t)
    whole = _Whole(part, reader, strap, records, _utc_offset(part, notes), _timer(part, records, sessions))
    made = [_activity(whole, s, share == place, first_index + place) for place, s in enumerate(sessions)]
    created = _created(part)
    made = [replace(put_on(activity, records.clock), stamp=created) for activity in made]
    if made and records.untimed:
        made[0] = replace(made[0], left_out=records.untimed)
    return made, notes


def _created(part: Part) -> datetime | None:
    """When the file says that it was created; None where it does not, or its clock was not set then."""
    table = part.table(0)
    values = table.numbers("time_created") if table is not None else np.empty(0)
    known = values[values >= CLOCK_SET_S]
    return utc(float(known[0])) if len(known) else None


def _utc_offset(part: Part, notes: list[str]) -> int | None:
    """Local minus UTC in seconds from activity.local_timestamp, to the quarter hour; None where absent or absurd."""
    table = part.table(34)
    if table is None:
        return None
    utc, local = table.numbers(253), table.numbers("local_timestamp")
    known = np.flatnonzero(~np.isnan(utc) & ~np.isnan(local))
    if not len(known):
        return None
    return quarter_hours(float(local[known[0]] - utc[known[0]]), notes)


def quarter_hours(difference_s: float, notes: list[str]) -> int | None:
    """A clock difference rounded to 15 minutes, None with a note where no place on Earth has it."""
    if abs(difference_s) > _MAX_OFFSET_S + 900:
        notes.append("the file's local time is not within 14 hours of UTC and was not believed")
        return None
    return round(difference_s / 900) * 900


def _timer(part: Part, records: Records, sessions: Sequence[Span]) -> list[tuple[float, float]] | None:
    """Stretches of FIT time in which the timer ran, None where no timer event says so."""
    table = part.table(21)
    if table is None or not sessions:
        return None
    kind, what, t = table.numbers(0), table.numbers(1), records.real(table.numbers(253))
    rows = np.flatnonzero((kind == _TIMER) & ~np.isnan(t) & np.isin(what, list(_START | _STOP)))
    if not len(rows):
        return None
    running: float | None = None
    stretches: list[tuple[float, float]] = []
    rows = rows[np.argsort(t[rows], kind="stable")]
    for place, row in enumerate(rows.tolist()):
        now = float(t[row])
        if int(what[row]) in _START:
            running = now if running is None else running
        elif running is not None:
            stretches.append((running, now))
            running = None
        elif place == 0:
            stretches.append((min(sessions[0].start, now), now))
    if running is not None:
        ends = [s.end for s in sessions if s.end is not None] or ([float(records.t.max())] if len(records.t) else [])
        stretches.append((running, max([running, *ends])))
    return stretches


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the sessions of a part have in common: its tables and samples, the beats of a strap, local minus UTC time
    in seconds, and the stretches of FIT time in which the timer ran."""

    part: Part
    reader: str
    strap: tuple[np.ndarray, np.ndarray]
    records: Records
    offset_s: int | None
    stretches: list[tuple[float, float]] | None


def _activity(whole: _Whole, session: Span, mine: np.ndarray, index: int) -> Activity:
    """One session, whose samples are `mine`."""
    part, records = whole.part, whole.records
    notes: list[str] = []
    sport, sub_sport, note = sport_words(part, session.row)
    if note:
        notes.append(note)
    samples = samples_of(records, mine, session.start, cadence_factor(sport), whole.strap)
    last = float(records.t[mine].max()) if mine.any() else session.start
    # A broken file may end in a sample of an absurd time; the session's own length is the better word then.
    end = last if session.end is None or session.end < last <= session.end + MOST_LATE_S else session.end
    table = part.table(18)
    row = session.row
    if session.start < CLOCK_SET_S:
        notes.append("the device's clock was not set: times count from when it was switched on")
    stored = stored_totals(part, row, session, last)
    timer = _clip(whole.stretches, session.start, end)
    if timer and stored.timer_s and abs(sum(b - a for a, b in timer) - stored.timer_s) > _TIMER_AGREES_S:
        notes.append("the stored pauses do not add up to the stored timer time and were not used")
        timer = None
    return Activity(
        started_at=utc(session.start),
        sport=sport,
        sub_sport=sub_sport,
        samples=samples,
        reader=whole.reader,
        index=index,
        title=title_of(part, row),
        workout=workout_of(part),
        device=device(part),
        laps=laps_of(part, records, session.start, end, alone=_count(table) <= 1),
        timer=timer,
        stored=stored,
        rpe=scaled(table, row, "workout_rpe", 10.0, 10.0),
        feel=scaled(table, row, "workout_feel", 1.0, 100.0),
        rr_s=_intervals(part, records, mine, alone=_count(table) <= 1),
        utc_offset_s=whole.offset_s,
        utc_offset_source=None if whole.offset_s is None else "fit_local_timestamp",
        identity=identity(part),
        notes=tuple(notes),
    )


def utc(fit_s: float) -> datetime:
    """FIT seconds as an aware UTC time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=EPOCH_S + fit_s)


def _count(table: Table | None) -> int:
    return 0 if table is None else len(table)


def _clip(
    stretches: list[tuple[float, float]] | None, start: float, end: float
) -> tuple[tuple[float, float], ...] | None:
    """The part of the stretches that lies in a session, in seconds from its start."""
    if stretches is None:
        return None
    inside = ((max(a, start) - start, min(b, end) - start) for a, b in stretches)
    return tuple((a, b) for a, b in inside if b > a) or None


def _intervals(part: Part, records: Records, mine: np.ndarray, alone: bool) -> np.ndarray | None:
    table = part.table(78)
    if table is None or alone or records.table is None:
        return fit_strap.rr_intervals(table)
    # Without a time of their own, intervals belong where they stand in the file: to the record before them.
    before = np.searchsorted(records.table.positions[records.rows], table.positions) - 1
    return fit_strap.rr_intervals(table, mine[np.clip(before, 0, None)] if len(mine) else None)
