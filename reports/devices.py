"""Devices as people call them, from the names that files give: `Watch5,1`, `garmin fr245`. Unknown ones
stay as they are.

`devices.tsv` holds Apple's public model identifiers; Garmin's product names say themselves what they mean.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "devices.tsv"
FAMILIES = (
    ("fr", "Forerunner"), ("fenix", "fēnix"), ("vivoactive", "vívoactive"),
    ("instinct_crossover", "Instinct Crossover"),
    ("instinct", "Instinct"), ("venusq", "Venu Sq"), ("venu", "Venu"), ("enduro", "Enduro"), ("edge", "Edge"),
    ("tactix", "tactix"),
)  # fmt: skip
SUFFIXES = {
    "music": "Music", "m": "Music", "plus": "Plus", "pro": "Pro", "solar": "Solar", "lte": "LTE", "sport": "Sport",
    "small": "S", "large": "", "xt": "XT", "s": "S", "x": "X",
}  # fmt: skip
"""What stands behind a model's number; the edition's size is not told where only its case differs."""


@cache
def known() -> dict[str, str]:
    """Names by the identifier in files."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@cache
def device_name(device: str) -> str:
    """How people call a device; what files made by apps put for a maker (`development`) is left out."""
    plain = device.removeprefix("development").strip()
    own = plain.removeprefix("apple ").strip()
    if own in known():
        return known()[own]
    if plain.startswith("garmin "):
        return f"Garmin {_garmin(plain.removeprefix('garmin '))}"
    return plain


def _garmin(product: str) -> str:
    """A product of Garmin's list: family, number and edition; as it is where it is not put together like that."""
    for family, name in FAMILIES:
        found = re.fullmatch(rf"{family}_?(\d*)([a-z]*)((?:_[a-z]+)*)", product)
        if found is None:
            continue
        number, letter, rest = found.groups()
        words = [letter, *rest.strip("_").split("_")]
        if any(word and word not in SUFFIXES for word in words):
            return product
        close = SUFFIXES.get(letter, "") if letter in ("s", "x", "xt") else ""
        if "small" in words:
            close = "S"
        more = [SUFFIXES[w] for w in words if w and w not in ("s", "x", "xt", "small", "large")]
        return " ".join(part for part in (name, f"{number}{close}", *more) if part)
    return product
