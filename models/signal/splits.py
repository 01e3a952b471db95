"""Kilometre and mile splits: the way cut at whole units, each part with its time, pace, heart rate and steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from steadymile.models.recording import SPLITS
from steadymile.models.signal.series import Floats
from steadymile.models.signal.timeline import Track
from steadymile.models.units import MILE_M

UNITS = {"km": 1000.0, "mile": MILE_M}
LEAST_M = 10.0
"""What is left after the last whole unit is a split of its own from here on."""


def splits(track: Track) -> pl.DataFrame:
    """The splits of a recording; empty where no distance was recorded, or too rarely to know when a kilometre ended."""
    if track.size == 0 or track.sparse or track.distance_source is None:
        return pl.DataFrame(schema=SPLITS)
    way = np.concatenate(([0.0], np.cumsum(track.step_m)))
    if way[-1] < LEAST_M:
        return pl.DataFrame(schema=SPLITS)
    heard, stepping = ~np.isnan(track.hr), track.moving & (track.cadence_spm > 0)
    amounts = {
        "timer_s": track.dt_s,
        "moving_s": track.dt_s * track.moving,
        "beats": np.where(heard, track.hr, 0.0) * track.dt_s,
        "heard_s": track.dt_s * heard,
        "steps": np.where(stepping, track.cadence_spm, 0.0) * track.dt_s,
        "stepping_s": track.dt_s * stepping,
    }
    sums = {name: np.concatenate(([0.0], np.cumsum(amount))) for name, amount in amounts.items()}
    parts = [_of(track, way, amounts, sums, name, length) for name, length in UNITS.items()]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in SPLITS}
    return pl.DataFrame([pl.Series(n, columns[n], kind, nan_to_null=True) for n, kind in SPLITS.items()])


def _of(
    track: Track, way: Floats, amounts: Mapping[str, Floats], sums: Mapping[str, Floats], unit: str, length_m: float
) -> dict[str, np.ndarray]:
    """The splits of one length; `sums` are those of the amounts of the cells before each cell."""
    total = float(way[-1])
    edges = np.arange(0.0, total, length_m)
    if edges.size == 1 or total - edges[-1] >= LEAST_M:
        edges = np.append(edges, total)
    cell = np.clip(np.searchsorted(way, edges, side="left") - 1, 0, track.size - 1)
    within = np.clip((edges - way[cell]) / np.maximum(track.step_m[cell], 1e-9), 0.0, 1.0)
    within[0], cell[0] = 0.0, 0

    def between(name: str) -> Floats:
        """Sum of an amount in each split; cells on an edge are shared by the way covered."""
        return np.diff(sums[name][cell] + within * amounts[name][cell])

    timer_s, moving_s = between("timer_s"), between("moving_s")
    distance_m = np.diff(edges)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "unit": np.full(distance_m.size, unit, dtype=object),
            "index": np.arange(1, distance_m.size + 1, dtype=np.int32),
            "start_s": (track.t_s[cell] + within * track.dt_s[cell])[:-1],
            "timer_s": timer_s,
            "moving_s": moving_s,
            "distance_m": distance_m,
            "pace_s_per_km": np.where(moving_s > 0, 1000.0 * moving_s / distance_m, np.nan),
            "heart_rate_mean_bpm": between("beats") / between("heard_s"),
            "cadence_mean_spm": between("steps") / between("stepping_s"),
            "elevation_change_m": np.diff(track.altitude_m[cell]),
        }
