"""Ours against the device's own numbers, over a folder of real recordings.

Run: python -m bench.real.agreement FOLDER   (or set STEADYMILE_CORPUS). The folder is searched for .fit, .gpx and .tcx
files and their .gz; what the device stored for a session (distance, timer, ascent, heart rate) is compared with what
steadymile makes of the samples, and so is the ascent that an exporter lists in activities.json beside its recordings.
It is agreement with another estimate, not truth. An ascent that is larger than all the rises of a session's own
heights together is of other heights than these: it is left out and counted. With `--hide-device` the signal alone says
what kind of altitude it is, as in exports that do not name the device.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.models.measuring.measure import measure
from steadymile.models.metrics.catalogue import Measured
from steadymile.models.recording import Activity

ROOT = Path(__file__).resolve().parents[2]
ENDINGS = (".fit", ".gpx", ".tcx")
CLIMB_M, LONG_CLIMB_M = 50.0, 200.0
BEYOND = 1.25
"""An ascent by so much above the sum of all rises of the samples cannot be theirs (rounding and thinning aside)."""
SIZES = {0.0: "below 50 m", CLIMB_M: "50 to 200 m", LONG_CLIMB_M: "200 m and more"}
KINDS = {True: "barometer", None: "unknown device", False: "no barometer"}
"""Kinds of devices by what is known of the heights that they write (ingest/barometers.py)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One number of one session: ours and the device's."""

    quantity: str
    group: str
    ours: float
    theirs: float
    sd: float | None = None


def activities(folder: Path) -> Iterator[Activity]:
    """Every activity of every readable file below a folder."""
    for path in sorted(folder.rglob("*")):
        name = path.name.removesuffix(".gz").lower()
        if not path.is_file() or not name.endswith(ENDINGS):
            continue
        try:
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            found = read(data, name).activities
        except (Unreadable, OSError, EOFError):
            continue
        listed = listed_ascents(path.parent)
        yield from (with_listed(activity, listed) for activity in found) if listed else found


@cache
def listed_ascents(folder: Path) -> dict[str, float]:
    """Ascent in metres by the second of the start, of an exporter's list beside its recordings."""
    try:
        entries = json.loads((folder / "activities.json").read_text())
    except OSError:
        return {}
    return {e["start_date"]: e["elevation_gain"] for e in entries if isinstance(e, dict) and e.get("elevation_gain")}


def with_listed(activity: Activity, listed: dict[str, float]) -> Activity:
    """The activity with the ascent that the list states, where it states none itself."""
    ascent = listed.get(f"{activity.started_at:%Y-%m-%d %H:%M:%S}")
    if not ascent or activity.stored.elevation_gain_m:
        return activity
    return replace(activity, stored=replace(activity.stored, elevation_gain_m=float(ascent)))


def pairs(activity: Activity, measured: Measured) -> Iterator[Pair]:
    """What both the device and we state from the samples."""
    stored = activity.stored
    both = {
        "distance m": (stored.distance_m, "distance_m"),
        "timer s": (stored.timer_s, "timer_s"),
        "mean heart rate bpm": (stored.heart_rate_mean_bpm, "heart_rate_mean_bpm"),
        "max heart rate bpm": (stored.heart_rate_max_bpm, "heart_rate_max_bpm"),
    }
    device = activity.device.name or "unknown device"
    for quantity, (theirs, name) in both.items():
        ours = measured.metrics.get(name)
        if theirs and ours and ours.value is not None and ours.source != "device total":
            yield Pair(quantity, device, ours.value, theirs)
    gain = measured.metrics["elevation_gain_m"]
    if stored.elevation_gain_m and gain.value is not None and of_other_heights(activity):
        yield Pair("ascent m, of other heights than the samples'", device, gain.value, stored.elevation_gain_m, gain.sd)
    elif stored.elevation_gain_m and gain.value is not None:
        kind = KINDS[activity.device.barometer]
        size = SIZES[max(least for least in SIZES if least <= stored.elevation_gain_m)]
        yield Pair(f"ascent m, {kind}, {size}", device, gain.value, stored.elevation_gain_m, gain.sd)


def of_other_heights(activity: Activity) -> bool:
    """Whether the device's ascent is more than the samples rise in all, noise included."""
    heights = activity.samples["altitude_m"].drop_nulls().to_numpy()
    return (activity.stored.elevation_gain_m or 0.0) > BEYOND * float(np.clip(np.diff(heights), 0.0, None).sum())


def line(name: str, found: list[Pair]) -> str:
    """One row of the table: count, median bias, median and 90th percentile of the absolute difference."""
    ours, theirs = np.array([p.ours for p in found]), np.array([p.theirs for p in found])
    difference = ours - theirs
    share = difference / theirs
    return (
        f"{name[:44]:<44} {len(found):>5}  {100 * np.median(share):>+7.2f} %  {100 * np.median(abs(share)):>7.2f} %"
        f"  {100 * np.percentile(abs(share), 90):>8.2f} %  {np.median(abs(difference)):>9.2f}"
    )


def line_of_climbs(name: str, found: list[Pair]) -> str:
    """One row of the table of climbs: as `line`, with the share that lies within two of the stated deviations."""
    within = np.mean([abs(p.ours - p.theirs) <= 2.0 * (p.sd or 0.0) for p in found])
    return f"{line(name, found)}  {100 * within:>8.0f} %"


def main() -> int:
    """Print the table; 1 where barometric ascents disagree by more than a tenth in the median."""
    words = [word for word in sys.argv[1:] if word != "--hide-device"]
    hidden = len(words) < len(sys.argv) - 1
    named = words[0] if words else os.environ.get("STEADYMILE_CORPUS")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        print("No folder of recordings: name one, or set STEADYMILE_CORPUS.")
        return 2
    found: dict[str, list[Pair]] = defaultdict(list)
    by_device: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    seen: set[tuple[object, ...]] = set()
    for activity in activities(folder):
        key = (activity.started_at, activity.sport, activity.samples.height, activity.stored.distance_m)
        if key in seen:
            continue
        seen.add(key)
        seen_as = replace(activity, device=replace(activity.device, barometer=None)) if hidden else activity
        for pair in pairs(activity, measure(seen_as)):
            found[pair.quantity].append(pair)
            by_device[pair.quantity, pair.group].append(pair)
    head = f"{'':<44} {'n':>5}  {'bias':>9}  {'|diff|':>9}  {'p90':>10}  {'in units':>9}"
    print("Ours against the device's own, all recordings (medians)\n" + head)
    for quantity in sorted(found):
        print(line(quantity, found[quantity]))
    print("\nAscent by kind of device\n" + head + f"  {'within 2 sd':>10}")
    for quantity in sorted(found):
        if quantity.startswith("ascent m"):
            print(line_of_climbs(quantity, found[quantity]))
    print("\nAscent by device\n" + head)
    for (quantity, device), some in sorted(by_device.items()):
        if quantity.startswith("ascent m, barometer") and SIZES[0.0] not in quantity:
            print(line(device, some))
    steep = [p for size in (CLIMB_M, LONG_CLIMB_M) for p in found.get(f"ascent m, barometer, {SIZES[size]}", [])]
    if not steep:
        print("\nNo barometric ascents of 50 m and more to compare.")
        return 0
    off = float(np.median([abs(p.ours - p.theirs) / p.theirs for p in steep]))
    print(f"\nBarometric ascents of 50 m and more: median difference {100 * off:.1f} % of the device's (goal: 10 %).")
    return 0 if off <= 0.10 else 1


if __name__ == "__main__":
    sys.exit(main())
