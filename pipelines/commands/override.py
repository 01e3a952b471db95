"""Setting a week by hand: recorded, applied within the limits, published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from steadymile.models.week.override import OverrideRefused, apply_override, level_refused
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines.commands.log import append, split_pairs
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.outputs import write_reports
from steadymile.pipelines.overrides import check, checked_week, overrides, wanted
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
        apply_override(published, wanted(override))
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
            after = apply_override(before, wanted(override))
        except OverrideRefused as refusal:
            raise Trouble(str(refusal), "The week stays as it is.") from refusal
        journal_weeks(run, [after])  # first: what a kill keeps from being saved, the next run saves
        save_weeks(run.con, [after])
    write_reports(settings, athlete_id, None, png=False, units=None, now=now)
    return reply(before, after, override["who"], override["targets"])


def reply(before: WeekPlan, after: WeekPlan, who: str, asked: Mapping[str, Any]) -> list[str]:
    """What an override did to a week, and what was asked for and not granted, in lines to read."""
    return [_what_changed(before, after, who), *_not_granted(after, asked)]


def _what_changed(before: WeekPlan, after: WeekPlan, who: str) -> str:
    """What an override changed in a week, each thing with what it was and what it is."""
    changes = [
        f"{name} {was} -> {now}"
        for name, was, now in (
            ("level", before.level, after.level),
            ("running", f"{before.run_min:g} min", f"{after.run_min:g} min"),
            ("runs", f"{before.sessions:g}", f"{after.sessions:g}"),
            ("longest continuous run", f"{before.longest_bout_min:g} min", f"{after.longest_bout_min:g} min"),
            ("walks", f"{_walks(before)}", f"{_walks(after)}"),
        )
        if was != now
    ]
    if not changes:
        moved = before.planned != after.planned
        return f"{after.week}: as much as before{', on other days or in other bouts' if moved else ''}, by {who}."
    return f"{after.week}: {', '.join(changes)}, by {who}."


def _walks(week: WeekPlan) -> int:
    return sum(p.kind == "walk" for p in week.planned)


def _not_granted(after: WeekPlan, asked: Mapping[str, Any]) -> list[str]:
    """What was asked for and is not in the week, with the reason."""
    own = (after.override or {}).get("model") or {}
    lines = []
    if "level" in asked and (why := level_refused(after, str(asked["level"]))):
        lines.append(f"Level {asked['level']} was asked for; the week is at {after.level}: {why}.")
    if asked.get("sessions") is not None and after.sessions < int(asked["sessions"]):
        runs = f"{after.sessions} run{'' if after.sessions == 1 else 's'}"
        lines.append(f"{asked['sessions']:g} runs were asked for; the week has {runs}: runs can only be taken away.")
    if asked.get("share") is not None and float(asked["share"]) > 1.0:
        lines.append("A share above 1 changes nothing: minutes can only be lowered.")
    if (run_min := asked.get("run_min")) is not None and after.run_min < run_min - 0.5:
        model = float(own.get("run_min") or 0.0)
        why = (
            f"the model's own week has {model:g} min, and minutes can only be lowered"
            if run_min > model + 0.5
            else "whole bouts come nearest to it so"
        )
        lines.append(f"{run_min:g} min was asked for; the week has {after.run_min:g} min: {why}.")
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
