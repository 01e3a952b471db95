"""The newest answer of a pure function, kept for whoever asks the same again.

A night asks the same of one history several times: for the week under way, for the one that comes, and for each as it
was planned. What is asked is told apart by identity, which costs nothing and cannot be wrong: what is frozen does not
change, and an object that is kept cannot be mistaken for another.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P, R = ParamSpec("P"), TypeVar("R")


def newest(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which answers at once where its (positional) arguments are those of the last time."""
    kept: list[tuple[tuple[object, ...], R]] = []

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs:
            return function(*args, **kwargs)
        known = kept[0] if kept else None  # taken once: another thread may replace it meanwhile
        if known is not None and len(known[0]) == len(args) and all(a is b for a, b in zip(known[0], args)):
            return known[1]
        found = function(*args)
        kept[:] = [(args, found)]
        return found

    return asked
