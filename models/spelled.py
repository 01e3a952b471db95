"""Numbers of the policy as people say them: two days, four weeks."""

from __future__ import annotations

from steadymile.models.policy.parameters import Parameters

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
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


class _Number(float):
    """A number that a format may ask for in words: `{p.ill_days:days}`, `{p.stop_quiet_days:weeks}`."""

    def __format__(self, spec: str) -> str:
        said = {"days": days, "weeks": weeks, "word": word}.get(spec)
        return said(self) if said else format(float(self), spec or "g")


class Spelled:
    """The numbers of a version for templates of sentences."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def __getattr__(self, name: str) -> _Number:
        return _Number(getattr(self._parameters, name))
