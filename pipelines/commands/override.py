"""Setting a week by hand: recorded, applied within the limits, published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from steadymile.models.week.override import OverrideRefused, apply_override
from steadymile.pipelines.commands.log import append, split_pairs
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.outputs import write_reports
from steadymile.pipelines.overrides import as_told, check, checked_week, overrides
from steadymile.pipelines.published import choose, published_weeks
from steadymile.pipelines.run import open_run
from steadymile.pipelines.settings import Settings
from steadymile.pipelines.steps import journal_weeks
from steadymile.warehouse.journal import Entry
from steadymile.warehouse.store import load_weeks, save_weeks


def refusal_of(settings: Settings, athlete_id: str, week: str, override: Mapping[str, Any]) -> str | None:
    """Why a week that is published cannot be overridden so; None where it can, or is not published yet."""

    if not Home(settings.home).warehouse.exists():
        return None
    published = next((w for w in published_weeks(settings, athlete_id) if w.week == week), None)
    if published is None:
        return None
    try:
        apply_override(published, as_told(override))
    except OverrideRefused as refusal:
        return str(refusal)
    return None


def publish_override(settings: Settings, athlete_id: str, week: str, now: datetime) -> list[str]:
    """Apply the newest override of a published week, as its next revision, and publish."""

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
    write_reports(settings, athlete_id, None, png=False, units=None, now=now)
    runs = f", {before.sessions:g} runs -> {after.sessions:g}" if before.sessions != after.sessions else ""
    lines = [f"{week}: {before.run_min:g} min of running -> {after.run_min:g} min{runs}, by {override['who']}."]
    asked = override["targets"].get("run_min")
    if asked is not None and after.run_min < asked - 0.5:
        own = float(((after.override or {}).get("model") or {}).get("run_min") or 0.0)
        why = (
            f"the model's own week has {own:g} min, and minutes can only be lowered"
            if asked > own + 0.5
            else "whole bouts come nearest to it so"
        )
        lines.append(f"{asked:g} min was asked for; the week has {after.run_min:g} min: {why}.")
    return lines


def override_week(
    settings: Settings,
    athlete_id: str | None,
    week: str,
    pairs: Sequence[str],
    who: str,
    why: str,
    now: datetime,
) -> list[str]:
    """Record an override of a week's targets and publish it beside the model's choice."""

    home = Home(settings.home)
    athlete = choose(home, athlete_id)
    week = checked_week(week)
    if not who.strip() or not why.strip():
        raise Trouble("Who changes the week, and why?", "Say both: --who 'Ada' --why 'a race on Sunday'.", exit_code=2)
    payload = {"week": week, "targets": check(split_pairs(pairs)), "who": who.strip(), "why": why.strip()}
    if refusal := refusal_of(settings, athlete.athlete_id, week, {**payload, "at": now.isoformat()}):
        raise Trouble(refusal, "The week stays as it is.", exit_code=2)
    append(home, Entry("override", now, payload, athlete.athlete_id))
    return publish_override(settings, athlete.athlete_id, week, now)
