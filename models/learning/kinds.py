"""The few operations of the filter, for arrays over athletes and for one athlete's plain numbers.

NumPy costs more for an array of one than the arithmetic itself, and a night follows one runner through hundreds of
runs. The formulas are written once (effort.py, normal.py) and take one of the two.
"""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np

_ROOT_2 = math.sqrt(2.0)


class Kind(Protocol):
    """What a formula needs of its numbers; the values are arrays or single numbers."""

    def some(self, on: Any) -> bool:
        """Whether it holds anywhere."""

    def where(self, on: Any, yes: Any, no: Any) -> Any:
        """`yes` where it holds, else `no`."""

    def most(self, a: Any, b: Any) -> Any:
        """The larger of two numbers."""

    def least(self, a: Any, b: Any) -> Any:
        """The smaller of two numbers."""

    def known(self, a: Any) -> Any:
        """Whether a number is finite."""

    def root(self, a: Any) -> Any:
        """The square root."""

    def exp(self, a: Any) -> Any:
        """e to the power."""

    def log2(self, a: Any) -> Any:
        """The logarithm to the base 2."""

    def above(self, z: Any) -> Any:
        """P(Z >= z) of the standard normal distribution, exact in the far tail."""


class _Many:
    """Arrays."""

    some = staticmethod(np.any)
    where = staticmethod(np.where)
    most = staticmethod(np.maximum)
    least = staticmethod(np.minimum)
    known = staticmethod(np.isfinite)
    root = staticmethod(np.sqrt)
    exp = staticmethod(np.exp)
    log2 = staticmethod(np.log2)

    @staticmethod
    def above(z: Any) -> Any:
        z = np.asarray(z, dtype=np.float64)
        return np.array([0.5 * math.erfc(x / _ROOT_2) for x in z.ravel().tolist()]).reshape(z.shape)


class _One:
    """Single numbers."""

    some = staticmethod(bool)
    most = staticmethod(max)
    least = staticmethod(min)
    known = staticmethod(math.isfinite)
    root = staticmethod(math.sqrt)
    exp = staticmethod(math.exp)
    log2 = staticmethod(math.log2)

    @staticmethod
    def where(on: Any, yes: Any, no: Any) -> Any:
        return yes if on else no

    @staticmethod
    def above(z: Any) -> Any:
        return 0.5 * math.erfc(z / _ROOT_2)


MANY: Kind = _Many()
ONE: Kind = _One()
