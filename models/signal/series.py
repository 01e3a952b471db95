"""Small numpy tools on one-dimensional series that come in pieces; every window stops at its piece's ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """For each element of a series the first and last index of the piece it belongs to."""

    first: Ints
    last: Ints

    @classmethod
    def from_starts(cls, is_start: Bools) -> Pieces:
        """Pieces that begin wherever `is_start` is true; the first element always begins one."""
        n = is_start.size
        if n == 0:
            empty = np.zeros(0, np.int64)
            return cls(empty, empty)
        starts = np.flatnonzero(is_start)
        if starts.size == 0 or starts[0] != 0:
            starts = np.concatenate(([0], starts))
        lengths = np.diff(np.append(starts, n))
        return cls(np.repeat(starts, lengths), np.repeat(starts + lengths - 1, lengths))

    def bounds(self) -> list[tuple[int, int]]:
        """(start, stop) of each piece, stop exclusive."""
        starts = np.unique(self.first)
        return [(int(s), int(self.last[s]) + 1) for s in starts]

    def window(self, before: int, after: int) -> tuple[Ints, Ints]:
        """Start and stop (exclusive) of the window from `before` elements back to `after` ahead, cut at the ends."""
        i = np.arange(self.first.size)
        return np.maximum(i - before, self.first), np.minimum(i + after, self.last) + 1


def rolling_mean(x: Floats, pieces: Pieces, width: int) -> Floats:
    """Centred mean over `width` elements, shorter at the ends of a piece."""
    half = width // 2
    low, high = pieces.window(half, width - 1 - half)
    total = np.concatenate(([0.0], np.cumsum(x)))
    return (total[high] - total[low]) / (high - low)


def rolling_mean_nearest(x: Floats, pieces: Pieces, width: int) -> Floats:
    """Centred mean over `width` elements (odd); beyond the ends of a piece its end values stand in."""
    half = width // 2
    low, high = pieces.window(half, half)
    i = np.arange(x.size)
    # Sums of a series near its own level keep their digits over 10 million samples.
    level = x[0] if x.size else 0.0
    total = np.concatenate(([0.0], np.cumsum(x - level)))
    inside = total[high] - total[low]
    left = (low - (i - half)) * (x[pieces.first] - level)
    right = ((i + half + 1) - high) * (x[pieces.last] - level)
    return level + (inside + left + right) / width


def median_of_five(x: Floats, pieces: Pieces) -> Floats:
    """Centred running median of five; beyond the ends of a piece its end values stand in."""
    i = np.arange(x.size)
    a, b, c, d, e = (x[np.clip(i + k, pieces.first, pieces.last)] for k in (-2, -1, 0, 1, 2))
    low_ab, high_ab = np.minimum(a, b), np.maximum(a, b)
    low_de, high_de = np.minimum(d, e), np.maximum(d, e)
    # The least and the greatest of the two pairs cannot be the median: it is that of the three left over.
    p, q = np.maximum(low_ab, low_de), np.minimum(high_ab, high_de)
    return np.maximum(np.minimum(p, q), np.minimum(np.maximum(p, q), c))


def all_ahead(condition: Bools, length: int) -> Bools:
    """True where `condition` holds here and for the next `length` - 1 elements."""
    n = condition.size
    total = np.concatenate(([0], np.cumsum(condition)))
    held = np.zeros(n, np.bool_)
    if n >= length:
        held[: n - length + 1] = (total[length:] - total[:-length]) == length
    return held


def run_lengths(labels: Ints) -> tuple[Ints, Ints]:
    """(start, length) of each stretch of equal labels."""
    if labels.size == 0:
        empty = np.zeros(0, np.int64)
        return empty, empty
    starts = np.concatenate(([0], np.flatnonzero(labels[1:] != labels[:-1]) + 1))
    return starts, np.diff(np.append(starts, labels.size))


def robust_sd(x: Floats) -> float:
    """1.4826 times the median absolute deviation: the standard deviation of normal data, deaf to outliers."""
    return float(1.4826 * np.median(np.abs(x - np.median(x))))
