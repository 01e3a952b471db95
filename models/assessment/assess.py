"""The person stage: what recordings, answers and mornings together say of one athlete, as of a day.

Goes through the sessions once in time order. What is learnt (threshold, pace line, effort ratio, efficiency) is used
from the next session on, so nothing is judged by its own answer, and nothing dated after `as_of` is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
from steadymile.models.assessment.assess_checkpoint import Judged, Mark, Past, as_array, key_of
from steadymile.models.assessment.daily_series import DAYS, EFFICIENCY_DAYS, daily_rows
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.measured import Recording
from steadymile.models.metrics import person
from steadymile.models.metrics.catalogue import Value
from steadymile.models.metrics.extra_load import ExtraLoad, extra_load_ratio
from steadymile.models.metrics.found import CATALOGUE, FUNCTIONS
from steadymile.models.metrics.person import ON_FOOT, PersonSession
from steadymile.models.physiology import athlete_parameters as bodies
from steadymile.models.physiology import energy, session_load
from steadymile.models.physiology.comfort import comfort_arrays, talk_value
from steadymile.models.physiology.parameter_history import Belief, Held, beliefs, held, in_force
from steadymile.models.physiology.trimp import BPM, EDWARDS_EDGES, banister, effort_reserve, reserve
from steadymile.models.session import DEFAULT_WEIGHT_KG, Body, Day

GROWING = ("vt1_track", "costs", "reserves", "ratios", "efficiency")
LATE_SESSIONS = 40
"""Going on is possible from this many sessions before the last, for files that come in late and out of order."""
ABOVE_MAXIMUM_BPM = 15.0
LOWEST_MEAN_BPM, MEANS_AGREE_BPM = 40.0, 10.0
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
    learnt = _Learnt(first) if past is None or mark is None else _Learnt.after(past, mark)
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


@dataclass(slots=True)
class _Learnt:
    """What earlier sessions taught, in the order of time."""

    since: date
    vt1: np.ndarray = field(default_factory=bodies.vt1_prior)
    vt1_track: list[tuple[date, float, float]] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    reserves: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    efficiency: list[tuple[date, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.vt1_track:
            self._keep_vt1(self.since)

    def lists(self) -> dict[str, list[Any]]:
        """A copy of everything that only grows, by name."""
        grown: tuple[list[Any], ...] = (self.vt1_track, self.costs, self.reserves, self.ratios, self.efficiency)
        return {name: list(values) for name, values in zip(GROWING, grown)}

    def mark(self, sessions: int) -> Mark:
        """Where one can go on after so many sessions."""
        lengths = tuple(len(values) for values in self.lists().values())
        return Mark(sessions, self.since, tuple(self.vt1.tolist()), lengths)

    @classmethod
    def after(cls, past: Past, mark: Mark) -> _Learnt:
        """What was learnt up to a mark."""
        lists = {name: list(past.learnt[name][:length]) for name, length in zip(GROWING, mark.lengths)}
        return cls(mark.since, as_array(mark.vt1), **lists)

    def vt1_on(self, day: date) -> tuple[float, float]:
        """Mean and sd of VT1 on a day, older answers counting for less."""
        for _ in range((day - self.since).days // bodies.VT1_FORGET_DAYS):
            self.vt1 = bodies.vt1_forget(self.vt1, bodies.VT1_FORGET_DAYS)
            self.since += timedelta(days=bodies.VT1_FORGET_DAYS)
            self._keep_vt1(self.since)
        return self.vt1_track[-1][1:]

    def _keep_vt1(self, day: date) -> None:
        """Remember what is believed of VT1 from a day on; days never go back, though travel may turn them."""
        mean, sd, _ = bodies.vt1_summary(self.vt1)
        self.vt1_track.append((max(day, self.vt1_track[-1][0]) if self.vt1_track else day, mean, sd))

    def line(self) -> bodies.Line | None:
        return bodies.pace_line(self.costs, self.reserves)

    def add(self, session: PersonSession, recording: Recording) -> None:
        """Learn from a session after it was judged."""
        speed = person.efficiency(session).value
        if speed is not None:
            self.efficiency.append((session.day, speed))
        if session.seconds_at_bpm is None or session.load is None:
            return
        if session.rpe is not None and session.minutes:
            self.ratios.append(session.load.value / banister(session.minutes, effort_reserve(session.rpe), session.sex))
        if session.kind not in ON_FOOT:
            return
        self._add_cost(session, recording)
        answer = bodies.talk_answer(recording.talk_test, recording.rpe)
        steady = [s.heart_rate_bpm for s in recording.digest.segments]
        if answer and steady:
            # One answer speaks once: of the hardest steady stretch, where talking failed first if it failed.
            x = float(reserve(max(steady), session.maximum_bpm, session.rest_bpm))
            self.vt1 = bodies.vt1_update(self.vt1, x, *answer)
            self._keep_vt1(session.day)

    def _add_cost(self, session: PersonSession, recording: Recording) -> None:
        seconds, spent = session.seconds_at_bpm, recording.digest.energy_s
        if seconds is None or spent is None or spent.sum() <= 0 or seconds.sum() <= 0:
            return
        cost = _mean(session_load.bin_costs(spent.size), spent) * _modifier(session)
        if cost > 0:
            x = reserve(BPM[: seconds.size], session.maximum_bpm, session.rest_bpm)
            self.costs.append(cost)
            self.reserves.append(_mean(x, seconds))


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    """The weighted mean, without the checks of `np.average`, which cost more than the sum."""
    return float((values * weights).sum() / weights.sum())


def _session(recording: Recording, facts: Facts, belief: Belief, learnt: _Learnt) -> PersonSession:
    """A recording with the body believed for it, and its load."""
    seconds, coverage, reason = _heart_rate(recording, belief.maximum.mean)
    running = recording.digest.run_heart_rate_s
    session = PersonSession(
        surface=recording.surface,
        pack_kg=recording.pack_kg,
        boots_g=recording.boots_g,
        body_kg=facts.weight_kg,
        running_share=_running_share(recording.metrics),
        day=recording.local_day,
        kind=recording.kind,
        minutes=_minutes(recording.metrics),
        running_s=recording.metrics.get("running_s"),
        distance_m=recording.metrics.get("distance_m"),
        maximum_bpm=belief.maximum.mean,
        rest_bpm=belief.rest.mean,
        sex=facts.sex,
        vt1_mean=learnt.vt1_on(recording.local_day)[0],
        seconds_at_bpm=seconds,
        seconds_in_zone=person.zones(seconds, belief.maximum.mean, EDWARDS_EDGES),
        running_seconds_at_bpm=None if running is None else _below(running, belief.maximum.mean),
        no_heart_rate=reason,
        above_maximum_s=_above(recording.digest.heart_rate_s, belief.maximum.mean),
        rpe=recording.rpe,
        run_speed_m_s=recording.digest.run_grade_adjusted_speed_m_s,
        run_heart_rate_bpm=recording.digest.run_heart_rate_bpm,
    )
    chosen, conflict = session_load.choose(_loads(recording, session, belief, learnt, coverage))
    return replace(session, load=chosen, load_conflict=conflict)


def _below(seconds: np.ndarray, maximum_bpm: float) -> np.ndarray:
    """Seconds without those at impossible rates: no heart beats 15 above its maximum."""
    impossible = BPM[: seconds.size] > maximum_bpm + ABOVE_MAXIMUM_BPM
    return np.where(impossible, 0.0, seconds) if seconds[impossible].any() else seconds


def _above(seconds: np.ndarray | None, maximum_bpm: float) -> float | None:
    return None if seconds is None else float((seconds - _below(seconds, maximum_bpm)).sum())


def _heart_rate(recording: Recording, maximum_bpm: float) -> tuple[np.ndarray | None, float, str | None]:
    """Seconds at each bpm and their coverage; or None and the reason why heart rate is not used."""
    digest = recording.digest
    if digest.heart_rate_s is None or digest.coverage is None or digest.heart_rate_s.sum() <= 0:
        return None, 0.0, "no heart rate was recorded"
    locked = digest.cadence_lock_share or 0.0
    if locked >= session_load.USABLE_LOCK_SHARE:
        return None, 0.0, f"the sensor counted steps instead of beats for {locked:.0%} of the time"
    seconds = _below(digest.heart_rate_s, maximum_bpm)
    coverage = digest.coverage * float(seconds.sum() / digest.heart_rate_s.sum())
    if coverage < session_load.USABLE_COVERAGE:
        return None, coverage, f"a believable heart rate covers only {coverage:.0%} of the moving time"
    return seconds, coverage, None


def _minutes(metrics: Mapping[str, float | None]) -> float | None:
    """Minutes of the session: moving, else timer, else elapsed; None where nothing is known."""
    for name in ("moving_s", "timer_s", "elapsed_s"):
        seconds = metrics.get(name)
        if seconds is not None and seconds > 0:
            return seconds / 60.0
    return None


def _loads(
    recording: Recording,
    session: PersonSession,
    belief: Belief,
    learnt: _Learnt,
    coverage: float,
) -> list[session_load.Load]:
    """The session's load from every source there is."""
    found: list[session_load.Load | None] = []
    seen = belief.maximum.source not in bodies.AGE_ALONE
    minutes, sex = session.minutes, session.sex
    if session.seconds_at_bpm is not None:
        found.append(
            session_load.from_heart_rate(
                session.seconds_at_bpm, coverage, session.maximum_bpm, session.rest_bpm, sex, seen
            )
        )
    else:
        found += _partial_loads(recording, session, coverage, seen)
    modifier = _modifier(session) if recording.kind in ON_FOOT else 1.0
    found.append(_pace_load(recording, session, modifier, learnt.line()))
    if recording.rpe is not None and minutes:
        found.append(session_load.from_effort(recording.rpe, minutes, sex, learnt.ratios))
    if minutes:
        found.append(session_load.from_duration(minutes, modifier, sex))
    return [candidate for candidate in found if candidate is not None]


def _partial_loads(
    recording: Recording, session: PersonSession, coverage: float, seen: bool
) -> list[session_load.Load]:
    """Loads from a heart rate that covers too little to judge the session by: scaled up, and by the device's own mean;
    the surer one first."""
    found: list[session_load.Load] = []
    seconds = recording.digest.heart_rate_s
    locked = (recording.digest.cadence_lock_share or 0.0) >= session_load.USABLE_LOCK_SHARE
    if seconds is not None and not locked:
        below = _below(seconds, session.maximum_bpm)
        scaled = session_load.from_heart_rate(below, coverage, session.maximum_bpm, session.rest_bpm, session.sex, seen)
        found += [] if scaled is None else [scaled]
    if session.minutes and (mean_bpm := _mean_bpm(recording, session.maximum_bpm)) is not None:
        x = float(reserve(mean_bpm, session.maximum_bpm, session.rest_bpm))
        found.append(session_load.from_mean_heart_rate(x, session.minutes, session.sex, seen))
    return sorted(found, key=lambda load: load.relative_sd)


def _mean_bpm(recording: Recording, maximum_bpm: float) -> float | None:
    """The device's own mean heart rate, where too few samples were kept to sum over and nothing speaks against it."""
    mean, digest = recording.stored.heart_rate_mean_bpm, recording.digest
    if mean is None or not LOWEST_MEAN_BPM <= mean <= maximum_bpm + ABOVE_MAXIMUM_BPM:
        return None
    if (digest.cadence_lock_share or 0.0) >= session_load.USABLE_LOCK_SHARE:
        return None
    seconds = digest.heart_rate_s
    if seconds is not None and seconds.sum() > 0:
        sampled = _mean(BPM[: seconds.size], seconds)
        return mean if abs(sampled - mean) <= MEANS_AGREE_BPM else None
    return mean


def _pace_load(
    recording: Recording, session: PersonSession, modifier: float, line: bodies.Line | None
) -> session_load.Load | None:
    """Load from pace and grade; from distance and time alone where there are no samples. On foot only."""
    if recording.kind not in ON_FOOT or session.minutes is None:
        return None
    spent = recording.digest.energy_s
    if spent is not None and spent.sum() > 0:
        return session_load.from_pace(spent, modifier, recording.metrics.get("moving_s"), line, session.sex)
    distance = recording.metrics.get("distance_m")
    if distance is None or distance <= 0:
        return None
    speed = distance / (session.minutes * 60.0)
    cost = energy.net_vo2_running(speed, 0.0) if recording.kind == "run" else energy.net_vo2_walking(speed, 0.0)
    return session_load.from_mean_pace(float(cost) * modifier, session.minutes, line, session.sex)


def _modifier(session: PersonSession) -> float:
    """Factor of sand, pack and boots on the cost, an unknown body taken for 75 kg. Never for heart rate."""
    if not session.present:
        return 1.0
    share = float(session.kind == "run") if session.running_share is None else session.running_share
    known = ExtraLoad(session.surface, session.pack_kg, session.boots_g, session.body_kg or DEFAULT_WEIGHT_KG, share)
    return extra_load_ratio(known).value or 1.0


def _running_share(metrics: Mapping[str, float | None]) -> float | None:
    moving, running = metrics.get("moving_s"), metrics.get("running_s")
    return min(running / moving, 1.0) if moving and running is not None else None


def _with_comfort(
    sessions: Sequence[PersonSession], recordings: Sequence[Recording], completion: Mapping[str, float | None]
) -> list[PersonSession]:
    """The sessions on foot with their comfort, all scored at once."""
    rows = [
        _comfort_items(session, recording, completion.get(recording.activity_id))
        for session, recording in zip(sessions, recordings, strict=True)
    ]
    items = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=np.float64).reshape(-1, 6)
    scored = comfort_arrays(*items.T)
    return [
        replace(session, comfort=scored.of(i)) if session.kind in ON_FOOT else session
        for i, session in enumerate(sessions)
    ]


def _comfort_items(session: PersonSession, recording: Recording, completion: float | None) -> tuple[float | None, ...]:
    """Talk, effort, share above the ceiling, completion, feel and decoupling of a session."""
    run = recording.kind == "run"
    return (
        talk_value(recording.talk_test, recording.metrics.get("longest_run_s") if run else None),
        recording.rpe,
        person.share_above_ceiling(session).value if run else None,
        completion,
        recording.feel,
        None if session.present else recording.metrics.get("decoupling_pct"),
    )


# --- the athlete ---------------------------------------------------------------------------------------------------


def _body(belief: Belief, learnt: _Learnt, levels: Sequence[bodies.Level], as_of: date) -> Body:
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
