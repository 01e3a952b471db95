"""The file stage: from an activity as its file tells it to cleaned samples, bouts, file metrics and the digest."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from models import metrics, samples
from models.activity import BOUTS, Activity, Flag
from models.digest import digest
from models.gait import WORDS
from models.heart import clean_heart_rate
from models.metric import CATALOGUE, FUNCTIONS, Measured, Value, missing
from models.series import Floats
from models.track import Track, at_samples, fill_heart_rate, lay

assert metrics.LOADED  # importing the package fills the catalogue


def measure(activity: Activity) -> Measured:
    """Clean the samples, lay the track, and compute every file metric of the catalogue, each a value or a reason."""
    cleaned = samples.clean(activity)
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
    )


def _heart_rate(cleaned: samples.Cleaned, track: Track) -> float:
    """Clean the heart rate of samples and cells; the share of moving time in which it followed the steps."""
    raw = cleaned.columns["heart_rate_bpm"]
    if np.isnan(raw).all():
        return 0.0
    speed, moves = at_samples(track, cleaned.t_s)
    hr, flags, share = clean_heart_rate(cleaned.t_s, raw, cleaned.columns["cadence_spm"], speed, moves)
    cleaned.columns["heart_rate_bpm"] = hr
    cleaned.flags |= flags.astype(np.int32)
    fill_heart_rate(track, cleaned.t_s, hr)
    return float(share)


def _speed(cleaned: samples.Cleaned, track: Track) -> None:
    """Where the file gives no speed, it is that of the distance over 5 s."""
    if track.distance_source is None:
        return
    speed = cleaned.columns["speed_m_s"]
    lacks = np.isnan(speed)
    if not lacks.any():
        return
    derived, _ = at_samples(track, cleaned.t_s)
    filled = lacks & ~np.isnan(derived)
    cleaned.columns["speed_m_s"] = np.where(filled, derived, speed)
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
    rows = []
    for i, (a, b, kind) in enumerate(zip(track.bout_start, track.bout_stop, track.bout_kind)):
        duration = float(track.dt_s[a:b].sum())
        covered = float(track.step_m[a:b].sum()) if track.distance_source else None
        rows.append(
            (
                i,
                WORDS[int(kind)],
                float(track.t_s[a]),
                duration,
                covered,
                covered / duration if covered is not None and duration > 0 else None,
                _mean(track.hr[a:b], track.dt_s[a:b]),
            )
        )
    return pl.DataFrame(rows, schema=BOUTS, orient="row")


def _mean(values: Floats, weights: Floats) -> float | None:
    """Time-weighted mean of the known values, None where there are none."""
    known = ~np.isnan(values)
    total = float(weights[known].sum())
    return float((values[known] * weights[known]).sum()) / total if total > 0 else None
