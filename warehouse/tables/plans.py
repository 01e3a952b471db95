"""Weeks as they were published: every revision with its sessions, its reasons and all that the policy saw."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import duckdb
import polars as pl
from steadymile.models.weekplan import Action, PlannedSession, Reason, Step, WeekPlan
from steadymile.warehouse.database import transaction
from steadymile.warehouse.tables.replace import frame, replace

Con = duckdb.DuckDBPyConnection

KEY = ("athlete_id", "week", "revision")
_TARGET = [
    "athlete_id", "week", "revision", "as_of", "level", "earned_level", "run_min", "longest_bout_min", "walk_min",
    "distance_m", "elevation_gain_m", "load_low", "load_high", "heart_rate_ceiling_bpm", "sessions", "headline",
    "status", "revision_reason", "inputs_hash", "policy_version", "lead",
]  # fmt: skip
_SESSION = [
    "day", "kind", "slot", "title", "minutes", "expected_distance_m", "heart_rate_ceiling_bpm", "instruction",
    "purpose",
]  # fmt: skip
_REASON = [
    "rule", "sentence", "observed", "threshold", "window", "before", "after", "binding", "fired",
    "what_would_change_it",
]  # fmt: skip


def save_week(con: Con, plan: WeekPlan) -> int:
    """Save one revision of one week's plan with its sessions and reasons; the same revision again replaces it."""
    return save_weeks(con, [plan])


def save_weeks(con: Con, plans: Sequence[WeekPlan]) -> int:
    """`save_week` for many at once, of any athletes. Returns how many revisions are new or changed."""
    latest = list({_key(p): p for p in plans}.values())
    if not latest:
        return 0
    keys = [dict(zip(KEY, _key(p))) for p in latest]
    scope = pl.from_dicts(keys, schema={"athlete_id": pl.String, "week": pl.String, "revision": pl.Int32})
    tables = {
        "targets": [_target(p) for p in latest],
        "planned_sessions": [row for p in latest for row in _sessions(p)],
        "reasons": [row for p in latest for row in _reasons(p)],
    }
    with transaction(con):
        return max(replace(con, name, frame(con, name, records), KEY, scope) for name, records in tables.items())


def remove_weeks(con: Con, athlete_id: str, keys: Sequence[tuple[str, int]]) -> int:
    """Remove these revisions (week, revision) of an athlete; returns how many were there."""
    if not keys:
        return 0
    names = dict(zip(KEY, (pl.String, pl.String, pl.Int32)))
    scope = pl.from_dicts([dict(zip(KEY, (athlete_id, *key))) for key in keys], schema=names)
    with transaction(con):
        tables = ("targets", "planned_sessions", "reasons")
        return max(replace(con, name, frame(con, name, []), KEY, scope) for name in tables)


def unsaved(con: Con, plans: Sequence[WeekPlan]) -> list[WeekPlan]:
    """Those of these weeks that are not stored just so."""
    since: dict[str, str] = {}
    for plan in plans:
        since[plan.athlete_id] = min(plan.week, since.get(plan.athlete_id, plan.week))
    stored = {_key(w): w for i, week in since.items() for w in load_weeks(con, i, revisions=True, since=week)}
    return [plan for plan in plans if stored.get(_key(plan)) != plan]


def load_weeks(
    con: Con, athlete_id: str, *, revisions: bool = False, week: str | None = None, since: str = ""
) -> list[WeekPlan]:
    """Published weeks ascending, equal to what was saved: the latest revision each, or all; `week` names one alone,
    `since` the first that is wanted."""
    named = (athlete_id, since, week, week)
    targets = _dicts(con, f"SELECT * FROM base.targets WHERE {_NAMED} ORDER BY week, revision", *named)
    if not targets:
        return []
    sessions = _grouped(con, "planned_sessions", named)
    reasons = _grouped(con, "reasons", named)
    if not revisions:
        targets = list({row["week"]: row for row in targets}.values())
    return [_plan(row, sessions.get(_key_of(row), []), reasons.get(_key_of(row), [])) for row in targets]


def as_loaded(plans: Sequence[WeekPlan], until: date) -> tuple[WeekPlan, ...]:
    """The latest revision of each week, ascending, of all that are stored; those alone that a day had published."""
    latest = {p.week: p for p in sorted(plans, key=lambda p: (p.week, p.revision))}
    return tuple(p for p in latest.values() if p.as_of <= until)


def _key(plan: WeekPlan) -> tuple[str, str, int]:
    return plan.athlete_id, plan.week, plan.revision


def _key_of(row: dict[str, Any]) -> tuple[str, int]:
    return row["week"], row["revision"]


def _target(plan: WeekPlan) -> dict[str, Any]:
    return {
        **{name: getattr(plan, name) for name in _TARGET},
        "action": plan.action.word,
        "state": _json(plan.state),
        "override": None if plan.override is None else _json(plan.override),
    }


def _sessions(plan: WeekPlan) -> list[dict[str, Any]]:
    return [
        {
            **dict(zip(KEY, _key(plan))),
            "number": number,
            **{name: getattr(session, name) for name in _SESSION},
            "steps": [{"reps": s.reps, "run_s": s.run_s, "walk_s": s.walk_s} for s in session.steps],
        }
        for number, session in enumerate(plan.planned, 1)
    ]


def _reasons(plan: WeekPlan) -> list[dict[str, Any]]:
    return [
        {
            **dict(zip(KEY, _key(plan))),
            "number": number,
            **{name: getattr(reason, name) for name in _REASON},
            "evidence_strength": reason.evidence,
            "activity_ids": list(reason.activity_ids),
        }
        for number, reason in enumerate(plan.reasons, 1)
    ]


def _held(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What a row holds of these: a file that an earlier version published lacks the columns that came later, until the
    next night writes it anew."""
    return {name: row[name] for name in names if name in row}


def _plan(row: dict[str, Any], sessions: list[dict[str, Any]], reasons: list[dict[str, Any]]) -> WeekPlan:
    return WeekPlan(
        **_held(row, _TARGET),
        action=Action[row["action"].upper()],
        planned=tuple(
            PlannedSession(**_held(s, _SESSION), steps=tuple(Step(**step) for step in s["steps"])) for s in sessions
        ),
        reasons=tuple(
            Reason(**_held(r, _REASON), evidence=r["evidence_strength"], activity_ids=tuple(r["activity_ids"]))
            for r in reasons
        ),
        state=json.loads(row["state"]),
        override=None if row["override"] is None else json.loads(row["override"]),
    )


_NAMED = "athlete_id = ? AND week >= ? AND (? IS NULL OR week = ?)"


def _grouped(con: Con, table: str, named: tuple[str | None, ...]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    out: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in _dicts(con, f"SELECT * FROM base.{table} WHERE {_NAMED} ORDER BY week, revision, number", *named):
        out.setdefault(_key_of(row), []).append(row)
    return out


def _dicts(con: Con, sql: str, *params: str | None) -> list[dict[str, Any]]:
    found = con.execute(sql, list(params))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row)) for row in found.fetchall()]


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)
