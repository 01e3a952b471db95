"""Files to start the mutations from: small, of every kind that is read, all made here."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from steadymile.models.weekplan import Step
from steadymile.reports.workouts.fit_writer import workout_file
from steadymile.studies.synthetic.runner import MadeRunner, to_fit, to_gpx

from tests.ingest.fit_making import FLOAT32, SINT32, STRING, UINT8, UINT16, UINT32, Fit, file_id, run

SMALL = 60_000
T0 = datetime(2026, 3, 1, 7, tzinfo=UTC)


def tcx() -> bytes:
    """Two laps of a run with every column."""
    point = (
        "<Trackpoint><Time>2026-03-01T07:00:{0:02d}Z</Time><Position><LatitudeDegrees>50.{0}</LatitudeDegrees>"
        "<LongitudeDegrees>8</LongitudeDegrees></Position><AltitudeMeters>1{0}</AltitudeMeters>"
        "<DistanceMeters>{0}</DistanceMeters><HeartRateBpm><Value>14{0}</Value></HeartRateBpm><Extensions>"
        "<ns3:TPX><ns3:Speed>2.5</ns3:Speed><ns3:RunCadence>80</ns3:RunCadence></ns3:TPX></Extensions></Trackpoint>"
    )
    lap = (
        '<Lap StartTime="2026-03-01T07:00:00Z"><TotalTimeSeconds>9</TotalTimeSeconds><DistanceMeters>30'
        "</DistanceMeters><AverageHeartRateBpm><Value>140</Value></AverageHeartRateBpm><Track>{}</Track></Lap>"
    )
    laps = lap.format("".join(point.format(s) for s in range(9))) * 2
    return (
        '<?xml version="1.0"?><TrainingCenterDatabase xmlns="a" xmlns:ns3="b"><Activities><Activity Sport="Running">'
        f"<Id>2026-03-01T07:00:00Z</Id>{laps}</Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def gpx() -> bytes:
    """Two segments, sensors, an offset, an entity and a comment."""
    point = (
        '<trkpt lat="50.{0:03d}" lon="8.1"><ele>10{0}</ele><time>2026-03-01T08:00:{0:02d}+01:00</time>'
        "<extensions><g:TrackPointExtension><g:hr>14{0}</g:hr><g:cad>80</g:cad></g:TrackPointExtension>"
        "</extensions></trkpt>"
    )
    halves = ["".join(point.format(s) for s in part) for part in (range(5), range(5, 10))]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="a" xmlns:g="b"><metadata><time>'
        "2026-03-01T07:00:00Z</time></metadata><wpt lat='1' lon='2'/><trk><name>A &amp; B</name><!-- c -->"
        f"<type>running</type><trkseg>{halves[0]}</trkseg><trkseg>{halves[1]}</trkseg></trk></gpx>"
    ).encode()


def fits() -> list[bytes]:
    """FIT by hand: both byte orders, chained, compressed times, developer fields, wellness, events only."""
    big = run(seconds=5, fit=file_id(Fit(big=True))).bytes()
    plain = run(seconds=5).bytes()
    compressed = file_id(Fit()).define(1, 20, [(253, UINT32), (3, UINT8)]).data(1, 1_000_000_000, 100)
    compressed.define(2, 20, [(3, UINT8), (0, SINT32), (1, SINT32)])
    for second in range(8):
        compressed.data(2, 101, 600_000_000, 90_000_000, compressed=second * 3 % 32)
    developer = file_id(Fit()).define(1, 206, [(0, UINT8), (1, UINT8), (2, UINT8), (3, STRING, 6)])
    developer.data(1, 0, 0, 0x88, "Power").define(2, 20, [(253, UINT32), (6, UINT16)], [(0, 4, 0, FLOAT32)])
    developer.data(2, 1_000_000_000, 3000, 250.0).data(2, 1_000_000_001, 3000, 251.0)
    wellness = file_id(Fit(), kind=32).define(1, 55, [(253, UINT32), (27, UINT8), (3, UINT32), (26, UINT16)])
    for minute in range(4):
        wellness.data(1, 1_000_000_000 + 60 * minute, 60, 40 * minute, 60 * minute)
    beats = run(seconds=3).define(5, 78, [(0, UINT16, 6)]).data(5, [800, 820, 810]).data(5, [805, 0xFFFF, 0xFFFF])
    workout = workout_file("Easy", (Step(1, 0, 300), Step(4, 60, 90)), created=T0)
    cut = plain[:-40]
    by_hand = [compressed.bytes(), developer.bytes(), wellness.bytes(), beats.bytes()]
    return [plain, big, plain + big, cut, *by_hand, workout]


def texts() -> list[bytes]:
    """Check-ins and a bulk export's table."""
    return [
        b"date,rpe,talk_test,pain,pain_place,fatigue,sleep_h,note\n2026-03-01,4,yes,0,,3,7.5,ok\n2026-03-02,,,2,knee,,,\n",
        b"date;rpe;pack_kg\n01.03.2026;4,5;8\n02.03.2026;;\n",
        b'[[checkin]]\ndate = 2026-03-01\nrpe = 4\nred_flag = "chest_pain"\nnote = "a"\n',
        b"Activity ID,Activity Date,Activity Name,Activity Type,Filename,Perceived Exertion\n"
        b'1,"Mar 1, 2026, 7:00:00 AM",Morning,Run,activities/1.fit.gz,4\n',
        b'{"a": [1, 2]}',
        b"<html><body>login</body></html>",
        "date,rpe\n2026-03-01,4\n".encode("utf-16"),
    ]


def packed(inner: list[bytes]) -> list[bytes]:
    """Zips, a zip in a zip and gzips of some of the others."""
    found = [gzip.compress(data, mtime=0) for data in inner[:3]]
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as folder:
            for number, data in enumerate(inner[:3]):
                folder.writestr(zipfile.ZipInfo(f"activities/{number}.fit"), data)
            if found[3:]:
                folder.writestr(zipfile.ZipInfo("inner.zip"), found[3])
        found.append(buffer.getvalue())
    return found


def made() -> list[bytes]:
    """A few minutes of a made runner, as FIT and GPX."""
    runner = MadeRunner(np.random.default_rng(2))
    steps = (Step(1, 0, 20), Step(2, 30, 20))
    out = runner.run_session(date(2026, 3, 1), T0, steps)
    indoor = runner.run_session(date(2026, 3, 2), T0.replace(day=2), steps, indoor=True)
    return [to_fit(out), to_gpx(out), to_fit(indoor)]


def seeds() -> list[bytes]:
    """All of them."""
    plain = [*fits(), gpx(), tcx(), *texts(), *made()]
    return plain + packed([plain[0], gpx(), tcx()])


def seeds_of(folder: Path) -> list[bytes]:
    """Small files of a folder of real ones, at most twelve of each kind of name."""
    taken: dict[str, int] = {}
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size <= SMALL and taken.get(path.suffix, 0) < 12:
            taken[path.suffix] = taken.get(path.suffix, 0) + 1
            found.append(path.read_bytes())
    return found
