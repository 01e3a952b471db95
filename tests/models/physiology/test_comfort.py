"""Comfort: monotone in every answer, neutral about silence."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.physiology.comfort import comfort, comfort_arrays, talk_value
from steadymile.models.policy.parameters import V3_2

TALK = ["no", "equivocal", "yes"]
optional = st.none() | st.floats(0, 1)
answers = st.fixed_dictionaries(
    {
        "talk": st.none() | st.sampled_from(TALK),
        "rpe": st.none() | st.floats(0, 10),
        "share_above": optional,
        "completion": st.none() | st.floats(0, 1.3),
        "feel": st.none() | st.floats(0, 100),
        "decoupling_pct": st.none() | st.floats(-10, 30),
    }
)


@given(answers, st.floats(0, 3), st.sampled_from(["rpe", "share_above", "decoupling_pct"]))
def test_more_strain_never_raises_score_or_credit_nor_opens_the_gate(given_: dict[str, Any], more: float, name: str):
    if given_[name] is None:
        return
    before, after = comfort(**given_), comfort(**(given_ | {name: given_[name] + more}))
    assert after.score <= before.score + 1e-12
    assert after.credit <= before.credit
    assert after.gate >= before.gate


@given(answers, st.floats(0, 0.5), st.sampled_from(["completion", "feel"]))
def test_doing_more_and_feeling_better_never_lower_score_or_credit(given_: dict[str, Any], more: float, name: str):
    if given_[name] is None:
        return
    before, after = comfort(**given_), comfort(**(given_ | {name: given_[name] + more}))
    assert after.score >= before.score - 1e-12
    assert after.credit >= before.credit
    assert after.gate <= before.gate


@given(answers)
def test_a_better_talk_answer_never_lowers_score_or_credit(given_: dict[str, Any]):
    found = [comfort(**(given_ | {"talk": talk})) for talk in TALK]
    assert [c.score for c in found] == sorted(c.score for c in found)
    assert [c.credit for c in found] == sorted(c.credit for c in found)
    assert [not c.gate for c in found] == sorted(not c.gate for c in found)


@given(answers)
def test_score_evidence_and_credit_stay_in_their_ranges(given_: dict[str, Any]):
    found = comfort(**given_)
    assert 0.0 <= found.score <= 1.0
    assert 0.0 <= found.evidence <= 12.0
    assert found.credit in (0.0, 0.5, 0.67, 1.0)
    assert found.credit == 0.0 or not found.gate


def test_every_item_has_its_weight():
    singles = {
        "talk": ("yes", 3), "rpe": (3, 3), "share_above": (0.0, 2), "completion": (0.95, 2), "feel": (100, 1),
        "decoupling_pct": (5, 1),
    }  # fmt: skip
    for name, (best, weight) in singles.items():
        found = comfort(**{name: best})
        assert found.evidence == weight, name
        assert found.score == pytest.approx((weight + 1.5) / (weight + 3)), name


@pytest.mark.parametrize(
    ("name", "worst"),
    [("talk", "no"), ("rpe", 8), ("share_above", 0.5), ("completion", 0.7), ("feel", 0), ("decoupling_pct", 10)],
)
def test_every_item_has_a_worst(name: str, worst: Any):
    found = comfort(**{name: worst})
    assert found.score == pytest.approx(1.5 / (found.evidence + 3))


@pytest.mark.parametrize(
    ("name", "middle"),
    [
        ("talk", "equivocal"),
        ("rpe", 5.5),
        ("share_above", 0.25),
        ("completion", 0.825),
        ("feel", 50),
        ("decoupling_pct", 7.5),
    ],
)
def test_every_item_is_neutral_in_its_middle(name: str, middle: Any):
    assert comfort(**{name: middle}).score == pytest.approx(0.5)


def test_one_talk_answer_is_evidence_enough():
    assert comfort(talk="yes").credit == 1.0
    assert comfort(share_above=0.0).credit == 0.0


@pytest.mark.parametrize(
    ("given_", "gate"),
    [
        ({"talk": "no"}, True),
        ({"talk": "no", "rpe": 4.9}, False),
        ({"talk": "no", "rpe": 5}, True),
        ({"talk": "equivocal", "rpe": 7.9}, False),
        ({"rpe": 8}, True),
        ({"completion": 0.69}, True),
        ({"completion": 0.70}, False),
        ({}, False),
    ],
)
def test_the_gate_closes_where_it_should(given_: dict[str, Any], gate: bool):
    assert comfort(**given_).gate is gate


@pytest.mark.parametrize(
    ("given_", "credit"),
    [
        ({"completion": 0.94}, 0.0),
        ({"completion": 0.95}, 0.67),
        ({"completion": 0.95, "rpe": 3}, 1.0),
        ({"completion": 0.80, "rpe": 3}, 1.0),
        ({"completion": 1.0, "rpe": 7.5, "share_above": 1.0}, 0.5),
        ({"completion": 0.94, "rpe": 7.5, "share_above": 1.0}, 0.0),
    ],
)
def test_credit_follows_evidence_comfort_and_completion(given_: dict[str, Any], credit: float):
    assert comfort(**given_).credit == credit


def test_bouts_under_two_minutes_are_not_asked_for_the_talk_test_but_bad_news_of_them_counts():
    assert talk_value("yes", 119.0) is None
    assert talk_value("no", 119.0) == 0.0
    assert talk_value("no", 119.0, V3_2) is None
    assert talk_value("no", 120.0) == 0.0
    assert talk_value("no", None) == 0.0
    assert comfort("no", longest_bout_s=60.0).evidence == 0.0
    assert comfort("no", longest_bout_s=60.0).gate
    assert talk_value("perhaps") is None


@given(st.one_of(st.none(), st.floats(0.0, 10.0)), st.one_of(st.none(), st.floats(0.0, 1.0)), st.floats(10.0, 119.0))
def test_a_worse_word_about_talking_never_earns_more_after_short_bouts(rpe, completion, bout_s):
    """Effort 6, finished: 1 credit with "yes" and half of one with "barely"."""
    said = [
        comfort(talk, rpe=rpe, completion=completion, longest_bout_s=bout_s)
        for talk in (None, "yes", "equivocal", "no")
    ]
    for better, worse in pairwise(said):
        assert worse.credit <= better.credit
        assert worse.score <= better.score + 1e-12
        assert worse.gate >= better.gate


def test_barely_at_effort_six_counts_half_in_jogs_of_half_a_minute():
    assert comfort("yes", rpe=6.0, completion=1.0, longest_bout_s=30.0).credit == 1.0
    assert comfort("equivocal", rpe=6.0, completion=1.0, longest_bout_s=30.0).credit == 0.5
    assert comfort("equivocal", rpe=6.0, completion=1.0, longest_bout_s=30.0, p=V3_2).credit == 1.0


def test_arrays_and_single_sessions_agree():
    rows = [("yes", 3, 0.1, 1.0, 80, 4.0), ("no", None, 0.9, None, None, None), (None,) * 6]
    columns = [np.array([np.nan if v is None else v for v in column], dtype=float) for column in zip(
        *[(talk_value(r[0]), *r[1:]) for r in rows], strict=True
    )]  # fmt: skip
    many = comfort_arrays(*columns)
    assert [many.of(i) for i in range(3)] == [comfort(*row) for row in rows]


@pytest.mark.parametrize(
    ("full", "more"),
    [
        ({"rpe": 3.0}, {"rpe": 1.0}),
        ({"completion": 0.95}, {"completion": 1.0}),
        ({"decoupling_pct": 5.0}, {"decoupling_pct": 0.0}),
    ],
)
def test_an_answer_counts_no_more_than_fully(full: dict[str, float], more: dict[str, float]):
    assert comfort(**more).score == pytest.approx(comfort(**full).score)
