"""A warning sign in words that nobody knows is never taken for another one: the plan stops until it is answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from steadymile.ingest.checkins.files import read_checkins
from steadymile.models.recording import UNDATED, CheckIn
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.nightly import run
from steadymile.pipelines.reading.dates import in_time

from tests.pipelines.conftest import settings_of
from tests.pipelines.test_nightly import ask

NOW = datetime(2026, 7, 1, 20, tzinfo=UTC)
DAY = date(2026, 7, 1)
ACTION = "SELECT action FROM targets ORDER BY week DESC LIMIT 1"


def night(home, days=0):
    return run(settings_of(home), NOW + timedelta(days=days))


def answer(home, word):
    return log_checkin(settings_of(home), None, [f"red_flag={word}"], DAY, None, NOW + timedelta(hours=1))


@pytest.fixture
def odd(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "july.csv").write_text("date,rpe,red_flag\n2026-07-01,3,my heart felt odd\n")
    return tmp_path


def test_the_value_is_refused_with_what_to_do_and_the_plan_stops_the_same_night(odd):
    result = night(odd)
    ((_, reason),) = result.refused
    assert "not “my heart felt odd”" in reason
    assert "steadymile log red_flag=WORD --day 2026-07-01" in reason
    assert ask(odd, "SELECT rpe, red_flag FROM checkins") == [(3.0, "unclear")]
    assert ask(odd, ACTION) == [("stop",)]


def test_after_the_answer_that_it_was_none_only_a_week_that_stopped_already_waits_to_be_cleared(odd):
    night(odd)
    assert "not known here" in answer(odd, "no")[1]
    night(odd, days=4)
    assert ask(odd, "SELECT red_flag FROM health WHERE red_flag IS NOT NULL") == [("none",)]
    assert ask(odd, ACTION) == [("stop",)]
    log_checkin(settings_of(odd), None, ["cleared=yes"], DAY + timedelta(days=4), None, NOW + timedelta(days=4))
    night(odd, days=5)
    assert ask(odd, ACTION) != [("stop",)]


def test_an_answer_that_names_a_sign_keeps_the_stop_until_it_is_cleared(odd):
    night(odd)
    answer(odd, "chest_pain")
    night(odd, days=4)
    assert ask(odd, "SELECT red_flag FROM health WHERE red_flag IS NOT NULL") == [("chest_pain",)]
    assert ask(odd, ACTION) == [("stop",)]


def test_that_it_was_none_takes_back_no_sign_that_was_named(tmp_path):
    answer(tmp_path, "chest_pain")
    answer(tmp_path, "no")
    night(tmp_path)
    assert ask(tmp_path, "SELECT red_flag FROM health") == [("chest_pain",)]
    assert ask(tmp_path, ACTION) == [("stop",)]


def test_a_column_that_says_no_every_day_says_nothing(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "july.csv").write_text("date,rpe,red_flag\n2026-07-01,3,no\n")
    assert night(tmp_path).refused == []
    assert ask(tmp_path, "SELECT red_flag FROM health") == [(None,)]


@pytest.mark.parametrize("day", ["2026-13-45", "2027-07-01"])
def test_a_warning_sign_on_no_day_or_one_to_come_stops_the_plan_on_the_day_the_file_came_in(tmp_path, day):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "july.csv").write_text(f"date,rpe,red_flag\n{day},3,chest_pain\n")
    (asked,) = night(tmp_path).asks
    assert "july.csv" in asked
    assert "--day 2026-07-01" in asked
    assert ask(tmp_path, ACTION) == [("stop",)]
    flags = ask(tmp_path, "SELECT red_flag FROM checkins WHERE local_day = '2026-07-01'")
    assert ("unclear",) in flags


@pytest.mark.parametrize("day", ["3/4/2026", "yesterday", "0000-00-00"])
def test_a_warning_sign_is_kept_whatever_stands_for_its_day(day):
    (found,) = read_checkins(f"date,red_flag\n{day},chest_pain\n".encode()).checkins
    assert (found.day, dict(found.values)) == (UNDATED, {"red_flag": "unclear"})


@pytest.mark.parametrize("flag", ["", "no", "none"])
def test_no_warning_sign_on_no_day_stops_nothing(tmp_path, flag):
    found = read_checkins(f"date,rpe,red_flag\n2026-07-01,3,\n2026-13-45,3,{flag}\n".encode()).checkins
    assert [checkin.day for checkin in found] == [DAY]


def test_a_warning_sign_of_tomorrow_is_one_of_another_time_zone(tmp_path):
    tomorrow = CheckIn(DAY + timedelta(days=1), {"red_flag": "chest_pain"}, "csv")
    assert in_time([tomorrow], DAY) == [tomorrow]
