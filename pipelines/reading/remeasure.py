"""Recordings whose numbers follow another definition than today's, measured anew from their originals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from steadymile.models.athlete import Athlete
from steadymile.models.metrics.found import CATALOGUE
from steadymile.pipelines.home import zone_of
from steadymile.pipelines.reading.pool import spread
from steadymile.pipelines.reading.worker import Original, Outcome, reread
from steadymile.pipelines.run import Run
from steadymile.warehouse.store import outdated, save_recordings


def renew(run: Run, people: Sequence[Athlete]) -> None:
    """Measure again what another version of steadymile measured, file by file; nothing else is read. Where an original
    is gone the numbers stay as they are, with the definition they follow, and `run.lost` says so."""

    definitions = {card.name: card.definition for card in CATALOGUE.values() if card.stage == "file"}
    zones = {athlete.athlete_id: zone_of(athlete, run.now.date()) for athlete in people}
    originals = [
        Original(path, athlete_id, sha256, zones[athlete_id])
        for athlete_id, sha256, path in outdated(run.con, list(zones), definitions)
    ]
    done = 0
    for batch in batches(run, originals):
        save_recordings(run.con, [recording for outcome in batch for recording in outcome.recordings])
        run.lost += [(o.label, o.reason or "") for o in batch if not o.kept]
        done += len(batch)
        run.progress(done, len(originals), "Measuring again")


def batches(run: Run, originals: list[Original]) -> Iterator[list[Outcome]]:
    """The originals read and measured, a batch at a time; many by several processes."""
    size, objects = run.settings.batch_files, run.archive.root
    if len(originals) < run.settings.pool_from_files or run.settings.workers < 2:
        for start in range(0, len(originals), size):
            yield reread(originals[start : start + size], objects)
        return

    results = spread(run.settings, reread, [([o], objects) for o in originals], lambda call: [call], gone)
    while batch := list(islice(results, size)):
        yield [outcome for part in batch for outcome in part]


def gone(call: tuple[list[Original], Path]) -> list[Outcome]:
    """What is said of an original whose reading killed its process twice."""
    reason = "Reading it ended the reading process, most likely for want of memory."
    return [Outcome(o.path, o.path, o.athlete_id, "quarantined", reason) for o in call[0]]
