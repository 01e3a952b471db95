"""Recordings whose numbers follow another definition than today's, measured anew from their originals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from steadymile.models.athlete import Athlete
from steadymile.models.metrics.found import CATALOGUE
from steadymile.pipelines.facts import zone_of
from steadymile.pipelines.reading.child import Died
from steadymile.pipelines.reading.dates import dates, done_by_then
from steadymile.pipelines.reading.worker import Original, Outcome, reread
from steadymile.pipelines.run import Lost, Run
from steadymile.warehouse.store import outdated, save_recordings


def renew(run: Run, people: Sequence[Athlete]) -> None:
    """Measure again what another version of steadymile measured, file by file; nothing else is read. Where an original
    is gone the numbers stay as they are, with the definition they follow, and `run.lost` says so."""

    definitions = {card.name: card.definition for card in CATALOGUE.values() if card.stage == "file"}
    zones = {athlete.athlete_id: zone_of(athlete, run.now.date()) for athlete in people}
    old = outdated(run.con, list(zones), definitions)
    stated = dates(run) if old else {}
    originals = [
        Original(path, athlete_id, sha256, zones[athlete_id], dated=stated.get(athlete_id, {}).get(sha256))
        for athlete_id, sha256, path in old
    ]
    keep_again(run, originals)


def keep_again(run: Run, originals: Sequence[Original]) -> None:
    """Read and measure these originals again and save what they hold; `run.lost` names those that cannot be read."""
    done = 0
    for batch in read_again(run, originals):
        save_recordings(run.con, done_by_then(run.con, [r for outcome in batch for r in outcome.recordings]))
        run.lost += [Lost(o.label, o.reason or "", o.code) for o in batch if not o.kept]
        done += len(batch)
        run.progress(done, len(originals), "Measuring again")


def read_again(run: Run, originals: Sequence[Original]) -> Iterator[list[Outcome]]:
    """The originals read and measured by limited processes, a part at a time."""
    size = max(1, min(16, len(originals) // 8, run.settings.batch_files))
    calls = ((originals[at : at + size], run.archive.root) for at in range(0, len(originals), size))
    for results in run.readers.spread(reread, calls, gone, items=len(originals)):
        yield [result.value for result in results]


def gone(original: Original, death: Died) -> Outcome:
    """What is said of an original over which its reader ended."""
    return Outcome(original.path, original.path, original.athlete_id, "quarantined", death.detail, code=death.code)
