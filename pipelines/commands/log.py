"""Check-ins from the command line, and decisions about one activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from steadymile.ingest.checkins.files import parse_values
from steadymile.models.recording import CHECKIN_FIELDS
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import (
    Home,
    today_of,
)
from steadymile.pipelines.nightly import run
from steadymile.pipelines.published import choose, find_activity
from steadymile.pipelines.settings import Settings, at_home
from steadymile.warehouse.journal import Entry, Journal


def split_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """name=value words as a dict; Trouble naming the word that is neither."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise Trouble(f"{pair!r} is not name=value.", "Write it like rpe=4 or talk=yes.", exit_code=2)
        found[name.strip()] = value.strip()
    return found


SPOKEN = {"rpe": "effort (0-10)", "talk_test": "full sentences", "pain": "pain (0-10)"}
"""What is said most often, in plain words."""


def log_checkin(
    settings: Settings,
    athlete_id: str | None,
    pairs: Sequence[str],
    on: date | None,
    activity: str | None,
    now: datetime,
) -> list[str]:
    """Write a check-in into the journal. Returns what to tell."""

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


def spoken(value: object) -> str:
    """A value as people write it: 4 for 4.0, yes for True."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def append(home: Home, *entries: Entry) -> None:
    """Append to a home's journal."""

    Journal(home.journal).append(entries)


def already(home: Home, kind: str, activity_id: str) -> bool:
    """Whether the last decision of this kind, or of its opposite, on an activity was the same."""

    pair = {kind, kind.removeprefix("un"), f"un{kind}"}
    said = [e.kind for e in Journal(home.journal).read(pair) if e.payload.get("activity_id") == activity_id]
    return said[-1:] == [kind]


def journal_decision(settings: Settings, kind: str, activity: str, now: datetime) -> list[str]:
    """keep, unkeep, forget, unforget: into the journal, then measured and published at once."""

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
