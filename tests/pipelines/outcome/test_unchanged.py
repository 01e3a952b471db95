"""A night in which nothing changed ends as the last one did, and one in which anything changed does not."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from steadymile.models.athlete import Athlete, Facts
from steadymile.pipelines.cli.main import main
from steadymile.pipelines.commands.erase import erase_athlete
from steadymile.pipelines.facts import same_day
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome import unchanged
from steadymile.pipelines.outcome.notice import last_good
from steadymile.warehouse.journal import Entry, Journal
from steadymile.warehouse.lock import HomeLock

from tests.pipelines.conftest import AS_OF, settings_of

NOW = datetime(2026, 6, 28, 20, 0, tzinfo=UTC)
DAY = (NOW - timedelta(hours=20), NOW + timedelta(hours=4))


def words(home: Path) -> list[str]:
    return ["nightly", "--home", str(home), "--as-of", AS_OF.isoformat()]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A home as a night may leave it, with nothing in its files."""
    home = tmp_path / "home"
    for folder in ("inbox/2026", "reports", "calendar", "workouts", ".steadymile/calendar", "archive"):
        (home / folder).mkdir(parents=True)
    for file in ("inbox/2026/a.fit", "athletes.toml", "warehouse.duckdb", "reports/index.html", *STATE):
        (home / file).write_text("as it was")
    (home / ".steadymile/lock").touch()
    unchanged.remember(home, unchanged.facts(home, words(home)), DAY, "Nothing new (0.0 s).\nWeek\n", None)
    return home


STATE = ("archive/journal.jsonl", ".steadymile/work.duckdb", ".steadymile/state.json", ".steadymile/pages.json")


def test_a_night_in_which_nothing_changed_prints_what_it_would_print(small):
    assert re.fullmatch(r"Nothing new \(\d\.\d s\)\.\nWeek\n", unchanged.repeated(words(small), NOW) or "")


def test_it_counts_as_a_good_night_and_has_its_lines_in_the_log(small):
    unchanged.repeated(words(small), NOW)
    assert last_good(Home(small)) == NOW
    assert (small / ".steadymile/log/runs.jsonl").read_text().count('"unchanged": true') == 2


@pytest.mark.parametrize(
    "file",
    ["inbox/2026/a.fit", "inbox/new.fit", "inbox/2027/new.fit", "athletes.toml", "warehouse.duckdb",
     "warehouse.duckdb.wal", ".steadymile/failed.json", "reports/index.html", "workouts/new.fit", *STATE],
)  # fmt: skip
def test_whatever_is_new_or_other_than_it_was_makes_it_a_whole_night(small, file):
    (small / file).parent.mkdir(exist_ok=True)
    (small / file).write_text("something else")
    assert unchanged.repeated(words(small), NOW) is None


@pytest.mark.parametrize("file", ["inbox/2026/a.fit", "athletes.toml", "reports/index.html", *STATE])
def test_whatever_is_gone_makes_it_a_whole_night(small, file):
    (small / file).unlink()
    assert unchanged.repeated(words(small), NOW) is None


@pytest.mark.parametrize(
    ("said", "at"),
    [
        (["nightly"], NOW),
        (["ingest"], NOW),
        (["nightly", "--json"], NOW),
        (["nightly", "--as-of", AS_OF.isoformat()], NOW + timedelta(hours=4)),
        (["nightly", "--as-of", AS_OF.isoformat()], NOW - timedelta(hours=21)),
    ],
)
def test_other_words_and_another_day_make_it_a_whole_night(small, said, at):
    assert unchanged.repeated([*said, "--home", str(small)], at) is None


@pytest.mark.parametrize("name", unchanged.HOOKS)
def test_a_command_of_the_owner_is_run_by_whole_nights(small, monkeypatch, name):
    monkeypatch.setenv(name, "true")
    assert unchanged.repeated(words(small), NOW) is None


def test_while_another_run_is_at_work_it_is_a_whole_night_which_says_so(small):
    with HomeLock(small / ".steadymile/lock"):
        assert unchanged.repeated(words(small), NOW) is None


def test_after_a_killed_run_it_is_a_whole_night_which_sweeps(small):
    (small / ".steadymile/lock").write_text('{"pid": 1}')
    assert unchanged.repeated(words(small), NOW) is None


def test_a_link_in_the_inbox_is_looked_at_by_a_whole_night(small, tmp_path):
    (small / "inbox/elsewhere").symlink_to(tmp_path)
    assert (unchanged.given(small), unchanged.facts(small, words(small))) == ("", "")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"facts": "", "during": [0, 9e9]}', '{"during": 3}', "\0"])
def test_a_record_that_cannot_be_read_is_none(small, text):
    (small / ".steadymile" / unchanged.RECORD).write_text(text)
    assert unchanged.repeated(words(small), NOW) is None


def test_the_day_ends_where_the_first_of_them_goes_to_bed():
    people = [Athlete(z, base=Facts(timezone=z)) for z in ("Europe/Berlin", "America/New_York")]
    begins, ends = same_day(people, datetime(2026, 6, 28, 20, 0, tzinfo=UTC))
    assert (begins.hour, ends.hour, ends - begins) == (4, 22, timedelta(hours=18))


def night(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("STEADYMILE_SETTLE_S", "0")
    monkeypatch.setattr(sys, "argv", ["steadymile", *words(home)])
    with suppress(SystemExit):
        main()
    return re.sub(r"\(\d+\.\d s\)", "", capsys.readouterr().out)


def record(home: Path) -> Path:
    return home / ".steadymile" / unchanged.RECORD


def test_a_whole_night_leaves_a_record_and_the_next_prints_the_same(home, monkeypatch, capsys):
    whole = night(home, monkeypatch, capsys)
    before = record(home).stat().st_mtime_ns
    assert night(home, monkeypatch, capsys) == whole
    assert record(home).stat().st_mtime_ns == before  # the whole night did not run again
    Journal(Home(home).journal).append([Entry("checkin", NOW, {"day": "2026-06-27", "values": {"pain": 1}}, "me")])
    assert unchanged.repeated(words(home)) is None
    erase_athlete(settings_of(home), "me", NOW)
    assert not record(home).exists()


def test_a_word_journaled_or_a_file_dropped_while_the_night_ran_leaves_no_record(home, monkeypatch, capsys):
    facts = unchanged.facts

    def meanwhile(root: Path, said: list[str]) -> str:
        Journal(Home(home).journal).append([Entry("checkin", NOW, {"day": "2026-06-27", "values": {"pain": 1}}, "me")])
        return facts(root, said)

    monkeypatch.setattr(unchanged, "facts", meanwhile)
    night(home, monkeypatch, capsys)
    assert not record(home).exists()
    monkeypatch.setattr(unchanged, "facts", facts)
    given = iter(["before", "after"])
    monkeypatch.setattr(unchanged, "given", lambda root: next(given))
    night(home, monkeypatch, capsys)
    assert not record(home).exists()


def test_what_python_compiled_is_no_other_code(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "pain.py").write_text("STOP = 5")
    before = list(unchanged.tree(tmp_path, skip="__pycache__"))
    (tmp_path / "rules" / "__pycache__").mkdir()
    (tmp_path / "rules" / "__pycache__" / "pain.cpython-311.pyc").write_bytes(b"compiled")
    assert list(unchanged.tree(tmp_path, skip="__pycache__")) == before
    (tmp_path / "rules" / "pain.py").write_text("STOP = 50")
    assert list(unchanged.tree(tmp_path, skip="__pycache__")) != before
