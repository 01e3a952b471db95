"""`steadymile athlete`: people and their dated facts, shown, added and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from steadymile.ingest.checkins.quantities import WEEKDAYS, doubted
from steadymile.models.athlete import WISHES, Athlete, Facts
from steadymile.models.plausible import contradiction, doubts
from steadymile.pipelines.commands.init import unanswered, understood
from steadymile.pipelines.commands.log import split_pairs, spoken
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import FACT_NAMES, ONE_PERSON, athlete_payload, parse_fact, today_of
from steadymile.pipelines.home import Home, drop_athlete, set_facts
from steadymile.pipelines.published import choose, pick_athlete
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.journal import Journal

EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Told:
    """What a command says, for people and for machines."""

    lines: list[str] = field(default_factory=list)
    data: Any = None


def athlete_command(
    settings: Settings, action: str, words: Sequence[str], since: date | None, now: datetime | None = None
) -> Told:
    """`athlete show [ID]`, `add ID [facts]`, `set [ID] facts`, `pause WHO [until] DAY`, `resume WHO`, `rename WHO
    NAME`."""
    now = now or datetime.now(UTC)
    home = Home(settings.home)
    home.make()
    if action in ("pause", "resume", "rename"):
        return in_the_group(home, action, words, now)
    ids = [w for w in words if "=" not in w]
    facts = split_pairs([w for w in words if "=" in w])
    if len(ids) > 1:
        raise Trouble(f"One id at a time, not {', '.join(ids)}.", "Facts are written like weight_kg=77.", 2)
    if since is not None and not since >= EARLIEST:
        raise Trouble(f"{since} is too long ago.", f"Facts are dated from {EARLIEST} on.", exit_code=2)
    if action == "add":
        if not ids:
            raise Trouble("Who is to be added?", "Write: steadymile athlete add ID birth_year=1985", exit_code=2)
        if ids[0] in home.stated_athletes():
            raise Trouble(f"{ids[0]} is here already.", f"Write: steadymile athlete set {ids[0]} ...", exit_code=2)
        added = set_facts(home, ids[0], facts, since, create=True)
        drop_unused_default(home)
        lines = [f"{ids[0]} is added. Their files go into {home.inbox / ids[0]}."]
        return Told([*lines, *doubts_of(added, facts, since, now)], {"added": ids[0]})
    if action == "set":
        if not facts:
            raise Trouble("No fact was given.", f"Facts: {', '.join(FACT_NAMES)}, name, units.", exit_code=2)
        athlete = choose(home, ids[0] if ids else None)
        after_it = set_facts(home, athlete.athlete_id, facts, since)
        when = f" from {since}" if since else ""
        told = "; ".join(f"{k} = {understood(k, v)}" for k, v in facts.items())
        begins = since if since and since > today_of(after_it, now) else None
        counts = f"It counts from {begins} on." if begins else "It counts from the next nightly."
        if WISHES & facts.keys():
            counts += " A week that is published already stays as it was planned; steadymile override changes one."
        lines = [f"{athlete.athlete_id}{when}: {told}. {counts}"]
        after = facts | asdict(after_it.base)
        if facts.get("remind_min") and not after.get("run_at"):
            lines.append("A reminder needs the time of day as well: steadymile athlete set run_at=18:30")
        return Told([*lines, *doubts_of(after_it, facts, since, now)], {"set": facts})
    if action == "show":
        everyone = home.stated_athletes()
        chosen = [pick_athlete(everyone, ids[0])] if ids else list(everyone.values())
        data = {a.athlete_id: athlete_payload(a) for a in chosen}
        return Told([line for a in chosen for line in athlete_lines(a, today_of(a, now))], data)
    raise Trouble(f"There is no `athlete {action}`.", "Use show, add, set, pause, resume or rename.", exit_code=2)


def doubts_of(athlete: Athlete, stated: Mapping[str, str], since: date | None, now: datetime) -> list[str]:
    """What to ask again of the facts that were just stated."""
    today = today_of(athlete, now)
    said = [doubt for name, value in stated.items() if (doubt := doubted(name, value))]
    about = stated.keys() - {"weight_kg", "height_cm"} if said else stated.keys()
    return said + doubts(athlete.facts(max(since or today, today)), today, about)


def in_the_group(home: Home, action: str, words: Sequence[str], now: datetime) -> Told:
    """What changes an athlete's place on the coach's list and nothing of their plan."""
    said = [w for w in words if w != "until"]
    wanted = "WHO" if action == "resume" else "WHO until DAY" if action == "pause" else "WHO NAME"
    if len(said) < (1 if action == "resume" else 2):
        raise Trouble("Who, and what?", f"Write: steadymile athlete {action} {wanted}", exit_code=2)
    athlete = pick_athlete(home.stated_athletes(), said[0])
    rest = " ".join(said[1:])
    if action == "rename":
        set_facts(home, athlete.athlete_id, {"name": rest}, None)
        return Told([f"{athlete.athlete_id} is called {rest} from now on; id and files stay."], {"name": rest})
    until = None if action == "resume" else parse_fact("paused_until", rest, athlete.athlete_id)
    today = today_of(athlete, now)
    if until is not None and until < today:
        raise Trouble(
            f"{until} is over.", f"Name the day of the return, like {today + timedelta(days=14)}.", exit_code=2
        )
    set_facts(home, athlete.athlete_id, {"paused_until": until}, None)
    who = athlete.name or athlete.athlete_id
    if until is None:
        return Told([f"{who} is back on the coach's list."], {"paused_until": None})
    line = (
        f"{who} is paused until {until:%A}, {until}: last on the coach's list, and not called silent. Pain, illness "
        "and warning signs still come to the top, and the plan goes on from what is recorded."
    )
    return Told([line], {"paused_until": until.isoformat()})


def drop_unused_default(home: Home) -> None:
    """The table that a fresh home starts with, gone once somebody is named and it was never used."""

    mine = home.stated_athletes().get(ONE_PERSON)
    used = mine is None or mine.base != Facts() or bool(mine.dated) or mine.name
    if not used and not any(e.kind != "facts" for e in Journal(home.journal).read(athlete_id=ONE_PERSON)):
        drop_athlete(home, ONE_PERSON)


def athlete_lines(athlete: Athlete, today: date) -> list[str]:
    """An athlete's facts, one a line, and what is unusual about them."""
    payload = athlete_payload(athlete)
    lines = [f"{athlete.athlete_id}" + (f" ({athlete.name})" if athlete.name else "")]
    lines += [f"  {name} = {fact(name, value)}" for name, value in payload["base"].items()]
    for day, facts in payload["dated"].items():
        lines += [f"  from {day}: {name} = {fact(name, value)}" for name, value in facts.items()]
    unknown = [name for name, _ in unanswered(athlete) if name not in ("name", "units")]
    if unknown:
        lines.append(f"  not said: {', '.join(unknown)}")
    facts_now = athlete.facts(today)
    wrong = contradiction(facts_now)
    return lines + [f"  {line}" for line in ([wrong] if wrong else doubts(facts_now, today))]


def fact(name: str, value: object) -> str:
    """A fact as it is written on the command line: tue,thu,sat for weekdays, yes for true, 80 for 80.0."""
    if isinstance(value, list):
        days = {number: day for day, number in WEEKDAYS.items()}
        return ",".join(days[item] if name == "days_free" else str(item) for item in value)
    return spoken(value)
