"""All that is believed of one runner on a day, and what the learned choice would have been in each published week.

Computed afresh from the sessions, answers and weeks of the last year: nothing is remembered but what was recorded, so a
rebuild gives the same. The learned choice is a shadow: it is kept beside the policy's and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any, SupportsFloat

import numpy as np
from steadymile.models.learning import attendance, effort, recovery
from steadymile.models.learning.choice import Choice, choose, learned_rules
from steadymile.models.learning.effort import POPULATION, Z_80, Belief, EffortModel, Point, Witness
from steadymile.models.learning.kinds import ONE
from steadymile.models.physiology.comfort import talk_value
from steadymile.models.physiology.fatigue_index import FEWEST_HOOPER, HOOPER
from steadymile.models.policy import ladder
from steadymile.models.policy.decide import RULES, decide
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.parameters import IN_FORCE, Parameters, version_of
from steadymile.models.policy.state import StateArrays
from steadymile.models.policy.training.matching import MatchedSession, latest, match, monday_of
from steadymile.models.session import History
from steadymile.models.week.sessions.run_days import run_day_shares
from steadymile.models.weekplan import RUN_KINDS, Action, WeekPlan

DAYS = 400
"""How far back a runner is looked at; drift makes older sessions say nothing."""
LOGGED_WEEKS, RECENT = 26, 6
NAMES = ("mean", "cov", "answered", "misses", "scored")
STEP_NAMES = ("here", "one_up", "two_up")


@dataclass(frozen=True, slots=True)
class Learned:
    """One thing that is believed. `low` to `high` hold it with 80 %; `average` is what would be believed of an average
    beginner; `n` sessions, weeks or days it rests on; `basis` a code of what it rests on; `reason` a code of why there
    is no value."""

    name: str
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    average: float | None = None
    level: str | None = None
    n: int = 0
    basis: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """One published week's choice beside the learned one. Steps are levels from where the runner stood; `allowed` those
    that every cap and veto of the policy leaves open; `probability` with which the taken step was drawn (1: nothing was
    drawn); `hard` P(effort >= 7) and `effort` the expected effort of the longest run 0, 1 and 2 levels up."""

    week: str
    as_of: date
    level: str
    policy_step: int
    learned_step: int
    learned_action: str
    active: bool
    answered: int
    allowed: tuple[int, ...]
    probability: float
    hard: tuple[float, ...]
    effort: tuple[float, ...]


def beliefs(history: History, as_of: date, model: EffortModel = POPULATION) -> tuple[list[Learned], list[Chosen]]:
    """What is believed as of a day, and the choices of the last published weeks."""
    since = as_of - timedelta(days=DAYS)
    sessions = [s for s in history.sessions if since <= s.local_day <= as_of]
    plans = latest(history.weeks)
    matched = [m for m in match(sessions, list(plans.values())) if m.foot == "run"]
    paces = {s.activity_id: s.efficiency for s in sessions}
    known = [w for _, w in sorted(plans.items()) if w.as_of <= as_of and w.state.get("memory")]
    logged = [w for w in known if w.as_of > as_of - timedelta(weeks=LOGGED_WEEKS)]
    now, then = _followed(matched, paces, [w.as_of for w in logged], as_of, model)
    alike = groupby(logged, lambda w: version_of(w.policy_version))
    choices = [c for p, weeks in alike for c in _choices(list(weeks), then, matched, model, p)]
    out = _efforts(now, known[-1] if known else None, matched, model) + _steps(choices)
    out += _attendance(matched, plans, as_of)
    return out + _recovery(history, matched, since, as_of, model), choices


def witness(runs: Sequence[MatchedSession], efficiency: Mapping[str, float | None]) -> Witness:
    """Matched runs as the effort model sees them, one entry each: minutes asked, or done where that was more."""
    return Witness(*np.array([_witness(m, efficiency) for m in runs], dtype=np.float64).reshape(-1, 7).T)


def _witness(m: MatchedSession, efficiency: Mapping[str, float | None]) -> tuple[float, ...]:
    bout, run = m.bout_min, m.run_min
    if m.planned is not None and m.planned.kind in RUN_KINDS:
        asked = max((s.run_s for s in m.planned.steps), default=0) / 60.0
        bout, run = max(bout or 0.0, asked), max(run or 0.0, m.planned.run_min)
    finished = None if m.completion is None else float(m.completion >= IN_FORCE.complete)
    paces = [e for i in m.session.activity_ids if (e := efficiency.get(i)) is not None]
    talk = talk_value(m.session.talk, None if m.bout_min is None else m.bout_min * 60.0)
    said = (m.session.rpe, talk, finished, m.session.share_above_ceiling, min(paces, default=None))
    return tuple(np.nan if x is None else float(x) for x in (bout or None, run or None, *said))


def follow(
    runs: Sequence[MatchedSession], efficiency: Mapping[str, float | None], as_of: date, model: EffortModel = POPULATION
) -> Belief:
    """What is believed on a day from the runs up to it."""
    return _followed(runs, efficiency, [], as_of, model)[0]


def _followed(
    runs: Sequence[MatchedSession], efficiency: Mapping[str, float | None], days: Sequence[date], as_of: date,
    model: EffortModel,
) -> tuple[Belief, dict[date, Belief]]:  # fmt: skip
    """The belief on the last day, and on each of some days on the way."""
    point: Point = tuple(x.item() for x in effort.point_of(effort.population(1, model)))
    at: date | None = None
    waiting, then = sorted(set(days)), {}
    for m, *said in zip(runs, *(x.tolist() for x in effort.said_by(witness(runs, efficiency), model))):
        day = m.session.local_day
        while waiting and waiting[0] < day:
            then[waiting[0]] = effort.belief_of(_until(point, at, waiting[0], model))
            del waiting[0]
        point, at = effort.after_session(_until(point, at, day, model), tuple(said), model, ONE), day
    then |= {day: effort.belief_of(_until(point, at, day, model)) for day in waiting}
    return effort.belief_of(_until(point, at, as_of, model)), then


def _until(point: Point, at: date | None, day: date, model: EffortModel) -> Point:
    return point if at is None or day <= at else effort.after_time(point, float((day - at).days), model, ONE)


def _choices(
    weeks: Sequence[WeekPlan], then: Mapping[date, Belief], runs: Sequence[MatchedSession], model: EffortModel,
    p: Parameters,
) -> list[Chosen]:  # fmt: skip
    signals = StateArrays.of_many([w.state["signals"] for w in weeks])
    belief = _stack([then[w.as_of] for w in weeks])
    standing = np.minimum(signals.level, signals.k_last)
    said = [m.session.local_day for m in runs if (m.session.rpe, m.session.talk) != (None, None)]
    lately = np.array([_answered_lately(said, w.as_of) for w in weeks])
    choice = choose(belief, standing, signals.track, lately, signals.days_at_level / 7.0, model)
    learned = decide(signals, learned_rules(choice), p)
    most = _open(signals, standing, p)
    return [_chosen(i, w, signals, choice, learned, standing, most, belief)
            for i, w in enumerate(weeks)]  # fmt: skip


def _open(signals: StateArrays, standing: np.ndarray, p: Parameters) -> np.ndarray:
    """How many levels up the policy's caps and vetoes leave open to somebody whose sessions all went well."""
    n = signals.n
    best = replace(signals, credit=np.full(n, 99.0), comfort=np.ones(n), answered=np.ones(n, dtype=bool))
    d = decide(best, RULES, p)
    return np.where(d.action == Action.ADVANCE, np.clip(d.level - standing, 0, 2), 0)


def _chosen(
    i: int, week: WeekPlan, signals: StateArrays, choice: Choice, learned: DecisionArrays, standing: np.ndarray,
    most: np.ndarray, belief: Belief,
) -> Chosen:  # fmt: skip
    at = int(standing[i])
    policy = int(week.state["decision"]["level"])
    return Chosen(
        week=week.week,
        as_of=week.as_of,
        level=ladder.level_of(int(signals.track[i]), at).id,
        policy_step=policy - at if policy >= 0 else -at,
        learned_step=int(learned.level[i]) - at if learned.level[i] >= 0 else -at,
        learned_action=Action(int(learned.action[i])).word,
        active=bool(choice.active[i]),
        answered=int(belief.answered[i]),
        allowed=tuple(range(int(most[i]) + 1)) if week.action != Action.STOP else (),
        probability=float((week.state.get("choice") or {}).get("probability", 1.0)),
        hard=tuple(round(float(x), 4) for x in choice.hard[i]),
        effort=tuple(round(float(x), 3) for x in choice.mean[i]),
    )


def _stack(parts: Sequence[Belief]) -> Belief:
    return Belief(*(np.concatenate([getattr(b, name) for b in parts]) for name in NAMES))


def _answered_lately(said: Sequence[date], as_of: date) -> bool:
    """Whether one of the days with an answer is of the last seven."""
    return any(as_of - timedelta(days=7) < day <= as_of for day in said)


def _efforts(now: Belief, newest: WeekPlan | None, runs: Sequence[MatchedSession], model: EffortModel) -> list[Learned]:
    """Ease, and the effort of the longest run where the runner stands and one and two levels up, beside the average
    beginner's; what the last runs really felt like."""
    n = int(now.answered[0])
    sd = float(now.ease_sd[0]) * Z_80
    ease = float(now.ease[0])
    out = [Learned("ease", "effort 0-10", _r(ease), _r(ease - sd), _r(ease + sd), 0.0, n=n,
                   basis="answers" if n else "population")]  # fmt: skip
    felt = [float(m.session.rpe) for m in runs if m.session.rpe is not None][-RECENT:]
    out.append(Learned("recent_effort", "effort 0-10", _r(float(np.median(felt))), _r(min(felt)), _r(max(felt)),
                       n=len(felt), basis="answers") if felt
               else Learned("recent_effort", "effort 0-10", reason="no_answers"))  # fmt: skip
    names = [f"{what}_{step}" for step in STEP_NAMES for what in ("effort", "chance_hard")]
    units = {"effort": "effort 0-10", "chance_hard": "0-1"}
    at = None if newest is None else int(newest.state["decision"]["level"])
    track = 0 if newest is None else int(newest.state["signals"].get("track") or 0)
    if at is None or at < ladder.J1 or track == ladder.WALK:
        why = "no_plan" if at is None else "no_run_planned"
        return out + [Learned(name, units[name.rsplit("_", 2 if name.endswith("_up") else 1)[0]], reason=why)
                      for name in names]  # fmt: skip
    average = effort.population(1, model)
    for step, name in enumerate(STEP_NAMES):
        level = ladder.level_of(track, at + step)
        mine, theirs = (effort.forecast(b, level.longest_bout_min, level.run_min, model) for b in (now, average))
        about: dict[str, Any] = {"level": level.id, "n": n, "basis": "answers" if n else "population"}
        out.append(Learned(f"effort_{name}", "effort 0-10", _r(mine.mean[0]), _r(mine.low[0]), _r(mine.high[0]),
                           _r(theirs.mean[0]), **about))  # fmt: skip
        out.append(Learned(f"chance_hard_{name}", "0-1", _r(mine.hard[0]), average=_r(theirs.hard[0]), **about))
    return out


def _steps(choices: Sequence[Chosen]) -> list[Learned]:
    if not choices:
        return [Learned("step", "levels", reason="no_plan")]
    c = choices[-1]
    if not c.active:
        why = "not_calibrated" if c.answered < effort.ANSWERED_TO_CALIBRATE else "not_answered_lately_or_not_running"
        return [Learned("step", "levels", average=float(c.policy_step), level=c.level, n=c.answered, reason=why)]
    return [Learned("step", "levels", float(c.learned_step), average=float(c.policy_step), level=c.level, n=c.answered,
                    basis="shadow")]  # fmt: skip


def _attendance(runs: Sequence[MatchedSession], plans: Mapping[str, WeekPlan], as_of: date) -> list[Learned]:
    """How much of a plan is done, and how likely a run is on each weekday."""
    went, asked, weeks = 0.0, 0.0, 0
    by_week: dict[str, int] = {}
    for m in runs:
        by_week[m.week] = by_week.get(m.week, 0) + (m.planned is not None)
    for name, plan in plans.items():
        planned = sum(p.kind in RUN_KINDS and not plan.kept_out(p.day) for p in plan.planned)
        ended = monday_of(name) + timedelta(days=6)
        if planned and ended < as_of and plan.as_of <= monday_of(name):
            weight = float(attendance.faded((as_of - ended).days / 7.0))
            went += weight * min(by_week.get(name, 0), planned)
            asked += weight * planned
            weeks += 1
    s = attendance.share(went, asked)
    basis = "weeks" if weeks else "population"
    out = [Learned("plan_share", "0-1", _r(s.mean), _r(s.low), _r(s.high), attendance.share(0.0, 0.0).mean,
                   n=weeks, basis=basis)]  # fmt: skip
    days, (usual_day, *_) = run_day_shares(runs, plans, as_of), run_day_shares((), {}, as_of)
    return out + [Learned(f"run_day_{day}", "0-1", _r(x), average=usual_day, n=weeks, basis=basis)
                  for day, x in enumerate(days, 1)]  # fmt: skip


def _recovery(
    history: History, runs: Sequence[MatchedSession], since: date, as_of: date, model: EffortModel
) -> list[Learned]:  # fmt: skip
    """How long answers, resting heart rate and effort take to settle after a load."""
    count = (as_of - since).days + 1
    load = np.zeros(count)
    for s in history.sessions:
        if since <= s.local_day <= as_of and s.load is not None:
            load[(s.local_day - since).days] += s.load
    answers, rest, felt = (np.full(count, np.nan) for _ in range(3))
    for day in history.days:
        if since <= day.day <= as_of:
            i = (day.day - since).days
            items = [float(v) for k in HOOPER if isinstance(v := day.values.get(k), int | float)]
            answers[i] = sum(items) / len(items) if len(items) >= FEWEST_HOOPER else np.nan
            pulse = day.values.get("resting_heart_rate_bpm")
            rest[i] = float(pulse) if isinstance(pulse, int | float) else np.nan
    for m in runs:
        if m.session.rpe is not None and m.run_min and m.bout_min:
            expected = float(effort.difficulty(m.bout_min, m.run_min, model))
            felt[(m.session.local_day - since).days] = m.session.rpe - expected
    out = []
    enough = any(np.isfinite(x).sum() >= recovery.FEWEST for x in (answers, rest, felt))
    left = recovery.left_of(load) if enough and np.any(load > 0) else None
    for name, value in (("answers", answers), ("resting_heart_rate", rest), ("effort", felt)):
        settled = recovery.settling(load, value, left)
        out.append(Learned(f"settle_{name}", "d", _r(settled.days), _r(settled.low), _r(settled.high),
                           recovery.PRIOR_DAYS, n=settled.n, basis="days" if settled.n else "population"))  # fmt: skip
    return out


def _r(value: SupportsFloat) -> float:
    """Rounded to what may be shown: three decimals, the same on every machine."""
    return round(float(value), 3) + 0.0


def named(found: Iterable[Learned]) -> dict[str, Learned]:
    """By name."""
    return {x.name: x for x in found}
