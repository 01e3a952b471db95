"""What a recording says of the athlete it belongs to: loads, zones, efficiency, comfort.

Each function takes a `PersonSession`: the recording's histograms and answers together with what was believed of the
body when it happened. `models/assessment/assess.py` prepares it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.metrics.extra_load import ExtraLoad
from steadymile.models.physiology import trimp
from steadymile.models.physiology.athlete_parameters import (
    CEILING_ABOVE_VT1,
    CEILING_HIGHEST,
    EFFICIENCY_RESERVE,
    heart_rate_ceiling_reserve,
)
from steadymile.models.physiology.comfort import SessionComfort
from steadymile.models.physiology.session_load import Load

EFFICIENCY_RUN_S = 300.0
ENOUGH_RUN = 0.8
ON_FOOT = frozenset({"run", "walk", "hike"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSession(ExtraLoad):
    """One recording, what was carried in it, and the body believed for it.

    `seconds_at_bpm` moving seconds at each bpm up to 15 above the maximum, None with `no_heart_rate` the reason;
    `running_seconds_at_bpm` the same while running, `seconds_in_zone` the moving seconds in Edwards' five zones,
    `above_maximum_s` the seconds left out. `vt1_mean` as believed before this session. `day` local.
    """

    day: date
    kind: str
    minutes: float | None
    running_s: float | None
    distance_m: float | None
    maximum_bpm: float
    rest_bpm: float
    sex: str | None
    vt1_mean: float
    seconds_at_bpm: np.ndarray | None = None
    running_seconds_at_bpm: np.ndarray | None = None
    seconds_in_zone: np.ndarray | None = None
    no_heart_rate: str | None = None
    above_maximum_s: float | None = None
    rpe: float | None = None
    run_speed_m_s: float | None = None
    run_heart_rate_bpm: float | None = None
    load: Load | None = None
    load_conflict: bool = False
    comfort: SessionComfort | None = None


def zones(seconds_at_bpm: np.ndarray | None, maximum_bpm: float, edges: tuple[float, ...]) -> np.ndarray | None:
    """Seconds in zones whose lower edges are fractions of maximal heart rate."""
    if seconds_at_bpm is None:
        return None
    return trimp.zone_seconds(seconds_at_bpm, [edge * maximum_bpm for edge in edges])


def _silent(session: PersonSession) -> Value:
    return missing(session.no_heart_rate or "no heart rate was recorded")


@metric(
    unit="au",
    needs=("heart rate, else pace, else effort, else duration",),
    source="Banister 1991 as the common scale; ladder of sources (docs/science.md 3.6)",
    evidence="moderate",
    adds_up="sum",
    cannot_tell="the strain on bones and tendons: that goes with distance",
    stage="person",
    definition=2,
)
def load(session: PersonSession) -> Value:
    """What the session cost you, on one scale whatever was recorded, with how sure that is."""
    if session.load is None:
        return missing("neither heart rate, pace, effort nor a duration is known")
    return Value(session.load.value, sd=session.load.sd, source=session.load.source)


@metric(
    unit="flag",
    needs=("two sources of load",),
    source="design: more than twice the spread of both apart",
    evidence="practice",
    adds_up="max",
    cannot_tell="which of the two is wrong",
    stage="person",
)
def load_conflict(session: PersonSession) -> Value:
    """1 where two sources of load contradict each other, such as a hard effort at a low heart rate."""
    return Value(float(session.load_conflict))


@metric(
    unit="au",
    needs=("heart_rate_bpm", "maximal and resting heart rate"),
    source="Banister 1991; female factor 0.86 (Morton 1990); summed second by second",
    evidence="moderate",
    adds_up="sum",
    cannot_tell="work that heart rate lags behind, such as sprints",
    stage="person",
)
def trimp_banister(session: PersonSession) -> Value:
    """Minutes weighted by how hard the heart worked, steeper the harder; only time with a valid heart rate."""
    if session.seconds_at_bpm is None:
        return _silent(session)
    seconds = session.seconds_at_bpm
    return Value(trimp.banister_histogram(seconds, session.maximum_bpm, session.rest_bpm, session.sex))


@metric(
    unit="au",
    needs=("heart_rate_bpm", "maximal heart rate"),
    source="Edwards 1993",
    evidence="moderate",
    adds_up="sum",
    cannot_tell="anything below half of the maximum",
    stage="person",
)
def edwards(session: PersonSession) -> Value:
    """Minutes in five zones of maximal heart rate, times 1 to 5."""
    seconds = session.seconds_in_zone
    return _silent(session) if seconds is None else Value(trimp.edwards(seconds / 60.0))


@metric(
    unit="au",
    needs=("heart_rate_bpm", "first ventilatory threshold"),
    source=f"Lucia 2003; second threshold taken as the first + {CEILING_ABOVE_VT1}, at most {CEILING_HIGHEST}",
    evidence="moderate",
    adds_up="sum",
    cannot_tell="your second threshold: only the first is learnt",
    stage="person",
)
def lucia(session: PersonSession) -> Value:
    """Minutes below, between and above the two ventilatory thresholds, times 1, 2, 3."""
    if session.seconds_at_bpm is None:
        return _silent(session)
    fractions = (0.0, session.vt1_mean, heart_rate_ceiling_reserve(session.vt1_mean))
    edges = [trimp.heart_rate_at(x, session.maximum_bpm, session.rest_bpm) for x in fractions]
    edges[0] = 0.0
    return Value(trimp.lucia(trimp.zone_seconds(session.seconds_at_bpm, edges) / 60.0))


@metric(
    unit="au",
    needs=("heart_rate_bpm", "maximal heart rate"),
    source="Stagno 2007, from hockey players",
    evidence="weak",
    adds_up="sum",
    cannot_tell="anything below 65 % of the maximum",
    stage="person",
)
def stagno(session: PersonSession) -> Value:
    """Minutes in five zones of maximal heart rate, weighted by how lactate rises."""
    seconds = zones(session.seconds_at_bpm, session.maximum_bpm, trimp.STAGNO_EDGES)
    return _silent(session) if seconds is None else Value(trimp.stagno(seconds / 60.0))


@metric(
    unit="points",
    needs=("heart_rate_bpm", "maximal and resting heart rate"),
    source=f"TRIMP against an hour at {trimp.THRESHOLD_RESERVE:.0%} of the reserve; an analogue of hrTSS",
    evidence="weak",
    adds_up="sum",
    cannot_tell="TrainingPeaks' own figure, whose formula is not public",
    stage="person",
)
def hrtss(session: PersonSession) -> Value:
    """Load by heart rate where an hour at your threshold is 100."""
    impulse = trimp_banister(session)
    return impulse if impulse.value is None else Value(trimp.hrtss(impulse.value, session.sex))


@metric(
    unit="au",
    needs=("rpe", "duration"),
    source="Foster 2001",
    evidence="strong",
    adds_up="sum",
    cannot_tell="whether the body or the day made it hard",
    stage="person",
)
def session_rpe_load(session: PersonSession) -> Value:
    """How hard it felt, 0-10, times minutes."""
    if session.rpe is None:
        return missing("no effort was given: answer how hard it was, 0 to 10")
    if session.minutes is None:
        return missing("its duration is not known")
    return Value(trimp.session_rpe(session.rpe, session.minutes))


@metric(
    unit="share",
    needs=("heart_rate_bpm", "running", "first ventilatory threshold"),
    source="design: above VT1 + 0.25 of the reserve, at most 0.85",
    evidence="practice",
    adds_up="mean",
    cannot_tell="effort on days when the heart beats higher for other reasons",
    stage="person",
)
def share_above_ceiling(session: PersonSession) -> Value:
    """Share of running time with a heart rate above your ceiling for easy running."""
    seconds = session.running_seconds_at_bpm
    if session.seconds_at_bpm is None:
        return _silent(session)
    if seconds is None or session.running_s is None:
        return missing("running and walking cannot be told apart here")
    running_s = session.running_s
    if running_s <= 0:
        return missing("nothing was run")
    if seconds.sum() < ENOUGH_RUN * running_s:
        return missing("heart rate is missing for more than a fifth of the running")
    fraction = heart_rate_ceiling_reserve(session.vt1_mean)
    ceiling = trimp.heart_rate_at(fraction, session.maximum_bpm, session.rest_bpm)
    return Value(float(seconds[trimp.BPM[: seconds.size] > ceiling].sum() / seconds.sum()))


@metric(
    unit="s",
    needs=("heart_rate_bpm", "maximal heart rate"),
    source="design: more than 15 bpm above the believed maximum",
    evidence="practice",
    adds_up="sum",
    cannot_tell="whether the sensor erred or the believed maximum is too low",
    stage="person",
)
def above_maximum_s(session: PersonSession) -> Value:
    """Moving time left out because its heart rate is beyond what your heart is believed to reach."""
    return _silent(session) if session.above_maximum_s is None else Value(session.above_maximum_s)


@metric(
    unit="m/s",
    needs=("heart_rate_bpm", "distance_m", "running"),
    source="grade-adjusted speed over reserve fraction, running after 5 min, reserve 0.45-0.90 (docs/science.md 4.3)",
    evidence="moderate",
    adds_up="mean",
    cannot_tell="fitness from heat, sleep, coffee and running downhill",
    stage="person",
)
def efficiency(session: PersonSession) -> Value:
    """How fast you run for how hard your heart works: speed on the level over the share of the reserve in use."""
    if session.seconds_at_bpm is None:
        return _silent(session)
    if session.present:
        return missing("sand, boots or a pack: pace says nothing of efficiency")
    if session.kind != "run" or (session.running_s or 0.0) < EFFICIENCY_RUN_S:
        return missing("needs 5 minutes of running in a run")
    if session.run_speed_m_s is None or session.run_heart_rate_bpm is None:
        return missing("speed or heart rate after the first 5 minutes is missing")
    x = (session.run_heart_rate_bpm - session.rest_bpm) / (session.maximum_bpm - session.rest_bpm)
    low, high = EFFICIENCY_RESERVE
    if not low <= x <= high:
        return missing("heart rate outside 45-90 % of the reserve, where it does not follow pace")
    return Value(session.run_speed_m_s / x)


@metric(
    unit="0-1",
    needs=("any of talk_test, rpe, heart rate, completion, feel, decoupling",),
    source="weighted answers and signals (docs/science.md 4.4); design weights, the athlete's own words first",
    evidence="practice",
    adds_up="mean",
    cannot_tell="what you did not answer",
    stage="person",
    definition=2,
)
def comfort(session: PersonSession) -> Value:
    """How comfortable the session was, 0 awful to 1 easy."""
    if session.comfort is None:
        return missing("only runs, walks and hikes are scored")
    if session.comfort.evidence == 0:
        return missing("no answer and no measurement says how it felt")
    return Value(session.comfort.score)


@metric(
    unit="points",
    needs=(),
    source="sum of the weights of what was known (docs/science.md 4.4)",
    evidence="practice",
    adds_up="none",
    cannot_tell="whether the answers were honest",
    stage="person",
)
def evidence_mass(session: PersonSession) -> Value:
    """How much is known of the session's comfort, 0 nothing to 12 everything."""
    return (
        missing("only runs, walks and hikes are scored") if session.comfort is None else Value(session.comfort.evidence)
    )


@metric(
    unit="flag",
    needs=("any of talk_test, rpe, completion",),
    source="design (docs/science.md 4.4)",
    evidence="practice",
    adds_up="max",
    cannot_tell="why it was hard",
    stage="person",
    definition=2,
)
def comfort_gate(session: PersonSession) -> Value:
    """1 where the session was too hard or too much cut short to build on."""
    return (
        missing("only runs, walks and hikes are scored")
        if session.comfort is None
        else Value(float(session.comfort.gate))
    )


@metric(
    unit="credit",
    needs=("any of talk_test, rpe, completion",),
    source="design (docs/science.md 4.4)",
    evidence="practice",
    adds_up="sum",
    cannot_tell="whether the next level will suit you",
    stage="person",
)
def comfort_credit(session: PersonSession) -> Value:
    """What the session earns towards the next level, 0 to 1."""
    return (
        missing("only runs, walks and hikes are scored") if session.comfort is None else Value(session.comfort.credit)
    )


def _zone_metric(number: int) -> None:
    """Register the seconds in one of Edwards' five zones as a metric of its own."""
    low = trimp.EDWARDS_EDGES[number - 1]
    span = f"{low:.0%} to {low + 0.1:.0%}" if number < 5 else "90% and more"

    def zone(session: PersonSession) -> Value:
        seconds = session.seconds_in_zone
        return _silent(session) if seconds is None else Value(float(seconds[number - 1]))

    zone.__name__ = f"zone_{number}_s"
    zone.__doc__ = f"Time with a heart rate of {span} of your maximum."
    metric(
        unit="s",
        needs=("heart_rate_bpm", "maximal heart rate"),
        source="zones of Edwards 1993",
        evidence="moderate",
        adds_up="sum",
        cannot_tell="your own thresholds",
        stage="person",
    )(zone)


for _number in range(1, 6):
    _zone_metric(_number)
