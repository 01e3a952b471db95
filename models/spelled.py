"""Numbers of the policy as people say them: two days, four weeks."""

from __future__ import annotations

from steadymile.models.policy.parameters import Parameters

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
FRACTIONS = {1 / 4: "a quarter", 1 / 3: "a third", 1 / 2: "half", 2 / 3: "two thirds", 3 / 4: "three quarters"}
OFTEN = ("", "once", "twice", "three times", "four times")


def word(number: float) -> str:
    """A whole number up to twelve as a word, others in digits."""
    whole = round(number)
    return WORDS[whole] if 0 <= whole < len(WORDS) and abs(number - whole) < 0.5 else f"{number:g}"


def days(number: float) -> str:
    """So many days: one day, two days, 14 days."""
    return f"{word(number)} day" + ("" if round(number) == 1 else "s")


def weeks(number_of_days: float) -> str:
    """Days as whole weeks, rounded: one week, two weeks."""
    many = round(number_of_days / 7)
    return f"{word(many)} week" + ("" if many == 1 else "s")


def times(count: int, many: str = "") -> str:
    """How often, as people say it: once, twice, three times; beyond four times `many`, else in digits."""
    return OFTEN[count] if 0 < count < len(OFTEN) else many or f"{count} times"


def share(number: float) -> str:
    """A share as people say it: half, a third; others in per cent."""
    return next((said for value, said in FRACTIONS.items() if abs(number - value) < 0.005), f"{number:.0%}")


def capital(text: str) -> str:
    """Words as they begin a sentence: the mile, The mile."""
    return text[:1].upper() + text[1:]


class _Number(float):
    """A number that a format may ask for in words: `{p.ill_days:days}`, `{p.fit_runs:word}`,
    `{p.stop_quiet_days:weeks}`, `{p.missed_share:share}`."""

    def __format__(self, spec: str) -> str:
        said = {"days": days, "weeks": weeks, "word": word, "share": share}.get(spec)
        return said(self) if said else format(float(self), spec or "g")


class Spelled:
    """The numbers of a version for templates of sentences."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def __getattr__(self, name: str) -> _Number:
        return _Number(getattr(self._parameters, name))
