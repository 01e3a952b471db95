"""What the sessions of a level are made of: jog-walk bouts, easy runs, strides, hills, steady parts, tests.

Hard parts are one session a week at most, and from P2 on only. Source: docs/policy.md (levels and doses are design
values; running economy gains from hills and strides are known for trained runners only).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.spelled import times
from steadymile.models.units import MILE_M
from steadymile.models.week.sessions.intervals import MOST_BOUTS, bouts_of
from steadymile.models.week.sessions.wording import duration, minutes, run_title
from steadymile.models.weekplan import Step

WARM = Step(1, 0, round(ladder.WARM_MIN * 60))


@dataclass(frozen=True, slots=True)
class Content:
    """A special session: its kind, title, steps and instruction."""

    kind: str
    title: str
    steps: tuple[Step, ...]
    text: str


def jog_steps(
    level: ladder.Level, run_min: float, bout_min: float, ease: bool, even: bool = False, p: Parameters = IN_FORCE
) -> tuple[Step, ...]:  # fmt: skip
    """A walk-run session of a level with at most `run_min` running minutes in bouts of at most `bout_min`; breaks
    longer under `ease`. `even` ones share the minutes where the last bout would be a stub beside the first."""
    own = np.zeros(MOST_BOUTS)
    own[: len(level.bouts_min)] = level.bouts_min
    bouts = [round(60 * b) for b in bouts_of(own, np.array(run_min), np.array(bout_min)) if b > 0]
    if not bouts:
        return ()
    if not even and bouts[-1] < min(p.stub_least_s, p.stub_share * bouts[0]):
        bouts.pop()
    if even and bouts[-1] < p.stub_share * bouts[0]:
        quarters, over = divmod(sum(bouts) // 15, len(bouts))
        bouts = [15 * (quarters + (n < over)) for n in range(len(bouts))]
    rest = round(60 * level.rest_min * (p.ease_rest if ease else 1.0))
    steps: list[Step] = [WARM]
    i = 0
    while i < len(bouts):
        reps = next((n for n in range(len(bouts) - i, 0, -1) if len(set(bouts[i : i + n])) == 1), 1)
        i += reps
        last = i >= len(bouts)
        if last and reps == 1:
            steps.append(Step(1, bouts[-1], 0))
        else:
            steps.append(Step(reps, bouts[i - 1], rest))
    if steps[-1].walk_s:
        # The break after the last jog belongs to the cool-down.
        steps.append(Step(1, 0, max(WARM.walk_s - rest, 60)))
    else:
        steps.append(WARM)
    return tuple(steps)


def easy_steps(run_min: float, walk: bool) -> tuple[Step, ...]:
    """A continuous easy run, with five minutes of walking on both sides unless the runner is established."""
    run = Step(1, int(run_min * 2 + 1e-6) * 30, 0)
    return (WARM, run, WARM) if walk else (run,)


def special(
    level_id: str, run_min: float, weeks_at_level: int, goal_400_s: float | None, walk: bool, p: Parameters = IN_FORCE
) -> Content | None:
    """The one session of the week that is not simply easy, for P levels (and, in rotation, established runners)."""
    edge = (WARM,) if walk else ()
    if level_id == "P2":
        easy = _easy_part(run_min - p.strides * p.stride_s / 60, p)
        steps = (*edge, Step(1, easy, p.before_hard_s), Step(p.strides, p.stride_s, p.stride_walk_s), *edge)
        text = (
            f"Jog easily {duration(easy)}. Then {p.strides} strides: {p.stride_s} s quick and light on the flat, not a "
            f"sprint, {p.stride_walk_s} s walking after each. "
        )
        return Content("run", f"Easy run with {p.strides} strides", steps, text + "Stop if anything pulls.")
    if level_id == "P3":
        return _hills(run_min, weeks_at_level, edge, p)
    if level_id == "P4":
        easy = _easy_part(run_min, p)
        text = (
            f"Run {duration(easy)} over a gently rolling route. Shorten your steps uphill, walk what is steep, and "
            "run down softly. Keep within this week's climbing."
        )
        return Content("hills", f"Rolling route {duration(easy)}", (*edge, Step(1, easy, 0), *edge), text)
    if level_id == "P5":
        easy = _easy_part(run_min - p.steady * p.steady_s / 60, p)
        steps = (*edge, Step(1, easy, 0), Step(p.steady, p.steady_s, p.steady_walk_s), *edge)
        text = (
            f"Jog easily {duration(easy)}. Then {times(p.steady)} {duration(p.steady_s)} steady: you can speak short "
            f"phrases, no longer long sentences. Walk {duration(p.steady_walk_s)} after each."
        )
        return Content("run", f"Steady {p.steady} x {duration(p.steady_s)}", steps, text)
    if level_id == "P6":
        each = round(goal_400_s) if goal_400_s else p.pace_unknown_s
        easy = _easy_part(run_min - p.pace_400s * each / 60, p)
        pace = f"in about {duration(each)}" if goal_400_s else "a little faster than easy, evenly"
        steps = (*edge, Step(1, easy, p.before_hard_s), Step(p.pace_400s, each, p.pace_walk_s), *edge)
        text = (
            f"Jog easily {duration(easy)}. Then {p.pace_400s} times 400 m {pace}, with 400 m of walking or jogging "
            "after each. The last should feel like the first."
        )
        return Content("run", f"{p.pace_400s} x 400 m at mile pace", steps, text)
    return None


def mile_test(run_min: float, best_s: float | None, walk: bool, p: Parameters = IN_FORCE) -> Content:
    """A mile as fast as feels even, every four weeks at most, in place of the week's hard session."""
    edge = (WARM,) if walk else ()
    each = round(best_s) if best_s else p.test_unknown_s
    easy = _easy_part(min(run_min - each / 60, p.test_easy_min), p)
    after = int((run_min - (easy + each) / 60) * 2 + 1e-6) * 30
    last = (Step(1, each, p.test_walk_s), Step(1, after, 0)) if after >= p.easy_least_s else (Step(1, each, 0),)
    steps = (*edge, Step(1, easy, p.test_walk_s), *last, *edge)
    text = (
        f"Jog easily {duration(easy)}, walk {duration(p.test_walk_s)}. Then run one mile (1.61 km) as evenly as you "
        "can: strong, not desperate. Skip it if you feel tired or anything hurts; an easy run is just as good."
    ) + (f" Walk {duration(p.test_walk_s)} and jog easily {duration(after)}." if after >= p.easy_least_s else "")
    return Content("test", "Mile test", steps, text)


def _hills(run_min: float, weeks_at_level: int, edge: tuple[Step, ...], p: Parameters) -> Content:
    """Uphill repetitions, one more a week; every few weeks the hills get longer and fewer."""
    size = min(weeks_at_level // p.hill_weeks, len(p.hill_up_s) - 1)
    up = p.hill_up_s[size]
    more = weeks_at_level - size * p.hill_weeks if p.hills_stay else weeks_at_level % p.hill_weeks
    reps = min(p.hill_fewest[size] + more, p.hill_most[size])
    easy = _easy_part(run_min - reps * up / 60, p)
    name = ("Short", "Middle", "Long")[size]
    steps = (*edge, Step(1, easy, p.before_hard_s), Step(reps, up, 2 * up), *edge)
    text = (
        f"Jog easily {duration(easy)} to a hill of 3 to 6 %. Then {reps} times: {duration(up)} up with short, strong "
        "steps, walk down. Breathe hard if you like, but keep your shape; stop when it goes."
    )
    return Content("hills", f"{name} hills {reps} x {duration(up)}", steps, text)


def goal_400_s(goal_mile_s: float | None, best_mile_s: float | None, p: Parameters = IN_FORCE) -> float | None:
    """Seconds for 400 m at goal pace: the goal, but only a little faster than the best mile so far."""
    if best_mile_s is None:
        return None
    mile = best_mile_s * p.faster_mile
    if goal_mile_s is not None:
        mile = max(mile, goal_mile_s)
    return mile * 400.0 / MILE_M


def _easy_part(run_min: float, p: Parameters) -> int:
    return max(p.easy_least_s, int(run_min * 2) * 30)


__all__ = ["Content", "easy_steps", "goal_400_s", "jog_steps", "mile_test", "minutes", "run_title", "special"]
