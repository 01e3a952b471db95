"""`steadymile audio` writes the week's runs and removes older ones of its own; a voice that fails costs no file."""

from __future__ import annotations

import os
import stat
import sys

import pytest
from steadymile.pipelines.devices import audio
from steadymile.pipelines.devices.audio import Voice, write_audio
from steadymile.pipelines.errors import Trouble

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
