"""Ours against what the devices stored, device by device: median difference and the range of nine in ten sessions."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from steadymile.ingest.formats import read
from steadymile.models.measuring.measure import measure

from bench.real.agreement import Pair, activities, pairs

SESSIONS_AT_LEAST = 5
QUANTITIES = {
    "distance m": ("distance", "%"),
    "timer s": ("timer", "%"),
    "ascent m": ("ascent (sessions of 50 m and more)", "%"),
    "mean heart rate bpm": ("mean heart rate", "bpm"),
    "max heart rate bpm": ("highest heart rate", "bpm"),
}
"""What is compared, how it is called and whether relative or in its unit."""


def agreement_lines(corpus: Path) -> Iterator[str]:
    """One table a quantity, of every device with enough sessions, and of the two archives."""
    found: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for group, some in groups(corpus):
        for pair in some:
            quantity = pair.quantity.split(",")[0]
            if not pair.quantity.endswith("below 50 m"):
                found[quantity, group or pair.group].append(pair)
    yield "## Agreement with the device's own totals\n"
    yield (
        "Agreement with another estimate, not truth. Difference is ours less the device's; the range holds nine in "
        f"ten sessions. Devices with fewer than {SESSIONS_AT_LEAST} sessions are left out, and totals that can only "
        "be the device's own (a treadmill's distance, sessions without samples).\n"
    )
    for quantity, (name, unit) in QUANTITIES.items():
        yield f"### {name[0].upper()}{name[1:]}\n"
        yield "| device | sessions | median difference | 5-95 % of sessions |"
        yield "|---|---|---|---|"
        devices = sorted((d, p) for (q, d), p in found.items() if q == quantity and len(p) >= SESSIONS_AT_LEAST)
        for device, some in devices:
            yield row(device, some, unit)
        yield ""


def row(device: str, some: list[Pair], unit: str) -> str:
    """One device of one table."""
    difference = np.array([p.ours - p.theirs for p in some])
    if unit == "%":
        difference = 100 * difference / np.array([p.theirs for p in some])
    low, high = np.percentile(difference, [5, 95])
    return f"| {device} | {len(some)} | {np.median(difference):+.2f} {unit} | {low:+.1f} to {high:+.1f} {unit} |"


def groups(corpus: Path) -> Iterator[tuple[str | None, Iterator[Pair]]]:
    """Pairs of every recording; the group is None where the device names itself."""
    seen: set[tuple[object, ...]] = set()
    for activity in activities(corpus / "files"):
        key = (activity.started_at, activity.sport, activity.samples.height, activity.stored.distance_m)
        if key not in seen:
            seen.add(key)
            yield None, pairs(activity, measure(activity))
    for folder in sorted((corpus / "files").iterdir()):
        if (folder / "activities.json").is_file():
            yield "Garmin Connect's totals beside its GPX", exporter_pairs(folder)


def exporter_pairs(folder: Path) -> Iterator[Pair]:
    """GPX of an exporter that lists its own totals in activities.json, matched by start second."""
    listed = json.loads((folder / "activities.json").read_text())
    totals = {entry["start_date"]: entry for entry in listed if isinstance(entry, dict) and "start_date" in entry}
    for path in sorted(folder.glob("*.gpx.gz")):
        for activity in read(gzip.decompress(path.read_bytes()), path.name).activities:
            total = totals.get(f"{activity.started_at:%Y-%m-%d %H:%M:%S}")
            if total is None:
                continue
            metrics = measure(activity).metrics
            both = {
                "distance m": ("distance_m", "distance"),
                "mean heart rate bpm": ("heart_rate_mean_bpm", "average_heartrate"),
                "max heart rate bpm": ("heart_rate_max_bpm", "max_heartrate"),
                "ascent m": ("elevation_gain_m", "elevation_gain"),
            }
            for quantity, (ours, theirs) in both.items():
                value, stated = metrics[ours].value, total.get(theirs)
                small = quantity == "ascent m" and (stated or 0) < 50
                if value is not None and stated and not small:
                    yield Pair(quantity, "", value, float(stated))
