"""Of a recording and its trimmed export one counts; `keep` says how to choose the other."""

from __future__ import annotations

from pathlib import Path

import duckdb
from steadymile.pipelines.commands.log import journal_decision
from steadymile.pipelines.nightly import run
from steadymile.pipelines.settings import Settings

from tests.pipelines.conftest import NIGHT


def gpx(seconds: int) -> bytes:
    points = "".join(
        f'<trkpt lat="{50 + n * 2.25e-5:.6f}" lon="8.0"><time>2026-05-05T06:{n // 60:02d}:{n % 60:02d}Z</time></trkpt>'
        for n in range(seconds)
    )
    return f"<gpx><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>".encode()


def ask(home: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_keeping_a_trimmed_export_names_the_whole_recording_to_forget(tmp_path):
    settings = Settings(tmp_path, workers=1, settle_s=0.0)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "whole.gpx").write_bytes(gpx(1500))
    (tmp_path / "inbox" / "trimmed.gpx").write_bytes(gpx(900))
    run(settings, NIGHT)
    ((trimmed, whole),) = ask(tmp_path, "SELECT activity_id, duplicate_of FROM activities WHERE NOT preferred")
    said = journal_decision(settings, "keep", trimmed, NIGHT)
    assert f"steadymile forget {whole}" in said[1]
    journal_decision(settings, "forget", whole, NIGHT)
    assert ask(tmp_path, "SELECT activity_id FROM activities WHERE preferred") == [(trimmed,)]
