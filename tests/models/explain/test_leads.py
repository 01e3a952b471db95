"""How headlines begin: each lead is found again in whatever was written with it, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from steadymile.models.explain.leads import NEW_GOAL, WORDS, Lead, after, begun, beside_model, code_of, without_model
from steadymile.models.policy.ladder import TRACK
from steadymile.models.weekplan import Action

from tests.conftest import ROOT


@pytest.mark.parametrize("lead", [*Lead, *NEW_GOAL.values()])
def test_a_headline_is_kept_with_the_code_of_its_lead(lead):
    code, headline = begun(lead, "You talked through every run.", "", "Next: 2 runs.")
    assert headline == f"{lead} You talked through every run. Next: 2 runs."
    assert (WORDS[code], after(code, headline)) == (str(lead), "You talked through every run. Next: 2 runs.")


@pytest.mark.parametrize("lead", [*Lead, *NEW_GOAL.values()])
def test_a_headline_of_an_earlier_version_has_the_code_of_its_first_words(lead):
    assert WORDS[code_of(None, f"{lead} You talked through every run.")] == str(lead)
    assert WORDS[code_of(None, str(lead))] == str(lead)


def test_the_code_that_was_stored_is_believed_whatever_the_words_are():
    assert code_of("stop", "Welcome. Next: 2 runs.") == "stop"


@pytest.mark.parametrize("text", ["", "Next: 2 runs.", "Welcome.Back", "One step further, and not longer at all."])
def test_what_no_lead_begins_has_no_code(text):
    assert code_of(None, text) == ""
    assert after("", text) == text


def test_every_goal_has_its_lead():
    assert set(NEW_GOAL) == set(TRACK)


def test_the_models_own_headline_is_taken_off_as_it_was_put_on():
    own = beside_model("Changed by Ada: (The model: x). Next: rest.", "One step further.")
    assert without_model(own, "One step further.") == "Changed by Ada: (The model: x). Next: rest."
    assert without_model(own, "another") == own


ACTIONS = {action.name for action in Action}
"""The leads that are named by what was decided."""


def test_every_lead_begins_some_headline():
    sources = "".join(p.read_text("utf-8") for p in (ROOT / "models").rglob("*.py"))
    assert [lead.name for lead in Lead if f"Lead.{lead.name}" not in sources and lead.name not in ACTIONS] == []
