"""The rules: each one idea, a pure monotone function of the state. The week is the lowest of what they ask.

Adding a rule is writing one decorated function here. A rule gives an `Effect` (arrays over athletes, or scalars),
and carries the facts from which explanations are made, so that what is said can never differ from what was done.
Worse signals may only lower what a rule asks for (property-tested in tests/models/policy/test_invariants.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import other_min
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.state import StateArrays
from steadymile.models.weekplan import Action

FREE = 99
ENOUGH_WITHIN_MIN = 0.5  # plans are told in half minutes


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule asks for where it `fired`.

    `prescribed` and `earned` are steps on the ladder relative to the earned level, `sessions` runs of a full week of
    three, `gain` factor on climbing, `hr_bpm` change of the heart-rate ceiling, `level_most` an absolute ceiling.
    `observed` against `threshold` is the evidence.
    """

    fired: Any
    action: Any
    prescribed: Any = FREE
    earned: Any = FREE
    sessions: Any = FREE
    gain: Any = float(FREE)
    hr_bpm: Any = 0.0
    level_most: Any = FREE
    observed: Any = np.nan
    threshold: Any = np.nan


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and its words. `group` is its name in version 1; `gap` rules lower once per gap; `temporary` rules lower
    the week but not, alone, the level; `worse` is +1 where a higher observation is worse, -1 where a lower is,
    0 for yes-or-no facts; `easing` rules step down from the week before, even where more was earned. `says` when
    fired, `near` when it nearly did, `change` what would undo it."""

    id: str
    effect: Callable[[StateArrays, Parameters], Effect]
    group: str
    evidence: str
    window: str
    says: str
    change: str
    near: str
    worse: int
    gap: bool
    temporary: bool
    easing: bool
    since: int


_RULES: list[Rule] = []


def rule(
    *,
    evidence: str,
    window: str,
    says: str,
    change: str,
    near: str = "",
    worse: int = 0,
    group: str | None = None,
    gap: bool = False,
    temporary: bool = False,
    easing: bool = False,
    since: int = 1,
) -> Callable[[Callable[[StateArrays, Parameters], Effect]], Callable[[StateArrays, Parameters], Effect]]:
    """Register the decorated function as a rule under its own name."""

    def register(
        function: Callable[[StateArrays, Parameters], Effect],
    ) -> Callable[[StateArrays, Parameters], Effect]:
        name = function.__name__
        _RULES.append(
            Rule(
                name,
                function,
                group or name,
                evidence,
                window,
                says,
                change,
                near,
                worse,
                gap,
                temporary,
                easing,
                since,
            )
        )
        return function

    return register


def credit_needed(s: StateArrays, p: Parameters) -> np.ndarray:
    """Credits that the next level costs: walking levels ask for walks, running levels for comfortable runs."""
    walking = np.where((s.level == 1) & (s.track != ladder.WALK), p.credit_needed_walk, p.credit_needed_w1)
    return np.where((s.level < ladder.J1) | (s.track == ladder.WALK), walking, p.credit_needed)


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
    run = ladder.RUN_MIN[s.track, s.k_last]
    other = other_min(run, ladder.OTHER_MIN[s.track, s.k_last], p)
    whole = run + np.maximum(np.minimum(ladder.SESSIONS[s.track, s.k_last], s.max_runs) - 1.0, 0.0) * other
    return np.asarray((s.run_last_min < p.nearly_usual * run) | (s.week_last_min < p.nearly_usual * whole))


def below_usual(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether an established runner was asked for clearly less than the usual week last, after missed or eased ones."""
    return np.asarray(s.week_last_min < p.nearly_usual * usual_week_min(s))


def habit_is_enough(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether an established runner's usual week already holds what the goal asks for: its long run and either the
    others too, or so much running that a somewhat shorter long run will do."""
    whole = s.usual_session_min >= p.other_top_share * s.long_top_min - ENOUGH_WITHIN_MIN
    long = s.usual_long_min >= s.long_top_min - ENOUGH_WITHIN_MIN
    nearly = s.usual_long_min >= p.long_enough_share * s.long_top_min - ENOUGH_WITHIN_MIN
    return np.asarray(((s.usual_week_min >= s.week_top_min) & nearly) | (whole & long))


@rule(
    evidence="practice",
    window="sessions of the last 21 days at this level",
    says="Your finished, comfortable sessions earned {observed:.2g} of the {threshold:.2g} credits that the next "
    "level asks for.",
    near="",
    change="Credits come from finished, comfortable sessions: {missing:.2g} more would earn the next level.",
    worse=-1,
)
def earned(s: StateArrays, p: Parameters) -> Effect:
    """Advance when enough comfortable sessions were completed at this level; otherwise hold."""
    need = credit_needed(s, p)
    settled = (s.level != 1) | (s.track == ladder.WALK) | (s.days_at_level >= p.days_at_w2)
    more = s.level < s.top
    if p.amended:
        habit = s.established & (np.minimum(s.level, s.k_last) >= ladder.M4)
        more = more | (s.k_last < s.level) | unfilled(s, p)
        more = np.where(habit, ~habit_is_enough(s, p) | below_usual(s, p), more)
    up = (s.credit >= need) & settled & more
    return Effect(
        np.ones(s.n, dtype=bool),
        np.where(up, Action.ADVANCE, Action.HOLD),
        np.where(up, 2, 0),
        np.where(up, FREE, 0),
        3,
        np.where(up, p.gain_up, 1.0),
        observed=s.credit,
        threshold=need,
    )


@rule(
    group="earned",
    evidence="weak",
    window="last 7 days",
    says="One step at a time: two at once needs sessions that felt clearly easy, low fatigue and answers that show it.",
    change="Easy sessions with answers (effort, talking) and low fatigue allow two steps at once.",
)
def one_step(s: StateArrays, p: Parameters) -> Effect:
    """At most one level a week unless the sessions are known to have felt fine and the body to be fresh."""
    hard = s.gate | (s.comfort < p.fast_comfort) | (s.fat_upper > p.fast_fatigue) | (s.coverage <= 0.0)
    if p.amended:
        hard = hard | ~s.answered
    outside = (s.level < ladder.J1) | (_standing(s, p) >= ladder.M7) | (s.track == ladder.WALK)
    return Effect(hard | outside, Action.ADVANCE, 1, observed=s.comfort, threshold=p.fast_comfort)


@rule(
    group="earned",
    evidence="weak",
    window="last 7 days against your own 8 weeks before",
    says="Signs of tiredness are up ({observed:.2f}, advancing needs {threshold:.2f} or less), so the level stays.",
    near="Your tiredness signs ({observed:.2f}) are close to the {threshold:.2f} at which the level would stay.",
    change="A rested week: the tiredness index at {threshold:.2f} or below.",
    worse=1,
)
def tired(s: StateArrays, p: Parameters) -> Effect:
    """No advance while the upper bound of the fatigue index is raised."""
    return _hold(s.fat_upper > p.fatigue_block, s.fat_upper, p.fatigue_block)


@rule(
    group="earned",
    evidence="moderate",
    window="last 7 days",
    says="You reported pain of {observed:.0f} out of 10; the level stays while it is above {threshold:.0f}.",
    near="Your pain report ({observed:.0f}) is at the limit of {threshold:.0f}.",
    change="A week with pain of {threshold:.0f} or less.",
    worse=1,
)
def sore(s: StateArrays, p: Parameters) -> Effect:
    """No advance with more than mild pain."""
    return _hold(s.pain > p.pain_block, s.pain, p.pain_block)


@rule(
    group="earned",
    evidence="moderate",
    window="last 7 days",
    says="A session or week went well beyond its limit, so the body gets time to catch up before more.",
    change="A week within its limits.",
)
def too_much(s: StateArrays, p: Parameters) -> Effect:
    """No advance after a spike: single long runs far above the recent longest raise injuries (Frandsen 2025)."""
    return _hold(s.overshoot)


@rule(
    group="earned",
    evidence="practice",
    window="last weeks",
    says="{observed:.0f} weeks in a row went up; this one stays level so that legs and tendons can follow.",
    change="One level week; then the ladder goes on.",
    worse=1,
)
def consolidate(s: StateArrays, p: Parameters) -> Effect:
    """After three advances in a row, from M2 on, one week of holding."""
    fired = (_standing(s, p) >= p.consecutive_from) & (s.consecutive_advances >= p.consecutive_advances)
    return _hold(fired, s.consecutive_advances, p.consecutive_advances)


@rule(
    since=2,
    evidence="practice",
    window="last 7 days",
    says="No session was recorded in the last 7 days, so nothing goes up.",
    change="One recorded session.",
)
def quiet_week(s: StateArrays, p: Parameters) -> Effect:
    """A week without recorded sessions never advances."""
    return _hold(s.sessions_7d <= 0)


@rule(
    evidence="strong",
    window="until it is cleared",
    says="You reported a warning sign or strong pain ({observed:.0f} out of 10). No running until it is clear.",
    near="Pain of {observed:.0f} is close to the {threshold:.0f} above which running stops.",
    change="Pain: two days with 2 or less, reported. A warning sign: cleared by a doctor or physiotherapist, reported.",
    worse=1,
)
def stop(s: StateArrays, p: Parameters) -> Effect:
    """Red flags and pain above 5 of 10 stop running; silence never clears them."""
    fired = s.red_flag | (s.pain > p.pain_stop)
    if p.amended:
        fired = fired | s.stop_latched
    return Effect(fired, Action.STOP, -FREE, 0, 0, 0.0, observed=s.pain, threshold=p.pain_stop)


@rule(
    easing=True,
    temporary=True,
    evidence="weak",
    window="last 7 days against your own 8 weeks before",
    says="Your body shows clear tiredness ({observed:.2f}; {threshold:.2f} or more asks for less), so this week "
    "eases off.",
    near="Your tiredness signs ({observed:.2f}) are close to the {threshold:.2f} that would ease the week.",
    change="The tiredness index below {threshold:.2f}.",
    worse=1,
)
def fatigue(s: StateArrays, p: Parameters) -> Effect:
    """Back off one level for a week; the earned level falls only when it happens two weeks running."""
    return _back_off(s.fat_upper >= p.fatigue_back_off, p, np.where(s.prev_back_off, -1, 0), s.fat_upper,
                     p.fatigue_back_off)  # fmt: skip


@rule(
    easing=True,
    temporary=True,
    evidence="weak",
    window="last 7 days against your own 8 weeks before",
    says="Strong tiredness ({observed:.2f}): this week is much lighter.",
    near="Your tiredness signs ({observed:.2f}) are close to the {threshold:.2f} that would cut a run.",
    change="The tiredness index below {threshold:.2f}.",
    worse=1,
)
def fatigue_high(s: StateArrays, p: Parameters) -> Effect:
    """Back off two levels and one session under strong fatigue."""
    effect = _back_off(s.fat_upper >= p.fatigue_high, p, np.where(s.prev_back_off, -1, 0), s.fat_upper, p.fatigue_high)
    return Effect(effect.fired, effect.action, -2, effect.earned, 2, effect.gain, effect.hr_bpm, FREE,
                  effect.observed, effect.threshold)  # fmt: skip


@rule(
    easing=True,
    evidence="moderate",
    window="last 7 days",
    says="Pain came back in several sessions or was worse the morning after, so this week takes a step down.",
    change="Sessions with pain below {threshold:.0f}, and no worse the next morning.",
)
def pain(s: StateArrays, p: Parameters) -> Effect:
    """Pain that persists lowers the week and the level."""
    return _back_off(s.pain_persist, p, -1, s.pain, p.pain_repeated)


@rule(
    easing=True,
    evidence="moderate",
    window="last 7 days",
    says="The last sessions felt too hard (comfort {observed:.2f} of 1), so this week takes a step down.",
    near="The last sessions were close to too hard (comfort {observed:.2f}; {threshold:.2f} takes a step down).",
    change="Sessions in which you can talk in full sentences: comfort above {threshold:.2f}.",
    worse=-1,
)
def uncomfortable(s: StateArrays, p: Parameters) -> Effect:
    """Sessions far beyond comfort lower the week and the level."""
    return _back_off(s.comfort <= p.uncomfortable, p, -1, s.comfort, p.uncomfortable)


@rule(
    easing=True,
    temporary=True,
    evidence="practice",
    window="until well again, at most 7 days",
    says="You reported being ill: this week is lighter, and no run while you have symptoms.",
    change="Word that you are well again: `steadymile log ill=no`.",
)
def illness(s: StateArrays, p: Parameters) -> Effect:
    """Illness lowers the week, not the level."""
    effect = _back_off(s.ill, p, 0)
    return Effect(effect.fired, effect.action, -1, 0, 2, effect.gain, effect.hr_bpm)


@rule(
    evidence="practice",
    window="weeks under plan",
    says="{observed:.0f} weeks in a row had less than a third of their sessions; an easier week is easier to begin.",
    near="{observed:.0f} weeks in a row had less than a third of their sessions; {threshold:.0f} take a step down.",
    change="One week with at least a third of its sessions.",
    worse=1,
)
def missed(s: StateArrays, p: Parameters) -> Effect:
    """Weeks that hardly happened make the next one easier, once."""
    step = (s.gap_base - 1 - s.level) if p.amended else -1
    return Effect(s.low_weeks >= p.missed_weeks, Action.BACK_OFF, step, step, 3, p.gain_missed,
                  observed=s.low_weeks, threshold=p.missed_weeks)  # fmt: skip


@rule(
    gap=True,
    evidence="practice",
    window="days since the last run",
    says="{observed:.0f} days since your last run: this week repeats where you were.",
    near="{observed:.0f} days since your last run; {threshold:.0f} make the week a repeat.",
    change="One recorded run.",
    worse=1,
)
def gap7(s: StateArrays, p: Parameters) -> Effect:
    """A week without running never advances."""
    return _gap(s, p, 0, Action.HOLD, 0.0)


@rule(
    gap=True,
    evidence="moderate",
    window="days since the last run",
    says="{observed:.0f} days since your last run: you come back a little below where you were.",
    near="{observed:.0f} days since your last run; {threshold:.0f} start a careful return.",
    change="Running again; the way back is quicker than the way up.",
    worse=1,
)
def gap14(s: StateArrays, p: Parameters) -> Effect:
    """Two weeks off: two levels lower this week, one level lost."""
    return _gap(s, p, 1, Action.REBUILD, p.hr_delta_bpm)


@rule(
    gap=True,
    evidence="moderate",
    window="days since the last run",
    says="{observed:.0f} days since your last run: tendons and legs have forgotten some, so the return is gentle.",
    near="{observed:.0f} days since your last run; {threshold:.0f} make the return gentler.",
    change="Running again; the way back is quicker than the way up.",
    worse=1,
)
def gap28(s: StateArrays, p: Parameters) -> Effect:
    """Four weeks off: four levels lower this week, three lost (restarting is a risk factor, van der Worp 2015)."""
    return _gap(s, p, 2, Action.REBUILD, p.hr_delta_bpm)


@rule(
    gap=True,
    evidence="moderate",
    window="days since the last run",
    says="{observed:.0f} days since your last run: we start afresh, from what is safe now.",
    near="{observed:.0f} days since your last run; {threshold:.0f} mean starting afresh.",
    change="Two pain-free walks of 15 minutes open the running levels again.",
    worse=1,
)
def gap56(s: StateArrays, p: Parameters) -> Effect:
    """Eight weeks off: eight levels lower."""
    return _gap(s, p, 3, Action.REBUILD, p.hr_delta_bpm)


@rule(
    since=2,
    evidence="practice",
    window="7 to 27 days",
    says="Nothing has arrived from your watch lately. That may be a missing sync, not a missing "
    "run, so the plan waits.",
    change="Sync the watch or drop the files.",
)
def unsynced(s: StateArrays, p: Parameters) -> Effect:
    """No file of any kind for a week or more is silence, not rest: hold."""
    return _hold(s.unsynced)


@rule(
    since=2,
    evidence="practice",
    window="the week after",
    says="You were ill until recently: one week at the same level before going on.",
    change="One normal week.",
)
def after_illness(s: StateArrays, p: Parameters) -> Effect:
    """One holding week after illness."""
    return _hold(s.after_illness)


@rule(
    since=2,
    evidence="practice",
    window="since it was cleared",
    says="The stop is cleared. First comes one walk without pain, then the way back.",
    change="A recorded walk of the planned minutes, without pain.",
)
def walk_first(s: StateArrays, p: Parameters) -> Effect:
    """After a stop, a pain-free walk opens running."""
    return Effect(s.walk_due, Action.REBUILD, -2, 0, 0, 0.3, p.hr_delta_bpm, 1)


@rule(
    easing=True,
    since=2,
    evidence="practice",
    window="first week after a stop",
    says="First running week after a stop: two levels below where you were.",
    change="One pain-free week.",
)
def restart(s: StateArrays, p: Parameters) -> Effect:
    """The first week after a stop or a medical hold is at least two levels below the earned one, and lower by as much
    as the next longer pause would ask for: who was told not to run comes back more carefully than after a holiday."""
    if not p.one_door:
        return Effect(s.restart, Action.REBUILD, p.restart_levels, 0, 3, 0.5, p.hr_delta_bpm)
    steps = np.full(s.n, p.restart_levels)
    for least, step in zip(p.gap_days, (*p.gap_prescribed[1:], p.gap_prescribed[-1])):
        steps = np.where(s.days_since_run >= least, np.minimum(steps, s.gap_base + step - s.level), steps)
    most = np.where(s.days_since_run >= p.restart_long_days, p.restart_level_most, FREE)
    return Effect(s.restart, Action.REBUILD, steps, 0, p.restart_runs, 0.5, p.hr_delta_bpm, most)


@rule(
    since=2,
    evidence="practice",
    window="14 days after a stop",
    says="Running stopped less than 14 days ago for pain or a warning sign; nothing goes up yet.",
    change="Two weeks since the stop was cleared.",
)
def after_stop(s: StateArrays, p: Parameters) -> Effect:
    """No advance for 14 days after a stop."""
    return _hold(s.stop_recent)


@rule(
    since=2,
    evidence="strong",
    window="your answers",
    says="You answered yes to a health question. Please ask a doctor before running; until then the plan is walking.",
    change="A doctor's go-ahead: `steadymile athlete set cleared=yes`.",
)
def clearance(s: StateArrays, p: Parameters) -> Effect:
    """Known disease, symptoms or pregnancy: medical clearance before any running level (ACSM screening)."""
    return Effect(s.needs_clearance, Action.HOLD, 0, FREE, 3, 1.0, 0.0, 1)


@rule(
    since=3,
    evidence="moderate",
    window="last 7 days",
    says="On {observed:.0f} of 7 days your answers were high on tiredness, soreness, stress or sleep, whatever is "
    "usual for you, so the level stays.",
    near="On {observed:.0f} of 7 days your answers were high; on {threshold:.0f} the level would stay.",
    change="A week with fewer than {threshold:.0f} such days. Three such weeks in a row are a matter for a doctor.",
    worse=1,
)
def exhausted(s: StateArrays, p: Parameters) -> Effect:
    """No advance while several answers a day are high in themselves: a baseline may have learned what is wrong."""
    return _hold(np.isfinite(p.raised_item) & (s.raised_days >= p.raised_days), s.raised_days, p.raised_days)


@rule(
    since=3,
    evidence="moderate",
    window="the weeks before your goal's day",
    says="The day of your goal is near: you run {observed:.0%} of your usual minutes, so that you arrive rested.",
    change="Another day for the goal, or none.",
)
def taper(s: StateArrays, p: Parameters) -> Effect:
    """The one or two weeks before a goal's day are shorter, not fewer runs (Bosquet 2007; Wang 2023)."""
    return _hold(s.taper_share < 1.0, s.taper_share, 1.0)


@rule(
    since=3,
    evidence="moderate",
    window="last 14 days",
    says="You felt clearly worse the day after effort, so nothing goes up for two weeks.",
    change="Two weeks without it. If it happens again within four weeks, please see a doctor before you run on.",
)
def crashed(s: StateArrays, p: Parameters) -> Effect:
    """Symptoms that get worse after effort forbid graded increases (NICE NG206)."""
    return _hold(s.crashed & np.isfinite(p.after_effort_days))


@rule(
    since=3,
    evidence="weak",
    window="last two mornings",
    says="Your resting heart rate was clearly above your usual on two mornings, so the level stays: you may be "
    "getting ill.",
    change="A morning back at your usual rate. If you feel ill, say so: `steadymile log ill=yes`.",
)
def resting_rate(s: StateArrays, p: Parameters) -> Effect:
    """A raised resting heart rate on two mornings asks whether someone is getting ill; until then nothing goes up."""
    return _hold(s.rate_raised & p.one_door)


@rule(
    easing=True,
    since=3,
    evidence="moderate",
    window="last 7 days",
    says="The week's sessions felt very hard (effort {observed:.0f} of 10; {threshold:.0f} takes a step down, and so "
    "do two sessions in which you could not talk), so this week is easier.",
    near="The week's sessions felt hard (effort {observed:.0f} of 10; {threshold:.0f} takes a step down).",
    change="Slower runs, in which you can talk in full sentences: effort of 3 or 4 of 10.",
    worse=1,
)
def too_hard(s: StateArrays, p: Parameters) -> Effect:
    """Very hard sessions lower the week and the level, finished or not (Ekkekakis 2011)."""
    fired = (s.effort_mean >= p.hard_week_effort) | (s.no_talk >= p.hard_week_talk)
    return _back_off(fired, p, -1, s.effort_mean, p.hard_week_effort)


@rule(
    easing=True,
    since=3,
    evidence="practice",
    window="last 7 days",
    says="An effort of {observed:.0f} of 10 is out of proportion to so little running. Please mention it to a doctor, "
    "and slow down to a walk whenever it feels hard.",
    change="Sessions that feel easier than {threshold:.0f} of 10.",
    worse=1,
)
def out_of_proportion(s: StateArrays, p: Parameters) -> Effect:
    """Maximal effort for a few minutes of jogging may be a sign of the heart or lungs, not of fitness."""
    little = (s.level >= ladder.J1) & (ladder.RUN_MIN[s.track, s.level] <= p.out_of_proportion_min)
    fired = little & (s.track != ladder.WALK) & (s.effort_mean >= p.out_of_proportion_effort)
    return _back_off(fired, p, -1, s.effort_mean, p.out_of_proportion_effort)


@rule(
    since=3,
    evidence="practice",
    window="the week after your goal's day",
    says="The day of your goal is behind you: this week is for recovery, with {observed:.0%} of your usual minutes.",
    change="The week after it.",
)
def recovery_week(s: StateArrays, p: Parameters) -> Effect:
    """The week after a goal's day is shorter."""
    return _hold(s.recovery_share < 1.0, s.recovery_share, 1.0)


@rule(
    since=3,
    evidence="practice",
    window="runs of the last 21 days",
    says="About {observed:.0%} of each planned run was done lately, so this week asks for that much. "
    "Finishing it earns the way up again.",
    change="Four runs finished as planned.",
)
def underdone(s: StateArrays, p: Parameters) -> Effect:
    """A plan of which half is done, again and again, is the wrong plan: the week becomes one that fits."""
    return _hold(s.fit_share < 1.0, s.fit_share, 1.0)


def _standing(s: StateArrays, p: Parameters) -> np.ndarray:
    """The level that a runner stands on: whoever comes back from a pause stands lower than what was once earned."""
    return np.minimum(s.level, s.k_last) if p.amended else s.level


def _hold(fired: Any, observed: Any = np.nan, threshold: Any = np.nan) -> Effect:
    return Effect(fired, Action.HOLD, 0, 0, 3, 1.0, 0.0, FREE, observed, threshold)


def _back_off(fired: Any, p: Parameters, earned: Any, observed: Any = np.nan, threshold: Any = np.nan) -> Effect:
    return Effect(fired, Action.BACK_OFF, -1, earned, 3, p.gain_back_off, p.hr_delta_bpm, FREE, observed, threshold)


def gap_levels(days: Any, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Levels that a pause of two weeks or more takes from the week and from what is earned: a slope, a level at a time,
    through the points of the table and on beyond its last."""
    at = (*p.gap_days[1:], *p.gap_far_days)
    prescribed = np.interp(days, at, (*p.gap_prescribed[1:], *p.gap_far))
    earned = np.interp(days, at, (*p.gap_earned[1:], *p.gap_far))
    return np.floor(prescribed + 1e-9).astype(np.int64), np.floor(earned + 1e-9).astype(np.int64)


def _gap(s: StateArrays, p: Parameters, i: int, action: Action, hr_bpm: float) -> Effect:
    base = s.gap_base if p.amended else s.level
    prescribed, earned = np.asarray(p.gap_prescribed[i]), np.asarray(p.gap_earned[i])
    if p.gap_slope and i > 0:
        last = p.gap_days[i + 1] if i + 1 < len(p.gap_days) else np.inf
        prescribed, earned = gap_levels(np.clip(s.days_since_run, p.gap_days[i], last), p)
    fired = (s.days_since_run >= p.gap_days[i]) & (s.level >= ladder.J1)
    return Effect(
        fired,
        action,
        base + prescribed - s.level,
        base + earned - s.level,
        3,
        p.gap_gain[i],
        hr_bpm,
        FREE,
        s.days_since_run,
        p.gap_days[i],
    )


RULES: tuple[Rule, ...] = tuple(_RULES)
"""The rules in force, in the order in which they are explained."""

RULES_V1: tuple[Rule, ...] = tuple(r for r in RULES if r.since == 1)
"""The frozen first version, kept as a yardstick."""
