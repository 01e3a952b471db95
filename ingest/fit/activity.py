"""From FIT tables to activities: one for each session, with its own share of samples, laps, pauses and beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from steadymile.ingest.clocks import Joined, join, put_on
from steadymile.ingest.fit import strap as fit_strap
from steadymile.ingest.fit.devices import device, identity
from steadymile.ingest.fit.frame import frame
from steadymile.ingest.fit.protocol.columns import Part, Table
from steadymile.ingest.fit.protocol.components import accumulated, extract
from steadymile.ingest.fit.protocol.types import CLOCK_SET_S, EPOCH_S
from steadymile.ingest.fit.scores import scores
from steadymile.ingest.fit.sports import cadence_factor, sport_words
from steadymile.models.recording import LAPS, SAMPLES, Activity, Flag, Stored

SEMICIRCLE_DEG = 180.0 / 2**31
_START = frozenset({0})
_STOP = frozenset({1, 4, 8, 9})
_TIMER = 0
_MAX_OFFSET_S = 14 * 3600
_MOST_LATE_S = 600
_DAY_S = 86_400
MOST_SESSIONS = 200
"""Of one recording; a long multisport day has a dozen."""
_TIMER_AGREES_S = 5.0


@dataclass(slots=True)
class _Records:
    """The record messages of one part that have a time, in file order. `t` FIT time in seconds, on one clock; `clock`
    what was done for that."""

    t: np.ndarray
    rows: np.ndarray
    table: Table | None
    untimed: int
    clock: Joined | None = None

    def real(self, times: np.ndarray) -> np.ndarray:
        """Times of other messages of the part as the clock of most of its samples would have shown them."""
        return times if self.clock is None else self.clock.real(times + EPOCH_S) - EPOCH_S


@dataclass(slots=True)
class _Session:
    """One session's place in time: FIT seconds, and its row in the session table (None: there was none)."""

    start: float
    end: float | None
    row: int | None


def activities(
    part: Part, reader: str, strap: tuple[np.ndarray, np.ndarray], first_index: int = 0
) -> tuple[list[Activity], list[str]]:
    """Every session of a part as an activity, in order of time, and notes on what was odd."""
    notes: list[str] = []
    records = _records(part)
    if records.untimed:
        notes.append(f"{records.untimed} samples without a time were left out")
    sessions = _sessions(part, records, notes)
    if len(sessions) > MOST_SESSIONS:
        notes.append(f"the file claims {len(sessions):,} sessions; the first {MOST_SESSIONS} were read")
        sessions = sessions[:MOST_SESSIONS]
    share = _shares(sessions, records.t)
    offset = _utc_offset(part, notes)
    stretches = _timer(part, records, sessions)
    made: list[Activity] = []
    for place, session in enumerate(sessions):
        made.append(
            _activity(part, reader, strap, records, session, share == place, offset, stretches, first_index + place)
        )
    created = _created(part)
    made = [replace(put_on(activity, records.clock), stamp=created) for activity in made]
    if made and records.untimed:
        made[0] = replace(made[0], left_out=records.untimed)
    return made, notes


def _records(part: Part) -> _Records:
    table = part.table(20)
    if table is None:
        return _Records(np.empty(0), np.empty(0, np.int64), None, 0)
    t = table.numbers(253)
    rows = np.flatnonzero(~np.isnan(t))
    found = _Records(t[rows], rows, table, len(t) - len(rows))
    latitude, longitude = (table.numbers(name)[rows] * SEMICIRCLE_DEG for name in ("position_lat", "position_long"))
    clock = join(found.t + EPOCH_S, latitude, longitude, _elapsed(part))
    if clock.moved:
        found.clock, found.t = clock, clock.t - EPOCH_S
    return found


def _elapsed(part: Part) -> float | None:
    """The length of the part's only session; None where it has several, or says none."""
    table = part.table(18)
    if table is None or len(table) != 1:
        return None
    elapsed = float(table.numbers("total_elapsed_time", "total_timer_time")[0])
    return elapsed if np.isfinite(elapsed) and elapsed > 0 else None


def _sessions(part: Part, records: _Records, notes: list[str]) -> list[_Session]:
    table = part.table(18)
    found: list[_Session] = []
    if table is not None:
        elapsed = table.numbers("total_elapsed_time", "total_timer_time")
        stamp = records.real(table.numbers(253))
        start = records.real(table.numbers("start_time"))
        start = np.where(np.isnan(start), stamp - np.nan_to_num(elapsed), start)
        for row in _told_once(table, start, elapsed):
            begin = float(start[row])
            if np.isnan(begin):
                other = float(records.t[0]) if len(records.t) else _any_time(part)
                if other is None:
                    continue
                begin = other
            end = None if np.isnan(elapsed[row]) else begin + float(elapsed[row])
            found.append(_Session(begin, end, row))
    if not found and len(records.t):
        found = [_Session(float(records.t[0]), float(records.t.max()), None)]
    if not found and (lap := _whole_of_laps(part)) is not None:
        found = [lap]
    if not found and records.untimed and (begun := _any_time(part)) is not None:
        found = [_Session(begun, None, None)]
    if len(found) == 1 and (begun := _elsewhere(found[0], records.t)) is not None:
        notes.append("the session's own time is not that of its samples; theirs was believed")
        found[0].end = None if found[0].end is None else begun + found[0].end - found[0].start
        found[0].start = begun
    return sorted(found, key=lambda s: s.start)


def _told_once(table: Table, start: np.ndarray, elapsed: np.ndarray) -> list[int]:
    """Rows of the session table without those that repeat an earlier one."""
    kind, distance = table.numbers("sport"), table.numbers("total_distance")
    told: dict[tuple[float, ...], int] = {}
    for row in range(len(table)):
        told.setdefault(tuple(np.nan_to_num(c[row], nan=-1.0) for c in (start, elapsed, kind, distance)), row)
    return list(told.values())


def _elsewhere(session: _Session, t: np.ndarray) -> float | None:
    """When the samples begin, where none of them lies in the session (a start in local time, a clock set later)."""
    end = session.end if session.end is not None else session.start
    if not len(t) or ((t >= session.start - _MOST_LATE_S) & (t <= end + _MOST_LATE_S)).any():
        return None
    return float(t[np.abs(t - np.median(t)) < _DAY_S].min(initial=float(np.median(t))))


def _whole_of_laps(part: Part) -> _Session | None:
    """A session that was never written, from its laps."""
    table = part.table(19)
    if table is None:
        return None
    begin, end = _lap_times(table)
    known = ~np.isnan(begin) & ~np.isnan(end)
    return _Session(float(begin[known].min()), float(end[known].max()), None) if known.any() else None


def _lap_times(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """FIT times at which laps began and ended."""
    elapsed, begin = table.numbers("total_elapsed_time", "total_timer_time"), table.numbers("start_time")
    begin = np.where(np.isnan(begin), table.numbers(253) - np.nan_to_num(elapsed), begin)
    return begin, begin + np.nan_to_num(elapsed)


def _any_time(part: Part) -> float | None:
    """When the recording was made or written, where neither sessions nor samples say."""
    for number, name in ((34, "timestamp"), (0, "time_created")):
        table = part.table(number)
        values = table.numbers(name) if table is not None else np.empty(0)
        known = values[~np.isnan(values)]
        if len(known):
            return float(known[0])
    return None


def _created(part: Part) -> datetime | None:
    """When the file says that it was created; None where it does not, or its clock was not set then."""
    table = part.table(0)
    values = table.numbers("time_created") if table is not None else np.empty(0)
    known = values[values >= CLOCK_SET_S]
    return utc(float(known[0])) if len(known) else None


def _shares(sessions: Sequence[_Session], t: np.ndarray) -> np.ndarray:
    """For each record the session it belongs to: the last one that had begun, the first for what came before."""
    if len(sessions) <= 1:
        return np.zeros(len(t), np.int64)
    starts = np.array([s.start for s in sessions])
    share = np.clip(np.searchsorted(starts, t, side="right") - 1, 0, None)
    # Of sessions that begin together the longest takes the samples (a summary of a whole day beside its parts).
    for place in range(len(sessions) - 1):
        if starts[place] == starts[place + 1] and (sessions[place].end or 0.0) > (sessions[place + 1].end or 0.0):
            share[share == place + 1] = place
    return share


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


def _timer(part: Part, records: _Records, sessions: Sequence[_Session]) -> list[tuple[float, float]] | None:
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


def _activity(
    part: Part,
    reader: str,
    strap: tuple[np.ndarray, np.ndarray],
    records: _Records,
    session: _Session,
    mine: np.ndarray,
    offset: int | None,
    stretches: list[tuple[float, float]] | None,
    index: int,
) -> Activity:
    notes: list[str] = []
    sport, sub_sport, note = sport_words(part, session.row)
    if note:
        notes.append(note)
    samples = _samples(records, mine, session.start, cadence_factor(sport), strap)
    last = float(records.t[mine].max()) if mine.any() else session.start
    # A broken file may end in a sample of an absurd time; the session's own length is the better word then.
    end = last if session.end is None or session.end < last <= session.end + _MOST_LATE_S else session.end
    table = part.table(18)
    row = session.row
    if session.start < CLOCK_SET_S:
        notes.append("the device's clock was not set: times count from when it was switched on")
    stored = _stored(part, row, session, last)
    timer = _clip(stretches, session.start, end)
    if timer and stored.timer_s and abs(sum(b - a for a, b in timer) - stored.timer_s) > _TIMER_AGREES_S:
        notes.append("the stored pauses do not add up to the stored timer time and were not used")
        timer = None
    return Activity(
        started_at=utc(session.start),
        sport=sport,
        sub_sport=sub_sport,
        samples=samples,
        reader=reader,
        index=index,
        title=_title(part, row),
        workout=_workout(part),
        device=device(part),
        laps=_laps(part, records, session.start, end, alone=_count(table) <= 1),
        timer=timer,
        stored=stored,
        rpe=_scaled(table, row, "workout_rpe", 10.0, 10.0),
        feel=_scaled(table, row, "workout_feel", 1.0, 100.0),
        rr_s=_intervals(part, records, mine, alone=_count(table) <= 1),
        utc_offset_s=offset,
        utc_offset_source=None if offset is None else "fit_local_timestamp",
        identity=identity(part),
        notes=tuple(notes),
    )


def utc(fit_s: float) -> datetime:
    """FIT seconds as an aware UTC time."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=EPOCH_S + fit_s)


def _count(table: Table | None) -> int:
    return 0 if table is None else len(table)


def _samples(
    records: _Records, mine: np.ndarray, start: float, factor: float, strap: tuple[np.ndarray, np.ndarray]
) -> pl.DataFrame:
    table = records.table
    if table is None or not mine.any():
        return pl.DataFrame(schema=SAMPLES)
    rows, t = records.rows[mine], records.t[mine]
    everything = len(rows) == len(table)

    def column(*names: str) -> np.ndarray:
        values = _native_or_developer(table, names)
        return values if everything else values[rows]

    speed, distance = column("enhanced_speed", "speed"), column("distance")
    if table.get("compressed_speed_distance") is not None:
        packed_speed, packed_distance = _compressed_speed_distance(table)
        speed = np.where(np.isnan(speed), packed_speed[rows], speed)
        distance = np.where(np.isnan(distance), packed_distance[rows], distance)
    heart_rate = column("heart_rate")
    flags = np.zeros(len(t), np.int32)
    if len(strap[0]):
        stored = fit_strap.at(t, *strap)
        filled = np.isnan(heart_rate) & ~np.isnan(stored)
        heart_rate = np.where(filled, stored, heart_rate)
        flags[filled] = int(Flag.HR_FROM_STRAP)
    data = {
        "time": ((t + EPOCH_S) * 1_000_000).astype(np.int64).view("datetime64[us]"),
        "t_s": t - start,
        "latitude_deg": column("position_lat") * SEMICIRCLE_DEG,
        "longitude_deg": column("position_long") * SEMICIRCLE_DEG,
        "altitude_m": column("enhanced_altitude", "altitude"),
        "distance_m": distance,
        "speed_m_s": speed,
        "heart_rate_bpm": heart_rate,
        "cadence_spm": factor * (column("cadence") + np.nan_to_num(column("fractional_cadence"))),
        "power_w": column("power"),
        "temperature_c": column("temperature"),
        "flags": flags,
    }
    return frame(data, SAMPLES)


_NATIVE = {"heart_rate": 3, "cadence": 4, "distance": 5, "speed": 6, "power": 7, "temperature": 13}


def _native_or_developer(table: Table, names: tuple[str, ...]) -> np.ndarray:
    """The native field; what it lacks, from a developer field that says it stands for it. A distance counts on, so
    it is taken from one of them alone."""
    values = table.numbers(*names)
    native = _NATIVE.get(names[-1])
    lacking = np.isnan(values)
    if native is None or not lacking.any() or (names[-1] == "distance" and not lacking.all()):
        return values
    for key in table.keys:
        if isinstance(key, tuple) and table.native_of(key) == native:
            return np.where(lacking, table.numbers(key), values)
    return values


def _compressed_speed_distance(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Speed (m/s) and cumulative distance (m) of the three-byte field of old foot pods."""
    speed, distance = np.full(len(table), np.nan), np.full(len(table), np.nan)
    column = table.get("compressed_speed_distance")
    if column is None or column.fact is None:
        return speed, distance
    for component in column.fact.components:
        if component.accumulates:
            distance = accumulated(table, column, [component])[:, 0] / (component.scale or 1.0)
        elif (bits := extract(column.raw, component)) is not None:
            speed = np.where(column.valid, bits / (component.scale or 1.0), np.nan)
    return speed, distance


def _stored(part: Part, row: int | None, session: _Session, last: float) -> Stored:
    table = part.table(18)
    if table is None or row is None:
        if last > session.start:
            return Stored(elapsed_s=last - session.start)
        return _sum_of_laps(part, session)

    def value(*names: str) -> float | None:
        found = float(table.numbers(*names)[row])
        return found if np.isfinite(found) else None

    return Stored(
        distance_m=value("total_distance"),
        elapsed_s=value("total_elapsed_time"),
        timer_s=value("total_timer_time"),
        moving_s=value("total_moving_time"),
        elevation_gain_m=value("total_ascent"),
        elevation_loss_m=value("total_descent"),
        heart_rate_mean_bpm=value("avg_heart_rate"),
        heart_rate_max_bpm=value("max_heart_rate"),
        calories_kcal=value("total_calories") or None,
        **scores(part, row, session.start, last),
    )


def _sum_of_laps(part: Part, session: _Session) -> Stored:
    """Totals of a session that is told by its laps alone."""
    laps = part.table(19)
    if laps is None or session.end is None:
        return Stored()

    def total(name: str) -> float | None:
        values = laps.numbers(name)
        return None if np.isnan(values).all() else float(np.nansum(values))

    return Stored(
        distance_m=total("total_distance"),
        elapsed_s=session.end - session.start,
        timer_s=total("total_timer_time"),
        elevation_gain_m=total("total_ascent"),
        elevation_loss_m=total("total_descent"),
    )


def _scaled(table: Table | None, row: int | None, name: str, divisor: float, most: float) -> float | None:
    """A session number on its own scale, None outside 0..most."""
    if table is None or row is None:
        return None
    value = float(table.numbers(name)[row]) / divisor
    return value if 0.0 <= value <= most else None


def _title(part: Part, row: int | None) -> str | None:
    session, sport = part.table(18), part.table(12)
    given = session.texts("sport_profile_name")[row] if session is not None and row is not None else None
    if given is None and sport is not None and len(sport) == 1:
        given = sport.texts("name")[0]
    return given


def _workout(part: Part) -> str | None:
    table = part.table(26)
    return next((name for name in table.texts("wkt_name") if name), None) if table is not None else None


def _laps(part: Part, records: _Records, start: float, end: float, alone: bool) -> pl.DataFrame:
    table = part.table(19)
    if table is None:
        return pl.DataFrame(schema=LAPS)
    elapsed, begin = table.numbers("total_elapsed_time"), records.real(_lap_times(table)[0])
    mine = ~np.isnan(begin) if alone else (begin >= start) & (begin < end)
    rows = np.flatnonzero(mine)
    if not len(rows):
        return pl.DataFrame(schema=LAPS)
    triggers = table.texts("lap_trigger")
    data = {
        "index": np.arange(len(rows), dtype=np.int32),
        "started_at": ((begin[rows] + EPOCH_S) * 1_000_000).astype(np.int64).view("datetime64[us]"),
        "elapsed_s": elapsed[rows],
        "timer_s": table.numbers("total_timer_time")[rows],
        "distance_m": table.numbers("total_distance")[rows],
        "heart_rate_mean_bpm": table.numbers("avg_heart_rate")[rows],
        "heart_rate_max_bpm": table.numbers("max_heart_rate")[rows],
        "elevation_gain_m": table.numbers("total_ascent")[rows],
        "trigger": np.array([triggers[r] for r in rows], object),
    }
    return frame(data, LAPS)


def _clip(
    stretches: list[tuple[float, float]] | None, start: float, end: float
) -> tuple[tuple[float, float], ...] | None:
    """The part of the stretches that lies in a session, in seconds from its start."""
    if stretches is None:
        return None
    inside = ((max(a, start) - start, min(b, end) - start) for a, b in stretches)
    return tuple((a, b) for a, b in inside if b > a) or None


def _intervals(part: Part, records: _Records, mine: np.ndarray, alone: bool) -> np.ndarray | None:
    table = part.table(78)
    if table is None or alone or records.table is None:
        return fit_strap.rr_intervals(table)
    # Without a time of their own, intervals belong where they stand in the file: to the record before them.
    before = np.searchsorted(records.table.positions[records.rows], table.positions) - 1
    return fit_strap.rr_intervals(table, mine[np.clip(before, 0, None)] if len(mine) else None)
