"""A number of a view has one home: SQL and its comments name it, and state no threshold of their own."""

from __future__ import annotations

import re

import pytest
from steadymile.models.units import MILE_M
from steadymile.warehouse.database import SQL, definitions
from steadymile.warehouse.numbers import NUMBERS, filled

FILES = [SQL / "macros.sql", *sorted((SQL / "views").glob("*.sql")), *sorted((SQL / "queries").glob("*.sql"))]
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")
COMPARED = re.compile(r"[<>]=? *(\d+)(?![\d.])|\bBETWEEN +(\d+)(?![\d.])", re.IGNORECASE)
PLAIN = {"0", "1", "60", "3600"}
"""Whole numbers that say whether there is something, or are the seconds of a minute and of an hour."""
SHARE = re.compile(r"\d+(?:\.\d+)? %(?! \d)")
RANGES = {"17_estimates.sql": ["90 %"], "18_learned.sql": ["80 %"]}
"""Names of ranges: what they hold is decided where they are computed."""


def thresholds(sql: str) -> list[str]:
    """Decimal numbers, percentages and whole numbers to compare with that SQL states itself."""
    compared = [low or high for low, high in COMPARED.findall(sql)]
    return DECIMAL.findall(sql) + SHARE.findall(sql) + [number for number in compared if number not in PLAIN]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_sql_states_no_threshold_of_its_own(path):
    assert thresholds(path.read_text("utf-8")) == RANGES.get(path.name, [])


@pytest.mark.parametrize(
    "sql",
    [
        "WHEN share > 0.05 THEN 1", "IS 'fair above 5 % gaps'", "metres / 1609.344", "distance_m > 250",
        "pain >=5", "day between 2 AND 9",
    ],
)  # fmt: skip
def test_the_search_for_thresholds_sees_one(sql):
    assert thresholds(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "sum(a) / 60",
        "'[0-10]'",
        "v1.1.0",
        "t.value",
        "'%d:%02d'",
        "a // 60 % 60",
        "runs > 0",
        "s >= 3600",
        "share > @fair_gaps@",
    ],
)
def test_the_search_for_thresholds_leaves_the_rest(sql):
    assert thresholds(sql) == []


def test_a_number_is_filled_in_as_a_number_and_as_percent():
    assert filled("x > @good_coverage@ -- @good_coverage%@") == "x > 0.95 -- 95 %"


def test_a_number_that_has_no_home_is_an_error():
    with pytest.raises(KeyError, match="nobody_knows"):
        filled("@nobody_knows@")


def test_every_number_is_named_somewhere():
    said = "".join(path.read_text("utf-8") for path in FILES)
    assert {name for name in NUMBERS if f"@{name}" not in said} == set()


def test_the_mile_of_sql_is_the_mile_of_python():
    assert f"metres / {MILE_M}" in definitions()[0]
