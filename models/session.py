"""What the planner sees of a person: sessions, days and published weeks, all dated, nothing later than `as_of`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from steadymile.models.athlete import Athlete
from steadymile.models.weekplan import WeekPlan


@dataclass(frozen=True, slots=True)
class Session:
    """One preferred activity with its metrics. `kind` run, walk, hike, other or unknown; None is unknown.

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
