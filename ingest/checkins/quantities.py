"""Weights, heights and days of the week as people write them."""

from __future__ import annotations

import re

from steadymile.models.units import FOOT_M, POUND_KG

STONE_KG, INCH_CM, FOOT_CM = 14 * POUND_KG, 2.54, 100.0 * FOOT_M
NUMBER = r"(\d+(?:[.,]\d+)?)"
WEEKDAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEVERAL = {"weekdays": (1, 2, 3, 4, 5), "weekend": (6, 7), "weekends": (6, 7), "every day": tuple(range(1, 8)),
           "daily": tuple(range(1, 8)), "all": tuple(range(1, 8)), "any day": tuple(range(1, 8))}  # fmt: skip

SUSPECT = {"weight_kg": (35.0, 140.0), "height_cm": (130.0, 215.0)}
"""Outside these a number without its unit is asked about: 168 may be pounds."""


def number_of(name: str, text: str) -> float:
    """A number with a decimal point or comma, in the unit of the fact or in the one named; seconds also as 8:30.
    Raises ValueError."""
    said = " ".join(text.lower().replace("\u2032", "'").replace("\u2033", '"').replace("\u2019", "'").split())
    if name == "weight_kg":
        if found := re.fullmatch(rf"{NUMBER} ?(?:st|stone)(?: {NUMBER} ?(?:lb|lbs|pounds)?)?", said):
            return round(_float(found[1]) * STONE_KG + _float(found[2] or "0") * POUND_KG, 1)
        if found := re.fullmatch(rf"{NUMBER} ?(?:lb|lbs|pound|pounds)", said):
            return round(_float(found[1]) * POUND_KG, 1)
        said = re.sub(r" ?(?:kg|kilos?|kilograms?)$", "", said)
    if name == "height_cm":
        if found := re.fullmatch(rf"(\d) ?(?:'|ft|feet|foot) ?(?:{NUMBER} ?(?:\"|''|in|inch|inches)?)?", said):
            return round(_float(found[1]) * FOOT_CM + _float(found[2] or "0") * INCH_CM, 1)
        if found := re.fullmatch(rf"{NUMBER} ?(?:\"|in|inch|inches)", said):
            return round(_float(found[1]) * INCH_CM, 1)
        if found := re.fullmatch(r"([12][.,]\d{1,2}) ?(?:m|metres?|meters?)?", said):
            return round(_float(found[1]) * 100.0, 1)
        said = re.sub(r" ?(?:cm|centimetres?|centimeters?)$", "", said)
    if name.endswith("_bpm"):
        said = re.sub(r" ?(?:bpm|beats(?: (?:a|per) minute)?)$", "", said)
    if name == "remind_min":
        said = re.sub(r" ?(?:min|mins|minutes?)$", "", said)
    if name.endswith("_s"):
        if found := re.fullmatch(r"(\d{1,2}):([0-5]\d)(?: ?min)?", said):
            return int(found[1]) * 60.0 + int(found[2])
        said = re.sub(r" ?(?:s|sec|seconds?)$", "", said)
    return _float(said)


def doubted(name: str, text: str) -> str | None:
    """What to ask where a number without its unit is unusual for the unit of the fact; None where it is not."""
    if name not in SUSPECT or not re.fullmatch(NUMBER, text.strip()):
        return None
    low, high = SUSPECT[name]
    if low <= number_of(name, text) <= high:
        return None
    value, unit, other = text.strip(), *(("kg", "lb") if name == "weight_kg" else ("cm", "in"))
    return f"{value} {unit} would be unusual. Write {value} {unit} if it is right, or {value} {other}."


def days_of(text: str) -> tuple[int, ...]:
    """ISO weekdays from names, numbers and ranges: "mon wed fri", "mon-fri", "tuesday and saturday". Raises ValueError
    with the word that is not a day."""
    said = re.sub(r"\s*(?:-|\u2013|\bto\b|\bthrough\b)\s*", "-", " ".join(text.lower().split()))
    if said in SEVERAL:
        return SEVERAL[said]
    days: set[int] = set()
    for word in re.split(r"[\s,;/&+]+", re.sub(r"\band\b", ",", said)):
        if not word:
            continue
        if word in SEVERAL:
            days.update(SEVERAL[word])
            continue
        first, dash, last = word.partition("-")
        begin = _day(first)
        end = _day(last) if dash else begin
        days.update((begin + n - 1) % 7 + 1 for n in range((end - begin) % 7 + 1))
    return tuple(sorted(days))


def days_in_words(days: tuple[int, ...]) -> str:
    """Weekdays as they are shown: Mon, Wed, Fri."""
    return ", ".join(NAMES[day - 1][:3].capitalize() for day in days)


def _day(word: str) -> int:
    plain = word.rstrip(".")
    if plain in ("1", "2", "3", "4", "5", "6", "7"):
        return int(plain)
    plain = plain[:-1] if plain.endswith("s") and plain[:-1] in NAMES else {"weds": "wed"}.get(plain, plain)
    found = [n for n, name in enumerate(NAMES, 1) if len(plain) >= 2 and name.startswith(plain)]
    if len(found) != 1:
        raise ValueError(word)
    return found[0]


def _float(text: str) -> float:
    if not re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", text):
        raise ValueError(text)
    return float(text.replace(",", "."))
