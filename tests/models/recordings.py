"""Made recordings for the tests of the file stage: plain numbers in, an Activity out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from steadymile.models.recording import SAMPLES, Activity, Device

START = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
METRE_DEG = 1 / 111_195.0
BAROMETER = Device(manufacturer="made", product="watch", barometer=True)


def recording(
    t_s: Any = None, sport: str = "running", shuffle: Any = None, device: Device = BAROMETER, **given: Any
) -> Activity:
    """An activity with a sample at each of `t_s` and the columns that are given; the rest is unknown.

    Columns are named as in SAMPLES; NaN becomes null. Other names go to the Activity (stored, timer, sub_sport, ...).
    `shuffle` reorders the rows.
    """
    t = np.arange(0.0, 600.0) if t_s is None else np.asarray(t_s, dtype=np.float64)
    columns: dict[str, pl.Series] = {
        "time": pl.Series([START + timedelta(seconds=float(s)) for s in t], dtype=SAMPLES["time"]),
        "t_s": pl.Series(t),
        "flags": pl.Series(np.zeros(t.size, np.int32)),
    }
    for name in list(given):
        if name in SAMPLES:
            values = np.broadcast_to(np.asarray(given.pop(name), dtype=np.float64), t.shape)
            columns[name] = pl.Series(np.array(values), nan_to_null=True)
    frame = pl.DataFrame(
        [columns[n].alias(n) if n in columns else pl.Series(n, [None] * t.size, dtype=k) for n, k in SAMPLES.items()]
    )
    if shuffle is not None:
        frame = frame[np.asarray(shuffle)]
    return Activity(START, sport, frame, "made", device=device, **given)


def steady(speed_m_s: float, seconds: int = 600, **given: Any) -> Activity:
    """A recording at one speed, 1 Hz, with distance."""
    t = np.arange(seconds + 1.0)
    return recording(t, distance_m=speed_m_s * t, **given)


def intervals(pattern: list[tuple[float, float, float]], **given: Any) -> Activity:
    """A recording of stretches (seconds, m/s, steps a minute), one after the other, 1 Hz, with distance."""
    speed = np.concatenate([np.full(int(s), v) for s, v, _ in pattern])
    cadence = np.concatenate([np.full(int(s), c) for s, _, c in pattern])
    t = np.arange(speed.size + 1.0)
    distance = np.concatenate(([0.0], np.cumsum(speed)))
    return recording(t, distance_m=distance, cadence_spm=np.append(cadence, cadence[-1]), **given)


def phone_track(
    pattern: list[tuple[float, float]],
    every_s: int = 1,
    error_m: float = 2.0,
    jitter_m: float = 0.2,
    seed: int = 1,
    **given: Any,
) -> Activity:
    """Places alone, of stretches (seconds, m/s) around a 400-m loop, every few seconds, as a receiver sees them: with
    an error of `error_m` that wanders within a minute and a jitter of `jitter_m` from one place to the next."""
    rng = np.random.default_rng(seed)
    wish = np.concatenate([np.full(int(s), v) for s, v in pattern])
    along, size = np.cumsum(_lagged(wish, np.exp(-1 / 2.5))), wish.size
    radius = 400.0 / (2 * np.pi)
    places = []
    for where in (radius * np.cos(along / radius), radius * np.sin(along / radius)):
        keep = np.exp(-1 / 60)
        drift = _lagged(rng.normal(0.0, error_m * np.sqrt(1 - keep**2), size) / (1 - keep), keep)
        places.append(where + drift + rng.normal(0.0, jitter_m, size))
    t = np.arange(0, size, every_s)
    east, north = (place[t] for place in places)
    narrow = np.cos(np.radians(48.0))
    return recording(t, latitude_deg=48.0 + north * METRE_DEG, longitude_deg=9.0 + east * METRE_DEG / narrow, **given)


def _lagged(wish: Any, keep: float) -> Any:
    """A series that follows its wish with a memory of `keep` from second to second."""
    out, value = [], float(wish[0])
    for x in wish.tolist():
        value = keep * value + (1 - keep) * x
        out.append(value)
    return np.array(out)


def northwards(distance_m: Any) -> dict[str, Any]:
    """Positions along a meridian at these distances."""
    d = np.asarray(distance_m, dtype=np.float64)
    return {"latitude_deg": 48.0 + d * METRE_DEG, "longitude_deg": np.full(d.shape, 9.0)}
