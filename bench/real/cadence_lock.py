"""How often the filter for a sensor that counts steps is right, over a folder of real recordings.

Run: python -m bench.real.cadence_lock FOLDER (or set STEADYMILE_CORPUS). Two rates are printed. True negatives:
stretches of a minute and more in which the heart rate equals the step rate and joins what stands before and after it
within 4 bpm, which no sensor that lost the pulse does; how many are kept. True positives: three minutes of each
recording are overwritten with its step rate and a beat of noise, where that differs by at least 15 bpm; how many are
found.
"""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.models.recording import Activity, Flag
from steadymile.models.signal import heart_rate
from steadymile.models.signal.clean import clean
from steadymile.models.signal.timeline import at_samples, lay

ROOT = Path(__file__).resolve().parents[2]
JOIN_S, JOIN_BPM = 10.0, 4.0
LOCK_S, APART_BPM, FOUND = 180.0, 15.0, 0.8

Run = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def runs(folder: Path) -> Iterator[Run]:
    """(time, heart rate, step rate, speed, moving) of every recording on foot that has both rates."""
    seen: set[tuple[object, int]] = set()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or not path.name.removesuffix(".gz").lower().endswith((".fit", ".gpx", ".tcx")):
            continue
        try:
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            found = read(data, path.name.removesuffix(".gz")).activities
        except (Unreadable, OSError, EOFError):
            continue
        for activity in found:
            key = (activity.started_at, activity.samples.height)
            if key not in seen and _has_both(activity):
                seen.add(key)
                cleaned = clean(activity)
                track = lay(cleaned, activity)
                if track.on_foot:
                    columns = cleaned.columns
                    speed, moving = at_samples(track, cleaned.t_s)
                    yield cleaned.t_s, columns["heart_rate_bpm"], columns["cadence_spm"], speed, moving


def _has_both(activity: Activity) -> bool:
    samples = activity.samples
    return samples.height >= 120 and all(
        samples[name].null_count() < samples.height for name in ("heart_rate_bpm", "cadence_spm")
    )


def continuous(run: Run) -> list[tuple[int, int]]:
    """Stretches in which both rates are equal and the heart rate joins its neighbours at both ends."""
    t, hr, cadence, _, _ = run
    known = ~np.isnan(hr) & ~np.isnan(cadence) & (hr >= heart_rate.LOWEST_BPM) & (hr <= heart_rate.HIGHEST_BPM)
    if known.sum() < 10:
        return []
    alike = known & (np.abs(np.where(known, hr - np.nan_to_num(cadence), np.inf)) <= heart_rate.LOCK_BPM)
    return [
        (a, b)
        for a, b in heart_rate.alike_stretches(t, known, alike)
        if _joins(t, hr, t[a] - JOIN_S, t[a], t[a] + JOIN_S) and _joins(t, hr, t[b] - JOIN_S, t[b], t[b] + JOIN_S)
    ]


def _joins(t: np.ndarray, hr: np.ndarray, start: float, edge: float, end: float) -> bool:
    before, after = hr[(t >= start) & (t < edge)], hr[(t >= edge) & (t <= end)]
    if np.isnan(before).all() or np.isnan(after).all():
        return False
    return bool(abs(np.nanmedian(before) - np.nanmedian(after)) <= JOIN_BPM)


def _flagged(run: Run) -> np.ndarray:
    return (heart_rate.clean_heart_rate(*run)[1] & (Flag.HR_CADENCE_LOCK | Flag.HR_SPIKE)) > 0


def main() -> int:
    """Print both rates; 1 where a true negative is deleted in more than one of twenty."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("STEADYMILE_CORPUS")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        print("No folder of recordings: name one, or set STEADYMILE_CORPUS.")
        return 2
    rng = np.random.default_rng(0)
    count = kept = stretches = planted = found = 0
    for run in runs(folder):
        count += 1
        flagged = _flagged(run)
        for a, b in continuous(run):
            stretches += 1
            kept += bool(flagged[a : b + 1].mean() < 0.5)
        t, hr, cadence, speed, moving = run
        middle = t[0] + (t[-1] - t[0]) / 3.0
        here = (t >= middle) & (t < middle + LOCK_S) & ~np.isnan(cadence)
        apart = abs(np.nanmedian(hr[here]) - np.nanmedian(cadence[here])) if here.sum() >= 10 else 0.0
        steps = np.nanmedian(cadence[here]) >= heart_rate.LOWEST_BPM if here.any() else False
        if steps and apart >= APART_BPM and t[-1] - t[0] >= 4 * LOCK_S and np.median(np.diff(t)) <= 2.0:
            planted += 1
            changed = np.where(here, np.round(cadence + rng.normal(0.0, 1.0, t.size)), hr)
            found += bool(_flagged((t, changed, cadence, speed, moving))[here].mean() >= FOUND)
    print(f"{count} recordings on foot with heart rate and step rate")
    print(f"true negatives: {kept} of {stretches} continuous stretches kept")
    print(f"true positives: {found} of {planted} planted locks found")
    return 0 if stretches - kept <= stretches / 20 else 1


if __name__ == "__main__":
    sys.exit(main())
