"""On which days of a week to run, walk, lift and rest."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise

from steadymile.models.policy.parameters import IN_FORCE

FAVOURITE = {1: (6,), 2: (2, 6), 3: (2, 4, 6), 4: (2, 4, 6, 7), 5: (2, 3, 4, 6, 7), 6: (2, 3, 4, 5, 6, 7)}
"""ISO weekdays that suit most people, by how many runs there are; a free Monday follows the weekend."""
WALK_WEEK = (1, 2, 4, 5, 7)
DAYS = 7


@lru_cache(maxsize=4096)
def run_days(
    count: int,
    free: tuple[int, ...],
    apart: bool,
    not_on: tuple[int, ...] = (),
    likely: tuple[float, ...] = (),
    fewer_runs: float = IN_FORCE.fewer_runs,
) -> tuple[int, ...]:
    """ISO weekdays for `count` runs among the free ones, well spread; fewer where they do not fit.

    `apart`: never two days in a row. `not_on`: days ruled out (the day after another run or a hard ride). `likely`: how
    likely a run is done on each weekday from Monday on; where the days differ by more than `fewer_runs`, the likelier
    ones are taken: nothing moves for a single week.
    """
    candidates = tuple(d for d in free if d not in not_on)
    for n in range(min(count, len(candidates)), 0, -1):
        fitting = [c for c in combinations(candidates, n) if not apart or smallest_gap(c) >= 2]
        if fitting:
            return min(_likely_enough(fitting, likely, fewer_runs), key=_dislike)
    return ()


def _likely_enough(sets: list[tuple[int, ...]], likely: tuple[float, ...], fewer_runs: float) -> list[tuple[int, ...]]:
    """The best spread of the sets of days, without those on which clearly fewer of the runs would be done."""
    gap = max(min(smallest_gap(c), 2) for c in sets)
    sets = [c for c in sets if min(smallest_gap(c), 2) == gap]
    if not likely:
        return sets
    missed = [sum(1.0 - likely[d - 1] for d in c) for c in sets]
    return [c for c, m in zip(sets, missed) if m <= min(missed) + fewer_runs]


def smallest_gap(days: tuple[int, ...]) -> int:
    """The fewest days from one of them to the next in the same week; 7 for a single day."""
    return min((b - a for a, b in pairwise(days)), default=7)


def _dislike(days: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
    favourite = FAVOURITE.get(len(days), ())
    return -min(smallest_gap(days), 2), sum(abs(a - b) for a, b in zip(days, favourite)), days


@lru_cache(maxsize=4096)
def spread(count: int, free: tuple[int, ...]) -> tuple[int, ...]:
    """`count` of the free days as evenly spread over the week as can be, later days first on a tie."""
    n = min(count, len(free))
    if n <= 0:
        return ()
    return max(combinations(free, n), key=lambda c: (_circular_gap(c), c))


def _circular_gap(days: tuple[int, ...]) -> int:
    if len(days) < 2:
        return 7
    return min(*(b - a for a, b in pairwise(days)), days[0] + 7 - days[-1])


def _evenness(days: tuple[int, ...]) -> tuple[int, int]:
    """How evenly days lie: the fewest neighbours, then as many of the usual walking days as can be."""
    neighbours = sum(b - a == 1 for a, b in pairwise(days)) + ({1, DAYS} <= set(days))
    return -neighbours, sum(d in WALK_WEEK for d in days)


def walk_days(
    count: int, running: tuple[int, ...], open_days: tuple[int, ...], free: tuple[int, ...] = ()
) -> tuple[int, ...]:
    """Days for walks that are not run days, leaving one day of the week without anything. In a week without runs the
    days that somebody has `free` come first, and others only where those are too few."""
    mine = tuple(d for d in open_days if d in free)
    if not running and mine and len(mine) < DAYS:
        if count <= len(mine):
            return spread(count, mine)
        others = tuple(d for d in open_days if d not in mine)
        more = min(count - len(mine), max(len(others) - 1, 0))
        return max((tuple(sorted((*mine, *c))) for c in combinations(others, more)), key=_evenness)
    if not running:
        favourites = tuple(d for d in WALK_WEEK if d in open_days)
        if count <= len(favourites):
            return favourites[:count] if count == len(favourites) else spread(count, favourites)
        return favourites
    free = tuple(d for d in open_days if d not in running)
    return spread(min(count, max(len(free) - 1, 0)), free)
