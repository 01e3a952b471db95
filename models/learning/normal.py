"""The standard normal distribution, and what knowing an interval does to it; arrays or single numbers (kinds.py)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from steadymile.models.learning.kinds import MANY, Kind

_ROOT_2PI = math.sqrt(2.0 * math.pi)
_LEAST = 1e-12


def density(z: Any, x: Kind = MANY) -> Any:
    """phi(z), 0 at infinity."""
    return x.exp(-0.5 * x.least(abs(z), 40.0) ** 2) / _ROOT_2PI


def above(z: np.ndarray) -> np.ndarray:
    """P(Z >= z), exact in the far tail."""
    return np.asarray(MANY.above(z))


def within(mean: Any, sd: Any, low: float, high: float, x: Kind = MANY) -> tuple[Any, Any]:
    """Mean and variance of N(mean, sd) once it is known to lie in [low, high]; either end may be infinite.

    Where the interval has almost no probability, the mean moves to its nearer end and the variance stays.
    """
    a, b = (low - mean) / sd, (high - mean) / sd
    flip = a > 0  # in the upper tail differences are taken on the side where they are exact
    mass = x.above(x.where(flip, a, -b)) - x.above(x.where(flip, b, -a))
    safe = mass > _LEAST
    mass = x.where(safe, mass, 1.0)
    pa, pb = density(a, x), density(b, x)
    shift = (pa - pb) / mass
    edge = x.where(x.known(a), a, 0.0) * pa - x.where(x.known(b), b, 0.0) * pb
    share = x.least(x.most(1.0 + edge / mass - shift**2, 0.0), 1.0)
    nearer = x.least(x.most(mean, low), high)
    return x.where(safe, mean + sd * shift, nearer), x.where(safe, share, 1.0) * sd**2
