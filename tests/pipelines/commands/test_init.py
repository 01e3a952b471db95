"""Making a home asks each fact once, keeps every answer, and shows what was understood."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from steadymile.pipelines import home as homes
from steadymile.pipelines.commands.init import init_home
from steadymile.pipelines.home import Home
from steadymile.warehouse.journal import Journal

from tests.pipelines.conftest import settings_of

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Person:
    """Answers by the fact that a question is about; remembers what was asked."""

    def __init__(self, stop: str = "", **answers: str) -> None:
        self.answers, self.asked, self.stop = answers, [], stop

    def __call__(self, question: str, **_: object) -> str:
        self.asked.append(question)
        assert len(self.asked) < 60
        if self.stop and self.stop in question:
            raise KeyboardInterrupt
        for name, answer in self.answers.items():
            if name in question:
                return answer
        return ""


def facts(home: Path):
    return Home(home).athletes()["me"]


def test_asking_again_after_an_interruption_goes_on_with_the_health_questions_first(tmp_path):
    first = Person(stop="Sex", kidney="no", born="1985")
    with pytest.raises(KeyboardInterrupt):
        init_home(settings_of(tmp_path), {}, ask=True, prompt=first)
    assert "kidney" in first.asked[0]
    assert facts(tmp_path).base.birth_year == 1985
    again = Person()
    init_home(settings_of(tmp_path), {}, ask=True, prompt=again)
    assert not any("kidney" in q or "born" in q for q in again.asked)
    assert any("Sex" in q for q in again.asked)


def test_what_was_understood_is_shown_and_one_answer_can_be_changed(tmp_path):
    class Changes(Person):
        def __call__(self, question: str, **_: object) -> str:
            if question.startswith("This is noted") and not any(q.startswith("This is noted") for q in self.asked):
                self.asked.append(question)
                return "days"
            if "Days that suit" in question and any(q.startswith("This is noted") for q in self.asked):
                return "tue sat"
            return super().__call__(question)

    person = Changes(Days="mon-wed", Weight="154 lb")
    init_home(settings_of(tmp_path), {}, ask=True, prompt=person)
    shown = next(q for q in person.asked if q.startswith("This is noted"))
    assert "days_free = Mon, Tue, Wed" in shown
    assert "weight_kg = 69.9 kg (154 lb)" in shown
    assert facts(tmp_path).base.days_free == (2, 6)


def test_a_sore_place_becomes_a_check_in_of_today(tmp_path):
    person = Person(call="Ada", hurt="left knee 3")
    init_home(settings_of(tmp_path), {}, ask=True, prompt=person, now=NOW)
    (entry,) = Journal(Home(tmp_path).journal).read({"checkin"})
    assert entry.payload["values"] == {"pain": 3.0, "pain_place": "left knee"}
    assert facts(tmp_path).name == "Ada"


def test_a_weight_that_may_be_in_pounds_is_asked_about(tmp_path):
    class Doubts(Person):
        def __call__(self, question: str, **_: object) -> str:
            return "168 lb" if "would be unusual" in question else super().__call__(question)

    init_home(settings_of(tmp_path), {}, ask=True, prompt=Doubts(Weight="168"))
    assert facts(tmp_path).base.weight_kg == pytest.approx(76.2)


def test_athletes_toml_is_read_once_and_once_a_change(tmp_path, monkeypatch):
    read, seen = homes.read_toml, []
    monkeypatch.setattr(homes, "read_toml", lambda path: seen.append(path) or read(path))
    init_home(settings_of(tmp_path), {"goal": "mile"}, ask=True, prompt=Person(born="1985"), now=NOW)
    assert len(seen) == 3
