"""What athletes.toml states of each person: read, checked, changed."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import tomlkit
from steadymile.ingest.checkins.answers import yes_or_no
from steadymile.ingest.checkins.days import parse_day
from steadymile.ingest.checkins.quantities import days_of, number_of
from steadymile.models.athlete import Athlete, Facts, stated
from steadymile.models.plausible import contradiction
from steadymile.pipelines.errors import HomeError
from steadymile.pipelines.settings import machine_zones

ONE_PERSON = "me"
OTHER_PAGES = ("index", "coach")
FACT_NAMES = tuple(f.name for f in fields(Facts))
JOINERS = "\u200c\u200d"
WHOLE = {"birth_year", "max_run_days", "remind_min"}
NUMBERS = {"height_cm", "weight_kg", "resting_heart_rate_bpm", "maximal_heart_rate_bpm", "goal_mile_s",
           "randomise"}  # fmt: skip
WORDS = {
    "sex": ("female", "male"),
    "experience": ("never", "walker", "active", "runner"),
    "goal": ("walk", "mile", "5k", "10k", "half"),
}
ALSO_WRITTEN = {
    "sex": {"f": "female", "woman": "female", "w": "female", "weiblich": "female", "femme": "female", "mujer": "female",
            "femenino": "female", "donna": "female", "femmina": "female", "mulher": "female", "feminino": "female",
            "vrouw": "female", "m": "male", "man": "male", "männlich": "male", "homme": "male", "hombre": "male",
            "masculino": "male", "uomo": "male", "maschio": "male", "homem": "male"},
    "goal": {"walking": "walk", "1mile": "mile", "5km": "5k", "10km": "10k", "halfmarathon": "half", "21k": "half",
             "21km": "half", "21.1k": "half", "21.1km": "half"},
}  # fmt: skip
MARATHON = {"marathon", "full", "fullmarathon", "42k", "42km", "42.2k", "42.2km"}
RANGES = {
    "birth_year": (1900, datetime.now(UTC).year - 5),
    "height_cm": (80, 250),
    "weight_kg": (20, 400),
    "resting_heart_rate_bpm": (25, 130),
    "maximal_heart_rate_bpm": (90, 240),
    "goal_mile_s": (220, 2400),
    "max_run_days": (1, 6),
    "remind_min": (0, 1440),
    "randomise": (0, 0.5),
}
EXAMPLES = {
    "birth_year": 1985,
    "height_cm": 170,
    "weight_kg": 70,
    "resting_heart_rate_bpm": 60,
    "maximal_heart_rate_bpm": 185,
    "goal_mile_s": 600,
    "max_run_days": 3,
    "remind_min": 30,
    "randomise": 0.2,
}
UNITS = {
    "height_cm": " It is in cm, unless you write the unit: 170 cm, 5 ft 7, 67 in.",
    "weight_kg": " It is in kg, unless you write the unit: 70 kg, 154 lb, 11 st.",
    "goal_mile_s": " It is in seconds, or in minutes and seconds like 10:00.",
}
"""What follows a range of numbers, so that a number in another unit finds its way."""
UNIT_NAMES = {"mi": "miles", "mile": "miles", "kilometres": "km", "kilometers": "km", "kilometre": "km",
              "kilometer": "km"}  # fmt: skip
LONGEST_NAME = 60
EQUIPMENT = ("backpack", "vest", "pack", "boots", "sand")


def read_toml(path: Path) -> str:
    """The text of a file that an editor may have begun with a byte-order mark; HomeError where it cannot be read, or is
    no UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise HomeError(f"{path.name} is not UTF-8 text ({error}).", "Save it again as UTF-8.") from None
    except OSError as error:
        raise HomeError(f"{path.name} cannot be read ({error.strerror}).", "See that it is a file of yours.") from None


def blank_document(athlete_id: str) -> tomlkit.TOMLDocument:
    """An athletes.toml that explains itself."""
    document = tomlkit.document()
    for line in (
        "Who runs here. One table a person; its name is the folder under inbox/ that is theirs.",
        "Facts may change: add [[id.since]] with from = 2026-05-01 and what holds from that day.",
        "`steadymile athlete set birth_year=1985 sex=female` writes here for you.",
    ):
        document.add(tomlkit.comment(line))
    document.add(athlete_id, tomlkit.table())
    return document


def parse_athletes(text: str) -> dict[str, Athlete]:
    """Athletes from the text of athletes.toml. Raises HomeError with the fact and the next step."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HomeError(
            f"athletes.toml is not valid TOML: {error}.", "Mend that line, or move the file away."
        ) from error
    people = {}
    for athlete_id, table in tables.items():
        if not isinstance(table, dict):
            raise HomeError(
                f"athletes.toml: {athlete_id!r} stands outside a table.", f"Put it below a line [{ONE_PERSON}]."
            )
        athlete_id = check_id(athlete_id)
        entries = dict(table)
        since = entries.pop("since", [])
        name, units = entries.pop("name", None), entries.pop("units", "km")
        if units not in ("km", "miles"):
            raise HomeError(f"athletes.toml: units of {athlete_id} is {units!r}.", "Use km or miles.")
        if name is not None and not isinstance(name, str):
            raise HomeError(f"athletes.toml: name of {athlete_id} is {name!r}.", "Write it in quotation marks.")
        if not isinstance(since, list) or not all(isinstance(entry, dict) for entry in since):
            raise HomeError(
                f"athletes.toml: since of {athlete_id} is not a table.",
                f"Begin what changed with [[{athlete_id}.since]].",
            )
        dated = {}
        for entry in since:
            entry = dict(entry)
            start = entry.pop("from", None)
            if not isinstance(start, date) or isinstance(start, datetime):
                raise HomeError(f"athletes.toml: a [[{athlete_id}.since]] has no `from = YYYY-MM-DD`.", "Add one.")
            dated[start] = parse_facts(entry, athlete_id)
        people[athlete_id] = Athlete(athlete_id, name, units, dated, parse_facts(entries, athlete_id))
    if not people:
        raise HomeError(
            "athletes.toml names nobody.", f"Add a line [{ONE_PERSON}], or delete the file to start afresh."
        )
    return people


def can_be_id(athlete_id: str) -> bool:
    """Whether a folder's name could be somebody's id."""
    try:
        check_id(athlete_id)
    except HomeError:
        return False
    return True


def check_id(athlete_id: str) -> str:
    """An id that can be a folder and a page: letters, digits, - and _, composed (NFC), none of the pages' own names."""
    found = unicodedata.normalize("NFC", athlete_id)
    if not re.fullmatch(r"\w[\w-]{0,63}", found):
        raise HomeError(f"{athlete_id!r} cannot be an athlete's id.", "Use letters, digits, - and _ only.")
    if found.lower() in OTHER_PAGES:
        raise HomeError(f"{athlete_id!r} cannot be an athlete's id: a page here is called so.", "Choose another one.")
    return found


def parse_facts(entries: Mapping[str, Any], athlete_id: str) -> Facts:
    """Facts from raw values, each checked against its kind and range."""
    return Facts(**{name: parse_fact(name, value, athlete_id) for name, value in entries.items()})


def parse_fact(name: str, value: Any, athlete_id: str, label: str | None = None) -> Any:
    """One fact, from TOML or from the command line, or from a form that calls it by this `label`. Raises HomeError
    saying what would be right."""
    where, write = label or f"{name} of {athlete_id}", "" if label else f"{name}="
    if name not in FACT_NAMES:
        raise HomeError(f"{where}: there is no such fact.", f"Known: {', '.join(FACT_NAMES)}.")
    if value in (None, "", "unknown", []):
        return () if name == "equipment" else None
    if name in WHOLE | NUMBERS:
        try:
            number = number_of(name, value) if isinstance(value, str) else float(value)
        except (TypeError, ValueError):
            raise HomeError(f"{where} is {value!r}, not a number.", f"Write it like {write}{EXAMPLES[name]}.") from None
        low, high = RANGES[name]
        if name == "birth_year" and 0 <= number < 100 and number.is_integer():
            raise HomeError(f"{where} is {number:g}, a year of two digits.", f"Write all four: {four_digits(number)}.")
        if not low <= number <= high or (name in WHOLE and not number.is_integer()):
            kind = "a whole number" if name in WHOLE else "a number"
            raise HomeError(f"{where} is {number:g}.", f"Give {kind} from {low} to {high}.{UNITS.get(name, '')}")
        return int(number) if name in WHOLE else number
    if name in WORDS:
        told, value = value, re.sub(r"[\s_-]", "", str(value).lower())
        value = ALSO_WRITTEN.get(name, {}).get(value, value)
        if name == "goal" and value in MARATHON:
            raise HomeError(
                f"{where} is {told!r}: steadymile plans no marathon, whose long runs are beyond its limits.",
                f"Choose {write}half, which leads to two and a half hours of running.",
            )
        if value not in WORDS[name]:
            raise HomeError(f"{where} is {told!r}.", f"Say one of {', '.join(WORDS[name])} (or unknown).")
        return value
    if name in ("screening", "cleared"):
        said = value if isinstance(value, bool) else yes_or_no(str(value))
        if said is None:
            raise HomeError(f"{where} is {value!r}.", "Say yes or no.")
        return said
    if name == "timezone":
        return parse_zone(value, where)
    if name == "run_at":
        return parse_clock(value, where)
    if name in ("goal_date", "paused_until"):
        vague = isinstance(value, datetime) or re.fullmatch(r"\d{1,7}(?:\.\d*)?", str(value).strip())
        found = None if vague else parse_day(str(value), None)
        if found is None or not 1900 <= found.year <= 2200:
            raise HomeError(f"{where} is {str(value)!r}.", "Give a date like 2027-04-30.")
        return found
    if name == "days_free":
        return parse_days(value, where)
    return parse_equipment(value, where)


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones; gathered from the disk once, for it takes as long as planning a week."""
    return frozenset(available_timezones())


def four_digits(two: float) -> str:
    """The years that two digits may stand for, of those that somebody can be born in."""
    low, high = RANGES["birth_year"]
    return " or ".join(str(year) for year in (1900 + int(two), 2000 + int(two)) if low <= year <= high)


def parse_zone(value: Any, where: str) -> str:
    """The name of a time zone, in whatever case; a city alone where only one zone is called so."""
    said = re.sub(r"\s+", "_", str(value).strip().lower())
    zones = time_zones()
    if str(value) in zones:
        return str(value)
    fits = [zone for zone in zones if zone.lower() == said]
    fits = fits or [zone for zone in zones if zone.lower().rpartition("/")[2] == said and "/" in zone]
    if len(fits) != 1:
        several = f"Write which one: {', '.join(sorted(fits))}." if fits else "Name one like Europe/Berlin."
        raise HomeError(f"{where} is {value!r}, not a time zone known here.", several)
    return fits[0]


def parse_units(value: Any, where: str) -> str:
    """km or miles, however it is written."""
    found = str(value).strip().lower()
    if (found := UNIT_NAMES.get(found, found)) not in ("km", "miles"):
        raise HomeError(f"{where} is {str(value)!r}.", "Say km or miles.")
    return found


def parse_name(value: Any) -> str:
    """A name on one line, as it is written; empty takes it back. Marks that nobody sees become blanks, but for the two
    that join and part letters: names in Persian or Hindi need them."""
    seen = "".join(c if c.isprintable() or c in JOINERS else " " for c in str(value or ""))
    return " ".join(seen.split())[:LONGEST_NAME].strip(f" {JOINERS}")


def parse_days(value: Any, where: str) -> tuple[int, ...]:
    """ISO weekdays from numbers or names: [2, 4, 6], "tue,thu,sat", "mon-fri" or "tuesday and saturday"."""
    days: set[int] = set()
    for item in value if isinstance(value, list) else [value]:
        try:
            days.update(days_of(str(item)))
        except ValueError as error:
            raise HomeError(f"{where} holds {str(error)!r}.", "Give days like tue,thu,sat.") from None
    return tuple(sorted(days))


def parse_clock(value: Any, where: str) -> str:
    """A time of day as HH:MM, from a TOML time, "7:30", "18.30", "18" or "6:30 pm"."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*(am|pm)?", str(value).strip().lower())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if found and found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0) if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise HomeError(f"{where} is {str(value)!r}, not a time of day.", "Write it like 18:30.")
    return f"{hour:02d}:{minute:02d}"


def parse_equipment(value: Any, where: str) -> tuple[str, ...]:
    """What somebody has and would use, known by name: ["backpack", "sand"] or "backpack,sand"."""
    items = value if isinstance(value, list) else str(value).split(",")
    found = tuple(dict.fromkeys(str(item).strip().lower() for item in items))
    for item in found:
        if item not in EQUIPMENT:
            raise HomeError(f"{where} holds {item!r}.", f"Known: {', '.join(EQUIPMENT)}.")
    return found


def zone_of(athlete: Athlete, on: date) -> str:
    """The athlete's zone, else this machine's as TZ or the system names it, else UTC."""
    named = athlete.facts(on).timezone
    if named:
        return named
    places = (place.split("zoneinfo/")[-1] for place in machine_zones())
    return next((place for place in places if place in time_zones()), "UTC")


def today_of(athlete: Athlete, now: datetime) -> date:
    """Today where the athlete lives. `now` is aware."""
    return now.astimezone(ZoneInfo(zone_of(athlete, now.date()))).date()


def same_day(athletes: Iterable[Athlete], now: datetime) -> tuple[datetime, datetime]:
    """From when until when it is the day that it is now, for all of them and by UTC."""
    begins, ends = [], []
    for zone in {UTC, *(ZoneInfo(zone_of(athlete, now.date())) for athlete in athletes)}:
        today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        begins.append(today.replace(tzinfo=zone).astimezone(UTC))
        ends.append((today + timedelta(days=1)).replace(tzinfo=zone).astimezone(UTC))
    return max(begins), min(ends)


LEFT = "left"
"""Beside a journaled person's facts: they are no longer in athletes.toml."""


def athlete_payload(athlete: Athlete) -> dict[str, Any]:
    """An athlete as plain JSON values, for the journal."""
    return {
        "name": athlete.name,
        "units": athlete.units,
        "base": stated(athlete.base),
        "dated": {day.isoformat(): stated(facts) for day, facts in sorted(athlete.dated.items())},
    }


def facts_hash(athlete: Athlete) -> str:
    """A short hash of everything stated about an athlete."""
    text = json.dumps(athlete_payload(athlete), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def refuse_contradictions(athlete: Athlete, changed: Iterable[str]) -> None:
    """Raises HomeError where facts that are being written cannot be together on one of the days from which they hold.
    What an older file says is read all the same."""
    if not {"resting_heart_rate_bpm", "maximal_heart_rate_bpm"} & set(changed):
        return
    for facts in (athlete.base, *(athlete.facts(day) for day in sorted(athlete.dated))):
        if wrong := contradiction(facts):
            raise HomeError(wrong, "Leave out what was not measured: steadymile estimates it from what it sees.")


def with_facts(text: str, athlete_id: str, facts: Mapping[str, Any], since: date | None, create: bool = False) -> str:
    """The text of athletes.toml with facts added, each checked by itself."""
    athlete_id = check_id(athlete_id)
    document = tomlkit.parse(text)
    if athlete_id not in document:
        if not create:
            raise HomeError(f"Nobody is called {athlete_id}.", f"`steadymile athlete add {athlete_id}` adds them.")
        document.add(athlete_id, tomlkit.table())
    table: Any = document[athlete_id]
    target: Any = table
    if since is not None:
        entries = table.setdefault("since", tomlkit.aot())
        target = next((entry for entry in entries if entry.get("from") == since), None)
        if target is None:
            target = tomlkit.table()
            target["from"] = since
            entries.append(target)
            target = entries[-1]
    for name, raw in facts.items():
        if name in ("name", "units"):
            told = parse_name(raw) if name == "name" else parse_units(raw or "km", f"units of {athlete_id}")
            table[name] = told
            if not told:
                table.pop(name)
            continue
        value = parse_fact(name, raw, athlete_id)
        if value in (None, ()):
            target.pop(name, None)
        else:
            whole = isinstance(value, float) and value.is_integer()
            target[name] = list(value) if isinstance(value, tuple) else int(value) if whole else value
    return tomlkit.dumps(document)
