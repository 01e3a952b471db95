"""What the terminal says, as plain text of 80 columns."""

from __future__ import annotations

import io
from dataclasses import replace

import polars as pl
import pytest
from rich.console import Console
from steadymile.models.athlete import Athlete
from steadymile.reports.sentences import done_against_planned
from steadymile.reports.terminal.explanation import explain
from steadymile.reports.terminal.night import NightlyView, PersonView, Refused, people_table, summary, table
from steadymile.reports.terminal.status import DoctorView, StatusView, doctor, status
from steadymile.reports.view_model import story

from tests.reports import sample

TABLES = sample.tables()
PERSON = PersonView(sample.ATHLETE, TABLES, sample.AS_OF, sample.BODY)


def plain(what) -> str:
    out = io.StringIO()
    Console(file=out, width=80).print(what)
    return out.getvalue()


def one_line(what) -> str:
    return " ".join(plain(what).split())


def test_the_night_ends_with_what_came_last_week_and_what_comes():
    text = plain(summary(NightlyView((PERSON,), {"ingested": 3}, seconds=1.0)))
    places = [
        text.index(head) for head in ("What came in", "This week", "Next week: Mon 23 Nov", "Mon 23 Nov  Strength")
    ]
    assert places == sorted(places)


def test_new_files_are_counted_by_what_became_of_them():
    text = one_line(
        summary(NightlyView((), {"ingested": 3, "duplicate": 1, "quarantined": 1}, activities=4, seconds=1.31))
    )
    assert "5 new files: 3 read, 1 already known, 1 not readable; 4 activities (1.3 s)." in text


def test_an_update_says_what_it_read_again_and_what_is_to_come():
    text = one_line(summary(NightlyView((), seconds=1.0, again=12, again_differ=3, again_left=40)))
    said = "Read again after an update of steadymile: 12 files, 3 of them with other numbers or answers."
    assert f"{said} 40 more files in the next nights" in text


def test_an_update_that_changed_nothing_says_so():
    text = one_line(summary(NightlyView((), seconds=1.0, again=1)))
    assert "Read again after an update of steadymile: 1 file, nothing changed" in text


def test_a_line_break_in_the_name_of_a_file_makes_no_line_of_its_own():
    refused = Refused("a\nAll is well.fit", "Empty.")
    assert "! a\ufffdAll is well.fit\n" in plain(summary(NightlyView((), {"quarantined": 1}, (refused,))))


def test_a_refused_file_is_named_with_what_to_do():
    refused = Refused("2026/x.gpx", "It stops at byte 9. Export it again")
    text = one_line(summary(NightlyView((), {"quarantined": 1}, (refused,))))
    assert "! 2026/x.gpx It stops at byte 9. Export it again." in text


def test_many_refused_files_with_one_reason_are_told_together():
    refused = tuple(Refused(f"{n}.fit", "Empty.") for n in range(300))
    text = one_line(summary(NightlyView((), {"quarantined": 300}, refused, home=" --home x")))
    assert "! 0.fit, 1.fit, 2.fit and 297 more Empty." in text
    assert "All of them by name: steadymile status --json --home x" in text


def test_recordings_that_break_off_are_named_and_what_that_means_is_said_once():
    cut = tuple(Refused(f"{n}.fit", f"It ends at byte {n}") for n in range(5))
    text = one_line(summary(NightlyView((), {"salvaged": 5}, salvaged=cut, home=" --home x")))
    assert "~ 0.fit It ends at byte 0. ~ 1.fit It ends at byte 1. ~ 2.fit It ends at byte 2. 2 more recordings" in text
    assert text.count("copy it in too: the fuller copy is taken.") == 1
    assert "steadymile sql --home x" in text


def test_a_week_of_walks_shows_no_zeros_of_running():
    walked = TABLES["weeks"].with_columns(
        running_min_done=0.0, longest_run_s=0.0, running_min_planned=None, longest_run_planned_s=None
    )
    labels = [c.label for c in done_against_planned(story(sample.ATHLETE, {**TABLES, "weeks": walked}, sample.AS_OF))]
    assert labels == ["Sessions", "Distance on foot", "Climbing"]


def test_files_that_still_grow_are_told_apart_from_what_was_read():
    text = one_line(summary(NightlyView((), {"ingested": 2, "copying": 1})))
    assert "2 new files: 2 read. 1 file is still being copied; the next run reads what is complete." in text


def test_brackets_in_a_file_name_are_not_markup():
    refused = Refused("[bold]run[/bold].fit", "Empty [file]")
    assert "[bold]run[/bold].fit" in plain(summary(NightlyView((), {"quarantined": 1}, (refused,))))


def test_a_quiet_night_says_so():
    assert "Nothing new in the inbox (0.4 s)." in plain(summary(NightlyView((PERSON,), seconds=0.4)))


def test_a_night_says_how_many_check_ins_it_took_in():
    assert "Nothing new in the inbox; 2 check-ins." in plain(summary(NightlyView((PERSON,), {"x": 0}, checkins=2)))
    assert "1 new file: 1 read; 1 check-in." in plain(summary(NightlyView((), {"ingested": 1}, checkins=1)))


def test_an_inbox_that_could_not_be_read_is_not_called_empty():
    said = plain(summary(NightlyView((PERSON,), unread=True, seconds=0.4)))
    assert "The inbox could not be read" in said
    assert "Nothing new" not in said


def test_the_decision_comes_with_its_two_strongest_reasons():
    text = one_line(summary(NightlyView((PERSON,))))
    assert "One step further. You finished all three sessions" in text
    assert "Why You finished 3 of 3 sessions and they felt comfortable, which earns the next step." in text
    assert "answered about pain" not in text


def test_every_day_of_the_coming_week_is_there():
    text = plain(summary(NightlyView((PERSON,))))
    assert all(f"  {day} " in text for day in ("Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 29"))


def test_equal_steps_are_told_once():
    text = one_line(summary(NightlyView((PERSON,))))
    assert text.count("2 times: jog 6 min 30 s") == 1
    assert text.count("As on Tue.") == 2


def test_no_line_is_wider_than_80_columns():
    view = NightlyView((PERSON,), {"ingested": 3}, written={"page": "x" * 60})
    for what in (summary(view), explain(story(sample.ATHLETE, TABLES, sample.AS_OF))):
        assert max(len(line) for line in plain(what).splitlines()) <= 80


def test_many_athletes_get_a_line_each():
    text = plain(summary(NightlyView((PERSON,) * 5)))
    assert text.count("One step further") == 5
    assert "Tue 24 Nov" not in text


def test_a_newcomer_is_told_what_to_do():
    text = one_line(summary(NightlyView((PersonView(Athlete("me"), {}, sample.AS_OF),), seconds=0.1)))
    assert "No plan yet. Drop a recording into the inbox" in text


def test_an_explanation_names_the_binding_rule_its_runs_and_what_would_change_it():
    text = one_line(explain(story(sample.ATHLETE, TABLES, sample.AS_OF, None, sample.BODY)))
    assert (
        "What decided You finished 3 of 3 sessions and they felt comfortable, which earns the next step. [earned]"
        in text
    )
    assert "on Tue 17 Nov, 30 min" in text
    assert "With one session fewer this would have been a week at the same step." in text


def test_an_explanation_names_what_came_nearest():
    text = one_line(explain(story(sample.ATHLETE, TABLES, sample.AS_OF)))
    assert text.index("[session_cap]") < text.index("[fatigue]")


def test_an_explanation_of_a_week_without_a_plan_says_so():
    assert "There is no plan for this week." in plain(
        explain(story(sample.ATHLETE, TABLES, sample.AS_OF, week="2020-W01"))
    )


def test_status_says_what_is_here_and_what_waits():
    view = StatusView(
        "~/home", files={"ingested": 3}, activities=2, refused=(Refused("a.fit", "Broken. Export it again"),)
    )
    text = one_line(status(view))
    assert "files 3 read activities 2" in text
    assert "1 file not read ! a.fit Broken. Export it again." in text
    assert "then run: steadymile nightly" in text


@pytest.mark.parametrize(
    ("view", "verdict"),
    [
        (DoctorView("a.fit", "FIT activity"), "sound"),
        (DoctorView("a.fit", "FIT activity", notes=("3 samples cleaned",)), "sound"),
        (DoctorView("a.fit", "FIT activity", wrong=("it ends early",)), "read with a fault"),
        (DoctorView("a.fit", "text", useless="no watch file"), "nothing for training"),
        (DoctorView("a.fit", "not a recording", wrong=("no header",), refused=True), "cannot be used"),
    ],
)
def test_the_doctor_gives_a_verdict(view, verdict):
    assert plain(doctor(view)).startswith(f"a.fit  {verdict}")


def test_any_result_is_a_table_with_unknowns_as_dashes():
    text = plain(table(pl.DataFrame({"day": ["Mon", None], "km": [1.25, None]})))
    assert [line.split() for line in text.splitlines() if "─" not in line] == [
        ["day", "km"],
        ["Mon", "1.25"],
        ["–", "–"],
    ]


def test_a_week_that_is_stopped_half_way_names_no_runs_beside_the_stop():
    told = story(sample.ATHLETE, TABLES, sample.AS_OF, sample.BODY)
    stopped = replace(told, target={**told.target, "action": "stop", "sessions": 2, "run_min": 37.0})
    assert "37 min" in plain(people_table([replace(stopped, target={**stopped.target, "action": "hold"})]))
    text = one_line(people_table([stopped]))
    assert "No running for now" in text
    assert "37 min" not in text
