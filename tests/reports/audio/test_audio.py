"""A session to listen to says each change at its second, and the file lasts as long as the session."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.models.weekplan import Step
from steadymile.reports.audio.cues import Cue, Part, cues, parts, spoken
from steadymile.reports.audio.track import PIP_HZ, RATE_HZ, SIGNS_HZ, TAIL_S, sound_of, track

FIRST_JOG = (Step(1, 0, 300), Step(8, 30, 90), Step(1, 0, 210))
STEPS = st.lists(st.builds(Step, st.integers(1, 4), st.integers(0, 900), st.integers(0, 400)), max_size=5)


def samples(wav: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(wav)) as read:
        assert (read.getframerate(), read.getnchannels(), read.getsampwidth()) == (RATE_HZ, 1, 1)
        return np.frombuffer(read.readframes(read.getnframes()), dtype=np.uint8).astype(float) - 128.0


def strongest_hz(heard: np.ndarray) -> float:
    return float(np.fft.rfftfreq(len(heard), 1 / RATE_HZ)[np.argmax(np.abs(np.fft.rfft(heard)))])


def test_walks_that_meet_are_one_walk():
    assert parts(FIRST_JOG)[-3:] == (Part(False, 90), Part(True, 30, 8, 8), Part(False, 300))


def test_each_change_is_said_at_its_second_with_its_length_and_number():
    said = {cue.at_s: cue.words for cue in cues(FIRST_JOG)}
    assert said[0] == "Walk 5 minutes to warm up."
    assert said[300] == "Jog 30 seconds. Number 1 of 8."
    assert said[330] == "Walk 1 minute 30 seconds."
    assert said[300 + 7 * 120] == "Jog 30 seconds. Number 8 of 8."
    assert said[1170] == "Walk 5 minutes to cool down."
    assert said[1470].startswith("That was it.")


def test_only_repetitions_are_numbered():
    said = [cue.words for cue in cues((Step(1, 1200, 60), Step(6, 20, 60)), "run") if cue.sign == "run"]
    assert said[:2] == ["Run 20 minutes.", "Run 20 seconds. Number 1 of 6."]


def test_a_long_run_says_its_middle_and_its_last_minute():
    said = [(cue.at_s, cue.words) for cue in cues((Step(1, 1200, 0),), "run")]
    assert said[:3] == [(0, "Run 20 minutes."), (600, "Halfway. 10 minutes left."), (1140, "One minute left.")]


@given(STEPS)
def test_cues_come_in_order_and_end_with_the_session(steps):
    times = [cue.at_s for cue in cues(steps)]
    assert times == sorted(times)
    assert times[-1] == sum(step.reps * (step.run_s + step.walk_s) for step in steps)


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 second"), (60, "1 minute"), (150, "2 minutes 30 seconds")])
def test_seconds_are_spoken_as_words(seconds, words):
    assert spoken(seconds) == words


def test_the_file_lasts_as_long_as_the_session_and_is_silent_between_the_cues():
    heard = samples(track(cues(FIRST_JOG)))
    assert len(heard) == (1470 + TAIL_S) * RATE_HZ
    assert not heard[10 * RATE_HZ : 290 * RATE_HZ].any()
    assert np.abs(heard).max() <= 120


def test_a_change_is_counted_in_and_the_sign_to_run_rises():
    heard = samples(track([Cue(5, "run", "Jog.")]))
    pip = heard[2 * RATE_HZ : int(2.08 * RATE_HZ)]
    assert abs(strongest_hz(pip) - PIP_HZ) < 15
    low, high = (heard[int(at * RATE_HZ) : int((at + 0.25) * RATE_HZ)] for at in (5.0, 5.34))
    assert (round(strongest_hz(low), -1), round(strongest_hz(high), -1)) == SIGNS_HZ["run"]


def recorded(frequency_hz: float, rate: int, channels: int = 1) -> bytes:
    values = (20000 * np.sin(2 * np.pi * frequency_hz * np.arange(rate) / rate)).astype("<i2")
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.repeat(values, channels).tobytes())
    return held.getvalue()


@pytest.mark.parametrize(("rate", "channels"), [(22050, 1), (16000, 2), (8000, 1)])
def test_speech_of_any_rate_keeps_its_length_and_pitch(rate, channels):
    found = sound_of(recorded(300.0, rate, channels))
    assert abs(len(found) - RATE_HZ) <= 1
    assert abs(strongest_hz(found) - 300.0) < 2


def test_words_follow_their_sign():
    words = sound_of(recorded(300.0, 22050))
    heard = samples(track([Cue(0, "run", "Jog.")], {"Jog.": words}))
    assert abs(strongest_hz(heard[int(0.8 * RATE_HZ) : int(1.5 * RATE_HZ)]) - 300.0) < 3


@pytest.mark.parametrize("data", [b"", b"RIFF", b"no sound at all"])
def test_what_is_no_speech_is_refused(data):
    with pytest.raises(ValueError, match="not a WAV file of 16-bit PCM"):
        sound_of(data)
