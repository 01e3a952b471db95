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
        if first == second or order == "dm":
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
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1990 <= found.year < 2100 else None


def could_be_two(text: str) -> bool:
    """Whether a day like 3/4/2026 is one with the day first and another with the month first."""
    return _SLASHED.fullmatch(text) is not None and bool(parse_day(text, "dm") and parse_day(text, "md"))
