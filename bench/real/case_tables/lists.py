"""What a session was: sports, lists, evidence, files over time."""

from __future__ import annotations

from typing import Any

from bench.real.case_tables.case import Case, Near, Night

NOTHING_RUN = {"runs": 0, "mile": None}


def raised(night: Night) -> dict[str, Any]:
    """How many sessions count as runs, a mile time if any, the kinds, and the level of the newest plan."""
    kinds = night.sql("SELECT kind, count(*) AS n FROM activities WHERE preferred GROUP BY kind")
    mile = night.one("SELECT value FROM estimates WHERE name = 'mile_time_now_s'").get("value")
    level = night.one("SELECT level FROM targets ORDER BY week DESC LIMIT 1").get("level")
    counts = {row["kind"]: row["n"] for row in kinds}
    return {"runs": counts.get("run", 0), "mile": mile, "kinds": counts, "level": level}


ORDER = "FROM activities WHERE preferred ORDER BY started_at"
LAST = "FROM activities WHERE preferred ORDER BY started_at DESC"

CASES: tuple[Case, ...] = (
    Case(
        ("strava-ebike-12-rides.zip",),
        {**NOTHING_RUN, "kinds": {"other": 12}, "level": "W2"},
        raised,
        {"timezone": "Europe/Berlin", "experience": "never"},
    ),
    Case(("apple_export.zip",), {"kind": "other", "sport": "cycling"}, f"SELECT kind, sport {LAST}"),
    Case(("car-8min-no-type.gpx",), {**NOTHING_RUN, "kinds": {"unknown": 1}}, raised),
    Case(("bike-40min-4.5ms-no-type.gpx.gz",), {**NOTHING_RUN, "kinds": {"unknown": 1}}, raised),
    Case(("garmin-navigate-type-other.gpx",), {**NOTHING_RUN, "kinds": {"unknown": 1}}, raised),
    Case(("4623204522-1.gpx",), {"kind": "other", "sport": "swimming"}),
    Case(("untyped_onefoot_cad.gpx.gz",), {"kind": "run", "running_s": Near(1200.0, 5.0)}),
    Case(
        ("export_en.zip",),
        {"source": "listed", "sport": "running", "distance_m": Near(4000.0, 1.0), "timer_s": Near(1800.0, 1.0)},
        f"SELECT source, sport, distance_m, coalesce(timer_s, elapsed_s) AS timer_s {ORDER}",
        note="the treadmill session that only the list knows",
    ),
    Case(
        ("garmin-export.zip",),
        {"source": "listed", "sub_sport": "treadmill", "distance_m": Near(4000.0, 1.0), "timer_s": Near(1800.0, 1.0)},
        f"SELECT source, sub_sport, distance_m, timer_s {LAST}",
        note="the treadmill session that only the list knows",
    ),
    Case(
        ("zwift_virtualrun.gpx.gz",),
        {"local_day": "2026-11-20", "kind": "run"},
        f"SELECT local_day::VARCHAR AS local_day, kind {ORDER}",
    ),
)
"""Inputs and answers as the README of the cases folder states them."""
