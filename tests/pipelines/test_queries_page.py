"""Every query of docs/guides/queries.md runs on a home of eight simulated weeks, by the contract views alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import steadymile

PAGE = Path(__file__).parent.parent.parent / "docs" / "guides" / "queries.md"
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
QUESTIONS = re.findall(r"^### \d+\. (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
EMPTY_HERE = {
    "Which mornings were bad ones?",
    "Where did it hurt, and did it settle?",
    "Did a hard session follow a short night or a warm day?",
    "Which files could not be read, and what should I do?",
    "Which sessions were recorded twice?",
    "What did a person change by hand?",
    "How did a week's plan change while it ran?",
}
"""Questions that a healthy simulated runner with sound files gives no rows for."""


def test_each_question_has_one_query() -> None:
    assert len(QUERIES) == len(QUESTIONS) >= 20
    assert set(QUESTIONS) >= EMPTY_HERE


def test_no_query_looks_behind_the_contract() -> None:
    assert [query for query in QUERIES if "base." in query] == []


def test_every_query_runs_and_answers(home: Path) -> None:
    opened = steadymile.open_home(home)
    silent = [
        question
        for question, query in zip(QUESTIONS, QUERIES, strict=True)
        if opened.sql(query).is_empty() and question not in EMPTY_HERE
    ]
    assert silent == []


def test_a_query_that_names_no_column_fails(home: Path) -> None:
    with pytest.raises(Exception, match="nothing_of_that_name"):
        steadymile.open_home(home).sql("SELECT nothing_of_that_name FROM activities")
