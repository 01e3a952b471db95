"""What stops running, and the one door back."""

from __future__ import annotations

from datetime import date

import numpy as np
from steadymile.models.physiology.symptoms import INJURY, REFERRALS
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.rule import FREE, Effect, Said, hold, rule
from steadymile.models.policy.state import StateArrays
from steadymile.models.spelled import days
from steadymile.models.weekplan import Action

INJURED = 1 + list(REFERRALS).index(INJURY)


def _stop_words(said: Said) -> str | None:
    injured = bool(said.one.injured[0])
    if injured and not bool(said.one.red_flag[0]):
        strong = said.observed > said.p.pain_stop
        pain = f" ({said.observed:.0f} out of 10)" if strong else ""
        return f"You reported strong pain{pain}. No running until it has settled."
    if int(said.one.referral[0]) and not (injured and int(said.one.referral[0]) == INJURED):
        why = tuple(REFERRALS.values())[int(said.one.referral[0]) - 1]
        return f"Your answers show {said.fill(why)}. No running until a doctor or physiotherapist has looked at it."
    if bool(said.one.red_flag[0]) and said.facts.get("sign_withdrawn"):
        on = date.fromisoformat(said.facts["sign_on"])
        return (
            f"What was reported for {on.day} {on:%B}, and stopped running, was taken back. A plan that a warning sign "
            "has stopped waits all the same until a doctor or physiotherapist has agreed to running."
        )
    if bool(said.one.red_flag[0]):
        return "You reported a warning sign. No running until a doctor or physiotherapist has cleared it."
    if said.observed > said.p.pain_stop or said.facts.get("hurt_on"):
        pain = f"({said.observed:.0f} out of 10)"
        if not said.observed > said.p.pain_stop:
            on = date.fromisoformat(said.facts["hurt_on"])
            pain = f"on {on.day} {on:%B}"
        so_far = "; one has been so far" if said.facts.get("calm_days") == 1 else ""
        two = f"{days(said.p.pain_calm_days)} with pain of {said.p.pain_block:g} or less have been reported"
        return f"You reported strong pain {pain}. No running until {two}{so_far}."
    return (
        f"You reported strong pain or a warning sign. No running until {days(said.p.pain_calm_days)} with pain of "
        f"{said.p.pain_block:g} or less have been reported, and a warning sign has been cleared."
    )


def _stop_change(said: Said) -> str | None:
    if bool(said.one.red_flag[0]):
        return "A doctor's or physiotherapist's go-ahead: `steadymile log cleared=yes`."
    if bool(said.one.injured[0]):
        return (
            f"Pain of {said.p.pain_block:g} or less on {said.p.settled_days:g} different days of seven: two are enough "
            "for the strong pain, not for the injury."
        )
    if said.observed > said.p.pain_stop or said.facts.get("hurt_on"):
        return f"Pain of {said.p.pain_block:g} or less, reported on two different days: `steadymile log pain=1`."
    return None


def _within(said: Said) -> bool:
    """A warning sign without pain: the pain is not why it stops."""
    return said.observed <= said.threshold


def _never_ran(said: Said) -> bool:
    """Whether running was not stopped but only waited for: of whoever never ran nothing could be."""
    return said.facts.get("ran_before") is False


def _restart_words(said: Said) -> str | None:
    if said.walking:
        return "The first week since running was stopped: shorter walks than before."
    if _never_ran(said):
        return "The first week of running with a go-ahead: two short runs, to see how your body takes them."
    return None


def _after_stop_words(said: Said) -> str | None:
    if _never_ran(said):
        return said.fill(
            "You have had the go-ahead for running for less than {p.stop_quiet_days} days; nothing goes up yet."
        )
    return None


@rule(
    evidence="strong",
    window="until it is cleared",
    short="stop",
    says="You reported a warning sign or strong pain ({observed:.0f} out of 10). No running until it is clear.",
    near="Pain of {observed:.0f} is close to the {threshold:.0f} above which running stops.",
    change="Pain: {p.pain_calm_days:days} with {p.pain_block:g} or less, reported. A warning sign: cleared by a "
    "doctor or physiotherapist, reported.",
    worse=1,
    place=0,
    news=True,
    speaks=_stop_words,
    undo=_stop_change,
    aside=_within,
)
def stop(s: StateArrays, p: Parameters) -> Effect:
    """Red flags and pain above 5 of 10 stop running; silence never clears them."""
    fired = s.red_flag | (s.pain > p.pain_stop)
    if p.amended:
        fired = fired | s.stop_latched
    return Effect(fired, Action.STOP, -FREE, 0, 0, 0.0, observed=s.pain, threshold=p.pain_stop)


def _injury_words(said: Said) -> str | None:
    answers = (
        f"On {said.observed:.0f} of the last seven days you reported pain of {said.p.pain_block:g} or less, and more "
        f"on none of them; {said.threshold:.0f} such days bring walks back."
        if said.observed
        else f"Walks come back once you report pain of {said.p.pain_block:g} or less on {said.threshold:.0f} days of "
        "seven, and more on none of them."
    )
    if said.facts.get("calm_by_file"):
        answers = (
            f"Files report pain of {said.p.pain_block:g} or less often enough; one answer of your own, after them, "
            "brings walks back."
        )
    if (times := int(said.facts.get("injured_again", 0))) > 1:
        return (
            f"Pain came back within {said.p.injury_known_days / 7:.0f} weeks of an injury that had settled, for the "
            f"{'second' if times == 2 else f'{times}th' if times > 3 else 'third'} time. Please run no more before a "
            f"doctor or physiotherapist has looked at it. {answers}"
        )
    if times:
        return (
            f"Pain came back within {said.p.injury_known_days / 7:.0f} weeks of an injury that had settled. Let "
            f"a doctor or physiotherapist look at it. {answers}"
        )
    return (
        "Your answers show pain that comes back worse in the morning, or stays for a week: that is an injury. Let "
        f"a doctor or physiotherapist look at it. {answers}"
    )


@rule(
    since=3,
    evidence="moderate",
    window="last seven days",
    short="injury: {observed:.0f} of {threshold:.0f} calm days",
    says="Your answers show an injury. No running until it has settled.",
    change="Pain of {p.pain_block:g} or less on {threshold:.0f} different days of seven, reported by you "
    "(`steadymile log pain=1`), none of {p.pain_persistent:g} or more and none worse the next morning: then walks come "
    "back, and after {p.settled_walk_weeks:g} such weeks running (more weeks where it came back before). Silence does "
    "not count. Or the word of a doctor or physiotherapist: `steadymile log cleared=yes`.",
    worse=-1,
    about="stop",
    place=1,
    news=True,
    speaks=_injury_words,
)
def injury(s: StateArrays, p: Parameters) -> Effect:
    """An injury stops running until answers of little pain on several days, or a professional's word, end it."""
    fired = s.injured & (s.calm_answers < p.settled_days)
    return Effect(fired, Action.STOP, -FREE, 0, 0, 0.0, observed=s.calm_answers, threshold=p.settled_days)


NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six")


def _settled_words(said: Said) -> str | None:
    weeks = int(said.observed)
    left = f"{NUMBERS[weeks - 1]} such weeks lead" if weeks > 1 else "One such week leads"
    left = f"{left} back to {'your own walks' if int(said.one.track[0]) == ladder.WALK else 'running'}"
    asked = (
        f"{left}: at least {said.p.settled_walks:g} of the walks done, and pain reported by you "
        f"on {said.p.settled_answers:g} days or more, {said.p.pain_block:g} at most."
    )
    seen = said.facts.get("walked_and_said")
    last = f" In the last seven days: {_days(seen[0])} with a walk, {_days(seen[1])} with your answer." if seen else ""
    return (
        f"Your answers show that the pain has settled, so walks come back. {asked}{last} Pain of "
        f"{said.p.pain_persistent:g} or more, or worse the next morning, stops you again; then see a doctor or "
        "physiotherapist."
    )


def _days(n: float) -> str:
    return f"{n:.0f} day{'' if n == 1 else 's'}"


@rule(
    since=3,
    evidence="weak",
    window="since it has settled",
    short="walks after an injury",
    says="The pain has settled. Walks come first, then the way back.",
    change="The walks of this week, with pain reported (`steadymile log pain=1`) and never above {p.pain_block:g}. Or "
    "the word of a doctor or physiotherapist: `steadymile log cleared=yes`.",
    about="return",
    place=15,
    worse=1,
    news=True,
    speaks=_settled_words,
)
def settled(s: StateArrays, p: Parameters) -> Effect:
    """After an injury that settled, weeks of walks without pain open running (Warden 2014)."""
    weeks = np.where(s.injured, p.settled_walk_weeks, s.walk_weeks)
    fired = s.injured | (s.walk_weeks > 0)
    return Effect(fired, Action.REBUILD, -2, 0, 3, p.walk_gain, p.hr_delta_bpm, 1, observed=weeks)


@rule(
    since=2,
    evidence="practice",
    window="since it was cleared",
    short="a walk first",
    says="The stop is cleared. First comes one walk without pain, then the way back.",
    change="A walk of the planned minutes, without pain on that day and on the two after it.",
    about="return",
    place=210,
    news=True,
)
def walk_first(s: StateArrays, p: Parameters) -> Effect:
    """After a stop, a pain-free walk opens running."""
    return Effect(s.walk_due, Action.REBUILD, -2, 0, 0, p.walk_gain, p.hr_delta_bpm, 1)


@rule(
    easing=True,
    since=2,
    evidence="practice",
    window="first week after a stop",
    short="first week after a stop",
    says="The first week of running since it was stopped for your health: it begins clearly lower than where you were.",
    change="One pain-free week.",
    about="return",
    place=215,
    speaks=_restart_words,
)
def restart(s: StateArrays, p: Parameters) -> Effect:
    """The first week after a stop or a medical hold is at least two levels below the earned one, and lower by as much
    as the next longer pause would ask for: who was told not to run comes back more carefully than after a holiday.
    From two weeks without running on nobody begins above M7, after four above J5, and a slope lies between."""
    if not p.one_door:
        return Effect(s.restart, Action.REBUILD, p.restart_levels, 0, 3, p.restart_gain, p.hr_delta_bpm)
    steps = np.full(s.n, p.restart_levels)
    for least, step in zip(p.gap_days, (*p.gap_prescribed[1:], p.gap_prescribed[-1])):
        steps = np.where(s.days_since_run >= least, np.minimum(steps, s.gap_base + step - s.level), steps)
    most = np.where(s.days_since_run >= p.restart_long_days, p.restart_level_most, FREE)
    if p.restart_slope:
        days = (p.gap_days[1], p.restart_long_days)
        slope = np.interp(s.days_since_run, days, (ladder.M7, p.restart_level_most))
        most = np.where(s.days_since_run >= days[0], np.floor(slope + 1e-9).astype(np.int64), FREE)
    return Effect(s.restart, Action.REBUILD, steps, 0, p.restart_runs, p.restart_gain, p.hr_delta_bpm, most)


@rule(
    since=2,
    evidence="practice",
    window="{p.stop_quiet_days} days after a stop",
    short="stopped lately",
    says="Running was stopped for your health until less than {p.stop_quiet_days} days ago; nothing goes up yet.",
    change="{p.stop_quiet_days} days since the stop was cleared.",
    about="return",
    place=340,
    speaks=_after_stop_words,
    explains_silence=True,
)
def after_stop(s: StateArrays, p: Parameters) -> Effect:
    """No advance for 14 days after a stop."""
    return hold(s.stop_recent)


@rule(
    since=2,
    evidence="strong",
    window="your answers",
    short="a doctor first",
    says="You answered yes to a health question. Please ask a doctor before running; until then the plan is walking.",
    change="A doctor's go-ahead: `steadymile athlete set cleared=yes`.",
    place=5,
    news=True,
)
def clearance(s: StateArrays, p: Parameters) -> Effect:
    """Known disease, symptoms or pregnancy: medical clearance before any running level (ACSM screening)."""
    return Effect(s.needs_clearance, Action.HOLD, 0, FREE, 3, 1.0, 0.0, 1)
