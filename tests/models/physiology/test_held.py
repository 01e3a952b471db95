"""What is believed of a body by the day from which it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from steadymile.models.assessment.assess import assess
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.physiology.athlete_parameters import Peak
from steadymile.models.physiology.parameter_history import beliefs, held

from tests.models.assessment.test_assess import life, run, with_heart_rate

FIRST, AS_OF = date(2025, 1, 10), date(2026, 6, 15)
ANNA = Athlete("anna", base=Facts(birth_year=1985))
PRIOR = [(FIRST, 0.54, 0.11)]


def test_a_body_that_nothing_is_learnt_of_has_one_row():
    found = held(beliefs(ANNA, [], [], FIRST, AS_OF), PRIOR)
    assert [h.valid_from for h in found] == [date(2025, 1, 1)]
    assert (found[0].maximum.mean, found[0].vt1_mean, found[0].note) == (180.0, 0.54, None)


def test_an_answer_to_the_talk_test_holds_from_its_day_on():
    found = held(beliefs(ANNA, [], [], FIRST, AS_OF), [*PRIOR, (date(2025, 3, 4), 0.60, 0.08)])
    assert [(h.valid_from, h.vt1_mean) for h in found] == [(date(2025, 1, 1), 0.54), (date(2025, 3, 4), 0.60)]


def test_of_two_answers_of_a_day_the_last_counts():
    day = date(2025, 3, 4)
    found = held(beliefs(ANNA, [], [], FIRST, AS_OF), [*PRIOR, (day, 0.60, 0.08), (day, 0.62, 0.07)])
    assert [h.vt1_mean for h in found] == [0.54, 0.62]


def test_a_higher_maximum_says_that_loads_were_computed_again():
    found = held(beliefs(ANNA, [Peak(date(2026, 5, 20), 195, 9)], [], FIRST, AS_OF), PRIOR)
    (noted,) = [h for h in found if h.note]
    assert noted.valid_from == date(2026, 6, 1)
    assert "the loads of the year before were computed again" in noted.note
    back = [h.valid_from for h in found if h.maximum.mean > 195]
    assert back[0] == date(2025, 7, 1)  # the first look of the year before 1 June 2026


def test_a_maximum_whose_evidence_grew_old_says_that_nothing_before_changed():
    found = held(beliefs(ANNA, [Peak(date(2025, 1, 20), 195, 9)], [], FIRST, AS_OF), PRIOR)
    notes = [h.note for h in found if h.note]
    assert "from this day on" in notes[-1]


@pytest.mark.parametrize("back", [0, 10, 200])
def test_the_last_row_is_the_body_of_the_day(back: int):
    athlete, recordings, days = life(4)
    found = assess(athlete, recordings, days, recordings[-1].local_day - timedelta(days=back))
    last, body = found.held[-1], found.body
    assert last.maximum == (body.heart_rate_max_bpm, body.heart_rate_max_sd_bpm, body.heart_rate_max_source)
    assert last.rest == (body.heart_rate_rest_bpm, body.heart_rate_rest_sd_bpm, body.heart_rate_rest_source)
    assert (last.vt1_mean, last.vt1_sd) == (body.vt1_mean, body.vt1_sd)


def test_each_row_changes_something_on_a_day_of_its_own():
    athlete, recordings, days = life(4)
    found = assess(athlete, recordings, days, recordings[-1].local_day).held
    assert [h.valid_from for h in found] == sorted({h.valid_from for h in found})
    for before, now in pairwise(found):
        assert now.note or replace(before, valid_from=now.valid_from, note=None) != now


def test_nothing_later_than_the_day_asked_for_is_believed():
    athlete, recordings, days = life(3)
    as_of = recordings[-1].local_day - timedelta(days=90)
    cut = assess(athlete, [r for r in recordings if r.local_day <= as_of], [d for d in days if d.day <= as_of], as_of)
    assert assess(athlete, recordings, days, as_of).held == cut.held


def test_a_session_with_an_answer_moves_the_threshold_on_its_day():
    silent, hard = run(0, with_heart_rate(150.0)), run(1, with_heart_rate(150.0), talk_test="no")
    found = assess(ANNA, [silent, hard], (), hard.local_day).held
    assert [h.valid_from for h in found] == [date(2026, 1, 1), hard.local_day]
    assert found[1].vt1_mean < found[0].vt1_mean
