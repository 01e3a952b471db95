"""Synthetic people lived through the whole pipeline for a year, and what it decided, in docs/results/people.md.

`python -m steadymile.studies.people docs/results/people.md [weeks [coached]]` plays everyone, one home per core, and
writes the page; fewer weeks, and fewer of the coach's people, where numbers are given.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from steadymile.ingest.checkins.values import parse_values
from steadymile.models.policy.build_state import State
from steadymile.models.policy.caps import CAPS
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.policy.rules.breaks import unsynced
from steadymile.models.policy.rules.earning import Standing, earned, one_step
from steadymile.models.policy.rules.found import BY_ID
from steadymile.models.policy.training.matching import week_of
from steadymile.models.weekplan import Action, PlannedSession, Reason, WeekPlan
from steadymile.pipelines.facts import ONE_PERSON
from steadymile.pipelines.home import Home, drop_athlete, set_facts
from steadymile.pipelines.nightly import run
from steadymile.pipelines.settings import Settings
from steadymile.studies.synthetic.people import COACHED, MONDAY, SINGLE, Life, group
from steadymile.warehouse import database
from steadymile.warehouse.database import open_published
from steadymile.warehouse.journal import Entry, Journal

STEPS = ("ingest", "measure", "plan")


@dataclass(slots=True)
class Row:
    """One week of one person: every revision of its plan, and what the pipeline found done."""

    week: str
    plans: list[WeekPlan] = field(default_factory=list)
    runs: int = 0
    run_min: float = 0.0
    walks: int = 0

    @property
    def first(self) -> WeekPlan:
        """The week as it was frozen."""
        return self.plans[0]

    @property
    def last(self) -> WeekPlan:
        """The week as it ended."""
        return self.plans[-1]


class Study:
    """One home and the people in it, played day by day."""

    def __init__(self, place: Path, people: Sequence[Life]) -> None:
        self.home, self.people = Home(place), people
        self.settings = Settings(place, workers=1, settle_s=0.0)
        self.rows: dict[str, dict[str, Row]] = {p.name: {} for p in people}
        self.held: dict[str, list[tuple[str, bytes]]] = {p.name: [] for p in people}
        self.said_until: dict[str, date] = {}
        self.home.make()
        for person in people:
            set_facts(self.home, person.name, {"timezone": person.timezone, **person.facts_told()}, None, create=True)
        if ONE_PERSON not in self.rows:
            drop_athlete(self.home, ONE_PERSON)

    def play(self, weeks: int) -> dict[str, list[Row]]:
        """Everybody's rows after so many weeks."""
        for person in self.people:
            for file in person.before():
                self._hold(person, file.name, file.data)
            self._drop(person, MONDAY - timedelta(days=1))
        self._night(MONDAY - timedelta(days=1))
        for week in range(weeks):
            for n in range(7):
                self._day(week, MONDAY + timedelta(weeks=week, days=n))
        self._count()
        return {
            name: [row for row in sorted(rows.values(), key=lambda r: r.week) if row.plans][:weeks]
            for name, rows in self.rows.items()
        }

    def _day(self, week: int, day: date) -> None:
        """A day of everybody, and the night after it where there is one: Sundays, some Wednesdays, after bad news."""
        urgent = False
        for person in self.people:
            known = len(person.told)
            for file in person.live(week, day, self._planned(person, day)):
                self._hold(person, file.name, file.data)
            if person.syncs(week):
                urgent |= len(person.told) > known and bool({"ill", "pain_place"} & set(person.told.get(day, ())))
        if day.isoweekday() == 7 or urgent or (day.isoweekday() == 3 and week % 4 == 2):
            for person in self.people:
                if person.syncs(week):
                    self._drop(person, day)
            self._night(day)

    def _planned(self, person: Life, day: date) -> list[PlannedSession]:
        row = self.rows[person.name].get(week_of(day))
        return [p for p in row.last.planned if p.day == day] if row is not None and row.plans else []

    def _hold(self, person: Life, name: str, data: bytes) -> None:
        self.held[person.name].append((name, data))

    def _drop(self, person: Life, day: date) -> None:
        """What is held comes into the inbox, and everything said since the last time into the journal."""
        folder = self.home.inbox / person.name if len(self.people) > 1 else self.home.inbox
        for name, data in self.held[person.name]:
            place = folder / name[:7] / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        self.held[person.name] = []
        since = self.said_until.get(person.name, date.min)
        said = {d: v for d, v in sorted(person.told.items()) if since < d <= day}
        self.said_until[person.name] = day
        entries = [self._said(person, d, values, day) for d, values in said.items()]
        if entries:
            Journal(self.home.journal).append(entries)

    def _said(self, person: Life, day: date, values: Mapping[str, object], on: date) -> Entry:
        """What somebody logs of a day: their own word, which alone ends a stop."""
        told, problems = parse_values({name: str(value) for name, value in values.items()})
        if problems:
            raise ValueError(f"{person.name}, {day}: {problems}")
        payload = {"day": day.isoformat(), "values": told, "source": "log", "activity_id": None}
        return Entry("checkin", datetime.combine(on, time(9), UTC), payload, person.name)

    def _night(self, day: date) -> None:
        result = run(self.settings, datetime.combine(day, time(10, 0), UTC), as_of=day, steps=STEPS)
        if result.failed or result.refused:
            raise RuntimeError(f"{day}: {result.failed} {result.refused[:3]}")
        for plan in result.weeks:
            if plan.status == "frozen":
                self.rows[plan.athlete_id].setdefault(plan.week, Row(plan.week)).plans.append(plan)

    def _count(self) -> None:
        """What the warehouse says was done, week by week."""

        con = open_published(self.home.warehouse)
        try:
            found = database.rows(con, "SELECT athlete_id, local_day, sport, running_s FROM activities WHERE preferred")
        finally:
            con.close()
        for athlete_id, day, sport, running_s in found:
            row = self.rows[athlete_id].get(week_of(day))
            if row is None or sport not in ("running", "walking"):
                continue
            if sport == "running":
                row.runs, row.run_min = row.runs + 1, row.run_min + (running_s or 0.0) / 60.0
            else:
                row.walks += 1


def play_one(name: str, weeks: int | None = None, place: Path | None = None) -> list[Row]:
    """One of the seven who are played alone."""
    life = SINGLE[name](ONE_PERSON, 100 + list(SINGLE).index(name))
    with tempfile.TemporaryDirectory() as scratch:
        return Study(place or Path(scratch) / "home", [life]).play(weeks or life.weeks_played)[ONE_PERSON]


def play_group(
    weeks: int | None = None, place: Path | None = None, first: int = 0, count: int | None = None
) -> dict[str, list[Row]]:
    """The thirty of one coach, or `count` of them from the `first` on: nobody's week depends on who else is there."""
    people = group()[first : None if count is None else first + count]
    with tempfile.TemporaryDirectory() as scratch:
        return Study(place or Path(scratch) / "home", people).play(weeks or people[0].weeks_played)


# words

AT_GOAL = "the goal asks for no more"


def why(plan: WeekPlan) -> str:
    """The binding rule and cap in a few words."""
    if plan.state["facts"]["first_plan"] and plan.action >= Action.HOLD:
        return "first plan"
    fired = [r for r in plan.reasons if r.fired and r.rule != one_step.id]
    rules = [r for r in fired if r.rule in BY_ID]
    caps = [in_short(r) for r in fired if r.rule not in BY_ID][:1]
    main = next((r for r in rules if r.binding), rules[0] if rules else None)
    counts_credits = main is not None and main.rule == earned.id and plan.action == Action.HOLD
    if main is not None and counts_credits and (holds := _held_without(plan, main)):
        return caps[0] if caps else holds
    silent = [r for r in rules if r.rule == unsynced.id and r is not main]
    return ", ".join([*(in_short(r) for r in silent + ([main] if main else [])), *caps])


def _held_without(plan: WeekPlan, earned_: Reason) -> str:
    """Why a week holds in which no credit is missing; empty where one is."""
    standing = Standing.of(State.from_stored(plan.state).signals, int(plan.state["decision"]["level"]), IN_FORCE)
    if standing.at_goal:
        return AT_GOAL
    if earned_.observed is None or earned_.threshold is None or earned_.observed < earned_.threshold:
        return ""
    return "walks first" if standing.walks_first or not plan.run_min else "a step would bring no more"


def in_short(reason: Reason) -> str:
    """One reason in a few words."""
    if reason.rule in BY_ID:
        return BY_ID[reason.rule].in_short(reason.observed, reason.threshold)
    name = reason.rule.removeprefix("cap_")
    if name not in CAPS or reason.threshold is None:
        return "limits"
    return f"{name} limit {reason.threshold:.0f} {'m' if name == 'distance' else 'min'}"


def number(value: float) -> str:
    """A number of minutes without a needless decimal."""
    return f"{value:.1f}".removesuffix(".0")


def changed(a: str, b: str) -> str:
    """What a week began as and what it became."""
    return a if a == b else f"{a} → {b}"


def table(rows: Sequence[Row]) -> list[str]:
    """A person's weeks as a table; weeks at the goal's level, where nothing is decided any more, stand together."""
    lines = [
        "| week | action | level | run min | longest bout | walks | done: runs (min), walks | why |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for told in groupby(enumerate(rows, 1), key=_alike):
        together = list(told[1])
        lines.append("| " + " | ".join(_cells([n for n, _ in together], [row for _, row in together])) + " |")
    return lines


def _alike(numbered: tuple[int, Row]) -> object:
    """Equal for weeks that may stand together."""
    n, row = numbered
    kept = len(row.plans) == 1 and why(row.first) == AT_GOAL
    return (row.first.level, row.first.sessions) if kept else n


def _cells(numbers: Sequence[int], rows: Sequence[Row]) -> list[str]:
    """One line of a table: a week, or several that are alike."""
    a, b = rows[0].first, rows[0].last
    reason = why(a)
    if b.revision_reason:
        reason = f"{reason.rstrip('.')}. Then: {b.revision_reason}"
    run_min, done_min = ([f(r) for r in rows] for f in (lambda r: r.first.run_min, lambda r: round(r.run_min)))
    return [
        span(numbers), changed(a.action.word, b.action.word), changed(a.level, b.level),
        span(run_min) if len(rows) > 1 else changed(number(a.run_min), number(b.run_min)),
        span([r.first.longest_bout_min for r in rows]), f"{sum(1 for p in b.planned if p.kind == 'walk')}",
        f"{span([r.runs for r in rows])} ({span(done_min)}), {span([r.walks for r in rows])}", reason.replace("|", "/"),
    ]  # fmt: skip


def span(values: Sequence[float]) -> str:
    """The smallest and the largest of some numbers, or the one that they all are."""
    low, high = number(min(values)), number(max(values))
    return low if low == high else f"{low}-{high}"


def counts(rows: Sequence[Row]) -> str:
    """How often each decision was taken, where it led, and when the mile level came."""
    said = [f"{sum(r.last.action == a for r in rows)} {a.word}" for a in reversed(Action)]
    mile = next((n for n, r in enumerate(rows, 1) if r.first.level in ("M1", "M2")), None)
    most = max(r.first.run_min for r in rows)
    came = f"; M1 in week {mile}" if mile else ""
    return f"{', '.join(s for s in said if s[0] != '0')}; most running planned {number(most)} min{came}."


LETTER = {Action.STOP: "s", Action.BACK_OFF: "b", Action.REBUILD: "r", Action.HOLD: "h", Action.ADVANCE: "A"}


EVERY = 13
"""A quarter of a year, in weeks."""


def group_table(rows: dict[str, list[Row]], people: Iterable[Life]) -> list[str]:
    """The coach's thirty, one line each: a letter a week, the running minutes of every thirteenth."""
    weeks = max(len(mine) for mine in rows.values())
    lines = [
        f"| who | says | goal | weeks 1-{weeks} | level at the end | run min planned | done: runs, walks in all |",
        "|---|---|---|---|---|---|---|",
    ]
    for person in people:
        mine, told = rows[person.name], person.facts_told()
        minutes = " ".join(f"{r.last.run_min:.0f}" for r in (mine[EVERY - 1 :: EVERY] or mine[-1:]))
        done = f"{sum(r.runs for r in mine)}, {sum(r.walks for r in mine)}"
        cells = [
            person.name, str(told.get("experience", "")), str(told.get("goal", "")),
            f"`{''.join(LETTER[r.last.action] for r in mine)}`", mine[-1].last.level, minutes, done,
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return lines


HEAD = """# People: a year of decisions, week by week

Simulated people, played through the whole pipeline: their files go into an inbox, the nightly run reads, measures and
plans every Sunday (some Wednesdays too, and the same evening when somebody reports illness or pain), and they do what
the published week asks, mostly. Nobody here is real, and nothing below shows that a plan prevents an injury; it shows
what the policy does with a life. The policy is described in [policy.md](../policy.md).

Reading a table: `action`, `level`, minutes of running in the week and of its longest bout as frozen on Sunday (an arrow
leads to what the week became); what the pipeline found done; the binding reason. Weeks at the goal's level, in which
nothing is decided any more, stand in one line.
"""
MADE = """
Policy {version}, {weeks} weeks, {count} of the thirty, played on {day} in {minutes:.0f} min on {cores} cores by
`python -m steadymile.studies.people docs/results/people.md{argument}`.
"""


def page(single: dict[str, list[Row]], coached: dict[str, list[Row]], made: str = "") -> str:
    """docs/results/people.md."""
    lines = [HEAD + made]
    for name, rows in single.items():
        life = SINGLE[name]
        lines += [f"## {life.title}", "", life.story, "", f"{len(rows)} weeks: {counts(rows)}", ""]
        lines += [life.reading, ""] if life.reading else []
        lines += [*table(rows), ""]
    people = [p for p in group() if p.name in coached]
    lines += ["## Thirty beginners of one coach", "", GROUP_STORY, "", *group_table(coached, people), ""]
    for name in (x for x in ("runner-07", "runner-19") if x in coached):
        lines += [f"### {name}", "", *table(coached[name][:SHOWN]), ""]
    return "\n".join(lines)


SHOWN = 20
"""So many weeks of the two who stopped syncing are told one by one."""

GROUP_STORY = (
    "Thirty beginners, more or less keen: nineteen silent about how it felt, fourteen with a phone only. "
    "Letters: A advance, h hold, b back off, r rebuild, s stop; minutes are those of every thirteenth week. "
    "runner-07 stops syncing after week 4 for good, runner-19 syncs again in week 10 and brings everything."
)


TOGETHER = 10
"""So many of the coach's people share a home: enough to share a night's cost, few enough to keep all cores busy."""


def main(target: Path, weeks: int | None = None, count: int = COACHED) -> None:
    """Play everyone, the longest first, a line on the error stream for each home that is done; write the page."""
    begun = datetime.now(UTC)
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        coached = [pool.submit(play_group, weeks, None, n, TOGETHER) for n in range(0, count, TOGETHER)]
        single = {
            name: pool.submit(play_one, name, weeks) for name in sorted(SINGLE, key=lambda name: name != "established")
        }
        names: dict[Future[Any], str] = {job: name for name, job in single.items()}
        names |= dict.fromkeys(coached, f"{TOGETHER} of a coach")
        for n, job in enumerate(as_completed(names), 1):
            sys.stderr.write(f"{n} of {len(names)} homes played: {names[job]}\n")
        everyone = {name: rows for job in coached for name, rows in job.result().items()}
        alone = {name: single[name].result() for name in SINGLE}
    ended = datetime.now(UTC)
    made = MADE.format(
        version=IN_FORCE.version, count=count, weeks=weeks or Life.weeks_played, day=f"{ended:%d %b %Y}",
        cores=os.cpu_count() or 1, minutes=(ended - begun).total_seconds() / 60.0,
        argument=f" {weeks} {count}" if weeks else "",
    )  # fmt: skip
    target.write_text(page(alone, everyone, made), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(x) for x in sys.argv[2:4]))
