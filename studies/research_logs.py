"""Public research logs as histories, for checking the policy's signals on real people.

PMData (Thambawita 2020: 16 people, five months of answers, efforts and injuries), personal run logs exported as JSON,
and the daily and weekly files of Lövdal 2021 (74 competitive runners, seven years). None of them is part of this
project; each reader takes a folder or file that you have.
"""

from __future__ import annotations

import ast
import csv
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from steadymile.ingest.reading import Unreadable
from steadymile.models.session import Day, Session

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class ResearchLog:
    """One person's log: sessions and days as the planner sees them, days with a reported injury, and readiness 0-10
    where it was asked."""

    person: str
    sessions: tuple[Session, ...]
    days: tuple[Day, ...]
    injuries: tuple[date, ...] = ()
    readiness: Mapping[date, float] | None = None


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return None if value is None or not math.isfinite(value) else value


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


# PMData asks on 1-5 with 3 for normal and 5 for best; in the files a 0 stands for no answer. The answers correlate
# with readiness (high is fresh), so they are turned round to Hooper's 1-7 with high for bad.
_PM_ITEMS = ("fatigue", "soreness", "stress", "sleep_quality")


def _hooper(value: float | None) -> float | None:
    return None if value is None or not 1 <= value <= 5 else 1.0 + 1.5 * (5.0 - value)


def read_pmdata(folder: Path, person: str) -> ResearchLog:
    """One participant ("p01") of PMData. Works on the original folders and on flat copies named p01__pmsys__srpe.csv.

    Unreadable when the wellness answers are missing; other files may be.
    """

    def find(group: str, name: str) -> Path | None:
        places = (folder / person / group / name, folder / f"{person}__{group}__{name}")
        return next((p for p in places if p.exists()), None)

    wellness = find("pmsys", "wellness.csv")
    if wellness is None:
        raise Unreadable(f"{folder} has no wellness answers of {person}", "Give the folder that holds p01, p02, ...")
    days: dict[date, dict[str, float | str | bool]] = {}
    readiness: dict[date, float] = {}
    for row in _rows(wellness):
        day = _moment(row["effective_time_frame"]).date()
        answers = {item: _hooper(_number(row.get(item))) for item in _PM_ITEMS}
        days.setdefault(day, {}).update({k: v for k, v in answers.items() if v is not None})
        sleep = _number(row.get("sleep_duration_h"))
        if sleep:
            days[day]["sleep_h"] = sleep
        ready = _number(row.get("readiness"))
        if ready is not None and any(v is not None for v in answers.values()):
            readiness[day] = ready
    pulse = find("fitbit", "resting_heart_rate.json")
    for entry in json.loads(pulse.read_text()) if pulse else ():
        value = _number(str(entry.get("value", {}).get("value")))
        if value:  # the file writes 0 for a night without a watch
            days.setdefault(date.fromisoformat(entry["dateTime"][:10]), {})["resting_heart_rate_bpm"] = value
    efforts = find("pmsys", "srpe.csv")
    sessions = [_pm_session(i, row) for i, row in enumerate(_rows(efforts) if efforts else ())]
    hurt = find("pmsys", "injury.csv")
    injuries = [
        _moment(r["effective_time_frame"]).date() for r in (_rows(hurt) if hurt else ()) if _told(r["injuries"])
    ]
    return ResearchLog(
        person,
        tuple(sorted(sessions, key=lambda s: s.started_at)),
        tuple(Day(d, days[d]) for d in sorted(days)),
        tuple(sorted(set(injuries))),
        readiness,
    )


def _told(text: str) -> bool:
    try:
        return bool(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return False


def _pm_session(number: int, row: Mapping[str, str]) -> Session:
    minutes, effort = _number(row.get("duration_min")) or 0.0, _number(row.get("perceived_exertion"))
    end = _moment(row["end_date_time"])
    running = "running" in row.get("activity_names", "")
    return Session(
        activity_id=f"session-{number}",
        started_at=end - timedelta(minutes=minutes),
        local_day=end.date(),
        kind="run" if running else "other",
        sport="running" if running else "other",
        elapsed_s=minutes * 60.0,
        moving_s=minutes * 60.0,
        running_s=minutes * 60.0 if running else None,
        longest_run_s=minutes * 60.0 if running else None,
        load=None if effort is None else effort * minutes / 4.0,  # session RPE brought near the scale of TRIMP
        load_source="rpe",
        rpe=effort,
    )


WALK_BELOW_M_S = 2.0


def read_run_log(folder: Path) -> ResearchLog:
    """A personal run log: `activities.json` (date, km, seconds, mean heart rate, load a run) and, where there is one,
    `wellness.json` (days with resting heart rate, HRV and sleep). The log has no time of day: several entries of one
    day are laid end to end from eight in the morning, as one outing."""
    path = folder / "activities.json"
    if not path.exists():
        raise Unreadable(f"{folder} has no activities.json", "Give the folder of the run log.")
    entries = sorted(json.loads(path.read_text())["activities"], key=lambda e: e["date"])
    sessions, clock = [], datetime.min.replace(tzinfo=UTC)
    for number, entry in enumerate(entries):
        clock = max(clock, datetime.combine(date.fromisoformat(entry["date"]), time(8), UTC))
        sessions.append(_logged(number, entry, clock))
        clock += timedelta(seconds=float(entry["sec"]))
    wellness = folder / "wellness.json"
    found = json.loads(wellness.read_text())["days"] if wellness.exists() else []
    days = tuple(Day(date.fromisoformat(d["d"]), _night(d)) for d in sorted(found, key=lambda d: d["d"]))
    return ResearchLog(folder.name, tuple(sessions), days)


def _logged(number: int, entry: Mapping[str, Any], start: datetime) -> Session:
    seconds, metres = float(entry["sec"]), 1000.0 * float(entry["km"])
    speed = metres / seconds if seconds else None
    ran = speed is not None and speed >= WALK_BELOW_M_S
    day = date.fromisoformat(entry["date"])
    return Session(
        activity_id=f"run-{number}",
        started_at=start,
        local_day=day,
        kind="run" if ran else "walk",
        elapsed_s=seconds,
        moving_s=seconds,
        running_s=seconds if ran else 0.0,
        walking_s=0.0 if ran else seconds,
        distance_m=metres,
        longest_run_s=seconds if ran else None,
        longest_run_m=metres if ran else None,
        run_speed_m_s=speed if ran else None,
        walk_speed_m_s=None if ran else speed,
        load=entry.get("load"),
        load_source="log",
        heart_rate_mean_bpm=entry.get("hr"),
        title=entry.get("name"),
    )


def _night(entry: Mapping[str, Any]) -> dict[str, float | str | bool]:
    out: dict[str, float | str | bool] = {}
    if entry.get("rhr"):
        out["resting_heart_rate_bpm"] = float(entry["rhr"])
    if entry.get("hrv"):
        out["hrv_rmssd_ms"] = float(entry["hrv"])
    if entry.get("sleepSecs"):
        out["sleep_h"] = entry["sleepSecs"] / 3600.0
    if entry.get("sleepQ"):
        out["sleep_quality"] = 1.0 + 2.0 * (float(entry["sleepQ"]) - 1.0)  # 1 excellent to 4 poor, as Hooper's 1-7
    return out


DAY_FEATURES = (
    "nr. sessions",
    "total km",
    "km Z3-4",
    "km Z5-T1-T2",
    "km sprinting",
    "strength training",
    "hours alternative",
    "perceived exertion",
    "perceived trainingSuccess",
    "perceived recovery",
)
WEEK_FEATURES = ("nr. sessions", "nr. rest days", "total kms", "max km one day", "avg exertion", "avg recovery")
REST = -0.01
"""What the authors write into the perceived columns of a day without training."""


@dataclass(frozen=True, slots=True)
class InjuryRows:
    """Rows of a Lövdal file: who, when (days since the study began), whether an injury followed, and `values`
    [row, lag, feature] with the newest day (or week) last; NaN where nothing was trained or told."""

    athlete: Array
    day: Array
    injury: Array
    values: Array
    features: tuple[str, ...]


def read_lovdal(path: Path) -> InjuryRows:
    """The day file (7 days a row) or the week file (3 weeks a row) of Lövdal 2021; which one is told by its columns.

    Which of the numbered columns is the newest is read from the data: what is "yesterday" in one row must reappear
    as "the day before" in the next. Unreadable when columns are missing.
    """
    rows = _rows(path)
    head = set(rows[0]) if rows else set()
    for features, lags, step in ((DAY_FEATURES, 7, 1), (WEEK_FEATURES, 3, 7)):
        names = [[f if lag == 0 else f"{f}.{lag}" for f in features] for lag in range(lags)]
        if {n for lag in names for n in lag} <= head:
            return _assemble(rows, names, features, step)
    missing = sorted({*DAY_FEATURES, "Athlete ID", "Date", "injury"} - head)
    raise Unreadable(
        f"{path.name} is neither the day nor the week file of Lövdal 2021 (missing: {', '.join(missing[:4])} ...)",
        "Give day_approach_maskedID_timeseries.csv or week_approach_maskedID_timeseries.csv.",
    )


def _assemble(
    rows: Iterable[Mapping[str, str]], names: list[list[str]], features: tuple[str, ...], step: int
) -> InjuryRows:  # fmt: skip
    listed = list(rows)
    values = np.array([[[_lovdal(r[n]) for n in lag] for lag in names] for r in listed])
    athlete = np.array([int(float(r["Athlete ID"])) for r in listed])
    day = np.array([int(float(r["Date"])) for r in listed])
    if _newest_first(athlete, day, values, step):
        values = values[:, ::-1]
    return InjuryRows(athlete, day, np.array([float(r["injury"]) > 0 for r in listed]), values, features)


def _lovdal(text: str) -> float:
    value = _number(text)
    return np.nan if value is None or abs(value - REST) < 1e-9 else value


def _newest_first(athlete: Array, day: Array, values: Array, step: int) -> bool:
    """Whether lag 0 is the newest: decided by rows of one athlete that lie one step apart; weeks are when unclear."""
    place = {(a, d): i for i, (a, d) in enumerate(zip(athlete.tolist(), day.tolist()))}
    pairs = [(i, place[a, d + step]) for (a, d), i in place.items() if (a, d + step) in place]
    if not pairs:
        return step == 7
    now, later = (np.array(p) for p in zip(*pairs))

    def agree(a: Array, b: Array) -> float:
        return float(np.isclose(a, b, equal_nan=True).mean())

    newest_first = agree(values[now, 0], values[later, 1])
    oldest_first = agree(values[now, -1], values[later, -2])
    return newest_first > oldest_first or (newest_first == oldest_first and step == 7)
