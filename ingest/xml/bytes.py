"""Looking at many places of a text at once, without copying the text."""

from __future__ import annotations

import unicodedata

import numpy as np

Span = tuple[np.ndarray, np.ndarray]
"""Values in a text: the place of the first byte of each, and that behind its last."""

MARGIN = 48
"""So many bytes have to stand in the text behind the last value: values are read in words, and past their ends."""

ROWS = 1_024
"""Places compared together, so that their bytes stay in the processor's cache."""


def words(text: bytes) -> np.ndarray:
    """The eight bytes from each place on, as little-endian numbers."""
    return np.ndarray(max(len(text) - 7, 0), np.dtype("<u8"), text, 0, (1,))


def bytes_at(text: bytes, length: int) -> np.ndarray:
    """So many bytes from each place on."""
    return np.ndarray(max(len(text) - length + 1, 0), f"V{length}", text, 0, (1,))


def words_at(text: bytes, places: np.ndarray, count: int) -> np.ndarray:
    """The first so many words at some places: one row for the first word of all, one for the second, and so on."""
    return np.ascontiguousarray(bytes_at(text, 8 * count)[places].view("<u8").reshape(-1, count).T)


def stands(text: bytes, places: np.ndarray, literal: bytes) -> np.ndarray:
    """At which places the text goes on with the literal. All must lie so that it could."""
    at = bytes_at(text, len(literal))
    same = np.ones(len(places), bool)
    for row in range(0, len(places), ROWS):
        found = at[places[row : row + ROWS]]
        if found.tobytes() != literal * len(found):  # one comparison where all are equal, as nearly always
            same[row : row + ROWS] = found == np.void(literal)
    return same


def where(true: np.ndarray) -> slice | np.ndarray:
    """An index of the true rows, a slice where they follow each other."""
    if true.all():
        return slice(0, len(true))
    rows = np.flatnonzero(true)
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1:
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def in_ascii(text: bytes) -> bytes:
    """The text with digits, points and minus signs of other scripts as ASCII: a telephone set to Arabic or Persian
    writes its own."""
    if text.isascii():
        return text
    letters = text.decode("utf-8", "replace").translate({0x066B: ".", 0x2212: "-", 0x200E: None, 0x200F: None})
    return "".join(str(unicodedata.digit(c, c)) for c in letters).encode("utf-8")
