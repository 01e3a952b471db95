"""`steadymile audio` writes the week's runs and removes older ones of its own; a voice that fails costs no file."""

from __future__ import annotations

import os
import stat
import sys

import polars as pl
import pytest
from steadymile.pipelines.devices import audio
from steadymile.pipelines.devices.audio import Voice, write_audio
from steadymile.pipelines.devices.sounds import remove_old_audio
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.published import opened_published, page_tables

from tests.pipelines.conftest import NIGHT, settings_of

posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for a speaking program is a script")
SPEAKS = """
import sys, wave
with wave.open(sys.argv[sys.argv.index("-w") + 1], "wb") as out:
    out.setnchannels(1); out.setsampwidth(2); out.setframerate(22050); out.writeframes(bytes(2 * 2205))
"""


def install(folder, monkeypatch, body: str) -> None:
    program = folder / "espeak-ng"
    program.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


def test_the_runs_of_the_week_are_written_and_those_of_other_weeks_removed(home, monkeypatch):
    monkeypatch.setattr(audio, "SPEAKERS", ())
    place = home / "audio"
    place.mkdir()
    for name in ("2026-W20-2-tue-run.wav", "my music.wav"):
        (place / name).write_bytes(b"old")
    lines = write_audio(settings_of(home), None, None, NIGHT)
    names = sorted(path.name for path in place.iterdir())
    assert names == [*sorted(line.rpartition(os.sep)[2] for line in lines[:-1]), "my music.wav"]
    assert {name[:8] for name in names[:-1]} == {"2026-W27"}
    assert "Rising tones say run" in lines[-1]


def test_a_run_that_is_planned_otherwise_or_is_over_is_not_to_be_heard(home, monkeypatch):
    monkeypatch.setattr(audio, "SPEAKERS", ())
    write_audio(settings_of(home), None, None, NIGHT)
    with opened_published(settings_of(home)) as con:
        planned = page_tables(con, "me")["planned_sessions"]
    names = {path.name for path in (home / "audio").iterdir()}
    remove_old_audio(Home(home), "me", planned, NIGHT.date(), alone=True)
    assert {path.name for path in (home / "audio").iterdir()} == names
    first = min(names)
    longer = [{**step, "run_s": 2 * step["run_s"]} for step in planned.filter(pl.col("kind") == "run")["steps"][-1]]
    changed = planned.with_columns(
        steps=pl.when(pl.col("day") == pl.col("day").filter(pl.col("week") == first[:8], pl.col("kind") == "run").min())
        .then(pl.lit(pl.Series([longer], dtype=planned["steps"].dtype)).first())
        .otherwise(pl.col("steps"))
    )
    remove_old_audio(Home(home), "me", changed, NIGHT.date(), alone=True)
    assert {path.name for path in (home / "audio").iterdir()} == names - {first}
    remove_old_audio(Home(home), "me", planned.filter(pl.col("kind") != "run"), NIGHT.date(), alone=True)
    assert list((home / "audio").iterdir()) == []


def test_before_the_first_plan_there_is_nothing_to_listen_to(tmp_path):
    with pytest.raises(Trouble, match="no warehouse yet"):
        write_audio(settings_of(tmp_path), None, None, NIGHT)


@posix
def test_a_program_that_speaks_is_asked_once_for_each_sentence(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, SPEAKS)
    voice = Voice()
    assert set(voice.of(["Walk.", "Jog.", "Walk."])) == {"Walk.", "Jog."}
    assert voice.described == "The cues are spoken."


@posix
@pytest.mark.parametrize("body", ["raise SystemExit(1)", "pass", "print('no file')"])
def test_a_program_that_fails_leaves_the_signs(tmp_path, monkeypatch, body):
    install(tmp_path, monkeypatch, body)
    voice = Voice()
    assert voice.of(["Walk."]) == {}
    assert "Rising tones" in voice.described
