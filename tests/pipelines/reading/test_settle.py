"""What was read once is read again when the readers change: an update reaches what came in before it."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.log import journal_decision, log_checkin, state_sport
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import NightlyResult, nothing_owed, run
from steadymile.pipelines.reading import definitions, settle
from steadymile.pipelines.reading.child import Died
from steadymile.pipelines.reading.definitions import EVERY_OTHER, MODULES
from steadymile.pipelines.reading.keep import Again
from steadymile.pipelines.reading.remeasure import gone
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.journal import Entry, Journal

from tests.pipelines.conftest import NIGHT
from tests.pipelines.test_nightly import ask, hashes

TABLE = """date,pain,red_flag,cleared,resting_hr,fatigue
2026-06-20,6,,,52,6
2026-06-21,,chest pain,,53,
2026-06-24,1,,yes,51,
"""
KILLED = Died("reader_killed", "The reader was ended")
SAID = (
    "SELECT day, quantity, coalesce(number::VARCHAR, word, truth::VARCHAR), held FROM base.health_events ORDER BY ALL"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "diary.csv").write_text(TABLE)
    return tmp_path


def night(place: Path, hours: int = 0) -> NightlyResult:
    return run(Settings(place, workers=1, settle_s=0.0), NIGHT + timedelta(hours=hours), steps=("ingest", "measure"))


def events(place: Path) -> list[tuple]:
    with duckdb.connect(str(Home(place).work), read_only=True) as con:
        return con.execute(SAID).fetchall()


def by_older_readers(place: Path, *statements: str) -> None:
    """Leave the home as other readers would: what `statements` make of the work database, read by nobody known."""
    with duckdb.connect(str(Home(place).work)) as con:
        for statement in (*statements, "DELETE FROM base.readings"):
            con.execute(statement)


def unheld(place: Path) -> None:
    """Let the journal say nothing of held answers, as before there were any."""
    journal = Home(place).journal
    journal.write_text(journal.read_text().replace(',"held":true', ""))


LOST = "DELETE FROM base.health_events WHERE quantity IN ('pain', 'red_flag', 'cleared', 'fatigue')"


def test_answers_that_an_older_reader_left_out_are_there_after_one_night(place):
    night(place)
    whole = events(place)
    by_older_readers(place, LOST)
    assert len(events(place)) < len(whole)
    result = night(place, 24)
    assert (result.again, events(place)) == (Again(files=1, differ=1), whole)


def test_a_warning_sign_that_comes_to_light_is_of_its_day_and_its_owner_is_judged_anew(place):
    night(place)
    by_older_readers(place, LOST)
    night(place, 24)
    assert ask(place, "SELECT local_day, red_flag FROM health WHERE red_flag IS NOT NULL") == [
        (date(2026, 6, 21), "chest_pain")
    ]


def test_a_table_is_read_again_once(place):
    night(place)
    by_older_readers(place, LOST)
    assert [night(place, 24 * n).again.files for n in (1, 2, 3)] == [1, 0, 0]


def test_what_today_s_readers_read_is_not_read_again(place):
    night(place)
    assert night(place, 24).again == Again()


def test_other_readers_read_again_and_find_nothing_else(place, monkeypatch):
    night(place)
    before = hashes(place)
    monkeypatch.setattr(definitions, "read_by", lambda: dict.fromkeys([EVERY_OTHER, *MODULES], "later"))
    assert night(place, 1).again == Again(files=1, differ=0)
    assert hashes(place) == before


def test_when_the_readers_were_installed_makes_no_other_readers(monkeypatch, tmp_path):
    copies = []
    for name in ("a", "b"):
        shutil.copytree(Path(settle.__file__).parent, tmp_path / name)
        (tmp_path / name / "settle.py").touch()
        monkeypatch.setattr(definitions.steadymile.ingest, "__file__", str(tmp_path / name / "__init__.py"))
        copies.append(definitions.readers.__wrapped__())
    (tmp_path / "b" / "settle.py").write_text("# another\n")
    assert (copies[0] == copies[1], copies[1] == definitions.readers.__wrapped__()) == (True, False)


def changed(monkeypatch, tmp_path, module: str) -> set[str]:
    """The readers that are others where a module of ingest/ is another."""
    ingest = Path(definitions.steadymile.ingest.__file__).parent
    before = definitions.read_by.__wrapped__()
    shutil.copytree(ingest, tmp_path / "ingest")
    with (tmp_path / "ingest" / module).open("a") as file:
        file.write("# another\n")
    with monkeypatch.context() as patch:
        patch.setattr(definitions.steadymile.ingest, "__file__", str(tmp_path / "ingest" / "__init__.py"))
        patch.setattr(definitions, "readers", lambda: "later")
        after = definitions.read_by.__wrapped__()
    return {name for name in before if before[name] != after[name]} - {EVERY_OTHER}


@pytest.mark.parametrize(
    ("module", "readers"),
    [
        ("exports/strava.py", set()),
        ("checkins/values.py", None),  # the door bounds every recording by its ranges
        ("xml/kml.py", {"kml"}),
        ("fit/protocol/scan.py", {"fit", "fitparse", "columnar"}),
        ("recordings/sml.py", {"suunto"}),
        ("sports.py", set(MODULES) - {"huawei", "polar_hrm"}),  # which name their sports by numbers, or not at all
        ("checkins/files.py", set()),
        ("exports/apple.py", set()),
        ("dating.py", None),
        ("door.py", None),
    ],
)
def test_a_recording_is_read_again_where_what_reads_it_changed(monkeypatch, tmp_path, module, readers):
    found = changed(monkeypatch, tmp_path, module)
    assert found == (set(MODULES) if readers is None else readers)


@pytest.mark.parametrize(("later", "files"), [(EVERY_OTHER, 1), ("gpx", 1), ("tcx", 0)])
def test_a_night_reads_again_what_other_readers_of_its_kind_read(place, monkeypatch, later, files):
    points = "".join(
        f'<trkpt lat="52.5{i}" lon="13.4"><time>2026-06-20T07:{i:02}:00Z</time></trkpt>' for i in range(10, 20)
    )
    track = f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>'
    (place / "inbox" / "run.gpx").write_text(track)
    night(place)
    others = {**definitions.read_by(), later: "later"}
    monkeypatch.setattr(definitions, "read_by", lambda: others)
    assert [night(place, n).again.files for n in (1, 2)] == [files, 0]


def test_what_was_said_of_a_session_stays_its_own_where_its_file_is_counted_otherwise_now(tmp_path):
    def track(day: int) -> str:
        points = "".join(
            f'<trkpt lat="52.{500 + i}" lon="13.4"><time>2026-06-{day}T07:{i:02}:00Z</time></trkpt>' for i in range(20)
        )
        return f"<trk><trkseg>{points}</trkseg></trk>"

    (tmp_path / "inbox").mkdir()
    whole = f'<gpx xmlns="http://www.topografix.com/GPX/1/1">{track(10)}{track(12)}</gpx>'
    (tmp_path / "inbox" / "both.gpx").write_text(whole)
    night(tmp_path)
    ((first,), (second,)) = ask(tmp_path, "SELECT activity_id FROM activities ORDER BY started_at")
    by_older_readers(  # which did not see the first session
        tmp_path,
        f"DELETE FROM base.activities WHERE activity_id = '{first}'",
        f"""UPDATE base.activities SET activity_id = '{first}', "index" = 0 WHERE activity_id = '{second}'""",
    )
    settings = Settings(tmp_path, workers=1, settle_s=0.0)
    Journal(Home(tmp_path).journal).append([Entry("forget", NIGHT, {"activity_id": first}, "me")])
    night(tmp_path, 24)
    shown = "SELECT activity_id, local_day FROM activities"
    assert ask(tmp_path, shown) == [(first, date(2026, 6, 10))]
    rebuild_home(settings, NIGHT + timedelta(hours=25), silent)
    assert ask(tmp_path, shown) == [(first, date(2026, 6, 10))]


def test_a_clearance_that_an_older_reader_left_out_is_not_a_file_s_to_give(place):
    night(place)
    unheld(place)
    by_older_readers(place, "DELETE FROM base.health_events", "UPDATE base.files SET held = NULL")
    result = night(place, 24)
    assert [held for _, name, _, held in events(place) if name == "cleared"] == [True]
    assert ask(place, "SELECT count(*) FROM health WHERE cleared") == [(0,)]
    assert "cleared=yes" in " ".join(result.asks)


def test_a_rebuild_holds_the_clearance_too(place):
    night(place)
    unheld(place)
    by_older_readers(place, "DELETE FROM base.health_events", "UPDATE base.files SET held = NULL")
    night(place, 24)
    after = events(place)
    rebuild_home(Settings(place, workers=1, settle_s=0.0), NIGHT + timedelta(hours=25), silent)
    assert events(place) == after


def test_a_clearance_that_counted_before_files_were_held_counts_on(place):
    night(place)
    unheld(place)
    by_older_readers(place, "UPDATE base.health_events SET held = NULL", "UPDATE base.files SET held = NULL")
    assert night(place, 24).again == Again(files=1, differ=0)
    assert ask(place, "SELECT local_day FROM health WHERE cleared") == [(date(2026, 6, 24),)]


def test_an_answer_by_command_that_came_later_wins_over_a_table_read_again(place):
    night(place)
    settings = Settings(place, workers=1, settle_s=0.0)
    log_checkin(settings, None, ["fatigue=2"], date(2026, 6, 20), None, NIGHT + timedelta(hours=1))
    night(place, 2)
    by_older_readers(place, LOST.replace("WHERE", "WHERE origin NOT LIKE 'journal:%' AND"))
    night(place, 24)
    assert ask(place, "SELECT fatigue FROM health WHERE local_day = DATE '2026-06-20'") == [(2.0,)]


def test_every_recording_read_again_is_what_it_was(home):
    before = hashes(home)
    by_older_readers(home)
    result = night(home)
    assert (result.again.files > 20, result.again.differ, result.again.left) == (True, 0, 0)
    assert hashes(home) == before


def test_a_recording_that_its_owner_forgot_stays_forgotten(home):
    ((forgotten,),) = ask(home, "SELECT activity_id FROM activities WHERE kind = 'run' LIMIT 1")
    journal_decision(Settings(home, workers=1, settle_s=0.0), "forget", forgotten, NIGHT)
    night(home, 1)
    by_older_readers(home, "UPDATE base.activities SET title = 'otherwise'")
    night(home, 24)
    assert ask(home, f"SELECT count(*) FROM activities WHERE activity_id = '{forgotten}'") == [(0,)]


def test_a_session_that_a_file_gives_no_more_is_gone(home):
    before = hashes(home)
    by_older_readers(
        home,
        """INSERT INTO base.activities SELECT * REPLACE (100000 AS activity_no, 'split' AS activity_id, 7 AS index)
        FROM base.activities WHERE source IS DISTINCT FROM 'logged' ORDER BY started_at LIMIT 1""",
    )
    night(home)
    assert hashes(home) == before


def test_so_many_recordings_a_night_are_read_again_the_newest_first_until_all_are(home, monkeypatch):
    monkeypatch.setattr(settle, "A_NIGHT", 15)
    by_older_readers(home, "UPDATE base.activities SET title = 'otherwise' WHERE source IS DISTINCT FROM 'logged'")
    first = night(home)
    still = "SELECT max(started_at) FROM activities WHERE title = 'otherwise'"
    mended = "SELECT min(started_at) FROM activities WHERE title IS DISTINCT FROM 'otherwise' AND source <> 'logged'"
    assert first.again.left > 0
    assert ask(home, still) <= ask(home, mended)
    assert not nothing_owed(home)
    left = [first.again.left]
    while left[-1] and len(left) < 9:
        left.append(night(home, 24 * len(left)).again.left)
    assert left == [*range(first.again.left, 0, -15), 0]
    assert ask(home, "SELECT count(*) FROM activities WHERE title = 'otherwise'") == [(0,)]


def test_where_the_original_is_gone_what_was_read_stays_and_it_is_said_once(place):
    night(place)
    whole = events(place)
    by_older_readers(place)
    shutil.rmtree(Home(place).originals)
    said = [[lost.path for lost in night(place, 24 * n).lost] for n in (1, 2)]
    assert (said, events(place)) == ([["diary.csv"], []], whole)


def test_what_the_machine_kept_from_being_read_is_tried_in_the_next_night(place, monkeypatch):
    night(place)
    by_older_readers(place)
    with monkeypatch.context() as patched:
        patched.setattr(settle, "read_again", lambda run, originals: iter([[gone(o, KILLED) for o in originals]]))
        assert night(place, 24).lost == []
    assert night(place, 48).again.files == 1


def ride(day: int, sport: str = "cycling") -> str:
    """Twenty minutes of a day of June 2026 along a meridian, as a GPX file of this sport."""
    begun = datetime(2026, 6, day, 7, tzinfo=UTC)
    at = [(52 + s * 5 / 111_000, f"{begun + timedelta(seconds=s):%Y-%m-%dT%H:%M:%SZ}") for s in range(0, 1200, 10)]
    points = "".join(f'<trkpt lat="{lat:.6f}" lon="13.0"><time>{time}</time></trkpt>' for lat, time in at)
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk>'
        f"<type>{sport}</type><trkseg>{points}</trkseg></trk></gpx>"
    )


@pytest.fixture
def rides(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    for day in (20, 21, 22):
        (tmp_path / "inbox" / f"{day}.gpx").write_text(ride(day))
    night(tmp_path)
    return tmp_path


SPORTS = "SELECT path, sport FROM activities ORDER BY path"


def test_a_sport_that_older_readers_took_for_another_is_mended_and_its_owners_word_stands(rides):
    ((told,),) = ask(rides, "SELECT activity_id FROM activities WHERE path = '22.gpx'")
    state_sport(Settings(rides, workers=1, settle_s=0.0), told, "walk", NIGHT)
    night(rides, 1)
    by_older_readers(rides, "UPDATE base.activities SET sport = 'running', kind = 'run' WHERE path < '22'")
    night(rides, 24)
    after = ask(rides, SPORTS)
    assert after == [("20.gpx", "cycling"), ("21.gpx", "cycling"), ("22.gpx", "walking")]
    rebuild_home(Settings(rides, workers=1, settle_s=0.0), NIGHT + timedelta(hours=25), silent)
    assert ask(rides, SPORTS) == after


def test_one_file_that_cannot_be_stored_costs_neither_the_others_nor_the_inbox(rides, monkeypatch):
    by_older_readers(rides, "UPDATE base.activities SET title = 'otherwise'")
    (rides / "inbox" / "new.gpx").write_text(ride(25))
    stored = settle.save_recordings

    def fails(con, recordings):
        if any(r.path == "21.gpx" for r in recordings):
            raise duckdb.ConversionException("no such time")
        return stored(con, recordings)

    with monkeypatch.context() as patched:
        patched.setattr(settle, "save_recordings", fails)
        first, second = night(rides, 24), night(rides, 48)
    assert (first.problems, second.problems) == ([], [])
    assert [[(lost.path, lost.code) for lost in r.lost] for r in (first, second)] == [[("21.gpx", "not_storable")], []]
    titles = "SELECT path, title IS NOT DISTINCT FROM 'otherwise' FROM activities ORDER BY path"
    assert ask(rides, titles) == [("20.gpx", False), ("21.gpx", True), ("22.gpx", False), ("new.gpx", False)]
