"""The vocabulary of a recording: samples, laps, devices, activities, wellness readings and check-ins.

Units are in the names; inside steadymile everything is SI, converted once where a file is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import IntFlag
from typing import Any

import numpy as np
import polars as pl

TIME: Any = pl.Datetime("us", "UTC")

SAMPLES = pl.Schema(
    {
        "time": TIME,
        "t_s": pl.Float64,
        "latitude_deg": pl.Float64,
        "longitude_deg": pl.Float64,
        "altitude_m": pl.Float64,
        "distance_m": pl.Float64,
        "speed_m_s": pl.Float64,
        "heart_rate_bpm": pl.Float64,
        "cadence_spm": pl.Float64,
        "power_w": pl.Float64,
        "temperature_c": pl.Float64,
        "flags": pl.Int32,
    }
)
"""One row a recorded sample, in file order out of a reader and in time order after cleaning.

`t_s` seconds since the activity's start; `distance_m` cumulative; `cadence_spm` steps a minute of both feet (for
sports not on foot: revolutions a minute); `altitude_m` as the device gives it, never to be shown as the true height;
`flags` a union of `Flag`, 0 where nothing was touched. Unknown is null, never 0 and never NaN.
"""

LAPS = pl.Schema(
    {
        "index": pl.Int32,
        "started_at": TIME,
        "elapsed_s": pl.Float64,
        "timer_s": pl.Float64,
        "distance_m": pl.Float64,
        "heart_rate_mean_bpm": pl.Float64,
        "heart_rate_max_bpm": pl.Float64,
        "elevation_gain_m": pl.Float64,
        "trigger": pl.String,
    }
)
"""One row a lap as the device stored it."""

BOUTS = pl.Schema(
    {
        "index": pl.Int32,
        "kind": pl.String,  # run | walk | stand
        "start_s": pl.Float64,
        "duration_s": pl.Float64,
        "distance_m": pl.Float64,
        "speed_m_s": pl.Float64,
        "heart_rate_mean_bpm": pl.Float64,
    }
)
"""One row per bout of one gait, in order, without overlap (science 2.2)."""


SPLITS = pl.Schema(
    {
        "unit": pl.String,  # km | mile
        "index": pl.Int32,
        "start_s": pl.Float64,
        "timer_s": pl.Float64,
        "moving_s": pl.Float64,
        "distance_m": pl.Float64,
        "pace_s_per_km": pl.Float64,
        "heart_rate_mean_bpm": pl.Float64,
        "cadence_mean_spm": pl.Float64,
        "elevation_change_m": pl.Float64,
    }
)
"""One row a kilometre or mile of the way, in order; the last one of each unit is what was left."""


class Flag(IntFlag):
    """What was done to a sample, or is known of it. The raw value stays in the archived original."""

    HR_INVALID = 1 << 0  # 0, 255 or outside 30-230 bpm: nulled
    HR_SPIKE = 1 << 1  # nulled
    HR_ABOVE_MAXIMUM = 1 << 2  # above the believed maximum by 15: nulled
    HR_FROZEN = 1 << 3  # nulled
    HR_CADENCE_LOCK = 1 << 4  # nulled
    HR_WARM_UP = 1 << 5  # nulled
    POSITION_INVALID = 1 << 6  # outside the globe or (0, 0): nulled
    POSITION_JUMP = 1 << 7  # faster than 12 m/s on foot: nulled
    ALTITUDE_PLACEHOLDER = 1 << 8  # -500 m and the like: nulled
    ALTITUDE_JUMP = 1 << 9  # vertical speed beyond 5 m/s on foot: nulled
    DISTANCE_RESET = 1 << 10  # distance fell: offset added from here on
    TIME_DUPLICATE = 1 << 11  # same timestamp as the sample before: values merged
    TIME_BACKWARD = 1 << 12  # earlier than the sample before: sorted into place
    TIME_ABSURD = 1 << 13  # far from the rest of the file: sample dropped, counted
    VALUE_INVALID = 1 << 14  # NaN, infinite or impossible speed, cadence, power, temperature: nulled
    SPEED_DERIVED = 1 << 15  # speed from distance over time, the file had none
    DISTANCE_DERIVED = 1 << 16  # distance from positions, the file had none
    HR_FROM_STRAP = 1 << 17  # from the strap's own `hr` messages
    VEHICLE = 1 << 18  # reached on wheels in a session on foot: place and speed nulled, way not counted


@dataclass(frozen=True, slots=True)
class Device:
    """What recorded it. `barometer` is None where the model is not known to have or lack one."""

    manufacturer: str | None = None
    product: str | None = None
    serial: str | None = None
    software: str | None = None
    barometer: bool | None = None

    @property
    def name(self) -> str | None:
        """Manufacturer and product as one readable name, None when neither is known."""
        parts = [p for p in (self.manufacturer, self.product) if p]
        return " ".join(parts) or None


@dataclass(frozen=True, slots=True)
class Stored:
    """The device's own totals and scores for the session, for the agreement report and where no samples exist.

    The training effects are 0 to 5, the performance condition at the end -20 to 20 against the runner's usual.
    """

    distance_m: float | None = None
    elapsed_s: float | None = None
    timer_s: float | None = None
    moving_s: float | None = None
    elevation_gain_m: float | None = None
    elevation_loss_m: float | None = None
    heart_rate_mean_bpm: float | None = None
    heart_rate_max_bpm: float | None = None
    calories_kcal: float | None = None
    vo2max_ml_kg_min: float | None = None
    aerobic_training_effect: float | None = None
    anaerobic_training_effect: float | None = None
    recovery_time_h: float | None = None
    performance_condition: float | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One session of one sport as a file tells it. Times UTC. `samples` follows SAMPLES, `laps` LAPS.

    `timer` lists the stretches (start, stop) in seconds since `started_at` in which the device's timer ran; None
    where the file does not say. `utc_offset_s` is the local clock's offset as the file gives it, with its source in
    `utc_offset_source` (`fit_local_timestamp`, `gpx_offset`, `tcx_offset`); None where the file does not say. `feel` 0
    (worst) to 100 (best), `rpe` Borg CR10. `rr_s` beat-to-beat intervals in seconds, in order.
    `source` recorded, listed where an export only names it with its totals, or logged where its owner reported it;
    `sport_source` file, list or owner, whose word it is what sport it was;
    `left_out` counts its points that could not be taken.
    `clock_moved` of its samples were `clock_shift_s` behind the others (ahead where that is negative), because the
    clock was set while it ran, and were moved to the clock of the rest.
    `stamp` another time that the file states, near the start (when it was created), None where it states none.
    `identity` is the maker's own identity of the recording (serial and creation time), equal in every export of it.
    """

    started_at: datetime
    sport: str
    samples: pl.DataFrame
    reader: str
    index: int = 0
    sub_sport: str | None = None
    title: str | None = None
    workout: str | None = None
    device: Device = Device()
    laps: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LAPS))
    timer: tuple[tuple[float, float], ...] | None = None
    stored: Stored = Stored()
    rpe: float | None = None
    feel: float | None = None
    rr_s: np.ndarray | None = None
    utc_offset_s: int | None = None
    utc_offset_source: str | None = None
    identity: str | None = None
    external_id: str | None = None
    source: str = "recorded"
    sport_source: str = "file"
    left_out: int = 0
    clock_moved: int = 0
    clock_shift_s: float = 0.0
    stamp: datetime | None = None
    notes: tuple[str, ...] = ()

    @property
    def ended_at(self) -> datetime:
        """UTC time of the last sample; where there are no samples, start plus the device's elapsed time, else until the
        timer's last stop."""

        if self.samples.height:
            last = self.samples["time"].max()
            if isinstance(last, datetime):
                return last.astimezone(UTC)
        stopped = self.timer[-1][1] if self.timer else 0.0
        return self.started_at + timedelta(seconds=self.stored.elapsed_s or self.stored.timer_s or stopped)


@dataclass(frozen=True, slots=True)
class Wellness:
    """One reading of a body away from training. `quantity` is a key of HEALTH. `weight` is the number of measurements
    that a mean over a part of the day was made of."""

    quantity: str
    value: float
    source: str
    at: datetime | None = None  # UTC
    day: date | None = None  # local day, where the file states one
    utc_offset_s: int | None = None
    weight: float = 1.0


HEALTH: Mapping[str, str] = {
    "resting_heart_rate_bpm": "resting heart rate of the day",
    "hrv_ln_rmssd": "natural logarithm of the night's RMSSD in milliseconds",
    "sleep_h": "hours asleep in the night that ended this day",
    "stress": "mean stress score of the day as the watch gives it, 0-100",
    "weight_kg": "body mass",
    "steps": "steps of the day",
    "respiration_brpm": "breaths a minute",
    "body_battery": "energy score of the day as the watch gives it, 0-100",
}
"""Quantities of `health` that devices measure; the subjective ones come from check-ins."""


UNDATED = date.max
"""The day of a warning sign in a file that gives it none that can be read: it counts on the day the file came in."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What a person says about a day or a session: `values` holds keys of CHECKIN_FIELDS, already parsed.

    `at` UTC time it speaks of, if known; `day` local day it speaks of; `activity_id` when it names one session.
    Later check-ins win over earlier ones field by field.
    """

    day: date
    values: Mapping[str, float | str | bool]
    source: str
    at: datetime | None = None
    activity_id: str | None = None


CHECKIN_FIELDS: Mapping[str, str] = {
    "rpe": "how hard it was: 0 nothing at all, 3 moderate, 5 hard, 10 the hardest ever",
    "talk_test": "(or talk) could you speak in full sentences: yes, equivocal (barely), no",
    "feel": "how it felt, 0 worst to 100 best",
    "pain": "worst pain of the day, 0 none to 10 unbearable",
    "pain_place": "where it hurts",
    "pain_next_morning": "pain the morning after: better, same, worse",
    "after_effort": "the day after a session: fine, or worse (a crash beyond tired legs)",
    "ill": "yes: ill, with symptoms; no: well again",
    "red_flag": "a warning sign: chest_pain, fainting, palpitations, breathless, headache, fever, calf, bone_pain, "
    "limping, numbness, injury, other",
    "cleared": "yes: a doctor or physiotherapist agreed to running after a warning sign",
    "fatigue": "this morning, 1 not tired at all to 7 very tired",
    "soreness": "this morning, 1 not sore at all to 7 very sore",
    "stress": "these days, 1 none to 7 very much",
    "sleep_quality": "last night, 1 slept very well to 7 very badly",
    "sleep_h": "hours slept",
    "resting_heart_rate_bpm": "resting heart rate of the morning",
    "hrv_rmssd_ms": "heart-rate variability (RMSSD) of the morning or night, milliseconds",
    "weight_kg": "what you weigh",
    "strength_min": "minutes of strength work done",
    "surface": "road, track, trail, grass, sand_soft, sand_firm, treadmill",
    "pack_kg": "what you carried in a backpack, kg",
    "boots_g": "how much heavier than running shoes, grams a pair",
    "walk_min": "minutes walked without a watch",
    "run_min": "minutes run without a watch",
    "title": "name of the session",
    "note": "anything else",
}
"""The fields of a check-in. A file with other columns is read for these; the rest is named in the reason."""
