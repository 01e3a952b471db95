"""A session's load from every source that there is: heart rate, pace, effort, duration (science 4)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from steadymile.models.measured import Recording
from steadymile.models.metrics.extra_load import ExtraLoad, extra_load_ratio
from steadymile.models.metrics.person import ON_FOOT, PersonSession
from steadymile.models.physiology import athlete_parameters as bodies
from steadymile.models.physiology import energy, session_load
from steadymile.models.physiology.parameter_history import Belief
from steadymile.models.physiology.trimp import BPM, reserve
from steadymile.models.session import DEFAULT_WEIGHT_KG

ABOVE_MAXIMUM_BPM = 15.0
LOWEST_MEAN_BPM, MEANS_AGREE_BPM = 40.0, 10.0
SUSTAINED_MIN, SUSTAINED_SHARE = (20.0, 60.0, 180.0), (1.0, 0.96, 0.90)
"""The share of the maximum that nobody's mean heart rate exceeds for so many minutes, straight over their logarithm
(design values, some 3 % above what races of that length are run at)."""


def mean_of(values: np.ndarray, weights: np.ndarray) -> float:
    """The weighted mean, without the checks of `np.average`, which cost more than the sum."""
    return float((values * weights).sum() / weights.sum())


def believable(seconds: np.ndarray, maximum_bpm: float) -> np.ndarray:
    """Seconds without those at impossible rates: no heart beats 15 above its maximum."""
    impossible = BPM[: seconds.size] > maximum_bpm + ABOVE_MAXIMUM_BPM
    return np.where(impossible, 0.0, seconds) if seconds[impossible].any() else seconds


def above_maximum_s(seconds: np.ndarray | None, maximum_bpm: float) -> float | None:
    """Seconds at impossible rates."""
    return None if seconds is None else float((seconds - believable(seconds, maximum_bpm)).sum())


def heart_rate_seconds(
    recording: Recording, maximum_bpm: float, impossible: str | None = None
) -> tuple[np.ndarray | None, float, str | None]:
    """Seconds at each bpm and their coverage; or None and the reason why heart rate is not used, such as that it is
    `impossible`."""
    digest = recording.digest
    if digest.heart_rate_s is None or digest.coverage is None or digest.heart_rate_s.sum() <= 0:
        return None, 0.0, "no heart rate was recorded"
    locked = digest.cadence_lock_share or 0.0
    if locked >= session_load.USABLE_LOCK_SHARE:
        return None, 0.0, f"the sensor counted steps instead of beats for {locked:.0%} of the time"
    seconds = believable(digest.heart_rate_s, maximum_bpm)
    coverage = digest.coverage * float(seconds.sum() / digest.heart_rate_s.sum())
    if coverage < session_load.USABLE_COVERAGE:
        return None, coverage, f"a believable heart rate covers only {coverage:.0%} of the moving time"
    if impossible is not None:
        return None, coverage, impossible
    return seconds, coverage, None


def held_too_long(recording: Recording, maximum: bodies.Estimate) -> str | None:
    """Why a mean heart rate cannot be one, being nearer to the maximum than anyone holds it for so long; else None.

    The maximum itself may be higher than believed: it counts one deviation up, and two where it is age's alone.
    """
    minutes, seconds = minutes_of(recording.metrics), recording.digest.heart_rate_s
    mean = recording.stored.heart_rate_mean_bpm
    if seconds is not None and seconds.sum() > 0:
        mean = mean_of(BPM[: seconds.size], seconds)
    if mean is None or minutes is None or minutes < SUSTAINED_MIN[0]:
        return None
    most = float(np.interp(math.log(minutes), np.log(SUSTAINED_MIN), SUSTAINED_SHARE))
    deviations = 2.0 if maximum.source in bodies.AGE_ALONE else 1.0
    if mean <= most * (maximum.mean + deviations * maximum.sd):
        return None
    return f"a mean heart rate of {mean:.0f} bpm for {minutes:.0f} min is more than anyone holds for so long"


def minutes_of(metrics: Mapping[str, float | None]) -> float | None:
    """Minutes of the session: moving, else timer, else elapsed; None where nothing is known."""
    for name in ("moving_s", "timer_s", "elapsed_s"):
        seconds = metrics.get(name)
        if seconds is not None and seconds > 0:
            return seconds / 60.0
    return None


def loads_of(
    recording: Recording,
    session: PersonSession,
    belief: Belief,
    line: bodies.Line | None,
    ratios: Sequence[float],
    coverage: float,
    impossible: str | None = None,
) -> list[session_load.Load]:
    """The session's load from every source there is; `line` (pace to effort) and `ratios` (load to stated effort) are
    what was learnt so far. Of an `impossible` heart rate nothing is used."""
    found: list[session_load.Load | None] = []
    seen = belief.maximum.source not in bodies.AGE_ALONE
    minutes, sex = session.minutes, session.sex
    if session.seconds_at_bpm is not None:
        found.append(
            session_load.from_heart_rate(
                session.seconds_at_bpm, coverage, session.maximum_bpm, session.rest_bpm, sex, seen
            )
        )
    elif impossible is None:
        found += _partial_loads(recording, session, coverage, seen)
    modifier = cost_modifier(session) if recording.kind in ON_FOOT else 1.0
    found.append(_pace_load(recording, session, modifier, line))
    if recording.rpe is not None and minutes:
        found.append(session_load.from_effort(recording.rpe, minutes, sex, ratios))
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
        below = believable(seconds, session.maximum_bpm)
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
        sampled = mean_of(BPM[: seconds.size], seconds)
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


def cost_modifier(session: PersonSession) -> float:
    """Factor of sand, pack and boots on the cost, an unknown body taken for 75 kg. Never for heart rate."""
    if not session.present:
        return 1.0
    share = float(session.kind == "run") if session.running_share is None else session.running_share
    known = ExtraLoad(session.surface, session.pack_kg, session.boots_g, session.body_kg or DEFAULT_WEIGHT_KG, share)
    return extra_load_ratio(known).value or 1.0


def running_share(metrics: Mapping[str, float | None]) -> float | None:
    moving, running = metrics.get("moving_s"), metrics.get("running_s")
    return min(running / moving, 1.0) if moving and running is not None else None
