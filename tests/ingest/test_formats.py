"""Chosen by content, never by name."""

from __future__ import annotations

import gzip
import json
import re
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.formats import read, root_of
from steadymile.ingest.reading import Unreadable

INGEST = Path(read.__code__.co_filename).parent
POINT = b'<trkpt lat="50" lon="8"><time>2026-03-01T07:00:00Z</time></trkpt>'
GPX = b'<gpx version="1.1"><trk><trkseg>' + POINT + b"</trkseg></trk></gpx>"


def test_a_gpx_named_fit_is_a_gpx():
    assert read(GPX, "run.fit").what == "GPX track"


def test_every_reader_stands_in_the_table():
    pattern = re.compile(r"^def (read_\w+)\(data: bytes.*-> Reading:", re.M)
    readers = {
        f"{path.stem}.{name}"
        for path in INGEST.rglob("*.py")
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    table = (INGEST / "formats.py").read_text(encoding="utf-8").replace("checkins.read", "files.read")
    table = table.replace("fit.read_fit", "reader.read_fit")
    assert {name for name in readers if f"{name}(" not in table and f"{name})" not in table} == set(), (
        "give these a line in FORMATS of ingest/formats.py"
    )


def test_a_gzip_is_taken_off_whatever_the_name():
    assert read(gzip.compress(GPX), "run").what == "GPX track"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (struct.pack(">LL", 0x00051607, 0x00020000) + b"Mac OS X", "macOS resource fork"),
        (json.dumps({"a": 1}).encode(), "JSON"),
        (b'[{"a": 1}]', "JSON"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\0\0\0\x18ftypheic", "photo or film"),
        (b"%PDF-1.7", "PDF"),
        (b'<?xml version="1.0"?><kml xmlns="x"/>', "KML"),
        (b"<!DOCTYPE html><html></html>", "XML or web page"),
        (b"SQLite format 3\0", "database"),
        (b"hello", "text"),
    ],
)
def test_what_holds_no_session_is_ignored_by_its_kind_and_reason(data, what):
    reading = read(data, "x.fit.unknown")
    assert reading.what == what
    assert reading.ignored


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes"),
        (b"\0" * 500, "blanks"),
        (b"PK\x03\x04....[Content_Types].xml", "spreadsheet"),
        (b"PK\x03\x04", "zip"),
        (b"7z\xbc\xaf\x27\x1c", "packed"),
        (bytes(range(256)), "no format"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_next_step(data, words):
    with pytest.raises(Unreadable, match=words) as error:
        read(data, "x")
    assert error.value.what_to_do


@pytest.mark.parametrize("name", ["run.gpx", "run.fit", "RUN.TCX.gz"])
def test_a_text_that_is_named_as_a_session_is_refused_and_not_passed_over(name):
    with pytest.raises(Unreadable, match="named"):
        read(b"Service unavailable", name)


def test_toml_that_begins_with_a_table_is_no_json():
    assert len(read(b"[[checkin]]\ndate = 2026-03-01\nrpe = 3\n", "x").checkins) == 1


def test_the_limits_reach_the_reader():
    with pytest.raises(Unreadable, match="more than 0 track points"):
        read(GPX, "run.gpx", Limits(max_points=0))


def test_a_fault_of_ours_costs_one_file_and_is_said_to_be_ours(monkeypatch):
    def fail(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr("steadymile.ingest.xml.tcx.walk", fail)
    with pytest.raises(Unreadable, match="RuntimeError: a fault") as error:
        read(b"<TrainingCenterDatabase/>", "x")
    assert "fault of steadymile" in error.value.what_to_do


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- <kml> --><g:gpx/>', "gpx"),
        ('<?xml version="1.0"?><gpx />'.encode("utf-16"), "gpx"),
        (b"  <TrainingCenterDatabase>", "trainingcenterdatabase"),
        (b"gpx", None),
    ],
)
def test_the_root_of_an_xml_document_is_found(data, root):
    assert root_of(data) == root


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([b"", b"<gpx>", b"<?xml", b"{", b"[", b"PK\x03\x04", b"date,rpe\n", b"\x0e\x10\xd9\x07"]),
    st.binary(max_size=150),
)
def test_any_bytes_are_read_ignored_or_refused(start, rest):
    with suppress(Unreadable):
        read(start + rest, "x")


@pytest.mark.corpus
def test_every_small_real_file_that_is_no_fit_is_read_or_ignored(corpus):
    refused = []
    for path in sorted((corpus / "files").glob("*/*")):
        if path.suffix == ".fit" or path.stat().st_size > 30_000:
            continue
        try:
            reading = read(path.read_bytes(), path.name)
        except Unreadable as error:
            refused.append((path.name, error.why))
            continue
        assert reading.activities or reading.checkins or reading.wellness or reading.ignored, path
    assert all("no column with the day" in why for _, why in refused), refused


def test_a_zip_that_is_a_page_or_a_text_is_refused_and_not_passed_over():
    with pytest.raises(Unreadable, match="named as a zip and is text"):
        read(b"not found", "export.zip")


def test_apple_healths_own_list_says_where_the_sessions_are():
    assert "routes beside it" in (read(b"<?xml version='1.0'?><HealthData locale='de'/>", "export.xml").ignored or "")
