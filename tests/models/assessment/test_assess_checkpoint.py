"""Going on from what the sessions came to the last time gives what going through all of them gives."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.assessment.assess import LATE_SESSIONS, assess
from steadymile.models.assessment.assess_checkpoint import past_from
from steadymile.models.session import Day

from tests.models.assessment.test_assess import ANNA, START, run, with_heart_rate

COUNT = 70


def life(seed: int = 1):
    """Runs every other day with some answers and some peaks that move what is believed of the heart."""
    rng = np.random.default_rng(seed)
    runs = []
    for i in range(COUNT):
        bpm = float(rng.integers(120, 175))
        digest = with_heart_rate(bpm, float(rng.integers(600, 3000)), peak_20s_bpm=bpm + float(rng.integers(0, 25)))
        said = {"rpe": float(rng.integers(1, 9))} if rng.random() < 0.5 else {}
        talk = {"talk_test": str(rng.choice(["yes", "equivocal", "no"]))} if rng.random() < 0.5 else {}
        runs.append(run(i, digest, fingerprint=i, **said, **talk))
    return runs


DAYS = [Day(START + timedelta(days=i), {"resting_heart_rate_bpm": 55.0 + i % 7}) for i in range(150)]
BEN = replace(ANNA, base=replace(ANNA.base, maximal_heart_rate_bpm=None, resting_heart_rate_bpm=None))


def through_json(past):
    return past and past_from(json.loads(json.dumps(past.plain())))


def said(found):
    return (found.days.rows(), found.body, found.body_history, found.held, found.past)


def gone_on(earlier, then, now, on):
    """The whole assessment and one that goes on; what goes on leaves out only metrics that are as they were."""
    before = assess(BEN, earlier, DAYS, then)
    whole, later = assess(BEN, now, DAYS, on), assess(BEN, now, DAYS, on, past=through_json(before.past))
    assert said(later)[:-1] == said(whole)[:-1]
    if whole.past is not None:  # the marks differ: one may go on from where one went on before
        assert replace(later.past, marks=()) == replace(whole.past, marks=())
    assert {i: before.metrics[i] for i in later.kept} | later.metrics == whole.metrics
    assert not later.kept & later.metrics.keys()
    return later


@given(
    seed=st.integers(0, 10_000),
    known=st.sets(st.integers(0, COUNT - 1), min_size=1),
    more=st.sets(st.integers(0, COUNT - 1)),
    days=st.tuples(st.integers(0, 150), st.integers(0, 60)),
)
def test_whatever_comes_in_whenever_the_numbers_are_those_of_going_through_all(seed, known, more, days):
    runs = life(seed)
    then = START + timedelta(days=days[0])
    gone_on([runs[i] for i in known], then, [runs[i] for i in known | more], then + timedelta(days=days[1]))


def test_what_follows_is_all_that_is_judged():
    runs = life()
    then, now = runs[-3].local_day, runs[-1].local_day
    later = gone_on(runs[:-2], then, runs, now)
    assert later.metrics.keys() == {runs[-2].activity_id, runs[-1].activity_id}


def test_a_new_day_without_sessions_judges_none():
    runs = life()
    later = gone_on(runs, runs[-1].local_day, runs, runs[-1].local_day + timedelta(days=1))
    assert later.metrics == {}


def test_a_file_that_comes_late_costs_only_the_last_sessions():
    runs = life()
    late = [r for r in runs if r is not runs[-5]]
    later = gone_on(late, runs[-1].local_day, runs, runs[-1].local_day)
    assert len(later.metrics) == LATE_SESSIONS + 1


def test_an_answer_given_later_is_judged_with_all_that_follows_it():
    runs = life()
    changed = [*runs[:-2], replace(runs[-2], rpe=9.0), runs[-1]]
    later = gone_on(runs, runs[-1].local_day, changed, runs[-1].local_day)
    assert {runs[-2].activity_id, runs[-1].activity_id} <= later.metrics.keys()


def test_a_changed_fact_is_judged_anew_from_the_first_session_on():
    runs = life()
    past = assess(ANNA, runs, DAYS, runs[-1].local_day).past
    heavier = replace(ANNA, base=replace(ANNA.base, weight_kg=90.0))
    assert assess(heavier, runs, DAYS, runs[-1].local_day, past=past).kept == frozenset()


def test_without_fingerprints_nothing_is_kept():
    runs = [replace(r, fingerprint=None) for r in life()]
    assert assess(ANNA, runs, DAYS, runs[-1].local_day).past is None
