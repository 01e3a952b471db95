"""Every number of the policy decides something: changed by itself, it changes a decision, a state or a week.

A number that nothing follows is dead, or stands twice: whoever changes it in its one home would change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from steadymile.models.athlete import Facts
from steadymile.models.explain.caveats import notes
from steadymile.models.physiology.confirmation import MINUTES, eases, unconfirmed
from steadymile.models.physiology.symptoms import HOOPER
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.decide import decide
from steadymile.models.policy.parameters import (
    GROUPS,
    IN_FORCE,
    INF,
    Beside,
    Breaks,
    Comfort,
    Earning,
    Easing,
    Effort,
    Entering,
    Established,
    Files,
    Goals,
    Habit,
    Lately,
    Layout,
    Limits,
    Matching,
    Notes,
    Pain,
    Parameters,
    Tiredness,
    Volume,
    Walking,
    Workouts,
)
from steadymile.models.policy.state import StateArrays
from steadymile.models.policy.training.matching import match
from steadymile.models.session import Day, History
from steadymile.models.week import easing
from steadymile.models.week.layout import lay_out
from steadymile.models.week.override import apply_override
from steadymile.models.week.plan import Decided, build, chosen_of
from steadymile.models.weekplan import RUN_KINDS

from tests.models.policy.frozen_states import TARGETS, states_3
from tests.models.policy_people import SUNDAY, live, person, run, walk

FINE = {"rpe": 3.0, "talk_test": "yes"}
NUMBERS = [(group, f.name) for group in GROUPS for f in fields(group)]
STATES = states_3(4000, 3)


def with_a_habit() -> StateArrays:
    """The same states as those of people with a habit of running, whose last week held more or less than it."""
    rng, n = np.random.default_rng(0), STATES.level.size
    usual_min, share = rng.uniform(30.0, 120.0, n), rng.uniform(0.3, 0.6, n)
    return replace(
        STATES,
        established=np.ones(n, dtype=bool),
        usual_week_min=usual_min,
        usual_long_min=share * usual_min,
        usual_session_min=0.5 * share * usual_min,
        usual_days=rng.integers(2, 5, n).astype(float),
        week_last_min=usual_min * rng.uniform(0.7, 1.2, n),
        run_last_min=share * usual_min,
        week_top_min=usual_min * rng.uniform(0.7, 1.3, n),
        long_top_min=share * usual_min * rng.uniform(0.9, 1.5, n),
    )


HABITS = with_a_habit()


def others(value: Any) -> list[Any]:
    """Other values of a number, near ones and far ones, above and below."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, tuple):
        return [tuple(v + d for v in value) for d in (1, -1, 10, -10)]
    if value == INF:
        return [1.0, 5.0]
    if isinstance(value, int):
        return [value + 1, max(0, value - 1), value + 4, 1]
    return [value * 1.5 + 0.05, value * 0.6, value * 3, 0.01]


def decided(p: Parameters) -> list[bytes]:
    decisions = [decide(states, parameters=p) for states in (STATES, HABITS)]
    return [np.asarray(getattr(d, name), dtype=float).tobytes() for d in decisions for name in TARGETS]


def planned(history: History, day: date, p: Parameters) -> str:
    """The state and the week of somebody on a day, as text."""
    state = state_of(history, day, parameters=p)
    week = build(state, "frozen", p)
    fired = [r.rule for r in week.reasons if r.fired]
    signals = [getattr(state.signals, f.name) for f in fields(state.signals)]
    return repr(
        (
            week.planned,
            week.load_low,
            week.load_high,
            week.action,
            fired,
            signals,
            dict(state.facts),
            week.state["goal_safe"],
        )
    )


def eased(history: History, day: date, p: Parameters) -> str:
    """What a week under way becomes on a day, as text."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(easing, "version_of", lambda name: p)
        return repr([(w.planned, w.action) for w in easing.tonight(history, day)])


def noted(history: History, day: date, p: Parameters) -> str:
    """Which notes stand beside a week, for everything that they count from nothing to much of it."""
    state = state_of(history, day, parameters=p)
    counted = ("pauses", "tired_weeks", "pain_weeks_12", "days_in_row", "ill_weeks", "breathless_weeks",
               "breathless_lately", "unrecorded", "runs_walked")  # fmt: skip
    levels = [replace(state.signals, level=np.array([n])) for n in (3, 4, 5, 6, 9)]
    told = [{**state.facts, name: n} for name in (*counted, "heart_rate_max_sd_bpm") for n in range(40)]
    return repr([r.sentence for one in levels for facts in told for r in notes(one, facts, int(one.level[0]), p)])


def confirmed(history: History, day: date, p: Parameters) -> str:
    """Which minutes of a file count unasked, and what waits for the person's word on a day, as text."""
    free = [(field, n) for field in MINUTES for n in range(0, 1440, 10) if not eases(field, n, p)]
    return repr((free, unconfirmed(history.days, day, p)))


def recognised(history: History, day: date, p: Parameters) -> str:
    """Which planned session each session is taken for, as text."""
    return repr([(m.session.activity_id, m.planned) for m in match(history.sessions, history.weeks, p=p)])


def eased_and_cut(history: History, day: date, p: Parameters) -> str:
    """The days of a week whose breaks are longer and whose runs, but for the longest, are too short to be runs."""
    state = state_of(history, day, parameters=p)
    decided = Decided.of([state], p)
    c = replace(chosen_of(decided.signals, decided.decision, 0, p), ease=True, other_min=2.0, shortest_run_min=0.0)
    return repr(lay_out(c, state.facts))


def on(n: int, **values: Any) -> Day:
    return Day(SUNDAY + timedelta(days=n), values)


def habit(minutes: float, per_week: int, weeks: int = 12, before: int = 0, **more: Any) -> tuple[Any, ...]:
    """Runs of so many minutes on so many days of each week, the last of them `before` days before the start."""
    at = {1: (3,), 2: (2, 5), 3: (1, 3, 5), 4: (1, 2, 4, 6), 5: (1, 2, 4, 5, 6)}[per_week]
    days = (7 * w - d + before for w in range(weeks, 0, -1) for d in at)
    return tuple(run(SUNDAY - timedelta(days=n), minutes, **more) for n in days)


def injured(week: int, day: date) -> dict[str, Any]:
    """Three bad mornings in the first week, and calm answers on most days after it."""
    if week == 0 and day.isoweekday() in (2, 4, 6):
        return {"pain": 5.0, "pain_next_morning": "worse"}
    return {"pain": 1.0} if week and day.isoweekday() in (1, 3, 5, 6) else {}


def injured_again(week: int, day: date) -> dict[str, Any]:
    """The same, and one more bad morning after it had settled."""
    return {"pain": 6.0, "pain_next_morning": "worse"} if week == 3 and day.isoweekday() == 2 else injured(week, day)


def warned(week: int, day: date) -> dict[str, Any]:
    """A warning sign in the third week, and a doctor's word the day after."""
    if week != 2 or day.isoweekday() > 2:
        return {}
    return {"red_flag": "fainting"} if day.isoweekday() == 1 else {"cleared": True}


def hurt_once(week: int, day: date) -> dict[str, Any]:
    """Strong pain on the first Wednesday, and little on every other day."""
    return {"pain": 7.0 if week == 0 and day.isoweekday() == 3 else 0.0}


Life = tuple[History, date]


def hard_and_easy_runs() -> Iterator[Life]:
    """Efforts of every kind, a half of what was planned, and a week that the runner lowered."""
    after = SUNDAY + timedelta(weeks=3)
    for said in (
        {"rpe": 6.0, "talk_test": "no"},
        {"rpe": 6.0, "talk_test": "equivocal"},
        {"rpe": 4.0, "talk_test": "equivocal"},
        {"rpe": 8.5},
        {},
    ):
        yield live(person(experience="active"), SUNDAY, 3, lambda w, p, s=said: dict(s))[0], after
    yield live(person(experience="active"), SUNDAY, 1, lambda w, p: {"rpe": 9.5})[0], SUNDAY + timedelta(weeks=1)
    half = live(person(experience="active"), SUNDAY, 4, lambda w, p: {**FINE, "running_s": 30.0 * p.run_min})[0]
    yield half, after + timedelta(weeks=1)
    eased = live(person(experience="active"), SUNDAY, 4, lambda w, p: {"rpe": 9.0} if w == 2 else dict(FINE))[0]
    yield eased, after + timedelta(weeks=1)
    for weeks in (4, 5, 6, 7, 8):  # after strong pain in the first
        sore = live(person(experience="active"), SUNDAY, weeks, lambda w, p: dict(FINE), told=hurt_once)[0]
        yield sore, SUNDAY + timedelta(weeks=weeks)
    barely = live(person(experience="active"), SUNDAY, 3, lambda w, p: {"rpe": 3.0, "talk_test": "equivocal"})[0]
    yield barely, after
    week = beginner().weeks[-1]
    lowered = apply_override(week, {"run_min": 0.6 * week.run_min, "reason": "as asked"})
    history = replace(beginner(), weeks=(*beginner().weeks, lowered))
    yield live(history, after, 1, lambda w, p: dict(FINE))[0], after + timedelta(weeks=1)


@cache
def beginner() -> History:
    """Somebody who did three weeks as planned."""
    return live(person(experience="active"), SUNDAY, 3, lambda w, p: dict(FINE))[0]


def sessions_of_every_feeling() -> Iterator[Life]:
    """What is known of a session besides the runner's own words, alone and beside them; and bouts of every length."""
    after = SUNDAY + timedelta(weeks=3)
    for said in (
        {"rpe": 5.0, "talk_test": "equivocal", "feel": 25.0, "share_above_ceiling": 0.3, "decoupling_pct": 7.0},
        {"feel": 75.0}, {"share_above_ceiling": 0.2}, {"decoupling_pct": 8.0}, {"rpe": 4.0}, {"talk_test": "equivocal"},
        {"running_s": 900.0, "feel": 50.0}, {"talk_test": "yes", "feel": 50.0},
        {"talk_test": "yes", "longest_run_s": 90.0},
    ):  # fmt: skip
        yield live(person(experience="active"), SUNDAY, 3, lambda w, p, s=said: dict(s))[0], after


def minutes_that_wait() -> Iterator[Life]:
    """A file that claims more minutes than anybody believes unasked, looked at on the days after."""
    claimed = Day(SUNDAY, {"run_min": 400.0}, frozenset({"run_min"}))
    for n in (10, 28, 40):
        yield person((), (claimed,)), SUNDAY + timedelta(days=n)


def notes_of_every_kind() -> Iterator[Life]:
    yield beginner(), SUNDAY + timedelta(weeks=3)
    walker, _ = live(person(experience="walker"), SUNDAY, 14, lambda w, p: {"rpe": 2.0} if p.kind == "walk" else None)
    yield walker, SUNDAY + timedelta(weeks=14)


def tired_mornings() -> Iterator[Life]:
    for days in (
        [on(n, **dict.fromkeys(HOOPER, 6.0)) for n in range(22)],
        [on(n, after_effort="worse") for n in (15, 17, 20)],
        [on(8, after_effort="worse")],
        [on(7, after_effort="worse")],
    ):
        yield replace(beginner(), days=tuple(days)), SUNDAY + timedelta(weeks=3)


def pains() -> Iterator[Life]:
    for days in (
        [on(n, pain=3.0) for n in (17, 19)],
        [on(n, pain=5.0, pain_next_morning="same") for n in (17, 19)],
        [on(n, pain=3.0) for n in range(14, 21)],
        [on(n, pain=5.0, pain_next_morning="worse") for n in (16, 18, 20)],
        [on(n, pain=4.0) for n in (8, 10, 13)],
        [on(16, pain=8.0), on(18, pain=1.0), on(20, pain=1.0)],
    ):
        yield replace(beginner(), days=tuple(days)), SUNDAY + timedelta(weeks=3)
    runner = person(habit(30.0, 2), experience="active")
    for weeks in (2, 3, 4, 5):
        yield live(runner, SUNDAY, weeks, lambda w, p: dict(FINE), told=injured)[0], SUNDAY + timedelta(weeks=weeks)
        again = live(runner, SUNDAY, weeks + 2, lambda w, p: dict(FINE), told=injured_again)[0]
        yield again, SUNDAY + timedelta(weeks=weeks + 2)


def pauses_and_stops() -> Iterator[Life]:
    for days in ([on(15, ill=True)], [on(2, ill=True), on(9, ill=False)]):
        yield replace(beginner(), days=tuple(days)), SUNDAY + timedelta(weeks=3)
    for silent in (5, 7, 9):  # days since anything arrived
        last = SUNDAY + timedelta(days=21 - silent)
        known = tuple(s for s in beginner().sessions if s.local_day <= last)
        yield replace(beginner(), sessions=known, last_file_day=last), SUNDAY + timedelta(weeks=3)
    for days_ago in (120, 200, 300):
        yield person(habit(40.0, 3, before=days_ago), goal="5k"), SUNDAY
    for days_ago in (10, 14, 18):
        yield person(habit(80.0, 4, before=days_ago), (on(days_ago - 1, pain=4.0),), goal="10k"), SUNDAY
    runner = person(habit(30.0, 2), experience="active")
    for weeks in (4, 5):
        lived = live(runner, SUNDAY, weeks, lambda w, p: dict(FINE), told=warned)[0]
        yield lived, SUNDAY + timedelta(weeks=weeks)
        walked = [s.local_day for s in lived.sessions if s.kind == "walk"]
        for after in (1, 2, 3):  # days after the walk that opened running
            sore = Day(walked[-1] + timedelta(days=after), {"pain": 4.0})
            known = tuple(sorted((*lived.days, sore), key=lambda d: d.day))
            yield replace(lived, days=known), max(sore.day, SUNDAY + timedelta(weeks=weeks))


def who_needs_care() -> Iterator[Life]:
    for facts in (
        {"birth_year": SUNDAY.year - 61},
        {"height_cm": 170.0, "weight_kg": 89.0},
        {"screening": True, "cleared": True},
    ):
        yield person(experience="active", **facts), SUNDAY
    walker = person(experience="walker", screening=True)
    cleared = {SUNDAY + timedelta(weeks=3): Facts(screening=True, cleared=True)}
    walker = replace(walker, athlete=replace(walker.athlete, dated=cleared))
    yield live(walker, SUNDAY, 3, lambda w, p: dict(FINE))[0], SUNDAY + timedelta(weeks=3)
    yield person(habit(40.0, 2), goal="mile"), SUNDAY


def goal_days() -> Iterator[Life]:
    """Goals that are near, far, over, within reach or not yet, and one that was said to be later than it is."""
    for goal, after in (("10k", 28), ("mile", 14)):
        for dated in range(-14, after):
            runner = person(habit(60.0, 3), goal=goal, goal_date=SUNDAY + timedelta(days=dated))
            yield runner, SUNDAY
    day = SUNDAY + timedelta(days=6)
    yield person(habit(60.0, 3), (Day(SUNDAY, {"ill": True}),), goal="mile", goal_date=day), SUNDAY
    yield person(habit(30.0, 3), goal="10k", goal_date=SUNDAY - timedelta(days=5)), SUNDAY
    jogs = tuple(run(SUNDAY - timedelta(days=n), 12.0, **FINE) for n in range(28, 0, -3))
    yield person(jogs, experience="active", goal="5k", goal_date=SUNDAY + timedelta(days=7)), SUNDAY
    for goal in ("mile", "5k", "10k", "half"):
        dated = SUNDAY + timedelta(weeks=30)
        yield person(experience="active", goal=goal, goal_date=dated), SUNDAY
        yield person(habit(30.0, 3), goal=goal, goal_date=dated), SUNDAY
        lived = live(person(habit(40.0, 3), goal=goal, goal_date=dated), SUNDAY, 2, lambda w, p: dict(FINE))[0]
        for later in (4, 12, 14, 15, 20, 30):
            safe = {"goal_safe": str(SUNDAY + timedelta(days=90 + later))}
            said = replace(lived.weeks[-1], state={**lived.weeks[-1].state, **safe})
            yield replace(lived, weeks=(*lived.weeks[:-1], said)), SUNDAY + timedelta(weeks=2)


def doubtful_sessions() -> Iterator[Life]:
    """Weeks under a plan with files close together, two runs for one, far more than was asked, and speed alone."""
    for experience in ("active", "walker"):
        lived, after = live(person(experience=experience), SUNDAY, 2, lambda w, p: dict(FINE))[0], timedelta(weeks=3)
        for how in (
            lambda w, p: {
                **FINE,
                "running_source": "speed",
                "run_speed_m_s": 1.6,
                "running_s": 60.0 * p.run_min * 1.38,
            },
            lambda w, p: {
                **FINE,
                "running_source": "speed",
                "run_speed_m_s": 1.6,
                "running_s": 60.0 * p.run_min + 100.0,
            },
            lambda w, p: {**FINE, "running_source": "speed", "run_speed_m_s": 1.6, "running_s": 60.0 * p.run_min * 0.6},
            lambda w, p: {**FINE, "running_s": 66.0 * p.run_min + 90.0, "longest_run_s": 66.0 * p.run_min + 90.0},
            lambda w, p: {**FINE, "running_s": 120.0 * p.run_min},
        ):
            yield live(lived, SUNDAY + timedelta(weeks=2), 1, how)[0], SUNDAY + after
        for gap_min in (20.0, 29.0, 40.0):
            runs = [s for s in lived.sessions if s.kind == "run"]
            again = [
                replace(s, activity_id=f"{s.activity_id}-2", started_at=s.started_at + timedelta(
                    seconds=(s.elapsed_s or 0.0) + 60.0 * gap_min)) for s in runs
            ]  # fmt: skip
            yield (
                replace(lived, sessions=tuple(sorted((*lived.sessions, *again), key=lambda s: s.started_at))),
                (SUNDAY + timedelta(weeks=2)),
            )


def runs_on_other_days() -> Iterator[Life]:
    """One run of a week, on a day without one: as long as the longest, in bouts like those of the hard one."""
    for weeks in (2, 3, 4, 5):
        lived = live(person(habit(40.0, 3), goal="10k"), SUNDAY, weeks, lambda w, p: dict(FINE))[0]
        start = SUNDAY + timedelta(weeks=weeks)
        free = next(p.day for p in lived.weeks[-1].planned if p.kind not in RUN_KINDS and p.day > start)
        for minutes, bout in ((50.0, 10.0), (42.0, 20.0), (38.0, 9.0)):
            done = run(free, minutes, bout, rpe=6.0, talk_test="equivocal")
            yield replace(lived, sessions=(*lived.sessions, done), last_file_day=free), start + timedelta(weeks=1)


def as_on(lived: History, day: date) -> History:
    """A life as it was on a day, before the plan of that day."""
    return replace(
        lived, sessions=tuple(s for s in lived.sessions if s.local_day <= day),
        weeks=tuple(w for w in lived.weeks if w.as_of < day), last_file_day=day,
    )  # fmt: skip


def special_sessions() -> Iterator[Life]:
    """Established runners in every week of the rotation, with a mile to run in a time and without, and the ladder's own
    last levels."""
    for weeks in range(2, 8):
        for goal, more in (("10k", {}), ("mile", {"goal_mile_s": 480.0})):
            runner = person(habit(40.0, 3), goal=goal, **more)
            fresh = live(runner, SUNDAY, weeks, lambda w, p: dict(FINE))[0]
            yield fresh, SUNDAY + timedelta(weeks=weeks)
            crash = Day(SUNDAY + timedelta(days=7 * weeks - 3), {"after_effort": "worse"})
            yield replace(fresh, days=(*fresh.days, crash)), SUNDAY + timedelta(weeks=weeks)
            timed = person(habit(40.0, 3, best_mile_s=600.0), goal=goal, **more)
            yield live(timed, SUNDAY, weeks, lambda w, p: dict(FINE))[0], SUNDAY + timedelta(weeks=weeks)
    usual = live(person(habit(67.0, 3), goal="10k"), SUNDAY, 24, lambda w, p: dict(FINE))[0]
    for weeks in range(14, 24):
        yield as_on(usual, SUNDAY + timedelta(weeks=weeks)), SUNDAY + timedelta(weeks=weeks)
    tired = dict.fromkeys(HOOPER, 6.0)
    told = live(
        person(experience="active"), SUNDAY, 14, lambda w, p: dict(FINE),
        told=lambda w, d: tired if w % 3 == 2 else dict.fromkeys(HOOPER, 2.0),
    )[0]  # fmt: skip
    for weeks in range(8, 14):
        yield as_on(told, SUNDAY + timedelta(weeks=weeks)), SUNDAY + timedelta(weeks=weeks)
    for minutes in (26.0, 27.0, 28.0):
        timed = person(habit(minutes, 3, best_mile_s=600.0), goal="mile")
        for weeks in range(2, 8):
            yield live(timed, SUNDAY, weeks, lambda w, p: dict(FINE))[0], SUNDAY + timedelta(weeks=weeks)
    sore = replace(beginner(), days=tuple(on(n, pain=3.0) for n in (17, 19)))
    yield sore, SUNDAY + timedelta(weeks=3)
    for minutes in (28.0, 31.0, 36.0):
        jogger = live(person(habit(minutes, 2, weeks=2), goal="mile"), SUNDAY, 26, lambda w, p: dict(FINE))[0]
        for weeks in range(1, 26):
            day = SUNDAY + timedelta(weeks=weeks)
            yield as_on(jogger, day), day


def beginners() -> Iterator[Life]:
    yield beginner(), SUNDAY + timedelta(weeks=3)
    yield person(habit(40.0, 3), goal="10k"), SUNDAY


def races() -> Iterator[Life]:
    for dated in (7, 14):
        uneven = sorted((*habit(60.0, 1), *habit(30.0, 2, before=1)), key=lambda s: s.local_day)
        yield person(tuple(uneven), goal="10k", goal_date=SUNDAY + timedelta(days=dated)), SUNDAY


def habits() -> Iterator[Life]:
    for per_week, minutes in ((2, 40.0), (4, 20.0), (5, 50.0)):
        yield person(habit(minutes, per_week), goal="mile"), SUNDAY
    lately_less = sorted((*habit(28.0, 3, weeks=9, before=28), *habit(24.0, 2, weeks=4)), key=lambda s: s.local_day)
    yield person(tuple(lately_less), goal="10k"), SUNDAY  # a limit cuts the usual week
    for before in (3, 4, 5):
        away = live(person(habit(40.0, 3, before=before), goal="10k"), SUNDAY, 3, lambda w, p: None)[0]
        for weeks in (1, 2, 3):
            back = live(away, SUNDAY + timedelta(weeks=3), weeks, lambda w, p: dict(FINE))[0]
            yield back, SUNDAY + timedelta(weeks=3 + weeks)
    easy = {"heart_rate_mean_bpm": 130.0, "share_above_ceiling": 0.0, "rpe": 3.0}
    runner = live(person(habit(40.0, 3, **easy), goal="10k"), SUNDAY, 3, lambda w, p: dict(easy))[0]
    yield runner, SUNDAY + timedelta(weeks=3)


def usual_weeks() -> Iterator[Life]:
    """Habits at the edge of what is one: few weeks of them, short runs, a breach, a pause, weeks that were eased."""
    for weeks in (3, 4, 5, 8, 9, 12, 20):
        yield person(habit(40.0, 3, weeks=weeks), goal="10k"), SUNDAY
    for minutes, per_week in ((20.0, 3), (26.0, 3), (38.0, 2), (80.0, 1), (40.0, 5)):
        yield person(habit(minutes, per_week), goal="10k"), SUNDAY
    broken = sorted((*habit(40.0, 2, weeks=3), *habit(30.0, 3, weeks=6, before=21)), key=lambda s: s.local_day)
    yield person(tuple(broken), goal="10k"), SUNDAY
    newest = sorted((*habit(60.0, 3, weeks=7), *habit(30.0, 3, weeks=2, before=49)), key=lambda s: s.local_day)
    yield person(tuple(newest), goal="10k"), SUNDAY
    breach = tuple(replace(s, **{k: 2.5 * getattr(s, k) for k in ("running_s", "longest_run_s", "distance_m")})
                   if n >= 33 else s for n, s in enumerate(habit(30.0, 3)))  # fmt: skip
    yield person(breach, goal="10k"), SUNDAY
    daily = tuple(run(SUNDAY - timedelta(days=n), 30.0) for n in reversed(range(56)))
    yield person(daily, goal="half"), SUNDAY
    for minutes, away in ((40.0, 36), (40.0, 45), (32.0, 0), (28.0, 0), (26.0, 0), (24.0, 0)):
        runner = person(habit(minutes, 3), goal="10k")
        lived = live(runner, SUNDAY, 3, lambda w, p: dict(FINE))[0]
        yield lived, SUNDAY + timedelta(days=21 + away)
    ill = live(
        person(habit(40.0, 3), goal="10k"), SUNDAY, 5, lambda w, p: dict(FINE), told=lambda w, d: {"ill": w in (1, 2)}
    )
    yield ill[0], SUNDAY + timedelta(weeks=5)
    short = {**FINE, "running_s": 2100.0, "longest_run_s": 2100.0}
    two = live(person(habit(40.0, 3), goal="10k"), SUNDAY, 11, lambda w, p: short if p.day.isoweekday() < 5 else None)
    yield two[0], SUNDAY + timedelta(weeks=11)  # a plan that fits what is done asks for less than usual
    usual = live(person(habit(40.0, 3), goal="10k"), SUNDAY, 3, lambda w, p: dict(FINE))[0]
    yield replace(usual, sessions=habit(32.0, 2, before=-21)), SUNDAY + timedelta(weeks=3)
    whole = live(person(habit(60.0, 3), goal="10k"), SUNDAY, 8, lambda w, p: dict(FINE))[0]
    for bad in (3, 4, 5):  # weeks of which half was run
        since = SUNDAY + timedelta(weeks=8 - bad)
        half = (replace(s, running_s=0.5 * (s.running_s or 0.0)) if s.local_day > since else s for s in whole.sessions)
        yield replace(whole, sessions=tuple(half)), SUNDAY + timedelta(weeks=8)
    every_other = [s for n, s in enumerate(habit(40.0, 3, weeks=16, before=-21)) if n // 3 % 2 or n % 3 == 0]
    yield replace(usual, sessions=tuple(every_other)), SUNDAY + timedelta(weeks=3)


def pauses_of_every_length() -> Iterator[Life]:
    for days_ago in (10, 14, 22, 30, 36, 60, 90, 120, 200, 300, 450, 600):
        yield person(habit(40.0, 3, before=days_ago), goal="mile"), SUNDAY
        yield person((*habit(50.0, 3, before=days_ago), *habit(10.0, 2, weeks=1)), goal="mile"), SUNDAY
    for share in (0.3, 0.5, 0.65, 0.75):
        part = live(
            person(experience="active"), SUNDAY, 4, lambda w, p, s=share: {**FINE, "running_s": 60.0 * s * p.run_min}
        )
        yield part[0], SUNDAY + timedelta(weeks=4)
        yield part[0], SUNDAY + timedelta(weeks=2)
    for rates in (3, 5, 8):  # easy runs with a heart rate
        easy = {"heart_rate_mean_bpm": 130.0, "rpe": 3.0}
        runs = habit(40.0, 3, best_mile_s=600.0)
        yield person((*runs[:-rates], *(replace(s, **easy) for s in runs[-rates:])), goal="mile"), SUNDAY
    yield person(habit(40.0, 3), (on(-5, weight_kg=80.0), on(-1, pain=1.0)), goal="mile"), SUNDAY
    faster = [replace(s, run_speed_m_s=2.0 + 0.02 * n) for n, s in enumerate(habit(30.0, 3))]
    yield person(tuple(faster), goal="mile"), SUNDAY


def runs_before_the_first_plan() -> Iterator[Life]:
    for n in (1, 2, 3, 4, 5, 6, 7):
        yield person(tuple(run(SUNDAY - timedelta(days=3 * k), 20.0 + k) for k in range(n, 0, -1)), goal="mile"), SUNDAY
    for before in (11, 9):
        season = [run(SUNDAY - timedelta(days=35 + 5 * k), 30.0) for k in range(before, 0, -1)]
        season += [run(SUNDAY - timedelta(days=6 * k), 25.0) for k in range(3, 0, -1)]
        yield person(tuple(season), goal="mile"), SUNDAY
    for weeks in (2, 8):
        later = live(person(experience="active"), SUNDAY, weeks, lambda w, p: dict(FINE))[0]
        found = sorted((*habit(40.0, 3), *later.sessions), key=lambda s: s.local_day)
        yield replace(later, sessions=tuple(found)), SUNDAY + timedelta(weeks=weeks, days=1)


def walkers() -> Iterator[Life]:
    after = SUNDAY + timedelta(weeks=3)
    for said in (
        {"rpe": 4.0},
        {"rpe": 5.0},
        {"moving_s": 900.0, "elapsed_s": 900.0},
        {"rpe": 3.0},
    ):
        yield live(person(experience="walker"), SUNDAY, 3, lambda w, p, s=said: dict(s))[0], after
    for minutes in (10.0, 14.0, 16.0):
        walks = tuple(walk(SUNDAY - timedelta(days=n), minutes) for n in (12, 9, 6, 3))
        yield person(walks, experience="walker"), SUNDAY
        jogs = live(person(experience="walker"), SUNDAY, 1, lambda w, p: None)[0]
        ran = tuple(run(SUNDAY + timedelta(days=n), minutes - 10.0) for n in (2, 4, 6))
        yield replace(jogs, sessions=ran, last_file_day=ran[-1].local_day), SUNDAY + timedelta(weeks=1)
    away = beginner()
    yield replace(away, sessions=away.sessions[:2]), after
    for day in (1, 2, 3):
        began = live(person(experience="active"), SUNDAY + timedelta(days=day), 2, lambda w, p: None)[0]
        yield began, SUNDAY + timedelta(weeks=3)


def other_sports() -> Iterator[Life]:
    for minutes, load in ((80.0, 20.0), (100.0, 20.0), (50.0, 55.0), (50.0, 70.0), (50.0, 110.0), (50.0, 150.0)):
        ride = replace(walk(SUNDAY, minutes), activity_id="ride", kind="other", sport="cycling", load=load)
        yield replace(beginner(), sessions=(*beginner().sessions, replace(
            ride, local_day=SUNDAY + timedelta(weeks=3), started_at=ride.started_at + timedelta(weeks=3)))
        ), SUNDAY + timedelta(weeks=3)  # fmt: skip
    for weeks, facts in (
        (5, {}),
        (7, {}),
        (7, {"birth_year": SUNDAY.year - 67}),
        (7, {"birth_year": SUNDAY.year - 63}),
    ):
        known = live(person(habit(40.0, 3), goal="10k", **facts), SUNDAY, weeks, lambda w, p: dict(FINE))[0]
        yield known, SUNDAY + timedelta(weeks=weeks)
    ill = live(
        person(habit(40.0, 3), goal="10k"), SUNDAY, 7, lambda w, p: dict(FINE),
        told=lambda w, d: {"ill": w == 3 and d.isoweekday() == 3},
    )  # fmt: skip
    yield ill[0], SUNDAY + timedelta(weeks=7)
    for weeks in (6, 10, 14):
        runner = live(person(habit(40.0, 3), goal="10k"), SUNDAY, weeks, lambda w, p: dict(FINE))[0]
        uphill = (p.day for w in runner.weeks for p in w.planned if p.kind == "hills")
        yield replace(runner, days=tuple(Day(day, {"pain": 4.0}) for day in uphill)), SUNDAY + timedelta(weeks=weeks)


def laid_out() -> Iterator[Life]:
    """Weeks that a limit cuts, with few or many runs, with a pack, sand and a test, on days that suit somebody."""
    owns = {"equipment": ("backpack", "sand"), "weight_kg": 70.0}
    for packed, weeks in ((None, 1), (None, 3), (3.5, 3), (3.5, 5), (10.0, 5)):
        runner = person(habit(50.0, 4), goal="mile", **owns)
        lived = live(runner, SUNDAY, weeks, lambda w, p, kg=packed: {**FINE, "pack_kg": kg})[0]
        yield lived, SUNDAY + timedelta(weeks=weeks)
    runner = person(habit(50.0, 4), goal="mile", **owns)
    for away in (0, 5):  # weeks without a run before the last four; the last week but one may hurt
        carried = live(
            runner, SUNDAY, 9 + away, lambda w, p, n=away: None if 4 <= w < 4 + n else {**FINE, "pack_kg": 3.5},
            told=lambda w, d: {"pain": 4.0 if w == 7 and d.isoweekday() == 3 else 0.0},
        )[0]  # fmt: skip
        for weeks in range(4, 10):
            day = SUNDAY + timedelta(weeks=weeks + away)
            yield as_on(carried, day), day
        less = [replace(s, pack_kg=None) if s.local_day > SUNDAY + timedelta(weeks=3) else s for s in carried.sessions]
        yield replace(carried, sessions=tuple(less)), SUNDAY + timedelta(weeks=9 + away)
    heavier = live(runner, SUNDAY, 3, lambda w, p: {**FINE, "pack_kg": 3.5 if w < 1 else 3.9})[0]
    yield heavier, SUNDAY + timedelta(weeks=3)
    fast = live(person(habit(36.0, 3, weeks=5), goal="mile"), SUNDAY, 6, lambda w, p: dict(FINE))[0]
    yield fast, SUNDAY + timedelta(weeks=6)
    seldom = live(
        person(habit(40.0, 4), goal="10k"), SUNDAY, 5, lambda w, p: None if p.day.isoweekday() > 5 else dict(FINE)
    )  # fmt: skip
    yield seldom[0], SUNDAY + timedelta(weeks=5)
    less = sorted((*habit(25.0, 4, weeks=9, before=28), *habit(22.0, 2, weeks=4)), key=lambda s: s.local_day)
    yield person(tuple(less), goal="10k"), SUNDAY
    for long, short, others in ((40.0, 8.0, 3), (60.0, 10.0, 2), (30.0, 25.0, 4), (24.0, 6.0, 2), (90.0, 15.0, 4)):
        runs = sorted((*habit(long, 1), *habit(short, others, before=1)), key=lambda s: s.local_day)
        for back in (0, 21, 35):
            yield person(tuple(s for s in runs if s.local_day < SUNDAY - timedelta(days=back)), goal="10k"), SUNDAY
        yield person(tuple(runs[-6:]), goal="mile"), SUNDAY
        yield person(tuple(runs), goal="10k", days_free=(2, 6)), SUNDAY


def weeks_under_way() -> Iterator[Life]:
    """A week of three runs in which something happens on a day."""
    runner = person(habit(40.0, 3), goal="10k")
    lived = live(runner, SUNDAY, 2, lambda w, p: dict(FINE))[0]
    start = SUNDAY + timedelta(weeks=2)
    first, second, *_ = (p.day for p in lived.weeks[-1].planned if p.kind in RUN_KINDS)
    done = replace(lived, sessions=(*lived.sessions, run(first, 40.0, rpe=9.0)), last_file_day=first)
    yield done, first
    far = replace(lived, sessions=(*lived.sessions, run(first, 90.0)), last_file_day=first)
    yield far, first
    for day in (first - timedelta(days=1), first):
        yield replace(lived, days=(*lived.days, Day(day, {"ill": True}))), day
    sore = tuple(Day(start + timedelta(days=n), {"pain": 3.0}) for n in (0, 1))
    yield replace(lived, days=(*lived.days, *sore)), start + timedelta(days=1)
    ride = replace(walk(second - timedelta(days=1), 120.0), activity_id="ride", kind="other", sport="cycling")
    daily = replace(lived, athlete=replace(lived.athlete, base=replace(lived.athlete.base, days_free=(2, 4, 6))))
    for rider in (lived, daily):
        yield replace(rider, sessions=(*rider.sessions, ride), last_file_day=ride.local_day), ride.local_day
    new = live(person(habit(35.0, 3, weeks=2), goal="mile"), SUNDAY, 0)[0]
    long = next(p.day for p in new.weeks[-1].planned if p.kind in RUN_KINDS)
    yield replace(new, last_file_day=long + timedelta(days=1)), long + timedelta(days=1)
    found = replace(live(person(experience="active"), SUNDAY, 0)[0], sessions=habit(30.0, 3))
    for days in (1, 2, 3):
        yield replace(found, last_file_day=SUNDAY), SUNDAY + timedelta(days=days)


LIVES: dict[type, tuple[Callable[[], Iterator[Life]], ...]] = {
    Earning: (hard_and_easy_runs,),
    Effort: (hard_and_easy_runs,),
    Tiredness: (tired_mornings,),
    Pain: (pains,),
    Breaks: (pauses_and_stops,),
    Limits: (who_needs_care,),
    Volume: (races, habits),
    Established: (habits,),
    Habit: (usual_weeks,),
    Lately: (pauses_of_every_length,),
    Entering: (runs_before_the_first_plan,),
    Walking: (walkers, pains),
    Beside: (other_sports,),
    Files: (minutes_that_wait,),
    Layout: (laid_out, habits, special_sessions, beginners),
    Workouts: (beginners, special_sessions),
    Matching: (doubtful_sessions, runs_on_other_days, pauses_of_every_length),
    Goals: (goal_days,),
    Easing: (weeks_under_way,),
    Comfort: (sessions_of_every_feeling,),
    Notes: (notes_of_every_kind,),
}
"""In whose weeks the numbers of a group are looked for first; where nobody's follows, everybody's are."""


@cache
def lived(kind: Callable[[], Iterator[Life]]) -> tuple[tuple[History, date, str], ...]:
    """Lives of a kind, each with the week that the numbers in force give."""
    return tuple((history, day, followed(kind)(history, day, IN_FORCE)) for history, day in kind())


def followed(kind: Callable[[], Iterator[Life]]) -> Callable[[History, date, Parameters], str]:
    """What is looked at in lives of a kind: the week of a plan, what becomes of one that is under way, or
    which planned session a run is taken for."""
    return {
        weeks_under_way: eased,
        notes_of_every_kind: noted,
        minutes_that_wait: confirmed,
        beginners: eased_and_cut,
        runs_on_other_days: recognised,
    }.get(kind, planned)


@cache
def as_in_force() -> list[bytes]:
    return decided(IN_FORCE)


@pytest.mark.parametrize(("group", "name"), NUMBERS)
def test_something_follows_every_number_of_the_policy(group, name):
    changed = [replace(IN_FORCE, **{name: other}) for other in others(getattr(IN_FORCE, name))]
    if any(decided(p) != as_in_force() for p in changed):
        return
    kinds = dict.fromkeys((*LIVES[group], *(kind for more in LIVES.values() for kind in more)))
    lives = ((followed(kind), *life) for kind in kinds for life in lived(kind))
    assert any(then(h, day, p) != week for then, h, day, week in lives for p in changed), (
        f"nothing follows {name}: it is dead, stands twice, or wants a life of its own in this file"
    )
