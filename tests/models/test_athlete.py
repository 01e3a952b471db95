"""What a fact is called and how it is asked for stands with the facts, and nowhere else."""

from __future__ import annotations

from dataclasses import fields

import pytest
from steadymile.models.athlete import ASKED, Facts

from tests.conftest import ROOT

NOT_ASKED = {"goal_mile_s", "randomise", "paused_until"}
"""Facts that a command sets, or a coach."""


def test_every_fact_is_asked_for_but_those_that_a_command_sets():
    assert {f.name for f in fields(Facts)} - NOT_ASKED == set(ASKED) - {"name", "units"}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("weight_kg", "Weight, like 70 kg or 154 lb"),
        ("birth_year", "Year you were born (sharpens the heart-rate estimates)"),
        ("goal", "Goal: walk, mile, 5k, 10k or half"),
        ("cleared", "If so: has a doctor agreed to your running? yes or no (Until then the plan holds walks.)"),
    ],
)
def test_a_question_in_one_line_helps_to_answer_it(name, line):
    assert ASKED[name].in_a_line == line


def test_no_other_file_words_a_question():
    worded = {words for asked in ASKED.values() for words in (asked.question, asked.hint, asked.label) if " " in words}
    others = [*(ROOT / "reports" / "templates").rglob("*.html"), *(ROOT / "pipelines" / "app").glob("*.py")]
    others.append(ROOT / "pipelines" / "commands" / "init.py")
    texts = {path: path.read_text("utf-8") for path in others}
    assert [(str(path), words) for path, text in texts.items() for words in worded if words in text] == []
