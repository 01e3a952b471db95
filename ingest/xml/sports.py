"""The words for sports in GPX and TCX files, many languages and exporters, as our own."""

from __future__ import annotations

import numpy as np

ON_FOOT = frozenset({"running", "walking", "hiking"})

STRAVA_NUMBERS = {"1": "cycling", "4": "hiking", "9": "running", "10": "walking"}
"""Strava's GPX exports write its own number as the type."""

_WORDS: tuple[tuple[str, str], ...] = (
    (
        "running",
        "run jog lauf correr carrera corrida corsa course hardlopen löpning juoksu bieg běh 跑 ランニング 달리기 бег",
    ),
    ("hiking", "hik wander senderismo randonn escursion trek mountaineer 徒步 ハイキング"),
    ("walking", "walk spazier caminata caminar marche camminata wandelen 步行 走路 ウォーキング"),
    ("cycling", "cycl bik ride radfahren ciclismo vélo velo fietsen 骑行 骑车 サイクリング"),
    ("swimming", "swim schwimm natación natation nuoto zwemmen 游泳"),
    ("rowing", "rowing"),
    ("skiing", "ski snowboard"),
)


def sport_of(word: str | None, creator: str | None = None) -> tuple[str, str | None]:
    """Sport and sub-sport of a file's own word, `unknown` where it says nothing that we know."""
    text = (word or "").strip().lower()
    if text in STRAVA_NUMBERS:
        return (STRAVA_NUMBERS[text] if "strava" in (creator or "").lower() else "unknown"), None
    for sport, stems in _WORDS:
        if any(stem in text for stem in stems.split()):
            return sport, _sub_sport(text)
    return "unknown", None


def _sub_sport(text: str) -> str | None:
    for stem, name in (("treadmill", "treadmill"), ("indoor", "indoor"), ("virtual", "virtual"), ("trail", "trail"),
                       ("track", "track"), ("mountain", "mountain")):  # fmt: skip
        if stem in text:
            return name
    return None


def steps_per_minute(cadence: np.ndarray, sport: str) -> bool:
    """True where cadence counts one foot and is to be doubled: on foot, and the middle of what is not 0 below 120.

    Garmin's files count strides of one leg; runners take 140 steps a minute and more, walkers 90 to 130, so a
    middle value below 120 on a run can only be one leg. For walks the border is 75.
    """
    if sport not in ON_FOOT:
        return False
    moving = cadence[cadence > 0]
    return len(moving) > 0 and bool(np.median(moving) < (120 if sport == "running" else 75))
