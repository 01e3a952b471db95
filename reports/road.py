"""The way to the mile: the ladder, where one stands on it, how long the rest may take, and the first mile itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from steadymile.models.explain.horizon import weeks_to_climb
from steadymile.models.policy.ladder import LEVELS, MILE, TOP, TRACK, Level, index_of
from steadymile.models.policy.memory.replay_weeks import held_back
from steadymile.models.units import MILE_M
from steadymile.models.week.sessions import wording, workouts
from steadymile.models.weekplan import Action
from steadymile.reports import formats
from steadymile.reports.charts.png import PIXELS, drawn
from steadymile.reports.decision import headline, is_stop
from steadymile.reports.rendering import fill
from steadymile.reports.reported import reports
from steadymile.reports.view_model import Row, Story, activities, any_running, rows

NO_RUNNING = "How many weeks the mile still takes can be said once some running is recorded."
NO_SPEED = "How many weeks the mile still takes can be said once a run is recorded with its distance; a phone will do."

WEEKS_LOOKED_AT = 16
"""The newest decided weeks from which the pace of progress is taken."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of the ladder; `state` is done, here or ahead."""

    level: str
    words: str
    week: str
    state: str


def ladder(told: Story) -> list[Rung]:
    """The levels up to what the goal asks for, and where this week stands among them."""
    goal = told.athlete.facts(told.as_of).goal or "mile"
    track, top = TRACK[goal], TOP[goal]
    at = index_of(track, str((told.target or {}).get("level") or ""))
    return [
        Rung(
            level.id,
            _session_words(level),
            _week_words(level),
            "ahead" if at is None or n > at else "here" if n == at else "done",
        )
        for n, level in enumerate(LEVELS[track][: top + 1])
    ]


def _session_words(level: Level) -> str:
    """The longest session of a level, in words."""
    bouts = level.bouts_min
    if level.id.startswith("P"):
        length = wording.duration(60 * bouts[0])
        hard = workouts.special(level.id, bouts[0], 0, None, walk=True)
        return f"Jog {length}; one run of the week: {_small(hard.title)}" if hard else f"Jog {length}, every run easy"
    if not bouts:
        return f"Walk {wording.duration(60 * level.walk_min)}"
    spoken = [wording.duration(60 * bout) for bout in bouts]
    walk = f", walk {wording.duration(60 * level.rest_min)} between" if len(bouts) > 1 else " without a break"
    if len(set(bouts)) == 1 and len(bouts) > 1:
        return f"{len(bouts)} times jog {spoken[0]}{walk}"
    return f"Jog {formats.listing(spoken)}{walk}"


def _small(title: str) -> str:
    """A title within a sentence."""
    return f"{title[0].lower()}{title[1:]}"


def _week_words(level: Level) -> str:
    parts = [formats.count(level.sessions, "run")] if level.sessions else []
    return formats.listing([*parts, formats.count(level.walks, "walk")]) + " a week"


SOONEST_DAYS = 14
"""No plan leads from walking to a mile sooner: whoever ran it within these days of the first recording ran before."""


@dataclass(frozen=True, slots=True)
class FirstMile:
    """The first run of a mile without a walk break: its activity, day, distance [m], time [s], and the days and runs on
    the way there, itself included."""

    activity_id: str
    day: date
    metres: float
    seconds: float | None
    days: int
    runs: int


def first_mile(told: Story) -> FirstMile | None:
    """The event itself; None until it is recorded."""
    found = activities(told.tables, until=told.as_of)
    if "longest_run_m" not in found.columns:
        return None
    whole = found.filter(pl.col("longest_run_m") >= MILE_M)
    if whole.is_empty():
        return None
    row = whole.row(0, named=True)
    before = found.filter((pl.col("started_at") <= row["started_at"]) & (pl.col("longest_run_m") > 0))
    days = (row["local_day"] - before["local_day"][0]).days
    return FirstMile(
        str(row["activity_id"]), row["local_day"], row["longest_run_m"], row["longest_run_s"], days, before.height
    )


def celebrated(told: Story) -> FirstMile | None:
    """The first mile as an event; None for a runner who could run it before anything was recorded."""
    event = first_mile(told)
    before = told.athlete.facts(told.as_of).experience == "runner"
    return None if event is None or before or event.days < SOONEST_DAYS else event


def mile_words(event: FirstMile, units: str) -> str:
    """The event in a sentence; no place in it."""
    lasted = f" in {formats.duration(event.seconds)}" if formats.known(event.seconds) else ""
    way = f" It took {formats.count(event.days, 'day')} and {formats.count(event.runs, 'run')}." if event.days else ""
    far = formats.distance(event.metres, units)
    return f"On {formats.day(event.day, year=True)} you ran {far} without a walk break{lasted}.{way}"


HEALTH = ("flag", "stop_pain", "pain", "ill")
"""Reports of these kinds come before any step on the ladder."""

UNTIL_THEN = "That comes first; the next step on the ladder waits until then."


def comes_first(told: Story) -> str:
    """What comes before any step on the ladder, in the words of the decision or of the newest report: a stop, the walk
    after it, a doctor's word, illness, pain. Empty where nothing does, and progress may be spoken of."""
    target = told.target or {}
    walks = target.get("action") == Action.REBUILD.word and not target.get("run_min")
    if is_stop(target) or walks or (target and held_back(told.athlete.facts(told.as_of))):
        return f"{' '.join(headline(told))} {UNTIL_THEN}"
    said = [r.text for r in reports(told) if r.kind in HEALTH]
    return f"{formats.sentence(said[0])} {UNTIL_THEN}" if said else ""


def weeks_line(told: Story) -> str:
    """How many weeks the mile may still take, from this person's own progress; why not, where nobody can say. Empty
    where something else comes first."""
    goal = told.athlete.facts(told.as_of).goal or "mile"
    at = index_of(TRACK[goal], str((told.target or {}).get("level") or ""))
    if goal == "walk" or first_mile(told) is not None or comes_first(told):
        return ""
    if at is None:
        return ""
    speed = running_speed(told)
    if speed is None:
        return NO_SPEED if any_running(told) else NO_RUNNING
    steps = steps_to_mile(at, speed)
    levels = [index_of(TRACK[goal], str(row["level"])) for row in decided(told)]
    known = [level for level in levels if level is not None]
    range_weeks = weeks_to_climb(steps, max(known[-1] - known[0], 0) if known else 0, max(len(known) - 1, 0))
    away = f"The mile is {formats.count(steps, 'step')} away"
    if steps <= 0:
        return "A mile is within reach of this week's longest run."
    if range_weeks is None:
        return f"{away}, one a week at most. How many weeks that takes can be said after a few planned weeks."
    low, high = range_weeks
    until = f"{low} to {high} weeks" if high is not None and high > low else f"at least {low} weeks"
    if high == low:
        until = formats.count(low, "week")
    return (
        f"{away}. At the pace of your last {len(known)} planned weeks it takes {until} (90 % range), if no longer "
        "break, illness or injury comes between."
    )


def decided(told: Story) -> Sequence[Row]:
    """The newest decided weeks, in order."""
    found = sorted((r for r in rows(told.tables, "targets") if r["as_of"] <= told.as_of), key=lambda r: str(r["week"]))
    return found[-WEEKS_LOOKED_AT:]


def running_speed(told: Story) -> float | None:
    """The median speed of the longest continuous runs of the last runs [m/s]; None before any."""
    found = activities(told.tables, until=told.as_of)
    if "longest_run_m" not in found.columns:
        return None
    found = found.filter((pl.col("longest_run_m") > 0) & (pl.col("longest_run_s") >= 20)).tail(10)
    speed = (found["longest_run_m"] / found["longest_run_s"]).median()
    return float(speed) if isinstance(speed, int | float) and speed > 0 else None


def steps_to_mile(at: int, speed_m_s: float) -> int:
    """Levels from `at` to the first whose longest bout is a mile at this speed."""
    for n, level in enumerate(LEVELS[MILE]):
        if 60 * level.longest_bout_min * speed_m_s >= MILE_M:
            return n - at
    return len(LEVELS[MILE]) - at


def mile_picture_png(event: FirstMile, units: str) -> bytes:
    """The first mile as a picture to share: what, when, how long it took to get there. No name and no place."""
    took = formats.hms(event.seconds) if formats.known(event.seconds) else ""
    lines: Sequence[tuple[int, str, str]] = (
        (74, "word", "My first mile"),
        (150, "big", formats.distance(event.metres, units)),
        (184, "small", f"without a walk break{f', in {took}' if took else ''}"),
        (212, "small", formats.day(event.day, year=True)),
        (252, "small", f"{formats.count(event.runs, 'run')} in {formats.count(event.days, 'day')} to get here"),
    )[: 5 if event.days else 4]
    style = (
        "text{font-family:sans-serif;text-anchor:middle;fill:#ffffff}.word{font-size:24px;font-weight:700}"
        ".big{font-size:58px;font-weight:700}.small{font-size:17px}"
    )
    return drawn(fill("charts/first_mile.svg", lines=lines), style, PIXELS)
