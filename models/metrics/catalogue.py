"""The metric card and the catalogue. A metric is one decorated function, registered where it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from steadymile.models.recording import SPLITS


@dataclass(frozen=True, slots=True)
class Value:
    """A number, or None with the reason why there is none. `sd` its standard deviation, `source` how it was got."""

    value: float | None = None
    reason: str | None = None
    sd: float | None = None
    source: str | None = None


def missing(reason: str) -> Value:
    """A value that could not be computed, and why, in a runner's words."""
    return Value(reason=reason)


@dataclass(frozen=True, slots=True)
class Card:
    """What a metric is. `meaning` and `cannot_tell` are one line each, shown to the runner.

    `evidence`: strong, moderate, weak or practice. `adds_up`: sum, mean, max, last or none. `stage`: `file` when the
    recording alone decides it, `person` when facts of the athlete are needed. `definition` is its version: raised
    whenever the number could change.
    """

    name: str
    unit: str
    meaning: str
    cannot_tell: str
    needs: tuple[str, ...]
    source: str
    evidence: str
    adds_up: str
    definition: int
    stage: str


CATALOGUE: dict[str, Card] = {}
FUNCTIONS: dict[str, Callable[[Any], Value | float | None]] = {}


def metric(
    *,
    unit: str,
    needs: tuple[str, ...],
    source: str,
    evidence: str,
    adds_up: str,
    cannot_tell: str,
    definition: int = 1,
    stage: str = "file",
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Register the decorated function under its own name; its docstring's first line is the meaning."""

    def register(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        name = function.__name__
        if name in CATALOGUE:
            raise ValueError(f"metric {name} is defined twice")
        meaning = next(iter((function.__doc__ or "").strip().splitlines()), "")
        if not meaning:
            raise ValueError(f"metric {name} has no meaning: the first line of its docstring is what a runner reads")
        CATALOGUE[name] = Card(name, unit, meaning, cannot_tell, needs, source, evidence, adds_up, definition, stage)
        FUNCTIONS[name] = function
        return function

    return register


HR_BINS = 256
"""Heart-rate histograms hold seconds at 0..255 bpm, so that a change of maximal heart rate needs no re-reading."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A steady stretch of at least 3 minutes: what the talk test is compared with (science 3.5)."""

    kind: str  # run | walk
    duration_s: float
    heart_rate_bpm: float
    grade_adjusted_speed_m_s: float | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What the person stage needs of a recording, small enough to keep beside it.

    `heart_rate_s` seconds of moving time at each bpm, `run_heart_rate_s` of running time, both float64[HR_BINS];
    `energy_s` seconds of moving time at each 0.5 mL/kg/min of the estimated oxygen cost above rest, float64[200];
    `coverage` valid moving seconds over moving seconds; `cadence_lock_share` of moving seconds;
    `peak_20s_bpm` highest 20-s rolling median of the cleaned heart rate, None without;
    `run_grade_adjusted_speed_m_s` and `run_heart_rate_bpm` means over running after the first 5 minutes.
    """

    heart_rate_s: np.ndarray | None = None
    run_heart_rate_s: np.ndarray | None = None
    energy_s: np.ndarray | None = None
    coverage: float | None = None
    cadence_lock_share: float | None = None
    peak_20s_bpm: float | None = None
    run_grade_adjusted_speed_m_s: float | None = None
    run_heart_rate_bpm: float | None = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A recording after the file stage: cleaned samples (SAMPLES), run and walk bouts (BOUTS), one Value per file
    metric of the CATALOGUE, how many samples each Flag touched, the digest, and the splits (SPLITS)."""

    samples: pl.DataFrame
    bouts: pl.DataFrame
    metrics: dict[str, Value]
    counts: dict[str, int] = field(default_factory=dict)
    elevation_source: str | None = None
    digest: Digest = Digest()
    splits: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SPLITS))
