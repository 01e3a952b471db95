"""Every FIT file of the corpus comes in, and what comes in agrees with what the inventory counted."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from steadymile.ingest.fit.reader import read_fit
from steadymile.ingest.reading import Reading, Unreadable

TIMELESS = {"DeveloperData.fit"}
"""Holds three samples and not one time anywhere: there is no day to put them on."""
COUNTED_OTHERWISE = {"antfs-dump.63.fit", "compressed-speed-distance.fit", "TestEncode.fit", *TIMELESS}
"""The inventory's reader skipped compressed headers in two, and counts samples without a time in the others."""


@pytest.fixture(scope="module")
def readings(corpus: Path) -> list[tuple[dict[str, str], Reading | Unreadable]]:
    """Each row of the inventory that is a FIT file, and what we read of it."""
    with (corpus / "INVENTORY.csv").open(newline="") as inventory:
        rows = [r for r in csv.DictReader(inventory) if r["file"].lower().endswith(".fit")]
    found: list[tuple[dict[str, str], Reading | Unreadable]] = []
    for row in rows:
        try:
            found.append((row, read_fit((corpus / "files" / row["file"]).read_bytes())))
        except Unreadable as refusal:
            found.append((row, refusal))
    return found


Readings = list[tuple[dict[str, str], Reading | Unreadable]]


def name(row: dict[str, str]) -> str:
    return Path(row["file"]).name


@pytest.mark.corpus
def test_no_real_file_is_refused(readings: Readings) -> None:
    assert [name(row) for row, reading in readings if isinstance(reading, Unreadable)] == []


@pytest.mark.corpus
def test_the_columnar_reader_declines_no_real_file(readings: Readings) -> None:
    assert {r.reader for _, r in readings if isinstance(r, Reading)} == {"columnar"}


@pytest.mark.corpus
def test_every_activity_file_gives_an_activity(readings: Readings) -> None:
    missing = [
        name(row)
        for row, reading in readings
        if isinstance(reading, Reading) and row["fit_type"] == "activity" and not reading.activities
    ]
    assert set(missing) <= TIMELESS


@pytest.mark.corpus
def test_every_sample_that_the_inventory_counts_comes_in(readings: Readings) -> None:
    wrong = {
        name(row): (sum(a.samples.height for a in reading.activities), int(row["n_records"]))
        for row, reading in readings
        if isinstance(reading, Reading) and row["n_records"] and name(row) not in COUNTED_OTHERWISE
        if sum(a.samples.height for a in reading.activities) != int(row["n_records"])
    }
    assert wrong == {}


@pytest.mark.corpus
def test_what_is_broken_is_salvaged_with_its_place(readings: Readings) -> None:
    broken = {name(r) for r, reading in readings if isinstance(reading, Reading) and reading.salvaged}
    assert broken == {
        name(row) for row, _ in readings if row["fitparse"] != "ok" and "Invalid field size" not in row["fitparse"]
    }
    assert all(r.salvaged_offset is not None for _, r in readings if isinstance(r, Reading) and r.salvaged)


@pytest.mark.corpus
def test_totals_of_single_sessions_are_the_devices_own(readings: Readings) -> None:
    wrong = [
        name(row)
        for row, reading in readings
        if isinstance(reading, Reading) and len(reading.activities) == 1 and row["dev_distance_m"]
        if abs((reading.activities[0].stored.distance_m or 0.0) - float(row["dev_distance_m"])) > 0.5
    ]
    assert wrong == []


@pytest.mark.corpus
def test_stated_efforts_come_in(readings: Readings) -> None:
    stated = [row for row, _ in readings if row["workout_rpe"]]
    came = [row for row, r in readings if isinstance(r, Reading) and any(a.rpe is not None for a in r.activities)]
    assert [name(r) for r in came] == [name(r) for r in stated]
    assert len(came) > 20
