"""What the sessions of a level are made of: jog-walk bouts, easy runs, strides, hills, steady parts, tests.

Hard parts are one session a week at most, and from P2 on only. Source: docs/policy.md (levels and doses are design
values; running economy gains from hills and strides are known for trained runners only).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.units import MILE_M
from steadymile.models.week.intervals import MOST_BOUTS, bouts_of
from steadymile.models.week.wording import duration, minutes, run_title
from steadymile.models.weekplan import Step

WARM = Step(1, 0, round(ladder.WARM_MIN * 60))
HILL_SIZES = ((30, 4, 8), (60, 3, 6), (120, 2, 4))
"""Uphill seconds, fewest and most repetitions: short, middle and long hills."""
FASTER_IN_4_WEEKS = 0.98
TEST_WARM_MIN = 12.0
STUB = 1 / 3
"""A last bout shorter than this part of the first is a stub: nobody walks two minutes to jog half a one (design
value)."""


@dataclass(frozen=True, slots=True)
class Content:
    """A special session: its kind, title, steps and instruction."""

    kind: str
    title: str
    steps: tuple[Step, ...]
    text: str


def jog_steps(
    level: ladder.Level, run_min: float, bout_min: float, ease: bool, even: bool = False
) -> tuple[Step, ...]:  # fmt: skip
    """A walk-run session of a level with at most `run_min` running minutes in bouts of at most `bout_min`; breaks half
    longer under `ease`. `even` ones share the minutes where the last bout would be a stub beside the first."""
    own = np.zeros(MOST_BOUTS)
    own[: len(level.bouts_min)] = level.bouts_min
    bouts = [round(60 * b) for b in bouts_of(own, np.array(run_min), np.array(bout_min)) if b > 0]
    if not bouts:
        return ()
    if even and bouts[-1] < STUB * bouts[0]:
        quarters, over = divmod(sum(bouts) // 15, len(bouts))
        bouts = [15 * (quarters + (n < over)) for n in range(len(bouts))]
    rest = round(60 * level.rest_min * (1.5 if ease else 1.0))
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


def special(level_id: str, run_min: float, weeks_at_level: int, goal_400_s: float | None, walk: bool) -> Content | None:
    """The one session of the week that is not simply easy, for P levels (and, in rotation, established runners)."""
    edge = (WARM,) if walk else ()
    if level_id == "P2":
        easy = _easy_part(run_min - 2)
        steps = (*edge, Step(1, easy, 60), Step(6, 20, 60), *edge)
        text = (
            f"Jog easily {duration(easy)}. Then 6 strides: 20 s quick and light on the flat, not a sprint, "
            "60 s walking after each. "
        )
        return Content("run", "Easy run with 6 strides", steps, text + "Stop if anything pulls.")
    if level_id == "P3":
        return _hills(run_min, weeks_at_level, edge)
    if level_id == "P4":
        easy = _easy_part(run_min)
        text = (
            f"Run {duration(easy)} over a gently rolling route. Shorten your steps uphill, walk what is steep, and "
            "run down softly. Keep within this week's climbing."
        )
        return Content("hills", f"Rolling route {duration(easy)}", (*edge, Step(1, easy, 0), *edge), text)
    if level_id == "P5":
        easy = _easy_part(run_min - 12)
        steps = (*edge, Step(1, easy, 0), Step(2, 360, 120), *edge)
        text = (
            f"Jog easily {duration(easy)}. Then twice 6 min steady: you can speak short phrases, no longer long "
            "sentences. Walk 2 min after each."
        )
        return Content("run", "Steady 2 x 6 min", steps, text)
    if level_id == "P6":
        each = round(goal_400_s) if goal_400_s else 150
        easy = _easy_part(run_min - 4 * each / 60)
        pace = f"in about {duration(each)}" if goal_400_s else "a little faster than easy, evenly"
        steps = (*edge, Step(1, easy, 60), Step(4, each, 180), *edge)
        text = (
            f"Jog easily {duration(easy)}. Then 4 times 400 m {pace}, with 400 m of walking or jogging after each. "
            "The last should feel like the first."
        )
        return Content("run", "4 x 400 m at mile pace", steps, text)
    return None


def mile_test(run_min: float, best_s: float | None, walk: bool) -> Content:
    """A mile as fast as feels even, every four weeks at most, in place of the week's hard session."""
    edge = (WARM,) if walk else ()
    each = round(best_s) if best_s else 720
    easy = max(300, _easy_part(min(run_min - each / 60, TEST_WARM_MIN)))
    after = int((run_min - (easy + each) / 60) * 2 + 1e-6) * 30
    last = (Step(1, each, 120), Step(1, after, 0)) if after >= 300 else (Step(1, each, 0),)
    steps = (*edge, Step(1, easy, 120), *last, *edge)
    text = (
        f"Jog easily {duration(easy)}, walk 2 min. Then run one mile (1.61 km) as evenly as you can: strong, not "
        "desperate. Skip it if you feel tired or anything hurts; an easy run is just as good."
    ) + (f" Walk 2 min and jog easily {duration(after)}." if after >= 300 else "")
    return Content("test", "Mile test", steps, text)


def _hills(run_min: float, weeks_at_level: int, edge: tuple[Step, ...]) -> Content:
    """Uphill repetitions, one more a week; every few weeks the hills get longer and fewer."""
    size = min(weeks_at_level // 5, len(HILL_SIZES) - 1)
    up, fewest, most = HILL_SIZES[size]
    reps = min(fewest + weeks_at_level % 5, most)
    easy = _easy_part(run_min - reps * up / 60)
    name = ("Short", "Middle", "Long")[size]
    steps = (*edge, Step(1, easy, 60), Step(reps, up, 2 * up), *edge)
    text = (
        f"Jog easily {duration(easy)} to a hill of 3 to 6 %. Then {reps} times: {duration(up)} up with short, strong "
        "steps, walk down. Breathe hard if you like, but keep your shape; stop when it goes."
    )
    return Content("hills", f"{name} hills {reps} x {duration(up)}", steps, text)


def goal_400_s(goal_mile_s: float | None, best_mile_s: float | None) -> float | None:
    """Seconds for 400 m at goal pace: the goal, but at most 2 % faster than the best mile so far."""
    if best_mile_s is None:
        return None
    mile = best_mile_s * FASTER_IN_4_WEEKS
    if goal_mile_s is not None:
        mile = max(mile, goal_mile_s)
    return mile * 400.0 / MILE_M


def _easy_part(run_min: float) -> int:
    return max(300, int(run_min * 2) * 30)


__all__ = ["Content", "easy_steps", "goal_400_s", "jog_steps", "mile_test", "minutes", "run_title", "special"]
