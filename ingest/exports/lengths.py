"""How long a session took, as people and programs write it in a table.

`0:32:10` and `32 min` mean one thing. Whether `32:10` is minutes or hours, or `1930` seconds or minutes, the column
says, or else the speed that comes out: the readings differ by sixty, so that one at most is that of a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import time
from statistics import median

UNITS_S = {"s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0, "sekunden": 1.0, "min": 60.0, "mins": 60.0,
           "minute": 60.0, "minutes": 60.0, "minuten": 60.0, "minutos": 60.0, "minuti": 60.0, "h": 3600.0, "hr": 3600.0,
           "hrs": 3600.0, "hour": 3600.0, "hours": 3600.0, "std": 3600.0, "stunden": 3600.0,
           "мин": 60.0, "ч": 3600.0, "分钟": 60.0, "分": 60.0}  # fmt: skip
SPEEDS_M_S = (0.5, 15.0)
"""From a stroll to a fast ride: the two readings of a length differ by sixty, so that one at most lies within."""
SPREAD = 2.0
LONG_MIN, SHORT_H = 10, 3
"""Without a distance: `32:10` is minutes where the first number is usually ten or more, `1:05` hours up to three."""


def lengths_s(
    texts: Sequence[str], far_m: Sequence[float | None], unit: str, clock: bool = False
) -> list[float | None] | None:
    """Seconds of each text, None where it is empty or open; None for all where the table leaves open what its numbers
    mean. `far_m` is what was covered, `unit` what the column's name states; with `clock` they may be times of day."""
    sure = [_certain(text, unit) for text in texts]
    unsure = [text for text, known in zip(texts, sure, strict=True) if known is None]
    pairs = [(t, m) for t, m, known in zip(texts, far_m, sure, strict=True) if m and known is None]
    two = _chosen([(t, m) for t, m in pairs if ":" in t], _TWO, [t for t in unsure if ":" in t])
    one = _chosen([(t, m) for t, m in pairs if ":" not in t], _ONE, [])
    if clock and not _no_clock(texts, far_m, two):
        return None
    found = []
    for text, known in zip(texts, sure, strict=True):
        chosen = two if ":" in text else one
        found.append(known if known is not None else chosen(text) if chosen else None)
    return found if any(found) or not any(texts) else None


_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)")


def clock_s(text: str, hours: bool = False) -> float | None:
    """Seconds of `1:07:30`, `28:10.5` or `00:31:24`; None for anything else, and with `hours` for `28:10`."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None or (hours and found.group(1) is None):
        return None
    return 3600.0 * int(found[1] or 0) + 60.0 * int(found[2]) + float(found[3].replace(",", "."))


_CLOCK = re.compile(r"(\d{1,3}):(\d{2})")
_UNITED = re.compile(
    r"(?:(\d+(?:[.,]\d+)?)\s*(?:h|hrs?|hours?|std)\.?)?\s*(?:(\d+(?:[.,]\d+)?)\s*(?:m|mins?|minutes?|minuten|'|\u2032)\.?)?"
    r"\s*(?:(\d+(?:[.,]\d+)?)\s*(?:s|secs?|seconds?|\"|''|\u2033)\.?)?",
    re.I,
)


def _certain(text: str, unit: str) -> float | None:
    """Seconds of what can mean one thing only: `0:32:10`, `32 min`, a number in a column with its unit."""
    if (whole := clock_s(text, hours=True)) is not None:
        return whole
    if found := _CLOCK.fullmatch(text):
        first, second = found.groups()
        if unit in ("mm:ss", "m:ss", "min:sec", "min"):
            return 60.0 * int(first) + int(second)
        return 3600.0 * int(first) + 60.0 * int(second) if unit in ("h:mm", "hh:mm") else None
    number = number_of(text)
    if number is not None:
        return number * UNITS_S[unit] if unit in UNITS_S else None
    if found := re.fullmatch(r"(\d{1,2})\s*h\s*(\d{1,2})", text, re.I):
        return 3600.0 * int(found.group(1)) + 60.0 * int(found.group(2))
    found = _UNITED.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
    return 3600.0 * hours + 60.0 * minutes + seconds


def _two(minute_s: float) -> Callable[[str], float | None]:
    """Reads `a:b` with `a` so many seconds worth, `b` a sixtieth of them."""

    def read(text: str) -> float | None:
        found = _CLOCK.fullmatch(text)
        return None if found is None else minute_s * int(found.group(1)) + minute_s / 60.0 * int(found.group(2))

    return read


def _one(unit_s: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        number = number_of(text)
        return None if number is None else number * unit_s

    return read


_TWO = (_two(60.0), _two(3600.0))
_ONE = (_one(1.0), _one(60.0), _one(3600.0))


def _chosen(
    pairs: Sequence[tuple[str, float]], readings: Sequence[Callable[[str], float | None]], alone: Sequence[str]
) -> Callable[[str], float | None] | None:
    """The one way to read lengths that gives speeds of people; without distances, by the size of `alone`."""
    if pairs:
        fit = []
        for read in readings:
            speeds = [far / lasted for text, far in pairs if (lasted := read(text))]
            if speeds and SPEEDS_M_S[0] <= median(speeds) <= SPEEDS_M_S[1]:
                fit.append(read)
        return fit[0] if len(fit) == 1 else None
    firsts = [int(found.group(1)) for text in alone if (found := _CLOCK.fullmatch(text))]
    if not firsts or SHORT_H < median(firsts) < LONG_MIN:
        return None
    return _TWO[0] if median(firsts) >= LONG_MIN else _TWO[1]


def _no_clock(texts: Sequence[str], far: Sequence[float | None], read: Callable[[str], float | None] | None) -> bool:
    """Whether a column named `time` holds lengths and not times of day: something in it is not a time of day, or the
    speeds that come out are of one kind."""
    if not any(texts) or any(text and time_of_day(text) is None for text in texts):
        return any(texts)
    speeds = [m / s for text, m in zip(texts, far, strict=True) if m and read and (s := read(text))]
    return len(speeds) >= 3 and max(speeds) <= SPREAD * min(speeds)


def time_of_day(text: str) -> time | None:
    """A time of day on the clock; None for what is none, and for `0:32:10`, which is a length."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?", text.strip(), re.I)
    if found is None:
        return None
    hour, minute = int(found.group(1)), int(found.group(2))
    if found.group(4):
        hour = hour % 12 + (12 if found.group(4)[0] in "pP" else 0)
    if hour > 23 or minute > 59 or (found.group(3) and hour == 0):
        return None
    return time(hour, minute)


def number_of(text: str) -> float | None:
    """A number with a decimal point or comma; None for anything else."""
    text = text.strip()
    return float(text.replace(",", ".")) if re.fullmatch(r"\d{1,9}(?:[.,]\d{1,9})?", text) else None
