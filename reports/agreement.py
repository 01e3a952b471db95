"""Ours beside what each device stored, in plain words: agreement with another estimate, not with the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import polars as pl
from steadymile.reports import formats
from steadymile.reports.devices import device_name
from steadymile.reports.view_model import Story, activities, frame

DAYS = 365
FEWEST = 5
"""Sessions from which on a difference is called typical of a device."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number that both state: its columns, its name, how a difference is told (`%` is that of the device's own) and
    from where on it is one. Sessions count from `fewest` of the device's own on."""

    ours: str
    difference: str
    name: str
    more: str
    less: str
    unit: str
    tolerated: float
    fewest: float = 0.0


MEAN, HIGHEST = "heart_rate_mean", "heart_rate_max"
QUANTITIES = (
    Quantity("distance_m", "distance_difference_m", "distance", "longer", "shorter", "%", 0.5),
    Quantity("timer_s", "timer_difference_s", "time", "longer", "shorter", "%", 0.5),
    Quantity("elevation_gain_m", "elevation_gain_difference_m", "climb", "higher", "lower", "%", 3.0, fewest=50.0),
    Quantity(f"{MEAN}_bpm", f"{MEAN}_difference_bpm", "mean heart rate", "higher", "lower", "beats", 1.0),
    Quantity(f"{HIGHEST}_bpm", f"{HIGHEST}_difference_bpm", "highest heart rate", "higher", "lower", "beats", 1.0),
)


def told_by_device(told: Story) -> Iterator[str]:
    """A sentence a device on what it states itself over the last year, the device of most sessions first; only copies
    that count, and only where there are enough of them."""
    found = frame(told.tables, "agreement")
    wanted = {"device", "local_day", "activity_id"} | {q.difference for q in QUANTITIES}
    if not wanted <= set(found.columns):
        return
    counted = activities(told.tables, told.as_of - timedelta(days=DAYS - 1), told.as_of)
    if counted.is_empty():
        return
    found = found.filter(pl.col("activity_id").is_in(counted["activity_id"].implode()))
    parts = found.partition_by("device", as_dict=True)
    for (device,), some in sorted(parts.items(), key=lambda p: (-p[1].height, str(p[0][0]))):
        yield from sentence(device_name(str(device or "")) or "your device", some)


def sentence(device: str, some: pl.DataFrame) -> Iterator[str]:
    """What is the same and what differs beside one device; nothing where too little was stated."""
    same, other = [], []
    for quantity in QUANTITIES:
        off = differences(quantity, some)
        if len(off) < FEWEST:
            continue
        typical = median(off)
        if abs(typical) < quantity.tolerated:
            same.append(quantity.name)
        else:
            word = quantity.more if typical > 0 else quantity.less
            gap = "" if quantity.unit == "%" else " "
            other.append(f"{quantity.name} {formats.number(abs(typical), 1)}{gap}{quantity.unit} {word}")
    parts = [f"{formats.listing(same)} {'agrees' if len(same) == 1 else 'agree'} with {device}"] if same else []
    if other:
        than = "" if same else f" than {device} does"
        parts.append(f"steadymile typically measures {formats.listing(other)}{than}")
    if parts:
        counted = formats.count(some.height, "session")
        yield f"In {counted} of the last year, {', and '.join(parts)}. A watch estimates too, so neither is the truth."


def differences(quantity: Quantity, some: pl.DataFrame) -> list[float]:
    """Ours less the device's, session by session, in per cent of the device's or in the quantity's unit."""
    theirs = pl.col(f"device_{quantity.ours}")
    off = pl.col(quantity.difference)
    known = some.filter(off.is_not_null(), theirs > 0, theirs >= quantity.fewest)
    return known.select(100 * off / theirs if quantity.unit == "%" else off).to_series().to_list()
