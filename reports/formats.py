"""Numbers, days and sessions in a runner's words. Unknown is said, never shown as 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import isfinite
from typing import Any

from steadymile.models.spelled import capital
from steadymile.models.units import FOOT_M, MILE_M
from steadymile.models.week.sessions import wording

UNKNOWN = "–"
"""What a table cell shows for a value that is not known."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ACTIONS: Mapping[str, str] = {
    "advance": "One step further",
    "hold": "The same step again",
    "back_off": "An easier week",
    "rebuild": "A gentle way back",
    "stop": "No running for now",
}
"""The five decisions in words (docs/reference/words.md)."""

EVIDENCE: Mapping[str, str] = {
    "strong": "strong evidence",
    "moderate": "moderate evidence",
    "weak": "weak evidence",
    "practice": "coaching practice",
}
"""How well the studies behind a rule support it."""

KINDS: Mapping[str, str] = {
    "run": "Run",
    "walk": "Walk",
    "hills": "Hills",
    "strength": "Strength",
    "rest": "Rest",
    "test": "Test",
}

LOAD_SOURCES: Mapping[str, str] = {
    "hr": "heart rate",
    "pace": "pace",
    "rpe": "how hard it felt",
    "duration": "duration alone",
}


def known(value: Any) -> bool:
    """True for a value that says something: not None, not NaN, not infinite."""
    return value is not None and not (isinstance(value, float) and not isfinite(value))


def in_miles(units: str) -> bool:
    """Whether distances are to be shown in miles: any spelling that begins with `mi`."""
    return units.lower().startswith("mi")


def hms(seconds: float | None) -> str:
    """Seconds as a clock: 45 -> 0:45, 3723 -> 1:02:03."""
    if seconds is None or not known(seconds):
        return UNKNOWN
    whole = round(abs(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    sign = "-" if seconds < 0 and whole else ""
    return f"{sign}{hours}:{minutes:02d}:{secs:02d}" if hours else f"{sign}{minutes}:{secs:02d}"


def duration(seconds: float | None) -> str:
    """Seconds as spoken: 90 -> 1 min 30 s, 3900 -> 1 h 05 min. From ten minutes on, to the minute."""
    if seconds is None or not known(seconds):
        return UNKNOWN
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 600:
        minutes, secs = divmod(whole, 60)
        return f"{minutes} min {secs} s" if secs else f"{minutes} min"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"


def planned_minutes(value: float | None) -> str:
    """Minutes of a plan, to the second: 26.5 -> 26 min 30 s, 20.0 -> 20 min."""
    return wording.duration(60.0 * value) if value is not None and known(value) else UNKNOWN


def minutes(value: float | None) -> str:
    """Minutes as a number with its unit: 13.5 -> 13.5 min, 20.0 -> 20 min."""
    return f"{number(value, 1)} min" if known(value) else UNKNOWN


def number(value: float | None, digits: int = 0) -> str:
    """A number with at most `digits` decimals, without trailing zeros."""
    if value is None or not known(value):
        return UNKNOWN
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def measured(value: float | None) -> str:
    """A measured number for the telling of reasons: two decimals below a hundred, none above."""
    return number(value, 2 if value is not None and abs(value) < 100 else 0)


def distance(metres: float | None, units: str = "km", digits: int | None = None) -> str:
    """Metres as kilometres or miles: with two decimals below ten and one above, or as many as `digits` says."""
    if metres is None or not known(metres):
        return UNKNOWN
    value, unit = (metres / MILE_M, "mi") if in_miles(units) else (metres / 1000.0, "km")
    return f"{value:.{(2 if abs(value) < 10 else 1) if digits is None else digits}f} {unit}"


def height(metres: float | None, units: str = "km") -> str:
    """Metres of climbing as metres or feet."""
    if metres is None or not known(metres):
        return UNKNOWN
    return f"{round(metres / FOOT_M)} ft" if in_miles(units) else f"{round(metres)} m"


def pace(seconds_per_km: float | None, units: str = "km") -> str:
    """Seconds a kilometre as minutes and seconds a kilometre or mile."""
    if seconds_per_km is None or not known(seconds_per_km) or seconds_per_km <= 0:
        return UNKNOWN
    if in_miles(units):
        return f"{hms(seconds_per_km * MILE_M / 1000.0)} /mi"
    return f"{hms(seconds_per_km)} /km"


def percent(share: float | None) -> str:
    """A share of 1 as a whole percentage."""
    return f"{100 * share:.0f}%" if share is not None and known(share) else UNKNOWN


def day(value: date | None, year: bool = False) -> str:
    """A date as people say it: Tue 24 Nov. With `year` where the reader cannot know it."""
    if value is None:
        return UNKNOWN
    text = f"{DAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if year else text


def month_day(value: date) -> str:
    """A date without its weekday, for axes: 24 Nov."""
    return f"{value.day} {MONTHS[value.month - 1]}"


def count(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 file, 2 files, no files."""
    noun = one if n == 1 else (many or one + "s")
    return f"{n if n else 'no'} {noun}"


def listing(parts: Iterable[str]) -> str:
    """Words joined as in speech: a, b and c."""
    words = list(parts)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop, ready to stand beside others."""
    text = text.strip()
    if not text:
        return ""
    if text.split()[0].rstrip(".,;:!?").isalpha():  # not a file's name
        text = capital(text)
    return text if text.rstrip("”")[-1:] in ("", *".!?…") else text + "."


def quoted(words: str) -> str:
    """What a person wrote, in quotes; it is shown as written, and `quoted_part` finds it again."""
    return f"“{words}”"


def quoted_part(text: str) -> tuple[int, int]:
    """Where in a text a person's own words stand, as start and end: from the first opening quote to the last closing
    one, for the words may hold quotes of their own. Both 0 where there are none."""
    start, end = text.find("“"), text.rfind("”") + 1
    return (start, end) if 0 <= start < end else (0, 0)


NAME_SHOWN = 300
"""So many characters of a file's name are shown: more than people give one, fewer than somebody's odd archive may."""


def short_name(path: str) -> str:
    """The path of a file to be read by people: of one beyond NAME_SHOWN characters, its two ends and how long it is."""
    if len(path) <= NAME_SHOWN:
        return path
    return f"{path[: NAME_SHOWN // 2]}... ({len(path):,} characters) ...{path[-NAME_SHOWN // 4 :]}"


def monday_of(week: str) -> date:
    """The Monday of an ISO week like 2026-W48."""
    year, number_ = week.split("-W")
    return date.fromisocalendar(int(year), int(number_), 1)


def week_of(value: date) -> str:
    """The ISO week of a day, like 2026-W48."""
    iso = value.isocalendar()
    return f"{iso.year}-W{iso.week:02d}"


def week_span(monday: date) -> str:
    """A week by its days: Mon 23 Nov to Sun 29 Nov."""
    return f"{day(monday)} to {day(monday + timedelta(days=6))}"


def steps(items: Sequence[Mapping[str, Any]] | None, running: str = "jog") -> str:
    """The steps of a session: walk 5 min, then 8 times: jog 1 min, walk 1 min 30 s; then walk 5 min."""
    return "; then ".join(_step(item, running) for item in items or () if _step(item, running))


def _step(item: Mapping[str, Any], running: str) -> str:
    reps, run_s, walk_s = (int(item.get(key) or 0) for key in ("reps", "run_s", "walk_s"))
    parts = [
        f"{verb} {wording.duration(seconds)}" for verb, seconds in ((running, run_s), ("walk", walk_s)) if seconds > 0
    ]
    if reps < 1 or not parts:
        return ""
    return f"{reps} times: {', '.join(parts)}" if reps > 1 else ", ".join(parts)
