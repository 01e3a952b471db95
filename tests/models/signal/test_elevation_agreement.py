"""Our ascent against that of devices with a barometer, over real recordings: agreement with another estimate."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.models.measuring.measure import measure


@pytest.fixture(scope="module")
def ascents(corpus: Path) -> list[tuple[float, float]]:
    """(ours, the device's) of every session whose device has a barometer and stated an ascent."""
    found: dict[tuple[object, ...], tuple[float, float]] = {}
    with (corpus / "INVENTORY.csv").open(newline="") as inventory:
        names = [row["file"] for row in csv.DictReader(inventory) if row["dev_ascent_m"] and row["kind"] == "fit"]
    for name in names:
        path = corpus / "files" / name
        try:
            data = path.read_bytes()
            activities = read(gzip.decompress(data) if path.suffix == ".gz" else data, path.name).activities
        except (Unreadable, OSError):
            continue
        for activity in activities:
            theirs = activity.stored.elevation_gain_m
            if not theirs or not activity.device.barometer:
                continue
            ours = measure(activity).metrics["elevation_gain_m"].value
            if ours is not None:
                found[activity.started_at, activity.sport, theirs] = (ours, theirs)
    return list(found.values())


@pytest.mark.corpus
def test_half_of_all_longer_climbs_agree_within_a_tenth(ascents: list[tuple[float, float]]) -> None:
    shares = [abs(ours - theirs) / theirs for ours, theirs in ascents if theirs >= 50]
    assert len(shares) >= 20
    assert np.median(shares) <= 0.10


@pytest.mark.corpus
def test_half_of_all_small_climbs_agree_within_five_metres(ascents: list[tuple[float, float]]) -> None:
    differences = [abs(ours - theirs) for ours, theirs in ascents if theirs < 50]
    assert len(differences) >= 8
    assert np.median(differences) <= 5.0
