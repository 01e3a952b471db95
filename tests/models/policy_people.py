"""Made people for tests of the plan: histories built by hand, and one who lives what the plan asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from steadymile.models.athlete import Athlete, Facts
from steadymile.models.session import Body, Day, History, Session
from steadymile.models.week.easing import tonight
from steadymile.models.weekplan import PlannedSession, WeekPlan

SUNDAY = date(2026, 3, 1)
RUN_M_S, WALK_M_S = 2.1, 1.4


def run(day: date, run_min: float, bout_min: float | None = None, **more: Any) -> Session:
    """A recorded run with ten minutes of walking."""
    fields: dict[str, Any] = {
        "activity_id": f"run-{day.isoformat()}", "started_at": datetime.combine(day, time(7), UTC), "local_day": day,
        "kind": "run", "elapsed_s": run_min * 60 + 600, "moving_s": run_min * 60 + 600, "running_s": run_min * 60,
        "walking_s": 600.0, "longest_run_s": (run_min if bout_min is None else bout_min) * 60,
        "distance_m": run_min * 60 * RUN_M_S + 600 * WALK_M_S, "run_speed_m_s": RUN_M_S, "walk_speed_m_s": WALK_M_S,
        "elevation_gain_m": 10.0, "elevation_loss_m": 10.0, "load": 2.0 * run_min + 8.0,
    }  # fmt: skip
    return Session(**{**fields, **more})


def walk(day: date, minutes: float, **more: Any) -> Session:
    """A recorded walk."""
    fields: dict[str, Any] = {
        "activity_id": f"walk-{day.isoformat()}", "started_at": datetime.combine(day, time(18), UTC), "local_day": day,
        "kind": "walk", "sport": "walking", "elapsed_s": minutes * 60, "moving_s": minutes * 60, "running_s": 0.0,
        "walking_s": minutes * 60, "distance_m": minutes * 60 * WALK_M_S, "walk_speed_m_s": WALK_M_S,
        "load": 0.6 * minutes,
    }  # fmt: skip
    return Session(**{**fields, **more})


def person(sessions: tuple[Session, ...] = (), days: tuple[Day, ...] = (), **facts: Any) -> History:
    """A history of one athlete with these facts."""
    last = sessions[-1].local_day if sessions else None
    athlete = Athlete("a", "A", base=Facts(**facts))
    return History(athlete, sessions, days, (), Body(185.0, 8.0, "age", 60.0, 3.0, "told"), last)


def done(p: PlannedSession, **answers: Any) -> Session | None:
    """The planned session as the watch records it when all goes well; None for rest and strength."""
    if p.kind in ("run", "hills", "test"):
        bout = max(s.run_s for s in p.steps) / 60
        walking = sum(s.reps * s.walk_s for s in p.steps)
        return run(p.day, p.run_min, bout, walking_s=walking, moving_s=p.minutes * 60, elapsed_s=p.minutes * 60,
                   **{"distance_m": p.run_min * 60 * RUN_M_S + walking * WALK_M_S, **answers})  # fmt: skip
    if p.kind == "walk":
        return walk(p.day, p.minutes, **answers)
    return None


Answers = Callable[[int, PlannedSession], dict[str, Any] | None]


def live(
    history: History,
    start: date,
    weeks: int,
    answers: Answers | None = None,
    nightly: bool = False,
    told: Callable[[int, date], dict[str, Any]] | None = None,
) -> tuple[History, list[WeekPlan]]:
    """Live `weeks` weeks from `start`: each planned session is done unless `answers(week, session)` is None.

    `nightly` plans every evening, else on Sundays (and on the start day). Returns the history and every published plan.
    """  # fmt: skip
    published: list[WeekPlan] = []
    for n in range(7 * weeks + 1):
        day = start + timedelta(days=n)
        current = {w.week: w for w in history.weeks if w.status == "frozen"}
        iso = day.isocalendar()
        plan = current.get(f"{iso[0]}-W{iso[1]:02d}")
        if told is not None and (values := told(n // 7, day)):
            history = replace(history, days=(*history.days, Day(day, values)))
        for p in plan.planned if plan else ():
            if p.day != day:
                continue
            said = answers(n // 7, p) if answers else {}
            session = None if said is None else done(p, **said)
            if session is not None:
                history = replace(history, sessions=(*history.sessions, session), last_file_day=day)
        if n == 0 or day.isoweekday() == 7 or nightly:
            for plan in tonight(history, day):
                if plan.status == "frozen":
                    history = replace(history, weeks=(*history.weeks, plan))
                published.append(plan)
    return history, published
