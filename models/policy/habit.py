"""What an established runner's usual week holds, and whether the week prescribed last fell short of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import other_min
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.state import StateArrays

ENOUGH_WITHIN_MIN = 0.5  # plans are shown in half minutes


def off_ladder(s: StateArrays, level: np.ndarray, p: Parameters) -> np.ndarray:
    """Whether a level's week is an established runner's usual one instead of the ladder's own: from M4 on, or from the
    level that the usual longest run carries, where that is lower. Below it, after a long pause, the ladder stands;
    one's own week, made smaller, stands on where the last week was one's own too, but for the first after a stop."""
    least: Any = ladder.M4
    if p.established_short:
        highest = _carried(s)
        # A limit in metres may hold the first week a level lower.
        least = np.where(highest < ladder.M4, np.maximum(highest - 1, p.short_usual_level), ladder.M4)
        # Who was asked for far less last comes back by the ladder, which is quicker.
        least = np.where(s.week_last_min >= p.short_usual_again * usual_week_min(s), least, ladder.M4)
    own = level >= least
    if p.own_return:
        own |= own_before(s, p) & (level >= ladder.J1) & (s.track != ladder.WALK) & ~s.restart
    return np.asarray(s.established & own)


def own_before(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether the week prescribed last was an established runner's own, or none was: it held clearly more than the
    ladder's week of its level."""
    return np.asarray(s.established & (s.week_last_min > p.own_return_over * _ladder_week_min(s, p)))


def short_runs(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether an established runner's usual runs are all shorter than M4's."""
    return np.asarray(s.established & (_carried(s) < ladder.M4)) if p.established_short else np.zeros(s.n, dtype=bool)


def _carried(s: StateArrays) -> np.ndarray:
    """The highest level that the usual longest run carries."""
    usual = s.usual_long_min[:, None] + 1e-9
    carried = (ladder.RUN_MIN[s.track] <= usual) & (ladder.BOUT_MIN[s.track] <= usual)
    carried[:, : ladder.J1] = True
    return np.asarray(carried.shape[1] - 1 - np.argmax(carried[:, ::-1], axis=1))


def usual_week_min(s: StateArrays) -> np.ndarray:
    """Running minutes of established runners' usual weeks, on as many days as the athletes have for them now."""
    return np.asarray(
        usual_on_days_min(s.usual_week_min, s.usual_long_min, s.usual_session_min, np.minimum(s.usual_days, s.max_runs))
    )


def usual_on_days_min(week: Any, long: Any, session: Any, days: Any) -> Any:
    """Running minutes of a usual week on that many days: the long run and so many of the others, no more than usual.
    Arrays or single numbers."""
    return np.minimum(week, long + np.maximum(days - 1, 0) * session)


def unfilled(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether limits had cut the week prescribed last below what its level stands for."""
    run, whole = ladder.RUN_MIN[s.track, s.k_last], _ladder_week_min(s, p)
    return np.asarray((s.run_last_min < p.nearly_usual * run) | (s.week_last_min < p.nearly_usual * whole))


def _ladder_week_min(s: StateArrays, p: Parameters) -> np.ndarray:
    """Running minutes of the ladder's whole week at the level prescribed last, on as many days as the athletes have."""
    run = ladder.RUN_MIN[s.track, s.k_last]
    others = np.maximum(np.minimum(ladder.SESSIONS[s.track, s.k_last], s.max_runs) - 1.0, 0.0)
    return np.asarray(run + others * other_min(run, ladder.OTHER_MIN[s.track, s.k_last], p))


def below_usual(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether an established runner was asked for clearly less than the usual week last, after missed or eased ones."""
    return np.asarray(s.week_last_min < p.nearly_usual * usual_week_min(s))


def after_less(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether the week before was made easier, for tiredness or an illness say, or held clearly less than an
    established runner's usual one, and is no step to go on from."""
    less = np.minimum(s.week_last_min, s.shown_last_min) < p.nearly_usual * usual_week_min(s)
    return np.asarray(less | (s.established & s.prev_back_off & p.usual_after_ease))


def habit_is_enough(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether an established runner's usual week already holds what the goal asks for: its long run and either the
    others too, or so much running that a somewhat shorter long run will do."""
    whole = s.usual_session_min >= p.other_top_share * s.long_top_min - ENOUGH_WITHIN_MIN
    long = s.usual_long_min >= s.long_top_min - ENOUGH_WITHIN_MIN
    nearly = s.usual_long_min >= p.long_enough_share * s.long_top_min - ENOUGH_WITHIN_MIN
    return np.asarray(((s.usual_week_min >= s.week_top_min) & nearly) | (whole & long))
