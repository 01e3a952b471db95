"""Decimal numbers of a whole column at once, each equal to Python's `float` of its text to the last bit.

Eight characters are read as one 64-bit word and become a number in a few multiplications for all rows together.
A number of up to 15 digits is an integer over a power of ten, which one division rounds correctly (Clinger, 1990).
Longer ones, as Garmin writes them, are that quotient plus its exact remainder: where the error bound of the sum
leaves only one double, it is the right one. All else (exponents, blanks, words, ties) goes to `float` itself.
"""

from __future__ import annotations

import numpy as np

from ingest.xml_bytes import bytes_at, words

MARGIN = 48
"""So many bytes have to stand in the text behind the last value."""

ROWS = 4_096
"""Rows taken together, so that what is computed stays in the processor's cache."""

DECIMALS_AT_MOST = 32
UNITS = 1e8
"""Numbers are counted in hundred-millionths, so that the first word of decimals is whole."""

ZEROS = np.uint64(0x3030303030303030)
_POINTS = np.uint64(0x2E2E2E2E2E2E2E2E)
_ONES = np.uint64(0x0101010101010101)
_TOPS = np.uint64(0x8080808080808080)
_SIXES = np.uint64(0x0606060606060606)
_NIBBLES = np.uint64(0xF0F0F0F0F0F0F0F0)
_BYTE = np.uint64(0xFF)
_PAIRS = np.uint64(0x000000FF000000FF)
_EVEN = np.uint64(100 + (1_000_000 << 32))
_ODD = np.uint64(1 + (10_000 << 32))
_HIGH_BITS = np.int64(-(1 << 27))
_SHIFTS = np.arange(64, -1, -8, dtype=np.uint64)
"""By how many bits a word is moved so that its first n characters are its last."""
_MASKS = np.array(
    [[(1 << 8 * min(max(n - done, 0), 8)) - 1 for done in range(0, 32, 8)] for n in (*range(33), 0)], np.uint64
)
"""Masks of the first n of the 32 characters of four words; the last row is that of -1."""


def not_digits(digits: np.ndarray) -> np.ndarray:
    """Not 0 where a byte of a word is none of 0 to 9."""
    return ((digits + _SIXES) | digits) & _NIBBLES


def eight(digits: np.ndarray) -> np.ndarray:
    """The number that a word's eight bytes 0 to 9 write, the first byte being the first digit."""
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    return ((pairs & _PAIRS) * _EVEN + ((pairs >> np.uint64(16)) & _PAIRS) * _ODD) >> np.uint64(32)


def first_digits(word: np.ndarray, count: int) -> np.ndarray:
    """A word's first characters (0 to 8 of them) as digits, with zeros behind."""
    return (word ^ ZEROS) & _MASKS[count, 0]


def decimals(text: bytes, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """`float(text[start:stop])` for every row, NaN where that is no number. MARGIN bytes must follow every value."""
    found = np.empty(len(start), np.float64)
    for row in range(0, len(start), ROWS):
        part = slice(row, row + ROWS)
        found[part], odd = _chunk(text, start[part], stop[part])
        for i in (np.flatnonzero(odd) + row).tolist():
            found[i] = number(text[start[i] : stop[i]])
    return found


def number(text: bytes) -> float:
    """One text as Python reads it, NaN where it is no number."""
    try:
        return float(text)
    except ValueError:
        return np.nan


def _chunk(text: bytes, start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values, and which rows are left to `float`."""
    at = words(text)
    word = at[start]
    minus = (word & _BYTE) == 45
    signed = bool(minus.any())
    if signed:
        start = start + minus
        word = at[start]
    length = stop - start
    points = word ^ _POINTS
    points = (points - _ONES) & ~points & _TOPS  # the lowest bit set marks the first point
    before = np.minimum(np.bitwise_count((points - np.uint64(1)) & ~points) >> 3, length)
    after = length - before - 1  # -1 where there is no point
    whole = (word ^ ZEROS) << _SHIFTS.take(before)
    # No digit at all, or eight characters and more without a point among them.
    odd = (not_digits(whole) != 0) | ((before == 0) & (after < 1)) | ((before == 8) & (after >= 0))
    value = eight(whole).astype(np.float64)
    most = int(after.max())
    if most > DECIMALS_AT_MOST:
        odd |= after > DECIMALS_AT_MOST
        after = np.minimum(after, DECIMALS_AT_MOST)
        most = DECIMALS_AT_MOST
    if most > 0:
        count = (most + 7) // 8
        behind = bytes_at(text, 8 * count)[start + before + 1].view("<u8").reshape(-1, count)
        digits = (behind ^ ZEROS) & _MASKS[:, :count].take(after, 0)
        wrong = not_digits(digits)
        if wrong.any():
            odd |= wrong.any(axis=1)
        parts = eight(digits[:, :3]).astype(np.float64)
        units = value * UNITS + parts[:, 0]
        value = units / UNITS
        if most > 8:
            value, unsure = _refined(value, units, parts[:, 1:])
            odd |= unsure
    if signed:
        value = np.where(minus, -value, value)
    return value, odd


def _refined(value: np.ndarray, units: np.ndarray, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quotients with the decimals behind the eighth added, and where two doubles are possible.

    `units - value * UNITS` is exact when value is split: UNITS has 19 bits without its zeros, a half has 27 at most.
    Decimals behind the 24th are less than 1e-16 units and stay within the bound of the error.
    """
    high = (value.view(np.int64) & _HIGH_BITS).view(np.float64)
    rest = (units - high * UNITS) - (value - high) * UNITS
    tail = parts[:, 0] / UNITS
    if parts.shape[1] > 1:
        tail += parts[:, 1] / UNITS**2
    more = (rest + tail) / UNITS
    error = (np.abs(rest) + tail + 1.0) * (2.0**-49 / UNITS)
    low = value + (more - error)
    return low, low != value + (more + error)
