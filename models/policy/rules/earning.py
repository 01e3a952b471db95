"""What earns the next level, and what makes it wait although nothing is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models import spelled
from steadymile.models.policy import ladder
from steadymile.models.policy.draw import NO_DRAW
from steadymile.models.policy.habit import after_less, below_usual, habit_is_enough, off_ladder, unfilled
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.goals import share_done, usual_part
from steadymile.models.policy.rules.rule import FREE, Effect, Said, hold, rule
from steadymile.models.policy.state import StateArrays
from steadymile.models.spelled import capital, share, word
from steadymile.models.spelled import weeks as weeks_of
from steadymile.models.weekplan import Action


def credit_needed(s: StateArrays, p: Parameters) -> np.ndarray:
    """Credits that the next level costs: walking levels ask for walks, running levels for comfortable runs."""
    walking = np.where((s.level == 1) & (s.track != ladder.WALK), p.credit_needed_walk, p.credit_needed_w1)
    return np.where((s.level < ladder.J1) | (s.track == ladder.WALK), walking, p.credit_needed)


def _standing(s: StateArrays, p: Parameters) -> np.ndarray:
    """The level that a runner stands on: whoever comes back from a pause stands lower than what was once earned."""
    return np.minimum(s.level, s.k_last) if p.amended else s.level


ENOUGH = {
    True: "You run as much already as your goal asks for.",
    False: "No goal is set, so the plan keeps to what you run now.",
}
USUAL_FIRST = "After an easier week your usual one comes first; then it goes on."
_FURTHER = {"walk": "mile", "mile": "5k", "5k": "10k", "10k": "half"}
"""The goal to think of next."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands whose week is at a level: at the `top` of the ladder for their goal with nothing to make up
    for, given what the `goals_week` holds, with `enough` of a usual week; or new, with `walks_first`."""

    top: bool
    goals_week: bool
    enough: bool
    walks_first: bool

    @classmethod
    def of(cls, one: StateArrays, level: int, p: Parameters) -> Standing:
        """Of one athlete whose week is at `level` (-1: none, as under a stop)."""
        at = min(int(one.k_last[0]), int(one.level[0]) if level < 0 else level)
        there = int(one.level[0]) >= int(one.top[0]) and at >= int(one.level[0])
        established = bool(one.established[0])
        new = int(one.level[0]) == 1 and int(one.track[0]) != ladder.WALK
        return cls(
            top=there and not established and not bool(unfilled(one, p)[0]),
            goals_week=established and float(one.week_last_min[0]) >= p.nearly_usual * float(one.week_top_min[0]),
            enough=bool(one.established[0] & habit_is_enough(one, p)[0] & ~below_usual(one, p)[0]),
            walks_first=new and float(one.days_at_level[0]) < p.days_at_w2,
        )

    @property
    def at_goal(self) -> bool:
        """Whether the goal asks for no more than what is done."""
        return self.top or self.goals_week or self.enough


def _standing_of(said: Said) -> Standing:
    return Standing.of(said.one, said.level, said.p)


def _earned_words(said: Said) -> str:
    one, facts, standing = said.one, said.facts, _standing_of(said)
    if standing.top and said.action >= Action.HOLD:
        if not facts["goal_told"] and int(one.track[0]) == ladder.DISTANCE:
            return ENOUGH[False]
        weeks = int(facts["weeks_at_level"])
        kept = f"For {weeks} weeks you have been" if weeks > 1 else "You are"
        return f"{kept} at the level your goal asks for; the plan keeps you there."
    if said.kept_walking:
        return "Walks come first this week; what your runs have earned waits."
    credit, need = said.observed, said.threshold
    what = "easy walks" if said.walking else "comfortable runs"
    uneasy = not said.walking and (float(one.comfort[0]) < said.p.comfortable or _barely_words(said) is not None)
    uneasy = uneasy or _silent(said)
    done = "finished runs" if uneasy else f"finished, {what}"
    if credit >= need:
        if standing.walks_first:
            return f"Your {what} are done; {weeks_of(said.p.days_at_w2)} of walking come before jogging."
        if standing.enough and said.action >= Action.HOLD:
            return ENOUGH[bool(facts["goal_told"])]
        counted = f"{credit:.2g} count" if said.walking else _credits(credit)
        if said.action != Action.ADVANCE and standing.goals_week:
            return ENOUGH[bool(facts["goal_told"])]
        if said.action != Action.ADVANCE and _usual_comes(said):
            return USUAL_FIRST
        if said.action != Action.ADVANCE:
            return f"Your {done} would do for a step ({counted}, and {need:.2g} are needed), but it waits."
        return f"Your {done} earned the next step: {counted}, and {need:.2g} are needed."
    part = facts.get("done_share", 1.0)
    counts = said.p.credit_usual_share
    if part < 1.0 and counts > 0 and not said.walking:  # asking for less was tried, and less of it was done
        return (
            f"About {share_done(said):.0%} of each planned run was done lately, whatever was asked. A run of which you "
            f"do {usual_part(said)} counts {share(counts)}, if you report that it felt fine."
        )
    if (felt := facts.get("walks_felt")) and said.walking and credit <= 0:
        return (
            f"{capital(word(need))} finished, {what} lead to the next step. Yours felt like "
            f"{felt[0]:.2g} of 10, and easy is {felt[1]:g} or less, so none of them counts."
        )
    if said.walking or credit <= 0:
        none = "none counts yet" + (", for the weeks were made shorter by hand" if _too_short(said) else "")
        so_far = f"{credit:.2g} of the last 21 days count so far" if credit > 0 else none
        return f"{capital(word(need))} finished, {what} lead to the next step; {so_far}."
    return (
        f"The next step takes {need:.2g} credits, one for each finished run that felt fine; "
        f"the last 21 days earned {credit:.2g}."
    )


def _too_short(said: Said) -> bool:
    """Whether runs were done that count nothing because somebody made their week too short for its step."""
    lowered = said.facts.get("lowered")
    return lowered is not None and bool(said.facts.get("runs_7d")) and float(lowered[2]) < said.p.lowered_share


def _silent(said: Said) -> bool:
    """Where nothing said how the runs felt, having finished them is all that was counted."""
    return not said.walking and not bool(said.one.answered[0]) and not said.facts.get("effort_answers")


def _credits(value: float) -> str:
    """Credits as people count them: 1 credit, 2.5 credits."""
    text = f"{value:.2g}"
    return f"{text} credit{'' if text == '1' else 's'}"


def _earned_change(said: Said) -> str:
    standing = _standing_of(said)
    if standing.top:
        further = _FURTHER.get(said.facts["goal"])
        return f"Another goal, if you like: `steadymile athlete set goal={further}`." if further else ""
    if said.observed >= said.threshold or said.kept_walking:
        return ""
    more = int(np.ceil(said.missing - 1e-9))
    what = ("easy walk" if said.walking else "comfortable run") + ("s" if more > 1 else "")
    wait = f", and {weeks_of(said.p.days_at_w2)} of walking in all" if standing.walks_first else ""
    if (felt := said.facts.get("walks_felt")) and said.walking and said.observed <= 0:
        return f"{more} {what}: slower, so that you can chat and they feel like {felt[1]:g} of 10 at most{wait}."
    return f"{more} more {what}, finished as planned{wait}."


def _usual_comes(said: Said) -> bool:
    """Whether this week is the usual one after an easier week; one around a goal's day, or an illness, is none."""
    one = said.one
    whole = min(float(one.taper_share[0]), float(one.recovery_share[0])) >= 1.0
    well = not bool(one.ill[0] | one.after_illness[0])
    return said.p.usual_first and whole and well and bool(after_less(one, said.p)[0])


def _enough(said: Said) -> str | None:
    """An established runner whom nothing holds, and whom a step would bring no more."""
    paid = (said.observed or 0.0) >= (said.threshold or float("inf"))
    still = bool(said.one.established[0]) and said.action == Action.HOLD
    if not (paid and still):
        return None
    if _usual_comes(said):
        return USUAL_FIRST
    lately, planned = float(said.one.usual_week_min[0]), float(said.one.week_last_min[0])
    most = max(lately, float(said.one.week_best_min[0]))  # of who runs more from week to week the middle lies lower
    if not bool(habit_is_enough(said.one, said.p)[0]) and most < said.p.nearly_usual * planned < np.inf:
        return f"Lately you ran about {lately:.0f} min a week, less than was planned: it grows once its weeks are run."
    return ENOUGH[bool(said.facts["goal_told"])]


def _single_steps(said: Said) -> bool:
    """Where two steps at once cannot come, however easy it felt: while walking, and from half an hour of running on."""
    return said.walking or int(_standing(said.one, said.p)[0]) >= ladder.M7


def _one_step_words(said: Said) -> str | None:
    if _single_steps(said):
        return "At this level the plan goes up one step a week at most."
    if _eased_before(said):
        return "After an easier week the plan goes up one step at most."
    if _pained(said):
        weeks = float(said.one.pain_weeks[0])
        return (
            f"One step at a time: you reported pain of {said.p.pain_persistent:g} or more in {weeks:.0f} of the last "
            "four weeks."
        )
    if bool(_bad_twice(said.one, said.p)[0]):
        times, since = f"{float(said.one.bad_times[0]):.0f}", spelled.weeks(said.p.bad_known_days)
        return f"One step at a time: pain was too strong, or worse the next morning, {times} times in {since}."
    if bool(_bad_lately(said.one, said.p)[0]) and not said.facts.get("injury_known"):
        return said.fill(
            "One step at a time: pain was above {p.pain_stop:g}, or worse the next morning, "
            f"{float(said.one.bad_days_ago[0]):.0f} days ago, so what you ran then comes again before more."
        )
    if not bool(said.one.careful[0]):
        return _barely_words(said)
    if said.facts.get("injury_known"):
        weeks = said.p.injury_known_days / 7
        return f"One step at a time: an injury of yours settled less than {weeks:.0f} weeks ago."
    if said.p.careful_cleared and said.facts.get("screening"):
        return "One step at a time: you run with a doctor's go-ahead, and your body shows what it makes of each step."
    return (
        f"One step at a time: from {said.p.careful_age:.0f} years on, or with a body-mass index of "
        f"{said.p.careful_bmi:.0f} or more, beginners are injured more often."
    )


def _barely_words(said: Said) -> str | None:
    """That talking was hardly possible in too many runs of the week for two steps."""
    many = float(said.facts.get("barely_7d") or 0.0)
    if many < said.p.single_barely:
        return None
    return f"One step at a time: in {many:.0f} runs of the week you could barely talk."


def _eased_before(said: Said) -> bool:
    """Whether the week before eased off, and that alone allows one step."""
    return bool(said.one.prev_back_off[0]) and said.p.single_after_easing


def _pained(said: Said) -> bool:
    """Whether weeks of pain allow one step only."""
    return float(said.one.pain_weeks[0]) >= said.p.single_pain_weeks


def _bad_twice(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether pain that a run should not have came in two weeks of twelve or more, which allow one step only."""
    return np.asarray(np.isfinite(p.bad_times) & (s.bad_times >= 2.0))


def _bad_lately(s: StateArrays, p: Parameters) -> np.ndarray:
    """Whether such pain came so lately that what was run then has to come again before more does."""
    return np.asarray(s.bad_days_ago < p.single_bad_days)


def _known_single(said: Said) -> bool:
    """Whether something other than how it felt allows one step only."""
    return (
        _single_steps(said)
        or bool((_bad_twice(said.one, said.p) | _bad_lately(said.one, said.p))[0])
        or _eased_before(said)
        or _pained(said)
        or bool(said.one.careful[0])
    )


def _one_step_change(said: Said) -> str | None:
    if _known_single(said):
        return ""
    slower = "Runs in which you speak in full sentences: go slower, and walk whenever talking gets hard."
    return slower if _barely_words(said) else None


def _one_step_aside(said: Said) -> bool:
    """Two steps held back although it felt easy: comfort is not why."""
    return _known_single(said) or not said.observed <= said.threshold


@rule(
    evidence="practice",
    window="sessions of the last 21 days at this level",
    short="credits {observed:.2g} of {threshold:.2g}",
    says="Your finished, comfortable sessions earned {observed:.2g} of the {threshold:.2g} credits that the next "
    "level asks for.",
    near="",
    change="Credits come from finished, comfortable sessions: {missing:.2g} more would earn the next level.",
    worse=-1,
    place=400,
    sessions="credit",
    progress=True,
    learned="advance",
    speaks=_earned_words,
    undo=_earned_change,
    aside=lambda said: _standing_of(said).top,
    unhindered=_enough,
)
def earned(s: StateArrays, p: Parameters) -> Effect:
    """Advance when enough comfortable sessions were completed at this level; otherwise hold."""
    need = credit_needed(s, p)
    settled = (s.level != 1) | (s.track == ladder.WALK) | (s.days_at_level >= p.days_at_w2)
    more = s.level < s.top
    if p.amended:
        habit = off_ladder(s, np.minimum(s.level, s.k_last), p)
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
    short="one step a week",
    says="One step at a time: two at once needs sessions that felt clearly easy, low fatigue and answers that show it.",
    change="Easy sessions with answers (effort, talking) and low fatigue allow two steps at once.",
    place=500,
    progress=True,
    modest=True,
    learned="two steps",
    speaks=_one_step_words,
    undo=_one_step_change,
    aside=_one_step_aside,
)
def one_step(s: StateArrays, p: Parameters) -> Effect:
    """At most one level a week unless the sessions are known to have felt fine and the body to be fresh."""
    hard = s.gate | (s.comfort < p.fast_comfort) | (s.fat_upper > p.fast_fatigue) | (s.coverage <= 0.0)
    if p.amended:
        hard = hard | ~s.answered
    if np.isfinite(p.careful_age):
        hard = hard | s.careful
    if p.single_after_easing:
        hard = hard | s.prev_back_off
    hard = hard | (s.pain_weeks >= p.single_pain_weeks) | _bad_twice(s, p) | _bad_lately(s, p)
    outside = (s.level < ladder.J1) | (_standing(s, p) >= ladder.M7) | (s.track == ladder.WALK)
    return Effect(hard | outside, Action.ADVANCE, 1, observed=s.comfort, threshold=p.fast_comfort)


def _drawn_words(said: Said) -> str | None:
    return None if said.observed else "This week stays where it is by the draw that you asked for."


@rule(
    since=3,
    evidence="practice",
    window="this week",
    short="a drawn step",
    says="One step, not two, by the draw that you asked for.",
    change="No draws: `steadymile athlete set randomise=0`.",
    place=395,
    unasked=True,
    speaks=_drawn_words,
)
def drawn(s: StateArrays, p: Parameters) -> Effect:
    """A draw among the steps that everything else allows takes the same or less (models/policy/draw.py)."""
    still = s.drawn_steps <= 0
    return Effect(
        s.drawn_steps < NO_DRAW,
        np.where(still, Action.HOLD, Action.ADVANCE),
        s.drawn_steps,
        np.where(still, 0, FREE),
        gain=np.where(still, 1.0, float(FREE)),
        observed=s.drawn_steps.astype(np.float64),
    )


def _level_words(said: Said) -> str | None:
    if not bool(said.one.established[0]):
        return None
    return f"{said.observed:.0f} weeks in a row went up; this one does not, so that legs and tendons can follow."


@rule(
    group="earned",
    evidence="practice",
    window="last weeks",
    short="three advances in a row",
    says="{observed:.0f} weeks in a row went up; this one stays level so that legs and tendons can follow.",
    change="One level week; then the ladder goes on.",
    worse=1,
    place=315,
    speaks=_level_words,
)
def consolidate(s: StateArrays, p: Parameters) -> Effect:
    """After three advances in a row, from M2 on, one week of holding."""
    far = (_standing(s, p) >= p.consecutive_from) | (s.established & p.established_short)
    fired = far & (s.consecutive_advances >= p.consecutive_advances)
    return hold(fired, s.consecutive_advances, p.consecutive_advances)


@rule(
    group="earned",
    evidence="moderate",
    window="last 7 days",
    short="more than its limit",
    says="A session or week went well beyond its limit, so the body gets time to catch up before more.",
    change="A week within its limits.",
    place=310,
    sessions="session",
)
def too_much(s: StateArrays, p: Parameters) -> Effect:
    """No advance after a spike: single long runs far above the recent longest raise injuries (Frandsen 2025)."""
    return hold(s.overshoot)
