"""The file stage: from an activity as its file tells it to cleaned samples, bouts, file metrics and the digest."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from steadymile.models.measuring.summary import digest
from steadymile.models.metrics.catalogue import Measured, Value, missing
from steadymile.models.metrics.found import CATALOGUE, FUNCTIONS
from steadymile.models.recording import BOUTS, Activity, Flag
from steadymile.models.signal import clean
from steadymile.models.signal.gait import WORDS
from steadymile.models.signal.heart_rate import clean_heart_rate
from steadymile.models.signal.splits import splits
from steadymile.models.signal.timeline import Track, at_samples, fill_heart_rate, lay


def measure(activity: Activity) -> Measured:
    """Clean the samples, lay the track, and compute every file metric of the catalogue, each a value or a reason."""
    cleaned = clean.clean(activity)
    track = lay(cleaned, activity)
    lock_share = _heart_rate(cleaned, track)
    _speed(cleaned, track)
    values = {name: _tidy(FUNCTIONS[name](track)) for name, card in CATALOGUE.items() if card.stage == "file"}
    source = "none" if track.climb is None else track.climb.source
    return Measured(
        samples=cleaned.frame(),
        bouts=bouts_frame(track),
        metrics=values,
        counts=cleaned.counts(),
        elevation_source=source,
        digest=digest(track, cleaned.t_s, cleaned.columns["heart_rate_bpm"], lock_share),
        splits=splits(track),
    )


def _heart_rate(cleaned: clean.Cleaned, track: Track) -> float:
    """Clean the heart rate of samples and cells; the share of moving time in which it followed the steps."""
    raw = cleaned.columns["heart_rate_bpm"]
    if np.isnan(raw).all():
        return 0.0
    speed, moves = at_samples(track, cleaned.t_s)
    hr, flags, share = clean_heart_rate(cleaned.t_s, raw, cleaned.columns["cadence_spm"], speed, moves)
    cleaned.put("heart_rate_bpm", hr)
    cleaned.flags |= flags.astype(np.int32)
    fill_heart_rate(track, cleaned.t_s, hr, flags != 0)
    return float(share)


def _speed(cleaned: clean.Cleaned, track: Track) -> None:
    """Where the file gives no speed, it is that of the distance over 5 s."""
    if track.distance_source is None:
        return
    speed = cleaned.columns["speed_m_s"]
    lacks = np.isnan(speed)
    if not lacks.any():
        return
    derived, _ = at_samples(track, cleaned.t_s)
    filled = lacks & ~np.isnan(derived)
    cleaned.put("speed_m_s", np.where(filled, derived, speed))
    cleaned.flags[filled] |= Flag.SPEED_DERIVED


def _tidy(result: Value | float | None) -> Value:
    """What a metric function gave, as a value: never NaN, never None without a reason."""
    if isinstance(result, Value):
        if result.value is None:
            return result if result.reason else missing("the recording does not hold what it needs")
        return result if math.isfinite(result.value) else missing("the recording gives no finite number")
    if result is None or not math.isfinite(result):
        return missing("the recording does not hold what it needs")
    return Value(float(result))


def bouts_frame(track: Track) -> pl.DataFrame:
    """Stretches of running, walking and standing in order; empty where they cannot be told apart."""
    if not track.gait_known or track.size == 0:
        return pl.DataFrame(schema=BOUTS)
    heard = ~np.isnan(track.hr)
    heard_s = track.bout_sums(track.dt_s * heard)
    beats = track.bout_sums(np.where(heard, track.hr, 0.0) * track.dt_s)
    seconds, metres = track.bout_sums(track.dt_s), track.bout_sums(track.step_m)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate, speed = beats / heard_s, metres / seconds
    unknown = np.full(seconds.size, np.nan)
    columns: dict[str, Any] = {
        "index": np.arange(seconds.size, dtype=np.int32),
        "kind": [WORDS[kind] for kind in track.bout_kind.tolist()],
        "start_s": track.t_s[track.bout_start],
        "duration_s": seconds,
        "distance_m": metres if track.distance_source else unknown,
        "speed_m_s": speed if track.distance_source else unknown,
        "heart_rate_mean_bpm": rate,
    }
    return pl.DataFrame([pl.Series(n, columns[n], kind, nan_to_null=True) for n, kind in BOUTS.items()])
