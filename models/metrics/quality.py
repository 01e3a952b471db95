"""How far a recording can be trusted: gaps, jumps and coverage, as shares that can be filtered on."""

from __future__ import annotations

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.signal.timeline import Track

FAIR_GAPS, POOR_GAPS = 0.05, 0.20
FAIR_JUMPS, POOR_JUMPS = 0.01, 0.05
"""Above these shares of gaps or of jumps a recording is called fair, and poor (design values)."""


@metric(
    unit="share",
    needs=("time",),
    source="timer time without a sample within the recording's own gap limit, over timer time",
    evidence="strong",
    adds_up="mean",
    cannot_tell="what happened in the gaps",
)
def gap_share(track: Track) -> Value:
    """Share of the timer's time in which nothing was recorded."""
    if track.size == 0:
        return missing("there are no samples")
    unseen = float(track.dt_s[track.unseen].sum() / track.dt_s.sum())  # moved through, and still not recorded
    return Value(max(0.0, 1.0 - track.sampled_share * (1.0 - unseen)))


@metric(
    unit="share",
    needs=("samples",),
    source="samples with a jump of place or height or a counter that was set back, over all samples",
    evidence="strong",
    adds_up="mean",
    cannot_tell="errors that are small and smooth",
)
def jump_share(track: Track) -> Value:
    """Share of the samples that jump in place, height or distance."""
    if track.samples == 0:
        return missing("there are no samples")
    return Value(track.jumps / track.samples)


@metric(
    unit="share",
    needs=("latitude_deg", "longitude_deg"),
    source="moving time with a place, over moving time",
    evidence="strong",
    adds_up="mean",
    cannot_tell="how exact the places are",
)
def position_coverage(track: Track) -> Value:
    """Share of moving time with a place."""
    moving_s = track.seconds(track.moving)
    if moving_s <= 0 or track.placed.size != track.size:
        return missing("no place was recorded")
    share = float(np.clip(track.seconds(track.moving & track.placed) / moving_s, 0.0, 1.0))
    return Value(share) if share > 0 else missing("no place was recorded")
