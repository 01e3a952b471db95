"""What a coach or the runner set instead: recorded with who and why, shown beside the model's choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.decision import WeekPlan
from pipelines.context import Run, open_run
from pipelines.settings import Settings
from pipelines.trouble import Trouble

TARGETS = ("run_min", "longest_bout_min", "sessions", "elevation_gain_m", "heart_rate_ceiling_bpm")


def check(pairs: Mapping[str, str]) -> dict[str, float]:
    """Targets as numbers; Trouble naming what is none."""
    found = {}
    for name, text in pairs.items():
        if name not in TARGETS:
            raise Trouble(f"{name} cannot be set.", f"What can: {', '.join(TARGETS)}.", exit_code=2)
        try:
            found[name] = float(text)
        except ValueError:
            raise Trouble(f"{name}={text} is not a number.", "Write it like run_min=20.", exit_code=2) from None
        if found[name] < 0:
            raise Trouble(f"{name}={text} is below 0.", "Give 0 or more.", exit_code=2)
    if not found:
        raise Trouble("No target was given.", f"What can be set: {', '.join(TARGETS)}.", exit_code=2)
    return found


def overrides_of(run: Run, athlete_id: str) -> dict[str, dict[str, Any]]:
    """The last override of each week, from the journal."""
    entries = run.journal.read(kinds=("override",), athlete_id=athlete_id)
    return {e.payload["week"]: {**e.payload, "at": e.at.isoformat()} for e in entries}


def with_override(week: WeekPlan, override: Mapping[str, Any] | None) -> WeekPlan:
    """The plan with the override applied within its caps; the plan itself where there is none."""
    from models.revise import apply_override

    return apply_override(week, override) if override else week


def publish_override(settings: Settings, athlete_id: str, week: str, now: datetime) -> list[str]:
    """Apply the newest override of a published week, as its next revision, and publish."""
    from dataclasses import replace

    from pipelines.nightly import NightlyResult, publish_home, write_reports
    from pipelines.steps import journal_weeks
    from warehouse.store import load_weeks, save_weeks

    with open_run(settings, now) as run:
        before = next((w for w in load_weeks(run.con, athlete_id) if w.week == week), None)
        if before is None:
            return [f"Noted. {week} is not planned yet; the override applies when it is."]
        override = overrides_of(run, athlete_id)[week]
        after = with_override(before, override)
        after = replace(after, revision=before.revision + 1, revision_reason=f"{override['who']}: {override['why']}")
        save_weeks(run.con, [after])
        journal_weeks(run, [after])
    publish_home(settings, NightlyResult(settings.home))
    write_reports(settings, athlete_id, None, png=False, units=None, now=now)
    lines = [f"{week}: {before.run_min:g} min of running -> {after.run_min:g} min, by {override['who']}."]
    asked = override["targets"].get("run_min")
    if asked is not None and after.run_min < asked:
        lines.append(f"{asked:g} min was asked for; the caps of this week allow {after.run_min:g} min.")
    return lines
