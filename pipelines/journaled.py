"""What people said and decided, from the journal into the warehouse: before anything else in a run, whatever comes
after. Applying an entry twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from steadymile.models.recording import CheckIn
from steadymile.models.stated.logged import MINUTES
from steadymile.models.weekplan import WeekPlan
from steadymile.pipelines.convert import week_from
from steadymile.pipelines.errors import plain
from steadymile.pipelines.facts import LEFT, athlete_payload, facts_hash, zone_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.reading.child import NoReader
from steadymile.pipelines.reading.dates import dating_of
from steadymile.pipelines.reading.remeasure import keep_again
from steadymile.pipelines.reading.worker import Original
from steadymile.pipelines.run import Run
from steadymile.warehouse.database import rows
from steadymile.warehouse.journal import Entry, Journal
from steadymile.warehouse.store import (
    load_athletes,
    load_standing,
    load_stated_sports,
    load_weeks,
    remove_answers,
    remove_athletes,
    remove_weeks,
    save_athletes,
    save_checkins,
    save_past,
    save_standing,
    save_weeks,
    unsaved,
)


def apply_words(run: Run) -> None:
    """Apply the facts of athletes.toml and what the journal holds since the last run."""
    with run.timed("journal"):
        withdraw_future(run)
        journal_facts(run)
        apply_journal(run)
        bring_back(run)


def journal_facts(run: Run) -> None:
    """Write changed facts of athletes.toml to the journal and the warehouse, so that a rebuild knows them; of who is no
    longer there, that they left, so that the journal never brings them back in its place."""
    known = load_athletes(run.con)
    before = {a.athlete_id: facts_hash(a) for a in known}
    new = [a for a in run.athletes.values() if before.get(a.athlete_id) != facts_hash(a)]
    if new:
        run.note(*(Entry("facts", run.now, athlete_payload(a), a.athlete_id) for a in new))
        save_athletes(run.con, new)
        run.owe(*(a.athlete_id for a in new))
    left = [] if run.remembered else [a for a in known if a.athlete_id not in run.athletes]
    if left:
        run.note(*(Entry("facts", run.now, {**athlete_payload(a), LEFT: True}, a.athlete_id) for a in left))
        remove_athletes(run.con, [a.athlete_id for a in left])


def apply_journal(run: Run) -> None:
    """Apply what was said and decided since the last run: check-ins by command, keep, forget and their reverses."""
    mark = run.journal.mark()
    entries = list(run.journal.read(start=run.journal.since(run.state.journal)))
    whole = apply_entries(run, entries)
    run.sighted = {sighting(e.payload, e.athlete_id): e for e in entries if e.kind == "file"}
    if whole:
        run.state.journal = mark
    run.warnings += [f"The journal: {said}." for said in run.journal.damaged]


A_DAY = timedelta(days=1)


def from_the_future(run: Run, entry: Entry) -> bool:
    """Whether a plan or a day was journaled by a clock that was ahead of this run's by more than a day. The clock was
    wrong: what it planned is not the athlete's plan. What people said stays, whenever it was."""
    return entry.kind in ("week", "note") and entry.at > run.now + A_DAY


def pass_over(run: Run, entries: Iterable[Entry]) -> None:
    """Remember when the first of what this run passes over was journaled: it counts from then on."""
    times = [entry.at.isoformat() for entry in entries]
    run.state.ahead = min([*times, *([run.state.ahead] if run.state.ahead else [])], default="")


def bring_back(run: Run) -> None:
    """Save the weeks that earlier runs passed over and that are no longer to come: it was those runs' clock that was
    wrong. The journal alone decides, as in a rebuild."""
    if not run.state.ahead or datetime.fromisoformat(run.state.ahead) > run.now + A_DAY:
        return
    entries = [e for e in run.journal.read(kinds=("week",)) if e.athlete_id in run.athletes]
    back = unsaved(run.con, [week_from(e.payload) for e in entries if not from_the_future(run, e)])
    if save_weeks(run.con, back):
        run.owe(*(week.athlete_id for week in back))
    run.state.ahead = ""
    pass_over(run, (e for e in entries if from_the_future(run, e)))


def withdraw_future(run: Run) -> None:
    """Take back the weeks that a clock far ahead had published, or that a clock far behind takes for such."""
    limit = (run.now + A_DAY).date()
    planned = "SELECT DISTINCT athlete_id FROM base.targets WHERE as_of > ? ORDER BY athlete_id"
    for (athlete_id,) in rows(run.con, planned, [limit]) if run.as_of is None else ():
        ahead = [w for w in load_weeks(run.con, athlete_id, revisions=True) if w.as_of > limit]
        found = run.journal.read(kinds=("week",), athlete_id=athlete_id)
        entries = [e for e in found if from_the_future(run, e)]
        wrong = {(e.payload["week"], e.payload["revision"]) for e in entries}
        pass_over(run, entries)
        gone = [w for w in ahead if w.status != "frozen" or (w.week, w.revision) in wrong]
        if remove_weeks(run.con, athlete_id, [(w.week, w.revision) for w in gone]):
            save_past(run.con, athlete_id, "", None)
            run.owe(athlete_id)


def sighting(payload: Mapping[str, Any], athlete_id: str | None) -> tuple[Any, ...]:
    """What makes two journal entries of a file the same sighting."""
    said = ("path", "status", "sha256", "reason", "code", "activities", "left_out", "held")
    return (athlete_id, *(payload.get(name) for name in said))


def apply_entries(run: Run, entries: Sequence[Entry]) -> bool:
    """Apply journal entries in order. A week is journaled before it is saved: one that a kill kept from being saved is
    saved now. An entry that makes no sense here, as of a later steadymile, is a warning and costs none after it. False
    where one waits for a run that can read files again."""
    whole = True
    standing: dict[str, Standing] = {}
    weeks: list[WeekPlan] = []
    pass_over(run, (e for e in entries if e.kind == "week" and from_the_future(run, e)))
    for entry in entries:
        athlete_id = entry.athlete_id
        if athlete_id is None or athlete_id not in run.athletes or from_the_future(run, entry):
            continue
        try:
            apply_entry(run, athlete_id, entry, standing, weeks)
        except (KeyError, TypeError, ValueError) as error:
            fault = f"{type(error).__name__}: {error}"
            run.warnings.append(f"The journal: entry {entry.seq} ({entry.kind}) cannot be applied ({fault}).")
        except NoReader as error:
            whole = False
            run.problems.append(f"A recording waits for the start that was stated. {' '.join(plain(error))}")
    for athlete_id, said in standing.items():
        if save_standing(run.con, athlete_id, kept=said.kept, forgotten=said.forgotten, sports=said.sports):
            run.owe(athlete_id)
    save_weeks(run.con, unsaved(run.con, weeks))
    return whole


def apply_entry(run: Run, athlete_id: str, entry: Entry, standing: dict[str, Standing], weeks: list[WeekPlan]) -> None:
    """Apply one entry; what it says of single activities is gathered in `standing`, a week in `weeks`."""
    if entry.kind == "checkin":
        save_checkins(run.con, athlete_id, f"journal:{entry.seq}", entry.seq, [checkin_of(entry.payload)])
        run.heard += 1
        run.owe(athlete_id)
    elif entry.kind == "unlog":
        for seq, names in entry.payload["answers"].items():
            remove_answers(run.con, athlete_id, f"journal:{seq}", names)
        run.owe(athlete_id)
    elif entry.kind in Standing.KINDS:
        if athlete_id not in standing:
            standing[athlete_id] = Standing.of(run.con, athlete_id)
        standing[athlete_id].hear(entry)
    elif entry.kind == "override":
        run.owe(athlete_id)
    elif entry.kind == "date" and not run.rebuilding:
        date_again(run, athlete_id, entry.payload)
    elif entry.kind == "week":
        weeks.append(week_from(entry.payload))


@dataclass(slots=True)
class Standing:
    """What an athlete said of single activities: kept, forgotten, and the sport that one was."""

    KINDS: ClassVar = ("keep", "unkeep", "forget", "unforget", "sport")
    kept: set[str]
    forgotten: set[str]
    sports: dict[str, str]

    @classmethod
    def of(cls, con: Any, athlete_id: str) -> Standing:
        """As it was saved."""
        kept, forgotten = load_standing(con, athlete_id)
        return cls(set(kept), set(forgotten), load_stated_sports(con, athlete_id))

    def hear(self, entry: Entry) -> None:
        """Take up one journal entry of KINDS; a sport of None takes the word back."""
        activity_id = entry.payload["activity_id"]
        if entry.kind == "sport":
            self.sports.pop(activity_id, None)
            if entry.payload["sport"]:
                self.sports[activity_id] = entry.payload["sport"]
            return
        place = self.kept if entry.kind.endswith("keep") else self.forgotten
        (place.discard if entry.kind.startswith("un") else place.add)(activity_id)


def words_follow(
    run: Run, athlete_id: str, said: Standing, before: Mapping[str, datetime], after: Mapping[str, datetime]
) -> None:
    """What was said of a session stays its own where readers now count the sessions of its file otherwise: activity ids
    go by their number in it, with their starts `before` and `after`. Journaled, so that a rebuild finds it so."""
    now = {start: activity_id for activity_id, start in after.items()}
    moved = {old: now[start] for old, start in before.items() if now.get(start, old) != old}
    taken, given = [], []
    for old, new in moved.items():
        for kind, place in (("keep", said.kept), ("forget", said.forgotten)):
            if old in place:
                taken.append(Entry(f"un{kind}", run.now, {"activity_id": old}, athlete_id))
                given.append(Entry(kind, run.now, {"activity_id": new}, athlete_id))
        if old in said.sports:
            taken.append(Entry("sport", run.now, {"activity_id": old, "sport": None}, athlete_id))
            given.append(Entry("sport", run.now, {"activity_id": new, "sport": said.sports[old]}, athlete_id))
    if given:
        apply_entries(run, run.note(*taken, *given))


def date_again(run: Run, athlete_id: str, payload: Mapping[str, Any]) -> None:
    """A recording that is known already, at the start that was stated for it now."""
    sha256 = payload["sha256"]
    known = rows(
        run.con,
        "SELECT min(path) FROM base.activities WHERE athlete_id = ? AND sha256 = ? HAVING count(*) > 0",
        [athlete_id, sha256],
    )
    if not known:
        return
    zone = zone_of(run.athletes[athlete_id], run.now.date())
    original = Original(known[0][0], athlete_id, sha256, zone, dated=dating_of(payload))
    keep_again(run, [original])
    run.owe(athlete_id)


def checkin_of(payload: Mapping[str, Any]) -> CheckIn:
    """A check-in from its journal entry."""
    at = payload.get("at")
    return CheckIn(
        day=date.fromisoformat(payload["day"]),
        values=payload["values"],
        source=payload.get("source", "log"),
        at=datetime.fromisoformat(at) if at else None,
        activity_id=payload.get("activity_id"),
    )


# what stands of it


@dataclass(frozen=True, slots=True)
class Said:
    """What is left of one check-in by command: the local day and the activity (None: none) that it is about, and its
    answers."""

    day: date
    values: Mapping[str, object]
    activity_id: str | None = None


def standing_answers(home: Home, athlete_id: str) -> dict[int, Said]:
    """What was said by command and not taken back, by the number of its journal entry, in order. An entry that makes no
    sense is passed over here: the night names it."""
    found: dict[int, Said] = {}
    for entry in Journal(home.journal).read({"checkin", "unlog"}, athlete_id):
        with suppress(KeyError, TypeError, ValueError):
            if entry.kind == "checkin":
                about = entry.payload.get("activity_id")
                found[entry.seq] = Said(date.fromisoformat(entry.payload["day"]), entry.payload["values"], about)
                continue
            for seq, names in entry.payload["answers"].items():
                if (said := found.get(int(seq))) is not None:
                    found[int(seq)] = replace(said, values={k: v for k, v in said.values.items() if k not in names})
    return {seq: said for seq, said in found.items() if said.values}


def minutes_of(home: Home, athlete_id: str, day: date) -> dict[str, float]:
    """The minutes that stand for a day by command, by field."""
    said = (s.values for s in standing_answers(home, athlete_id).values() if s.day == day)
    return {k: float(v) for values in said for k, v in values.items() if k in MINUTES and isinstance(v, int | float)}


def pain_before(home: Home, athlete_id: str, day: date | None) -> float | None:
    """The worst pain that stands for a day by command or form; None where none was said, or no day is named."""
    said = (s.values.get("pain") for s in standing_answers(home, athlete_id).values() if s.day == day)
    return max((float(x) for x in said if isinstance(x, int | float)), default=None)
