"""How a night ended is in the log of the home, told to its owner's command, and missed when nights stop."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from steadymile.pipelines.commands.status import status_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import run
from steadymile.pipelines.outcome import log, notice
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.reading import intake
from steadymile.pipelines.restore import sound
from steadymile.warehouse.database import unusable
from steadymile.warehouse.errors import Broken, Damaged

from tests.pipelines.conftest import AS_OF, NIGHT, settings_of


def lines(home: Path) -> list[dict]:
    return [json.loads(line) for line in (home / ".steadymile/log/runs.jsonl").read_text().splitlines()]


def owner(place: Path) -> str:
    """A command that writes down what it was told."""
    script = place / "owner.py"
    script.write_text(
        "import os, pathlib, sys\n"
        f"pathlib.Path({str(place / 'told')!r}).write_text(os.environ['STEADYMILE_OUTCOME'] + sys.stdin.read())\n"
    )
    return f"{sys.executable} {script}"


def test_a_night_leaves_a_line_a_file_with_its_run_in_the_homes_log(home):
    (home / "inbox" / "broken.fit").write_bytes(b"\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT" + b"\x00" * 20)
    seen = len(lines(home))
    result = run(settings_of(home), NIGHT, as_of=AS_OF)
    said = lines(home)[seen:]
    assert {line["run"] for line in said} == {result.run_id}
    assert [line["event"] for line in said][:1] + [line["event"] for line in said][-1:] == ["begin", "end"]
    files = [line for line in said if line["event"] == "file"]
    assert [(line["path"], line["status"], line["level"]) for line in files] == [
        ("broken.fit", "quarantined", "warning")
    ]
    assert said[-1]["outcome"] == "done"
    assert (home / ".steadymile/log/runs.jsonl").stat().st_mode & 0o077 == 0


def test_the_owners_command_learns_why_a_night_failed_and_that_one_ended_well(home, tmp_path, monkeypatch):
    told = replace(settings_of(home), on_failure=owner(tmp_path), on_success=owner(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(intake, "settled_scan", lambda *_: 1 / 0)
        run(told, NIGHT, as_of=AS_OF)
    assert (tmp_path / "told").read_text().startswith("failedThe inbox could not be read.")
    assert run(told, NIGHT, as_of=AS_OF).notes == []
    assert (tmp_path / "told").read_text() == "done"


@pytest.mark.parametrize(("command", "words"), [("/no/such/command", "cannot be run"), ("'", "cannot be run")])
def test_a_command_that_cannot_be_run_is_named_and_fails_no_night(tmp_path, command, words):
    told = replace(settings_of(tmp_path), on_success=command)
    assert words in (notice.call_owner(told, []) or "")


def test_status_says_that_the_nights_have_stopped(home):
    later = NIGHT + timedelta(days=3)
    found = status_of(settings_of(home), None, later).as_json()
    assert found["last_good_night"] == NIGHT
    assert found["nights_stopped"].startswith("The nights have stopped: the last one that ended well was on 28 June")
    assert status_of(settings_of(home), None, NIGHT + timedelta(days=1)).as_json()["nights_stopped"] is None


def test_facts_that_cannot_be_read_are_seen_on_the_page(home):
    (home / "athletes.toml").write_text("[me\n")
    assert "athletes.toml is not valid TOML" in run(settings_of(home), NIGHT, as_of=AS_OF).problems[0]
    assert notice.OPEN in (home / "reports" / "index.html").read_text()
    assert lines(home)[-1]["outcome"] == "failed"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (duckdb.IOException("Could not read enough bytes from file"), Damaged),
        (duckdb.Error("Corrupt database file: computed checksum 1 does not match stored checksum 2"), Damaged),
        (duckdb.IOException("Trying to read a database file with version number 99"), Broken),
        (duckdb.IOException("No space left on device"), Broken),
    ],
)
def test_only_damage_makes_a_database_worthless(tmp_path, error, kind):
    assert type(unusable(tmp_path / "work.duckdb", "opened", error)) is kind


def test_a_work_database_out_of_reach_is_not_thrown_away(home, monkeypatch):
    work = Home(home).work
    work.touch()

    def closed(*_, **__):
        raise Broken("It is of a newer DuckDB", "Update")

    monkeypatch.setattr("steadymile.pipelines.restore.open_work", closed)
    with pytest.raises(Broken):
        sound(Home(home))
    assert work.exists()


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({"event": "file", "athlete": "bo", "path": "run.fit"}, None),
        ({"event": "file", "path": "bo/run.fit"}, None),
        ({"event": "end", "why": "bo: ValueError. anna: page"}, {"event": "end"}),
        ({"athlete": "anna", "path": "anna/bo.fit"}, {"athlete": "anna", "path": "anna/bo.fit"}),
        ({"event": "end", "why": "bo-2: ValueError"}, {"event": "end", "why": "bo-2: ValueError"}),
    ],
)
def test_an_erased_person_leaves_the_log_and_others_keep_their_lines(facts, kept):
    assert notice.without(json.dumps(facts) + "\n", "bo") == (json.dumps(kept) + "\n" if kept else "")


def test_a_command_whose_reader_goes_away_still_ends_with_its_own_code():
    code = (
        "import sys\n"
        "from steadymile.pipelines.cli.guard import printing, run_guarded, say\n"
        "def work():\n"
        "    with printing():\n"
        "        for n in range(20000): say(n)\n"
        "    return 3\n"
        "sys.exit(run_guarded(work))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert (running.wait(60), running.stderr.read()) == (3, b"")


def test_a_run_that_failed_is_known_although_its_faults_found_no_room(tmp_path, monkeypatch):
    home = Home(tmp_path)
    home.private.mkdir()
    monkeypatch.setattr(notice, "write_whole", no_room)
    notice.failed(home, NIGHT, ["the disk is full"])
    assert notice.last_failure(home) == {"at": "an unknown time", "faults": [], "problems": [], "of": {}}
    notice.forget(home, "anna")
    assert notice.last_failure(home) is not None


def test_a_fault_of_one_person_stands_on_their_page_and_the_coachs_and_on_nobody_elses(tmp_path):
    home = Home(tmp_path)
    home.reports.mkdir(parents=True)
    for name in ("anna", "bo", "coach"):
        (home.reports / f"{name}.html").write_text("<html><body></body></html>")
    notice.failed(home, NIGHT, [], {"anna": "page: it cannot be written"})
    shown = {name: (home.reports / f"{name}.html").read_text() for name in ("anna", "bo", "coach")}
    assert [name for name, text in shown.items() if "it cannot be written" in text] == ["anna", "coach"]
    assert notice.OPEN not in shown["bo"]
    assert (notice.last_failure(home) or {})["faults"] == ["anna: page: it cannot be written"]


def test_who_is_erased_takes_their_own_faults_along_whatever_the_others_begin_with(tmp_path):
    home = Home(tmp_path)
    home.private.mkdir(parents=True)
    notice.failed(home, NIGHT, ["anna: this is the inbox's own line"], {"anna": "page", "bo": "plan"})
    notice.forget(home, "anna")
    assert (notice.last_failure(home) or {})["faults"] == ["anna: this is the inbox's own line", "bo: plan"]


def no_room(path, content):
    raise OSError(28, "No space left on device")


def test_of_two_writers_of_one_file_each_writes_it_whole(tmp_path, monkeypatch):
    page, begun = tmp_path / "index.html", []
    write = Path.write_bytes

    def interrupted(path, content):
        begun.append(path)
        write(path, content[:3])
        if len(begun) == 1:
            write_whole(page, b"the other one's")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    write_whole(page, b"mine, later")
    assert page.read_bytes() == b"mine, later"
    assert begun[0] != begun[1]


def test_the_sheet_to_print_says_too_that_the_last_night_failed(tmp_path):
    home = Home(tmp_path)
    sheet = home.reports / "print" / "me.html"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("<html><body>My week</body></html>")
    notice.failed(home, NIGHT, ["the disk is full"])
    assert notice.OPEN in sheet.read_text()


def test_a_log_that_finds_no_room_at_its_end_fails_no_night(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log._Quiet, "close", full)
    with log.logged(tmp_path) as opened:
        opened.say("begin")
    assert (tmp_path / "log" / "runs.jsonl").read_text().count("begin") == 1
