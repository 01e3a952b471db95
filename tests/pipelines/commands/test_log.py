"""What was said can be corrected and taken back, and nothing is taken for something else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import typer
from steadymile.pipelines.cli import saying
from steadymile.pipelines.cli.options import said_day
from steadymile.pipelines.commands.log import log_checkin, split_pairs, unlog_checkin
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import run
from steadymile.warehouse.database import open_published
from steadymile.warehouse.journal import Journal

from tests.pipelines.conftest import settings_of

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY = date(2026, 7, 1)


def say(home, *pairs):
    return log_checkin(settings_of(home), None, pairs, DAY, None, NOW)


def health(home):
    run(settings_of(home), NOW)
    con = open_published(home / "warehouse.duckdb")
    found = con.sql("SELECT pain, ill, red_flag, cleared, local_day FROM health").fetchall()
    con.close()
    return found


def test_a_warning_sign_that_is_not_known_is_refused_and_never_taken_as_another(tmp_path):
    with pytest.raises(Trouble, match="none of the warning signs"):
        say(tmp_path, "red_flag=chst pain")
    assert list(Journal(Home(tmp_path).journal).read({"checkin"})) == []
    say(tmp_path, "red_flag=other")
    say(tmp_path, "red_flag=yes")


def test_the_last_check_in_is_taken_back_and_the_one_before_stands(tmp_path):
    say(tmp_path, "pain=2")
    say(tmp_path, "pain=7")
    lines = unlog_checkin(settings_of(tmp_path), None, [], None, NOW)
    assert "pain (0-10) 7" in lines[0]
    assert "as it was" in lines[-1]
    assert health(tmp_path) == [(2.0, None, None, None, DAY)]


def test_a_lower_pain_later_the_same_day_says_that_the_worst_stands(tmp_path):
    say(tmp_path, "pain=6")
    assert any("so the 6 of before stands" in line and "log pain=1 again" in line for line in say(tmp_path, "pain=1"))
    assert not any("stands" in line for line in say(tmp_path, "pain=7"))


def test_one_answer_of_a_check_in_can_be_taken_back(tmp_path):
    say(tmp_path, "pain=4", "ill=yes")
    unlog_checkin(settings_of(tmp_path), None, ["pain"], DAY, NOW)
    assert health(tmp_path) == [(None, True, None, None, DAY)]


def test_what_is_said_again_after_taking_it_back_counts(tmp_path):
    say(tmp_path, "pain=6")
    unlog_checkin(settings_of(tmp_path), None, [], None, NOW)
    say(tmp_path, "pain=1")
    assert health(tmp_path) == [(1.0, None, None, None, DAY)]


def test_taking_back_what_was_never_said_is_refused(tmp_path):
    Home(tmp_path).make()
    with pytest.raises(Trouble, match="nothing to take back"):
        unlog_checkin(settings_of(tmp_path), None, [], None, NOW)
    with pytest.raises(Trouble, match="no answer called"):
        unlog_checkin(settings_of(tmp_path), None, ["pian"], None, NOW)


def test_a_clearance_later_on_the_day_of_a_warning_sign_counts_and_an_earlier_one_does_not(tmp_path):
    say(tmp_path, "red_flag=calf")
    say(tmp_path, "cleared=yes")
    assert health(tmp_path)[0][2:4] == (None, True)
    say(tmp_path, "red_flag=calf")
    assert health(tmp_path)[0][2] == "calf"


def test_bytes_that_are_no_text_are_refused_in_words(tmp_path):
    with pytest.raises(Trouble, match="not text in UTF-8"):
        split_pairs(["note=\udcff"])


def test_a_run_logged_while_running_is_stopped_is_noted_with_a_caution(tmp_path):
    assert not any("Running is stopped" in line for line in say(tmp_path, "run_min=10"))
    say(tmp_path, "pain=7")
    assert "Running is stopped in your plan" in say(tmp_path, "run_min=12")[1]
    health(tmp_path)  # the night decides the stop
    lines = say(tmp_path, "run_min=8")
    assert (lines[0].startswith("Noted for"), "Running is stopped in your plan" in lines[1]) == (True, True)
    assert not any("Running is stopped" in line for line in say(tmp_path, "walk_min=20"))


def test_a_run_logged_with_its_pain_during_a_stop_is_not_asked_for_pain_again(tmp_path):
    say(tmp_path, "red_flag=calf")
    asked = [
        any("Any pain in it" in line for line in say(tmp_path, *told))
        for told in (["run_min=5", "pain=1"], ["run_min=5"])
    ]
    assert asked == [False, True]


def test_a_caution_about_a_stop_never_keeps_an_answer_from_being_noted(tmp_path):
    home = Home(tmp_path)
    home.make()
    home.warehouse.write_bytes(b"no database")
    assert say(tmp_path, "run_min=10")[0].startswith("Noted for")


def test_the_day_is_named_by_its_option_and_not_taken_for_an_answer(tmp_path):
    with pytest.raises(Trouble, match="date is not an answer; another day is given with --day"):
        say(tmp_path, "date=2026-06-30", "rpe=3")


def test_what_was_noted_is_said_in_plain_words(tmp_path):
    said = say(tmp_path, "talk=equivocal", "sleep=7:30", "note=Legs heavy.")[0]
    assert said == "Noted for Wednesday, 2026-07-01: full sentences barely, hours of sleep 7.5, note “Legs heavy.”"


@pytest.mark.parametrize("written", ["2026-11-30", "30.11.2026", "30 Nov 2026", "2026/11/30"])
def test_a_day_is_taken_as_people_write_it(written):
    assert said_day(written) == date(2026, 11, 30)


def test_today_and_yesterday_are_days_and_what_could_be_two_is_none():
    assert said_day("today") - said_day("Yesterday") == timedelta(days=1)
    for written in ("3/4/2026", "tomorrow", "2026-13-01", ""):
        with pytest.raises(typer.BadParameter, match="is not a day"):
            said_day(written)


def test_every_pain_that_is_taken_back_is_named_and_the_worst_decides_what_follows(tmp_path):
    say(tmp_path, "pain=7")
    say(tmp_path, "pain=3")
    lines = unlog_checkin(settings_of(tmp_path), None, ["pain"], DAY, NOW)
    assert lines[0] == "Taken back for Wednesday, 2026-07-01: pain (0-10) 7 and 3."
    assert "as it was" in lines[-1]


@pytest.mark.parametrize(("word", "stands"), [("yes", True), ("no", False)])
def test_a_clearance_taken_back_says_that_the_stop_stands_again(tmp_path, word, stands):
    say(tmp_path, f"cleared={word}")
    lines = unlog_checkin(settings_of(tmp_path), None, ["cleared"], DAY, NOW)
    assert any("stands again" in line for line in lines) is stands


def test_one_wrong_word_of_several_says_that_nothing_was_noted(tmp_path):
    with pytest.raises(Trouble) as error:
        say(tmp_path, "pain=7", "worst=yes")
    assert error.value.what_to_do.startswith("Nothing was noted.")
    assert list(Journal(Home(tmp_path).journal).read({"checkin"})) == []


def test_a_command_in_what_is_said_leads_to_the_home_and_the_person_asked_about(tmp_path, capsys, monkeypatch):
    (tmp_path / "athletes.toml").write_text("[anna]\n[ben]\n", encoding="utf-8")
    monkeypatch.setenv("STEADYMILE_HOME", str(tmp_path / "another"))
    with pytest.raises(typer.Exit):
        saying.log(pairs=["red_flag=chest_pain"], home=tmp_path, athlete="anna")
    assert f"`steadymile log --home {tmp_path} --athlete anna cleared=true`" in capsys.readouterr().out
    monkeypatch.setenv("STEADYMILE_HOME", str(tmp_path))
    with pytest.raises(typer.Exit):
        saying.log(pairs=["red_flag=chest_pain"], home=None, athlete="ben")
    assert "`steadymile log --athlete ben cleared=true`" in capsys.readouterr().out


def test_a_run_counts_the_check_ins_that_came_since_the_one_before(tmp_path):
    say(tmp_path, "pain=1")
    say(tmp_path, "rpe=4")
    assert [run(settings_of(tmp_path), NOW).checkins_new for _ in range(2)] == [2, 0]


def test_a_doctors_word_says_what_it_ends_and_what_it_does_not(tmp_path):
    said = " ".join(say(tmp_path, "cleared=true"))
    assert "It ends the stop for a warning sign reported up to that day, and an injury" in said
    assert "strong pain waits all the same until two days with pain of 2 or less" in said
    assert "It ends the stop" not in " ".join(say(tmp_path, "pain=1"))
