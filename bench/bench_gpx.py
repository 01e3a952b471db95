"""GPX readers side by side: points a second of ours, gpxpy and gpsbabel on the same real files in one run.

    python bench/bench_gpx.py [FOLDER]

FOLDER is searched for .gpx and .gpx.gz; without it the corpus named by STEADYMILE_CORPUS. Each reader is timed in
turn on each file and the medians of the ratios are shown, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

POINTS_AT_LEAST = 500
FILES_AT_MOST = 24
ROUNDS = 3


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


def timed(read: Callable[[bytes], object], data: bytes) -> float:
    """Best of a few rounds, in seconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        read(data)
        best = min(best, time.perf_counter() - began)
    return best


def readers() -> dict[str, Callable[[bytes], object]]:
    """What is compared; the first is ours, from bytes to a finished activity with its sample table."""
    import gpxpy

    from ingest.gpx import parse_gpx, read_gpx

    def points_only(data: bytes) -> object:
        columns = parse_gpx(data).columns
        return [columns.numbers(name) for name in ("lat", "lon", "ele")]

    found: dict[str, Callable[[bytes], object]] = {
        "steadymile": read_gpx,
        "steadymile, points only": points_only,
        "gpxpy": gpxpy.parse,
    }
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
    rates: dict[str, list[float]] = {name: [] for name in readers()}
    for _, data in files:
        points = data.count(b"<trkpt")
        for name, read in readers().items():
            rates[name].append(points / timed(read, data))
    ours = rates["steadymile"]
    return [
        GpxRow(name, len(files), statistics.median(own), statistics.median(a / b for a, b in zip(ours, own)))
        for name, own in rates.items()
        if own
    ]


def main() -> None:
    """Print the table."""
    corpus = os.environ.get("STEADYMILE_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(corpus) / "files"
    rows = gpx_rows(folder)
    if not rows:
        print(f"no GPX file with {POINTS_AT_LEAST} points and more; name a folder, or set STEADYMILE_CORPUS")
        return
    print(f"{rows[0].files} files of {POINTS_AT_LEAST} points and more, best of {ROUNDS} rounds, medians over files")
    print(f"{'reader':34}{'points/s':>12}{'steadymile is':>16}")
    for row in rows:
        print(f"{row.reader:34}{row.points_per_s:>12,.0f}{row.ours_over_theirs:>15.1f}x")


if __name__ == "__main__":
    main()
