"""How headlines begin: each lead is found again in whatever was written with it, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from steadymile.models.explain.leads import NEW_GOAL, Lead, beside_model, parted, without_model
from steadymile.models.policy.ladder import TRACK


@pytest.mark.parametrize("lead", [*Lead, *NEW_GOAL.values()])
def test_a_headline_is_parted_after_its_lead(lead):
    assert parted(f"{lead} You talked through every run. Next: 2 runs.") == (
        str(lead), "You talked through every run. Next: 2 runs.",
    )  # fmt: skip
    assert parted(str(lead)) == (str(lead), "")


@pytest.mark.parametrize("text", ["", "Next: 2 runs.", "Welcome.Back", "One step further, and not longer at all."])
def test_what_no_lead_begins_is_left_whole(text):
    assert parted(text) == ("", text)


def test_every_goal_has_its_lead():
    assert set(NEW_GOAL) == set(TRACK)


def test_the_models_own_headline_is_taken_off_as_it_was_put_on():
    own = beside_model("Changed by Ada: (The model: x). Next: rest.", "One step further.")
    assert without_model(own, "One step further.") == "Changed by Ada: (The model: x). Next: rest."
    assert without_model(own, "another") == own
