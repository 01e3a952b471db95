"""An inbox that somebody filled to do harm: every refusal is a row with a reason, and everything else comes in."""

from __future__ import annotations

import gzip
import io
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from steadymile.ingest.archives.containers import MIB, Limits
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.cli.table import app
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.commands.status import status_of as status_view
from steadymile.pipelines.nightly import run
from steadymile.pipelines.reading import keep
from steadymile.pipelines.settings import Settings, settings
from typer.testing import CliRunner

from tests.ingest.fit_making import T0, Fit, file_id
from tests.ingest.fit_making import run as fit_run
from tests.pipelines.conftest import AS_OF, NIGHT, settings_of
from tests.pipelines.test_nightly import ask, hashes, inbox_state

SMALL = Limits(max_file_bytes=4 * MIB, max_archive_bytes=8 * MIB, ratio_from_bytes=MIB, max_points=500, max_members=50)


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return buffer.getvalue()


def gpx(points: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<gpx version="1.1"><trk><trkseg>{points}</trkseg></trk></gpx>'.encode()


def points(year: int, count: int = 60, ele: str = "100") -> str:
    return "".join(
        f'<trkpt lat="{50 + s * 2.5e-5:.6f}" lon="8"><ele>{ele}</ele><time>{year}-06-01T07:{s // 60:02d}:{s % 60:02d}Z'
        "</time></trkpt>"
        for s in range(count)
    )


def many_definitions() -> bytes:
    fit = fit_run(seconds=30)
    fit.body += b"\x4f\0\0\x14\0\1\x03\x01\x02" * 1_000_000
    return fit.bytes(crc=False) + b"\0\0"


ENTITIES = '<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ZEROS = bytes(3 * MIB)

REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "bomb.zip": (lambda: zipped({"a.fit": ZEROS}), "bomb.zip!/a.fit", "decompression bombs"),
    "nested.zip": (
        lambda: zipped({"b.zip": zipped({"c.zip": zipped({"a.fit": ZEROS})})}),
        "nested.zip!/b.zip!/c.zip!/a.fit",
        "decompression bombs",
    ),
    "deep.zip": (
        lambda: zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"4.zip": zipped({})})})})}),
        "deep.zip!/1.zip!/2.zip!/3.zip",
        "zips deep",
    ),
    "many.zip": (lambda: zipped({f"{n}.fit": b"" for n in range(60)}), "many.zip", "holds 60 files"),
    "bomb.gpx.gz": (lambda: gzip.compress(ZEROS), "bomb.gpx.gz", "decompression bombs"),
    "out.zip": (lambda: zipped({"../../escaped.fit": b"x"}), "out.zip!/../../escaped.fit", "points out of it"),
    "huge.fit": (lambda: bytes(5 * MIB), "huge.fit", "beyond the limit"),
    "claim.fit": (
        lambda: Fit().bytes(data_size=0xFFFFFFF0),
        "claim.fit",
        "",
    ),
    "entities.gpx": (lambda: gpx("&b;" + points(2026), ENTITIES), "entities.gpx", "declares a document type"),
    "long.gpx": (lambda: gpx(points(2026, 700)), "long.gpx", "more than 500 track points"),
    "page.fit": (lambda: b"<html>Log in</html>", "page.fit", "named as a session"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one sound run and limits small enough to be passed by small files."""
    monkeypatch.setattr(Settings, "limits", lambda self: SMALL)
    place = tmp_path / "runner"
    (place / "inbox").mkdir(parents=True)
    (place / "inbox" / "sound.fit").write_bytes(fit_run(seconds=60).bytes())
    return place


def put(home: Path, name: str | bytes, data: bytes) -> None:
    with open(os.path.join(os.fsencode(home / "inbox"), os.fsencode(name)), "wb") as file:
        file.write(data)


def night(home: Path):
    return run(settings_of(home), NIGHT, as_of=AS_OF)


def status_of(home: Path, path: str) -> tuple[str, str]:
    rows = ask(home, f"SELECT status, coalesce(reason, '') FROM files WHERE path = '{path}'")
    assert len(rows) == 1, f"{len(rows)} rows for {path}"
    return rows[0]


@pytest.fixture(scope="module")
def beset(tmp_path_factory: pytest.TempPathFactory):
    """A home with every refused thing at once, run for one night."""
    place = tmp_path_factory.mktemp("beset") / "runner"
    (place / "inbox").mkdir(parents=True)
    for name, (make, _, _) in REFUSED.items():
        put(place, name, make())
    put(place, "sound.fit", fit_run(seconds=60).bytes())
    before = inbox_state(place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "limits", lambda self: SMALL)
        result = night(place)
    return place, result, before


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_a_row_with_its_reason(beset, name):
    place, _, _ = beset
    _, path, words = REFUSED[name]
    status, reason = status_of(place, path)
    assert status == "quarantined"
    assert words in reason
    assert re.search(r"\. \w", reason), "a fact and a next step"


def test_the_sound_file_beside_them_comes_in(beset):
    place, result, _ = beset
    assert status_of(place, "sound.fit")[0] == "ingested"
    assert result.activities_new == 1


def test_every_refusal_is_told_and_asks_for_the_owner(beset):
    _, result, _ = beset
    assert {path for path, _ in result.refused} == {path for _, path, _ in REFUSED.values()}
    assert result.needs_you


def test_nothing_was_changed_in_the_inbox_and_nothing_written_beside_it(beset):
    place, _, before = beset
    assert inbox_state(place) == before
    assert not list(place.parent.glob("escaped*"))
    assert not list(place.parent.parent.glob("escaped*"))


def test_what_was_refused_is_not_told_again(beset):
    place, _, _ = beset
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "limits", lambda self: SMALL)
        again = night(place)
    assert (again.refused, again.published) == ([], False)


def test_a_million_definitions_cost_nothing_but_their_time(home, monkeypatch):
    monkeypatch.setattr(Settings, "limits", lambda self: replace(SMALL, max_file_bytes=16 * MIB))
    put(home, "definitions.fit", many_definitions())
    night(home)
    assert status_of(home, "definitions.fit")[0] in ("ingested", "salvaged")
    assert ask(home, "SELECT count(*) FROM activities") == [(2,)]


@pytest.mark.parametrize(("year", "status"), [(1989, "waiting"), (2026, "ingested"), (2106, "waiting")])
def test_a_year_that_cannot_be_is_no_day_of_training(home, year, status):
    put(home, "year.gpx", gpx(points(year)))
    night(home)
    assert status_of(home, "year.gpx")[0] == status
    odd = "SELECT count(*) FROM days WHERE year(day) NOT BETWEEN 2000 AND 2050"
    assert ask(home, odd) == [(0,)]


@pytest.mark.parametrize("value", ["NaN", "inf", "-1e999"])
def test_a_number_that_is_none_is_null_in_every_view(home, value):
    put(home, "odd.gpx", gpx(points(2026, ele=value)))
    night(home)
    assert status_of(home, "odd.gpx")[0] == "ingested"
    assert ask(
        home,
        "SELECT count(*), count(altitude_m) FROM samples JOIN activities USING (activity_id) "
        "WHERE year(started_at) = 2026",
    ) == [(60, 0)]


def test_a_fit_of_four_gigabytes_by_its_own_word_is_read_for_what_it_is(home):
    put(home, "claim.fit", fit_run(seconds=45, fit=file_id(Fit(), serial=9)).bytes(data_size=0xFFFFFFF0))
    night(home)
    assert status_of(home, "claim.fit")[0] == "salvaged"


def test_a_link_out_of_the_inbox_is_refused_and_what_it_shows_stays_outside(home, tmp_path):
    secret = tmp_path / "secret.fit"
    secret.write_bytes(fit_run(seconds=90).bytes())
    (home / "inbox" / "link.fit").symlink_to(secret)
    (home / "inbox" / "folder").symlink_to(tmp_path, target_is_directory=True)
    result = night(home)
    assert {path for path, _ in result.refused} == {"link.fit", "folder"}
    assert result.activities_new == 1


@pytest.mark.parametrize(
    "name", [b"a\nb.fit", "\N{RUNNER}.fit".encode(), b"caf\xe9.fit", b"'; DROP TABLE files;--.fit"]
)
def test_a_file_of_any_name_comes_in(home, name):
    try:
        put(home, name, fit_run(seconds=45, fit=file_id(Fit(), serial=9)).bytes())
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    assert night(home).activities_new == 2
    assert night(home).published is False


@pytest.mark.skipif(os.geteuid() == 0, reason="for root every file is readable")
def test_a_file_without_permission_is_tried_again_once_it_is_mended(home):
    put(home, "locked.fit", fit_run(seconds=45, fit=file_id(Fit(), serial=9)).bytes())
    path = home / "inbox" / "locked.fit"
    path.chmod(0)
    assert [p for p, _ in night(home).refused] == ["locked.fit"]
    path.chmod(0o644)
    assert night(home).activities_new == 1


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen after the inbox was looked through and before the first file is read."""
    import steadymile.ingest.inbox

    look = steadymile.ingest.inbox.scan

    def look_and_act(*args: object, **more: object) -> object:
        found = look(*args, **more)
        act()
        return found

    monkeypatch.setattr("steadymile.pipelines.reading.intake.scan", look_and_act)


def test_a_file_that_vanishes_before_it_is_read_costs_nothing(home, monkeypatch):
    put(home, "gone.fit", fit_run(seconds=45).bytes())
    between(monkeypatch, (home / "inbox" / "gone.fit").unlink)
    result = night(home)
    assert (result.refused, result.activities_new) == ([], 1)
    assert ask(home, "SELECT count(*) FROM files WHERE path = 'gone.fit'") == [(0,)]


def test_a_file_that_grows_while_it_is_read_comes_in_the_next_night_and_whole(home, monkeypatch):
    whole = fit_run(seconds=45, fit=file_id(Fit(), serial=9)).bytes()
    put(home, "grows.fit", whole[:300])
    with monkeypatch.context() as patch:
        between(patch, lambda: put(home, "grows.fit", whole))
        assert night(home).activities_new == 1
    assert night(home).activities_new == 1
    assert status_of(home, "grows.fit")[0] == "ingested"


def test_the_command_ends_with_one_for_hostile_files_and_with_zero_the_next_time(home, monkeypatch):
    monkeypatch.setenv("STEADYMILE_SETTLE_S", "0")
    put(home, "entities.gpx", gpx("&b;" + points(2026), ENTITIES))
    words = ["--home", str(home), "nightly", "--as-of", AS_OF.isoformat()]
    first = CliRunner().invoke(app, words)
    assert (first.exit_code, "Traceback" in first.output) == (1, False)
    assert "entities.gpx" in first.output
    assert CliRunner().invoke(app, words).exit_code == 0


def test_the_bounds_are_settings(monkeypatch):
    monkeypatch.setenv("STEADYMILE_MAX_FILE_MB", "7")
    monkeypatch.setenv("STEADYMILE_MAX_POINTS", "77")
    limits = settings(Path()).limits()
    assert (limits.max_file_bytes, limits.max_points) == (7 * MIB, 77)


def test_a_rebuild_keeps_what_was_accepted_under_wider_bounds(home, monkeypatch):
    put(home, "long.gpx", gpx(points(2026, 700)))
    monkeypatch.setattr(Settings, "limits", lambda self: replace(SMALL, max_points=5000))
    night(home)
    before = hashes(home)
    monkeypatch.setattr(Settings, "limits", lambda self: SMALL)
    rebuild_home(settings_of(home), NIGHT, silent)
    assert hashes(home) == before


def test_answers_that_make_no_sense_are_told_to_their_owner():
    from steadymile.pipelines.reading.keep import Ingested
    from steadymile.pipelines.reading.worker import Outcome

    wrong = Outcome("week.csv", "week.csv", "me", "salvaged", "Not read: row 3", reader="csv")
    cut_off = Outcome("run.fit", "run.fit", "me", "salvaged", "ends early", what="FIT activity")
    assert Ingested([wrong, cut_off]).refused == [wrong]
    assert Ingested([wrong, cut_off]).salvaged == [cut_off]


@pytest.fixture
def broken_off(home: Path) -> Path:
    """A home with the download of three days' runs that broke off in the middle of the third."""
    days = [fit_run(60, T0 + 86_400 * day, fit=file_id(Fit(), created=T0 + 86_400 * day)).bytes() for day in (1, 2, 3)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as out:
        for number, data in enumerate(days):
            out.writestr(f"{number}.fit", data)
    data = buffer.getvalue()
    put(home, "export.zip", data[: data.index(b"2.fit") + len(days[2]) // 2])
    return home


def test_a_zip_that_broke_off_gives_every_run_in_it_and_says_what_is_lost(broken_off):
    result = night(broken_off)
    assert [status_of(broken_off, f"export.zip!/{n}.fit")[0] for n in range(3)] == ["ingested", "ingested", "salvaged"]
    assert "ends too early" in status_of(broken_off, "export.zip!/2.fit")[1]
    status, reason = status_of(broken_off, "export.zip")
    assert status == "salvaged"
    assert "3 files in it were found and read as far as possible; what stood behind 2.fit is lost" in reason
    assert result.activities_new == 4


def test_a_zip_that_broke_off_asks_for_its_owner_and_the_run_cut_with_it_is_named(broken_off):
    result = night(broken_off)
    assert [path for path, _ in result.refused] == ["export.zip"]
    assert [path for path, _ in result.salvaged] == ["export.zip!/2.fit"]


def test_a_zip_that_broke_off_is_told_once_and_rebuilt_the_same(broken_off):
    night(broken_off)
    before = hashes(broken_off)
    assert night(broken_off).counts == {}
    rebuild_home(settings_of(broken_off), NIGHT, silent)
    assert hashes(broken_off) == before


def test_the_whole_zip_brings_the_rest_of_the_run_that_was_cut(broken_off):
    night(broken_off)
    whole = fit_run(60, T0 + 86_400 * 3, fit=file_id(Fit(), created=T0 + 86_400 * 3)).bytes()
    put(broken_off, "whole.zip", zipped({"2.fit": whole}))
    night(broken_off)
    seconds = ask(broken_off, "SELECT round(elapsed_s), preferred FROM activities ORDER BY started_at DESC LIMIT 2")
    assert sorted(seconds)[1] == (60.0, True)
    assert sorted(seconds)[0][1] is False


def test_a_recording_that_breaks_off_is_named_with_its_byte(home):
    data = fit_run(60, T0 + 86_400).bytes()
    put(home, "cut.fit", data[:600])
    result = night(home)
    assert result.salvaged == [("cut.fit", status_of(home, "cut.fit")[1])]
    assert re.search(r"were kept \(at byte 5\d\d\)", result.salvaged[0][1])


def test_a_zip_that_broke_off_waits_for_its_owner_in_the_status(broken_off):
    night(broken_off)
    assert [row["path"] for row in status_view(settings_of(broken_off), None).data["refused"]] == ["export.zip"]
    assert night(broken_off).earlier_refused == 0


def test_a_zip_of_countless_useless_members_takes_a_bounded_number_of_rows(home, monkeypatch):
    monkeypatch.setattr(keep, "NAMED", 5)
    with zipfile.ZipFile(home / "inbox" / "many.zip", "w") as packed:
        for number in range(40):
            packed.writestr(f"{number}.txt", f"a note {number}")
        packed.writestr("diary.csv", "date,rpe\n2026-06-01,4\n")
    run(settings_of(home), NIGHT, as_of=AS_OF)
    found = "SELECT status, code, count(*) FROM files WHERE path LIKE 'many.zip%' GROUP BY ALL ORDER BY ALL"
    rows = ask(home, found)
    assert sum(n for _, _, n in rows) == 5 + 1 + 1
    assert ("ignored", "many_members", 1) in rows
    assert run(settings_of(home), NIGHT, as_of=AS_OF).counts == {}
    before = hashes(home)
    rebuild_home(settings_of(home), NIGHT, silent)
    assert hashes(home) == before
