"""Body and elevation: sleep, heart rate, other makers' tables, height."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bench.real.case_tables.case import COUNTED, Case, Near, Night


def climbed(night: Night) -> Mapping[str, Any]:
    """The ascent, and whether two stated deviations reach Garmin's own figure."""
    row = night.one(f"SELECT elevation_gain_m AS gain, elevation_gain_sd_m AS sd {COUNTED}")
    return {"elevation_gain_m": row["gain"], "covers 207 m": abs(row["gain"] - 207.0) <= 2.0 * row["sd"]}


def answers(night: Night) -> Mapping[str, Any]:
    """What came of a table of mornings: its days, and whether any slider of it became one of ours."""
    rows = night.sql("SELECT * FROM health ORDER BY day")
    sliders = ("fatigue", "soreness", "stress", "sleep_quality")
    return {
        "days": [row["day"] for row in rows],
        "sliders taken": sum(row[name] is not None for row in rows for name in sliders),
        "status": night.one("SELECT status FROM files").get("status"),
    }


def refused(night: Night) -> Mapping[str, Any]:
    """What is said of a file that is no check-in, and whether anything of it came in."""
    row = night.one("SELECT status, reason FROM files")
    return {
        "status": row.get("status"),
        "called TOML": "toml" in (row.get("reason") or "").lower().split("for check-ins")[0],
        "rows": len(night.sql("SELECT 1 FROM health")),
    }


CASES: tuple[Case, ...] = (
    Case(
        ("garmin-connect-207m.gpx.gz",),
        {"elevation_gain_m": Near(204.0, 12.0), "covers 207 m": True},
        climbed,
    ),
    Case(
        ("221496168774_SLEEP_DATA.fit",),
        {"sleep_h": Near(8.0, 0.1)},
        "SELECT sleep_h FROM health WHERE sleep_h IS NOT NULL ORDER BY day",
    ),
    Case(
        ("hrv4training-android-yyyy-dd-mm.csv",),
        {
            "days": [date(2017, 7, 27), date(2017, 7, 31), date(2017, 8, 1), date(2017, 8, 2), date(2017, 8, 13)],
            "sliders taken": 0,
            "status": "ingested",
        },
        answers,
    ),
    Case(
        ("intervals_activities.csv",),
        {"source": "listed", "local_day": date(2026, 11, 9), "distance_m": Near(4168.0, 1.0), "rpe": 4.0},
        f"SELECT source, local_day, distance_m, rpe {COUNTED}",
        note="a list of sessions with the day in start_date_local",
    ),
    Case(
        ("HiTrack_1524369828000152438638300030001",),
        {"status": "ignored", "called TOML": False, "rows": 0},
        refused,
    ),
)
"""Inputs and answers as the README of the cases folder states them."""
