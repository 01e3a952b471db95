"""Check-ins from the command line, and decisions about one activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from steadymile.ingest.checkins.files import parse_values
from steadymile.ingest.checkins.months import plain
from steadymile.ingest.checkins.values import FREE_TEXT, NO_FLAG, NOTHING, WORDS, key_of, parse_value
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.recording import CHECKIN_FIELDS
from steadymile.models.spelled import days
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import today_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.journaled import minutes_of, pain_before, standing_answers
from steadymile.pipelines.nightly import run
from steadymile.pipelines.outcome.stops import caution, stopped
from steadymile.pipelines.published import choose, find_activity, of_several
from steadymile.pipelines.settings import Settings, at_home
from steadymile.reports.formats import listing, quoted, sentence
from steadymile.warehouse.journal import Entry, Journal


def split_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """name=value words as a dict; Trouble naming the word that is neither."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise Trouble(f"{pair!r} is not name=value.", "Write it like rpe=4 or talk=yes.", exit_code=2)
        found[text_of(name).strip()] = text_of(value).strip()
    return found


def text_of(word: str) -> str:
    """A word of the command line; Trouble where its bytes are no text, which neither journal nor warehouse can hold."""
    try:
        word.encode()
    except UnicodeEncodeError:
        raise Trouble(f"{word!r} is not text in UTF-8.", "Write it in the terminal's own encoding.", 2) from None
    return word


def red_flag_of(pairs: Mapping[str, str]) -> dict[str, str]:
    """What is said of a warning sign: its word, or that it was none; Trouble where no known word says it."""
    said = next((text for name, text in pairs.items() if key_of(name) == "red_flag"), "")
    try:
        word = parse_value("red_flag", said)
    except ValueError:
        raise Trouble(
            f"“{said}” is none of the warning signs known here: {', '.join(WORDS['red_flag'])}.",
            'Where none of them fits, say red_flag=other and describe it with note="...". Until then: please do not '
            "run, and see a doctor about it.",
            exit_code=2,
        ) from None
    if word is not None:
        return {"red_flag": str(word)}
    return {"red_flag": NO_FLAG} if plain(said).strip() in NOTHING else {}


def unlog_checkin(
    settings: Settings, athlete_id: str | None, names: Sequence[str], on: date | None, now: datetime
) -> list[str]:
    """Take back what was said by `log`: the last check-in (of a day), or the fields named. Returns what to say."""
    home = Home(settings.home)
    athlete = choose(home, athlete_id)
    fields = [key_of(name) or name for name in names]
    wrong = [name for name in fields if name not in CHECKIN_FIELDS]
    if wrong:
        raise Trouble(f"There is no answer called {wrong[0]}.", "`steadymile log help` lists them.", exit_code=2)
    standing = [
        (seq, said)
        for seq, said in standing_answers(home, athlete.athlete_id).items()
        if (on is None or said.day == on) and (not fields or set(fields) & set(said.values))
    ]
    if not standing:
        about = f" about {on}" if on else ""
        raise Trouble(f"There is nothing to take back{about}.", "`unlog` takes back what was said with `log`.", 2)
    day = standing[-1][1].day
    chosen = [(seq, said) for seq, said in standing if said.day == day] if fields else standing[-1:]
    answers = {str(seq): sorted(k for k in said.values if not fields or k in fields) for seq, said in chosen}
    append(home, Entry("unlog", now, {"day": day.isoformat(), "answers": answers}, athlete.athlete_id))
    gone: dict[str, list[object]] = {}
    for _, said in chosen:
        for name, value in said.values.items():
            if not fields or name in fields:
                gone.setdefault(name, []).append(value)
    told = ", ".join(f"{label(name)} {listing(answered(name, v) for v in values)}" for name, values in gone.items())
    back = sentence(f"Taken back for {of_several(home, athlete)}{day:%A}, {day}: {told}")
    lines = [back, "It counts from the next run of steadymile nightly."]
    strong = any(isinstance(pain, int | float) and pain > IN_FORCE.pain_stop for pain in gone.get("pain", ()))
    if "red_flag" in gone:
        lines.append("A week that has been stopped for it already stays stopped until it is cleared.")
    elif strong:
        lines.append("A week that was stopped for it is then as it was, unless something else stops it.")
    if any(value is True for value in gone.get("cleared", ())):
        lines.append("A stop that it ended stands again: until that run too, please do not run.")
    return lines


SPOKEN = {
    "rpe": "effort (0-10)", "talk_test": "full sentences", "pain": "pain (0-10)", "run_min": "minutes of running",
    "walk_min": "minutes of walking", "red_flag": "warning sign", "pack_kg": "pack (kg)", "weight_kg": "weight (kg)",
    "sleep_h": "hours of sleep", "sleep_quality": "sleep (1 very good to 7 very bad)", "fatigue": "tiredness (1-7)",
    "soreness": "soreness (1-7)", "stress": "stress (1-7)",
}  # fmt: skip
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
    if named := [name for name in split_pairs(pairs) if name.lower() in ("day", "date")]:
        raise Trouble(f"{named[0]} is not an answer; another day is given with --day.", "Like --day 2026-11-30.", 2)
    home = Home(settings.home)
    home.make()
    athlete = choose(home, athlete_id)
    flag = red_flag_of(split_pairs(pairs))
    values, problems = parse_values(split_pairs(pairs))
    values |= flag
    if problems or not values:
        nothing = "Nothing was noted. " if problems else ""
        help_ = f"{nothing}`steadymile log help` lists what can be said."
        raise Trouble(" ".join(problems) or "Nothing was said.", help_, 2)
    day = on or today_of(athlete, now)
    if day > today_of(athlete, now):
        raise Trouble(f"{day} has not come yet.", "Leave --day out, or give a day up to today.", exit_code=2)
    if activity is not None:
        activity = find_activity(settings, activity).activity_id
    payload = {"day": day.isoformat(), "values": dict(values), "source": "log", "activity_id": activity}
    before = minutes_of(home, athlete.athlete_id, day)
    worst = pain_before(home, athlete.athlete_id, day)
    append(home, Entry("checkin", now, payload, athlete.athlete_id))
    said = ", ".join(f"{label(name)} {answered(name, value)}" for name, value in values.items())
    lines = [sentence(f"Noted for {of_several(home, athlete)}{day:%A}, {day}: {said}")]
    lines += [said] if (said := caution_during_a_stop(settings, athlete.athlete_id, values)) else []
    for name in before.keys() & values.keys():
        lines.append(f"It replaces the {before[name]:g} {SPOKEN[name]} logged for that day before.")
    if isinstance(pain := values.get("pain"), int | float) and worst is not None and pain < worst:
        lines.append(
            f"The worst pain of a day counts, so the {worst:g} of before stands. If that was a mistake, take it back "
            f"(steadymile unlog pain --day {day}{at_home(home.root)}) and log pain={pain:g} again."
        )
    return [*lines, what_it_does(values, home)]


def what_it_does(values: Mapping[str, object], home: Home) -> str:
    """What a check-in does to the plan, and when."""
    said = caution(values)
    if values.get("red_flag") == NO_FLAG:
        return (
            "It answers a warning sign that a file gave in words not known here. A sign that was named, and a week "
            "that is stopped already, stand until `steadymile log cleared=true`."
        )
    if values.get("red_flag"):
        return f"{said} The plan stops tonight and stays stopped until `steadymile log cleared=true`."
    if said:
        return (
            f"{said} The plan stops tonight. It goes on once {days(IN_FORCE.pain_calm_days)} with pain of "
            f"{IN_FORCE.pain_block:g} or less have been reported, {IN_FORCE.settled_days:g} of seven where your "
            "answers show an injury. If it lasts, see a doctor or physiotherapist."
        )
    counts = f"It counts from the next run of steadymile nightly{at_home(home.root)}."
    if values.get("cleared") is True:
        return (
            f"{counts} It ends the stop for a warning sign reported up to that day, and an injury; strong pain waits "
            f"all the same until {days(IN_FORCE.pain_calm_days)} with pain of {IN_FORCE.pain_block:g} or less have "
            "been reported."
        )
    return counts


def caution_during_a_stop(settings: Settings, athlete_id: str, values: Mapping[str, object]) -> str:
    """What to say to somebody who ran although running is stopped; empty where nothing was run or nothing stops it."""
    if not values.get("run_min") or not stopped(settings, athlete_id):
        return ""
    asked = "" if "pain" in values else " Any pain in it, from 0 to 10? `steadymile log pain=2`"
    return (
        "Running is stopped in your plan: please leave it until the stop is lifted; `steadymile explain` says what "
        f"that takes. The run is noted all the same.{asked}"
    )


def spoken(value: object) -> str:
    """A value as people say it: 4 for 4.0, yes for True, barely for equivocal."""
    if value == "equivocal":
        return "barely"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def label(name: str) -> str:
    """A field as people say it."""
    return SPOKEN.get(name, name.replace("_", " "))


def answered(name: str, value: object) -> str:
    """An answer as it is said back: what a person wrote in quotes, all else in words."""
    return quoted(str(value)) if name in FREE_TEXT else spoken(value)


def append(home: Home, *entries: Entry) -> None:
    """Append to a home's journal."""
    Journal(home.journal).append(entries)


def already(home: Home, kind: str, activity_id: str) -> bool:
    """Whether the last decision of this kind, or of its opposite, on an activity was the same."""
    pair = {kind, kind.removeprefix("un"), f"un{kind}"}
    said = [e.kind for e in Journal(home.journal).read(pair) if e.payload.get("activity_id") == activity_id]
    return said[-1:] == [kind]


SPORTS: Mapping[str, str] = {
    "run": "running", "walk": "walking", "hike": "hiking", "ride": "cycling", "swim": "swimming", "row": "rowing",
    "ski": "cross_country_skiing", "strength": "strength_training", "other": "other_sport",
}  # fmt: skip
"""What a session can be said to have been, and the sport as files name it."""
AS_RECORDED = "file"


def state_sport(settings: Settings, activity: str, word: str, now: datetime) -> list[str]:
    """What sport an activity was, into the journal; then measured and planned with it at once. The word `file` takes it
    back. Raises Trouble for a word that is not a sport known here, and for a session without a recording."""
    said = plain(word).strip()
    sport = next((name for short, name in SPORTS.items() if said in (short, name)), None)
    if sport is None and said != AS_RECORDED:
        raise Trouble(f"{word!r} is not a sport known here.", f"Say one of {', '.join(SPORTS)}; file takes it back.", 2)
    found = find_activity(settings, activity, hidden=True)
    if not found.recorded:
        raise Trouble(
            f"{found.title} has no recording.", "What was logged is taken back with `unlog`, then logged as it was.", 2
        )
    entry = Entry("sport", now, {"activity_id": found.activity_id, "sport": sport}, found.athlete_id)
    append(Home(settings.home), entry)
    run(settings, now, steps=("measure", "plan", "report"))
    what = f"counts as {sport.replace('_', ' ')} from now on" if sport else "is again what its file says"
    return [f"{found.title} ({found.activity_id}) {what}, and the plan was made again with it."]


def journal_decision(settings: Settings, kind: str, activity: str, now: datetime) -> list[str]:
    """keep, unkeep, forget, unforget: into the journal, then measured and published at once."""
    found = find_activity(settings, activity, hidden=True)
    if not already(Home(settings.home), kind, found.activity_id):
        append(Home(settings.home), Entry(kind, now, {"activity_id": found.activity_id}, found.athlete_id))
    run(settings, now, steps=("measure", "plan", "report"))
    done = {
        "keep": "counts by itself from now on",
        "unkeep": "is compared with other recordings again",
        "forget": "is hidden everywhere; its original stays in the archive, and `steadymile unforget` brings it back",
        "unforget": "is back",
    }[kind]
    said = [f"{found.title} ({found.activity_id}) {done}."]
    if kind == "keep" and found.duplicate_of:
        said.append(
            f"It shares time with {found.duplicate_of}, which counts too. If yours is the corrected one, as a trimmed "
            f"export is: steadymile forget {found.duplicate_of}"
        )
    return said
