"""Points lifted all at once are those that the XML parser reads one by one, and those that gpxpy reads."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.reading import Unreadable
from steadymile.ingest.xml.columns import Lifted
from steadymile.ingest.xml.gpx import field_of, parse_gpx, read_gpx
from steadymile.ingest.xml.lift import Skeleton, lift
from steadymile.ingest.xml.tcx import read_tcx

from tests.ingest.xml.test_gpx import HEAD, same_points
from tests.ingest.xml.test_tcx import activity, lap, points, tcx

TAIL = "<!-- " + "long enough that no point is too near the end to be lifted " * 8 + "-->"


def gpx(body, tail=TAIL):
    return f"{HEAD}{body}{tail}</gpx>".encode()


def track(text):
    return f"<trk><trkseg>{text}</trkseg></trk>"


def plain(second, inside="<ele>7.5</ele>"):
    return f'<trkpt lat="50.{second}" lon="8.{second}">{inside}<time>2026-03-01T07:00:{second:02d}Z</time></trkpt>\n'


def lifted(data):
    return lift(data, "trkpt", field_of, 1000)[1].count


def carefully(read, data):
    """The same with nothing lifted: every point goes through the XML parser."""
    with patch("steadymile.ingest.xml.points.lift", lambda text, *_: (Skeleton(text, "none", [], [0], [0]), Lifted())):
        return read(data)


def told(read, data):
    """All that a file says, or why it says nothing."""
    try:
        found = read(data)
    except Unreadable as refusal:
        return refusal.why, refusal.offset
    activities = [(a.started_at, a.title, a.timer, a.utc_offset_s, a.samples.to_dict(as_series=False)) for a in
                  found.activities]  # fmt: skip
    return found.what, found.ignored, found.salvaged, found.salvaged_offset, found.notes, activities


@pytest.mark.parametrize("between", ["", "\n", "\r\n    "])
def test_points_of_one_shape_are_all_lifted(between):
    assert lifted(gpx(track(between.join(plain(s).strip() for s in range(60))))) == 60


def test_points_of_two_shapes_are_all_lifted_and_stay_in_their_order():
    data = gpx(track("".join(plain(s, "" if s % 3 else f"<ele>{s}</ele>") for s in range(60))))
    assert lifted(data) == 60
    ele = parse_gpx(data).columns.numbers("ele")
    assert np.flatnonzero(np.isfinite(ele)).tolist() == list(range(0, 60, 3))
    assert ele[::3].tolist() == list(range(0, 60, 3))


@pytest.mark.parametrize(
    "odd",
    ["<ele>7.5<!-- here --></ele>", "<ele>7&#46;5</ele>", "<ele><![CDATA[7.5]]></ele>", "<ele >7.5</ele >", "<x/>"],
)
def test_one_odd_point_leaves_the_others_lifted_and_all_in_order(odd):
    data = gpx(track("".join(plain(s, odd if s == 30 else "<ele>7.5</ele>") for s in range(60))))
    assert lifted(data) >= 59
    assert same_points(data)
    assert told(read_gpx, data) == told(lambda d: carefully(read_gpx, d), data)


def test_a_point_that_holds_a_point_is_left_to_the_parser():
    nested = '<trkpt lat="1" lon="2"><trkpt lat="3" lon="4"/><time>2026-03-01T07:00:59Z</time></trkpt>'
    data = gpx(track(plain(0) + plain(1) + nested))
    assert told(read_gpx, data) == told(lambda d: carefully(read_gpx, d), data)


@pytest.mark.parametrize("hide", ["<!--{}-->", "<![CDATA[{}]]>", "<?note {}?>"])
def test_what_looks_like_a_point_and_is_none_is_not_lifted(hide):
    data = gpx(hide.format(plain(59)) + track(plain(0) + hide.format("<trkpt>") + "</trkpt>".join([plain(1), ""])))
    assert lifted(data) == 2
    assert lifted(gpx(track(plain(0) + hide.format(plain(1)) + plain(2)))) == 2


def test_a_smaller_sign_in_a_place_costs_that_place_only():
    text = "".join(plain(s) for s in range(60)).replace('lat="50.30"', 'lat="50.<30"')
    reading = read_gpx(gpx(track(text)))
    assert reading.activities[0].samples["latitude_deg"].null_count() == 1
    assert reading.activities[0].samples.height == 60
    assert any("repaired" in note for note in reading.notes)


def test_a_value_at_the_very_end_of_a_file_is_read():
    data = b'<gpx><trk><trkseg><trkpt lat="1.25" lon="2.5"><time>2026-03-01T07:00:00Z</time></trkpt>'
    assert read_gpx(data).activities[0].samples["longitude_deg"].to_list() == [2.5]


def test_too_many_points_are_refused_lifted_or_not():
    for inside in ("<ele>7.5</ele>", "<ele>7.5<!-- here --></ele>"):
        with pytest.raises(Unreadable, match="more than 10 track points"):
            read_gpx(gpx(track("".join(plain(s, inside) for s in range(11)))), max_points=10)


def test_tcx_says_the_same_lifted_and_not():
    parts = [points(*range(20)), points(*range(30, 50), extra="<Cadence>80</Cadence>")]
    data = tcx(activity(lap(parts, 0) + lap([points(*range(50, 59))], 50)) + TAIL)
    assert told(read_tcx, data) == told(lambda d: carefully(read_tcx, d), data)


place = st.one_of(
    st.floats(-80, 80).map(repr),
    st.floats(-80, 80).map(lambda x: f"{x:.7f}"),
    st.floats(-80, 80).map(lambda x: f"{x:.29f}"),
    st.floats(-80, 80).map(lambda x: f"{x:e}"),
    st.floats(0.1, 80).map(lambda x: f"+{x}"),
)
shapes = st.fixed_dictionaries(
    {
        "quote": st.sampled_from(['"', '"', '"', "'"]),
        "swapped": st.booleans(),
        "equals": st.sampled_from(["=", "=", " = "]),
        "blank": st.sampled_from(["", "\n", "\r\n  ", "\t", "\n      "]),
        "ele": st.booleans(),
        "time": st.sampled_from(["", "Z", ".000Z", ".25Z", "+02:00", "+01:00"]),
        "heart": st.sampled_from(["", "ns3:hr", "gpxtpx:hr"]),
        "other": st.sampled_from(["", "", "<sat>7</sat>", "<fix/>", "<!-- x -->", "<cmt>a &amp; b</cmt>"]),
    }
)


@st.composite
def documents(draw):
    """Tracks of a few shapes of point that take turns, with gaps of all kinds between them."""
    kinds = draw(st.lists(shapes, min_size=1, max_size=3))
    turns = draw(st.lists(st.integers(0, len(kinds) - 1), min_size=1, max_size=40))
    gaps = st.sampled_from(
        ["", "", "", "\n", "\n", "</trkseg><trkseg>", "<!-- gap -->", "</trkseg></trk><trk><trkseg>"]
    )
    body = "".join(written(draw, kinds[turn], second) + draw(gaps) for second, turn in enumerate(turns))
    head = HEAD.replace("<gpx ", '<gpx xmlns:ns3="n" xmlns:gpxtpx="g" ')
    return (head + track(body) + draw(st.sampled_from(["", TAIL])) + "</gpx>").encode()


def written(draw, kind, second):
    """One point."""
    quote, blank = kind["quote"], kind["blank"]
    both = [f"{name}{kind['equals']}{quote}{draw(place)}{quote}" for name in ("lat", "lon")]
    parts = ["<trkpt " + " ".join(both[::-1] if kind["swapped"] else both) + ">"]
    parts += [f"<ele>{draw(place)}</ele>"] * kind["ele"]
    parts += [f"<time>2026-03-01T07:00:{second:02d}{kind['time']}</time>"] * bool(kind["time"])
    parts += [kind["other"]] * bool(kind["other"])
    if kind["heart"]:
        heart = f"<{kind['heart']}>{draw(st.integers(0, 250))}</{kind['heart']}>"
        parts.append(f"<extensions>{blank}{heart}{blank}</extensions>")
    return blank.join([*parts, "</trkpt>"])


@settings(max_examples=200, deadline=None)
@given(documents())
def test_any_document_says_the_same_lifted_and_not_and_to_gpxpy(data):
    assert told(read_gpx, data) == told(lambda d: carefully(read_gpx, d), data)
    assert same_points(data)


@settings(max_examples=150, deadline=None)
@given(documents(), st.data())
def test_a_document_cut_anywhere_breaks_at_the_same_byte_lifted_and_not(data, draw):
    cut = data[: draw.draw(st.integers(0, len(data)))]
    assert told(read_gpx, cut) == told(lambda d: carefully(read_gpx, d), cut)


def kept(read, data):
    """The activities, and where the file breaks: what is told of points behind a break or in a comment may differ."""
    found = told(read, data)
    return "refused" if len(found) == 2 else (found[2], found[3], found[5])


@settings(max_examples=300, deadline=None)
@given(documents(), st.data())
def test_a_damaged_document_keeps_the_same_lifted_and_not(data, draw):
    at = draw.draw(st.integers(0, len(data) - 1))
    odd = draw.draw(st.sampled_from([b"<", b">", b'"', b"'", b"&", b"</trkpt>", b"<trkpt>", b"<!--", b"\n", b"x"]))
    broken = data[:at] + odd + data[at + draw.draw(st.integers(0, 3)) :]
    assert kept(read_gpx, broken) == kept(lambda d: carefully(read_gpx, d), broken)
