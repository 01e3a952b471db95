"""The habit of an established runner, and what their week rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.evidence import Evidence, was_established
from steadymile.models.policy.habit import usual_on_days_min
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.state import DEFAULTS
from steadymile.models.policy.training import recent
from steadymile.models.policy.training.recent import Habit
from steadymile.models.week.facts.effort import easy_heart_rate
from steadymile.models.weekplan import RUN_KINDS, Action, WeekPlan

_USUAL = ("usual_week_min", "usual_long_min", "usual_session_min", "usual_days", "max_runs")


def habit_of(e: Evidence) -> Habit | None:
    """The habit that somebody has, whatever the plan itself asked them to leave out."""
    established = was_established([w for w in e.history.weeks if w.week < e.week])
    weeks = e.history.weeks[-recent.WEEKS_BACK * 4 :]
    return recent.habit_of(e.matched, e.as_of, established, _eased(weeks, e.p), _asked(weeks), e.p)


def of(e: Evidence, habit: Habit | None) -> dict[str, Any]:
    """What an established runner's week rests on. Without a goal nothing asks for more than what is run."""
    if habit is None:
        return {}
    goal = e.facts.goal if e.facts.goal in ladder.TOP else None
    easy_rate_bpm = easy_heart_rate(e.ran, e.as_of, e.p)
    return {
        "easy_rate_bpm": np.nan if easy_rate_bpm is None else easy_rate_bpm,
        "established": True, "usual_session_min": habit.session_min, "usual_long_min": habit.long_min,
        "usual_week_min": habit.week_min, "usual_days": float(habit.days),
        "week_top_min": ladder.WEEK_TOP_MIN[goal] if goal else 0.0,
        "long_top_min": ladder.LONG_TOP_MIN[goal] if goal else 0.0,
    }  # fmt: skip


def _eased(weeks: Sequence[WeekPlan], p: Parameters) -> dict[str, float]:
    """Weeks for which an established runner was asked for less than usual, with nearly the usual minutes of then."""
    found: dict[str, float] = {}
    for w in weeks:
        if "decision" not in w.state:
            continue
        if w.action >= Action.HOLD and w.level != "E":
            continue
        week, long, session, days, most = (w.state["signals"].get(k, DEFAULTS[k]) for k in _USUAL)
        usual = p.habit_eased * float(usual_on_days_min(week, long, session, min(days, most)))
        if w.action < Action.HOLD:
            found[w.week] = usual or np.inf
        elif float(w.state["decision"]["week_min"]) < usual:
            found[w.week] = usual
    return found


def _asked(weeks: Sequence[WeekPlan]) -> dict[str, float]:
    """Running minutes that established runners' weeks asked for as they were published last, by ISO week."""
    asked = ((w.week, sum(q.run_min for q in w.planned if q.kind in RUN_KINDS)) for w in weeks if w.level == "E")
    return {week: minutes for week, minutes in asked if minutes}
