"""ISO 8601 times of track files to microseconds since 1970, a whole column at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
NO_TIME = np.iinfo(np.int64).min

_DIGITS = np.array([0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18])
_ONE = re.compile(
    rb"\s*(\d{4})-(\d\d)-(\d\d)(?:[Tt\s](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?\s*"
)
_TAIL = re.compile(rb"(?:\.(\d+))?(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?")


@dataclass(frozen=True, slots=True)
class Times:
    """`us` microseconds since 1970 UTC, NO_TIME where there is none; `offset_s` the stated offset, NaN without.

    `naive` counts times without a zone, read as UTC; `unreadable` texts that are no time.
    """

    us: np.ndarray
    offset_s: np.ndarray
    naive: int
    unreadable: int


def parse_times(values: Sequence[bytes | None]) -> Times:
    """Every value to UTC. `Z`, offsets, no zone, any number of decimals; what is no date and time is NO_TIME."""
    n = len(values)
    us = np.full(n, NO_TIME, np.int64)
    offset = np.full(n, np.nan)
    naive = unreadable = 0
    lengths = np.array([len(v) if v else 0 for v in values], np.int64)
    for length in np.unique(lengths):
        if length == 0:
            continue
        rows = np.flatnonzero(lengths == length)
        texts = [values[i] for i in rows.tolist()] if len(rows) < n else values
        regular, block_us, block_offset, zoned = _block(texts, int(length))  # type: ignore[arg-type]
        us[rows] = block_us
        offset[rows] = block_offset
        naive += 0 if zoned else int(regular.sum())
        for i in rows[~regular].tolist():
            one = _one(values[i] or b"")
            if one is None:
                unreadable += 1
                continue
            us[i], offset[i], has_zone = one
            naive += not has_zone
    return Times(us, offset, naive, unreadable)


def _block(texts: Sequence[bytes], length: int) -> tuple[np.ndarray, np.ndarray, float, bool]:
    """Texts of one length, those laid out like the first of them at once; the rest is left as not regular."""
    n = len(texts)
    tail = _TAIL.fullmatch(texts[0], 19) if length >= 19 else None
    if tail is None:
        return np.zeros(n, bool), np.full(n, NO_TIME), np.nan, True
    fraction, zone = tail.groups()
    matrix = np.frombuffer(b"".join(texts), np.uint8).reshape(n, length)
    digits = matrix[:, _DIGITS].astype(np.int64) - 48
    good = ((digits >= 0) & (digits <= 9)).all(axis=1)
    good &= (matrix[:, 4] == 45) & (matrix[:, 7] == 45) & (matrix[:, 13] == 58) & (matrix[:, 16] == 58)
    good &= (matrix[:, 10] == 84) | (matrix[:, 10] == 32)
    at = 19
    micro = np.zeros(n, np.int64)
    if fraction:
        at = 20 + len(fraction)
        decimals = matrix[:, 20:at].astype(np.int64) - 48
        good &= (matrix[:, 19] == 46) & ((decimals >= 0) & (decimals <= 9)).all(axis=1)
        for place in range(min(6, len(fraction))):
            micro += decimals[:, place] * 10 ** (5 - place)
    if zone:
        good &= (matrix[:, at:] == np.frombuffer(zone, np.uint8)).all(axis=1)
    year = digits[:, 0] * 1000 + digits[:, 1] * 100 + digits[:, 2] * 10 + digits[:, 3]
    month, day = digits[:, 4] * 10 + digits[:, 5], digits[:, 6] * 10 + digits[:, 7]
    hour, minute = digits[:, 8] * 10 + digits[:, 9], digits[:, 10] * 10 + digits[:, 11]
    second = digits[:, 12] * 10 + digits[:, 13]
    good &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second <= 60)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    good &= day <= (months + 1).astype("datetime64[D]").astype(np.int64) - first
    shift = _offset(zone)
    seconds = (first + day - 1) * 86_400 + hour * 3600 + minute * 60 + second - int(shift or 0)
    return good, np.where(good, seconds * 1_000_000 + micro, NO_TIME), np.nan if shift is None else shift, bool(zone)


def _offset(zone: bytes | None) -> float | None:
    """Seconds east of UTC; None for Z and for none, which say nothing of the local clock."""
    if not zone or zone in b"Zz":
        return None
    digits = zone[1:].replace(b":", b"")
    seconds = int(digits[:2]) * 3600 + (int(digits[2:4]) * 60 if len(digits) > 2 else 0)
    return -float(seconds) if zone[:1] == b"-" else float(seconds)


def _one(text: bytes) -> tuple[int, float, bool] | None:
    found = _ONE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    if int(hour or 0) > 23 or int(minute or 0) > 59 or int(second or 0) > 60:
        return None
    try:
        days = date(int(year), int(month), int(day)).toordinal() - EPOCH_ORDINAL
    except ValueError:
        return None
    shift = _offset(zone)
    seconds = days * 86_400 + int(hour or 0) * 3600 + int(minute or 0) * 60 + int(second or 0) - int(shift or 0)
    micro = int((fraction or b"0")[:6].ljust(6, b"0"))
    return seconds * 1_000_000 + micro, np.nan if shift is None else shift, bool(zone)
