"""What a plan knew of the days before it: tells whether something arrived late, or was corrected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from steadymile.models.physiology import symptoms
from steadymile.models.policy.evidence import Evidence, told_sessions, until
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training.matching import join
from steadymile.models.session import History, Session, sessions_between

KNOWN_DAYS = 28
"""Days before a plan of which it is kept what it knew: what came later about them is late."""
HEALTH_ANSWERS = frozenset(
    {"pain", "pain_next_morning", "after_effort", "ill", "red_flag", "cleared", *symptoms.HOOPER}
)
_HEALTH_IN_ORDER = tuple(sorted(HEALTH_ANSWERS))


def of(e: Evidence) -> dict[str, Any]:
    """What was known of the last 28 days."""
    sessions = [m.session for m in e.matched]
    return {
        "known_ids": known_ids(sessions, e.as_of),
        "known_answers": answers_known(e.history, e.as_of),
        "known_health": health_known(e.history, e.as_of),
        "known_felt": felt_known(sessions, e.as_of),
    }


def known_ids(sessions: Iterable[Session], as_of: date) -> list[str]:
    """The activities of the last 28 days: tells whether some arrived late. Sessions on foot, joined."""
    first = as_of - timedelta(days=KNOWN_DAYS - 1)
    return sorted(i for s in sessions if first <= s.local_day <= as_of for i in s.activity_ids)


def answers_known(history: History, as_of: date) -> int:
    """How many answers the last 28 days hold: tells whether some arrived late."""
    return sum(len(d.values) for d in symptoms.between(history.days, as_of - timedelta(days=KNOWN_DAYS - 1), as_of))


def health_known(history: History, as_of: date) -> str:
    """A short hash of what the last 28 days say of pain, illness and warning signs, and of what only files say of
    them: tells whether an answer was corrected, which their number does not show."""
    days = symptoms.between(history.days, as_of - timedelta(days=KNOWN_DAYS - 1), as_of)
    said = []
    for d in days:
        values, day = d.values, d.day.isoformat()
        said += [[day, key, values[key], key in d.held] for key in _HEALTH_IN_ORDER if key in values]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def felt_known(sessions: Iterable[Session], as_of: date) -> str:
    """A short hash of what was said of the sessions of the last 28 days: effort, talk test and feel."""
    first = as_of - timedelta(days=KNOWN_DAYS - 1)
    said = [[*s.activity_ids, s.rpe, s.talk, s.feel] for s in sessions if first <= s.local_day <= as_of]
    return hashlib.sha256(json.dumps(sorted(said, key=str)).encode()).hexdigest()[:16]


def knew_the_answers(told: Mapping[str, Any], history: History, sessions: Iterable[Session], as_of: date) -> bool:
    """Whether the answers of 28 days are still those that a plan of that day knew, by its facts; of a plan from before
    they were kept, whether they are as many. `sessions` on foot, joined."""
    many = answers_known(history, as_of) == told["known_answers"]
    if not many or ("known_health" in told and told["known_health"] != health_known(history, as_of)):
        return False
    return "known_felt" not in told or told["known_felt"] == felt_known(sessions, as_of)


def knew_all(told: Mapping[str, Any], history: History, as_of: date, p: Parameters = IN_FORCE) -> bool:
    """Whether a plan of that day, by its facts, knew all that is known now of the 28 days before it."""
    history = until(history, as_of)
    first = as_of - timedelta(days=KNOWN_DAYS + 1)  # two days more, for files of one session around midnight
    sessions = list(sessions_between(history.sessions, first, as_of))
    joined = join(told_sessions(sessions, symptoms.between(history.days, first, as_of)), p)
    return bool(known_ids(joined, as_of) == told["known_ids"]) and knew_the_answers(told, history, joined, as_of)
