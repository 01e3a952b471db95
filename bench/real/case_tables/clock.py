"""Time and distance: gaps, totals that reconcile, clocks, positions, the drive home, one person in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bench.real.case_tables.case import COUNTED, Case, Near, Night

SESSION = f"SELECT *, started_at AT TIME ZONE timezone AS started {COUNTED}"


def undated(night: Night) -> Mapping[str, Any]:
    """A recording that waits for its day: no row of it in activities, named, exit 1."""
    return {
        "sessions": len(night.sql("SELECT 1 FROM activities")),
        "status": night.one("SELECT status FROM files").get("status"),
        "needs you": night.result.needs_you,
    }


def reconciles(night: Night) -> Mapping[str, Any]:
    """The order of a session's times."""
    row = night.one(SESSION)
    return {"moving <= timer": row["moving_s"] <= row["timer_s"] + 1e-6}


def sparse(night: Night) -> Mapping[str, Any]:
    """The distance, and whether each time is near what is right, or unknown with a reason."""
    row = night.one(SESSION)
    answer = {"distance_m": row["distance_m"]}
    for name in ("moving_s", "running_s"):
        reason = night.one(f"SELECT reason FROM metrics WHERE metric = '{name}'").get("reason")
        known = row[name] is not None and abs(row[name] - 3650.0) <= 200.0
        answer[f"{name.removesuffix('_s')} known or why not"] = known or (row[name] is None and bool(reason))
    return answer


WAITS = {"sessions": 0, "status": "waiting", "needs you": True}

CASES = (
    Case(
        ("2021-10-18-181447.fit",),
        {"moving_s": Near(1542, 8), "running_s": Near(1542, 8), "longest_run_s": Near(1542, 8),
         "longest_run_m": Near(4318, 45), "load": Near(67, 5)},
        SESSION,
    ),
    Case(("2021-03-04-181634.fit",), {"longest_run_s": Near(761, 8), "load": Near(80, 6)}, SESSION),
    Case(
        ("keep-sparse-6.4km-63min.gpx",),
        {"distance_m": Near(6390, 130), "moving known or why not": True, "running known or why not": True},
        sparse,
    ),
    Case(
        ("time-jump.fit",),
        {"local_day": date(2017, 3, 14), "distance_m": Near(10497, 20), "elapsed_s": Near(3389, 5)},
        SESSION,
    ),
    Case(("clock-set-late.fit",), {"local_day": date(2026, 11, 26), "distance_m": Near(4168, 20)}, SESSION),
    Case(
        ("jump20days.gpx.gz",),
        {"local_day": date(2026, 11, 20), "distance_m": Near(4200, 30), "elapsed_s": Near(1500, 3)},
        SESSION,
    ),
    Case(("keep-year-7522.gpx",), {"local_day": date(2025, 7, 10), "needs you": False},
         lambda night: {**night.one(SESSION), "needs you": night.result.needs_you},
         note="a hundred times the true time, or else it waits"),
    Case(("clock-1989.fit",), WAITS, undated),
    Case(("clock-a-year-ahead.fit",), WAITS, undated),
    Case(
        ("komoot-stretched.gpx.gz",),
        {"longest_s": Near(0, 86_400), "load": Near(0, 1500)},
        "SELECT coalesce(max(elapsed_s), 0) AS longest_s, coalesce(max(load), 0) AS load FROM activities",
    ),
    Case(("stale-positions-5103m.gpx.gz",), {"distance_m": Near(5103, 52)}, SESSION),
    Case(("moving-over-timer.fit",), {"moving <= timer": True}, reconciles),
    Case(("drive-home-full.fit",), {"distance_m": Near(4168, 42)}, SESSION),
    Case(
        ("drive-home-full.fit", "drive-home-trimmed.gpx.gz"),
        {"n": 1, "distance_m": Near(4168, 42)},
        "SELECT count(*) AS n, sum(distance_m) AS distance_m FROM activities WHERE preferred",
    ),
    Case(
        ("overlap-watch-run.fit", "overlap-phone-walk.gpx.gz"),
        {"running_s": Near(1199, 5), "elapsed_s": Near(3598, 5)},
        "SELECT sum(running_s) AS running_s, sum(elapsed_s) AS elapsed_s FROM activities WHERE preferred",
    ),
)  # fmt: skip
"""Inputs and answers as the README of the cases folder states them; loads are for somebody whose heart rates are not
known, so they are those of the README times 1.34."""
