"""What people say and decide: facts, check-ins, keep and forget, overrides, and syncing a watch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from steadymile.models.athlete import Athlete
from steadymile.pipelines.cli.terminal import at_home
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import (
    FACT_NAMES,
    ONE_PERSON,
    WEEKDAYS,
    Home,
    HomeError,
    athlete_payload,
    drop_athlete,
    parse_fact,
    set_facts,
    today_of,
)
from steadymile.pipelines.settings import Settings

if TYPE_CHECKING:
    from steadymile.warehouse.journal import Entry

QUESTIONS = (
    ("birth_year", "Year you were born (sharpens the heart-rate estimates)"),
    ("sex", "Sex, female or male (the load formula has two sets of constants)"),
    ("experience", "Running so far: never, walker, active or runner"),
    ("weight_kg", "Weight in kg"),
    ("height_cm", "Height in cm"),
    ("goal", "Goal: walk, mile, 5k, 10k or half"),
    ("days_free", "Days that suit running, like tue,thu,sat"),
    (
        "screening",
        "Do you have a known heart, metabolic or kidney disease, symptoms such as chest pain or fainting, "
        "or are you pregnant? yes or no",
    ),
)


def init_home(settings: Settings, given: Mapping[str, str], *, ask: bool, prompt: Callable[..., str]) -> list[str]:
    """Make the home and write the facts given or asked for; returns what to tell."""
    home = Home(settings.home)
    fresh = not home.athletes_file.exists()
    home.make()
    athletes = home.athletes()
    who = next(iter(athletes))
    answers = {k: v for k, v in given.items() if v}
    if ask and fresh:
        for name, question in QUESTIONS:
            if name not in answers and (answer := ask_fact(name, question, prompt)):
                answers[name] = answer
    if answers:
        set_facts(home, who, answers, None)
    then = f"steadymile nightly{at_home(home.root)}"
    lines = [
        f"Your home folder is {home.root}.",
        f"Drop your watch's files (FIT, GPX, TCX, zip) into {home.inbox}, then run: {then}",
    ]
    if answers.get("screening") in ("yes", "true"):
        lines.append(
            "Please ask a doctor before you start to run. Until then steadymile plans walks; "
            f"`steadymile athlete set cleared=yes{at_home(home.root)}` tells it that the doctor agreed."
        )
    return lines


def ask_fact(name: str, question: str, prompt: Callable[..., str]) -> str | None:
    """Ask until the answer is right or skipped with Enter."""
    asked = f"{question} [Enter skips]"
    while True:
        answer = str(prompt(asked, default="", show_default=False)).strip()
        if not answer:
            return None
        try:
            parse_fact(name, answer, ONE_PERSON)
        except HomeError as error:
            asked = f"{str(error).replace(f'{name} of {ONE_PERSON}', 'That')}\n{question} [Enter skips]"
        else:
            return answer


def choose(home: Home, athlete_id: str | None) -> Athlete:
    """The athlete that a command is about; Trouble where several could be meant."""
    athletes = home.athletes()
    if athlete_id is None:
        if len(athletes) == 1:
            return next(iter(athletes.values()))
        raise Trouble("Several people run here.", f"Say --athlete with one of: {', '.join(sorted(athletes))}.", 2)
    if athlete_id not in athletes:
        raise Trouble(f"Nobody here is called {athlete_id}.", f"Known: {', '.join(sorted(athletes))}.", exit_code=2)
    return athletes[athlete_id]


def split_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """name=value words as a dict; Trouble naming the word that is neither."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise Trouble(f"{pair!r} is not name=value.", "Write it like rpe=4 or talk=yes.", exit_code=2)
        found[name.strip()] = value.strip()
    return found


def log_checkin(
    settings: Settings,
    athlete_id: str | None,
    pairs: Sequence[str],
    on: date | None,
    activity: str | None,
    now: datetime,
) -> list[str]:
    """Write a check-in into the journal. Returns what to tell."""
    from steadymile.ingest.checkins.files import parse_values
    from steadymile.models.recording import CHECKIN_FIELDS
    from steadymile.pipelines.commands.query import find_activity
    from steadymile.warehouse.journal import Entry

    if list(pairs) in (["help"], ["list"]):
        return [
            "Write name=value, as many as you like, for example: steadymile log rpe=4 talk=yes pain=1",
            *(f"{name:24} {meaning}" for name, meaning in CHECKIN_FIELDS.items()),
        ]
    home = Home(settings.home)
    home.make()
    athlete = choose(home, athlete_id)
    values, problems = parse_values(split_pairs(pairs))
    if problems or not values:
        raise Trouble(" ".join(problems) or "Nothing was said.", "`steadymile log help` lists what can be said.", 2)
    day = on or today_of(athlete, now)
    if day > today_of(athlete, now):
        raise Trouble(f"{day} has not come yet.", "Leave --day out, or give a day up to today.", exit_code=2)
    if activity is not None:
        activity = find_activity(settings, activity).activity_id
    payload = {"day": day.isoformat(), "values": dict(values), "source": "log", "activity_id": activity}
    append(home, Entry("checkin", now, payload, athlete.athlete_id))
    said = ", ".join(f"{SPOKEN.get(name, name.replace('_', ' '))} {spoken(value)}" for name, value in values.items())
    lines = [f"Noted for {day:%A}, {day}: {said}."]
    if values.get("red_flag"):
        lines.append(
            "Please do not run, and see a doctor about this; with chest pain, fainting or breathlessness call for "
            "help at once. The plan stops tonight and stays stopped until `steadymile log cleared=true`."
        )
    elif isinstance(pain := values.get("pain"), int | float) and pain > 5:
        lines.append(
            "With pain above 5 please do not run. The plan stops tonight, and goes on once two days with pain of 2 or "
            "less have been reported. If it lasts, see a doctor or physiotherapist."
        )
    else:
        lines.append(f"It counts from the next run of steadymile nightly{at_home(home.root)}.")
    return lines


SPOKEN = {"rpe": "effort (0-10)", "talk_test": "full sentences", "pain": "pain (0-10)"}
"""What is said most often, in plain words."""


def spoken(value: object) -> str:
    """A value as people write it: 4 for 4.0, yes for True."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def append(home: Home, *entries: Entry) -> None:
    """Append to a home's journal."""
    from steadymile.warehouse.journal import Journal

    Journal(home.journal).append(entries)


@dataclass(frozen=True, slots=True)
class Told:
    """What a command says, for people and for machines."""

    lines: list[str] = field(default_factory=list)
    data: Any = None


def athlete_command(settings: Settings, action: str, words: Sequence[str], since: date | None) -> Told:
    """`athlete show [ID]`, `athlete add ID [facts]`, `athlete set [ID] facts`."""
    home = Home(settings.home)
    home.make()
    ids = [w for w in words if "=" not in w]
    facts = split_pairs([w for w in words if "=" in w])
    if len(ids) > 1:
        raise Trouble(f"One id at a time, not {', '.join(ids)}.", "Facts are written like weight_kg=77.", 2)
    if action == "add":
        if not ids:
            raise Trouble("Who is to be added?", "Write: steadymile athlete add ID birth_year=1985", exit_code=2)
        if ids[0] in home.athletes():
            raise Trouble(f"{ids[0]} is here already.", f"Write: steadymile athlete set {ids[0]} ...", exit_code=2)
        set_facts(home, ids[0], facts, since, create=True)
        drop_unused_default(home)
        return Told([f"{ids[0]} is added. Their files go into {home.inbox / ids[0]}."], {"added": ids[0]})
    if action == "set":
        if not facts:
            raise Trouble("No fact was given.", f"Facts: {', '.join(FACT_NAMES)}, name, units.", exit_code=2)
        athlete = choose(home, ids[0] if ids else None)
        set_facts(home, athlete.athlete_id, facts, since)
        when = f" from {since}" if since else ""
        told = ", ".join(f"{k} = {v}" for k, v in facts.items())
        return Told([f"{athlete.athlete_id}{when}: {told}. It counts from the next nightly."], {"set": facts})
    if action == "show":
        chosen = [choose(home, ids[0])] if ids else list(home.athletes().values())
        data = {a.athlete_id: athlete_payload(a) for a in chosen}
        return Told([line for a in chosen for line in athlete_lines(a)], data)
    raise Trouble(f"There is no `athlete {action}`.", "Use show, add or set.", exit_code=2)


def drop_unused_default(home: Home) -> None:
    """The table that a fresh home starts with, gone once somebody is named and it was never used."""
    from steadymile.models.athlete import Facts
    from steadymile.warehouse.journal import Journal

    mine = home.athletes().get(ONE_PERSON)
    used = mine is None or mine.base != Facts() or bool(mine.dated) or mine.name
    if not used and not any(e.kind != "facts" for e in Journal(home.journal).read(athlete_id=ONE_PERSON)):
        drop_athlete(home, ONE_PERSON)


def athlete_lines(athlete: Athlete) -> list[str]:
    """An athlete's facts, one a line."""
    payload = athlete_payload(athlete)
    lines = [f"{athlete.athlete_id}" + (f" ({athlete.name})" if athlete.name else "")]
    lines += [f"  {name} = {fact(name, value)}" for name, value in payload["base"].items()]
    for day, facts in payload["dated"].items():
        lines += [f"  from {day}: {name} = {fact(name, value)}" for name, value in facts.items()]
    unknown = [name for name, _ in QUESTIONS if name not in payload["base"]]
    if unknown:
        lines.append(f"  not said: {', '.join(unknown)}")
    return lines


def fact(name: str, value: object) -> str:
    """A fact as it is written on the command line: tue,thu,sat for weekdays, yes for true, 80 for 80.0."""
    if isinstance(value, list):
        days = {number: day for day, number in WEEKDAYS.items()}
        return ",".join(days[item] if name == "days_free" else str(item) for item in value)
    return spoken(value)


def already(home: Home, kind: str, activity_id: str) -> bool:
    """Whether the last decision of this kind, or of its opposite, on an activity was the same."""
    from steadymile.warehouse.journal import Journal

    pair = {kind, kind.removeprefix("un"), f"un{kind}"}
    said = [e.kind for e in Journal(home.journal).read(pair) if e.payload.get("activity_id") == activity_id]
    return said[-1:] == [kind]


def journal_decision(settings: Settings, kind: str, activity: str, now: datetime) -> list[str]:
    """keep, unkeep, forget, unforget: into the journal, then measured and published at once."""
    from steadymile.pipelines.commands.query import find_activity
    from steadymile.pipelines.nightly import run
    from steadymile.warehouse.journal import Entry

    found = find_activity(settings, activity, hidden=True)
    if not already(Home(settings.home), kind, found.activity_id):
        append(Home(settings.home), Entry(kind, now, {"activity_id": found.activity_id}, found.athlete_id))
    run(settings, now, steps=("ingest", "measure", "plan", "report"))
    done = {
        "keep": "counts by itself from now on",
        "unkeep": "is compared with other recordings again",
        "forget": "is hidden everywhere; its original stays in the archive, and `steadymile unforget` brings it back",
        "unforget": "is back",
    }[kind]
    return [f"{found.title} ({found.activity_id}) {done}."]


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
    from steadymile.pipelines.commands.overrides import check, checked_week, publish_override, refusal_of
    from steadymile.warehouse.journal import Entry

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


def sync_watch(settings: Settings, source: Path, athlete_id: str | None) -> list[str]:
    """Copy new files from a mounted watch or any folder into the inbox."""
    from steadymile.ingest.watch import copy_new

    home = Home(settings.home)
    home.make()
    athletes = home.athletes()
    folder = choose(home, athlete_id).athlete_id if len(athletes) > 1 or athlete_id else None
    if not source.is_dir():
        raise Trouble(f"{source} is not a folder.", "Mount the watch, then name its folder.", exit_code=2)
    copies = copy_new(source, home.inbox, folder)
    lines = [f"{c.source.name} -> {c.target.relative_to(home.root)}" for c in copies]
    return [*lines, f"{len(copies)} new files copied; the watch was not touched. Next: steadymile nightly"]
