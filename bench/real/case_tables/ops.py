"""Hostile input and operations: one refused or bounded row, everything else done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.real.case_tables.case import Case, Night

COMPANION = "overlap-watch-run.fit"
"""A sound recording dropped beside each hostile file: it must come in whatever the other does."""


def beside(night: Night) -> Mapping[str, Any]:
    """Whether the companion came in, every file has its row, no number is impossible, and pages were written."""
    row = night.one("SELECT * FROM files WHERE path LIKE '%overlap-watch-run%'")
    odd = "elapsed_s > 864000 OR NOT isfinite(coalesce(distance_m, 0)) OR NOT isfinite(coalesce(load, 0))"
    silent = "status IS NULL OR (status <> 'ingested' AND reason IS NULL)"
    return {
        "companion": row.get("status"),
        "unread": len(night.sql(f"SELECT 1 FROM files WHERE {silent}")),
        "impossible": len(night.sql(f"SELECT 1 FROM activities WHERE {odd}")),
        "page": (night.home / "reports" / "index.html").is_file(),
    }


CASES: tuple[Case, ...] = tuple(
    Case((name, COMPANION), {"companion": "ingested", "unread": 0, "impossible": 0, "page": True}, beside)
    for name in (
        "device_name_escape.fit",
        "dotted.toml",
        "garmin_lone_surrogate.json",
        "lzma_corrupt.zip",
        "markup_creator.gpx",
        "overflow_elapsed.tcx",
        "overlap100.zip",
        "sparse8k.fit",
        "time_float64_mixed.fit",
    )
)
"""Inputs and answers as the README of the cases folder states them."""
