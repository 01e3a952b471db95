"""TCX: laps, points, totals, and what is no recording."""

from __future__ import annotations

import gzip
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.reading import Unreadable
from steadymile.ingest.xml.tcx import read_tcx

HEAD = '<?xml version="1.0"?><TrainingCenterDatabase xmlns="x" xmlns:ns3="y">'


def point(second, hr=140, extra=""):
    return (
        f"<Trackpoint><Time>2026-03-01T07:{second // 60:02d}:{second % 60:02d}.000Z</Time>"
        f"<Position><LatitudeDegrees>{50 + second * 1e-5}</LatitudeDegrees>"
        "<LongitudeDegrees>8</LongitudeDegrees></Position>"
        f"<AltitudeMeters>100.5</AltitudeMeters><DistanceMeters>{second * 2.5}</DistanceMeters>"
        f"<HeartRateBpm><Value>{hr}</Value></HeartRateBpm>{extra}</Trackpoint>"
    )


def lap(tracks, second=0, timer=60, meters=150, hr=140):
    return (
        f'<Lap StartTime="2026-03-01T07:{second // 60:02d}:{second % 60:02d}Z">'
        f"<TotalTimeSeconds>{timer}</TotalTimeSeconds>"
        f"<DistanceMeters>{meters}</DistanceMeters><AverageHeartRateBpm><Value>{hr}</Value></AverageHeartRateBpm>"
        f"<MaximumHeartRateBpm><Value>{hr + 20}</Value></MaximumHeartRateBpm><TriggerMethod>Manual</TriggerMethod>"
        + "".join(f"<Track>{t}</Track>" for t in tracks)
        + "</Lap>"
    )


def activity(laps, sport="Running", tail=""):
    return f'<Activity Sport="{sport}"><Id>2026-03-01T07:00:00Z</Id>{laps}{tail}</Activity>'


def tcx(body):
    return f"{HEAD}<Activities>{body}</Activities></TrainingCenterDatabase>".encode()


def points(*seconds, **more):
    return "".join(point(s, **more) for s in seconds)


def one(data):
    (found,) = read_tcx(data).activities
    return found


def test_points_come_in_with_every_column():
    values = "<ns3:Speed>2.5</ns3:Speed><ns3:RunCadence>84</ns3:RunCadence><ns3:Watts>210</ns3:Watts>"
    tpx = f"<Extensions><ns3:TPX>{values}</ns3:TPX></Extensions>"
    row = one(tcx(activity(lap([points(0, 1, extra=tpx)])))).samples.row(1, named=True)
    assert row["t_s"] == 1.0
    assert row["latitude_deg"] == pytest.approx(50.00001)
    assert (row["altitude_m"], row["distance_m"], row["heart_rate_bpm"]) == (100.5, 2.5, 140.0)
    assert (row["speed_m_s"], row["cadence_spm"], row["power_w"]) == (2.5, 168.0, 210.0)


def test_totals_of_the_laps_are_added_and_heart_rate_weighed_by_time():
    a = one(tcx(activity(lap([points(0)], 0, 60, 150, 140) + lap([points(60)], 60, 180, 450, 160))))
    assert (a.stored.timer_s, a.stored.distance_m) == (240.0, 600.0)
    assert (a.stored.heart_rate_mean_bpm, a.stored.heart_rate_max_bpm) == (155.0, 180.0)
    assert a.laps["timer_s"].to_list() == [60.0, 180.0]
    assert a.laps["trigger"].to_list() == ["manual", "manual"]


def test_a_new_track_is_a_resumed_timer_and_a_new_lap_is_not():
    a = one(tcx(activity(lap([points(0, 10), points(100, 110)]) + lap([points(111, 120)], 111))))
    assert a.timer == ((0.0, 10.0), (100.0, 120.0))
    assert one(tcx(activity(lap([points(0, 10)]) + lap([points(11, 20)], 11)))).timer is None


def test_a_short_pause_within_a_lap_is_a_pause():
    assert one(tcx(activity(lap([points(0, 10), points(15, 20)])))).timer == ((0.0, 10.0), (15.0, 20.0))


def test_the_lap_that_started_before_the_first_point_starts_the_session():
    a = one(tcx(activity(lap([points(30, 40)], 0))))
    assert a.started_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert a.samples["t_s"].to_list() == [30.0, 40.0]


def test_times_with_an_offset_say_how_the_clock_on_the_wall_stood():
    a = one(tcx(activity(lap([points(0, 10)]))).replace(b".000Z", b".000+02:00"))
    assert (a.started_at, a.utc_offset_s) == (datetime(2026, 3, 1, 5, tzinfo=UTC), 7_200)


def test_several_activities_are_several():
    assert [a.index for a in read_tcx(tcx(activity(lap([points(0)])) * 3)).activities] == [0, 1, 2]


def test_a_session_without_points_keeps_its_totals():
    a = one(tcx(activity(lap([], timer=1800, meters=5000))))
    assert (a.samples.height, a.stored.timer_s, a.stored.distance_m) == (0, 1800.0, 5000.0)


def test_sport_and_watch_are_named():
    version = "<Version><VersionMajor>19</VersionMajor></Version>"
    tail = f"<Creator><Name>Forerunner 935</Name><UnitId>39</UnitId>{version}</Creator>"
    a = one(tcx(activity(lap([points(0)]), "Biking", tail)))
    assert (a.sport, a.device.product, a.device.serial, a.device.software) == ("cycling", "Forerunner 935", "39", "19")
    assert a.device.barometer is True


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "<Courses><Course><Track><Trackpoint><Time>2026-03-01T07:00:00Z</Time></Trackpoint></Track></Course></Courses>",
            "course",
        ),
        ("<Workouts><Workout/></Workouts>", "planned workout"),
        ("<Activities><Activity/></Activities>", "no timed points"),
        ("", "no activity"),
    ],
)
def test_a_file_that_is_no_recording_says_why(body, words):
    assert words in (read_tcx(f"{HEAD}{body}</TrainingCenterDatabase>".encode()).ignored or "")


def test_blanks_before_the_declaration_are_no_matter():
    assert one(b"\n    " + tcx(activity(lap([points(0)])))).samples.height == 1


def test_a_truncated_file_keeps_the_points_before_the_break():
    whole = tcx(activity(lap([points(*range(60))])))
    reading = read_tcx(whole[:-300])
    assert reading.activities[0].samples.height == whole[:-300].count(b"</Trackpoint>")
    assert "kept" in (reading.salvaged or "")


def test_a_file_without_a_single_point_before_the_break_is_refused():
    with pytest.raises(Unreadable, match="no timed track point"):
        read_tcx(tcx(activity(lap([points(0)])))[:200])


def test_a_file_that_breaks_in_its_first_lap_keeps_the_totals_stated_before_the_break():
    data = tcx(activity(lap([points(0)], timer=1800, meters=5000)))
    reading = read_tcx(data[: data.index(b"</Time>")])
    assert (reading.activities[0].stored.timer_s, reading.activities[0].stored.distance_m) == (1800.0, 5000.0)
    assert (reading.salvaged or "").endswith("no point stands before that; the laps' stated totals were kept")


def test_a_total_that_is_itself_cut_is_not_believed():
    data = tcx(activity(lap([points(0)], timer=1800, meters=5000)))
    stored = read_tcx(data[: data.index(b"000</DistanceMeters>")]).activities[0].stored
    assert (stored.timer_s, stored.distance_m) == (1800.0, None)


def test_a_session_that_states_its_distance_alone_comes_in():
    a = one(tcx(activity(lap([], timer=0, meters=5000))))
    assert (a.stored.timer_s, a.stored.distance_m) == (None, 5000.0)


WHOLE = tcx(activity(lap([points(*range(4))]) + lap([points(5, 6)], 5)))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=10)), min_size=1, max_size=5)
)
def test_a_damaged_file_never_raises_anything_but_a_refusal(changes):
    data = bytearray(WHOLE)
    for at, length, piece in changes:
        data[at : at + length] = piece
    with suppress(Unreadable):
        reading = read_tcx(bytes(data))
        assert reading.activities or reading.ignored


@pytest.mark.corpus
def test_real_files_come_in_whole(corpus):
    files = sorted((corpus / "files").glob("*/*.tcx*"))
    assert files
    for path in files:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        found = read_tcx(data)
        assert found.salvaged is None
        assert sum(a.samples.height for a in found.activities) == data.count(b"</Trackpoint>")
        for a in found.activities:
            last = a.samples["distance_m"].max()
            assert a.stored.distance_m is not None
            assert last == pytest.approx(a.stored.distance_m, rel=0.02)
