"""Looking at many places of a text at once, without copying the text."""

from __future__ import annotations

import numpy as np

ROWS = 1_024
"""Places compared together, so that their bytes stay in the processor's cache."""


def words(text: bytes) -> np.ndarray:
    """The eight bytes from each place on, as little-endian numbers."""
    return np.ndarray(max(len(text) - 7, 0), np.dtype("<u8"), text, 0, (1,))


def bytes_at(text: bytes, length: int) -> np.ndarray:
    """So many bytes from each place on."""
    return np.ndarray(max(len(text) - length + 1, 0), f"V{length}", text, 0, (1,))


def stands(text: bytes, places: np.ndarray, literal: bytes) -> np.ndarray:
    """At which places the text goes on with the literal. All must lie so that it could."""
    at = bytes_at(text, len(literal))
    same = np.ones(len(places), bool)
    for row in range(0, len(places), ROWS):
        found = at[places[row : row + ROWS]]
        if found.tobytes() != literal * len(found):  # one comparison where all are equal, as nearly always
            same[row : row + ROWS] = found == np.void(literal)
    return same
