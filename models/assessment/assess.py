"""The person stage: what recordings, answers and mornings together say of one athlete, as of a day.

Goes through the sessions once in time order. What is learnt (threshold, pace line, effort ratio, efficiency) is used
from the next session on, so nothing is judged by its own answer, and nothing dated after `as_of` is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import polars as pl
from steadymile.models.assessment.assess_checkpoint import Judged, Past, key_of
from steadymile.models.assessment.daily_series import DAYS, EFFICIENCY_DAYS, daily_rows
from steadymile.models.assessment.learnt import Learnt
from steadymile.models.assessment.loads import (
    above_maximum_s,
    believable,
    heart_rate_seconds,
    held_too_long,
    loads_of,
    minutes_of,
    running_share,
)
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.measured import Recording
from steadymile.models.metrics import person
from steadymile.models.metrics.catalogue import Value
from steadymile.models.metrics.found import CATALOGUE, FUNCTIONS
from steadymile.models.metrics.person import ON_FOOT, PersonSession
from steadymile.models.physiology import athlete_parameters as bodies
from steadymile.models.physiology import session_load
from steadymile.models.physiology.comfort import comfort_arrays, talk_value, too_short_to_talk
from steadymile.models.physiology.parameter_history import Belief, Held, beliefs, held, in_force
from steadymile.models.physiology.trimp import EDWARDS_EDGES
from steadymile.models.session import Body, Day

LATE_SESSIONS = 40
"""Going on is possible from this many sessions before the last, for files that come in late and out of order."""
NO_ANSWERS: Mapping[str, float | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Assessment:
    """`metrics` person metrics by activity id and name, `days` frame of DAYS, `body` as of the day asked for,
    `body_history` what was believed of the heart month by month, with notes where it changed by more than 3 bpm;
    `held` all beliefs by the day from which they hold. `kept` the activities whose metrics are as they were before and
    are left out of `metrics`; `past` from which the next assessment can go on, None without fingerprints."""

    metrics: dict[str, dict[str, Value]]
    days: pl.DataFrame
    body: Body
    body_history: tuple[Belief, ...] = ()
    held: tuple[Held, ...] = ()
    kept: frozenset[str] = frozenset()
    past: Past | None = None


def assess(
    athlete: Athlete,
    recordings: Sequence[Recording],
    days: Sequence[Day],
    as_of: date,
    completion: Mapping[str, float | None] = NO_ANSWERS,
    past: Past | None = None,
) -> Assessment:
    """The person stage over one athlete's preferred recordings; `completion` run minutes done over planned by id.

    With the `past` of an earlier assessment, by the same definitions, only what follows it is judged.
    """
    recordings = sorted((r for r in recordings if r.local_day <= as_of), key=lambda r: (r.started_at, r.activity_id))
    days = [d for d in days if d.day <= as_of]
    first = min((r.local_day for r in recordings), default=as_of)
    believed = beliefs(athlete, _peaks(recordings), _resting(days), first, as_of)
    told = [(athlete.facts(r.local_day), in_force(believed, r.local_day)) for r in recordings]
    keys = _keys(recordings, told, completion)
    mark = past.last_mark(first, keys) if past else None
    learnt = Learnt(first) if past is None or mark is None else Learnt.after(past, mark)
    done = mark.sessions if mark else 0
    judged, marks = [], [mark] if mark else []
    for i, recording in enumerate(recordings[done:], done):
        if i == len(recordings) - LATE_SESSIONS:
            marks.append(learnt.mark(i))
        session = _session(recording, *told[i], learnt)
        learnt.add(session, recording)
        judged.append(session)
    marks.append(learnt.mark(len(recordings)))
    kept, recordings = recordings[:done], recordings[done:]
    sessions = _with_comfort(judged, recordings, completion)
    before = past.judged[:done] if past else ()
    came_to = (*before, *(Judged(s.day, s.kind, s.running_s, s.distance_m, s.load) for s in sessions))
    names = [name for name, card in CATALOGUE.items() if card.stage == "person"]
    metrics = {
        recording.activity_id: {name: _as_value(FUNCTIONS[name](session)) for name in names}
        for recording, session in zip(recordings, sessions, strict=True)
    }
    levels = bodies.efficiency_levels(learnt.efficiency)
    frame = daily_rows(came_to, days, levels, first, as_of) if came_to else pl.DataFrame(schema=DAYS)
    left = Past(first, tuple(keys), came_to, learnt.lists(), tuple(marks)) if keys else None
    body = _body(believed[-1], learnt, levels, as_of)  # also lets VT1 grow less sure up to this day
    return Assessment(
        metrics,
        frame,
        body,
        tuple(believed),
        held(believed, learnt.vt1_track),
        frozenset(recording.activity_id for recording in kept),
        left,
    )


def _keys(
    recordings: Sequence[Recording], told: Sequence[tuple[Facts, Belief]], completion: Mapping[str, float | None]
) -> list[str]:
    """The keys of what the sessions are judged by; none where a recording has no fingerprint."""
    if any(r.fingerprint is None for r in recordings):
        return []
    keys = []
    for r, (facts, belief) in zip(recordings, told):
        said = (r.rpe, r.talk_test, r.feel, r.surface, r.pack_kg, r.boots_g, completion.get(r.activity_id))
        keys.append(key_of((r.activity_id, r.fingerprint, said, _named(facts, belief.maximum, belief.rest))))
    return keys


@lru_cache(maxsize=256)
def _named(*facts: object) -> str:
    return repr(facts)


def _as_value(result: Value | float | None) -> Value:
    return result if isinstance(result, Value) else Value(result)


def _peaks(recordings: Sequence[Recording]) -> list[bodies.Peak]:
    """Session peaks that heart rate covers well enough to be believed."""
    return [
        bodies.Peak(r.local_day, r.digest.peak_20s_bpm, r.rpe)
        for r in recordings
        if r.digest.peak_20s_bpm is not None
        and (r.digest.coverage or 0.0) >= bodies.PEAK_COVERAGE
        and (r.digest.cadence_lock_share or 0.0) < session_load.USABLE_LOCK_SHARE
    ]


def _resting(days: Sequence[Day]) -> list[tuple[date, float]]:
    key = "resting_heart_rate_bpm"
    return sorted((d.day, float(d.values[key])) for d in days if d.values.get(key) is not None)


# --- one session ---------------------------------------------------------------------------------------------------


def _session(recording: Recording, facts: Facts, belief: Belief, learnt: Learnt) -> PersonSession:
    """A recording with the body believed for it, and its load."""
    impossible = held_too_long(recording, belief.maximum)
    seconds, coverage, reason = heart_rate_seconds(recording, belief.maximum.mean, impossible)
    running = recording.digest.run_heart_rate_s
    session = PersonSession(
        surface=recording.surface,
        pack_kg=recording.pack_kg,
        boots_g=recording.boots_g,
        body_kg=facts.weight_kg,
        running_share=running_share(recording.metrics),
        day=recording.local_day,
        kind=recording.kind,
        minutes=minutes_of(recording.metrics),
        running_s=recording.metrics.get("running_s"),
        distance_m=recording.metrics.get("distance_m"),
        maximum_bpm=belief.maximum.mean,
        rest_bpm=belief.rest.mean,
        sex=facts.sex,
        vt1_mean=learnt.vt1_on(recording.local_day)[0],
        seconds_at_bpm=seconds,
        seconds_in_zone=person.zones(seconds, belief.maximum.mean, EDWARDS_EDGES),
        running_seconds_at_bpm=None if running is None else believable(running, belief.maximum.mean),
        no_heart_rate=reason,
        above_maximum_s=above_maximum_s(recording.digest.heart_rate_s, belief.maximum.mean),
        rpe=recording.rpe,
        run_speed_m_s=recording.digest.run_grade_adjusted_speed_m_s,
        run_heart_rate_bpm=None if impossible else recording.digest.run_heart_rate_bpm,
    )
    chosen, conflict = session_load.choose(
        loads_of(recording, session, belief, learnt.line(), learnt.ratios, coverage, impossible)
    )
    return replace(session, load=chosen, load_conflict=conflict)


def _with_comfort(
    sessions: Sequence[PersonSession], recordings: Sequence[Recording], completion: Mapping[str, float | None]
) -> list[PersonSession]:
    """The sessions on foot with their comfort, all scored at once."""
    rows = [
        _comfort_items(session, recording, completion.get(recording.activity_id))
        for session, recording in zip(sessions, recordings, strict=True)
    ]
    items = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=np.float64).reshape(-1, 6)
    short = np.array([_too_short(r) for r in recordings], dtype=bool)
    talk, rpe, above, done, feel, drift = items.T
    scored = comfort_arrays(talk, rpe, above, done, feel, drift, short=short)
    return [
        replace(session, comfort=scored.of(i)) if session.kind in ON_FOOT else session
        for i, session in enumerate(sessions)
    ]


def _longest_s(recording: Recording) -> float | None:
    """Seconds of the longest running bout, which the talk answer is about; None of a walk."""
    return recording.metrics.get("longest_run_s") if recording.kind == "run" else None


def _too_short(recording: Recording) -> bool:
    return too_short_to_talk(_longest_s(recording))


def _comfort_items(session: PersonSession, recording: Recording, completion: float | None) -> tuple[float | None, ...]:
    """Talk, effort, share above the ceiling, completion, feel and decoupling of a session."""
    run = recording.kind == "run"
    return (
        talk_value(recording.talk_test, _longest_s(recording)),
        recording.rpe,
        person.share_above_ceiling(session).value if run else None,
        completion,
        recording.feel,
        None if session.present else recording.metrics.get("decoupling_pct"),
    )


# --- the athlete ---------------------------------------------------------------------------------------------------


def _body(belief: Belief, learnt: Learnt, levels: Sequence[bodies.Level], as_of: date) -> Body:
    vt1_mean, vt1_sd = learnt.vt1_on(as_of)
    then, now = _level(levels, as_of - timedelta(days=EFFICIENCY_DAYS)), _level(levels, as_of)
    if now is not None and levels and _newest(levels, as_of) <= as_of - timedelta(days=EFFICIENCY_DAYS):
        now = None  # no run in four weeks to tell by
    return Body(
        heart_rate_max_bpm=belief.maximum.mean,
        heart_rate_max_sd_bpm=belief.maximum.sd,
        heart_rate_max_source=belief.maximum.source,
        heart_rate_rest_bpm=belief.rest.mean,
        heart_rate_rest_sd_bpm=belief.rest.sd,
        heart_rate_rest_source=belief.rest.source,
        vt1_mean=vt1_mean,
        vt1_sd=vt1_sd,
        efficiency_now=now.mean if now else None,
        efficiency_now_var=now.var if now else None,
        efficiency_28d_ago=then.mean if then else None,
        efficiency_28d_ago_var=then.var if then else None,
    )


def _level(levels: Sequence[bodies.Level], on: date) -> bodies.Level | None:
    known = [level for level in levels if level.day <= on]
    return known[-1].on(on) if known else None


def _newest(levels: Sequence[bodies.Level], on: date) -> date:
    return max(level.day for level in levels if level.day <= on)
