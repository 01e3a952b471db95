"""Which session a person's answer speaks of, and which answer counts: what is said wins over what the watch stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from steadymile.models.measured import ANSWERS, Recording
from steadymile.models.recording import CheckIn

TITLE = "title"
NEAR = timedelta(hours=2)
"""An answer with a time belongs to a session that it falls into, or that ended at most this long before it."""
LISTED, START = frozenset({"strava", "garmin"}), timedelta(minutes=10)
"""Sources that list sessions by their starts: what stands there is of no session that began at another time."""
SPOKEN = "log"
"""The source of answers given by command: a later one corrects an earlier one of the same day."""

Answer = float | str | bool


def attach(recordings: Sequence[Recording], checkins: Sequence[CheckIn]) -> dict[str, dict[str, Answer]]:
    """Session answers by activity id. `recordings` ascend in time, `checkins` in the order they were given.

    An answer naming an activity goes there; one with a time goes to the session around it; one with a day goes to
    that day's last run, else its last walk, else its last session. Several rows of one file for one day go to that
    day's sessions in order. A title goes the same ways.
    """
    answers: dict[str, dict[str, Answer]] = {}
    for recording in recordings:
        stored = {"rpe": recording.rpe, "feel": recording.feel}
        answers[recording.activity_id] = {k: v for k, v in stored.items() if v is not None}
    by_day: dict[date, list[Recording]] = {}
    for recording in recordings:
        by_day.setdefault(recording.local_day, []).append(recording)
    rows = rows_of_a_day(checkins)
    for place, checkin in enumerate(checkins):
        said = {k: v for k, v in checkin.values.items() if k in ANSWERS or k == TITLE}
        if not said:
            continue
        target = named(checkin, answers) or timed(checkin, recordings)
        if target is None and checkin.source not in LISTED:
            target = daily(checkin, by_day, rows.get(place))
        if target is not None:
            answers[target] |= said
    return {activity_id: given for activity_id, given in answers.items() if given}


def rows_of_a_day(checkins: Sequence[CheckIn]) -> dict[int, int]:
    """For answers of one file and day of which there are several: position in `checkins` -> nth of that day."""
    groups: dict[tuple[str, date], list[int]] = {}
    for place, checkin in enumerate(checkins):
        plain = checkin.activity_id is None and checkin.at is None
        if plain and checkin.source != SPOKEN and any(k in ANSWERS for k in checkin.values):
            groups.setdefault((checkin.source, checkin.day), []).append(place)
    return {place: nth for group in groups.values() if len(group) > 1 for nth, place in enumerate(group)}


def named(checkin: CheckIn, answers: Mapping[str, object]) -> str | None:
    """The activity that the answer names, if there is one of that id (or one that starts like it)."""
    wanted = checkin.activity_id
    if wanted is None:
        return None
    if wanted in answers:
        return wanted
    alike = [activity_id for activity_id in answers if len(wanted) >= 4 and activity_id.startswith(wanted)]
    return alike[0] if len(alike) == 1 else None


def timed(checkin: CheckIn, recordings: Sequence[Recording]) -> str | None:
    """The session around the answer's time."""
    at = checkin.at
    if at is None:
        return None
    if checkin.source in LISTED:
        around = [r for r in recordings if abs(r.started_at - at) <= START]
    else:
        around = [r for r in recordings if r.started_at - NEAR / 4 <= at <= r.ended_at + NEAR]
    if not around:
        return None
    return min(around, key=lambda r: abs(r.started_at - at)).activity_id


def daily(checkin: CheckIn, by_day: Mapping[date, Sequence[Recording]], nth: int | None) -> str | None:
    """The session of the answer's day: the nth where a file had several rows, else the last run, walk or session."""
    there = by_day.get(checkin.day, ())
    if not there:
        return None
    if nth is not None and nth < len(there):
        return there[nth].activity_id
    for kinds in (("run",), ("walk", "hike")):
        fitting = [r for r in there if r.kind in kinds]
        if fitting:
            return fitting[-1].activity_id
    return there[-1].activity_id
