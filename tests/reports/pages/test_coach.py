"""The coach sees those first who need it, and never where they run."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.reports.coaching import ordered, row
from steadymile.reports.pages import athlete as athlete_page
from steadymile.reports.pages.coach import render
from steadymile.reports.terminal.coach import glance

from tests.reports import sample
from tests.reports.pages.test_athlete import outline
from tests.reports.terminal.test_night import one_line

TABLES = sample.tables()
STEADY = row(sample.ATHLETE, TABLES, sample.AS_OF)


def health(**values) -> dict[str, pl.DataFrame]:
    days = [sample.AS_OF - timedelta(days=n) for n in (2, 1)]
    columns = {
        "day": days,
        "red_flag": [None, None],
        "pain": [0.0, 0.0],
        "pain_place": [None, None],
        "cleared": [None, None],
    }
    return {**TABLES, "health": pl.DataFrame({**columns, **values}, infer_schema_length=None)}


def with_action(action: str) -> dict[str, pl.DataFrame]:
    return {**TABLES, "targets": TABLES["targets"].with_columns(action=pl.lit(action))}


def test_a_warning_sign_outranks_everything():
    found = row(sample.ATHLETE, health(red_flag=["chest_pain", None]), sample.AS_OF)
    assert (found.group, found.flags) == ("flag", ("chest pain reported on Fri 20 Nov",))


def test_a_cleared_warning_sign_is_past():
    found = row(sample.ATHLETE, health(red_flag=["chest_pain", None], cleared=[None, True]), sample.AS_OF)
    assert (found.group, found.flags) == ("ready", ())


def test_pain_above_five_needs_the_coach_now_and_from_three_on_it_stands_next():
    groups = [row(sample.ATHLETE, health(pain=[pain, 0.0]), sample.AS_OF).group for pain in (2.0, 3.0, 5.0, 6.0)]
    assert groups == ["ready", "pain", "pain", "flag"]


def test_a_worse_morning_stands_with_the_pain():
    assert row(sample.ATHLETE, health(pain_next_morning=[None, "worse"]), sample.AS_OF).group == "pain"


def test_illness_stands_until_being_well_is_said():
    groups = [row(sample.ATHLETE, health(ill=ill), sample.AS_OF).group for ill in ([True, None], [True, False])]
    assert groups == ["ill", "ready"]


def test_a_question_in_a_note_is_shown_to_the_coach_and_a_remark_does_not_move_the_athlete_up():
    asked, said = (health(note=[None, note]) for note in ("May I swim?", "Nice & sunny"))
    assert row(sample.ATHLETE, asked, sample.AS_OF).group == "question"
    found = row(sample.ATHLETE, said, sample.AS_OF)
    assert (found.group, found.note) == ("ready", "Nice & sunny")
    assert "Nice &amp; sunny" in render([found], sample.AS_OF)


def test_the_row_holds_the_newest_effort_and_pain_and_the_share_done():
    found = row(sample.ATHLETE, health(pain=[4.0, 1.0]), sample.AS_OF)
    assert found.last_pain == 1.0
    assert 0 <= found.last_rpe <= 10
    assert found.adherence == 1.0


def test_the_coach_reads_the_sentences_of_the_athletes_page():
    tables = health(pain=[4.0, 1.0], pain_place=["knee", None])
    page = athlete_page.render(sample.ATHLETE, tables, sample.AS_OF)
    for text in row(sample.ATHLETE, tables, sample.AS_OF).reported:
        assert text in page


def test_each_decision_has_its_group():
    groups = {
        a: row(sample.ATHLETE, with_action(a), sample.AS_OF).group for a in ("stop", "back_off", "rebuild", "hold")
    }
    assert groups == {"stop": "flag", "back_off": "eased", "rebuild": "eased", "hold": "steady"}


def test_a_week_without_any_file_is_silence():
    for days, group in ((6, "ready"), (7, "silent")):
        found = row(sample.ATHLETE, TABLES, date(2026, 11, 22) + timedelta(days=days))
        assert (found.silent_days, found.group) == (days, group)


def test_a_reading_from_the_watch_breaks_the_silence():
    later = sample.AS_OF + timedelta(days=9)
    tables = {**TABLES, "health": TABLES["health"].tail(1).with_columns(day=pl.lit(later))}
    assert row(sample.ATHLETE, tables, later).silent_days == 0


def test_an_athlete_without_anything_has_no_plan():
    found = row(Athlete("new"), {}, sample.AS_OF)
    assert (found.group, found.silent_days, found.name) == ("new", None, "new")


def test_groups_come_in_order_of_urgency_and_the_longest_silent_first():
    rows = [
        replace(STEADY, name="a", group="steady"),
        replace(STEADY, name="b", group="silent", silent_days=8),
        replace(STEADY, name="c", group="silent", silent_days=20),
        replace(STEADY, name="d", group="flag"),
        replace(STEADY, name="e", group="ready"),
    ]
    assert [(group, [r.name for r in found]) for group, found in ordered(rows).items()] == [
        ("flag", ["d"]),
        ("silent", ["c", "b"]),
        ("ready", ["e"]),
        ("steady", ["a"]),
    ]


def test_the_page_shows_everyone_and_no_place():
    rows = [replace(STEADY, athlete_id=f"a{n}", name=f"Athlete <{n}>") for n in range(50)]
    page = render(rows, sample.AS_OF)
    assert sum("Athlete <" in text for text in outline(page).text) == 50
    for word in ("Secret Harbour", "Eucla", "Australia"):
        assert word not in page


def test_nobody_yet_is_said_in_the_terminal():
    assert "No athletes here yet." in one_line(glance([]))


def test_the_terminal_shows_the_flag_itself():
    found = row(sample.ATHLETE, health(red_flag=["fainting", None]), sample.AS_OF)
    assert "Needs you now (1) Demo Fainting reported on Fri 20 Nov." in one_line(glance([found]))


def test_the_terminal_shows_a_coach_the_note_of_somebody_steady():
    found = row(sample.ATHLETE, health(note=[None, "chest felt odd"]), sample.AS_OF)
    told = one_line(glance([found]))
    assert "Ready for the next step (1) Demo “chest felt odd” on Sat 21 Nov." in told


def test_a_week_that_stops_running_says_so_behind_what_was_reported():
    stop = TABLES["targets"].with_columns(
        action=pl.lit("stop"), headline=pl.lit("No running for now. Next: rest."), run_min=pl.lit(0.0)
    )
    found = row(sample.ATHLETE, {**health(red_flag=["fainting", None]), "targets": stop}, sample.AS_OF)
    told = one_line(glance([found]))
    assert "Fainting reported on Fri 20 Nov." in told
    assert "No running for now. Next: rest." in told


def test_the_plan_of_a_week_long_past_is_told_as_that():
    later = sample.AS_OF + timedelta(days=85)
    found = row(sample.ATHLETE, TABLES, later)
    assert (found.group, found.stale) == ("silent", True)
    told = "The last plan was for the week of Mon 23 Nov 2026; nothing newer."
    assert f"Demo Last news 85 days ago. {told}" in one_line(glance([found]))
    page = render([found], later)
    assert told in page
    assert "One step further" not in page


def test_each_athlete_is_one_row_that_can_be_sorted():
    page = render([replace(STEADY, name="b"), replace(STEADY, name="a")], sample.AS_OF)
    assert page.count('<th scope="row"') == 2
    assert re.findall(r'<th scope="row" data-sort="(.)">', page) == ["a", "b"]
    assert "<button" in page


def test_a_stop_in_the_terminal_names_the_illness_beside_it():
    found = row(sample.ATHLETE, health(red_flag=["fainting", None], ill=[None, True]), sample.AS_OF)
    told = one_line(glance([found]))
    assert "Fainting reported on Fri 20 Nov." in told
    assert "Ill on Sat 21 Nov." in told


def test_decision_reports_and_reasons_are_the_sentences_of_the_athletes_page():
    tables = health(pain=[4.0, 1.0], note=[None, "Is a bath good?"], ill=[True, False])
    found = row(sample.ATHLETE, tables, sample.AS_OF)
    own = " ".join(outline(athlete_page.render(sample.ATHLETE, tables, sample.AS_OF)).text)
    list_of_coach = " ".join(outline(render([found], sample.AS_OF)).text)
    said = [found.lead, found.headline, *found.reasons, *found.reported]
    assert len(said) >= 5
    for sentence in said:
        assert sentence in own
        assert sentence in list_of_coach


def test_an_answer_alone_is_news_and_no_file():
    later = sample.AS_OF + timedelta(days=3)
    tables = {**TABLES, "health": TABLES["health"].tail(1).with_columns(day=pl.lit(later))}
    page = render([row(sample.ATHLETE, tables, later)], later)
    assert 'data-label="Last news" data-sort="0">today<' in page
    assert "file" not in page.lower().replace("neither a file nor an answer", "")


def test_a_week_with_nothing_planned_and_nothing_run_is_not_called_0_done():
    page = render([replace(STEADY, runs_done=0, runs_planned=None)], sample.AS_OF)
    assert "no run planned" in page
    assert "0 done" not in page


def test_eight_weeks_of_running_stand_in_each_row_and_say_their_minutes():
    assert 1 < len(STEADY.trend) <= 8
    done = ", ".join(f"{week.done_min:.0f}" for week in STEADY.trend)
    assert f'aria-label="Minutes of running in the last {len(STEADY.trend)} weeks: {done}"' in render(
        [STEADY], sample.AS_OF
    )


def paused(tables: dict[str, pl.DataFrame], until: date):
    who = replace(sample.ATHLETE, base=replace(sample.ATHLETE.base, paused_until=until))
    return row(who, tables, sample.AS_OF)


def test_somebody_away_stands_last_until_the_day_they_are_back():
    tomorrow = sample.AS_OF + timedelta(days=1)
    assert [paused(TABLES, day).group for day in (tomorrow, sample.AS_OF)] == ["paused", STEADY.group]
    told = f"Paused until {tomorrow:%a} {tomorrow.day} {tomorrow:%b}"
    assert told in one_line(glance([paused(TABLES, tomorrow)]))
    assert told in render([paused(TABLES, tomorrow)], sample.AS_OF)


def test_a_pause_hides_no_pain():
    tables = health(pain=[4.0, 1.0])
    assert paused(tables, sample.AS_OF + timedelta(days=30)).group == "pain"


def test_a_question_stays_open_for_an_answer_beside_pain():
    asked = row(sample.ATHLETE, health(pain=[4.0, 1.0], note=[None, "Is cycling good?"]), sample.AS_OF)
    assert (asked.group, asked.asks) == ("pain", True)
    answered = health(pain=[4.0, 1.0], note=[None, "Is cycling good? Coach: Yes."])
    assert not row(sample.ATHLETE, answered, sample.AS_OF).asks
