"""The numbers that SQL and its comments state, filled in from their homes."""

from __future__ import annotations

import re

from steadymile.models.metrics.quality import FAIR_GAPS, FAIR_JUMPS, POOR_GAPS, POOR_JUMPS
from steadymile.models.physiology.session_load import GOOD_COVERAGE, USABLE_COVERAGE
from steadymile.models.units import MILE_M

NUMBERS = {
    "mile_m": MILE_M,
    "fair_gaps": FAIR_GAPS,
    "poor_gaps": POOR_GAPS,
    "fair_jumps": FAIR_JUMPS,
    "poor_jumps": POOR_JUMPS,
    "good_coverage": GOOD_COVERAGE,
    "usable_coverage": USABLE_COVERAGE,
}
_NAMED = re.compile(r"@(\w+)(%?)@")


def filled(sql: str) -> str:
    """SQL with `@name@` as the number of that name, `@name%@` as the share in percent. KeyError for no such name."""
    return _NAMED.sub(lambda m: f"{100.0 * NUMBERS[m[1]]:g} %" if m[2] else f"{NUMBERS[m[1]]!r}", sql)
