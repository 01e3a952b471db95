"""ISO 8601 times of track files to microseconds since 1970, a whole column at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from steadymile.ingest.xml.bytes import MARGIN, in_ascii, where, words, words_at
from steadymile.ingest.xml.decimals import eight, first_digits, not_digits

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
NO_TIME = np.iinfo(np.int64).min

_ONE = re.compile(
    rb"\s*(\d{4})[-/](\d\d)[-/](\d\d)(?:[Tt\s](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?\s*"
)
_EPOCH = re.compile(rb"\s*(\d{10})(\d{3})?\s*")
_HEAD = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_TAIL = re.compile(rb"(?:\.(\d{1,16}))?(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?")
_DIGITS = frozenset((0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18))


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
        rows = where(lengths == length)
        regular, us[rows], offset[rows], zoned = _block(text, start[rows], length)
        naive += 0 if zoned else int(regular.sum())
        if regular.all():
            continue
        for i in np.arange(len(us))[rows][~regular].tolist():
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
    """Texts of one length, those laid out like the first of them at once; the rest is left as not regular.

    Every text less the layout, which has 0 for each digit and nothing behind the end, is digits and zeros.
    """
    n = len(start)
    first = text[start[0] : start[0] + length]
    tail = _TAIL.fullmatch(first, 19) if length >= 19 else None
    if tail is None or not _HEAD.match(first):
        return np.zeros(n, bool), np.full(n, NO_TIME), np.nan, True
    fraction, zone = tail.groups()
    free = _DIGITS.union(range(20, 20 + len(fraction or b"")))
    count = (length + 7) // 8
    digits = words_at(text, start, count) ^ _column(bytes(48 if i in free else byte for i, byte in enumerate(first)))
    digits &= _column(b"\xff" * length)
    good = ~not_digits(digits)
    fixed = digits & _column(bytes(0 if i in free else 255 for i in range(length)))
    if fixed.any():
        good &= ~fixed.any(axis=0)
    days, dated = _days(text, start, digits)
    pairs = digits[1:3] * np.uint64(10) + (digits[1:3] >> np.uint64(8))
    hour, minute, second = _byte(pairs[0], 3), _byte(pairs[0], 6), _byte(pairs[1], 1)
    good &= dated & (hour < 24) & (minute < 60) & (second <= 60)
    shift = _offset(zone)
    us = (days * 86_400 + hour * 3600 + minute * 60 + (second - int(shift or 0))) * 1_000_000
    if fraction:
        us += (eight(first_digits(words(text)[start + 20], min(8, len(fraction)))) // np.uint64(100)).astype(np.int64)
    return good, np.where(good, us, NO_TIME), np.nan if shift is None else shift, bool(zone)


def _column(text: bytes) -> np.ndarray:
    """Bytes for every row as a column of words, with zeros behind."""
    return np.frombuffer(text + bytes(-len(text) % 8), "<u8").reshape(-1, 1)


def _byte(word: np.ndarray, number: int) -> np.ndarray:
    return ((word >> np.uint64(8 * number)) & np.uint64(0xFF)).astype(np.int64)


def _days(text: bytes, start: np.ndarray, digits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days since 1970 and where there is a date: read once for each stretch of rows with the same one."""
    months, days = digits[0], digits[1] & np.uint64(0xFFFF)
    changed = (months[1:] != months[:-1]) | (days[1:] != days[:-1])
    firsts = np.concatenate([[0], np.flatnonzero(changed) + 1])
    known: dict[bytes, int | None] = {}
    found = []
    for place in start[firsts].tolist():
        written = text[place : place + 10]
        if written not in known:
            known[written] = _day(written)
        found.append(known[written])
    lasts = np.diff(np.append(firsts, len(start)))
    return (
        np.repeat(np.array([day or 0 for day in found], np.int64), lasts),
        np.repeat(np.array([day is not None for day in found]), lasts),
    )


def _day(written: bytes) -> int | None:
    try:
        return date(int(written[:4]), int(written[5:7]), int(written[8:])).toordinal() - EPOCH_ORDINAL
    except ValueError:
        return None


def _offset(zone: bytes | None) -> float | None:
    """Seconds east of UTC; None for Z and for none, which say nothing of the local clock."""
    if not zone or zone in b"Zz":
        return None
    digits = zone[1:].replace(b":", b"")
    seconds = int(digits[:2]) * 3600 + (int(digits[2:4]) * 60 if len(digits) > 2 else 0)
    return -float(seconds) if zone[:1] == b"-" else float(seconds)


ERAS = (("Buddhist", -543, 1990 + 543, 2100 + 543), ("Japanese", 2018, 2, 21))
"""Calendars of telephones that count the years from elsewhere and keep months and days: the name, years to add, and the
first and last year of a recording in it. Thailand's is 543 ahead; Reiwa 1 was 2019, and in many programs the year 1
stands for no time at all."""


def common_era(us: np.ndarray) -> tuple[np.ndarray, str | None]:
    """Times (in microseconds) whose years were all of another calendar, put right, with a note; others as they are."""
    known = us != NO_TIME
    if not known.any():
        return us, None
    when = us[known].astype("M8[us]")
    months = when.astype("M8[M]")
    years = months.astype("M8[Y]").astype(np.int64) + 1970
    for name, add, first, last in ERAS:
        if first <= years.min() and years.max() <= last:
            found = us.copy()
            found[known] = ((months + 12 * add).astype("M8[us]") + (when - months)).astype(np.int64)
            return found, f"the years were those of the {name} calendar"
    return us, None


def _one(text: bytes) -> tuple[int, float, bool] | None:
    found = _ONE.fullmatch(text) or _ONE.fullmatch(in_ascii(text))
    if found is None:
        return _counted(text)
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


def _counted(text: bytes) -> tuple[int, float, bool] | None:
    """Seconds or milliseconds since 1970, which are of ten digits and thirteen from 2001 on."""
    found = _EPOCH.fullmatch(text)
    if found is None:
        return None
    return int(found.group(1)) * 1_000_000 + int(found.group(2) or 0) * 1_000, np.nan, True
