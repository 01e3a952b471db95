"""Tables that other programs write about mornings: which columns are measurements, and whose scales are not ours.

One column that only such a program writes proves whose table it is. Its measurements are read; its sliders are not,
because their ends mean something else than ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Maker:
    """A program: the columns that prove it, and its measurements as (our field, unit), by lower-case names."""

    name: str
    proof: frozenset[str]
    columns: Mapping[str, tuple[str, str]]


MAKERS = (
    Maker(
        "HRV4Training",
        frozenset({
            "avnn", "sdnn", "pnn50", "hrv4t_recovery_points", "physical_condition", "muscle_soreness",
            "training_performance", "trainingperformance", "signal_quality",
        }),
        {"rmssd": ("hrv_rmssd_ms", ""), "hr": ("resting_heart_rate_bpm", "")},
    ),
    Maker(
        "intervals.icu",
        frozenset({"sleepsecs", "sleepscore", "restinghr", "ramprate", "ctlload", "atlload", "hrvsdnn", "spo2"}),
        {
            "hrv": ("hrv_rmssd_ms", ""), "restinghr": ("resting_heart_rate_bpm", ""),
            "sleepsecs": ("sleep_h", "s"), "weight": ("weight_kg", "kg"),
        },
    ),
)  # fmt: skip

SESSIONS = frozenset({"start_date_local", "icu_training_load", "icu_rpe", "icu_intensity", "icu_weighted_avg_watts"})
"""Columns of intervals.icu's list of activities."""


def maker_of(words: Sequence[str]) -> Maker | None:
    """Whose table a header is, None where nothing proves it."""
    found = {word.replace("_", "") for word in words} | set(words)
    return next((maker for maker in MAKERS if found & maker.proof and found & set(maker.columns)), None)
