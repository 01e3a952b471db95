"""athletes.toml: dated facts, checked, with the next step in every refusal."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from steadymile.models.athlete import Athlete, Facts, facts_from, stated
from steadymile.pipelines.cli.table import app
from steadymile.pipelines.errors import HomeError
from steadymile.pipelines.facts import athlete_payload, check_id, parse_athletes, parse_fact, parse_name, zone_of
from steadymile.pipelines.home import Home, restore_athletes, set_facts
from steadymile.pipelines.nightly import run
from steadymile.warehouse.journal import Entry, Journal
from typer.testing import CliRunner

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of

TEXT = """
[anna]
birth_year = 1985
sex = "female"
days_free = ["tue", "thu", "sat"]

[[anna.since]]
from = 2026-05-01
weight_kg = 77
"""


def test_a_fact_holds_from_its_day_on():
    anna = parse_athletes(TEXT)["anna"]
    assert (anna.facts(date(2026, 4, 30)).weight_kg, anna.facts(date(2026, 5, 1)).weight_kg) == (None, 77.0)


def test_free_days_are_iso_weekdays():
    assert parse_athletes(TEXT)["anna"].facts(date(2026, 1, 1)).days_free == (2, 4, 6)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("weight_kg = 900", "weight_kg of anna is 900. Give a number from 20 to 400."),
        ("birth_year = 2090", "birth_year of anna is 2090. Give a whole number from 1900 to "),
        ("max_run_days = 2.5", "max_run_days of anna is 2.5. Give a whole number from 1 to 6."),
        ('sex = "x"', "sex of anna is 'x'. Say one of female, male (or unknown)."),
        ('timezone = "Mars"', "timezone of anna is 'Mars', not a time zone known here. Name one like Europe/Berlin."),
        ("timezone = [1]", "timezone of anna is [1], not a time zone known here."),
        ("goal_date = 2027-04-30T10:00:00", "goal_date of anna is "),
        ('days_free = ["²"]', "days_free of anna holds '²'. Give days like tue,thu,sat."),
        ('equipment = ["rocket"]', "equipment of anna holds 'rocket'. Known: backpack, vest, pack, boots, sand."),
        ("shoe = 43", "shoe of anna: there is no such fact. Known: birth_year, sex"),
        ("name = 7", "athletes.toml: name of anna is 7. Write it in quotation marks."),
        ("since = 2026", "athletes.toml: since of anna is not a table. Begin what changed with [[anna.since]]."),
        ("[[anna.since]]\nfrom = 2026-05-01T10:00:00", "athletes.toml: a [[anna.since]] has no `from = YYYY-MM-DD`."),
    ],
)
def test_a_wrong_fact_is_refused_with_what_would_be_right(line, says):
    with pytest.raises(HomeError) as refusal:
        parse_athletes(f"[anna]\n{line}\n")
    assert str(refusal.value).startswith(says)


@pytest.mark.parametrize(
    ("said", "kept"),
    [('"18:30"', "18:30"), ('"7.05"', "07:05"), ("18:30:00", "18:30"), ('"6:30 pm"', "18:30"), ('"12am"', "00:00"),
     ("19", "19:00")],
)  # fmt: skip
def test_a_time_of_day_is_understood_as_people_write_it(said, kept):
    assert parse_athletes(f"[anna]\nrun_at = {said}\n")["anna"].base.run_at == kept


@pytest.mark.parametrize("said", ['"25:00"', '"evening"', '"13 pm"', "1830", '"7:5"'])
def test_what_is_no_time_of_day_is_refused(said):
    with pytest.raises(HomeError, match=r"not a time of day\. Write it like 18:30\."):
        parse_athletes(f"[anna]\nrun_at = {said}\n")


@pytest.mark.parametrize(("said", "kept"), [('"backpack, Sand"', ("backpack", "sand")), ('""', ()), ('"unknown"', ())])
def test_equipment_is_understood_as_people_write_it(said, kept):
    assert parse_athletes(f"[anna]\nequipment = {said}\n")["anna"].base.equipment == kept


@pytest.mark.parametrize("name", ["a b", "../a", "-a", "", "a" * 65, "coach", "Index"])
def test_what_cannot_be_a_folder_or_is_a_page_already_is_no_id(name):
    with pytest.raises(HomeError, match="cannot be an athlete's id"):
        check_id(name)


def test_an_id_is_the_same_however_its_letters_are_composed():
    assert check_id("ju\u0308rgen") == "jürgen"


def test_a_file_that_an_editor_began_with_a_byte_order_mark_is_read(tmp_path):
    home = Home(tmp_path)
    home.athletes_file.write_text("[anna]\n", encoding="utf-8-sig")
    set_facts(home, "anna", {"weight_kg": "77"}, None)
    assert home.athletes()["anna"].base.weight_kg == 77.0


def test_a_file_that_is_no_utf_8_is_refused_with_what_to_do(tmp_path):
    Home(tmp_path).athletes_file.write_text("[anna]\n", encoding="utf-16")
    with pytest.raises(HomeError) as refusal:
        Home(tmp_path).athletes()
    assert refusal.value.what_to_do == "Save it again as UTF-8."


CONTRADICTION = "[anna]\nresting_heart_rate_bpm = 120\nmaximal_heart_rate_bpm = 100\n"


@pytest.mark.parametrize(
    "text", [TEXT, "[anna]\ndays_free = []\nequipment = []\ngoal_date = 2027-04-30\n", CONTRADICTION]
)
def test_an_athlete_survives_the_journal(tmp_path, text):
    anna, home = parse_athletes(text)["anna"], Home(tmp_path)
    Journal(home.journal).append([Entry("facts", NIGHT, athlete_payload(anna), "anna")])
    restore_athletes(home)
    assert home.athletes() == {"anna": anna}
    assert facts_from(stated(anna.base)) == anna.base


def test_a_home_is_made_once_and_then_left_alone(tmp_path):
    home = Home(tmp_path)
    home.make()
    home.athletes_file.write_text("[anna]\n")
    home.make()
    assert home.athletes_file.read_text() == "[anna]\n"


def test_setting_a_fact_keeps_the_comments(tmp_path):
    home = Home(tmp_path)
    home.make()
    set_facts(home, "me", {"weight_kg": "77"}, date(2026, 5, 1))
    set_facts(home, "me", {"weight_kg": "75"}, date(2026, 6, 1))
    assert "# Who runs here" in home.athletes_file.read_text()
    assert home.athletes()["me"].facts(date(2026, 6, 2)).weight_kg == 75.0
    assert home.athletes()["me"].facts(date(2026, 5, 2)).weight_kg == 77.0


def test_a_wrong_fact_leaves_the_file_as_it_was(tmp_path):
    home = Home(tmp_path)
    home.make()
    before = home.athletes_file.read_text()
    with pytest.raises(HomeError):
        set_facts(home, "me", {"weight_kg": "heavy"}, None)
    assert home.athletes_file.read_text() == before


@pytest.mark.parametrize(
    ("said", "goal"), [("5K", "5k"), ("10 km", "10k"), ("Half Marathon", "half"), (" mile ", "mile"), ("WALK", "walk")]
)
def test_a_goal_is_understood_as_people_write_it(said, goal):
    assert parse_fact("goal", said, "anna") == goal


def test_a_goal_that_there_is_not_is_named_as_it_was_written():
    with pytest.raises(HomeError, match=r"'Ultra'\. Say one of walk, mile, 5k, 10k, half"):
        parse_fact("goal", "Ultra", "anna")


def test_a_marathon_is_refused_with_the_reason():
    with pytest.raises(HomeError, match=r"'Marathon': steadymile plans no marathon, whose long runs"):
        parse_fact("goal", "Marathon", "anna")


@pytest.fixture
def usual_mask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@posix
def test_a_new_home_can_be_entered_by_its_owner_alone(tmp_path, usual_mask):
    Home(tmp_path / "new").make()
    assert mode(tmp_path / "new") == 0o700


@posix
def test_a_home_that_was_there_keeps_its_mode(tmp_path, usual_mask):
    (tmp_path / "old").mkdir(mode=0o755)
    Home(tmp_path / "old").make()
    assert mode(tmp_path / "old") == 0o755


@posix
def test_nothing_that_a_night_writes_can_be_read_by_others(tmp_path, usual_mask):
    home = tmp_path / "runner"
    home.mkdir(mode=0o755)
    fill(home / "inbox", weeks=1)
    given = set(home.rglob("*"))
    run(settings_of(home), NIGHT, as_of=AS_OF)
    written = set(home.rglob("*")) - given
    assert {home / "warehouse.duckdb", home / ".steadymile" / "lock", home / "reports" / "index.html"} <= written
    assert [path.name for path in written if mode(path) & 0o077] == []


@pytest.mark.parametrize("words", [["nightly"], ["log", "red_flag=chest_pain"], ["erase", "me", "--yes"], ["verify"]])
def test_a_home_that_was_mistyped_is_refused_and_not_made(tmp_path, words):
    mistyped = tmp_path / "nosuch"
    ended = CliRunner().invoke(app, ["--home", str(mistyped), *words])
    assert ended.exit_code == 2
    assert f"There is no home at {mistyped}" in ended.output
    assert not mistyped.exists()


@pytest.mark.parametrize(
    ("said", "years"), [("85", "1985"), (26, "1926"), ("10", "1910 or 2010"), ("00", "1900 or 2000")]
)
def test_a_year_of_two_digits_is_refused_with_the_years_it_may_stand_for(said, years):
    with pytest.raises(HomeError, match=rf"a year of two digits\. Write all four: {years}\.$"):
        parse_fact("birth_year", said, "anna")


@pytest.mark.parametrize(
    ("said", "zone"),
    [("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("CET", "CET")],
)
def test_a_time_zone_is_known_by_its_city_in_any_case(said, zone):
    assert parse_fact("timezone", said, "anna") == zone


def test_a_city_that_several_zones_are_called_by_is_asked_about():
    with pytest.raises(HomeError, match="Write which one: America/Kentucky/Louisville, America/Louisville"):
        parse_fact("timezone", "louisville", "anna")


@pytest.mark.parametrize(("said", "day"), [("30.04.2027", date(2027, 4, 30)), ("30 April 2027", date(2027, 4, 30))])
def test_the_day_of_a_goal_is_read_as_people_write_it(said, day):
    assert parse_fact("goal_date", said, "anna") == day


@pytest.mark.parametrize("said", ["4/3/2027", "45000", "2027", "soon"])
def test_a_day_that_could_be_two_or_none_is_refused(said):
    with pytest.raises(HomeError, match="Give a date like 2027-04-30"):
        parse_fact("goal_date", said, "anna")


def test_heart_rates_that_cannot_both_be_right_are_refused_when_written_and_read_in_an_older_file(tmp_path):
    home = Home(tmp_path)
    home.make()
    set_facts(home, "me", {"maximal_heart_rate_bpm": "150"}, None)
    with pytest.raises(HomeError, match=r"resting heart rate of 100 .* 120 cannot both"):
        set_facts(home, "me", {"resting_heart_rate_bpm": 100, "maximal_heart_rate_bpm": 120}, date(2026, 1, 1))
    assert home.athletes()["me"].dated == {}
    old = parse_athletes("[me]\nresting_heart_rate_bpm = 120\nmaximal_heart_rate_bpm = 100\n")
    assert old["me"].base.resting_heart_rate_bpm == 120


def test_a_name_stays_on_one_line_and_can_be_taken_back(tmp_path):
    home = Home(tmp_path)
    home.make()
    set_facts(home, "me", {"name": "Ann\n  Lee", "units": "mi"}, None)
    assert (home.athletes()["me"].name, home.athletes()["me"].units) == ("Ann Lee", "miles")
    set_facts(home, "me", {"name": ""}, None)
    assert home.athletes()["me"].name is None


@pytest.mark.parametrize("name", ["Mia \U0001f3c3\u200d\u2640\ufe0f", "\u0645\u06cc\u200c\u0646\u0627"])
def test_a_name_keeps_the_marks_that_join_letters(name):
    assert parse_name(name) == name


@pytest.mark.parametrize(("written", "kept"), [("a\u202eb", "a b"), ("\u200d", "")])
def test_a_name_keeps_no_other_mark_that_nobody_sees(written, kept):
    assert parse_name(written) == kept


def test_two_who_set_facts_at_once_lose_none(tmp_path):
    home = Home(tmp_path)
    home.make()
    each = [("weight_kg", 60 + n) for n in range(8)] + [("height_cm", 160 + n) for n in range(8)]
    with ThreadPoolExecutor(4) as people:
        days = range(1, 17)
        list(people.map(lambda day, fact: set_facts(home, "me", dict([fact]), date(2026, 3, day)), days, each))
    assert len(home.athletes()["me"].dated) == 16


@pytest.mark.parametrize(
    ("tz", "zone"),
    [("Asia/Tokyo", "Asia/Tokyo"), (":/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"), ("CET-1CEST", "Europe/Oslo")],
)
def test_a_machine_s_zone_is_the_one_that_its_environment_names_else_its_system(monkeypatch, tz, zone):
    monkeypatch.setenv("TZ", tz)
    monkeypatch.setattr(os.path, "realpath", lambda path: "/usr/share/zoneinfo/Europe/Oslo")
    assert zone_of(Athlete("me"), date(2026, 3, 1)) == zone
    assert zone_of(Athlete("me", base=Facts(timezone="Europe/Rome")), date(2026, 3, 1)) == "Europe/Rome"
