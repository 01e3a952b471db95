"""What lists and a person's own history say of recordings: which session a list names, its sport, and its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from steadymile.models.assessment.session_kind import kinds_by_history
from steadymile.models.athlete import Athlete
from steadymile.models.duplicates import Match
from steadymile.models.listed import LISTED, listed_matches, named_sports
from steadymile.models.logged import SOURCE as LOGGED
from steadymile.models.measured import Recording
from steadymile.pipelines.home import zone_of
from steadymile.pipelines.reading.dates import dates
from steadymile.pipelines.reading.remeasure import read_again
from steadymile.pipelines.reading.worker import Original
from steadymile.pipelines.run import Run
from steadymile.warehouse.store import load_recordings, load_standing, save_kinds, save_recordings


def match_listed(run: Run, athlete_id: str, recordings: Sequence[Recording], found: Sequence[Match]) -> list[Match]:
    """The listed sessions that were recorded too. `found` are the copies among the recordings. What its owner forgot
    does not come back by a list."""
    listed = [r for r in recordings if r.source == LISTED]
    if not listed:
        return []
    kept, forgotten = load_standing(run.con, athlete_id)
    if forgotten:
        recordings = [r for r in load_recordings(run.con, athlete_id, forgotten=True) if r.source != LOGGED]
    copies = {match.activity_id: match.duplicate_of for match in found}
    recorded = [replace(r, duplicate_of=copies.get(r.activity_id)) for r in recordings if r.source != LISTED]
    gone = [r for r in recordings if r.source == LISTED and r.activity_id in forgotten]
    return listed_matches([*recorded, *gone], listed, kept)


def name_sports(run: Run, athlete: Athlete, recordings: Sequence[Recording], matches: Sequence[Any]) -> int:
    """Measure recordings anew, from their originals, as the sport that a list names. Returns how many."""
    listed = {r.activity_id: r for r in recordings if r.source == LISTED}
    if not listed:
        return 0
    copies = {match.activity_id: match.duplicate_of for match in matches}
    recorded = {r.activity_id: r for r in recordings if r.source not in (LISTED, LOGGED)}
    found = [replace(r, duplicate_of=copies.get(i)) for i, r in recorded.items()]
    wanted = named_sports(found, listed, matches)
    zone = zone_of(athlete, run.now.date())
    originals: dict[tuple[str, str], list[Any]] = {}
    for activity_id in wanted:
        r = recorded[activity_id]
        sports = originals.setdefault((r.path, r.sha256), [])
        sports.append((r.index, *wanted[activity_id]))
    done, stated = 0, dates(run).get(athlete.athlete_id, {}) if originals else {}
    for (path, sha256), sports in originals.items():
        original = Original(path, athlete.athlete_id, sha256, zone, tuple(sports), stated.get(sha256))
        (outcome,) = next(read_again(run, [original]))
        if not outcome.kept:
            run.lost.append((path, outcome.reason or ""))
        done += save_recordings(run.con, [r for r in outcome.recordings if r.activity_id in wanted])
    return done


def settle_kinds(run: Run, athlete_id: str, recordings: Sequence[Recording]) -> int:
    """What the sessions without any evidence count as, by the person's known runs. Returns how many changed."""
    return save_kinds(run.con, athlete_id, kinds_by_history([r for r in recordings if r.preferred]))
