"""Readers side by side in one run: FIT samples a second of ours, fitparse, fitdecode, fitfast and gpsbabel; GPX; TCX.

    python -m bench.speed.readers [FOLDER] [--all]

FOLDER is searched for .fit; without it the corpus named by STEADYMILE_CORPUS. Counted are `record` messages of files
with 2,000 and more of them. Every reader is timed on each file in turn, and the medians of the ratios are shown, so
that a busy machine slows all of them alike. Without --all an even choice of 24 files is taken (fitparse needs about
eight seconds a megabyte). The last column is the peak memory of a process of its own that reads the largest file,
above that of the same process before it reads.
"""

from __future__ import annotations

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

from bench.speed import gpx, tcx

ROOT = Path(__file__).resolve().parents[2]

RECORDS_AT_LEAST = 2_000
FILES_AT_MOST = 24
ROUNDS = 5
SLOW = frozenset({"fitparse", "fitdecode"})
"""Readers that take seconds a file: one round is enough."""


@dataclass(frozen=True, slots=True)
class FitRow:
    """One reader over all files: files it read, median records a second, ours over it file by file, memory in MB."""

    reader: str
    files: int
    records_per_s: float
    ours_over_theirs: float
    memory_mb: float | None


def our_columns(data: bytes) -> int:
    """Scan, checksums, and every column of the samples scaled: what the other readers are compared with."""
    from steadymile.ingest.fit.protocol.columns import decode

    found = 0
    for part in decode(data).parts:
        table = part.table(20)
        if table is not None:
            found += len(table)
            for column in table.columns().values():
                column.numbers()
    return found


def our_everything(data: bytes) -> None:
    """Every column of every message."""
    from steadymile.ingest.fit.protocol.columns import decode

    for part in decode(data).parts:
        for table in part.tables.values():
            for column in table.columns().values():
                column.numbers()


def our_activity(data: bytes) -> None:
    """From bytes to finished activities with sample tables, laps, pauses and device."""
    from steadymile.ingest.fit.reader import read_fit

    read_fit(data)


def by_fitparse(data: bytes) -> None:
    """Every message, values as fitparse gives them."""
    import fitparse

    for message in fitparse.FitFile(data).get_messages("record"):
        message.get_values()


def by_fitdecode(data: bytes) -> None:
    """Every message, values as fitdecode gives them."""
    import fitdecode

    with fitdecode.FitReader(data) as frames:
        for frame in frames:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "record":
                for field in frame.fields:
                    _ = field.value


def by_fitfast(data: bytes) -> None:
    """The columns of the samples."""
    import fitfast

    fitfast.records(data)


def by_gpsbabel(data: bytes) -> None:
    """The whole command: read the file, write the track (-t) as CSV to nowhere."""
    with tempfile.NamedTemporaryFile(suffix=".fit") as source:
        source.write(data)
        source.flush()
        command = ["gpsbabel", "-t", "-i", "garmin_fit", "-f", source.name, "-o", "unicsv", "-F", os.devnull]
        subprocess.run(command, check=True, capture_output=True)


READERS: dict[str, Callable[[bytes], object]] = {
    "steadymile": our_columns,
    "steadymile, every message": our_everything,
    "steadymile, to activities": our_activity,
    "fitparse": by_fitparse,
    "fitdecode": by_fitdecode,
    "fitfast": by_fitfast,
    "gpsbabel": by_gpsbabel,
}


def fit_files(folder: Path, everything: bool) -> list[tuple[int, bytes]]:
    """Files with enough samples, with their number, from small to large."""
    found = []
    for path in sorted(folder.rglob("*.fit"), key=lambda p: (p.stat().st_size, p.name)):
        if path.stat().st_size >= 10 * RECORDS_AT_LEAST:
            data = path.read_bytes()
            records = our_columns(data)
            if records >= RECORDS_AT_LEAST:
                found.append((records, data))
    return found if everything else found[:: max(1, len(found) // FILES_AT_MOST)]


def timed(name: str, read: Callable[[bytes], object], data: bytes) -> float | None:
    """Best of a few rounds in seconds, None where the reader refuses the file."""
    best = float("inf")
    for _ in range(1 if name in SLOW else ROUNDS):
        began = _processor_s()
        try:
            read(data)
        except Exception:
            return None
        best = min(best, _processor_s() - began)
    return best


def _processor_s() -> float:
    """Processor time of this process, and of the processes it has waited for."""
    import resource

    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak_memory_mb(name: str, path: str) -> float | None:
    """Peak memory of a fresh process that reads the file, above what it held before."""
    if name == "gpsbabel":
        return None
    program = (
        "import sys; sys.path[:0] = [sys.argv[3]]\n"
        "import bench.speed.readers as b; read = b.READERS[sys.argv[1]]; data = open(sys.argv[2], 'rb').read()\n"
        "read(b.SMALL); before = b.memory_kb('VmRSS'); read(data); print(b.memory_kb('VmHWM') - before)\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, name, path, str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    return float(done.stdout) / 1024 if done.returncode == 0 else None


def memory_kb(which: str) -> int:
    """This process's memory now (VmRSS) or at its peak (VmHWM), as Linux tells it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1])
    raise OSError(f"no {which} in /proc/self/status")


SMALL = bytes.fromhex("0e20f7070b0000002e4649544f1f4000000000010001000004542f")
"""A sound file of one message, to have everything imported before memory is looked at."""


def fit_rows(folder: Path, everything: bool = False) -> list[FitRow]:
    """One row a reader, ours first. Empty when the folder holds no FIT file with enough samples."""
    files = fit_files(folder, everything)
    readers = {n: r for n, r in READERS.items() if n != "gpsbabel" or shutil.which("gpsbabel")}
    seconds: dict[str, list[float | None]] = {name: [] for name in readers}
    for _, data in files:
        for name, read in readers.items():
            seconds[name].append(timed(name, read, data))
    if not files:
        return []
    with tempfile.NamedTemporaryFile(suffix=".fit") as largest:
        largest.write(max(files, key=lambda f: len(f[1]))[1])
        largest.flush()
        memory = {name: peak_memory_mb(name, largest.name) for name in readers}
    ours = seconds["steadymile"]
    rows = []
    for name, taken in seconds.items():
        known = [(n, t, o) for (n, _), t, o in zip(files, taken, ours) if t is not None and o is not None]
        if known:
            rate = statistics.median(n / t for n, t, _ in known)
            rows.append(FitRow(name, len(known), rate, statistics.median(t / o for _, t, o in known), memory[name]))
    return rows


def main() -> None:
    """Print both tables."""
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    corpus = os.environ.get("STEADYMILE_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    folder = Path(arguments[0]) if arguments else Path(corpus) / "files"
    rows = fit_rows(folder, "--all" in sys.argv)
    if not rows:
        print(f"no FIT file with {RECORDS_AT_LEAST:,} samples and more; name a folder, or set STEADYMILE_CORPUS")
        return
    print(f"FIT: {rows[0].files} files of {RECORDS_AT_LEAST:,} samples and more, medians over files")
    print(f"{'reader':28}{'files':>6}{'samples/s':>13}{'steadymile is':>15}{'memory':>10}")
    for row in rows:
        memory = "" if row.memory_mb is None else f"{row.memory_mb:.0f} MB"
        print(f"{row.reader:28}{row.files:>6}{row.records_per_s:>13,.0f}{row.ours_over_theirs:>14.1f}x{memory:>10}")
    print()
    print("GPX:")
    for line in gpx.gpx_rows(folder):
        print(f"{line.reader:34}{line.points_per_s:>12,.0f}{line.ours_over_theirs:>15.1f}x")
    print("\nTCX:")
    for line in tcx.tcx_rows(folder):
        print(f"{line.reader:34}{line.points_per_s:>12,.0f}{line.ours_over_theirs:>15.1f}x")


if __name__ == "__main__":
    main()
