"""What one top-level file of the inbox may cost, whatever is inside it: its members share one budget, which grows with
the bytes on the disk. A ten-year export has plenty; a few bytes that unfold to millions of samples do not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from steadymile.models.recording import Activity

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left: processor time [s], decompressed bytes, samples, seconds of time on the one-second grid (where gaps
    count too) and activities."""

    cpu_s: float
    bytes_out: float
    samples: float
    cells: float
    activities: float

    def less(self, spent: Budget) -> Budget:
        """What is left after so much was spent."""
        return Budget(
            self.cpu_s - spent.cpu_s,
            self.bytes_out - spent.bytes_out,
            self.samples - spent.samples,
            self.cells - spent.cells,
            self.activities - spent.activities,
        )

    def lacking(self) -> str | None:
        """What has run out, in words; None where everything is left."""
        words = {
            "cpu_s": "processor time",
            "bytes_out": "decompressed bytes",
            "samples": "samples",
            "cells": "seconds of recording",
            "activities": "activities",
        }
        return next((word for name, word in words.items() if getattr(self, name) < 0), None)


NOTHING = Budget(0.0, 0.0, 0.0, 0.0, 0.0)


def budget_of(bytes_on_disk: int) -> Budget:
    """The budget of a top-level file. The figures are design values, set far above what a sample (a byte or more even
    in a zip), an hour of recording (a thousand bytes) or an activity (a hundred) takes in the files of watches; they
    were not fitted to a collection of files."""
    mib = bytes_on_disk / MIB
    return Budget(
        cpu_s=20.0 + 60.0 * mib,
        bytes_out=256.0 * MIB + 300.0 * bytes_on_disk,
        samples=200_000.0 + 4.0 * bytes_on_disk,
        cells=2_000_000.0 + 50.0 * bytes_on_disk,
        activities=500.0 + bytes_on_disk / 20.0,
    )


def cost_of(activities: tuple[Activity, ...], data: bytes) -> Budget:
    """What measuring these activities of a file will cost, without the processor time, which shows afterwards."""
    return replace(
        NOTHING,
        bytes_out=float(len(data)),
        samples=float(sum(activity.samples.height for activity in activities)),
        cells=float(sum(span_s(activity) for activity in activities)),
        activities=float(len(activities)),
    )


def span_s(activity: Activity) -> float:
    """From the first to the last sample [s]."""
    if not activity.samples.height or "t_s" not in activity.samples.columns:
        return 0.0
    last, first = activity.samples["t_s"].max(), activity.samples["t_s"].min()
    return float(last) - float(first) if isinstance(last, int | float) and isinstance(first, int | float) else 0.0
