"""Heart rate on real files: ours against what the watch itself says of the same session."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from steadymile.ingest.formats import read
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Activity

FILES = 40


def garmin_runs(corpus: Path) -> list[tuple[Path, float, float]]:
    """Single-session runs of Garmin watches with heart rate on nearly every record, evenly through the inventory."""
    with (corpus / "INVENTORY.csv").open(newline="") as handle:
        rows = [
            row
            for row in csv.DictReader(handle)
            if row["kind"] == "fit" and "running" in row["sport"].lower() and row["n_sessions"] == "1"
            and row["dev_avg_hr"] and row["dev_max_hr"] and float(row["hr"] or 0) > 0.9 * float(row["n_records"] or 1)
            and float(row["n_records"] or 0) > 300 and "garmin" in row["device"].lower()
        ]  # fmt: skip
    chosen = rows[:: max(len(rows) // FILES, 1)][:FILES]
    return [(corpus / row["literal"], float(row["dev_avg_hr"]), float(row["dev_max_hr"])) for row in chosen]


def activity_of(path: Path) -> Activity | None:
    data = path.read_bytes()
    found = read(gzip.decompress(data) if path.suffix == ".gz" else data, path.name).activities
    return found[0] if len(found) == 1 else None


@pytest.mark.corpus
def test_mean_and_highest_heart_rate_agree_with_the_watch(corpus: Path):
    means, highs = [], []
    for path, device_mean, device_high in garmin_runs(corpus):
        activity = activity_of(path)
        if activity is None:
            continue
        found = measure(activity).metrics
        if found["heart_rate_mean_bpm"].source == "samples":
            means.append(abs((found["heart_rate_mean_bpm"].value or 0) - device_mean))
            highs.append(abs((found["heart_rate_max_bpm"].value or 0) - device_high))
    assert len(means) >= 5
    assert np.median(means) <= 1.0
    assert np.median(highs) <= 1.0
