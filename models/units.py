"""Lengths that more than one room counts in."""

from __future__ import annotations

MILE_M = 1609.344
"""Metres of the international mile (1959)."""
EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG)."""
