"""Month names in the languages that watches, exports and people write in."""

from __future__ import annotations

import unicodedata

MONTHS = (
    "jan gen ene sty янв oca", "feb fev fév lut фев şub", "mar mär mrz mrt már мар", "apr avr abr kwi апр nis ápr",
    "may mai mag mei maj мая май máj", "jun juin giu cze июн haz jún", "jul juil lug lip июл tem júl",
    "aug aoû ago agu sie авг ağu", "sep set wrz сен eyl sze", "oct okt out ott paź окт eki", "nov lis ноя kas",
    "dec dez déc dic des gru дек ara",
)  # fmt: skip
"""How each month's name begins, full or short."""


def month_number(word: str) -> int:
    """The month that a word names, 0 where it names none."""
    word = word.lower()
    return next((n for n, names in enumerate(MONTHS, 1) if word.startswith(tuple(names.split()))), 0)


def plain(text: str) -> str:
    """Lower case without accents, for comparing what people write: `Müdigkeit` and `mudigkeit` are one."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(c for c in apart if not unicodedata.combining(c))
