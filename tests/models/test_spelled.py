"""Sentences take the policy's numbers from the policy, and never spell one by hand."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.spelled import Spelled, capital, days, share, weeks, word

from tests.models.policy.test_parameters import ROOMS

ROOT = Path(__file__).resolve().parents[2]
NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|\d+)"
BY_HAND = re.compile(
    rf"\b{NUMBER}(?: (?:calm|such|good|quiet))? (?:days|weeks|months)\b|\b\d+ min(?:utes)?\b"
    r"|\b(?:pain|effort|BMI|tiredness|temperature)\b(?: \w+){0,2} (?:of|above|below|over|under) \d+\b(?! m\b)"
    r"|\b\d+ or (?:more|less|above|higher|harder)\b"
    r"|\b(?:a|one|two|three) (?:third|quarter|fifth)s?\b|(?<!or )\bhalf\b(?! marathon| a minute| done)"
    rf"|\b{NUMBER} (?:runs|walks|sessions)\b",
    re.IGNORECASE,
)
WINDOWS = re.compile(
    r"(?:last|of|in|to) (?:7|seven) days|last (?:4|four) weeks|last 21 days|your own 8 weeks|(?:last )?eight weeks"
    r"|sixteen weeks|0 or more",
    re.IGNORECASE,
)
"""Windows that are no parameters: a week, the four of a month, what the memory and the texts look back at."""
SPELLED = {
    "models/assessment/estimates.py": ["12 minutes", "30 minutes", "60 minutes"],  # of efforts: how long
    "models/policy/state.py": ["two walks"],  # that say that legs are well, whatever else the number is
    "models/explain/average.py": ["three runs"],  # of the ordinary week that it compares with
    "models/explain/caveats.py": ["two runs"],  # in a row, as days are
    "pipelines/facts.py": ["half", "half"],  # the goal by its name, and its hours
    "models/physiology/performance.py": ["20 minutes", "two days"],  # of efforts: how long, and more than one
    "models/explain/cap_attribution.py": ["four weeks"],  # of a month, whose best counts
    "models/policy/rules/comfort.py": ["a quarter", "effort of 3"],  # of an hour; what easy feels like on the scale
    "models/policy/rules/goals.py": ["two weeks"],  # after a goal's day: as many as `after_goal` and its sister hold
    "models/policy/rules/pain.py": ["two calm weeks", "Two weeks"],  # of the four that `pain_weeks` counts
    "models/policy/rules/tiredness.py": ["four weeks"],  # the 28 days of `after_effort_days`
    "models/week/goals.py": ["50 min"],  # the goal `walk` by its name
    "models/week/sessions/wording.py": ["10 or harder"],  # the first whole effort above `not_easy_effort`
    "reports/pages/progress.py": ["six weeks"],  # the 42 days of a published formula
}


def spelled_by_hand(source: str) -> list[str]:
    """Numbers of days, weeks or months that stand in the texts of a module, but for docstrings and plain windows."""
    tree = ast.parse(source)
    notes = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in notes]
    said = [text for text in texts if isinstance(text, str) and " " in text]  # others are names
    return [found for text in said for found in BY_HAND.findall(WINDOWS.sub("", text))]


def test_no_sentence_spells_a_number_of_the_policy_by_hand():
    found = {
        path.relative_to(ROOT).as_posix(): spelled_by_hand(path.read_text("utf-8"))
        for room in (*(f"models/{room}" for room in ROOMS), "models/physiology", "reports", "pipelines", "warehouse")
        for path in (ROOT / room).rglob("*.py")
        if path.name != "parameters.py"
    }
    assert {name: texts for name, texts in found.items() if texts} == SPELLED


@pytest.mark.parametrize(
    "text",
    [
        "'no training for the next two days'",
        "f'{x} of three such weeks'",
        "'Two weeks without it.'",
        "'within 14 days'",
        "'Pain of 3 or more'",
        "'pain was above 5'",
        "'a BMI of 30'",
        "'walks of 15 min'",
        "'less than a third of it'",
        "'a run counts half'",
        "'finish four runs'",
    ],
)
def test_the_search_for_spelled_numbers_sees_one(text):
    assert spelled_by_hand(f"x = {text}")


@pytest.mark.parametrize(
    "text",
    [
        "'{p.ill_rest_days:days} of rest'", "'in the last 7 days'", "'of the last four weeks'", "'some days'",
        "f'{n} weeks'", "'the half marathon'", "'half a minute'", "'10k or half.'", "'half'",
        "'one run'", "'pain of {p.pain_block} or less'", "f'{x} min'",
    ],
)  # fmt: skip
def test_the_search_for_spelled_numbers_leaves_the_rest(text):
    assert spelled_by_hand(f"x = {text}") == []
    assert spelled_by_hand("'''Two weeks of rest.'''") == []


@pytest.mark.parametrize(("number", "said"), [(1, "one day"), (2.0, "two days"), (14, "14 days")])
def test_days_are_words_up_to_twelve(number, said):
    assert days(number) == said


@pytest.mark.parametrize(("number", "said"), [(7, "one week"), (12.0, "two weeks"), (56, "eight weeks")])
def test_days_are_said_as_whole_weeks(number, said):
    assert weeks(number) == said


@pytest.mark.parametrize(("number", "said"), [(1 / 3, "a third"), (0.67, "two thirds"), (0.5, "half"), (0.4, "40%")])
def test_shares_are_said_as_fractions_where_there_is_a_word(number, said):
    assert share(number) == said


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest():
    assert [capital(t) for t in ("the mile", "10 km", "")] == ["The mile", "10 km", ""]


def test_half_a_number_stays_in_digits():
    assert word(2.5) == "2.5"


def test_a_template_follows_the_number_of_its_version():
    text = "{p.stop_quiet_days} days, {p.stop_quiet_days:weeks}, {p.pain_calm_days:days}, {p.pain_block:g}"
    assert text.format(p=Spelled(IN_FORCE)) == "14 days, two weeks, two days, 2"
    assert text.format(p=Spelled(replace(IN_FORCE, pain_calm_days=3, pain_block=1.5))).endswith("three days, 1.5")
