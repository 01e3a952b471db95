"""Where someone enters the ladder: from what was recorded, else from what was told, else gently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from steadymile.models.athlete import Facts
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training.matching import MatchedSession
from steadymile.models.policy.training.recent import runs, speeds_of, window
from steadymile.models.signal.timeline import AVERAGE_PACE
from steadymile.models.stated.logged import STATED
from steadymile.models.week.goals import top_level

SELF_DECLARED = {
    "active": "You said you are active; without recordings the first runs are J1.",
    "runner": "You said you run already; without recordings the first runs are J1. Drop older watch files in the "
    "inbox, or log your last runs, and the plan starts from them.",
}
"""Who may start with running on their word alone, and what they read."""
UNSEEN_RECORDED = (
    "the samples are too far apart to see how long you ran without a break. Let your watch record every second, and "
    "log runs without walking with walk_min=0: the plan catches up."
)
UNSEEN_STATED = (
    "nobody said whether you walked in between. Log those without walking again with walk_min=0, and the plan starts "
    "from them."
)
UNSEEN_TOTALS = (
    "only totals are known, which do not say how long you ran without a break. Drop in the recordings themselves, or "
    "log those without walking with run_min, walk_min=0 and their day, and the plan starts from them."
)
UNSEEN_PACE = (
    "the pace alone does not say how much of it you ran, nor whether you walked in between. Let your watch record "
    "every second, or log those without walking with run_min, walk_min=0 and their day, and the plan starts from them."
)
SLOW = "slow on average"
UNSEEN = {STATED: UNSEEN_STATED, AVERAGE_PACE: UNSEEN_TOTALS, SLOW: UNSEEN_PACE}
"""Why the longest continuous run is not known and what helps, by how running was told from walking."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The level of entry, on a track, and why in one sentence."""

    track: int
    top: int
    level: int
    why: str


def track_of(goal: str | None) -> tuple[int, int]:
    """Track and highest level of a goal; the mile where none is told."""
    goal = goal if goal in ladder.TOP else "mile"
    return ladder.TRACK[goal], ladder.TOP[goal]


def entry_of(matched: Sequence[MatchedSession], facts: Facts, as_of: date, p: Parameters = IN_FORCE) -> Entry:
    """Where someone enters on a day.

    With runs: the highest level whose session and bout do not exceed the third-largest of the 30 days that end with
    the last run, if six runs stand there (or three after a season of twelve in 90 days); with fewer the lower of
    that and J3. Who told no goal and runs further than M7 is put on the way to longer distances and kept there. A long
    pause since is for the gap rules. Without runs: J1 for the active, else walking.
    """
    track, top = track_of(facts.goal)
    ran = runs(matched)
    if facts.goal in ladder.TOP:
        top = top_level(facts.goal, speeds_of(matched, p)[0], p)
    if track == ladder.WALK:
        minutes = ladder.level_of(track, 1).walk_min
        return Entry(track, top, 1, f"Your goal is walking, so the plan starts with walks of {minutes:g} minutes.")
    if not ran:
        return _told(track, top, facts)
    last = ran[-1].session.local_day
    month = runs(window(matched, last - timedelta(days=p.longest_days - 1), last))
    carried = _level_of(track, month, top, p)
    enough = _enough(month, ran, last, p)
    if facts.goal is None and enough:
        far = _level_of(ladder.DISTANCE, month, ladder.TOP["half"], p)
        if far > ladder.M7:
            track, top, carried = ladder.DISTANCE, far, far
    level = carried if enough else min(carried, p.entry_few_level)
    name = _named(ladder.level_of(track, level))
    when = (
        f"the last {p.longest_days} days"
        if (as_of - last).days < p.longest_days
        else f"the month before your last run on {last.isoformat()}"
    )
    if level < carried:
        why = f"You start at {name}: with fewer than {p.entry_runs} runs in {when} nobody starts higher."
    elif unseen := _unseen(track, month, top, level, p):
        which = f"{len(unseen)} of your {len(month)} runs" if len(month) > 1 else "your one run"
        ((source, most),) = Counter(_how_told(m) for m in unseen).most_common(1)
        unknown = UNSEEN.get(source or "", UNSEEN_RECORDED) if 2 * most > len(unseen) else UNSEEN_RECORDED
        why = f"You start at {name}, lower than your minutes suggest: in {which} of {when} {unknown}"
    else:
        number = f"your {len(month)} runs" if len(month) > 1 else "your one run"
        why = f"You start at {name}: that is what {number} of {when} can carry."
    return Entry(track, top, level, why)


def _enough(month: Sequence[MatchedSession], ran: Sequence[MatchedSession], last: date, p: Parameters) -> bool:
    """Whether runs say enough of what someone can carry: six in the month, or three in it after a season of twelve."""
    season = window(ran, last - timedelta(days=p.entry_season_days - 1), last)
    return len(month) >= p.entry_runs or (len(month) >= p.entry_nth and len(season) >= p.entry_season_runs)


def _level_of(track: int, month: Sequence[MatchedSession], top: int, p: Parameters) -> int:
    """The highest level up to `top` that a month of runs carries; nobody enters at speed work."""
    session = _nth_largest([m.run_min for m in month], p.entry_nth)
    bout = _nth_largest([m.bout_min for m in month], p.entry_nth)
    limit = ladder.M7 if track == ladder.MILE else top
    fits = (ladder.RUN_MIN[track] <= session + 1e-9) & (ladder.BOUT_MIN[track] <= bout + 1e-9)
    highest = int(np.flatnonzero(fits)[-1]) if fits.any() else ladder.J1
    return max(ladder.J1, min(highest, limit))


def _named(level: ladder.Level) -> str:
    """A level with what its longest session holds: nobody knows the ladder by heart."""
    longest, jogs = level.longest_bout_min, len(level.bouts_min)
    one = f"{longest:g} min" if longest >= 1.0 else f"{60.0 * longest:.0f} s"
    if jogs == 1:
        return f"{level.id} (runs of up to {one})"
    if set(level.bouts_min) == {longest}:
        return f"{level.id} ({jogs} jogs of {one} with walking between)"
    return f"{level.id} ({level.run_min:g} min of jogging, up to {one} at a time)"


def _unseen(track: int, month: Sequence[MatchedSession], top: int, level: int, p: Parameters) -> list[MatchedSession]:
    """The runs in which the longest continuous run is unknown, where that alone may keep the level down; else none."""
    unseen = [m for m in month if m.bout_min is None and (m.run_min or m.session.total_min)]
    if 2 * len(unseen) < len(month):
        return []
    as_if = [m if m.bout_min is not None else _unbroken(m) for m in month]
    return unseen if _level_of(track, as_if, top, p) > level else []


def _how_told(m: MatchedSession) -> str | None:
    """How running was told from walking in a run; of one in which it was not, that is what is to be said."""
    return m.session.running_source if m.session.running_s is not None else SLOW


def _unbroken(m: MatchedSession) -> MatchedSession:
    """The run as if all of it had been run in one."""
    minutes = m.run_min or m.session.total_min
    return replace(m, run_min=minutes, bout_min=minutes)


def _nth_largest(values: Sequence[float | None], nth: int) -> float:
    known = sorted((v for v in values if v is not None), reverse=True)
    if not known:
        return 0.0
    return known[min(nth, len(known)) - 1]


FROM_WALKING = "No runs are recorded, so the plan starts with walking."
IF_YOU_RUN = (
    "If you run already, drop older watch files in the inbox, or say so with "
    "`steadymile athlete set experience=runner`."
)


def _told(track: int, top: int, facts: Facts) -> Entry:
    if facts.experience in SELF_DECLARED:
        return Entry(track, top, ladder.J1, SELF_DECLARED[facts.experience])
    return Entry(track, top, 1, FROM_WALKING if facts.experience else f"{FROM_WALKING} {IF_YOU_RUN}")
