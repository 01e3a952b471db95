"""The samples of one FIT session: native and developer fields of its records, in our units."""

from __future__ import annotations

import numpy as np
import polars as pl
from steadymile.ingest.fit import strap as fit_strap
from steadymile.ingest.fit.frame import frame
from steadymile.ingest.fit.protocol.columns import Table
from steadymile.ingest.fit.protocol.components import accumulated, extract
from steadymile.ingest.fit.protocol.types import EPOCH_S
from steadymile.ingest.fit.spans import (
    SEMICIRCLE_DEG,
    Records,
)
from steadymile.models.recording import SAMPLES, Flag

_NATIVE = {"heart_rate": 3, "cadence": 4, "distance": 5, "speed": 6, "power": 7, "temperature": 13}


def samples_of(
    records: Records, mine: np.ndarray, start: float, factor: float, strap: tuple[np.ndarray, np.ndarray]
) -> pl.DataFrame:
    """The sample table (models/recording.py SAMPLES) of the records in `mine`, from `start` on."""
    table = records.table
    if table is None or not mine.any():
        return pl.DataFrame(schema=SAMPLES)
    rows, t = records.rows[mine], records.t[mine]
    everything = len(rows) == len(table)

    def column(*names: str) -> np.ndarray:
        values = _native_or_developer(table, names)
        return values if everything else values[rows]

    speed, distance = column("enhanced_speed", "speed"), column("distance")
    if table.get("compressed_speed_distance") is not None:
        packed_speed, packed_distance = _compressed_speed_distance(table)
        speed = np.where(np.isnan(speed), packed_speed[rows], speed)
        distance = np.where(np.isnan(distance), packed_distance[rows], distance)
    heart_rate = column("heart_rate")
    flags = np.zeros(len(t), np.int32)
    if len(strap[0]):
        stored = fit_strap.at(t, *strap)
        filled = np.isnan(heart_rate) & ~np.isnan(stored)
        heart_rate = np.where(filled, stored, heart_rate)
        flags[filled] = int(Flag.HR_FROM_STRAP)
    data = {
        "time": ((t + EPOCH_S) * 1_000_000).astype(np.int64).view("datetime64[us]"),
        "t_s": t - start,
        "latitude_deg": column("position_lat") * SEMICIRCLE_DEG,
        "longitude_deg": column("position_long") * SEMICIRCLE_DEG,
        "altitude_m": column("enhanced_altitude", "altitude"),
        "distance_m": distance,
        "speed_m_s": speed,
        "heart_rate_bpm": heart_rate,
        "cadence_spm": factor * (column("cadence") + np.nan_to_num(column("fractional_cadence"))),
        "power_w": column("power"),
        "temperature_c": column("temperature"),
        "flags": flags,
    }
    return frame(data, SAMPLES)


def _native_or_developer(table: Table, names: tuple[str, ...]) -> np.ndarray:
    """The native field; what it lacks, from a developer field that says it stands for it. A distance counts on, so
    it is taken from one of them alone."""
    values = table.numbers(*names)
    native = _NATIVE.get(names[-1])
    lacking = np.isnan(values)
    if native is None or not lacking.any() or (names[-1] == "distance" and not lacking.all()):
        return values
    for key in table.keys:
        if isinstance(key, tuple) and table.native_of(key) == native:
            return np.where(lacking, table.numbers(key), values)
    return values


def _compressed_speed_distance(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Speed (m/s) and cumulative distance (m) of the three-byte field of old foot pods."""
    speed, distance = np.full(len(table), np.nan), np.full(len(table), np.nan)
    column = table.get("compressed_speed_distance")
    if column is None or column.fact is None:
        return speed, distance
    for component in column.fact.components:
        if component.accumulates:
            distance = accumulated(table, column, [component])[:, 0] / (component.scale or 1.0)
        elif (bits := extract(column.raw, component)) is not None:
            speed = np.where(column.valid, bits / (component.scale or 1.0), np.nan)
    return speed, distance
