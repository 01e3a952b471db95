"""What the filters of time and place touch, and whether the times of every session reconcile, over the corpus.

    python -m bench.real.filters [--every N]

The corpus is named by STEADYMILE_CORPUS (else ../shared/corpus); `--every N` takes every N-th recording. A session is
told by its name where a filter touches it, so that each touch can be looked at. The result is 1 where times do not
reconcile.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Activity
from steadymile.models.signal.clean import clean
from steadymile.models.sport import is_run, is_walk

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "corpus"
SUFFIXES = (".fit", ".gpx", ".tcx", ".fit.gz", ".gpx.gz", ".tcx.gz")
TOLERANCE_S = 1e-6


def touched(activity: Activity) -> dict[str, float]:
    """What the filters did to one session, by their names."""
    cleaned = clean(activity)
    step = np.diff(cleaned.t_s)
    gaps = step > 60.0
    found = {
        "gaps": float(gaps.sum()),
        "gaps moved through": float(cleaned.bridged.sum()),
        "seconds moved through": float(step[cleaned.bridged[1:]].sum()),
        "metres in a vehicle": cleaned.ridden_m,
        "only totals known": float(cleaned.recorded_share is not None),
        "clock joined": float(activity.clock_moved > 0),
    }
    return {name: value for name, value in found.items() if value}


def unreconciled(activity: Activity) -> list[str]:
    """Which of the orders of a session's times do not hold."""
    v = {name: value.value for name, value in measure(activity).metrics.items()}
    run, walk = v["running_s"] or 0.0, v["walking_s"] or 0.0
    orders = (
        ("running + walking <= moving", run + walk, v["moving_s"]),
        ("moving <= timer", v["moving_s"], v["timer_s"]),
        ("timer <= elapsed", v["timer_s"], v["elapsed_s"]),
        ("longest run <= running", v["longest_run_s"], v["running_s"]),
    )
    return [name for name, low, high in orders if low is not None and high is not None and low > high + TOLERANCE_S]


def main() -> int:
    """Print the counts; the result is 1 where times do not reconcile."""
    options = argparse.ArgumentParser()
    options.add_argument("--every", type=int, default=1)
    every = options.parse_args().every
    root = Path(os.environ.get("STEADYMILE_CORPUS") or BESIDE)
    files = sorted(p for p in root.rglob("*") if p.is_file() and p.name.lower().endswith(SUFFIXES))[::every]
    sessions, on_foot, totals, broken = 0, 0, Counter(), Counter()
    for path in files:
        try:
            reading = read(path.read_bytes(), path.name)
        except Unreadable:
            continue
        for activity in reading.activities:
            sessions += 1
            on_foot += is_run(activity.sport) or is_walk(activity.sport)
            done = touched(activity)
            for name, value in done.items():
                totals[name] += value
                totals[f"sessions with {name}"] += 1
            wrong = unreconciled(activity)
            broken.update(wrong)
            if wrong or "metres in a vehicle" in done or "clock joined" in done:
                print(path.name, activity.sport, done, wrong)
    print(f"{sessions} sessions of {len(files)} files, {on_foot} of them on foot")
    for name, value in sorted(totals.items()):
        print(f"  {name}: {value:,.0f}")
    print("all times reconcile" if not broken else f"times that do not reconcile: {dict(broken)}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
