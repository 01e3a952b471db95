"""What was reported is shown as of now, beside a decision that is as of then."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from steadymile.reports.formats import quoted
from steadymile.reports.pages import athlete as athlete_page
from steadymile.reports.rendering import prose
from steadymile.reports.reported import reports, sentences
from steadymile.reports.view_model import story

from tests.reports import sample

TABLES = sample.tables()
DECIDED = max(TABLES["targets"]["as_of"])
NOTE = "No pain was reported in the last 7 days; that counts as no report, not as no pain."


def told(day: date, **values):
    health = pl.DataFrame({"day": [day], **{name: [value] for name, value in values.items()}})
    missing = TABLES["reasons"].filter(pl.col("week") == max(TABLES["targets"]["week"])).head(1).with_columns(
        rule=pl.lit("no_pain_report"), sentence=pl.lit(NOTE), observed=None, threshold=None, before=None, after=None,
        fired=False, binding=False,
    )  # fmt: skip
    reasons = pl.concat([TABLES["reasons"], missing], how="vertical_relaxed")
    return {**TABLES, "health": health, "reasons": reasons}


def test_pain_the_day_after_the_plan_froze_is_on_the_page_and_its_absence_is_not_claimed():
    day = DECIDED + timedelta(days=1)
    page = athlete_page.render(sample.ATHLETE, told(day, pain=4.0, pain_place="knee"), day)
    assert "Pain 4 of 10 (knee) on Mon 23 Nov. This week was decided before that, on Sun 22 Nov." in page
    assert NOTE not in page


def test_where_no_pain_was_reported_the_note_stands_with_the_day_it_is_of():
    day = DECIDED + timedelta(days=1)
    page = athlete_page.render(sample.ATHLETE, told(day, ill=False), day)
    assert NOTE in page
    assert "When this week was decided, on Sun 22 Nov:" in page


def test_what_the_decision_knew_is_not_called_later():
    assert sentences(story(sample.ATHLETE, told(DECIDED, pain=4.0), DECIDED)) == ("Pain 4 of 10 on Sun 22 Nov.",)


def test_pain_below_three_is_no_report_and_three_is():
    kinds = [[r.kind for r in reports(story(sample.ATHLETE, told(DECIDED, pain=p), DECIDED))] for p in (2.5, 3.0, 5.5)]
    assert kinds == [[], ["pain"], ["stop_pain"]]


def test_a_note_of_last_week_is_not_news_and_a_warning_sign_is_until_cleared():
    tables = told(DECIDED - timedelta(days=8), note="hello", red_flag="fainting")
    assert [r.kind for r in reports(story(sample.ATHLETE, tables, DECIDED))] == ["flag"]


def test_nothing_reported_is_no_section():
    assert "What you reported" not in athlete_page.render(sample.ATHLETE, {**TABLES, "health": pl.DataFrame()}, DECIDED)


def test_a_note_is_shown_as_written_even_where_it_names_a_command():
    note = "I typed `steadymile log` and it said “no”"
    page = athlete_page.render(sample.ATHLETE, told(DECIDED, note=note), DECIDED)
    assert f"“{note}” on Sun 22 Nov." in page


def test_a_sentence_of_ours_marks_its_commands_before_and_after_a_persons_words():
    made = prose(f"Type `a b` for {quoted('my `own` words')}, or `c d`.")
    assert made == "Type <code>a b</code> for “my `own` words”, or <code>c d</code>."
