"""ISO 8601 times of track files to microseconds since 1970, a whole column at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ingest.xml_bytes import stands, words
from ingest.xml_decimals import MARGIN, eight, first_digits, not_digits

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
NO_TIME = np.iinfo(np.int64).min

_ONE = re.compile(
    rb"\s*(\d{4})-(\d\d)-(\d\d)(?:[Tt\s](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?\s*"
)
_DAY = re.compile(rb"(\d{4})-(\d\d)-(\d\d)[T ]")
_TAIL = re.compile(rb"(?:\.(\d{1,16}))?(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?")
_CLOCK = np.uint64(int.from_bytes(b"00:00:00", "little"))
_CLOCK_SIXES = np.uint64(0x0606000606000606)
_CLOCK_MARKS = np.uint64(0xF0F0FFF0F0FFF0F0)


@dataclass(frozen=True, slots=True)
class Times:
    """`us` microseconds since 1970 UTC, NO_TIME where there is none; `offset_s` the stated offset, NaN without.

    `naive` counts times without a zone, read as UTC; `unreadable` texts that are no time.
    """

    us: np.ndarray
    offset_s: np.ndarray
    naive: int
    unreadable: int

    def followed_by(self, others: Times) -> Times:
        """Both columns as one."""
        return Times(
            np.concatenate([self.us, others.us]),
            np.concatenate([self.offset_s, others.offset_s]),
            self.naive + others.naive,
            self.unreadable + others.unreadable,
        )


def parse_times(values: Sequence[bytes | None]) -> Times:
    """Every value to UTC. `Z`, offsets, no zone, any number of decimals; what is no date and time is NO_TIME."""
    lengths = np.array([len(value) if value else 0 for value in values], np.int64)
    stop = np.cumsum(lengths)
    return times_in(b"".join(value or b"" for value in values) + bytes(MARGIN), stop - lengths, stop)


def times_in(text: bytes, start: np.ndarray, stop: np.ndarray) -> Times:
    """The same for values that stand in a text from `start` to `stop`, with MARGIN bytes behind the last of them."""
    us = np.full(len(start), NO_TIME, np.int64)
    offset = np.full(len(start), np.nan)
    naive = unreadable = 0
    lengths = stop - start
    for length in _distinct(lengths):
        if length <= 0:
            continue
        rows = np.flatnonzero(lengths == length)
        regular, us[rows], offset[rows], zoned = _block(text, start[rows], length)
        naive += 0 if zoned else int(regular.sum())
        for i in rows[~regular].tolist():
            one = _one(text[start[i] : stop[i]])
            if one is None:
                offset[i] = np.nan
                unreadable += 1
                continue
            us[i], offset[i], has_zone = one
            naive += not has_zone
    return Times(us, offset, naive, unreadable)


def _distinct(lengths: np.ndarray) -> list[int]:
    if not len(lengths):
        return []
    least = int(lengths.min())
    return [least] if least == lengths.max() else [int(length) for length in np.unique(lengths)]


def _block(text: bytes, start: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray, float, bool]:
    """Texts of one length, those laid out like the first of them at once; the rest is left as not regular."""
    n = len(start)
    tail = _TAIL.fullmatch(text[start[0] : start[0] + length], 19) if length >= 19 else None
    if tail is None:
        return np.zeros(n, bool), np.full(n, NO_TIME), np.nan, True
    fraction, zone = tail.groups()
    at = words(text)
    days, good = _days(text, at, start)
    clock = at[start + 11] ^ _CLOCK
    good &= (((clock + _CLOCK_SIXES) | clock) & _CLOCK_MARKS) == 0
    pairs = clock * np.uint64(10) + (clock >> np.uint64(8))
    hour, minute, second = (((pairs >> np.uint64(bit)) & np.uint64(0xFF)).astype(np.int64) for bit in (0, 24, 48))
    good &= (hour < 24) & (minute < 60) & (second <= 60)
    micro: np.ndarray | int = 0
    if fraction:
        good &= stands(text, start + 19, b".")
        for done in range(0, len(fraction), 8):
            digits = first_digits(at[start + (20 + done)], min(8, len(fraction) - done))
            good &= not_digits(digits) == 0
            micro = (eight(digits) // np.uint64(100)).astype(np.int64) if done == 0 else micro
    if zone:
        good &= stands(text, start + (length - len(zone)), zone)
    shift = _offset(zone)
    seconds = days * 86_400 + hour * 3600 + minute * 60 + second - int(shift or 0)
    us = seconds * 1_000_000 + micro
    return good, np.where(good, us, NO_TIME), np.nan if shift is None else shift, bool(zone)


def _days(text: bytes, at: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days since 1970 and where there is a date: read once for each stretch of rows with the same one."""
    year_month, month_day = at[start], at[start + 3]
    changed = (year_month[1:] != year_month[:-1]) | (month_day[1:] != month_day[:-1])
    firsts = np.concatenate([[0], np.flatnonzero(changed) + 1])
    known: dict[bytes, int | None] = {}
    for place in start[firsts].tolist():
        written = text[place : place + 11]
        if written not in known:
            known[written] = _day(written)
    found = [known[text[place : place + 11]] for place in start[firsts].tolist()]
    lasts = np.diff(np.append(firsts, len(start)))
    days = np.repeat(np.array([day or 0 for day in found], np.int64), lasts)
    return days, np.repeat(np.array([day is not None for day in found]), lasts)


def _day(written: bytes) -> int | None:
    parts = _DAY.fullmatch(written)
    try:
        return date(*map(int, parts.groups())).toordinal() - EPOCH_ORDINAL if parts else None
    except ValueError:
        return None


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
