"""GPX readers side by side: points a second of ours, gpxpy and gpsbabel on the same real files in one run.

    python -m bench.speed.gpx [FOLDER]

FOLDER is searched for .gpx and .gpx.gz; without it the corpus named by STEADYMILE_CORPUS. Each reader is timed in
turn on each file and the medians of the ratios are shown, so that a busy machine slows all of them alike. Counted is
processor time, of started processes too, and the best of a few rounds.

gpxpy parses with lxml where that is installed and else with the standard library. Both are measured, and the faster
of them is what we compare with. Ours goes further than gpxpy does: to the finished activity, with its sensors out of
the extensions, its cleaned and flagged samples, sport, pauses and device.
"""

from __future__ import annotations

import gzip
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

POINTS_AT_LEAST = 500
FILES_AT_MOST = 24
ROUNDS = 5
PARSERS = {"gpxpy with lxml": "lxml.etree", "gpxpy with the standard library": "xml.etree.ElementTree"}


@dataclass(frozen=True, slots=True)
class GpxRow:
    """One reader over all files: median points a second, and the median of ours over theirs, file by file."""

    reader: str
    files: int
    points_per_s: float
    ours_over_theirs: float


def gpx_files(folder: Path) -> list[tuple[str, bytes]]:
    """An even choice of the GPX files with enough points to time."""
    found: list[tuple[str, bytes]] = []
    for path in sorted([*folder.rglob("*.gpx"), *folder.rglob("*.gpx.gz")]):
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        if data.count(b"<trkpt") >= POINTS_AT_LEAST:
            found.append((path.name, data))
    step = max(1, len(found) // FILES_AT_MOST)
    return found[::step][:FILES_AT_MOST]


def processor_s() -> float:
    """Processor time of this process and of those it started and awaited, in seconds."""
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + started.ru_utime + started.ru_stime


def timed(read: Callable[[bytes], object], data: bytes) -> float:
    """Least processor time of a few rounds, in seconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = processor_s()
        read(data)
        best = min(best, processor_s() - began)
    return best


def gpxpy_with(parser: str) -> Callable[[bytes], object]:
    """gpxpy on one of the XML parsers that it chooses between when it is imported."""
    import gpxpy
    import gpxpy.parser

    library = import_module(parser)

    def parse(data: bytes) -> object:
        chosen, gpxpy.parser.mod_etree = gpxpy.parser.mod_etree, library
        try:
            return gpxpy.parse(data)
        finally:
            gpxpy.parser.mod_etree = chosen

    return parse


def gpxpys() -> dict[str, Callable[[bytes], object]]:
    """gpxpy with each of its XML parsers that is installed."""
    found: dict[str, Callable[[bytes], object]] = {}
    for name, parser in PARSERS.items():
        with suppress(ImportError):
            found[name] = gpxpy_with(parser)
    return found


def readers() -> dict[str, Callable[[bytes], object]]:
    """What is compared; the first is ours, from bytes to a finished activity with its sample table."""
    from steadymile.ingest.xml.gpx import parse_gpx, read_gpx

    def points_only(data: bytes) -> object:
        columns = parse_gpx(data).columns
        return columns.times(), [columns.numbers(name) for name in ("lat", "lon", "ele")]

    found: dict[str, Callable[[bytes], object]] = {
        "steadymile": read_gpx,
        "steadymile, points only": points_only,
    }
    found |= gpxpys()
    if shutil.which("gpsbabel"):
        found["gpsbabel to CSV (whole process)"] = _gpsbabel
    return found


def _gpsbabel(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".gpx") as source:
        source.write(data)
        source.flush()
        command = ["gpsbabel", "-i", "gpx", "-f", source.name, "-o", "unicsv", "-F", os.devnull]
        subprocess.run(command, check=True, capture_output=True)


def gpx_rows(folder: Path) -> list[GpxRow]:
    """One row a reader, ours first. Empty when the folder holds no GPX file with enough points."""
    files = gpx_files(folder)
    compared = readers()
    rates: dict[str, list[float]] = {name: [] for name in compared}
    for _, data in files:
        points = data.count(b"<trkpt")
        for name, read in compared.items():
            rates[name].append(points / timed(read, data))
    ours = rates["steadymile"]
    return [
        GpxRow(name, len(files), statistics.median(own), statistics.median(a / b for a, b in zip(ours, own)))
        for name, own in rates.items()
        if own
    ]


def against_gpxpy(rows: list[GpxRow]) -> str:
    """The sentence that counts: ours against the faster gpxpy."""
    both = [row for row in rows if row.reader in PARSERS]
    row = max(both, key=lambda row: row.points_per_s)
    which = "the faster of the two" if len(both) == 2 else "the only one that can be measured here"
    return f"{row.ours_over_theirs:.0f} times as fast as {row.reader}, {which}"


def folder_named() -> Path:
    """The folder named on the command line, else the files of the corpus."""
    corpus = os.environ.get("STEADYMILE_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    return Path(sys.argv[1]) if len(sys.argv) > 1 else Path(corpus) / "files"


def print_rows(rows: list[GpxRow]) -> None:
    """A line a reader: points a second, and how much faster ours is."""
    for row in rows:
        print(f"{row.reader:34}{row.points_per_s:>12,.0f}{row.ours_over_theirs:>15.1f}x")


def main() -> None:
    """Print the table."""
    rows = gpx_rows(folder_named())
    if not rows:
        print(f"no GPX file with {POINTS_AT_LEAST} points and more; name a folder, or set STEADYMILE_CORPUS")
        return
    print(f"{rows[0].files} files of {POINTS_AT_LEAST} points and more, medians over files;", end=" ")
    print(f"processor time, best of {ROUNDS} rounds")
    print(f"{'reader':34}{'points/s':>12}{'steadymile is':>16}")
    print_rows(rows)
    print(against_gpxpy(rows))


if __name__ == "__main__":
    main()
