"""`steadymile doctor` says what a file is and what is wrong with it, and changes nothing."""

from __future__ import annotations

import zipfile

from steadymile.pipelines.commands.doctor import examine

from tests.pipelines.conftest import fill


def test_a_sound_recording_is_fine_and_named_by_what_it_holds(tmp_path):
    fill(tmp_path, weeks=1)
    found = examine(next(iter(sorted(tmp_path.rglob("*.fit"))))).findings
    assert [finding.verdict for finding in found] == ["fine"]
    assert found[0].holds


def test_each_member_of_a_zip_has_a_finding_of_its_own(tmp_path):
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("broken.fit", b"\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT")
        archive.writestr("diary.csv", "date,rpe\n2026-06-01,4\n")
    report = examine(packed)
    assert {finding.path.split("!/")[1]: finding.verdict for finding in report.findings} == {
        "broken.fit": "not readable",
        "diary.csv": "fine",
    }
    assert not report.healthy


def test_a_file_that_is_refused_says_why_and_is_left_as_it_is(tmp_path):
    broken = tmp_path / "broken.fit"
    broken.write_bytes(b"\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT")
    report = examine(broken)
    assert report.as_json()["findings"][0]["reason"]
    assert broken.read_bytes() == b"\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT"
    assert sorted(tmp_path.iterdir()) == [broken]


def test_a_session_that_is_only_listed_is_shown_by_its_day_and_totals(tmp_path):
    table = tmp_path / "diary.csv"
    table.write_text("date,sport,distance_km,minutes\n2026-11-14,run,5,32\n", encoding="utf-8")
    (finding,) = examine(table).findings
    assert finding.holds == ("running, 2026-11-14; 5.00 km; 32 min; only its totals",)


def test_a_recording_of_days_to_come_is_not_sound_and_gives_the_next_step(tmp_path):
    ahead = tmp_path / "run.gpx"
    points = "".join(
        f'<trkpt lat="{48 + i / 40000}" lon="9"><time>2099-01-01T10:{i // 60:02}:{i % 60:02}Z</time></trkpt>'
        for i in range(120)
    )
    ahead.write_text(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>")
    report = examine(ahead)
    assert [finding.verdict for finding in report.findings] == ["day unknown"]
    assert "steadymile date 'run.gpx'" in (report.findings[0].reason or "")
    assert not report.healthy


def test_rows_of_a_list_that_are_still_to_come_are_named(tmp_path):
    listed = tmp_path / "activities.csv"
    listed.write_text("id,start_date_local,name,type,moving_time,distance\ni1,2099-01-01T10:00:00,Run,Run,1800,5000\n")
    (finding,) = examine(listed).findings
    assert finding.verdict == "fine"
    assert "1 row of days to come: no session yet" in finding.notes
