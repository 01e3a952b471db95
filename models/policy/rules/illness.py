"""Illness, and the week after it."""

from __future__ import annotations

from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.rule import Effect, Said, back_off, hold, rule
from steadymile.models.policy.state import StateArrays


@rule(
    easing=True,
    temporary=True,
    evidence="practice",
    window="until well again, at most {p.ill_days:g} days",
    short="ill",
    says="You reported being ill: this week is lighter, and no run while you have symptoms.",
    change="Report that you are well again: `steadymile log ill=no`.",
    place=120,
    news=True,
)
def illness(s: StateArrays, p: Parameters) -> Effect:
    """Illness lowers the week, not the level."""
    effect = back_off(s.ill, p, 0)
    return Effect(effect.fired, effect.action, -1, 0, 2, effect.gain, effect.hr_bpm)


def _after_words(said: Said) -> str | None:
    if said.walking:
        return "You were ill until recently: one quiet week comes first."
    if said.level < int(said.one.k_last[0]):  # something else takes it below the level of last week
        return f"You were ill until recently: one week with {said.observed:.0%} of the usual minutes comes first."
    return None


@rule(
    since=2,
    evidence="practice",
    window="the week after",
    short="ill until recently",
    says="You were ill until recently: one week at the same level with {observed:.0%} of its minutes comes first.",
    change="One week after it.",
    about="illness",
    place=335,
    speaks=_after_words,
    explains_silence=True,
)
def after_illness(s: StateArrays, p: Parameters) -> Effect:
    """One holding week after illness."""
    return hold(s.after_illness, p.after_illness_share)
