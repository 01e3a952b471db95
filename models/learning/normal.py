"""The standard normal distribution over arrays, and what knowing an interval does to it."""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray
_ROOT_2, _ROOT_2PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)
_LEAST = 1e-12


def density(z: Array) -> Array:
    """phi(z), 0 at infinity."""
    return np.exp(-0.5 * np.minimum(np.abs(z), 40.0) ** 2) / _ROOT_2PI


def above(z: Array) -> Array:
    """P(Z >= z), exact in the far tail."""
    z = np.asarray(z, dtype=np.float64)
    return np.array([0.5 * math.erfc(x / _ROOT_2) for x in z.ravel().tolist()]).reshape(z.shape)


def within(mean: Array, sd: Array, low: float, high: float) -> tuple[Array, Array]:
    """Mean and variance of N(mean, sd) once it is known to lie in [low, high]; either end may be infinite.

    Where the interval has almost no probability, the mean moves to its nearer end and the variance stays.
    """
    a, b = (low - mean) / sd, (high - mean) / sd
    flip = a > 0  # in the upper tail differences are taken on the side where they are exact
    mass = np.where(flip, above(a) - above(b), above(-b) - above(-a))
    safe = mass > _LEAST
    mass = np.where(safe, mass, 1.0)
    pa, pb = density(a), density(b)
    shift = (pa - pb) / mass
    edge = np.where(np.isfinite(a), a, 0.0) * pa - np.where(np.isfinite(b), b, 0.0) * pb
    share = np.clip(1.0 + edge / mass - shift**2, 0.0, 1.0)
    nearer = np.clip(mean, low, high)
    return np.where(safe, mean + sd * shift, nearer), np.where(safe, share, 1.0) * sd**2
