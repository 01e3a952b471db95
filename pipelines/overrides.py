"""What a coach or the runner set instead: recorded with who and why, shown beside the model's choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.decision import WeekPlan
from pipelines.context import Run, open_run
from pipelines.settings import Settings
from pipelines.trouble import Trouble

WHAT = ("level", "sessions", "share", "run_min")


def check(pairs: Mapping[str, str]) -> dict[str, Any]:
    """What is to be set, checked: a `level` of the ladder, a count of `sessions`, a `share` of the week's minutes, or
    its running minutes `run_min`. Trouble names what is wrong."""
    found: dict[str, Any] = {}
    for name, text in pairs.items():
        if name not in WHAT:
            raise Trouble(f"{name} cannot be set.", f"What can: {', '.join(WHAT)}.", exit_code=2)
        if name == "level":
            found[name] = text.upper()
            continue
        try:
            number = float(text)
        except ValueError:
            raise Trouble(f"{name}={text} is not a number.", "Write it like sessions=2.", exit_code=2) from None
        if number < 0:
            raise Trouble(f"{name}={text} is below 0.", "Give 0 or more.", exit_code=2)
        found[name] = int(number) if name == "sessions" else number
    if not found:
        raise Trouble("Nothing was set.", f"What can be set: {', '.join(WHAT)}.", exit_code=2)
    return found


def overrides(run: Run) -> dict[str, dict[str, dict[str, Any]]]:
    """The last override of each week of each athlete, from the journal."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for e in run.journal.read(kinds=("override",)):
        found.setdefault(e.athlete_id or "", {})[e.payload["week"]] = {**e.payload, "at": e.at.isoformat()}
    return found


def as_told(override: Mapping[str, Any]) -> dict[str, Any]:
    """The override as the policy takes it."""
    return {"who": override["who"], "why": override["why"], "at": override["at"], **override["targets"]}


def with_override(week: WeekPlan, override: Mapping[str, Any] | None) -> WeekPlan:
    """The plan with the override applied within its caps; the plan itself where there is none, or where it has one."""
    from models.revise import OverrideRefused, apply_override

    if not override or week.override is not None:
        return week
    try:
        return apply_override(week, as_told(override))
    except OverrideRefused:
        return week  # a stop, say: told to the person who asked, never fatal to the night


def publish_override(settings: Settings, athlete_id: str, week: str, now: datetime) -> list[str]:
    """Apply the newest override of a published week, as its next revision, and publish."""
    from models.revise import OverrideRefused, apply_override
    from pipelines.nightly import NightlyResult, publish_home, write_reports
    from pipelines.steps import journal_weeks
    from warehouse.store import load_weeks, save_weeks

    with open_run(settings, now) as run:
        before = next((w for w in load_weeks(run.con, athlete_id) if w.week == week), None)
        if before is None:
            return [f"Noted. {week} is not planned yet; the override applies when it is."]
        override = overrides(run)[athlete_id][week]
        try:
            after = apply_override(before, as_told(override))
        except OverrideRefused as refusal:
            raise Trouble(str(refusal), "The week stays as it is.") from refusal
        save_weeks(run.con, [after])
        journal_weeks(run, [after])
    publish_home(settings, NightlyResult(settings.home))
    write_reports(settings, athlete_id, None, png=False, units=None, now=now)
    lines = [f"{week}: {before.run_min:g} min of running -> {after.run_min:g} min, by {override['who']}."]
    asked = override["targets"].get("run_min")
    if asked is not None and after.run_min < asked - 0.5:
        lines.append(f"{asked:g} min was asked for; this week allows {after.run_min:g} min.")
    return lines
