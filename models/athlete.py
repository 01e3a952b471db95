"""Who it is about: dated facts, as the athlete stated them. Nothing here is estimated (athlete_parameters.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

WISHES = frozenset({"goal", "goal_date", "goal_mile_s", "days_free", "equipment", "max_run_days"})
"""Facts by which coming weeks are laid out: a week that is published keeps to those that it was planned with."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in force from `valid_from` on; None is unknown.

    `sex` is `female`, `male` or None. `experience` is `never`, `walker`, `active`, `runner` or None. `goal` is
    `walk`, `mile`, `5k`, `10k`, `half` ; `goal_date` is a wish, never a reason to break a cap. `days_free` are ISO
    weekdays 1-7 on which running suits. `screening` answers science 8.6: True for a yes to any question that asks
    for medical clearance, `cleared` True once it was given.

    `randomise` is the share of weeks, 0 to 0.5, in which a draw may take less than the largest allowed step.

    Three change no plan: `run_at` is the time of day (HH:MM) at which calendars place sessions, `remind_min` how long
    before they remind, `paused_until` the day on which a coach expects somebody back.
    """

    birth_year: int | None = None
    sex: str | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    resting_heart_rate_bpm: float | None = None
    maximal_heart_rate_bpm: float | None = None
    timezone: str | None = None
    experience: str | None = None
    screening: bool | None = None
    cleared: bool | None = None
    goal: str | None = None
    goal_date: date | None = None
    goal_mile_s: float | None = None
    days_free: tuple[int, ...] | None = None
    equipment: tuple[str, ...] = ()
    max_run_days: int | None = None
    randomise: float | None = None
    run_at: str | None = None
    remind_min: int | None = None
    paused_until: date | None = None


_DAYS = [f.name for f in fields(Facts) if f.type == "date | None"]


def stated(facts: Facts) -> dict[str, Any]:
    """Facts as JSON values, without what is unknown; `facts_from` gives them back."""
    known = {f.name: value for f in fields(Facts) if (value := getattr(facts, f.name)) not in (None, ())}
    return {
        k: v.isoformat() if isinstance(v, date) else list(v) if isinstance(v, tuple) else v for k, v in known.items()
    }


def facts_from(values: Mapping[str, Any]) -> Facts:
    """The inverse of `stated`; a fact that is not known here is passed over."""
    known: dict[str, Any] = {f.name: values[f.name] for f in fields(Facts) if f.name in values}
    known = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items()}
    return Facts(**known | {name: date.fromisoformat(known[name]) for name in _DAYS if name in known})


@dataclass(frozen=True, slots=True)
class Athlete:
    """An id, a name to greet, and facts by the day from which they hold (None: always)."""

    athlete_id: str
    name: str | None = None
    units: str = "km"
    dated: Mapping[date, Facts] = field(default_factory=dict)
    base: Facts = Facts()

    def facts(self, on: date) -> Facts:
        """The facts in force on a day: `base`, overlaid field by field by every dated entry up to it."""

        current = self.base
        for day in sorted(self.dated):
            if day > on:
                break
            entry = self.dated[day]
            known = {
                f.name: getattr(entry, f.name)
                for f in fields(Facts)
                if getattr(entry, f.name) is not None and getattr(entry, f.name) != ()
            }
            current = replace(current, **known)
        return current


@dataclass(frozen=True, slots=True)
class Asked:
    """How a fact is called and asked for: its `label` beside what was understood, the `question` with a `hint`, and the
    `answers` that a terminal has to name."""

    label: str
    question: str
    hint: str = ""
    answers: str = ""

    @property
    def in_a_line(self) -> str:
        """The question of a terminal, with what helps to answer it."""
        said = self.question
        if self.answers:
            said += f" {self.answers}" if said.endswith("?") else f": {self.answers}"
        if self.hint:
            said += f", {self.hint}" if self.hint.startswith("like ") else f" ({self.hint})"
        return said


ASKED: Mapping[str, Asked] = {
    "screening": Asked(
        "Illness or symptoms to ask a doctor about",
        "Do you have a known heart, metabolic or kidney disease, symptoms such as chest pain or fainting, "
        "or are you pregnant?",
        answers="yes or no",
    ),
    "cleared": Asked(
        "A doctor agreed",
        "If so: has a doctor agreed to your running?",
        "Until then the plan holds walks.",
        "yes or no",
    ),
    "name": Asked("Name", "What should steadymile call you?"),
    "birth_year": Asked("Born", "Year you were born", "sharpens the heart-rate estimates"),
    "sex": Asked("Sex", "Sex", "how hard a run was is worked out a little differently", "female or male"),
    "weight_kg": Asked("Weight", "Weight", "like 70 kg or 154 lb"),
    "height_cm": Asked("Height", "Height", "like 170 cm or 5 ft 7"),
    "resting_heart_rate_bpm": Asked("Resting heart rate", "Resting heart rate", "beats a minute"),
    "maximal_heart_rate_bpm": Asked("Maximal heart rate", "Maximal heart rate", "only if measured"),
    "experience": Asked(
        "Running so far",
        "Running so far",
        answers="never, walker (you walk regularly), active (other sports) or runner",
    ),
    "goal": Asked("Goal", "Goal", answers="walk, mile, 5k, 10k or half"),
    "goal_date": Asked("Goal date", "Goal date", "like 2027-04-30; a wish, never a reason to hurry"),
    "days_free": Asked("Days for running", "Days that suit running", "like tue,thu,sat or mon-fri"),
    "max_run_days": Asked("Running days, at most", "Running days a week, at most", "1 to 6"),
    "equipment": Asked("Equipment", "What you have and would use"),
    "run_at": Asked("Sessions begin at", "Time of day for sessions", "like 18:30; empty: whole days"),
    "remind_min": Asked("Reminder, minutes before", "Reminder, minutes before", "needs the time of day"),
    "units": Asked("Distances in", "Distances in", answers="km or miles"),
    "timezone": Asked("Home time zone", "Home time zone", "like Europe/Berlin"),
}
"""The facts that people are asked for, in the order of the app's form; `athletes.toml` and the command line take the
others."""
