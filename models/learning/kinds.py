"""The few operations of the filter, for arrays over athletes and for one athlete's plain numbers.

NumPy costs more for an array of one than the arithmetic itself, and a night follows one runner through hundreds of
runs. The formulas are written once (filter.py, normal.py) and take one of the two.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

_ROOT_2 = math.sqrt(2.0)
Operation = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a formula needs of its numbers: whether something holds anywhere (`some`), one or the other (`where`), the
    larger (`most`) and the smaller (`least`) of two, whether one is finite (`known`), root, exponential and logarithm,
    and P(Z >= z) of the standard normal distribution, exact in the far tail (`above`)."""

    some: Operation
    where: Operation
    most: Operation
    least: Operation
    known: Operation
    root: Operation
    exp: Operation
    log2: Operation
    above: Operation


def _above_one(z: float) -> float:
    return 0.5 * math.erfc(z / _ROOT_2)


def _above_many(z: Any) -> Any:
    z = np.asarray(z, dtype=np.float64)
    return np.array([_above_one(x) for x in z.ravel().tolist()]).reshape(z.shape)


def _either(on: Any, yes: Any, no: Any) -> Any:
    return yes if on else no


MANY = Kind(np.any, np.where, np.maximum, np.minimum, np.isfinite, np.sqrt, np.exp, np.log2, _above_many)
"""Arrays."""
ONE = Kind(bool, _either, max, min, math.isfinite, math.sqrt, math.exp, math.log2, _above_one)
"""Single numbers."""
