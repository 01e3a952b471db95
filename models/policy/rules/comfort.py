"""Sessions that felt too hard."""

from __future__ import annotations

from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.rule import Effect, Said, back_off, hold, rule
from steadymile.models.policy.state import StateArrays


def lowest(said: Said) -> bool:
    """Whether there is no step below the walks of this week."""
    return said.walking and said.level == 0 and said.facts.get("level_shown") == "W1"


def _nothing_lower(said: Said) -> str | None:
    if not lowest(said):
        return None
    return (
        "Even the shortest walks felt too hard. Walk as slowly as you like, or rest, and please let a doctor look "
        "at it: walking for a quarter of an hour should be easy."
    )


@rule(
    easing=True,
    evidence="moderate",
    window="last 7 days",
    short="comfort {observed:.2f}",
    says="The last sessions felt too hard (comfort {observed:.2f} of 1), so this week takes a step down.",
    near="The last sessions were close to too hard (comfort {observed:.2f}; {threshold:.2f} takes a step down).",
    change="Sessions in which you can talk in full sentences: comfort above {threshold:.2f}.",
    worse=-1,
    about="effort",
    place=115,
    sessions="comfort",
    news=True,
    learned="step down",
    speaks=_nothing_lower,
)
def uncomfortable(s: StateArrays, p: Parameters) -> Effect:
    """Sessions far beyond comfort lower the week and the level."""
    return back_off(s.comfort <= p.uncomfortable, p, -1, s.comfort, p.uncomfortable)


def _too_hard_words(said: Said) -> str | None:
    if lowest(said):
        return _nothing_lower(said)
    if said.observed >= said.threshold:
        return None
    times = f"{float(said.one.no_talk[0]):.0f} sessions"
    return f"In {times} of the week you could not talk, so this week is easier."


def _walked(said: Said) -> bool:
    """Whether the sessions spoken of were walks: the week to come may hold walks because runs felt too hard."""
    return said.walking and not said.facts.get("runs_7d")


def _walks_or_runs(said: Said) -> str | None:
    return "Slower walks: a walk should leave you able to chat." if _walked(said) else None


def _no_talk(said: Said) -> bool:
    """It was talking, not the effort, that spoke."""
    return said.observed < said.threshold


@rule(
    easing=True,
    since=3,
    evidence="moderate",
    window="last 7 days",
    short="effort {observed:.0f}",
    says="The week's sessions felt very hard (effort {observed:.0f} of 10; {threshold:.0f} takes a step down), so this "
    "week is easier.",
    near="The week's sessions felt hard (effort {observed:.0f} of 10; {threshold:.0f} takes a step down).",
    change="Slower runs, in which you can talk in full sentences: effort of 3 or 4 of 10.",
    worse=1,
    about="effort",
    place=135,
    news=True,
    speaks=_too_hard_words,
    undo=_walks_or_runs,
    aside=_no_talk,
)
def too_hard(s: StateArrays, p: Parameters) -> Effect:
    """Very hard sessions lower the week and the level, finished or not (Ekkekakis 2011)."""
    fired = (s.effort_mean >= p.hard_week_effort) | (s.no_talk >= p.hard_week_talk)
    return back_off(fired, p, -1, s.effort_mean, p.hard_week_effort)


def _hard_walks(said: Said) -> str | None:
    if not _walked(said):
        return None
    return said.fill(
        "The week's sessions felt hard (effort {observed:.0f} of 10 on average), so nothing goes up. A walk should "
        "leave you able to chat: go slower, and mention it to a doctor if walking stays this hard."
    )


def _slower_walks(said: Said) -> str | None:
    return said.fill("Walks with an effort below {threshold:.0f} of 10.") if _walked(said) else None


@rule(
    since=3,
    evidence="moderate",
    window="last 7 days",
    short="effort {observed:.0f}",
    says="The week's sessions felt hard (effort {observed:.0f} of 10 on average), so nothing goes up. Running should "
    "feel like 3 or 4: go slower, and walk whenever talking gets hard.",
    near="The week's sessions felt rather hard (effort {observed:.0f} of 10; from {threshold:.0f} on nothing goes up).",
    change="Slower runs, with an effort below {threshold:.0f} of 10.",
    worse=1,
    about="effort",
    place=303,
    speaks=_hard_walks,
    undo=_slower_walks,
)
def hard_week(s: StateArrays, p: Parameters) -> Effect:
    """A week that felt hard leads no further: what is next would feel harder still (Ekkekakis 2011)."""
    return hold(s.effort_mean >= p.hold_effort, s.effort_mean, p.hold_effort)


@rule(
    easing=True,
    since=3,
    evidence="practice",
    window="last weeks",
    short="{observed:.0f} hard weeks",
    says="Running has felt hard for {threshold:.0f} weeks in a row although nothing went up, so this week takes "
    "a step down. If running stays this hard, mention it to a doctor.",
    change="A week with an effort below {p.hold_effort:.0f} of 10.",
    worse=1,
    about="effort",
    place=138,
    sessions="comfort",
)
def hard_weeks(s: StateArrays, p: Parameters) -> Effect:
    """A step that goes on feeling hard although it was held and eased is the wrong step."""
    fired = (s.effort_mean >= p.hold_effort) & (s.comfort_holds >= p.hard_weeks)
    return back_off(fired, p, -1, s.comfort_holds, p.hard_weeks)


@rule(
    easing=True,
    since=3,
    evidence="practice",
    window="last 7 days",
    short="effort {observed:.0f} for a few minutes",
    says="An effort of {observed:.0f} of 10 is out of proportion to so little running. Please mention it to a doctor, "
    "and slow down to a walk whenever it feels hard.",
    change="Sessions that feel easier than {threshold:.0f} of 10.",
    worse=1,
    about="effort",
    place=140,
    news=True,
)
def out_of_proportion(s: StateArrays, p: Parameters) -> Effect:
    """Maximal effort for a few minutes of jogging may be a sign of the heart or lungs, not of fitness."""
    little = (s.level >= ladder.J1) & (ladder.RUN_MIN[s.track, s.level] <= p.out_of_proportion_min)
    fired = little & (s.track != ladder.WALK) & (s.effort_mean >= p.out_of_proportion_effort)
    return back_off(fired, p, -1, s.effort_mean, p.out_of_proportion_effort)
