"""What a person's runs say of them as of a day: mile time now, best efforts, usual speeds, the heart-rate ceiling.

Each estimate is a number with what it rests on, or None with the reason. Nothing dated after the day is read, and only
runs count: what was driven, ridden or walked is nobody's best effort.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt

from steadymile.models.measured import Recording
from steadymile.models.physiology.athlete_parameters import (
    CEILING_HIGHEST,
    TYPICAL_SESSIONS,
    heart_rate_ceiling_reserve,
    typical,
)
from steadymile.models.physiology.performance import (
    CRITICAL_LONGEST_S,
    CRITICAL_SHORTEST_S,
    EFFORT_METRICS,
    RECENT_DAYS,
    SHORTEST_USEFUL_M,
    Effort,
    MileTime,
    Pace,
    critical_speed,
    mile_time_now,
    session_efforts,
    supported_m_s,
    vdot,
)
from steadymile.models.session import Body
from steadymile.models.units import MILE_M

HARD_RPE = 8.0
BEST_DAYS = 90
CRITICAL_DAYS = 90  # design: older efforts are of another runner
NINETY_PERCENT = 1.645  # standard deviations on both sides


@dataclass(frozen=True, slots=True)
class Estimated:
    """A number, or None with the reason. `low` to `high` is where it lies with 90 %, None where it was simply measured.

    `evidence` is how well the way to it is supported: strong, moderate, weak or practice; `n` how many sessions it
    rests on; `activity_id` and `day` name the one session of a best effort.
    """

    name: str
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None
    source: str | None = None
    evidence: str | None = None
    n: int | None = None
    activity_id: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A standard distance or time and the file metric that holds the session's best over it."""

    metric: str
    words: str
    farthest: bool = False  # the most metres is best, else the least seconds


MARKS = (
    Mark("best_400m_s", "400 m"),
    Mark("best_800m_s", "800 m"),
    Mark("best_1km_s", "1 km"),
    Mark("best_mile_s", "a mile"),
    Mark("best_2mile_s", "two miles"),
    Mark("best_5km_s", "5 km"),
    Mark("best_10km_s", "10 km"),
    Mark("best_half_marathon_s", "a half marathon"),
    Mark("best_12min_m", "12 minutes", farthest=True),
    Mark("best_30min_m", "30 minutes", farthest=True),
    Mark("best_60min_m", "60 minutes", farthest=True),
)


def estimates(
    recordings: Iterable[Recording], body: Body, as_of: date, tests: Collection[str] = ()
) -> tuple[Estimated, ...]:
    """All estimates as of a day, always the same names in the same order. `recordings` the athlete's preferred ones;
    `tests` the ids of those that were planned as a test: they count as hard, like those of RPE 8 and more."""
    known = (r for r in recordings if r.local_day <= as_of)
    on_foot = sorted((r for r in known if r.kind in ("run", "walk")), key=lambda r: (r.started_at, r.activity_id))
    runs = _supported([r for r in on_foot if r.kind == "run"])
    recent = _efforts(runs, as_of - timedelta(days=max(CRITICAL_DAYS, RECENT_DAYS)), tests)
    return (
        *mile_now(recent, as_of),
        *critical(recent),
        _usual("run_speed_m_s", "run_speed_m_s", runs, "running"),
        _usual("walk_speed_m_s", "walk_speed_m_s", on_foot, "walking"),
        ceiling(body),
        *(_best(mark, runs, None) for mark in MARKS),
        *(_best(mark, runs, as_of - timedelta(days=BEST_DAYS)) for mark in MARKS),
    )


DOUBTED = "_doubted"
"""What a best effort is called that nothing else of the person supports."""


def _supported(runs: Sequence[Recording]) -> list[Recording]:
    """The runs without the best efforts that neither the rest of the run nor the person's other runs support: they
    stand aside under another name, to be counted where a best is shown."""
    paces = [_pace(run) for run in runs]
    fastest = {name: supported_m_s(distance_m, paces) for name, distance_m in EFFORT_METRICS.items()}
    found = []
    for i, run in enumerate(runs):
        doubted: dict[str, float | None] = {}
        for name, distance_m in EFFORT_METRICS.items():
            seconds = run.metrics.get(name)
            if seconds and distance_m / seconds > fastest[name][i]:
                doubted |= {name: None, name + DOUBTED: seconds}
        found.append(replace(run, metrics={**run.metrics, **doubted}) if doubted else run)
    return found


def _pace(run: Recording) -> Pace:
    seconds, speed = run.metrics.get("running_s"), run.metrics.get("run_speed_m_s")
    return Pace(seconds * speed, speed) if seconds and speed else Pace(0.0, 0.0)


def _efforts(runs: Sequence[Recording], after: date, tests: Collection[str]) -> list[list[Effort]]:
    """The best efforts of each run after a day, one list a run."""
    found = []
    for run in runs:
        if run.local_day > after:
            hard = run.activity_id in tests or (run.rpe is not None and run.rpe >= HARD_RPE)
            found.append(session_efforts(run.local_day, run.metrics, hard))
    return found


def mile_now(efforts: Sequence[Sequence[Effort]], as_of: date) -> tuple[Estimated, Estimated]:
    """Mile time now in seconds, and the VDOT that belongs to it (Daniels and Gilbert, 1979)."""
    found = mile_time_now([e for session in efforts for e in session], as_of)
    used = sum(
        any(0 <= (as_of - e.day).days <= RECENT_DAYS and e.distance_m >= SHORTEST_USEFUL_M for e in session)
        for session in efforts
    )
    mile, level = Estimated("mile_time_now_s", "s", n=used), Estimated("vdot", "mL/kg/min", n=used)
    if not isinstance(found, MileTime):
        return replace(mile, reason=found), replace(level, reason=found)
    grade = "moderate" if found.hard else "weak"
    mile = replace(mile, value=found.seconds, low=found.low, high=found.high, source=found.basis, evidence=grade)
    # A slower mile is a lower VDOT: the ends of the range change places.
    value, low, high = (vdot(MILE_M, seconds) for seconds in (found.seconds, found.high, found.low))
    return mile, replace(level, value=value, low=low, high=high, source="the mile time now", evidence=grade)


def critical(efforts: Sequence[Sequence[Effort]]) -> tuple[Estimated, Estimated]:
    """Critical speed in m/s and the metres that can be run above it (Monod and Scherrer, 1965), where supported.

    One effort a session, its best by VDOT: the other stretches of a race were not all that was in the legs.
    """
    whole = []
    for session in efforts:
        fitting = [e for e in session if e.hard and CRITICAL_SHORTEST_S <= e.seconds <= CRITICAL_LONGEST_S]
        if fitting:
            whole.append(max(fitting, key=lambda e: vdot(e.distance_m, e.seconds)))
    found = critical_speed(whole)
    speed = Estimated("critical_speed_m_s", "m/s", n=len(whole))
    above = Estimated("critical_reserve_m", "m", n=len(whole))
    if isinstance(found, str):
        return replace(speed, reason=found), replace(above, reason=found)
    source = f"a line through hard efforts of the last {CRITICAL_DAYS} days"
    return (
        replace(speed, value=found.speed_m_s, source=source, evidence="moderate"),
        replace(above, value=found.reserve_m, source=source, evidence="weak"),
    )


def _usual(name: str, metric: str, sessions: Sequence[Recording], doing: str) -> Estimated:
    """Median speed of the last ten sessions that have one."""
    speeds = [v for r in sessions if (v := r.metrics.get(metric)) is not None]
    count = min(len(speeds), TYPICAL_SESSIONS)
    value = typical(speeds)
    if value is None:
        return Estimated(name, "m/s", reason=f"no recorded speed of {doing} yet", n=0)
    source = f"median of the last {count} sessions with {doing}" if count > 1 else f"one session with {doing}"
    return Estimated(name, "m/s", value, source=source, evidence="strong", n=count)


def ceiling(body: Body) -> Estimated:
    """Heart rate above which easy running is no longer easy, bpm (Karvonen 1957; the margin above VT1 is a design
    value). A week may set a lower one."""
    most, rest = body.heart_rate_max_bpm, body.heart_rate_rest_bpm
    name, unit = "heart_rate_ceiling_bpm", "bpm"
    if most is None or rest is None:
        return Estimated(name, unit, reason="maximal or resting heart rate is not known")
    share = heart_rate_ceiling_reserve(body.vt1_mean)
    vt1_sd = body.vt1_sd if share < CEILING_HIGHEST else 0.0
    parts = (
        share * (body.heart_rate_max_sd_bpm or 0.0),
        (1.0 - share) * (body.heart_rate_rest_sd_bpm or 0.0),
        (most - rest) * vt1_sd,
    )
    value, off = rest + share * (most - rest), NINETY_PERCENT * sqrt(sum(p * p for p in parts))
    source = f"maximum {body.heart_rate_max_source}, resting {body.heart_rate_rest_source}, threshold by talking"
    return Estimated(name, unit, value, value - off, value + off, source=source, evidence="weak")


def _best(mark: Mark, runs: Sequence[Recording], after: date | None) -> Estimated:
    """The best over one mark, ever or after a day; of equal ones the first."""
    unit = mark.metric.rsplit("_", 1)[1]
    stem = mark.metric.removesuffix(f"_{unit}")
    name = mark.metric if after is None else f"{stem}_{BEST_DAYS}d_{unit}"
    inside = runs if after is None else [r for r in runs if r.local_day > after]
    known = [(v, r) for r in inside if (v := r.metrics.get(mark.metric)) is not None]
    if not known:
        when = "yet" if after is None else f"in the last {BEST_DAYS} days"
        return Estimated(name, unit, reason=f"no recorded run of {mark.words} or more {when}", n=0)
    value, run = (max if mark.farthest else min)(known, key=lambda pair: pair[0])
    doubted = sum((d := r.metrics.get(mark.metric + DOUBTED)) is not None and d < value for r in inside)
    doubt = "" if not doubted else f"; {doubted} faster left out, which no other run supports"
    return Estimated(
        name,
        unit,
        value,
        source=f"fastest segment of one run, pauses counted{doubt}",
        evidence="strong",
        n=len(known),
        activity_id=run.activity_id,
        day=run.local_day,
    )
