"""The newest answer of a pure function, kept for whoever asks the same again.

A night asks the same of one history several times: for the week under way, for the one that comes, and for each as it
was planned. What is asked is told apart by identity, which costs nothing and cannot be wrong: what is frozen does not
change, and an object that is kept cannot be mistaken for another.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
R = TypeVar("R")


def newest(function: Callable[[A, B], R]) -> Callable[[A, B], R]:
    """The function of two arguments, which answers at once where they are those of the last time."""
    kept: list[tuple[A, B, R]] = []

    @wraps(function)
    def asked(a: A, b: B) -> R:
        known = kept[0] if kept else None  # taken once: another thread may replace it meanwhile
        if known is not None and known[0] is a and known[1] is b:
            return known[2]
        found = function(a, b)
        kept[:] = [(a, b, found)]
        return found

    return asked
