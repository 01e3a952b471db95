"""What the planner sees of a person: sessions, days and published weeks, all dated, nothing later than `as_of`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from steadymile.models.athlete import Athlete
from steadymile.models.sport import BARELY_RUN_S
from steadymile.models.stated.logged import STATED
from steadymile.models.weekplan import WeekPlan

SENSED = "cadence"
DEFAULT_WEIGHT_KG = 75.0
"""Taken for a body of unknown mass, where a pack is carried (design value)."""
CONTINUOUS_WALK_SHARE, CONTINUOUS_STOP_SHARE, CONTINUOUS_MIN = 0.03, 0.08, 10.0
"""A run with hardly any walking is one bout, whatever the stops at crossings (design values)."""
TALK = {"no": 0, "equivocal": 1, "yes": 2}


@dataclass(frozen=True, slots=True)
class Session:
    """One preferred activity with its metrics, or several on foot that a plan sees as one (training/matching.py): their
    ids are `activity_id` and `joined`. `kind` run, walk, hike, other or unknown; None is unknown.

    `share_above_ceiling` is the share of running time above the heart-rate ceiling fraction (science 4.4);
    `running_source` how running was told from walking (cadence, two speeds, speed, average pace), None where nobody
    asked a sensor; `impact_ratio` minutes on the legs that a minute with this pack counts as.
    """

    activity_id: str
    started_at: datetime
    local_day: date
    kind: str
    sport: str = "running"
    elapsed_s: float | None = None
    moving_s: float | None = None
    running_s: float | None = None
    walking_s: float | None = None
    distance_m: float | None = None
    longest_run_s: float | None = None
    longest_run_m: float | None = None
    elevation_gain_m: float | None = None
    elevation_loss_m: float | None = None
    run_speed_m_s: float | None = None
    walk_speed_m_s: float | None = None
    load: float | None = None
    load_sd: float | None = None
    load_source: str | None = None
    heart_rate_mean_bpm: float | None = None
    share_above_ceiling: float | None = None
    efficiency: float | None = None
    decoupling_pct: float | None = None
    mile_done: bool | None = None
    best_mile_s: float | None = None
    rpe: float | None = None
    talk_test: str | None = None
    feel: float | None = None
    surface: str | None = None
    pack_kg: float | None = None
    running_source: str | None = None
    impact_ratio: float | None = None
    title: str | None = None
    workout: str | None = None
    joined: tuple[str, ...] = ()

    @property
    def activity_ids(self) -> tuple[str, ...]:
        """The ids of all its files."""
        return (self.activity_id, *self.joined)

    @property
    def foot(self) -> str:
        """run or walk: a run file in which hardly anything was run is a walk."""
        if self.kind == "run" and not (self.running_s is not None and self.running_s < BARELY_RUN_S):
            return "run"
        return "walk"

    @property
    def total_s(self) -> float | None:
        """Moving seconds, else elapsed ones."""
        return self.moving_s if self.moving_s is not None else self.elapsed_s

    @property
    def total_min(self) -> float:
        """The same in minutes; 0 where neither is known."""
        return (self.total_s or 0.0) / 60.0

    @property
    def run_min(self) -> float | None:
        """Minutes of running."""
        return None if self.running_s is None else self.running_s / 60.0

    @property
    def bout_s(self) -> float | None:
        """Seconds of the longest bout; all the running of a run that only crossings interrupted."""
        if self.longest_run_s is None or self.running_s is None or self.running_s < 60.0 * CONTINUOUS_MIN:
            return self.longest_run_s
        if self.elapsed_s is None or self.moving_s is None or self.walking_s is None:
            return self.longest_run_s
        stopped = self.elapsed_s - self.moving_s
        if self.walking_s > CONTINUOUS_WALK_SHARE * self.running_s or stopped > CONTINUOUS_STOP_SHARE * self.elapsed_s:
            return self.longest_run_s
        return max(self.longest_run_s, self.running_s)

    @property
    def bout_min(self) -> float | None:
        """Minutes of the longest bout."""
        return None if (seconds := self.bout_s) is None else seconds / 60.0

    @property
    def talk(self) -> str | None:
        """The talk test's answer: no, equivocal or yes."""
        return self.talk_test if self.talk_test in TALK else None

    @property
    def by_speed(self) -> bool:
        """Whether running was told from walking by speed alone."""
        return self.running_s is not None and self.running_source not in (None, SENSED, STATED)

    @property
    def own_decoupling_pct(self) -> float | None:
        """Decoupling on firm ground without a pack: sand and weight change the pace, not the runner."""
        return None if self.pack_kg or (self.surface or "").startswith("sand") else self.decoupling_pct

    @property
    def impact(self) -> float:
        """Minutes on the legs that a minute counts as; a body of unknown mass is taken for 75 kg."""
        if not self.pack_kg or self.pack_kg <= 0:
            return 1.0
        return self.impact_ratio or 1.0 + self.pack_kg / DEFAULT_WEIGHT_KG


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of check-ins and wellness; `values` holds keys of CHECKIN_FIELDS and HEALTH. `held` names answers
    that only a file gave: they may begin a stop and never end one (physiology/confirmation.py)."""

    day: date
    values: Mapping[str, float | str | bool]
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Body:
    """What is believed of the athlete's body on a day, each with its standard deviation and source (science 3)."""

    heart_rate_max_bpm: float | None = None
    heart_rate_max_sd_bpm: float | None = None
    heart_rate_max_source: str = "unknown"
    heart_rate_rest_bpm: float | None = None
    heart_rate_rest_sd_bpm: float | None = None
    heart_rate_rest_source: str = "unknown"
    vt1_mean: float = 0.54
    vt1_sd: float = 0.11
    efficiency_now: float | None = None
    efficiency_now_var: float | None = None
    efficiency_28d_ago: float | None = None
    efficiency_28d_ago_var: float | None = None


@dataclass(frozen=True, slots=True)
class History:
    """All that a plan may depend on. Sequences ascend in time. `last_file_day` is the newest local day that any
    file of any kind covers (amendment 11: not synced is not missed); `undated` recordings wait for their day, which
    nobody knows."""

    athlete: Athlete
    sessions: tuple[Session, ...] = ()
    days: tuple[Day, ...] = ()
    weeks: tuple[WeekPlan, ...] = ()
    body: Body = Body()
    last_file_day: date | None = None
    undated: int = 0


def sessions_between(sessions: Sequence[Session], first: date, last: date) -> Sequence[Session]:
    """The recorded sessions of those local days; `sessions` ascend in time.

    One day of slack on both sides, as local days of neighbours may cross when travelling.
    """
    day = timedelta(days=1)
    low = bisect_left(sessions, first - day, key=lambda s: s.started_at.date())
    high = bisect_right(sessions, last + day, key=lambda s: s.started_at.date())
    return [s for s in sessions[low:high] if first <= s.local_day <= last]
