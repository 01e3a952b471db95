"""What is believed about a runner, as sentences: from rows of the view `learned`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

FEWEST_SAID = 3
"""Answered sessions before a forecast is said to be about this person."""


def expectation(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """How hard the longest run of the week will feel; None where no run is planned or too little was answered."""
    by_name = {row["name"]: row for row in rows}
    here = by_name.get("effort_here")
    if here is None or here["value"] is None or (here["n"] or 0) < FEWEST_SAID:
        return None
    said = (
        f"We expect the longest run to feel like {here['value']:.0f} of 10 "
        f"({here['low']:.0f} to {here['high']:.0f}) for you"
    )
    recent = by_name.get("recent_effort")
    if recent is not None and recent["value"] is not None:
        runs = "run" if recent["n"] == 1 else f"{recent['n']} runs"
        said += f"; your last {runs} with an answer felt like {recent['value']:.0f}"
    return f"{said}. An average beginner would expect {here['average']:.0f}."
