"""A session as a WAV file: its cues, spoken or as tones, in silence as long as the session.

8,000 samples a second of 8 bits, as on a telephone: half a megabyte a minute, and clear enough for a few words outside.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping, Sequence

import numpy as np
from steadymile.reports.audio.cues import Cue

RATE_HZ = 8000
TAIL_S = 6
"""So long the file lasts beyond the last cue."""
PIPS_S = 3
"""So many seconds before a change a short tone counts it in."""

SIGNS_HZ: Mapping[str, tuple[float, ...]] = {
    "run": (660.0, 880.0),
    "walk": (880.0, 660.0),
    "note": (660.0,),
    "end": (660.0, 880.0, 1047.0),
}
"""The tones of each sign: rising to run, falling to walk."""
PIP_HZ = 440.0

Sound = np.ndarray
"""Samples from -1 to 1 at RATE_HZ."""


def tone(frequency_hz: float, seconds: float) -> Sound:
    """A sine that swells and fades, so that it does not click."""
    n = int(RATE_HZ * seconds)
    swell = np.minimum(1.0, np.minimum(np.arange(n), np.arange(n)[::-1]) / (0.02 * RATE_HZ))
    return 0.6 * swell * np.sin(2.0 * np.pi * frequency_hz * np.arange(n) / RATE_HZ)


def sign(kind: str) -> Sound:
    """The tones that stand for a sign."""
    gap = np.zeros(int(0.05 * RATE_HZ))
    return np.concatenate([piece for hz in SIGNS_HZ[kind] for piece in (tone(hz, 0.28), gap)])


def track(cues: Sequence[Cue], speech: Mapping[str, Sound] | None = None) -> bytes:
    """The WAV of a session. `speech` holds the sound of each cue's words; what it lacks is only a sign."""
    length = (max((cue.at_s for cue in cues), default=0) + TAIL_S) * RATE_HZ
    heard = np.zeros(length, dtype=np.float32)
    for cue in cues:
        words = (speech or {}).get(cue.words)
        sound = sign(cue.sign) if words is None else np.concatenate([sign(cue.sign), words])
        _lay(heard, cue.at_s * RATE_HZ, sound)
        if cue.sign in ("run", "walk", "end"):
            for before in range(1, PIPS_S + 1):
                _lay(heard, (cue.at_s - before) * RATE_HZ, tone(PIP_HZ, 0.08))
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE_HZ)
        out.writeframes((128.0 + 120.0 * np.clip(heard, -1.0, 1.0)).astype(np.uint8).tobytes())
    return held.getvalue()


def _lay(heard: Sound, at: int, sound: Sound) -> None:
    """Add a sound at a sample; what lies before the start or beyond the end is left out."""
    if at < 0:
        return
    end = min(at + len(sound), len(heard))
    heard[at:end] += sound[: end - at]


def sound_of(wav: bytes) -> Sound:
    """A program's speech (16-bit PCM WAV of any rate) as samples here. Raises ValueError for anything else."""
    try:
        with wave.open(io.BytesIO(wav)) as read:
            if read.getsampwidth() != 2:
                raise ValueError("not a WAV file of 16-bit PCM")
            rate, channels = read.getframerate(), read.getnchannels()
            values = np.frombuffer(read.readframes(read.getnframes()), dtype="<i2")
    except (wave.Error, EOFError) as error:
        raise ValueError(f"not a WAV file of 16-bit PCM ({error})") from None
    mono = values[: len(values) // channels * channels].reshape(-1, channels).mean(axis=1) / 32768.0
    width = max(1, round(rate / RATE_HZ))  # averages over what one sample here stands for
    smooth = np.convolve(mono, np.full(width, 1.0 / width), mode="same") if mono.size else mono
    at = np.arange(0, len(smooth), rate / RATE_HZ)
    return np.interp(at, np.arange(len(smooth)), smooth) if smooth.size else smooth
