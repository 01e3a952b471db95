"""What stated facts cannot be together, and what is unusual enough to ask about again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from steadymile.models.athlete import Facts

PLAUSIBLE_MAXIMUM_BPM, PLAUSIBLE_REST_BPM = (120.0, 230.0), (25.0, 110.0)
"""Outside these a stated or measured value is a slip of the finger or of a sensor, and is not used."""

SMALLEST_RESERVE_BPM = 30.0
"""A maximal heart rate lies at least so far above the one at rest; design value, far below what healthy adults have."""

USUAL_AGE = (16, 95)
USUAL_REST_BPM, USUAL_MAXIMUM_BPM = (36.0, 100.0), (140.0, 215.0)
USUAL_BODY_MASS_INDEX = (13.0, 60.0)
"""kg/m2; outside them a weight or a height is mostly in another unit, or the two are swapped."""
FAST_MILE_S = 300.0
FAR_AWAY = timedelta(days=3653)


def contradiction(facts: Facts) -> str | None:
    """What of the facts in force on a day cannot be, as a sentence; None where all may be true."""
    rest, highest = facts.resting_heart_rate_bpm, facts.maximal_heart_rate_bpm
    for word, value, (low, high) in (
        ("resting", rest, PLAUSIBLE_REST_BPM),
        ("maximal", highest, PLAUSIBLE_MAXIMUM_BPM),
    ):
        if value is not None and not low <= value <= high:
            return (
                f"A {word} heart rate of {value:g} cannot be used: it lies outside {low:g} to {high:g} beats a minute."
            )
    if rest is not None and highest is not None and highest - rest < SMALLEST_RESERVE_BPM:
        return f"A resting heart rate of {rest:g} and a maximal one of {highest:g} cannot both be right."
    return None


def doubts(facts: Facts, on: date, names: Collection[str] | None = None) -> list[str]:
    """What is unusual about the facts in force on a day, a sentence each; only what concerns `names`, where given."""
    return [said for about, said in _unusual(facts, on) if names is None or set(about) & set(names)]


def _unusual(facts: Facts, on: date) -> Iterator[tuple[tuple[str, ...], str]]:
    if facts.birth_year is not None and not _within(age := on.year - facts.birth_year, USUAL_AGE):
        yield ("birth_year",), f"Somebody born in {facts.birth_year} is {age} years old. Is the year right?"
    weight_kg, height_m = facts.weight_kg, (facts.height_cm or 0.0) / 100.0
    if weight_kg and height_m and not _within(weight_kg / height_m**2, USUAL_BODY_MASS_INDEX):
        both = f"{weight_kg:g} kg at {facts.height_cm:g} cm"
        yield ("weight_kg", "height_cm"), f"{both} would be very unusual. Is one of them in another unit?"
    for name, word, value, usual in (
        ("resting_heart_rate_bpm", "at rest", facts.resting_heart_rate_bpm, USUAL_REST_BPM),
        ("maximal_heart_rate_bpm", "at most", facts.maximal_heart_rate_bpm, USUAL_MAXIMUM_BPM),
    ):
        if value is not None and not _within(value, usual):
            yield (name,), f"{value:g} beats a minute {word} would be unusual. Is it measured?"
    if facts.goal_mile_s is not None and facts.goal_mile_s < FAST_MILE_S:
        minutes, seconds = divmod(round(facts.goal_mile_s), 60)
        yield ("goal_mile_s",), f"A mile in {minutes}:{seconds:02d} is run by few who train for it. Is the time right?"
    for name, word, day in (
        ("goal_date", "The day of your goal", facts.goal_date),
        ("paused_until", "The end of the pause", facts.paused_until),
    ):
        if day is not None and day < on:
            yield (name,), f"{word}, {day}, is over."
        elif day is not None and day - on > FAR_AWAY:
            yield (name,), f"{word}, {day}, is more than ten years away. Is the year right?"


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
