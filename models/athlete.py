"""Who it is about: dated facts, as the athlete stated them. Nothing here is estimated (athlete_parameters.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any


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
