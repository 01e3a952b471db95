"""A file may begin a stop and never end one: what makes running freer counts from the person's own word."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.commands.status import status_of
from steadymile.pipelines.nightly import run

from tests.pipelines.conftest import AS_OF, NIGHT, settings_of
from tests.pipelines.test_nightly import ask, hashes


def day(back: int) -> date:
    return AS_OF - timedelta(days=back)


def night(home: Path):
    return run(settings_of(home), NIGHT, as_of=AS_OF)


def say(home: Path, back: int, *words: str) -> None:
    log_checkin(settings_of(home), None, words, day(back), None, NIGHT)


def drop(home: Path, text: str, name: str = "diary.csv") -> None:
    (home / "inbox" / name).write_text(text)


def action(home: Path) -> str:
    return ask(home, "SELECT action FROM targets ORDER BY week DESC LIMIT 1")[0][0]


def lifted(home: Path) -> bool:
    found = ask(home, "SELECT headline FROM targets ORDER BY week DESC LIMIT 1")[0][0]
    return found.startswith("The stop is lifted")


def test_a_clearance_from_a_table_inside_a_zip_leaves_the_stop_and_is_named_wherever_people_look(home):
    say(home, 3, "red_flag=chest_pain")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("notes.csv", f"date,cleared\n{day(1)},yes\n")
    (home / "inbox" / "export.zip").write_bytes(packed.getvalue())
    result = night(home)
    assert (action(home), lifted(home)) == ("stop", False)
    assert result.needs_you
    assert any("export.zip!/notes.csv reports" in said and "log cleared=yes" in said for said in result.asks)
    assert "professional cleared you" in (home / "reports" / "index.html").read_text()
    assert "professional cleared you" in status_of(settings_of(home), None).as_json()["unconfirmed"]["me"][0]
    assert ask(home, "SELECT cleared FROM health WHERE cleared") == []
    assert ask(home, "SELECT cleared, unconfirmed FROM checkins WHERE cleared") == [(True, ["cleared"])]
    assert ask(home, "SELECT code FROM files WHERE path LIKE '%notes.csv'") == [("unconfirmed",)]


def test_the_persons_own_word_after_it_ends_the_stop(home):
    say(home, 3, "red_flag=chest_pain")
    drop(home, f"date,cleared\n{day(1)},yes\n")
    night(home)
    assert not lifted(home)
    say(home, 0, "cleared=yes")
    result = night(home)
    assert lifted(home)
    assert (result.asks, status_of(settings_of(home), None).as_json()["unconfirmed"]["me"]) == ([], [])


def test_a_warning_sign_in_a_table_stops_at_once(home):
    drop(home, f"date,red_flag\n{day(1)},fainting\n")
    night(home)
    assert action(home) == "stop"


def test_calm_days_of_a_table_end_no_stop_for_pain_until_the_person_reports_one(home):
    say(home, 5, "pain=7")
    drop(home, "date,pain\n" + "".join(f"{day(n)},1\n" for n in (4, 3, 2, 1)))
    result = night(home)
    assert (action(home), lifted(home)) == ("stop", False)
    assert any("log pain=1" in said for said in result.asks)
    say(home, 0, "pain=1")
    night(home)
    assert lifted(home)


def test_an_illness_is_not_over_because_a_table_says_so(home):
    say(home, 2, "ill=yes")
    drop(home, f"date,ill\n{day(2)},no\n{day(1)},no\n")
    assert any("log ill=no" in said for said in night(home).asks)
    assert ask(home, f"SELECT ill FROM health WHERE day = '{day(2)}'") == [(True,)]
    say(home, 0, "ill=no")
    assert night(home).asks == []


def test_implausible_minutes_of_a_table_wait_and_plausible_ones_count(home):
    drop(home, f"date,run_min\n{day(2)},900\n{day(1)},25\n")
    assert any("a run of more than 300 min" in said for said in night(home).asks)
    assert ask(home, "SELECT day, run_min FROM health WHERE run_min IS NOT NULL") == [(day(1), 25.0)]
    say(home, 2, "run_min=310")
    night(home)
    assert ask(home, f"SELECT run_min FROM health WHERE day = '{day(2)}'") == [(310.0,)]


@pytest.mark.parametrize("rows", ["date,pain,ill,fatigue,rpe\n{0},0,no,2,4\n{1},1,no,3,5\n", "date,run_min\n{0},30\n"])
def test_an_ordinary_diary_counts_and_asks_nothing(home, rows):
    drop(home, rows.format(day(1), day(2)))
    result = night(home)
    assert (result.asks, result.refused) == ([], [])
    waits = status_of(settings_of(home), None).as_json()["unconfirmed"]
    assert waits == {"me": []}
    assert ask(home, f"SELECT count(*) FROM health WHERE day = '{day(1)}' AND answers_source = 'csv'") == [(1,)]


def test_a_later_file_takes_back_no_worse_word_of_the_person(home):
    say(home, 1, "fatigue=7", "after_effort=worse", "ill=yes")
    drop(home, f"date,fatigue,after_effort,ill\n{day(1)},1,fine,no\n")
    night(home)
    found = ask(home, f"SELECT fatigue, ill FROM health WHERE day = '{day(1)}'")
    assert found == [(7.0, True)]
    drop(home, f"date,fatigue\n{day(1)},2\n{day(2)},5\n{day(2)},3\n", "two.csv")
    night(home)
    assert ask(home, f"SELECT fatigue FROM health WHERE day = '{day(2)}'") == [(3.0,)]


def test_a_rebuild_knows_whose_word_it_was(home):
    say(home, 3, "red_flag=chest_pain")
    drop(home, f"date,cleared,ill,pain,run_min\n{day(1)},yes,no,0,800\n")
    night(home)
    before = hashes(home)
    rebuild_home(settings_of(home), NIGHT, silent)
    assert hashes(home) == before
    assert action(home) == "stop"
