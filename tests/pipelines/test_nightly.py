"""The promises of the nightly run, on a made home."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from steadymile.ingest import inbox
from steadymile.pipelines import steps
from steadymile.pipelines.cli.main import main
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.cli.table import WHERE, app
from steadymile.pipelines.commands.erase import erase_athlete
from steadymile.pipelines.commands.explain import replay_week
from steadymile.pipelines.commands.log import journal_decision, log_checkin
from steadymile.pipelines.commands.rebuild import rebuild_home, recompute_home
from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.nightly import run
from steadymile.pipelines.reading import intake
from steadymile.warehouse.database import open_published
from steadymile.warehouse.queries import contract_hash, query
from typer.testing import CliRunner

from tests.pipelines.conftest import AS_OF, NIGHT, START, fill, settings_of

BROKEN = b"\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT" + b"\x00" * 20


def hashes(home: Path) -> dict[str, str]:
    con = open_published(home / "warehouse.duckdb")
    try:
        return contract_hash(con)
    finally:
        con.close()


def ask(home: Path, sql: str) -> list[tuple]:
    con = open_published(home / "warehouse.duckdb")
    try:
        return query(con, sql).rows()
    finally:
        con.close()


def nightly(home: Path, as_of: date = AS_OF):
    return run(settings_of(home), NIGHT, as_of=as_of)


def inbox_state(home: Path) -> dict[str, tuple[str, int]]:
    return {
        str(p.relative_to(home)): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns)
        for p in sorted((home / "inbox").rglob("*"))
        if p.is_file()
    }


def command(home: Path, *words: str):
    return CliRunner().invoke(app, ["--home", str(home), *words])


def test_a_made_season_ends_in_a_frozen_week(home):
    assert ask(home, "SELECT week, status FROM targets") == [("2026-W27", "frozen")]


def test_every_activity_of_the_season_is_measured(home):
    rows = ask(home, "SELECT count(*), count(load), count(*) FILTER (moving_s > 0) FROM activities WHERE preferred")
    assert rows[0][0] == rows[0][1] == rows[0][2] > 15


def test_a_second_run_changes_nothing(home):
    before = hashes(home)
    assert nightly(home).published is False
    assert hashes(home) == before


def test_the_inbox_is_never_touched(tmp_path):
    home = tmp_path / "runner"
    fill(home / "inbox", weeks=2)
    before = inbox_state(home)
    nightly(home)
    assert inbox_state(home) == before


def test_what_was_dropped_a_moment_ago_is_read_by_the_same_run(tmp_path):
    home = tmp_path / "runner"
    fill(home / "inbox", weeks=1)
    result = run(replace(settings_of(home), settle_s=0.5), NIGHT, as_of=AS_OF)
    assert result.waiting == []
    assert result.activities_new > 0


def test_what_was_dropped_before_a_long_look_is_read_by_the_same_run(tmp_path, monkeypatch):
    home, look, met = tmp_path / "runner", inbox.scan, []
    fill(home / "inbox", weeks=1)

    def slow(*args):
        for file in (home / "inbox").rglob("*") if not met else ():
            os.utime(file)
        met.append(look(*args))
        time.sleep(0.3)
        return met[-1]

    monkeypatch.setattr(intake, "scan", slow)
    assert run(replace(settings_of(home), settle_s=0.2), NIGHT, as_of=AS_OF).waiting == []


def test_a_broken_file_is_told_once_and_costs_nothing_else(home):
    (home / "inbox" / "broken.fit").write_bytes(BROKEN)
    before = ask(home, "SELECT count(*) FROM activities")
    first = nightly(home)
    assert [path for path, _ in first.refused] == ["broken.fit"]
    assert first.needs_you
    assert not nightly(home).needs_you
    assert ask(home, "SELECT status FROM files WHERE path = 'broken.fit'") == [("quarantined",)]
    assert ask(home, "SELECT count(*) FROM activities") == before


def test_equal_bytes_under_another_name_are_a_duplicate_that_names_the_first(home):
    original = next(p for p in sorted((home / "inbox").rglob("*.fit")) if p.stat().st_size > 2000)
    shutil.copy(original, home / "inbox" / "zz-again.fit")
    nightly(home)
    rows = ask(home, "SELECT status, reason FROM files WHERE path = 'zz-again.fit'")
    assert rows[0][0] == "duplicate"
    assert original.name in rows[0][1]


def test_a_run_exported_twice_counts_once(home):
    rows = ask(home, "SELECT count(*) FROM activities WHERE NOT preferred AND duplicate_of IS NOT NULL")
    assert rows[0][0] >= 1


def test_rebuilding_from_originals_and_journal_gives_every_view_row_for_row(home):
    log_checkin(settings_of(home), None, ["rpe=7", "pain=1"], AS_OF - timedelta(days=1), None, NIGHT)
    (home / "inbox" / "broken.fit").write_bytes(BROKEN)
    nightly(home)
    before = hashes(home)
    rebuild_home(settings_of(home), NIGHT, silent)
    after = hashes(home)
    assert {v for v in before if before[v] != after[v]} == set()


def test_recomputing_changes_no_number(home):
    before = hashes(home)
    recompute_home(settings_of(home), everything=True, now=NIGHT, progress=silent, as_of=AS_OF)
    after = hashes(home)
    assert {v for v in before if before[v] != after[v]} == set()


def test_files_from_after_the_day_change_nothing_of_it(tmp_path):
    short, long = tmp_path / "short", tmp_path / "long"
    fill(short / "inbox", weeks=6)
    fill(long / "inbox", weeks=8)
    as_of = START + timedelta(days=41)
    nightly(short, as_of)
    nightly(long, as_of)
    views = ("targets", "planned_sessions", "reasons", "days")
    assert {v: hashes(short)[v] for v in views} == {v: hashes(long)[v] for v in views}


def test_an_open_reader_keeps_the_old_numbers_and_blocks_nobody(home):
    reader = open_published(home / "warehouse.duckdb")
    before = query(reader, "SELECT count(*) FROM files").rows()
    (home / "inbox" / "broken.fit").write_bytes(BROKEN)
    nightly(home)
    assert query(reader, "SELECT count(*) FROM files").rows() == before
    reader.close()
    assert ask(home, "SELECT count(*) FROM files")[0][0] == before[0][0] + 1


def test_what_is_said_reaches_its_session_and_outranks_the_watch(home):
    day, activity = ask(
        home, "SELECT local_day, activity_id FROM activities WHERE preferred AND kind = 'run' ORDER BY local_day"
    )[-1]
    log_checkin(settings_of(home), None, ["rpe=9"], day, None, NIGHT)
    nightly(home)
    assert ask(home, f"SELECT rpe FROM activities WHERE activity_id = '{activity}'") == [(9.0,)]


def test_a_red_flag_stops_the_plan_the_same_night(home):
    log_checkin(settings_of(home), None, ["red_flag=chest_pain"], AS_OF, None, NIGHT)
    nightly(home, AS_OF)
    assert ask(home, "SELECT action, run_min FROM targets ORDER BY week DESC LIMIT 1") == [("stop", 0.0)]


def test_a_forgotten_activity_is_hidden_and_comes_back(home):
    activity = ask(home, "SELECT activity_id FROM activities WHERE preferred ORDER BY started_at")[0][0]
    journal_decision(settings_of(home), "forget", activity, NIGHT)
    assert ask(home, f"SELECT count(*) FROM activities WHERE activity_id = '{activity}'") == [(0,)]
    assert ask(home, f"SELECT count(*) FROM samples WHERE activity_id = '{activity}'") == [(0,)]
    journal_decision(settings_of(home), "unforget", activity, NIGHT)
    assert ask(home, f"SELECT count(*) FROM activities WHERE activity_id = '{activity}'") == [(1,)]


def test_a_published_week_replays_identically(home):
    assert replay_week(settings_of(home), None, "2026-W27").identical


def test_with_several_people_an_unknown_folder_waits_and_says_how_to_add_it(tmp_path):
    home = tmp_path / "club"
    Home(home).make()
    set_facts(Home(home), "anna", {}, None, create=True)
    fill(home / "inbox" / "bo", weeks=1)
    (home / "inbox" / "My Watch").mkdir()
    (home / "inbox" / "My Watch" / "a.fit").write_bytes(b"x" * 100)
    result = nightly(home)
    assert {reason for _, reason in result.refused} == {
        "Nobody here is called bo: this file waits. `steadymile athlete add bo` adds them.",
        "Nobody here is called My Watch: this file waits. Rename the folder to the id of its owner, which holds "
        "letters, digits, - and _ only, or move the file into inbox/anna/ or inbox/me/.",
    }
    set_facts(Home(home), "anna", {"name": "My Watch"}, None)
    assert "No id here is My Watch: this file waits. If it is My Watch's, call the folder anna." in {
        reason for _, reason in nightly(home).refused
    }
    (home / "inbox" / "My Watch" / "a.fit").unlink()
    assert set(ask(home, "SELECT status, code FROM files")) == {("waiting", "no_owner")}
    assert not nightly(home).needs_you
    set_facts(Home(home), "bo", {}, None, create=True)
    assert nightly(home).activities_new > 0
    assert ask(home, "SELECT DISTINCT athlete_id FROM activities") == [("bo",)]


def test_the_first_person_added_takes_the_place_of_the_unused_default(tmp_path):
    home = tmp_path / "club"
    assert command(home, "athlete", "add", "anna").exit_code == 0
    assert command(home, "athlete", "add", "bo").exit_code == 0
    assert sorted(Home(home).athletes()) == ["anna", "bo"]


def test_two_friends_may_share_a_file(tmp_path):
    home = tmp_path / "club"
    Home(home).make()
    for name in ("anna", "bo"):
        set_facts(Home(home), name, {}, None, create=True)
        fill(home / "inbox" / name, weeks=1)
    nightly(home)
    rows = ask(home, "SELECT athlete_id, count(*) FROM activities GROUP BY athlete_id ORDER BY athlete_id")
    assert [athlete for athlete, _ in rows] == ["anna", "bo"]
    assert rows[0][1] == rows[1][1]


def test_erasing_a_person_leaves_nothing_of_them_but_their_inbox(home):
    before = inbox_state(home)
    erase_athlete(settings_of(home), "me", NIGHT)
    assert inbox_state(home) == before
    assert ask(home, "SELECT count(*) FROM activities") == [(0,)]
    assert not list((home / "archive" / "objects").rglob("*.gz"))
    assert "me" not in {json.loads(line)["athlete_id"] for line in (home / "archive" / "journal.jsonl").open()}


def test_home_may_stand_before_or_after_the_command(home):
    before = CliRunner().invoke(app, ["--home", str(home), "sql", "SELECT 1 AS one", "--json"])
    after = CliRunner().invoke(app, ["sql", "SELECT 1 AS one", "--json", "--home", str(home)])
    assert json.loads(before.output) == json.loads(after.output) == [{"one": 1}]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("status",), 0),
        (("status", "--json"), 0),
        (("explain",), 0),
        (("explain", "--json"), 0),
        (("explain", "1999-W01"), 2),
        (("replay", "2026-W27"), 0),
        (("plan", "--as-of", "2026-06-28"), 0),
        (("plan", "--as-of", "2026-06-28", "--json"), 0),
        (("coach",), 0),
        (("coach", "--json"), 0),
        (("athlete",), 0),
        (("athlete", "set", "weight_kg=abc"), 2),
        (("log", "rpe=12"), 2),
        (("log", "nonsense"), 2),
        (("log", "help"), 0),
        (("sql", "SELEKT 1"), 2),
        (("nosuch",), 2),
        (("forget", "ffffffffffff"), 2),
        (("report", "--as-of", "2026-06-28", "--no-png"), 0),
    ],
)
def test_commands_end_with_the_documented_exit_code(home, words, code):
    result = command(home, *words)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output


def test_nightly_exits_with_one_when_something_new_needs_its_owner(home, monkeypatch):
    monkeypatch.setenv("STEADYMILE_SETTLE_S", "0")
    (home / "inbox" / "broken.fit").write_bytes(BROKEN)
    assert command(home, "nightly", "--as-of", AS_OF.isoformat()).exit_code == 1
    assert command(home, "nightly", "--as-of", AS_OF.isoformat()).exit_code == 0


def test_every_command_is_in_the_readme():
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    names = [name for held in WHERE.values() for name in held]
    assert [name for name in names if f"steadymile {name}" not in readme] == []


def test_the_command_line_starts_without_prefect(home):
    import subprocess

    code = (
        "import sys; from steadymile.pipelines.cli.table import app; from typer.testing import CliRunner; "
        f"CliRunner().invoke(app, ['--home', {str(home)!r}, 'nightly', '--as-of', '{AS_OF}']); "
        "sys.exit('prefect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_export_writes_what_the_view_holds(home, tmp_path):
    target = tmp_path / "out.csv"
    assert command(home, "export", "planned_sessions", str(target)).exit_code == 0
    rows = ask(home, "SELECT count(*) FROM planned_sessions")[0][0]
    assert len(target.read_text().splitlines()) == rows + 1


def test_a_fault_in_one_persons_numbers_costs_nobody_else_theirs(tmp_path, monkeypatch):

    home = tmp_path / "club"
    Home(home).make()
    for name in ("anna", "bo"):
        set_facts(Home(home), name, {}, None, create=True)
        fill(home / "inbox" / name, weeks=1)
    sound = steps.measure_athlete

    def faulty(opened, athlete):
        if athlete.athlete_id == "anna":
            raise ZeroDivisionError("planted")
        return sound(opened, athlete)

    monkeypatch.setattr(steps, "measure_athlete", faulty)
    result = nightly(home)
    assert list(result.failed) == ["anna"]
    assert ask(home, "SELECT DISTINCT athlete_id FROM targets WHERE athlete_id <> 'me'") == [("bo",)]


def test_an_override_is_shown_with_who_and_why_and_survives_the_next_night(home):
    told = command(home, "override", "2026-W27", "share=0.5", "--who", "coach", "--why", "holiday")
    assert told.exit_code == 0, told.output
    row = ask(home, "SELECT run_min, revision, headline FROM targets WHERE week = '2026-W27'")[0]
    before = ask(home, "SELECT run_min FROM targets_history WHERE week = '2026-W27' AND revision = 1")[0][0]
    assert row[0] <= 0.55 * before
    assert "Changed by coach: holiday" in row[2]
    nightly(home)
    assert ask(home, "SELECT run_min, revision, headline FROM targets WHERE week = '2026-W27'")[0] == row


def test_an_override_cannot_pass_the_caps(home):
    before = ask(home, "SELECT run_min FROM targets WHERE week = '2026-W27'")[0][0]
    command(home, "override", "2026-W27", "run_min=900", "--who", "coach", "--why", "race")
    assert ask(home, "SELECT run_min FROM targets WHERE week = '2026-W27'")[0][0] <= 1.3 * before


@pytest.mark.parametrize(
    "words", [["frobnicate"], ["nightly", "--as-of", "tomorrow"], ["explain", "--frobnicate"], ["doctor"]]
)
def test_wrong_usage_is_one_line_what_and_one_line_what_to_do(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["steadymile", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    lines = capsys.readouterr().err.splitlines()
    assert stopped.value.code == 2
    assert len(lines) == 2
    assert lines[1].endswith("--help shows how it is used.")


def test_sql_that_says_nothing_known_is_wrong_usage(home):
    result = command(home, "sql", "SELECT nothing_like_it FROM activities")
    assert result.exit_code == 2
    assert "docs/reference/schema.md" in result.output


def test_an_explanation_names_the_smallest_changes_and_all_on_request(home):
    short, long = (command(home, "explain", *words).output for words in ((), ("--all",)))
    assert "What would have made it easier" in short
    assert len(long) > len(short)


def test_a_plan_that_is_only_looked_at_is_told_like_a_published_one(home):
    told = command(home, "plan", "--as-of", AS_OF.isoformat()).output
    assert "as it would stand on Sun 28 Jun 2026; not published." in told
    assert "Next week: Mon 29 Jun to Sun 5 Jul" in told


def test_a_first_night_in_the_middle_of_a_week_is_rebuilt_row_for_row(tmp_path):
    fill(tmp_path / "inbox", weeks=3)
    saturday = date(2026, 5, 23)
    run(settings_of(tmp_path), NIGHT, as_of=saturday)
    before = hashes(tmp_path)
    assert ask(tmp_path, "SELECT status FROM targets ORDER BY week") == [("frozen",), ("provisional",)]
    rebuild_home(settings_of(tmp_path), NIGHT, progress=silent)
    assert hashes(tmp_path) == before


def test_a_night_that_failed_after_its_journal_is_rebuilt_row_for_row(tmp_path, monkeypatch):
    fill(tmp_path / "inbox", weeks=2)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("steadymile.pipelines.reading.keep.save_recordings", full)
        (problem,) = run(settings_of(tmp_path), NIGHT, as_of=AS_OF).problems  # the later stages were tried all the same
    assert "The disk is full" in problem
    run(settings_of(tmp_path), NIGHT + timedelta(days=1), as_of=AS_OF)
    before = hashes(tmp_path)
    rebuild_home(settings_of(tmp_path), NIGHT + timedelta(days=2), progress=silent)
    assert hashes(tmp_path) == before


def test_a_night_after_a_rebuild_or_a_new_time_of_change_finds_nothing_new(home):
    path = next(p for p in sorted((home / "inbox").rglob("*.fit")))
    (home / "inbox" / "broken.fit").write_bytes(BROKEN)
    shutil.copy(path, home / "inbox" / "copy.fit")
    nightly(home)
    before = hashes(home)
    rebuild_home(settings_of(home), NIGHT, silent)
    assert hashes(home) == before
    for _ in range(2):
        os.utime(path, (1.7e9, 1.7e9))
        again = nightly(home)
        assert (again.counts, again.refused, again.weeks) == ({}, [], [])
        assert hashes(home) == before


def test_nights_that_go_on_from_the_night_before_are_rebuilt_row_for_row(tmp_path):
    fill(tmp_path / "later", weeks=8)
    files = sorted(p for p in (tmp_path / "later").rglob("*") if p.is_file())
    home = tmp_path / "home"
    for night in range(6):
        for path in files[night::6]:  # some of every week each night, so that most come late
            target = home / "inbox" / path.relative_to(tmp_path / "later")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        nightly(home, AS_OF + timedelta(days=night))
    nightly(home, AS_OF + timedelta(days=7))
    before = hashes(home)
    recompute_home(settings_of(home), everything=False, now=NIGHT, progress=silent, as_of=AS_OF + timedelta(days=7))
    assert hashes(home) == before
    rebuild_home(settings_of(home), NIGHT, silent)
    assert hashes(home) == before
