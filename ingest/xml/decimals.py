"""Decimal numbers of a whole column at once, each equal to Python's `float` of its text to the last bit.

Eight characters are read as one 64-bit word and become a number in a few multiplications for all rows together.
A number of up to 15 digits is an integer over a power of ten, which one division rounds correctly (Clinger, 1990).
Longer ones, as Garmin writes them, are that quotient plus its exact remainder: where the error bound of the sum
leaves only one double, it is the right one. All else (exponents, blanks, words, ties) goes to `float` itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from steadymile.ingest.xml.bytes import Span, in_ascii, words, words_at

ROWS = 16_384
"""Values taken together, so that what is computed stays in the processor's cache."""

DECIMALS_AT_MOST = 32
UNITS = 1e8
"""Numbers are counted in hundred-millionths, so that the first word of decimals is whole."""

ZEROS = np.uint64(0x3030303030303030)
_POINTS = np.uint64(0x2E2E2E2E2E2E2E2E)
_ONES = np.uint64(0x0101010101010101)
_TOPS = np.uint64(0x8080808080808080)
_BYTE = np.uint64(0xFF)
_PAIRS = np.uint64(0x000000FF000000FF)
_EVEN = np.uint64(100 + (1_000_000 << 32))
_ODD = np.uint64(1 + (10_000 << 32))
_ERROR = 2.0**-48 / UNITS
"""More than what rounding and the decimals behind the 24th can add: both summands of `more` are below 1 / UNITS."""
_HIGH_BITS = np.int64(-(1 << 27))
_SHIFTS = np.arange(64, -1, -8, dtype=np.uint64)
"""By how many bits a word is moved so that its first n characters are its last."""
_MASKS = np.array(
    [[(1 << 8 * min(max(n - done, 0), 8)) - 1 for n in (*range(33), 0)] for done in range(0, 32, 8)], np.uint64
)
"""Masks of the first n of the 32 characters of four words; the last column is that of -1."""


def not_digits(digits: np.ndarray) -> np.ndarray:
    """In which columns a byte of the word, or of one of the words, is none of 0 to 9."""
    each = digits.view(np.uint8).reshape(-1, digits.shape[-1], 8)
    if not each.size or each.max() <= 9:
        return np.zeros(digits.shape[-1], bool)
    return np.logical_or.reduce(each > 9, axis=(0, 2))


def eight(digits: np.ndarray) -> np.ndarray:
    """The number that a word's eight bytes 0 to 9 write, the first byte being the first digit."""
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    return ((pairs & _PAIRS) * _EVEN + ((pairs >> np.uint64(16)) & _PAIRS) * _ODD) >> np.uint64(32)


def first_digits(word: np.ndarray, count: int) -> np.ndarray:
    """A word's first characters (0 to 8 of them) as digits, with zeros behind."""
    return (word ^ ZEROS) & _MASKS[0, count]


def decimals(text: bytes, spans: Sequence[Span]) -> list[np.ndarray]:
    """For each span a column of `float(text[start:stop])`, NaN where that is no number.

    Columns are taken together: few long steps cost less than many short ones.
    """
    found = [np.empty(len(start), np.float64) for start, _ in spans]
    step = ROWS // max(len(spans), 1)
    for row in range(0, max(map(len, found), default=0), step):
        part = slice(row, row + step)
        start, stop = (np.concatenate([span[side][part] for span in spans]) for side in (0, 1))
        values, odd = _chunk(text, start, stop)
        for i in np.flatnonzero(odd).tolist():
            values[i] = number(text[start[i] : stop[i]])
        at = 0
        for column in found:
            here = column[part]
            here[:] = values[at : at + len(here)]
            at += len(here)
    return found


def number(text: bytes) -> float:
    """One text as Python reads it, NaN where it is no number; `50,1` is what programs write in half of Europe."""
    with suppress(ValueError):
        return float(text)
    with suppress(ValueError):
        return float(in_ascii(text).replace(b",", b".", 1))
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
    odd = not_digits(whole)
    if before.min() == 0:
        odd |= (before == 0) & (after < 1)  # no digit at all
    if before.max() == 8:
        odd |= (before == 8) & (after >= 0)  # eight characters and more without a point among them
    value = eight(whole).astype(np.float64)
    most = int(after.max())
    if most > DECIMALS_AT_MOST:
        odd |= after > DECIMALS_AT_MOST
        after = np.minimum(after, DECIMALS_AT_MOST)
        most = DECIMALS_AT_MOST
    if most > 0:
        count = (most + 7) // 8
        digits = (words_at(text, start + before + 1, count) ^ ZEROS) & _MASKS[:count].take(after, 1)
        odd |= not_digits(digits)
        parts = eight(digits[:3]).astype(np.float64)
        units = value * UNITS + parts[0]
        value = units / UNITS
        if most > 8:
            value, unsure = _refined(value, units, parts[1:])
            odd |= unsure
    if signed:
        value = np.where(minus, -value, value)
    return value, odd


def _refined(value: np.ndarray, units: np.ndarray, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Quotients with the decimals behind the eighth added, and where two doubles are possible.

    `units - value * UNITS` is exact when value is split: UNITS has 19 bits without its zeros, a half has 27 at most.
    """
    high = (value.view(np.int64) & _HIGH_BITS).view(np.float64)
    rest = (units - high * UNITS) - (value - high) * UNITS
    tail = parts[0] / UNITS
    if len(parts) > 1:
        tail += parts[1] / UNITS**2
    more = (rest + tail) / UNITS
    low = value + (more - _ERROR)
    return low, low != value + (more + _ERROR)
