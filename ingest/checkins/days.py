"""Days as people and programs write them; light, for athletes.toml is read at every start."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from steadymile.ingest.checkins.months import month_number

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_SLASHED = re.compile(r"\s*(\d{1,2})[/\-](\d{1,2})[/\-](\d{4}|\d{2})(?!\d).*", re.S)
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)")
_WORDED = re.compile(r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})\.?\s+(?:de\s+)?([^\W\d]{3,})\.?,?\s+(?:de\s+)?(\d{4})")
_WORD_FIRST = re.compile(r"(?:[^\W\d]+\.?,?\s+)?([^\W\d]{3,})\.?\s+(\d{1,2}),?\s+(\d{4})")
JALALI, BUDDHIST, HIJRI = range(1369, 1410), range(2533, 2600), range(1411, 1470)
"""Years of other calendars from 1990 on, none of which can be another's: 1404 in Iran is 2025, in Arabia 1983. Days of
the Islamic calendar depend on the country's moon by one or two, so they are asked about."""
_JALALI_LEAP = (1, 5, 9, 13, 17, 22, 26, 30)
"""Years of each 33 that have a day more: in the years above they are those of the calendar that Iran publishes."""
_NOWRUZ = date(2000, 3, 20)
"""The first day of 1379."""
_SERIAL = re.compile(r"([34567]\d{4})(?:[.,]\d+)?")
"""Days since the end of 1899, as spreadsheets keep dates: 1982 to 2119."""


def day_order(texts: Sequence[str]) -> str | None:
    """`dm` or `md` for days like 3/4/2026, `ydm` for years first and then the day, by the rows of the file that can
    only be one of them; else None."""
    middle = [(int(m.group(2)), int(m.group(3))) for text in texts if (m := _YEAR_FIRST.match(text.strip()))]
    if any(a > 12 for a, _ in middle) and not any(b > 12 for _, b in middle):
        return "ydm"
    pairs = [(int(m.group(1)), int(m.group(2))) for text in texts if (m := _SLASHED.fullmatch(text))]
    day_first = any(a > 12 for a, _ in pairs)
    month_first = any(b > 12 for _, b in pairs)
    if day_first == month_first:
        return None
    return "dm" if day_first else "md"


def parse_day(text: str, order: str | None) -> date | None:
    """A day as people and programs write it, None where it is none or could be two."""
    text = text.strip()
    if order == "ydm" and (found := _YEAR_FIRST.match(text)):
        return _day(found.group(1), found.group(3), found.group(2))
    if found := _YEAR_FIRST.match(text) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
        return _day(found.group(1), found.group(2), found.group(3))
    if found := _DOTTED.match(text):
        return _day(_year(found.group(3)), found.group(2), found.group(1))
    if found := _SLASHED.fullmatch(text):
        first, second, year = found.group(1), found.group(2), _year(found.group(3))
        if first == second or order == "dm" or int(year) in JALALI or int(year) in BUDDHIST:  # written day first there
            return _day(year, second, first)
        return _day(year, first, second) if order == "md" else None
    if found := _WORDED.match(text):
        return _day(found.group(3), str(month_number(found.group(2))), found.group(1))
    if found := _WORD_FIRST.match(text):
        return _day(found.group(3), str(month_number(found.group(1))), found.group(2))
    if found := _SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(found.group(1)))
    return None


def _year(text: str) -> str:
    return text if len(text) == 4 else f"20{text}"


def _day(year: str, month: str, day: str) -> date | None:
    try:
        if int(year) in JALALI:
            return _jalali(int(year), int(month), int(day))
        found = date(int(year) - 543 if int(year) in BUDDHIST else int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1990 <= found.year < 2100 else None


def _jalali(year: int, month: int, day: int) -> date | None:
    """A day of the Iranian calendar: six months of 31 days, five of 30, and one of 29, or 30 in a leap year."""
    length = 31 if month <= 6 else 30 if month < 12 or year % 33 in _JALALI_LEAP else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        return None
    years = range(min(year, 1379), max(year, 1379))
    passed = sum(366 if y % 33 in _JALALI_LEAP else 365 for y in years) * (1 if year >= 1379 else -1)
    return _NOWRUZ + timedelta(days=passed + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1)


def is_hijri(text: str) -> bool:
    """Whether a day names a year of the Islamic calendar."""
    return any(int(year) in HIJRI for year in re.findall(r"(?<!\d)\d{4}(?!\d)", text))


def could_be_two(text: str) -> bool:
    """Whether a day like 3/4/2026 is one with the day first and another with the month first."""
    return _SLASHED.fullmatch(text) is not None and bool(parse_day(text, "dm") and parse_day(text, "md"))
