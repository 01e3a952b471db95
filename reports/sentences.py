"""A story in sentences: the decision, last week, the way to the mile, a session. The same words for every reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from steadymile.models.units import MILE_M
from steadymile.models.week.sessions import wording
from steadymile.models.weekplan import RUN_KINDS, Action, Step
from steadymile.reports import formats
from steadymile.reports.view_model import (
    DayLine,
    Row,
    Story,
    heart_rate_seen,
    longest_run,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One quantity of the week before: what was done and what was planned, in words; `share` is done over planned."""

    label: str
    done: str
    planned: str
    share: float | None = None


def done_against_planned(told: Story) -> tuple[Compared, ...]:
    """The week before the plan, quantity by quantity; empty where nothing was planned and nothing recorded."""
    row = told.before
    if row is None:
        return ()

    def compare(label: str, done: Any, planned: Any, show: Callable[[Any], str], unknown: str = "") -> Compared:
        share = done / planned if formats.known(done) and formats.known(planned) and planned > 0 else None
        if formats.known(done) and row.get(unknown):  # sessions of which it is not known are not in the sum
            return Compared(label, f"at least {show(done)}", show(planned), share if share and share >= 1 else None)
        return Compared(label, show(done), show(planned), share)

    def far(metres: float | None) -> str:
        return formats.distance(metres, told.units)

    def high(metres: float | None) -> str:
        return formats.height(metres, told.units)

    running = formats.known(row.get("running_min_planned")) and row["running_min_planned"] > 0
    runs, planned = ("Runs", row.get("sessions_planned")) if running else ("Sessions", walks_planned(told))
    climbed = compare("Climbing", row.get("elevation_gain_done_m"), row.get("elevation_gain_planned_m"), high)
    found: tuple[Compared, ...] = (
        compare(runs, row.get("sessions_done"), planned, formats.number),
        compare(
            "Minutes of running",
            row.get("running_min_done"),
            row.get("running_min_planned"),
            formats.number,
            "running_unknown",
        ),
        compare("Longest continuous run", row.get("longest_run_s"), row.get("longest_run_planned_s"), formats.duration),
        compare("Distance on foot", row.get("distance_done_m"), row.get("distance_planned_m"), far, "distance_unknown"),
        climbed,
    )
    if (
        all(line.planned == formats.UNKNOWN for line in found)
        and not row.get("sessions_done")
        and not row.get("load_done")
    ):
        return ()
    found = tuple(line for line in found if line is not climbed or line.done != formats.UNKNOWN)
    nothing = {formats.UNKNOWN, "0", "0 s"}  # a walking week needs no zeros of running
    return tuple(line for line in found if not {line.done, line.planned} <= nothing)


def walks_planned(told: Story) -> int | None:
    """How many walks the week before was planned to hold; None where nothing was planned."""
    planned = [p for line in told.before_days for p in line.planned]
    return sum(1 for p in planned if p.get("kind") == "walk") if planned else None


LONG_PAST_MILE = 2
"""From so many miles on nobody needs to be told that it was one."""


def goal_line(told: Story) -> str:
    """The beginner's yardstick in a sentence: the longest continuous run so far, as a share of a mile."""
    best = longest_run(told.tables, told.as_of)
    if best is None or not formats.known(best["longest_run_m"]):
        return ""
    metres, seconds = best["longest_run_m"], best.get("longest_run_s")
    lasted = f" ({formats.duration(seconds)})" if formats.known(seconds) else ""
    told_so = f"Longest run without a walk break so far: {formats.distance(metres, told.units)}{lasted}"
    when = f" on {formats.day(best['local_day'], year=best['local_day'].year != told.as_of.year)}"
    if metres >= LONG_PAST_MILE * MILE_M:
        return f"{told_so}{when}."
    if metres >= MILE_M:
        return f"{told_so}{when}. That is a whole mile."
    return f"{told_so}{when}: {formats.percent(metres / MILE_M)} of a mile."


def session_title(planned: Row) -> str:
    """A planned session's title, else its kind."""
    kind = str(planned.get("kind") or "")
    return planned.get("title") or formats.KINDS.get(kind, kind.capitalize())


def running_word(planned: Row) -> str:
    """How the running of a session is told: run where a part of it is hard, else jog. Weeks of an earlier version have
    no purpose: there a session is easy whose title is that of its steps alone."""
    purpose, title, steps = planned.get("purpose"), planned.get("title"), planned_steps(planned)
    if purpose is None and title in ("", None, wording.run_title(steps), wording.run_title(steps, long=True)):
        purpose = "easy"
    return "jog" if purpose == "easy" else "run"


def planned_steps(planned: Row) -> list[Step]:
    """The steps of a row of planned_sessions."""
    return [Step(int(s["reps"]), int(s["run_s"]), int(s["walk_s"])) for s in planned.get("steps") or ()]


def session_facts(planned: Row, units: str) -> list[str]:
    """Minutes and expected distance of a planned session, those that are known and not in its title, in words."""
    facts = []
    if formats.known(planned.get("minutes")) and planned["minutes"] > 0:
        length = formats.planned_minutes(planned["minutes"])
        if not session_title(planned).endswith(f" {length}"):
            facts.append(f"{length} in all" if planned.get("steps") else length)
    if formats.known(planned.get("expected_distance_m")) and planned["expected_distance_m"] > 0:
        facts.append(f"about {formats.distance(planned['expected_distance_m'], units, 1)}")
    return facts


def ceiling_bpm(told: Story) -> float | None:
    """The heart-rate ceiling of the week's easy running (where nothing is run: of its walks); None where unknown."""
    found = [p["heart_rate_ceiling_bpm"] for d in told.days for p in d.planned if p.get("heart_rate_ceiling_bpm")]
    return max(found, default=None)


def ceiling_line(told: Story) -> str:
    """How easy is easy in the coming week; empty where no session has running or walking in it."""
    kinds = {p.get("kind") for d in told.days for p in d.planned}
    if not kinds & {"run", "walk", "hills", "test"}:
        return ""
    ease = "slow down or walk" if kinds & {"run", "hills", "test"} else "slow down"
    ceiling = ceiling_bpm(told)
    if ceiling is None or not heart_rate_seen(told.tables, told.as_of):
        return f"Easy means that you can speak in full sentences. If you cannot, {ease}."
    return (
        f"Easy means that you can speak in full sentences. If you cannot, or above {ceiling:.0f} heartbeats a minute, "
        f"{ease}; being able to talk counts more than the number."
    )


def today_line(told: Story) -> str:
    """What to do on the day it is told on, or what comes first where the week has not begun; empty without a plan."""
    if not told.target or told.stale:
        return ""
    today = next((line for line in told.days if line.day == told.as_of), None)
    if today is not None:
        if told.target.get("action") == Action.STOP.word:  # a run of today was done before the stop, and stands below
            today = replace(today, planned=tuple(p for p in today.planned if p.get("kind") not in RUN_KINDS))
        return f"Today, {formats.day(today.day)}: {day_titles(today)}"
    first = next((line for line in told.days if any(p.get("kind") != "rest" for p in line.planned)), None)
    return f"First comes {formats.day(first.day)}: {day_titles(first)}" if first else ""


def day_titles(line: DayLine) -> str:
    """A day's sessions by title, as one sentence; a rest day says so."""
    titles = [session_title(p) for p in line.planned if p.get("kind") != "rest"]
    return formats.sentence(formats.listing(titles) or "Rest")


def steps_needed(planned: Row) -> str:
    """The steps of a session in words, unless nothing is run in it or its instruction tells every running step."""
    told_steps = planned.get("steps") or ()
    instruction = planned.get("instruction") or ""
    spoken = [wording.duration(step["run_s"]) for step in told_steps if step.get("run_s")]
    if all(length in instruction for length in spoken):
        return ""
    return formats.sentence(formats.steps(told_steps, running_word(planned)))


def beside_steps(planned: Row, ceiling_bpm: float | None) -> str:
    """What an instruction says beyond the steps and beyond what holds for every easy run of the week."""
    text = str(planned.get("instruction") or "")
    common = [
        wording.steps_in_words(planned_steps(planned)),
        wording.EASY,
        wording.ceiling_text(ceiling_bpm) if ceiling_bpm else "",
    ]
    for known in common:
        text = text.replace(known, "") if known else text
    return " ".join(text.split())


def describe(activity: Row, units: str, title: bool = False, year: int | None = None) -> str:
    """An activity in words: Run on Tue 24 Nov, 28 min, 3.10 km; with its year where that is not `year`. Its own title,
    which may name a place, on request."""
    kind, own = sport_word(activity), str(activity.get("title") or "")
    named = f"{kind} {formats.quoted(own)}" if title and own and own.lower() != kind.lower() else kind
    parts = [
        f"{named} on {formats.day(activity['local_day'], year=year is not None and activity['local_day'].year != year)}"
    ]
    seconds = activity.get("moving_s") or activity.get("elapsed_s")
    if formats.known(seconds):
        parts.append(formats.duration(seconds))
    if formats.known(activity.get("distance_m")):
        parts.append(formats.distance(activity["distance_m"], units))
    return ", ".join(parts)


def sport_word(activity: Row) -> str:
    """The sport as a plain word: Run, Walk, Hike, Ride, or as the file names it."""
    sport = str(activity.get("sport") or "")
    kinds = {"run": "Run", "walk": "Walk", "hike": "Hike"}
    if activity.get("kind") in kinds:
        return kinds[activity["kind"]]
    names = {"running": "Run", "walking": "Walk", "hiking": "Hike", "cycling": "Ride", "swimming": "Swim"}
    return names.get(sport, sport.replace("_", " ").capitalize() or "Activity")


SEEN = 0.005
"""A smaller share of gaps or jumps is none in whole percent."""


def reliable(row: Row) -> str:
    """How good a recording is, in a sentence; what is not known of it is left out."""
    if row.get("source") == "logged":
        return "You logged it; there is no recording."
    if not row.get("quality"):
        listed = ": an export lists its totals without the recording" if row.get("source") == "listed" else ""
        return f"Its quality is not known{listed}."
    parts = [
        f"no {word}" if share < SEEN else f"{word} are {formats.percent(share)} of {whole}"
        for word, whole, share in (
            ("gaps", "the time", row.get("gap_share")),
            ("jumps", "the samples", row.get("jump_share")),
        )
        if share is not None and formats.known(share)
    ]
    heart = " Its heart rate covers too little of the time or cannot be right."
    unheard = heart if row.get("heart_rate_quality") == "poor" else ""
    return f"The recording is {row['quality']}{': ' if parts else ''}{', '.join(parts)}.{unheard}"
