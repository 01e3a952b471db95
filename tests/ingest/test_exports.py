"""Strava's activities.csv: titles and efforts, matched later by the start."""

from __future__ import annotations

import gzip
import io
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.containers import Limits
from ingest.exports import read_strava, strava_time
from ingest.inbox import load, release, scan
from ingest.read import read
from ingest.reading import Unreadable

HEAD = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Filename,"
    "Perceived Exertion\n"
)
ROW = '123,"Jan 5, 2026, 7:03:12 AM",Morning Run,Run,"cold, dry",1800,activities/1.fit.gz,4.0\n'


def test_a_row_is_a_check_in_at_the_sessions_start():
    (c,) = read_strava((HEAD + ROW).encode()).checkins
    assert (c.at, c.day) == (datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC), date(2026, 1, 5))
    assert c.values == {"title": "Morning Run", "note": "cold, dry", "rpe": 4.0}


def test_the_export_is_known_by_its_header_whatever_its_name():
    assert read((HEAD + ROW).encode(), "x.bin").what == "Strava activities.csv"


def test_effort_that_was_not_given_is_absent():
    (c,) = read_strava((HEAD + ROW.replace(",4.0", ",")).encode()).checkins
    assert "rpe" not in c.values


def test_a_bad_row_costs_that_row_only():
    reading = read_strava((HEAD + "9,when?,x,Run,,1,f,\n" + ROW).encode())
    assert len(reading.checkins) == 1
    assert "1 rows or cells" in reading.notes[0]


def test_a_list_whose_dates_cannot_be_read_is_refused_with_the_next_step():
    with pytest.raises(Unreadable, match="date"):
        read_strava((HEAD + "9,when?,x,Run,,1,f,\n").encode())


def test_an_empty_list_is_ignored():
    assert read_strava(HEAD.encode()).ignored == "The list holds no session"


POINT = b'<trkpt lat="50" lon="8"><time>2026-01-05T07:03:12Z</time></trkpt>'
GPX = b"<gpx><trk><type>running</type><trkseg>" + POINT + b"</trkseg></trk></gpx>"


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def outcome(inbox):
    limits = Limits()
    found = {}
    for candidate in scan(inbox, {}, limits, now=4e9).candidates:
        try:
            reading = read(load(candidate, limits), candidate.label, limits)
        except Unreadable as error:
            found[candidate.label] = error.why
            continue
        found[candidate.label] = "ignored" if reading.ignored else reading.what
    release()
    return found


def test_a_whole_strava_export_comes_in(tmp_path):
    files = {
        "activities.csv": HEAD + ROW,
        "activities/1.gpx.gz": gzip.compress(GPX),
        "profile.csv": "Athlete ID,Email Address\n1,a@b.c\n",
        "media/1.jpg": b"\xff\xd8\xff\xe0",
    }
    (tmp_path / "export.zip").write_bytes(packed(files))
    assert outcome(tmp_path) == {
        "export.zip!/activities.csv": "Strava activities.csv",
        "export.zip!/activities/1.gpx.gz": "GPX track",
        "export.zip!/profile.csv": "ignored",
        "export.zip!/media/1.jpg": "ignored",
    }


def test_a_whole_garmin_export_comes_in_through_its_inner_zips(tmp_path):
    inner = packed({"anna_1.gpx": GPX})
    uploads = "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip"
    files = {uploads: inner, "DI_CONNECT/DI-Connect-Wellness/sleep.json": "[{}]"}
    (tmp_path / "garmin.zip").write_bytes(packed(files))
    assert outcome(tmp_path) == {
        f"garmin.zip!/{uploads}!/anna_1.gpx": "GPX track",
        "garmin.zip!/DI_CONNECT/DI-Connect-Wellness/sleep.json": "ignored",
    }


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Jan 5, 2026, 12:03:12 AM", datetime(2026, 1, 5, 0, 3, 12, tzinfo=UTC)),
        ("Jan 5, 2026, 12:03:12 PM", datetime(2026, 1, 5, 12, 3, 12, tzinfo=UTC)),
        ("Jan 5, 2026, 1:03:12\u202fPM", datetime(2026, 1, 5, 13, 3, 12, tzinfo=UTC)),
        ("5 Jan 2026, 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("2026-01-05 07:03:12", datetime(2026, 1, 5, 7, 3, 12, tzinfo=UTC)),
        ("Feb 30, 2026, 7:03:12 AM", None),
        ("soon", None),
    ],
)
def test_the_exports_dates_are_utc(text, moment):
    assert strava_time(text) == moment


@given(st.text(max_size=120))
def test_any_text_after_the_header_is_read_or_refused(text):
    with suppress(Unreadable):
        read_strava((HEAD + text).encode("utf-8", "replace"))
