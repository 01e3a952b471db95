"""The body and the road of the made runner: second by second, with faults as real sensors have them.

It is a stand-in for a person in the demo and in tests. It knows nothing of how steadymile computes load, comfort or
levels, and proves nothing about people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from steadymile.models.weekplan import Step

LATITUDE_DEG, LONGITUDE_DEG = -20.60, 130.40  # empty desert in Australia's Northern Territory: nobody's home
TIMEZONE = "Australia/Darwin"
UTC_OFFSET_S = 34_200
METRES_PER_DEGREE = 111_195.0
LOOP_M = 2_600.0
WALK_M_S = 1.45


@dataclass(slots=True)
class Body:
    """What the made runner is today. Oxygen uptake in mL/kg/min, heart rates in bpm."""

    vo2max: float = 35.0
    vo2max_ceiling: float = 45.0
    threshold: float = 0.66  # share of the reserve that can be held long; grows with training
    heart_rate_rest: float = 67.0
    heart_rate_max: float = 189.0
    tiredness: float = 0.0  # 0 fresh; about 1 after a hard week
    last_day: date | None = None

    def rest_until(self, day: date) -> None:
        """Let the days since the last session pass: tiredness fades in days, endurance in many weeks."""
        if self.last_day is not None and day > self.last_day:
            gap = (day - self.last_day).days
            self.tiredness *= math.exp(-gap / 3.5)
            self.vo2max -= 0.012 * max(0, gap - 4) * (self.vo2max - 31.0) / 10.0
        self.last_day = day

    def train(self, effort_min: float) -> None:
        """Add the effect of minutes above an easy walk, weighted by how hard they were."""
        self.tiredness += effort_min / 18.0
        gain = effort_min / (effort_min + 60.0)
        self.vo2max += 0.075 * gain * (self.vo2max_ceiling - self.vo2max)
        self.threshold += 0.11 * gain * (0.82 - self.threshold)

    @property
    def jog_m_s(self) -> float:
        """The speed that this body calls an easy jog: a little above its threshold, as beginners do."""
        uptake = 3.5 + (self.vo2max - 3.5) * (self.threshold + 0.06)
        return min(max((uptake - 3.5) / 0.2 / 60.0, 2.0), 3.2)


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """What a watch stored of one session, at 1 Hz while its timer ran, and what the runner would say of it.

    Unknown samples are NaN. `latitude_deg` is None indoors. `altitude_m` is the barometer's, `gps_altitude_m` the
    satellites'. `ran_s` is what was really run, `asked_s` what the plan asked.
    """

    day: date
    started_at: datetime
    kind: str
    indoor: bool
    title: str | None
    t_s: np.ndarray
    latitude_deg: np.ndarray | None
    longitude_deg: np.ndarray | None
    altitude_m: np.ndarray | None
    gps_altitude_m: np.ndarray | None
    distance_m: np.ndarray
    speed_m_s: np.ndarray
    heart_rate_bpm: np.ndarray
    cadence_spm: np.ndarray
    timer: tuple[tuple[float, float], ...]
    rpe: int
    talk_test: str
    feel: int
    ran_s: float
    asked_s: float
    faults: tuple[str, ...] = field(default=())


def _follow(target: np.ndarray, tau_s: float, start: float) -> np.ndarray:
    """First-order lag of a 1-Hz series."""
    rate = 1.0 - math.exp(-1.0 / tau_s)
    out, value = [], start
    for x in target.tolist():
        value += rate * (x - value)
        out.append(value)
    return np.array(out)


def wander(rng: np.random.Generator, n: int, sd: float, tau_s: float) -> np.ndarray:
    """Noise with a memory of `tau_s` seconds and standard deviation `sd` (Ornstein-Uhlenbeck)."""
    keep = math.exp(-1.0 / tau_s)
    kicks = (rng.standard_normal(n) * (sd * math.sqrt(1.0 - keep * keep))).tolist()
    out, value = [], float(rng.normal(0.0, sd))
    for kick in kicks:
        value = keep * value + kick
        out.append(value)
    return np.array(out)


def _loop() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Distance along, metres north and east, and height of a bean-shaped loop with two hills."""
    turn = np.linspace(0.0, 2.0 * np.pi, 721)
    radius = 1.0 + 0.22 * np.cos(2.0 * turn) + 0.08 * np.sin(3.0 * turn)
    north, east = radius * np.sin(turn), radius * np.cos(turn)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(north), np.diff(east)))])
    scale = LOOP_M / along[-1]
    height = 432.0 + 9.0 * np.sin(turn) + 4.0 * np.sin(3.0 * turn + 1.0)
    return along * scale, north * scale, east * scale, height


_ALONG, _NORTH, _EAST, _HEIGHT = _loop()
_GRADE = np.gradient(_HEIGHT, _ALONG)


def pieces(steps: tuple[Step, ...]) -> list[tuple[bool, int]]:
    """Steps as a list of (running, seconds)."""
    out: list[tuple[bool, int]] = []
    for step in steps:
        for _ in range(step.reps):
            out += [(running, s) for running, s in ((True, step.run_s), (False, step.walk_s)) if s]
    return out


def oxygen(speed_m_s: np.ndarray, grade: np.ndarray, running: np.ndarray) -> np.ndarray:
    """Oxygen uptake above rest, mL/kg/min (ACSM walking and running equations); downhill counted at half."""
    metres_min = speed_m_s * 60.0
    slope = np.where(grade > 0, grade, 0.5 * grade)
    cost = np.where(running, 0.2 * metres_min + 0.9 * metres_min * slope, 0.1 * metres_min + 1.8 * metres_min * slope)
    return np.clip(cost, 0.0, None)


@dataclass(frozen=True, slots=True)
class Effort:
    """What the body did, second by second, before any sensor saw it."""

    asked: np.ndarray  # the plan says run
    running: np.ndarray
    speed_m_s: np.ndarray
    along_m: np.ndarray
    height_m: np.ndarray
    share: np.ndarray  # oxygen demand over the reserve
    paused: np.ndarray


def go(body: Body, rng: np.random.Generator, plan: list[tuple[bool, int]], pace: float, indoor: bool) -> Effort:
    """Do the plan: run at one's own pace, and walk for a while when the reserve is empty."""
    asked = np.repeat([run for run, _ in plan], [s for _, s in plan])
    paused = np.zeros(asked.size, dtype=bool)
    walks = np.flatnonzero(~asked[:-60])
    if not indoor and walks.size and rng.random() < 0.3:
        at, length = int(rng.choice(walks)), int(rng.integers(25, 90))
        asked = np.insert(asked, at, np.zeros(length, dtype=bool))
        paused = np.insert(paused, at, np.ones(length, dtype=bool))
    n = asked.size
    own = 1.0 + wander(rng, n, 0.02, 40.0)
    jog = body.jog_m_s * pace * (1.0 - 0.04 * min(body.tiredness, 1.5))
    running, cost_run = asked.copy(), 0.2 * 60.0 * jog
    spare = full = 150.0 + 900.0 * (body.threshold - 0.5)  # seconds at one unit of demand above threshold, roughly
    reserve, until = body.vo2max - 3.5, -1
    above = 100.0 * (cost_run / reserve - body.threshold - 0.05)
    for second in range(n):
        if asked[second] and second >= until:
            spare -= max(above, 0.0) * 0.09
            if spare <= 0.0:
                until = second + 75
        else:
            running[second] = False
            spare = min(full, spare + 0.8)
    wish = np.where(running, jog, WALK_M_S) * own
    wish[paused] = 0.0
    speed = _follow(wish, 2.5, 0.0)
    speed[paused] = 0.0
    along = np.cumsum(speed)
    place = np.mod(along, LOOP_M)
    grade = np.zeros(n) if indoor else np.interp(place, _ALONG, _GRADE)
    speed = speed * (1.0 - np.clip(grade, -0.02, 0.05))
    share = oxygen(speed, grade, running) / reserve
    return Effort(asked, running, speed, along, np.interp(place, _ALONG, _HEIGHT), share, paused)


def heart_rate(body: Body, rng: np.random.Generator, effort: Effort) -> np.ndarray:
    """Heart rate in bpm: rises in 30 s, falls in 55 s, drifts up with time at effort, higher when tired."""
    span = body.heart_rate_max - body.heart_rate_rest
    drift = np.cumsum(np.clip(effort.share - 0.45, 0.0, None)) / 60.0 * 0.004
    target = np.clip(0.07 + 0.83 * effort.share + drift + 0.02 * body.tiredness, 0.0, 1.0)
    up, down = 1.0 - math.exp(-1.0 / 30.0), 1.0 - math.exp(-1.0 / 55.0)
    out, value = [], 0.12
    for x in target.tolist():
        value += (up if x > value else down) * (x - value)
        out.append(value)
    return body.heart_rate_rest + span * np.array(out) + wander(rng, target.size, 1.6, 12.0)


def positions(rng: np.random.Generator, along_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and longitude along the loop with satellite error that wanders over half a minute."""
    place = np.mod(along_m, LOOP_M)
    north = np.interp(place, _ALONG, _NORTH) + wander(rng, place.size, 2.0, 30.0)
    east = np.interp(place, _ALONG, _EAST) + wander(rng, place.size, 2.0, 30.0)
    narrowing = math.cos(math.radians(LATITUDE_DEG))
    return LATITUDE_DEG + north / METRES_PER_DEGREE, LONGITUDE_DEG + east / (METRES_PER_DEGREE * narrowing)
