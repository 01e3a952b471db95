"""The worst night: what was said is applied whatever fails, what is owed is done by the next run, and it is said."""

from __future__ import annotations

import errno
import json
import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from steadymile.pipelines import journaled, outputs
from steadymile.pipelines import nightly as nights
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.commands.status import status_of
from steadymile.pipelines.home import Home, drop_athlete, set_facts
from steadymile.pipelines.nightly import run
from steadymile.pipelines.outcome import notice
from steadymile.pipelines.reading import intake, keep
from steadymile.pipelines.reading.child import NoReader
from steadymile.warehouse.journal import Entry, Journal

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of
from tests.pipelines.test_nightly import ask, hashes


def night(home: Path, **more):
    return run(settings_of(home), NIGHT, as_of=AS_OF, **more)


def say(home: Path, *words: str) -> None:
    log_checkin(settings_of(home), None, words, AS_OF, None, NIGHT)


def action(home: Path) -> str:
    return ask(home, "SELECT action FROM targets ORDER BY week DESC LIMIT 1")[0][0]


def fail(*_, **__):
    raise RuntimeError("broken on purpose")


def test_a_stop_is_published_although_the_inbox_cannot_be_read(home, monkeypatch):
    say(home, "red_flag=chest_pain")
    monkeypatch.setattr(intake, "settled_scan", fail)
    result = night(home)
    assert result.problems[0].startswith("The inbox could not be read.")
    assert result.unread
    assert action(home) == "stop"


@pytest.mark.parametrize("step", ["measure_athlete", "renew"], ids=["of one athlete", "of anybody"])
def test_a_stop_is_published_although_the_numbers_cannot_be_computed(home, monkeypatch, step):
    say(home, "red_flag=chest_pain")
    monkeypatch.setattr(f"steadymile.pipelines.steps.{step}", fail)
    result = night(home)
    assert result.failed or result.problems
    assert action(home) == "stop"


def test_pain_that_was_logged_counts_whatever_ran_between(home):
    say(home, "pain=8")
    night(home, steps=("ingest", "measure"))
    night(home)
    assert action(home) == "stop"


def test_planning_alone_applies_what_was_logged(home):
    say(home, "pain=8")
    night(home, steps=("measure", "plan", "report"))
    assert action(home) == "stop"


def test_pages_that_could_not_be_written_are_written_by_the_next_run_of_the_day(home, monkeypatch):
    before = (home / "reports" / "index.html").read_bytes()
    say(home, "pain=8")
    with monkeypatch.context() as patch:
        patch.setattr(nights, "write_reports", fail)
        with pytest.raises(RuntimeError):
            night(home)
    night(home)
    after = (home / "reports" / "index.html").read_bytes()
    assert after != before
    assert notice.OPEN.encode() not in after


def club(place):
    """A home of two people with a week of files each."""
    Home(place).make()
    for name in ("anna", "bo"):
        set_facts(Home(place), name, {}, None, create=True)
        fill(place / "inbox" / name, weeks=1)
    return place


def test_one_athletes_page_that_fails_costs_nobody_else_theirs(tmp_path, monkeypatch):
    home = club(tmp_path / "club")
    write = outputs.write_person

    def only_bo(where, athlete, *words, **more):
        return fail() if athlete.athlete_id == "anna" else write(where, athlete, *words, **more)

    monkeypatch.setattr(outputs, "write_person", only_bo)
    result = night(home)
    assert list(result.failed) == ["anna"]
    assert (home / "reports" / "bo.html").exists()
    monkeypatch.undo()
    assert night(home).failed == {}
    assert (home / "reports" / "anna.html").exists()


def test_a_page_that_cannot_be_written_keeps_no_run_in_calendar_and_workouts(home, monkeypatch):
    say(home, "pain=8")
    monkeypatch.setattr(outputs.athlete_page, "render", fail)
    assert night(home).failed
    calendar = (home / "calendar" / "me.ics").read_text(encoding="utf-8")
    days = {event: event.split("DTSTART;VALUE=DATE:")[1][:8] for event in calendar.split("BEGIN:VEVENT")[1:]}
    coming = [event for event, day in days.items() if day > f"{AS_OF:%Y%m%d}" and "run-failed@" not in event]
    assert coming
    assert [event for event in coming if "STATUS:CANCELLED" not in event] == []
    assert list((home / "workouts").iterdir()) == []


def test_a_coachs_row_or_page_that_fails_costs_nobody_their_own(tmp_path, monkeypatch):
    home = club(tmp_path / "club")
    row = outputs.row

    def only_bo(athlete, *words, **more):
        return fail() if athlete.athlete_id == "anna" else row(athlete, *words, **more)

    with monkeypatch.context() as patch:
        patch.setattr(outputs, "row", only_bo)
        assert list(night(home).failed) == ["anna"]
    page = (home / "reports" / "coach.html").read_text()
    assert "cannot be shown here" in page
    assert page.index(">anna<") < page.index(">bo<")
    with monkeypatch.context() as patch:
        patch.setattr(outputs, "write_coach", fail)
        result = night(home)
    assert ["The pages about everybody" in problem for problem in result.problems] == [True]
    assert result.failed == {}
    assert (home / "reports" / "anna.html").exists()
    good = night(home)
    assert (good.problems, good.failed) == ([], {})
    assert "cannot be shown here" not in (home / "reports" / "coach.html").read_text()


def test_a_night_that_failed_is_said_on_the_page_and_in_the_calendar_until_one_succeeds(home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(intake, "settled_scan", fail)
        night(home)
    page, calendar = home / "reports" / "index.html", home / "calendar" / "me.ics"
    assert notice.OPEN in page.read_text(encoding="utf-8")
    assert "UID:run-failed@me" in calendar.read_text(encoding="utf-8")
    assert notice.last_failure(Home(home)) is not None
    assert status_of(settings_of(home), None).data["last_failure"] is not None
    night(home)
    assert notice.OPEN not in page.read_text(encoding="utf-8")
    assert "run-failed" not in calendar.read_text(encoding="utf-8")
    assert notice.last_failure(Home(home)) is None


def test_a_file_that_cannot_be_saved_is_refused_by_name_and_the_others_are_kept(tmp_path, monkeypatch):
    fill(tmp_path / "inbox", weeks=1)
    bad = next(p for p in sorted((tmp_path / "inbox").rglob("*.fit"))).relative_to(tmp_path / "inbox").as_posix()
    save = keep.save_recordings

    def refusing(con, records):
        if any(record.path == bad for record in records):
            raise OverflowError("too large")
        return save(con, records)

    monkeypatch.setattr(keep, "save_recordings", refusing)
    result = night(tmp_path)
    assert [path for path, _ in result.refused] == [bad]
    assert ask(tmp_path, "SELECT path, code FROM files WHERE status = 'quarantined'") == [(bad, "not_storable")]
    assert result.activities_new > 0
    assert night(tmp_path).counts == {}
    monkeypatch.undo()
    before = hashes(tmp_path)
    rebuild_home(settings_of(tmp_path), NIGHT, silent)
    assert hashes(tmp_path) == before


def test_readers_that_cannot_start_refuse_nothing_and_the_next_night_reads(tmp_path, monkeypatch):
    fill(tmp_path / "inbox", weeks=1)
    with monkeypatch.context() as patch:
        patch.setattr("steadymile.pipelines.reading.readers.Child", lambda memory: fail_start())
        result = night(tmp_path)
    assert "cannot start" in result.problems[0]
    assert ask(tmp_path, "SELECT count(*) FROM files") == [(0,)]
    assert night(tmp_path).counts["ingested"] > 0


def fail_start():
    raise NoReader("The reading process cannot start (no room)")


def test_a_truncated_work_database_is_made_anew_without_being_asked(home):
    before = hashes(home)
    work = Home(home).work
    work.write_bytes(work.read_bytes()[: work.stat().st_size // 2])
    night(home)
    assert hashes(home) == before


def test_a_work_database_whose_damage_no_first_look_shows_keeps_no_stop_from_counting(home):
    say(home, "red_flag=chest_pain")
    work = Home(home).work
    found, data = work.stat(), bytearray(work.read_bytes())
    data[len(data) // 3 :: 4096] = bytes(len(range(len(data) // 3, len(data), 4096)))  # in blocks, not in its head
    work.write_bytes(data)
    os.utime(work, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert night(home).problems == []
    assert action(home) == "stop"


def test_a_work_database_of_a_first_run_that_was_killed_is_made_anew(tmp_path):
    home = Home(tmp_path)
    home.make()
    home.work.write_bytes(b"half a header")
    assert night(tmp_path).problems == []


def test_a_deleted_athletes_file_is_restored_from_the_journal(home):
    set_facts(Home(home), "me", {"birth_year": 1970}, None)
    set_facts(Home(home), "me", {"weight_kg": 80}, date(2026, 3, 1))
    night(home)
    facts = Home(home).athletes()
    Home(home).athletes_file.unlink()
    say(home, "rpe=4")
    assert Home(home).athletes() == facts


def test_a_slip_in_athletes_toml_keeps_no_stop_from_counting_and_is_named(home):
    night(home)
    file = home / "athletes.toml"
    sound = file.read_text(encoding="utf-8")
    file.write_text(sound + '\nbirth_year = "19', encoding="utf-8")
    say(home, "red_flag=chest_pain")
    (problem,) = night(home).problems
    assert "athletes.toml is not valid TOML" in problem
    assert "facts are as they were" in problem
    assert action(home) == "stop"
    assert file.read_text(encoding="utf-8").endswith('"19')  # it is for its owner to mend
    file.write_text(sound, encoding="utf-8")
    assert night(home).problems == []


def test_an_athletes_toml_that_is_no_file_keeps_no_stop_from_counting_and_is_named(home):
    night(home)
    (home / "athletes.toml").unlink()
    (home / "athletes.toml").mkdir()
    say(home, "red_flag=chest_pain")
    (problem,) = night(home).problems
    assert "athletes.toml cannot be read" in problem
    assert action(home) == "stop"


def test_who_left_athletes_toml_does_not_come_back_with_a_slip_in_it(home):
    set_facts(Home(home), "ben", {"birth_year": 1970}, None, create=True)
    night(home)
    drop_athlete(Home(home), "ben")
    night(home)
    file = home / "athletes.toml"
    sound = file.read_text(encoding="utf-8")
    file.write_text(sound + "\n= 3", encoding="utf-8")
    assert list(Home(home).athletes()) == ["me"]
    file.write_text(sound, encoding="utf-8")
    set_facts(Home(home), "ben", {"birth_year": 1971}, None, create=True)  # and may join again
    night(home)
    file.write_text(file.read_text(encoding="utf-8") + "\n= 3", encoding="utf-8")
    assert Home(home).athletes()["ben"].base.birth_year == 1971


def test_a_line_of_the_journal_that_cannot_be_read_is_named_and_the_night_goes_on(home):
    journal = Home(home).journal
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:2], b'{"seq":3,"at"' + b"\n", *lines[3:]]))
    result = night(home)
    assert result.warnings == ["The journal: line 3 cannot be read."]
    assert result.needs_you


def test_an_entry_of_the_journal_that_makes_no_sense_is_named_and_costs_none_after_it(home):
    journal = Journal(Home(home).journal)
    (strange,) = journal.append([Entry("checkin", NIGHT, {"when": "later", "values": {"pain": 1.0}}, "me")])
    say(home, "pain=8")
    result = night(home)
    assert result.warnings == [f"The journal: entry {strange.seq} (checkin) cannot be applied (KeyError: 'day')."]
    assert action(home) == "stop"


def test_a_start_that_no_reader_can_apply_waits_and_costs_no_stop(home, monkeypatch):
    file = ask(home, "SELECT athlete_id, sha256 FROM activities WHERE sha256 IS NOT NULL LIMIT 1")[0]
    Journal(Home(home).journal).append([Entry("date", NIGHT, {"sha256": file[1], "at": NIGHT.isoformat()}, file[0])])
    asked: list[object] = []
    with monkeypatch.context() as patched:
        patched.setattr(journaled, "date_again", lambda *_: fail_start())
        say(home, "pain=8")
        assert "waits for the start that was stated" in night(home).problems[0]
        assert action(home) == "stop"
    monkeypatch.setattr(journaled, "date_again", lambda *given: asked.append(given))
    night(home)
    assert len(asked) == 1


def test_the_state_of_an_older_version_is_passed_over(home):
    state = Home(home).private / "state.json"
    old = json.loads(state.read_text())
    state.write_text(json.dumps({"changed": old["changed"], "journal_bytes": 1, "fingerprints": {}, "as_of": {}}))
    before = hashes(home)
    night(home)
    assert hashes(home) == before


def test_two_copies_of_a_home_end_the_same_in_any_order_of_commands(home, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(home, other)
    say(home, "pain=8")
    night(home)
    night(other, steps=("ingest", "measure"))
    say(other, "pain=8")
    night(other, steps=("ingest", "measure"))
    night(other, steps=("measure", "plan"))
    night(other)
    assert hashes(home) == hashes(other)
    for page in ("reports/index.html", "calendar/me.ics"):
        assert (home / page).read_bytes() == (other / page).read_bytes()


def test_a_night_with_the_clock_far_ahead_leaves_no_trace(home):
    before = {view: found for view, found in hashes(home).items() if view not in ("files", "runs_log")}
    page = (home / "reports" / "index.html").read_bytes()
    ahead = NIGHT.replace(year=2099)
    run(settings_of(home), ahead)
    run(settings_of(home), NIGHT)
    assert {view: found for view, found in hashes(home).items() if view in before} == before
    assert (home / "reports" / "index.html").read_bytes() == page
    rebuild_home(settings_of(home), NIGHT, silent)
    assert {view: found for view, found in hashes(home).items() if view in before} == before


def test_a_night_with_the_clock_far_behind_takes_no_published_week(home):
    def published() -> set[tuple]:
        return set(ask(home, "SELECT week, revision, status, level, run_min, as_of FROM targets_history"))

    before = published()
    run(settings_of(home), NIGHT.replace(year=2018))
    assert not any(week[-1].year == AS_OF.year for week in published())
    run(settings_of(home), NIGHT)
    after = hashes(home)
    assert before <= published()
    rebuild_home(settings_of(home), NIGHT, silent)
    assert hashes(home) == after


def test_a_rebuild_after_skipped_weeks_equals_what_was_there(tmp_path):
    fill(tmp_path / "inbox", weeks=3)
    for days in (0, 1, 18, 19, 40):
        later = timedelta(days=days)
        run(settings_of(tmp_path), NIGHT - timedelta(days=30) + later, as_of=AS_OF - timedelta(days=30) + later)
    before = hashes(tmp_path)
    rebuild_home(settings_of(tmp_path), NIGHT + timedelta(days=11), silent)
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("linked", [False, True], ids=["a missing inbox", "a link to a drive that is away"])
def test_an_inbox_that_is_away_is_said_and_a_stop_counts_all_the_same(home, linked, tmp_path):
    before, inbox, drive = hashes(home), home / "inbox", tmp_path / "drive"
    inbox.rename(drive)
    if linked:
        inbox.symlink_to(tmp_path / "away")
    say(home, "red_flag=chest_pain")
    result = night(home)
    assert "nothing is there" in result.problems[0] if linked else f"{inbox} is not there" in result.problems[0]
    assert action(home) == "stop"
    assert not inbox.exists()
    assert b"inbox" not in Home(home).journal.read_bytes()
    inbox.unlink(missing_ok=True)
    drive.rename(inbox)
    assert night(home).problems == []
    assert hashes(home)["files"] == before["files"]


def refusing(error):
    def scandir(place):
        raise error

    return scandir


@pytest.mark.parametrize("how", ["is a file, not a folder", "cannot be opened (Permission denied)"])
def test_an_inbox_that_cannot_be_looked_into_is_named_and_complains_of_no_file(home, how, tmp_path, monkeypatch):
    before, inbox, drive = hashes(home), home / "inbox", tmp_path / "drive"
    if "a file" in how:
        inbox.rename(drive)
        inbox.write_bytes(b"not a folder")
    else:
        monkeypatch.setattr("os.scandir", refusing(PermissionError(errno.EACCES, "Permission denied")))
    result = night(home)
    monkeypatch.undo()
    assert f"{inbox} {how}" in result.problems[0]
    if "a file" in how:
        inbox.unlink()
        drive.rename(inbox)
    assert night(home).problems == []
    assert hashes(home)["files"] == before["files"]


GARBAGE = ["[1, 2]", '"x"', "null", "", "[" * 3000, '{"journal": 5, "owed": 7, "problems": 5, "of": [1], "sha256": 5}']
RECORDS = ["state.json", "pages.json", "good.json", "missing.json", "failed.json"]


@pytest.mark.parametrize("name", RECORDS)
def test_a_stop_is_published_whatever_a_private_record_holds(home, name):
    say(home, "red_flag=chest_pain")
    record = Home(home).private / name
    before = record.read_bytes() if record.exists() else None
    for garbage in GARBAGE:
        record.write_text(garbage)
        night(home)
        assert action(home) == "stop"
    if before is None:
        record.unlink(missing_ok=True)


@pytest.mark.parametrize(
    "place",
    [*(f".steadymile/{name}" for name in [*RECORDS, "lock", "work.duckdb"]), "warehouse.duckdb", "reports/index.html"],
)
def test_a_stop_is_published_although_a_folder_lies_where_a_file_belongs(home, place):
    path = home / place
    path.unlink(missing_ok=True)
    path.mkdir()
    (path / "mine").write_text("mine")
    say(home, "red_flag=chest_pain")
    night(home)
    assert action(home) == "stop"
    assert [aside.read_text() for aside in path.parent.glob(f"{path.name}.aside-*/mine")] == ["mine"]


@pytest.mark.parametrize("place", ["reports", "calendar", "workouts", ".steadymile/calendar"])
def test_a_stop_is_published_although_a_file_lies_where_a_folder_belongs(home, place):
    shutil.rmtree(home / place, ignore_errors=True)
    (home / place).write_text("mine")
    say(home, "red_flag=chest_pain")
    night(home)
    assert action(home) == "stop"
    assert "chest pain" in (home / "reports" / "index.html").read_text()
    assert [aside.read_text() for aside in (home / place).parent.glob(f"{Path(place).name}.aside-*")] == ["mine"]
