"""The text of a table, in whatever encoding a spreadsheet wrote it."""

from __future__ import annotations

import re
from contextlib import suppress

DAYS_ABROAD = frozenset({
    "дата", "день", "日期", "日付", "날짜", "ημερομηνία", "التاريخ", "تاريخ", "תאריך", "tarih", "gün", "dato", "päivä",
    "pvm", "päivämäärä", "dátum", "تاریخ",
})  # fmt: skip
"""The names of a day that only a table of sessions has; those in other alphabets say how its letters are written."""
ENCODINGS = ("cp1251", "gb18030", "shift_jis", "euc_kr", "big5", "cp1253", "cp1255", "cp1256", "cp1254")


def text_of(data: bytes) -> str:
    """Text of a table in the encodings that spreadsheets write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(_encoding(data), "replace")


def _encoding(data: bytes) -> str:
    """In which of the older encodings the first line has a word for the day; the western one where it has none."""
    line = data.split(b"\n", 1)[0][:2_000]
    for name in ENCODINGS:
        with suppress(UnicodeDecodeError):
            words = set(re.split(r"\W+", line.decode(name).lower()))
            if any(day in words for day in DAYS_ABROAD if not day.isascii() or (day, name) == ("tarih", "cp1254")):
                return name
    return "cp1252"
