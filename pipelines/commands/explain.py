"""Why a week is as it is, and what it would be now: explain, replay, plan."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from rich.console import RenderableType
from steadymile.models.athlete import Athlete
from steadymile.models.explain.average import average_beginner
from steadymile.models.explain.counterfactual import counterfactuals
from steadymile.models.week.plan import plan
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import Action, WeekPlan
from steadymile.pipelines.convert import week_payload
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.journaled import apply_words
from steadymile.pipelines.published import choose, opened_published, page_tables, published_weeks
from steadymile.pipelines.run import Run, State
from steadymile.pipelines.settings import Settings
from steadymile.pipelines.steps import history_of, measure_athlete
from steadymile.reports import formats
from steadymile.reports.terminal.explanation import explain
from steadymile.reports.view_model import chosen_target, story
from steadymile.warehouse.archive import Archive
from steadymile.warehouse.database import changes, open_work
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.store import load_weeks


@contextmanager
def aside(settings: Settings, now: datetime, as_of: date | None) -> Iterator[Run]:
    """A run on a copy of the published warehouse that knows what was said since; it holds nobody up, saves nothing."""

    home = Home(settings.home)
    athletes = home.athletes()
    with opened_published(settings), TemporaryDirectory(prefix="steadymile-") as folder:
        copy = Path(folder) / home.work.name
        shutil.copyfile(home.warehouse, copy)
        con = open_work(copy)
        try:
            state = State.of(home.private / "state.json", changes(con))
            archive, journal = Archive(home.originals), Journal(home.journal)
            run = Run(home, settings, con, journal, archive, athletes, now, as_of, state, rebuilding=True)
            apply_words(run)
            yield run
        finally:
            con.close()


def preview_plan(
    settings: Settings, athlete_id: str | None, now: datetime, as_of: date | None
) -> list[tuple[Athlete, WeekPlan]]:
    """The plan as it would be published now, or as of a day; nothing is saved."""

    with aside(settings, now, as_of) as run:
        chosen = [choose(run.home, athlete_id)] if athlete_id else list(run.athletes.values())
        found = []
        for athlete in chosen:
            day = run.day_of(athlete)
            body, stored = measure_athlete(run, athlete), load_weeks(run.con, athlete.athlete_id, revisions=True)
            found.append((athlete, plan(history_of(run, athlete, body, day, stored), day)))
    return found


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a week is as it is."""

    athlete: Athlete
    week: str
    as_of: date
    tables: Mapping[str, pl.DataFrame]
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    average: str | None = None

    def renderable(self) -> RenderableType:
        """For people."""

        return explain(story(self.athlete, self.tables, self.as_of, week=self.week), self.more, self.less, self.average)

    def as_json(self) -> dict[str, Any]:
        """For machines."""

        weekly = {n: t for n, t in self.tables.items() if "week" in t.columns}
        mine = {n: t.filter(pl.col("week") == self.week).to_dicts() for n, t in weekly.items()}
        changes: dict[str, Any] = {"it_would_have_been_more": self.more, "it_would_have_been_less": self.less}
        changes |= {"average_beginner": self.average}
        return {"athlete_id": self.athlete.athlete_id, "week": self.week, **mine, **changes}


SMALLEST = 3
"""How many of the smallest changes that would have given more, and less, are named unless all are asked for."""


def explanation(
    settings: Settings, athlete_id: str | None, week: str | None, as_of: date | None, everything: bool = False
) -> Explanation:
    """The explanation of a published week: the named one, else the one that the page of that day tells of. With the
    smallest changes that would have made it another, or, with `everything`, one for each thing that was looked at."""

    athlete = choose(Home(settings.home), athlete_id)
    with opened_published(settings) as con:
        tables = dict(page_tables(con, athlete.athlete_id))
        published = load_weeks(con, athlete.athlete_id)
    targets = tables["targets"]
    rows = [r for r in targets.sort("week").to_dicts() if as_of is None or r["as_of"] <= as_of]
    if week is None and rows:
        told = chosen_target({"targets": pl.DataFrame(rows, schema=targets.schema)}, max(r["as_of"] for r in rows))
        week = str((told or rows[-1])["week"])
    if week is not None:
        rows = [r for r in rows if r["week"] == week]
    if not rows:
        known = ", ".join(targets["week"].tail(5).to_list()) or "none yet"
        raise Trouble(f"There is no published week {week or ''}".strip() + ".", f"The latest: {known}.", exit_code=2)
    chosen = next(w for w in published if w.week == rows[-1]["week"])
    more, less = other_weeks(chosen, None if everything else SMALLEST)
    return Explanation(athlete, rows[-1]["week"], rows[-1]["as_of"], tables, more, less, average_beginner(chosen))


def other_weeks(published: WeekPlan, most: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The smallest changes that would have given more, and less, in sentences. Under a stop there are none: nothing
    may read like a promise of running."""

    if published.action == Action.STOP:
        return (), ()
    found = counterfactuals(published)
    more, less = ([c.sentence for c in found if c.better is better] for better in (True, False))
    return tuple(more[:most]), tuple(less[:most])


@dataclass(frozen=True, slots=True)
class Replayed:
    """A week decided again from its stored inputs, beside what was published. `differences` are those of decision,
    numbers, sessions and rules; `reworded` where only sentences differ."""

    published: WeekPlan
    again: WeekPlan
    differences: tuple[str, ...]
    reworded: bool = False

    @property
    def identical(self) -> bool:
        """Whether it came out the same."""
        return not self.differences

    def lines(self) -> list[str]:
        """For people."""

        week = self.published
        if self.identical:
            what = f"{week.action.word}, level {week.level}, {week.run_min:g} min of running"
            decided = f"revision {week.revision}, decided on {formats.day(week.as_of, year=True)}"
            return [
                f"{week.week} ({decided}) comes out identical: {what}.",
                f"Policy {week.policy_version}, inputs {week.inputs_hash[:12]}.",
                *(["Some sentences are worded differently now."] if self.reworded else []),
            ]
        found = [f"{week.week} does not come out as published:", *(f"  {d}" for d in self.differences)]
        if week.policy_version != self.again.policy_version:
            found.append(
                f"It was published by policy {week.policy_version}; this is policy {self.again.policy_version}, "
                "whose rules differ. What was published stands."
            )
        return found

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "week": self.published.week,
            "identical": self.identical,
            "differences": list(self.differences),
            "reworded": self.reworded,
            "inputs_hash": self.published.inputs_hash,
            "policy_version": self.published.policy_version,
            "replayed_with": self.again.policy_version,
        }


def replay_week(settings: Settings, athlete_id: str | None, week: str) -> Replayed:
    """Decide a published week again from the inputs stored with it."""

    athlete = choose(Home(settings.home), athlete_id)
    weeks = {w.week: w for w in published_weeks(settings, athlete.athlete_id)}
    if week not in weeks:
        known = ", ".join(sorted(weeks)[-5:]) or "none yet"
        raise Trouble(f"There is no published week {week}.", f"The latest: {known}.", exit_code=2)
    published = weeks[week]
    again = replay(published)
    before, after = week_payload(published), week_payload(again)
    names = [name for name in before if unworded(before[name]) != unworded(after[name]) and name not in WORDED]
    differences = tuple(f"{n}: {before[n]!r} then, {after[n]!r} now"[:400] for n in names)
    return Replayed(published, again, differences, published != again and not differences)


WORDED = {"headline", "lead", "sentence", "what_would_change_it", "instruction", "title", "purpose"}
"""Parts of a week that are made from its decision, numbers and steps for people to read, with the codes of the words: a
later steadymile may put them otherwise, an earlier one stored no codes."""


def unworded(value: Any) -> Any:
    """A part of a week without its sentences."""
    if isinstance(value, Mapping):
        return {name: unworded(v) for name, v in value.items() if name not in WORDED}
    return [unworded(v) for v in value] if isinstance(value, list | tuple) else value
