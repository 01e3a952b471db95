"""Huawei Health's HiTrack files and its list of sessions: places, heart rate and steps on their times."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.models.measuring.measure import measure

START_MS = 1_763_140_000_000


def hitrack(seconds: int = 600, unit: float = 1.0) -> str:
    lines = []
    for s in range(0, seconds, 2):
        at = (START_MS + 1000 * s) / unit
        lines.append(f"tp=lbs;k={s};lat={52.0 + 2.5 * s / 111_195:.7f};lon=10.5;alt=0.0;t={at:.9E};")
    lines.append("tp=lbs;k=9;lat=90.0;lon=-80.0;alt=0.0;t=0.0;")
    for s in range(0, seconds, 5):
        lines.append(f"tp=h-r;k={START_MS + 1000 * s};v=150;")
        lines.append(f"tp=s-r;k={START_MS + 1000 * s};v=164;")
        lines.append(f"tp=alti;k={START_MS + 1000 * s};v=80.5;")
    return "\n".join(lines)


def listed(track: str, **more: object) -> dict[str, object]:
    simple = json.dumps({"avgHeartRate": 151, "maxHeartRate": 170})
    session = {
        "recordId": "a", "sportType": 4, "startTime": START_MS, "endTime": START_MS + 600_000, "totalTime": 598_000,
        "totalDistance": 1500, "totalCalories": 120_000, "timeZone": "+0800",
        "attribute": f"HW_EXT_TRACK_DETAIL@is{track}&&HW_EXT_TRACK_SIMPLIFY@is{simple}",
    }  # fmt: skip
    return session | more


def sessions(*rows: dict[str, object]):
    return read(json.dumps(rows).encode(), "x").activities


def test_a_hitrack_is_a_recording_without_a_sport() -> None:
    (activity,) = read(hitrack().encode(), "x").activities
    assert (activity.sport, activity.started_at) == ("unknown", datetime.fromtimestamp(START_MS / 1000, UTC))
    metrics = measure(activity).metrics
    assert metrics["distance_m"].value == pytest.approx(1495, rel=0.01)


def test_times_in_seconds_and_in_milliseconds_are_the_same() -> None:
    first, second = (read(hitrack(unit=u).encode(), "x").activities[0] for u in (1.0, 1000.0))
    assert first.samples["t_s"].to_list() == second.samples["t_s"].to_list()


def test_the_place_of_a_pause_is_no_place() -> None:
    (activity,) = read(hitrack().encode(), "x").activities
    assert activity.samples["latitude_deg"].max() < 53


def test_one_place_over_and_over_is_no_session() -> None:
    line = "tp=lbs;k=0;lat=52.0;lon=10.5;alt=1.0;t=1.56E12;\ntp=lbs;k=1;lat=90.0;lon=-80.0;alt=0.0;t=0.0;\n"
    assert "no session" in read((line * 50).encode(), "x").ignored


def test_a_session_of_the_list_has_its_sport_totals_and_zone() -> None:
    (run,) = sessions(listed(hitrack()))
    assert (run.sport, run.utc_offset_s, run.external_id) == ("running", 28_800, "a")
    assert (run.stored.timer_s, run.stored.distance_m, run.stored.calories_kcal) == (598.0, 1500.0, 120.0)
    assert (run.stored.heart_rate_mean_bpm, run.samples["cadence_spm"].max()) == (151.0, 164.0)


def test_sessions_of_older_downloads_stand_by_the_day() -> None:
    found = sessions({"motionPathData": [listed(hitrack()), listed(hitrack(), sportType=5, recordId="b")]})
    assert [a.sport for a in found] == ["running", "walking"]


def test_bare_numbers_as_keys_do_not_cost_the_file() -> None:
    text = json.dumps([listed(hitrack())]).replace('"recordId"', '"partTimeMap": {1.0: 461.0, 2.0: 931.0}, "recordId"')
    assert len(read(text.encode(), "x").activities) == 1


def test_a_session_by_hand_counts_by_its_totals() -> None:
    (run,) = sessions(listed("", sportDataSource=2))
    assert (run.source, run.samples.height, run.stored.timer_s) == ("listed", 0, 598.0)


def test_strokes_of_a_swim_are_no_steps() -> None:
    swim = "\n".join(f"tp=s-r;k={START_MS + 1000 * s};v=-{1 + s % 2};" for s in range(0, 60, 5))
    (activity,) = sessions(listed(swim, sportType=102))
    assert activity.samples["cadence_spm"].null_count() == activity.samples.height


def test_a_number_of_no_sport_that_is_known_stays_unknown() -> None:
    assert sessions(listed(hitrack(), sportType=999))[0].sport == "unknown"


def test_what_is_no_json_is_refused_with_the_next_step() -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        read(b'[{"sportType": 4, "attribute": "HW_EXT_TRACK_DETAIL@is', "x")
