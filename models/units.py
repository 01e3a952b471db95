"""Lengths and weights that more than one room counts in."""

from __future__ import annotations

MILE_M = 1609.344
"""Metres of the international mile (1959)."""
FOOT_M = 0.3048
POUND_KG = 0.45359237
"""The international foot and pound (1959)."""
EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG)."""
