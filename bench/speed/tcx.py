"""TCX readers side by side: points a second of ours and of others on the same real files in one run.

    python -m bench.speed.tcx [FOLDER]

Measured as `gpx.py` does. Others are tcxreader and python-tcxparser where they are installed, and the usual way
of reading TCX by hand: the standard library's ElementTree, walked point by point. Ours goes to the finished activity.
"""

from __future__ import annotations

import gzip
import io
import statistics
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bench.speed.gpx import FILES_AT_MOST, POINTS_AT_LEAST, ROUNDS, GpxRow, folder_named, print_rows, timed

POINT = b"<Trackpoint"
NAMES = ("Time", "LatitudeDegrees", "LongitudeDegrees", "AltitudeMeters", "DistanceMeters", "Value")


def tcx_files(folder: Path) -> list[bytes]:
    """TCX files with enough points to time."""
    found = []
    for path in sorted([*folder.rglob("*.tcx"), *folder.rglob("*.tcx.gz")]):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if data.count(POINT) >= POINTS_AT_LEAST:
            found.append(data)
    return found[:FILES_AT_MOST]


def by_hand(data: bytes) -> list[dict[str, str | None]]:
    """Each point's values as text, out of ElementTree."""
    space = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
    wanted = {space + name: name for name in NAMES}
    points = ET.parse(io.BytesIO(data.lstrip())).getroot().iter(space + "Trackpoint")
    return [{wanted[e.tag]: e.text for e in point.iter() if e.tag in wanted} for point in points]


def from_file(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """A reader that takes a path, given bytes."""

    def reads(data: bytes) -> object:
        with tempfile.NamedTemporaryFile(suffix=".tcx") as source:
            source.write(data.lstrip())
            source.flush()
            return read(source.name)

    return reads


def readers() -> dict[str, Callable[[bytes], object]]:
    """What is compared; the first is ours."""
    from steadymile.ingest.xml.tcx import read_tcx

    found: dict[str, Callable[[bytes], object]] = {"steadymile": read_tcx, "ElementTree, walked": by_hand}
    with suppress(ImportError):
        from tcxreader.tcxreader import TCXReader

        found["tcxreader"] = from_file(TCXReader().read)
    with suppress(ImportError):
        from tcxparser import TCXParser

        def parsed(path: str) -> object:
            with Path(path).open("rb") as file:
                run = TCXParser(file)
            return run.position_values(), run.altitude_points(), run.hr_values(), run.time_values()

        found["python-tcxparser"] = from_file(parsed)
    return found


def tcx_rows(folder: Path) -> list[GpxRow]:
    """One row a reader, ours first. Empty when the folder holds no TCX file with enough points."""
    rates: dict[str, list[float]] = {}
    for data in tcx_files(folder):
        for name, read in readers().items():
            rates.setdefault(name, []).append(data.count(POINT) / timed(read, data))
    return [
        GpxRow(
            name, len(own), statistics.median(own), statistics.median(a / b for a, b in zip(rates["steadymile"], own))
        )
        for name, own in rates.items()
    ]


def main() -> None:
    """Print the table."""
    rows = tcx_rows(folder_named())
    if not rows:
        print(f"no TCX file with {POINTS_AT_LEAST} points and more; name a folder, or set STEADYMILE_CORPUS")
        return
    print(f"{rows[0].files} files of {POINTS_AT_LEAST} points and more, processor time, best of {ROUNDS} rounds")
    print_rows(rows)


if __name__ == "__main__":
    main()
