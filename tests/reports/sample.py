"""A made beginner: fourteen weeks of jog-walk, one missed week, one eased week, and the week that comes next.

Numbers are invented but hold together: what was run, what it weighed, what was decided.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl
from steadymile.models.assessment.estimates import estimates
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.measured import Recording
from steadymile.models.session import Body
from steadymile.reports import formats

AS_OF = date(2026, 11, 22)  # a Sunday
FIRST = date(2026, 8, 17)
LADDER = {  # level: (steps of (reps, run_s, walk_s), longest bout s)
    "J1": ([(8, 30, 90)], 30),
    "J2": ([(6, 60, 90)], 60),
    "J3": ([(8, 60, 90)], 60),
    "J4": ([(6, 90, 120)], 90),
    "J5": ([(6, 120, 120)], 120),
    "J6": ([(4, 180, 120)], 180),
    "J7": ([(3, 270, 120)], 270),
    "J8": ([(2, 390, 120), (1, 180, 0)], 390),
}
WEEKS = [  # level, action, runs done
    ("J1", "hold", 3), ("J1", "hold", 3), ("J2", "advance", 3), ("J3", "advance", 2), ("J3", "hold", 3),
    ("J4", "advance", 3), ("J5", "advance", 3), ("J5", "hold", 0), ("J5", "hold", 3), ("J6", "advance", 3),
    ("J6", "hold", 2), ("J5", "back_off", 2), ("J6", "hold", 3), ("J7", "advance", 3), ("J8", "advance", 0),
]  # fmt: skip
ATHLETE = Athlete(
    "demo",
    "Demo",
    base=Facts(birth_year=1988, sex="female", height_cm=170, weight_kg=71, timezone="Australia/Eucla", goal="mile"),
)
BODY = Body(184.0, 7.5, "age, corrected by 38 recordings", 61.0, 2.5, "watch, 28 nights", 0.55, 0.07)


def session_steps(level: str) -> list[dict[str, int]]:
    """A session of the level with five minutes of walking on both sides."""
    inner = [{"reps": r, "run_s": run, "walk_s": walk} for r, run, walk in LADDER[level][0]]
    walk = {"reps": 1, "run_s": 0, "walk_s": 300}
    return [walk, *inner, walk]


def seconds(steps: list[dict[str, int]], what: str) -> int:
    """Total seconds of running or walking in steps."""
    return sum(s["reps"] * s[what] for s in steps)


@dataclass
class Made:
    """Rows under construction, one list a view."""

    activities: list[dict[str, Any]]
    planned: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    weeks: list[dict[str, Any]]
    health: list[dict[str, Any]]


def tables(with_answers: bool = True, with_heart_rate: bool = True) -> dict[str, pl.DataFrame]:
    """All views of the made beginner as of AS_OF."""
    rng = np.random.default_rng(14)
    made = Made([], [], [], [], [])
    for n, (level, action, runs) in enumerate(WEEKS):
        _week(made, rng, n, level, action, runs, with_answers, with_heart_rate)
    planned = pl.DataFrame(made.planned)
    targets = pl.DataFrame(made.targets)
    reasons = pl.DataFrame(_reasons(made), infer_schema_length=None)
    return {
        "activities": pl.DataFrame(made.activities, infer_schema_length=None),
        "bouts": pl.DataFrame(),
        "days": _days(made),
        "weeks": pl.DataFrame(made.weeks, infer_schema_length=None),
        "targets": targets,
        "targets_history": targets,
        "planned_sessions": planned,
        "planned_sessions_history": planned.with_columns(revision=pl.lit(1)),
        "reasons": reasons,
        "health": pl.DataFrame(made.health, infer_schema_length=None),
        "files": _files(),
        "agreement": _agreement(made),
        "estimates": estimated(),
    }


def _week(
    made: Made, rng: np.random.Generator, n: int, level: str, action: str, runs: int, answers: bool, heart: bool
) -> None:
    monday = FIRST + timedelta(days=7 * n)
    week = formats.week_of(monday)
    steps = session_steps(level)
    run_min = 3 * seconds(steps, "run_s") / 60
    ceiling = 158.0 if heart else None
    made.targets.append(
        {
            "athlete_id": "demo", "week": week, "as_of": monday - timedelta(days=1), "action": action, "level": level,
            "run_min": run_min, "longest_bout_min": LADDER[level][1] / 60, "distance_m": 9300.0 + 40 * n,
            "elevation_gain_m": 60.0, "load_low": 90.0 + 6 * n, "load_high": 125.0 + 8 * n,
            "heart_rate_ceiling_bpm": ceiling, "sessions": 3,
            "headline": "You finished all three sessions last week and could talk through them, "
            "so each run grows a little longer.",
            "status": "frozen", "revision": 1,
        }
    )  # fmt: skip
    made.planned.extend(_planned(week, monday, level, steps, ceiling))
    past = monday <= AS_OF
    done = [
        _run(rng, monday + timedelta(days=(1, 3, 5)[i]), level, n, answers, heart) for i in range(runs if past else 0)
    ]
    if past and runs:
        done.append(_walk(rng, monday + timedelta(days=2), heart))
    made.activities.extend(done)
    foot = [a for a in done if a["sport"] == "running"]
    if not past:
        return
    made.weeks.append(
        {
            "athlete_id": "demo", "week": week, "monday": monday, "action": action, "level": level, "status": "frozen",
            "sessions_planned": 3, "sessions_done": len(foot),
            "running_min_planned": run_min, "running_min_done": sum(a["running_s"] for a in foot) / 60,
            "walking_min_done": sum(a["walking_s"] for a in done) / 60,
            "longest_run_planned_s": float(LADDER[level][1]),
            "longest_run_s": max((a["longest_run_s"] for a in foot), default=None),
            "longest_run_m": max((a["longest_run_m"] for a in foot), default=None),
            "distance_planned_m": 9300.0 + 40 * n, "distance_done_m": sum(a["distance_m"] for a in done),
            "elevation_gain_planned_m": 60.0,
            "elevation_gain_done_m": sum(a["elevation_gain_m"] or 0.0 for a in done) if done else None,
            "load_low": 90.0 + 6 * n, "load_high": 125.0 + 8 * n, "load_done": sum(a["load"] for a in done),
        }
    )  # fmt: skip
    for i in range(7):
        if monday + timedelta(days=i) <= AS_OF:
            made.health.append(_health(rng, monday + timedelta(days=i), answers and (n * 7 + i) % 3 != 1))


def _planned(
    week: str, monday: date, level: str, steps: list[dict[str, int]], ceiling: float | None
) -> list[dict[str, Any]]:
    minutes = (seconds(steps, "run_s") + seconds(steps, "walk_s")) / 60
    reps, run_s, _ = LADDER[level][0][0]
    title = f"Jog-walk {reps} × {formats.duration(run_s)}"
    text = (
        "Keep it so easy that you can speak in full sentences; if you cannot, slow down or walk. "
        "Feeling good is no reason to go faster today."
    )
    kinds = ["strength", "run", "walk", "run", "rest", "run", "rest"]
    out = []
    slots: dict[str, int] = {}
    for i, kind in enumerate(kinds):
        slots[kind] = slots.get(kind, 0) + 1
        running = kind == "run"
        out.append(
            {
                "athlete_id": "demo", "week": week, "day": monday + timedelta(days=i), "kind": kind,
                "steps": steps if running else ([{"reps": 1, "run_s": 0, "walk_s": 1200}] if kind == "walk" else []),
                "minutes": {"run": minutes, "walk": 20.0, "strength": 20.0}.get(kind, 0.0),
                "expected_distance_m": {"run": 2900.0, "walk": 1800.0}.get(kind),
                "heart_rate_ceiling_bpm": ceiling if running else None,
                "instruction": {
                    "run": text, "walk": "Walk at a pace at which you could chat.",
                    "strength": "Hips and middle: 2 rounds of 10 bridges, 10 side steps, 20 s plank.",
                    "rest": "Nothing today. Rest is when you get stronger.",
                }[kind],
                "slot": 0 if kind == "rest" else slots[kind],
                "title": {"run": title, "walk": "Easy walk", "strength": "Strength", "rest": "Rest"}[kind],
                "purpose": "easy" if kind == "run" else None,
                "revision": 1,
            }
        )  # fmt: skip
    return out


def _run(rng: np.random.Generator, day: date, level: str, n: int, answers: bool, heart: bool) -> dict[str, Any]:
    steps, bout = session_steps(level), LADDER[level][1]
    running, walking = (
        seconds(steps, "run_s") * rng.uniform(0.96, 1.03),
        seconds(steps, "walk_s") * rng.uniform(0.95, 1.08),
    )
    speed = 1.92 + 0.015 * n + rng.normal(0, 0.04)
    treadmill = day == date(2026, 10, 24)
    distance = running * speed + walking * 1.42
    eased = level == "J5" and n == 11
    place = "treadmill" if treadmill else None
    return _activity(
        day, "running", place, running, walking, distance, bout * 1.02, bout * 1.02 * speed,
        load=(running / 60) * 2.4 + (walking / 60) * 0.7 + rng.normal(0, 1.5), heart=heart and n != 3,
        rpe=float(round(3 + 0.9 * (not eased) + rng.uniform(-1, 1.2))) if answers and rng.random() > 0.25 else None,
        comfort=float(np.clip(0.66 + rng.normal(0, 0.1) - (0.3 if n == 10 else 0), 0, 1)) if answers or heart else None,
    )  # fmt: skip


def _walk(rng: np.random.Generator, day: date, heart: bool) -> dict[str, Any]:
    walking = rng.uniform(1100, 1500)
    return _activity(
        day, "walking", None, 0.0, walking, walking * 1.4, None, None,
        load=walking / 60 * 0.5, heart=heart, rpe=None, comfort=None,
    )  # fmt: skip


def _activity(
    day: date, sport: str, sub_sport: str | None, running: float, walking: float, distance: float,
    longest_s: float | None, longest_m: float | None, load: float, heart: bool,
    rpe: float | None, comfort: float | None,
) -> dict[str, Any]:  # fmt: skip
    moving = running + walking
    return {
        "athlete_id": "demo", "activity_id": f"{sport[:3]}-{day.isoformat()}",
        "started_at": datetime.combine(day, time(8, 5), UTC), "local_day": day, "timezone": "Australia/Eucla",
        "timezone_source": "place", "sport": sport, "kind": "run" if sport == "running" else "walk",
        "sub_sport": sub_sport, "device": "Made watch",
        "title": "Secret Harbour loop", "elapsed_s": moving + 70, "timer_s": moving + 20, "moving_s": moving,
        "running_s": running, "walking_s": walking, "distance_m": distance, "pace_s_per_km": 1000 * moving / distance,
        "grade_adjusted_pace_s_per_km": None, "longest_run_s": longest_s, "longest_run_m": longest_m,
        "elevation_gain_m": None if sub_sport == "treadmill" else 14.0, "elevation_gain_sd_m": 6.0,
        "elevation_loss_m": 14.0, "elevation_source": None if sub_sport == "treadmill" else "gps",
        "heart_rate_mean_bpm": 141.0 if heart else None, "heart_rate_max_bpm": 166.0 if heart else None,
        "heart_rate_coverage": 0.97 if heart else 0.0, "load": load, "load_sd": 0.15 * load,
        "load_source": "hr" if heart else "pace", "decoupling_pct": None, "rpe": rpe,
        "talk_test": "yes" if rpe is not None and rpe <= 4 else None, "comfort": comfort, "surface": None,
        "pack_kg": None, "device_distance_m": distance * 1.01, "device_elevation_gain_m": 17.0, "preferred": True,
        "duplicate_of": None,
    }  # fmt: skip


def _health(rng: np.random.Generator, day: date, answered: bool) -> dict[str, Any]:
    return {
        "athlete_id": "demo", "day": day, "resting_heart_rate_bpm": float(round(61 + rng.normal(0, 1.6))),
        "hrv_ln_rmssd": None, "sleep_h": round(7.1 + rng.normal(0, 0.6), 1), "weight_kg": None,
        "fatigue": float(rng.integers(2, 4)) if answered else None,
        "soreness": float(rng.integers(1, 4)) if answered else None,
        "stress": None, "sleep_quality": float(rng.integers(2, 4)) if answered else None,
        "pain": (3.0 if day == date(2026, 11, 5) else 0.0) if answered else None,
        "pain_place": "left shin" if answered and day == date(2026, 11, 5) else None, "ill": None, "red_flag": None,
    }  # fmt: skip


def _days(made: Made) -> pl.DataFrame:
    span = (AS_OF - FIRST).days + 1
    load = {FIRST + timedelta(days=i): 0.0 for i in range(span)}
    for row in made.activities:
        load[row["local_day"]] += row["load"]
    out, fit, fat = [], 0.0, 0.0
    for i, (day, value) in enumerate(sorted(load.items()), start=1):
        fit += (value - fit) / 42
        fat += (value - fat) / 7
        fitness, fatigue = fit / (1 - (1 - 1 / 42) ** i), fat / (1 - (1 - 1 / 7) ** i)
        out.append(
            {
                "athlete_id": "demo", "day": day, "load": value, "load_source": "hr" if value else "rest",
                "fitness": fitness if i >= 7 else None, "fatigue": fatigue if i >= 7 else None,
                "form": fitness - fatigue if i >= 7 else None, "monotony": 1.1, "strain": 150.0,
                "fatigue_index": 0.41, "fatigue_index_upper": 0.52, "coverage": 0.62,
            }
        )  # fmt: skip
    return pl.DataFrame(out)


def _reasons(made: Made) -> list[dict[str, Any]]:
    week = formats.week_of(AS_OF + timedelta(days=1))
    recent = [a["activity_id"] for a in made.activities if a["sport"] == "running"][-3:]
    base = {"athlete_id": "demo", "week": week, "revision": 1}
    return [
        {**base, "rule": "session_cap", "observed": 16.0, "threshold": 16.5, "window": "30 days", "before": 48.0,
         "after": 48.0, "binding": False, "fired": False, "evidence_strength": "moderate", "activity_ids": recent,
         "sentence": "Your longest session of the last 30 days had 13.5 min of running, so the next may have 16.5.",
         "what_would_change_it": "a longer session done well raises this limit by itself"},
        {**base, "rule": "earned", "observed": 2.4, "threshold": 2.0, "window": "21 days", "before": 40.5,
         "after": 48.0, "binding": True, "fired": True, "evidence_strength": "moderate", "activity_ids": recent,
         "sentence": "You finished 3 of 3 sessions and they felt comfortable, which earns the next step.",
         "what_would_change_it": "with one session fewer this would have been a week at the same step"},
        {**base, "rule": "fatigue", "observed": 0.52, "threshold": 0.65, "window": "7 days", "before": 48.0,
         "after": 48.0, "binding": False, "fired": False, "evidence_strength": "weak", "activity_ids": [],
         "sentence": "Tiredness is 0.52 on a scale to 1, and from 0.65 the week would be eased.",
         "what_would_change_it": "two bad nights together with high soreness would reach 0.65"},
        {**base, "rule": "missing_pain", "observed": None, "threshold": None, "window": "7 days", "before": None,
         "after": None, "binding": False, "fired": False, "evidence_strength": "practice", "activity_ids": [],
         "sentence": "Pain was answered on 5 of 7 days; days without an answer count as no report.",
         "what_would_change_it": "An answer a day: `steadymile log`."},
    ]  # fmt: skip


def _agreement(made: Made) -> pl.DataFrame:
    """A watch whose distance reads 1 % more and whose heart rates are ours; it states neither time nor climb."""
    names = ("athlete_id", "activity_id", "local_day", "distance_m", "device_distance_m")
    found = pl.DataFrame([{name: row[name] for name in names} for row in made.activities])
    unknown = pl.lit(None, pl.Float64)
    return found.with_columns(
        device=pl.lit("made watch"),
        distance_difference_m=pl.col("distance_m") - pl.col("device_distance_m"),
        device_timer_s=unknown,
        timer_difference_s=unknown,
        device_elevation_gain_m=unknown,
        elevation_gain_difference_m=unknown,
        device_heart_rate_mean_bpm=pl.lit(130.0),
        heart_rate_mean_difference_bpm=pl.lit(0.0),
        device_heart_rate_max_bpm=pl.lit(150.0),
        heart_rate_max_difference_bpm=pl.lit(0.0),
    )


def estimated(mile: bool = True) -> pl.DataFrame:
    """Estimates of the made beginner, with the mile known or not yet."""
    ran = AS_OF - timedelta(days=3)
    without_a_break = [{"longest_run_m": 1700.0, **best} if mile else {} for best in (
        {"best_1km_s": 480.0}, {"best_1km_s": 460.0, "best_mile_s": 760.0}, {"best_1km_s": 470.0})]  # fmt: skip
    recordings = [
        Recording(
            activity_id=f"e{n}",
            started_at=datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
            ended_at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC),
            local_day=day,
            sport="running",
            kind="run",
            metrics=metrics,
        )
        for n, (day, metrics) in enumerate(
            (
                (AS_OF - timedelta(days=340), {"best_400m_s": 150.0, "best_12min_m": 1400.0}),
                (ran - timedelta(days=2), without_a_break[0]),
                (ran, {"best_400m_s": 170.0, "run_speed_m_s": 2.0, "walk_speed_m_s": 1.5}),
                (ran + timedelta(days=2), without_a_break[1]),
                (ran + timedelta(days=3), without_a_break[2]),
            )
        )
    ]
    rows = [{"athlete_id": "demo", "as_of": AS_OF, **asdict(e)} for e in estimates(recordings, BODY, AS_OF)]
    return pl.DataFrame(rows, infer_schema_length=None)


def _files() -> pl.DataFrame:
    seen = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
    row = {
        "athlete_id": "demo",
        "sha256": "0" * 64,
        "bytes": 34_000,
        "first_seen_at": seen,
        "reader": "fit",
        "activities": 1,
    }
    good = [{**row, "path": f"run{i}.fit", "status": "ingested", "reason": None} for i in range(54)]
    return pl.DataFrame(
        [
            *good,
            {**row, "path": "2026/secret-harbour.gpx", "status": "quarantined", "reader": None, "activities": 0,
             "reason": "secret-harbour.gpx stops in the middle of a point (at byte 20,481). Export it again from your "
             "watch's app and drop the new file into the inbox"},
            {**row, "path": "copy.fit", "status": "duplicate", "reason": "the same bytes as run3.fit"},
            {**row, "path": "cut.fit", "status": "salvaged",
             "reason": "the file ends early (at byte 11,904): 812 records before the break were kept"},
        ],
        infer_schema_length=None,
    )  # fmt: skip
