"""What the cautious class of sessions without evidence takes from real recordings, over the corpus.

    python -m bench.real.cautious [FOLDER [SUFFIX ...]]

Every recording is measured once and its kind decided. A recording with a named sport, a heart rate or a cadence must
keep its kind; of those with a named run the bare track (sport, heart rate and cadence hidden) shows how many a person
without other runs would lose, and how many would be taken for too fast to be a run.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

from steadymile.ingest.formats import read
from steadymile.models.assessment.session_kind import kind_of, too_fast
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Activity
from steadymile.models.sport import is_run, is_unknown

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def counted(activity: Activity, tally: Counter[str]) -> None:
    """Add one recording to the tally."""
    felt = any((activity.samples[name] > 0).any() for name in ("heart_rate_bpm", "cadence_spm"))
    named = not is_unknown(activity.sport)
    group = "named sport" if named else "no sport, with a heart rate or cadence" if felt else "no evidence"
    measured = measure(activity)
    t_s = measured.samples["t_s"].to_numpy()
    speed = measured.samples["speed_m_s"].fill_null(float("nan")).to_numpy()
    metrics = {name: value.value for name, value in measured.metrics.items()}
    kind = kind_of(activity.sport, t_s, speed, metrics, felt)
    before = kind_of(activity.sport, t_s, speed, metrics, True)
    tally[f"{group}: recordings"] += 1
    tally[f"{group}: {kind}"] += 1
    if kind != before:
        tally[f"{group}: {before} without the class, unknown with it"] += 1
    if is_run(activity.sport) and t_s.size > 1:
        tally["named runs: recordings"] += 1
        tally["named runs: too fast as a whole for a run"] += bool(too_fast(t_s, speed))


def main(words: list[str]) -> int:
    """Print the tally of a folder; the corpus where none is named."""
    root = Path(words[0]) if words else Path(os.environ.get("STEADYMILE_CORPUS") or BESIDE)
    suffixes = tuple(words[1:]) or (".fit", ".gpx", ".tcx")
    tally: Counter[str] = Counter()
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if not path.name.lower().removesuffix(".gz").endswith(suffixes):
            continue
        try:
            reading = read(path.read_bytes(), path.name)
            for activity in reading.activities:
                counted(activity, tally)
        except Exception as error:
            tally[f"not read: {type(error).__name__}"] += 1
    for name, count in sorted(tally.items()):
        print(f"{count:6,}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
