"""Tables that other programs write about mornings: which columns are measurements, and whose scales are not ours.

One column that only such a program writes proves whose table it is. Its measurements are read; its sliders are not,
because their ends mean something else than ours. So does a column whose values leave our scale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SLIDERS = frozenset({"fatigue", "soreness", "stress", "sleep_quality", "feel"})
"""Answers whose number means nothing without its scale."""
LOWEST, HIGHEST = 1.0, 7.0
FEWEST_BEYOND = 2
"""One value beyond the scale is a slip of the pen, two are another scale (design value)."""


@dataclass(frozen=True, slots=True)
class Maker:
    """A program: the columns that prove it, and its measurements as (our field, unit), by lower-case names. `days` are
    names under which it writes the day, where they do not look like one."""

    name: str
    proof: frozenset[str]
    columns: Mapping[str, tuple[str, str]]
    days: frozenset[str] = frozenset()


_RESTING, _ASLEEP = ("resting_heart_rate_bpm", "bpm"), ("sleep_h", "h")
_SCORES = frozenset({"sleep_score_7_days", "sleep_score_4_weeks", "sleep_score_1_year"})

MAKERS = (
    Maker(
        "HRV4Training",
        frozenset({
            "avnn", "sdnn", "pnn50", "hrv4t_recovery_points", "physical_condition", "muscle_soreness",
            "training_performance", "trainingperformance", "signal_quality", "mental_energy", "trainingrpe",
            "trainingtss", "lifestyle", "lfhf", "timestamp_measurement",
        }),
        {"rmssd": ("hrv_rmssd_ms", ""), "hr": ("resting_heart_rate_bpm", ""), "sleep_time": ("sleep_h", "h")},
    ),
    Maker(
        "intervals.icu",
        frozenset({"sleepsecs", "sleepscore", "ramprate", "ctlload", "atlload", "hrvsdnn"}),
        {
            "hrv": ("hrv_rmssd_ms", ""), "restinghr": ("resting_heart_rate_bpm", ""),
            "sleepsecs": ("sleep_h", "s"), "weight": ("weight_kg", "kg"),
        },
    ),
    Maker(
        "Garmin Connect",
        _SCORES | {"sleep_need", "body_battery", "overnight_hrv", "7_day_average_hrv"},
        {
            "resting_heart_rate": _RESTING, "ruheherzfrequenz": _RESTING, "fc_au_repos": _RESTING,
            "fc_en_reposo": _RESTING, "fc_a_riposo": _RESTING, "fc_em_repouso": _RESTING,
            "duration": _ASLEEP, "dauer": _ASLEEP, "duree": _ASLEEP, "duracion": _ASLEEP, "durata": _ASLEEP,
            "duracao": _ASLEEP, "duur": _ASLEEP, "overnight_hrv": ("hrv_rmssd_ms", "ms"),
        },
        _SCORES,
    ),
    Maker(  # a cycle begins the evening before: its night and recovery are of the day on which one woke
        "WHOOP",
        frozenset({"recovery_score", "day_strain"}),
        {
            "resting_heart_rate_bpm": _RESTING, "heart_rate_variability_ms": ("hrv_rmssd_ms", "ms"),
            "asleep_duration_min": ("sleep_h", "min"),
        },
        frozenset({"wake_onset"}),
    ),
)  # fmt: skip

FOREIGN = frozenset({
    "readiness", "morning_readiness", "recovery_score", "soreness_area", "effective_time_frame", "motivation",
    "body_battery", "sleep_score", "hrv_cv", "baevskysi", "ln_rmssd", "lnrmssd", "strain", "day_strain",
})  # fmt: skip
"""Columns that programs write and nobody fills in by hand: the scales beside them are not ours either."""


STATED = frozenset({"pain", "pain_place", "pain_next_morning", "red_flag", "cleared", "ill"})
"""Answers about one's health that are taken under these names whoever wrote the columns beside them."""


def maker_of(words: Sequence[str]) -> Maker | None:
    """Whose table a header is, None where nothing proves it."""
    found = {word.replace("_", "") for word in words} | set(words)
    return next((maker for maker in MAKERS if found & maker.proof and found & set(maker.columns)), None)


def other_scale(cells: Sequence[str], foreign: bool) -> bool:
    """Whether a column of slider answers is on another scale than ours: a foreign column beside it, or more than one
    value that ours does not have. Answers out of seven say so themselves."""
    if any(re.search(r"/\s*7\s*$", cell) for cell in cells):
        return False
    beyond = 0
    for cell in cells:
        number = re.fullmatch(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*", cell)
        value = float(number.group(1).replace(",", ".")) if number else LOWEST
        beyond += not LOWEST <= value <= HIGHEST
    return foreign or beyond >= FEWEST_BEYOND
