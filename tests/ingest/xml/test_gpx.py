"""GPX: what a file says, and how a damaged or hostile one answers."""

from __future__ import annotations

import gzip
import time
from contextlib import suppress
from datetime import UTC, datetime

import gpxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.formats import read
from steadymile.ingest.reading import Unreadable
from steadymile.ingest.xml.gpx import parse_gpx, read_gpx
from steadymile.ingest.xml.times import NO_TIME
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import SAMPLES, Flag

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">'
)


def point(second, lat=50.0, lon=8.0, ele="100", extra="", when=None):
    when = when or f"2026-03-01T07:{second // 60:02d}:{second % 60:02d}Z"
    ele = f"<ele>{ele}</ele>" if ele is not None else ""
    return f'<trkpt lat="{lat}" lon="{lon}">{ele}<time>{when}</time>{extra}</trkpt>'


def track(points, kind="running", name="Morning"):
    return f"<trk><name>{name}</name><type>{kind}</type><trkseg>{points}</trkseg></trk>"


def gpx(body, head=HEAD):
    return f"{head}{body}</gpx>".encode()


def sensors(hr, cad=None, prefix="gpxtpx"):
    cad = f"<{prefix}:cad>{cad}</{prefix}:cad>" if cad is not None else ""
    return (
        f"<extensions><{prefix}:TrackPointExtension><{prefix}:hr>{hr}</{prefix}:hr>{cad}"
        f"</{prefix}:TrackPointExtension></extensions>"
    )


def one(data):
    (activity,) = read_gpx(data).activities
    return activity


def test_a_plain_track_gives_its_points_in_si_units():
    a = one(gpx(track("".join(point(s, 50 + s * 1e-5) for s in range(3)))))
    assert a.started_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert (a.sport, a.title, a.reader) == ("running", "Morning", "gpx")
    assert a.samples.schema == SAMPLES
    assert a.samples["t_s"].to_list() == [0.0, 1.0, 2.0]
    assert a.samples["latitude_deg"].to_list() == [50.0, 50.00001, 50.00002]
    assert a.samples["heart_rate_bpm"].to_list() == [None] * 3
    assert a.timer is None


@pytest.mark.parametrize(
    ("extension", "column", "value"),
    [
        (sensors(131), "heart_rate_bpm", 131.0),
        (sensors(131, prefix="ns3"), "heart_rate_bpm", 131.0),
        ("<extensions><gpxdata:hr>132</gpxdata:hr></extensions>", "heart_rate_bpm", 132.0),
        ("<extensions><heartrate>133</heartrate></extensions>", "heart_rate_bpm", 133.0),
        ("<extensions><power>250</power></extensions>", "power_w", 250.0),
        ("<extensions><pwr:PowerInWatts>251</pwr:PowerInWatts></extensions>", "power_w", 251.0),
        ("<extensions><gpxtpx:atemp>21.5</gpxtpx:atemp></extensions>", "temperature_c", 21.5),
        ("<extensions><gpxdata:temp>20</gpxdata:temp></extensions>", "temperature_c", 20.0),
        ("<extensions><gpxdata:cadence>170</gpxdata:cadence></extensions>", "cadence_spm", 170.0),
        ("<extensions><gpxdata:distance>12.5</gpxdata:distance></extensions>", "distance_m", 12.5),
        ("<speed>2.5</speed>", "speed_m_s", 2.5),
        ("<extensions><speed>2.6</speed></extensions>", "speed_m_s", 2.6),
    ],
)
def test_the_extensions_of_the_makers_are_understood(extension, column, value):
    samples = one(gpx(track(point(0, extra=extension) + point(1, extra=extension)))).samples
    assert samples[column].to_list() == [value] * 2


def test_cadence_of_one_foot_on_a_run_is_doubled_and_said_so():
    a = one(gpx(track("".join(point(s, extra=sensors(140, 84)) for s in range(3)))))
    assert a.samples["cadence_spm"].to_list() == [168.0] * 3
    assert any("doubled" in note for note in a.notes)


def test_cadence_on_a_ride_is_left_alone():
    a = one(gpx(track("".join(point(s, extra=sensors(140, 84)) for s in range(3)), "cycling")))
    assert a.samples["cadence_spm"].to_list() == [84.0] * 3


def test_points_with_and_without_heart_rate_stay_in_their_order():
    body = "".join(point(s, 50 + s * 1e-4, extra=sensors(100 + s) if s % 3 else "") for s in range(30))
    a = one(gpx(track(body)))
    assert a.samples["t_s"].to_list() == [float(s) for s in range(30)]
    assert a.samples["heart_rate_bpm"].to_list() == [100.0 + s if s % 3 else None for s in range(30)]


def test_segments_are_stretches_of_a_running_timer():
    body = "".join(point(s) for s in range(5)) + "</trkseg><trkseg>" + "".join(point(s) for s in range(60, 70))
    assert one(gpx(track(body))).timer == ((0.0, 4.0), (60.0, 69.0))


def test_tracks_close_in_time_are_one_activity_and_tracks_far_apart_are_two():
    near = track(point(0) + point(9)) + track(point(60) + point(69))
    far = track(point(0) + point(9)) + track(point(3000) + point(3009))
    assert len(read_gpx(gpx(near)).activities) == 1
    assert len(read_gpx(gpx(far)).activities) == 2


def test_tracks_that_overlap_in_time_are_two_activities():
    assert len(read_gpx(gpx(track(point(0) + point(60)) + track(point(30) + point(90)))).activities) == 2


def day(number, hours=0, minutes=10, north=0.0):
    """Points of a run that begins so many days and hours after the first."""
    begin = datetime(2026, 3, 1 + number, 7 + hours, tzinfo=UTC).timestamp()
    return "".join(
        point(0, 50 + north + s * 2.5e-5, when=datetime.fromtimestamp(begin + s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        for s in range(0, 60 * minutes + 1, 10)
    )


@pytest.mark.parametrize(
    ("points", "starts"),
    [
        (day(0) + day(1) + day(2), ["01 07", "02 07", "03 07"]),
        (day(0) + day(0, hours=10), ["01 07", "01 17"]),  # morning and evening
        (day(0) + day(0, hours=5), ["01 07"]),
        (day(0) + day(3, north=1.0), ["01 07", "04 07"]),
        (day(0, minutes=3) + day(1), ["01 07"]),  # too short to be a run of its own
    ],
)
def test_days_in_one_segment_are_several_activities(points, starts):
    assert [a.started_at.strftime("%d %H") for a in read_gpx(gpx(track(points))).activities] == starts


def test_a_single_step_of_days_on_the_spot_is_a_clock_that_was_set():
    (activity,) = read_gpx(gpx(track(day(0) + day(20, north=0.015)))).activities
    assert activity.clock_moved


def test_segments_of_one_track_on_different_days_are_several_activities():
    days = ["2026-03-01", "2026-03-02", "2026-05-01"]
    body = "</trkseg><trkseg>".join(
        point(0, when=f"{day}T07:00:00Z") + point(0, when=f"{day}T07:30:00Z") for day in days
    )
    found = read_gpx(gpx(track(body))).activities
    assert [a.started_at.date().isoformat() for a in found] == days
    assert [a.samples.height for a in found] == [2, 2, 2]


@pytest.mark.parametrize(
    ("segments", "starts"),
    [
        ([day(1), day(0)], ["02 07", "01 07"]),  # the newest first, as some loggers write
        ([day(2), day(1), day(0)], ["03 07", "02 07", "01 07"]),
        ([day(0, hours=10), day(0)], ["01 17", "01 07"]),
        ([day(0, hours=4), day(0)], ["01 07"]),
        ([day(1), day(0, minutes=2)], ["02 07", "01 07"]),
    ],
)
def test_segments_that_begin_with_the_newest_are_several_activities(segments, starts):
    found = read_gpx(gpx(track("</trkseg><trkseg>".join(segments)))).activities
    assert [a.started_at.strftime("%d %H") for a in found] == starts


def in_minutes(every_s, seconds=600, first=0):
    """Points of 3 m/s whose times were cut off to whole minutes."""
    return "".join(
        point(0, 50 + s * 2.7e-5, when=f"2026-03-01T07:{s // 60:02d}:00Z") for s in range(first, seconds, every_s)
    )


@pytest.mark.parametrize(
    ("every_s", "seconds", "first"), [(1, 600, 0), (1, 630, 0), (5, 600, 0), (1, 600, 40), (20, 600, 0)]
)
def test_points_whose_times_have_no_seconds_are_spread_over_their_minutes(every_s, seconds, first):
    times = one(gpx(track(in_minutes(every_s, seconds, first)))).samples["time"]
    assert (times[-1] - times[0]).total_seconds() == pytest.approx(seconds - every_s - first, abs=0.5)
    assert times.diff().drop_nulls().dt.total_milliseconds().max() == pytest.approx(every_s * 1000, abs=20)


def test_one_point_a_minute_stays_where_it_is():
    times = one(gpx(track(in_minutes(60)))).samples["time"]
    assert [t.second for t in times] == [0] * 10


def test_two_points_of_one_second_among_others_are_not_spread():
    points = "".join(point(s) for s in (0, 60, 60, 120, 125, 180, 180, 240))
    assert [t.second for t in one(gpx(track(points))).samples["time"]] == [0, 0, 0, 0, 5, 0, 0, 0]


def test_an_offset_becomes_utc_and_is_remembered():
    a = one(gpx(track(point(0, when="2026-03-01T07:00:00+05:30") + point(0, when="2026-03-01T07:00:01.5+05:30"))))
    assert a.started_at == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    assert (a.utc_offset_s, a.utc_offset_source) == (19_800, "gpx_offset")
    assert a.samples["t_s"].to_list() == [0.0, 1.5]


def test_positions_with_decimal_commas_are_positions():
    data = gpx(track(point(0) + point(1))).replace(b'lat="50.', b'lat="50,').replace(b'lon="8.', b'lon="8,')
    assert (
        one(data).samples["latitude_deg"].to_list()
        == one(gpx(track(point(0) + point(1)))).samples["latitude_deg"].to_list()
    )


def test_a_single_odd_time_does_not_hide_the_others():
    found = one(gpx(track(point(0, when="03/01/2026 07:00:00") + point(1))))
    assert found.samples.height == 1


def test_times_that_cannot_be_read_are_told_from_times_that_are_not_there():
    why = read_gpx(gpx(track(point(0, when="03/01/2026 07:00:00")))).ignored or ""
    assert "1 times are written in a way that cannot be read" in why


def test_a_time_without_zone_is_read_as_utc_and_said_so():
    reading = read_gpx(gpx(track(point(0, when="2026-03-01T07:00:00") + point(1))))
    assert reading.activities[0].started_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert any("without a zone" in note for note in reading.notes)
    assert reading.activities[0].utc_offset_s is None


def test_points_with_an_impossible_time_are_dropped_and_counted():
    absurd = point(1, when="7494-03-01T07:00:01Z") + point(3, when="1901-01-01T00:00:00Z")
    a = one(gpx(track(point(0) + absurd + point(2))))
    assert a.samples.height == 2
    assert any("2 points with an impossible time" in note for note in a.notes)


def test_a_track_from_1901_alone_is_ignored_with_the_reason():
    assert "impossible" in (read_gpx(gpx(track(point(0, when="1901-12-13T20:45:52Z")))).ignored or "")


@pytest.mark.parametrize(("lat", "lon"), [("NaN", "8"), ("999", "8"), ("50", "-181"), ("0.0", "0.0"), ("north", "8")])
def test_an_impossible_place_is_null(lat, lon):
    a = one(gpx(track(point(0, lat, lon) + point(1))))
    assert a.samples["latitude_deg"].to_list() == [None, 50.0]
    assert a.samples["longitude_deg"].to_list() == [None, 8.0]


def test_an_impossible_place_is_flagged_and_an_absent_one_is_not():
    flags = one(gpx(track(point(0, 999, 8) + point(1)))).samples["flags"].to_list()
    assert flags == [int(Flag.POSITION_INVALID), 0]


def test_an_infinite_elevation_is_null_and_flagged():
    samples = one(gpx(track(point(0, ele="inf") + point(1)))).samples
    assert samples["altitude_m"].to_list() == [None, 100.0]
    assert samples["flags"].to_list() == [int(Flag.VALUE_INVALID), 0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<rte><rtept lat="1" lon="2"/></rte>', "planned route"),
        ('<wpt lat="1" lon="2"><time>2026-03-01T07:00:00Z</time></wpt>', "waypoints"),
        (track('<trkpt lat="1" lon="2"><ele>3</ele></trkpt>'), "no times"),
        ("<trk><type>running</type><trkseg/></trk>", "indoor"),
        ("", "empty"),
    ],
)
def test_a_file_that_is_no_recording_says_why(body, words):
    reading = read_gpx(gpx(body))
    assert words in (reading.ignored or "")
    assert not reading.activities


def test_totals_of_an_indoor_session_without_points_are_kept():
    body = (
        "<metadata><time>2026-03-01T07:00:00Z</time></metadata><extensions><distance>5000</distance>"
        "<elapsed_time>1800</elapsed_time></extensions><trk><type>treadmill_running</type></trk>"
    )
    a = one(gpx(body))
    assert (a.sport, a.sub_sport, a.stored.distance_m, a.stored.elapsed_s) == ("running", "treadmill", 5000, 1800)
    assert a.samples.height == 0


@pytest.mark.parametrize("cut", [30, 200, 500])
def test_a_truncated_file_keeps_every_whole_point_before_the_break(cut):
    whole = gpx(track("".join(point(s) for s in range(50))))
    broken = whole[:-cut]
    reading = read_gpx(broken)
    assert reading.activities[0].samples.height == broken.count(b"</trkpt>")
    assert "kept" in (reading.salvaged or "")
    assert reading.salvaged_offset is not None
    assert len(broken) - 120 <= reading.salvaged_offset <= len(broken)


def test_the_break_is_named_by_the_byte_of_the_file():
    points = "".join(point(s) for s in range(50))
    data = gpx(track(points + "<oops" + points))
    reading = read_gpx(data)
    assert reading.salvaged_offset is not None
    assert abs(reading.salvaged_offset - data.index(b"<oops")) < 10
    assert reading.activities[0].samples.height >= 50


def test_a_file_broken_before_its_first_point_is_refused_with_the_next_step():
    with pytest.raises(Unreadable, match="no timed track point") as error:
        read_gpx(gpx(track(point(0)))[:150])
    assert "again" in error.value.what_to_do


def test_a_bare_ampersand_in_the_name_costs_nothing():
    reading = read_gpx(gpx(track(point(0) + point(1), name="Run & fun")))
    assert reading.activities[0].title == "Run & fun"
    assert reading.salvaged is None
    assert any("repaired" in note for note in reading.notes)


def test_points_inside_comments_and_cdata_do_not_count():
    body = f"<!-- {point(5)} --><trk><name><![CDATA[{point(6)}]]></name><trkseg>{point(0)}{point(1)}</trkseg></trk>"
    assert one(gpx(body)).samples["t_s"].to_list() == [0.0, 1.0]


def test_a_comment_inside_a_point_changes_nothing():
    assert one(gpx(track(point(0, extra="<!-- here --><extensions><hr>150</hr></extensions>")))).samples[
        "heart_rate_bpm"
    ].to_list() == [150.0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1", "gb2312", "utf-32"])
def test_encodings_are_no_matter(encoding):
    head = HEAD.replace("UTF-8", encoding.removesuffix("-sig"))
    a = one(gpx(track(point(0) + point(1), name="Lauf"), head).decode().encode(encoding))
    assert (a.title, a.samples.height) == ("Lauf", 2)


@pytest.mark.parametrize("name", ["UT", "unicode_escape", "hex", "x" * 30])
def test_an_encoding_that_nobody_knows_is_read_as_utf_8(name):
    assert one(gpx(track(point(0), name="Läufe"), HEAD.replace("UTF-8", name))).title == "Läufe"


def test_blanks_before_the_declaration_are_no_matter():
    assert one(b"\n  " + gpx(track(point(0)))).samples.height == 1


def test_prefixed_elements_and_single_quotes_are_read():
    text = gpx(track(point(0) + point(1))).decode().replace('lat="50.0"', "lat='50.0'")
    for name in ("trkpt", "trkseg", "trk", "time", "ele"):
        text = text.replace(f"<{name}", f"<g:{name}").replace(f"</{name}", f"</g:{name}")
    assert one(text.encode()).samples["altitude_m"].to_list() == [100.0, 100.0]


def bomb(levels):
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, levels))
    return f"<!DOCTYPE gpx [{entities}]><gpx><trk><name>&a{levels - 1};</name></trk></gpx>".encode()


@pytest.mark.parametrize(
    "data",
    [bomb(12), b'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx><trk><name>&x;</name></trk></gpx>'],
)
def test_entities_are_refused_at_once(data):
    began = time.process_time()
    with pytest.raises(Unreadable, match="document type"):
        read_gpx(data)
    assert time.process_time() - began < 10.0


def test_too_many_points_are_refused():
    with pytest.raises(Unreadable, match="more than 10 track points"):
        read_gpx(gpx(track("".join(point(s) for s in range(11)))), max_points=10)


def test_a_hundred_thousand_nested_elements_are_refused():
    with pytest.raises(Unreadable, match="deep"):
        read_gpx(b"<gpx>" + b"<a>" * 100_000)


def test_a_character_reference_inside_a_value_is_resolved():
    a = one(
        gpx(track(point(0, extra=sensors(140)) + point(1, extra=sensors("1&#53;0")) + point(2, extra=sensors(160))))
    )
    assert a.samples["heart_rate_bpm"].to_list() == [140.0, 150.0, 160.0]


def test_a_marker_of_our_own_in_a_file_forges_no_points():
    body = f'<run n="0"/><runx\tn="0"/><trk><run n="0"/><trkseg><runx\nn="0"/>{point(0)}{point(1)}</trkseg></trk>'
    assert one(gpx(body)).samples.height == 2


def test_points_of_changing_shape_cost_no_more_than_seconds():
    body = "".join(point(s % 3600, extra=sensors(s % 100 + 60) if s % 2 else "") for s in range(20_000))
    began = time.process_time()
    parse_gpx(gpx(track(body)))
    assert time.process_time() - began < 40.0


numbers = st.one_of(st.floats(width=32).map(str), st.sampled_from(["", "x", " 1 "]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.one_of(st.none(), numbers)), max_size=20))
def test_points_equal_those_of_gpxpy_whatever_their_values(points):
    def valid(text):
        try:
            return float(text)
        except ValueError:
            return None

    points = [(lat, lon, ele if ele is None or valid(ele) is not None else None) for lat, lon, ele in points]
    data = gpx(track("".join(point(i, lat, lon, ele) for i, (lat, lon, ele) in enumerate(points))))
    assert same_points(data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_never_raises_anything_but_a_refusal(data):
    whole = bytearray(gpx(track("".join(point(s, extra=sensors(100 + s)) for s in range(5)))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=12))
    with suppress(Unreadable):
        reading = read_gpx(bytes(whole))
        assert reading.activities or reading.ignored


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with suppress(Unreadable):
        assert not read_gpx(data).activities


def ours_and_gpxpys(data):
    """Per track and segment the points as (lat, lon, ele, microseconds), by our reader and by gpxpy."""
    file = parse_gpx(data)
    lat, lon, ele = (file.columns.numbers(name) for name in ("lat", "lon", "ele"))
    us = file.columns.times().us
    ours = [[np.column_stack([lat[at], lon[at], ele[at], us[at]]) for at in t.indices()] for t in file.tracks]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)

    def micro(moment):
        if moment is None:
            return NO_TIME
        passed = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - epoch
        return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds

    theirs = [
        [
            np.array(
                [
                    (p.latitude, p.longitude, np.nan if p.elevation is None else p.elevation, micro(p.time))
                    for p in segment.points
                ]
            ).reshape(-1, 4)
            for segment in t.segments
        ]
        for t in gpxpy.parse(data).tracks
    ]
    return ours, theirs


def same_points(data):
    ours, theirs = ours_and_gpxpys(data)
    return [len(t) for t in ours] == [len(t) for t in theirs] and all(
        a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
        for t, u in zip(ours, theirs, strict=True)
        for a, b in zip(t, u, strict=True)
    )


def test_where_our_own_reader_fails_gpxpy_reads_the_same(monkeypatch):
    body = "".join(point(s, 50 + s * 1e-5, extra=sensors(120 + s, 84)) for s in range(20))
    data = gpx(track(body))
    ours = one(data)

    def fail(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr("steadymile.ingest.xml.gpx.walk", fail)
    reading = read(data.replace(b"<gpx ", b'<gpx xmlns:gpxtpx="t" '), "run.gpx")
    assert reading.notes == ("read by gpxpy",)
    assert reading.activities[0].samples.equals(ours.samples)


def corpus_gpx(corpus):
    for path in sorted((corpus / "files").glob("*/*.gpx*")):
        data = path.read_bytes()
        yield path, gzip.decompress(data) if path.suffix == ".gz" else data


# gpxpy with lxml refuses a prefix that is never declared; expat without namespaces reads on.
UNREAD_BY_GPXPY = {"track2.gpx"}


@pytest.mark.corpus
def test_small_real_files_have_the_points_that_gpxpy_reads(corpus):
    small = [(p, d) for p, d in corpus_gpx(corpus) if len(d) < 120_000]
    assert len(small) > 30
    assert [p.name for p, d in small if p.name not in UNREAD_BY_GPXPY and not same_points(d)] == []


@pytest.mark.corpus
@pytest.mark.slow
def test_every_real_file_has_the_points_that_gpxpy_reads(corpus):
    different = [p.name for p, d in corpus_gpx(corpus) if p.name not in UNREAD_BY_GPXPY and not same_points(d)]
    assert different == []


def test_two_points_decades_apart_are_no_fault_and_both_are_kept():
    points = point(0, when="1995-06-01T07:00:00Z") + point(1, when="2026-06-01T07:00:00Z")
    assert one(gpx(track(points))).samples["time"].dt.year().to_list() == [1995, 2026]


def test_two_points_decades_apart_are_no_session_of_decades():
    points = point(0, when="1995-06-01T07:00:00Z") + point(1, when="2026-06-01T07:00:00Z")
    assert measure(one(gpx(track(points)))).metrics["elapsed_s"].value is None


@pytest.mark.parametrize(
    "gpx",
    [
        "<gpx><metadata><extensions><osmand:activity>road_cycling</osmand:activity></extensions></metadata>{}</gpx>",
        "<gpx><extensions><activity>cycling</activity></extensions>{}</gpx>",
    ],
)
def test_a_sport_named_in_an_extension_counts_where_the_track_names_none(gpx):
    points = "".join(f'<trkpt lat="50.0" lon="8.{n:04d}"><time>2026-03-01T07:00:0{n}Z</time></trkpt>' for n in range(5))
    (ride,) = read_gpx(gpx.format(f"<trk><trkseg>{points}</trkseg></trk>").encode()).activities
    assert ride.sport == "cycling"


def test_a_name_that_runkeeper_wrote_names_the_sport():
    def sport(name, creator="Runkeeper - http://www.runkeeper.com"):
        named = f"<trk><name><![CDATA[{name}]]></name><trkseg>{point(0)}{point(1)}</trkseg></trk>"
        return one(gpx(named, HEAD.replace("test", creator))).sport

    assert (sport("Running 11/2/26 6:00 pm"), sport("Cycling 2026-11-02 18:00")) == ("running", "cycling")
    assert (sport("Running late"), sport("Running 11/2/26 6:00 pm", "me")) == ("unknown", "unknown")


ZEPPS = [("Zepp App", "cycling"), ("ZeppLife App", "cycling"), ("me", "unknown")]


@pytest.mark.parametrize(("creator", "sport"), ZEPPS)
def test_a_name_that_zepp_wrote_names_the_sport_and_one_that_a_person_wrote_does_not(creator, sport):
    named = f"<trk><name><![CDATA[20231013 Outdoor cycling]]></name><trkseg>{point(0)}{point(1)}</trkseg></trk>"
    assert one(gpx(named, HEAD.replace("test", creator))).sport == sport


@pytest.mark.parametrize(
    "inside",
    [
        "<heart_rate>151</heart_rate>",
        "<HeartRateBpm><Value>151</Value></HeartRateBpm>",
        '<st:activity xmlns:st="urn:uuid:D0EB2ED5"><st:heartRate bpm="151"/></st:activity>',
        '<hr value="151"/>',
    ],
)
def test_a_heart_rate_is_found_under_each_of_its_names(inside):
    (activity,) = read_gpx(
        gpx(track("".join(point(s, extra=f"<extensions>{inside}</extensions>") for s in range(3))))
    ).activities
    assert activity.samples["heart_rate_bpm"].to_list() == [151.0] * 3
