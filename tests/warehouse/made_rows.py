"""Small made rows for the tests of the warehouse."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from steadymile.models.measured import Signature
from steadymile.models.metrics.catalogue import Digest, Measured, Segment, Value
from steadymile.models.recording import BOUTS, LAPS, SAMPLES, SPLITS, Activity, Device, Stored
from steadymile.models.weekplan import Action, PlannedSession, Reason, Step, WeekPlan
from steadymile.warehouse.store import NewRecording

START = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)


def samples(start: datetime, seconds: int, heart_rate: float | None = 140.0) -> pl.DataFrame:
    t = np.arange(seconds, dtype=float)
    return pl.DataFrame(
        {
            "time": [start + timedelta(seconds=float(s)) for s in t],
            "t_s": t,
            "latitude_deg": -30.5 + t * 1e-5,
            "longitude_deg": 127.1 + t * 1e-5,
            "altitude_m": 100 + np.sin(t / 30),
            "distance_m": t * 2.5,
            "speed_m_s": np.full(seconds, 2.5),
            "heart_rate_bpm": [heart_rate] * seconds,
            "cadence_spm": np.full(seconds, 165.0),
            "power_w": [None] * seconds,
            "temperature_c": np.full(seconds, 18.0),
            "flags": np.zeros(seconds, dtype=np.int32),
        },
        schema=SAMPLES,
    )


def recording(
    activity_id: str = "a1", athlete_id: str = "me", day: int = 0, seconds: int = 60, **changes: Any
) -> NewRecording:
    """A run `day` days after Monday 2 November 2026."""
    start = START + timedelta(days=day)
    track = samples(start, seconds, changes.pop("heart_rate", 140.0))
    metrics = {
        "elapsed_s": Value(float(seconds)),
        "moving_s": Value(float(seconds)),
        "running_s": Value(40.0),
        "walking_s": Value(seconds - 40.0),
        "distance_m": Value(2.5 * seconds),
        "longest_run_s": Value(40.0),
        "elevation_gain_m": Value(12.0, sd=3.0, source="barometric"),
        "heart_rate_mean_bpm": Value(140.0),
        "decoupling_pct": Value(reason="too short a run to tell"),
        **changes.pop("metrics", {}),
    }
    activity = Activity(
        start,
        changes.pop("sport", "running"),
        track,
        "columnar",
        title="Morning",
        device=Device("made", "watch", "17", "1.0", True),
        laps=pl.DataFrame([(0, start, 60.0, 60.0, 150.0, 140.0, 150.0, 3.0, "manual")], schema=LAPS, orient="row"),
        stored=Stored(distance_m=160.0, timer_s=59.0, elevation_gain_m=10.0, heart_rate_mean_bpm=141.0),
        rpe=3.0,
        identity="17:900",
        notes=("one note",),
    )
    bouts = pl.DataFrame(
        [(0, "run", 0.0, 40.0, 100.0, 2.5, 140.0), (1, "walk", 40.0, 20.0, 50.0, 2.5, None)], schema=BOUTS, orient="row"
    )
    splits = pl.DataFrame([("km", 1, 0.0, 60.0, 60.0, 150.0, 400.0, 140.0, 170.0, 3.0)], schema=SPLITS, orient="row")
    digest = Digest(
        np.arange(256.0), None, np.ones(200) / 3, 0.9, None, 151.0, 2.5, 140.0, (Segment("run", 200.0, 140.0, None),)
    )
    about: dict[str, Any] = {
        "sha256": "0" * 64,
        "path": f"{activity_id}.fit",
        "local_day": (START + timedelta(days=day)).date(),
        "timezone": "Australia/Eucla",
        "timezone_source": "place",
        "kind": "run",
        "signature": Signature(distance_m=np.arange(0.0, 180.0, 60.0)),
        **changes,
    }
    return NewRecording(
        activity_id=activity_id,
        athlete_id=athlete_id,
        activity=activity,
        measured=Measured(track, bouts, metrics, {"HR_SPIKE": 2}, "barometric", digest, splits),
        **about,
    )


def week_plan(week: str = "2026-W45", athlete_id: str = "me", **changes: Any) -> WeekPlan:
    base: dict[str, Any] = {
        "athlete_id": athlete_id, "week": week, "as_of": date(2026, 11, 1), "action": Action.ADVANCE, "level": "J3",
        "earned_level": "J3", "run_min": 24.0, "longest_bout_min": 1.0, "walk_min": 70.0, "distance_m": 9000.0,
        "elevation_gain_m": 60.0, "load_low": 90.0, "load_high": 130.0, "heart_rate_ceiling_bpm": 155.0, "sessions": 3,
        "headline": "A little more.", "state": {"level": 3, "pain": None}, "inputs_hash": "abc", "policy_version": "2",
        "planned": (
            PlannedSession(date(2026, 11, 3), "run", 30.0, "Jog.", (Step(1, 0, 300), Step(8, 60, 90)), 2900.0, 155, 1),
            PlannedSession(date(2026, 11, 4), "rest", 0.0, "Rest."),
        ),
        "reasons": (
            Reason("earned", "Done.", 2.0, 2.0, "21 days", 20.0, 24.0, True, True, "moderate", ("a1", "a2"), "less"),
            Reason("missing_pain", "No answer on pain."),
        ),
    }  # fmt: skip
    return WeekPlan(**{**base, **changes})
