"""The whole corpus through the readers: what comes in, what is refused and why, and whether other readers agree.

    python -m bench.real.corpus [--limit BYTES] [--write FILE]

The corpus is a folder of real recordings with an INVENTORY.csv, named by STEADYMILE_CORPUS. Every message and field of
every FIT file that fitparse reads is compared with ours, and every point of every GPX file that gpxpy reads; processor
time of both is taken in the same minute. fitparse needs about eight seconds a megabyte, so what was found out about a
file is kept in the system's folder for temporary files until a reader changes; `--limit` compares only FIT files up to
so many bytes. `--write` also writes the tables as markdown. The result is 1 where a promise is broken.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import platform
import statistics
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from steadymile.ingest.formats import read
from steadymile.ingest.reading import Reading, Unreadable

from bench.real.corpus_agreement import agreement_lines

ROOT = Path(__file__).resolve().parents[2]
RECORDS_AT_LEAST = 2_000
POINTS_AT_LEAST = 500
SESSION_KINDS = ("fit", "gpx", "tcx")
EXCEPTIONS = {
    "DeveloperData.fit": "three samples and not one time anywhere: there is no day to put them on",
    "Mojstrovka.gpx": "its times are before 1990: there is no day to put it on",
    "track-with-extremes.gpx": "points without times",
    "track-with-small-floats.gpx": "points without times",
    "track_with_dilution_errors.gpx": "points without times",
}
"""Files with records that give no activity, and why that is right."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One file: its row of the inventory, its content, and what reading it gave."""

    row: dict[str, str]
    data: bytes
    reading: Reading | None
    refusal: str | None

    @property
    def name(self) -> str:
        return self.row["file"]

    @property
    def status(self) -> str:
        if self.reading is None:
            return "quarantined"
        return "ignored" if self.reading.ignored else "salvaged" if self.reading.salvaged else "ingested"

    @property
    def reason(self) -> str | None:
        """Why it was refused, ignored or salvaged, in one line."""
        if self.reading is None:
            return self.refusal
        return self.reading.ignored or self.reading.salvage

    @property
    def samples(self) -> int:
        return sum(a.samples.height for a in self.reading.activities) if self.reading else 0


@dataclass(frozen=True, slots=True)
class Compared:
    """One file against the reference: unexplained differences, explained ones by name, seconds of both."""

    wrong: list[str]
    known: dict[str, int]
    ours_s: float
    theirs_s: float
    records: int


def everything(corpus: Path) -> Iterator[Seen]:
    """Every file of the corpus, read."""
    with (corpus / "INVENTORY.csv").open(newline="") as inventory:
        rows = list(csv.DictReader(inventory))
    for row in rows:
        path = corpus / "files" / row["file"]
        data = path.read_bytes()
        plain = gzip.decompress(data) if path.suffix == ".gz" else data
        try:
            yield Seen(row, plain, read(data, path.name), None)
        except Unreadable as refusal:
            yield Seen(row, plain, None, refusal.reason)


def missing(seen: Seen) -> str | None:
    """How a file breaks the promise that what others read, or what holds records, comes in; None where it keeps it."""
    row, reading = seen.row, seen.reading
    read_by_others = row["fit_type"] == "activity" and "ok" in (row["fitparse"], row["fitdecode"])
    records = int(row["n_records"] or 0)
    if row["kind"] not in SESSION_KINDS or not (read_by_others or records):
        return None
    if Path(seen.name).name in EXCEPTIONS:
        return None
    if reading is None:
        return f"refused: {seen.refusal}"
    if not reading.activities and not reading.wellness:
        return f"nothing came in: {reading.ignored}"
    if row["kind"] == "fit" and row["fit_type"] == "activity" and seen.samples < records - 1:
        return f"{seen.samples} samples of {records}"
    return None


def processor_s(work: Callable[[], object], rounds: int = 1) -> float:
    """Least processor time of a few rounds, in seconds."""
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def compare_fit(data: bytes) -> Compared:
    """A FIT file against fitparse, message by message and field by field."""
    from bench.speed.readers import our_columns, our_everything
    from tests.ingest.fit.test_fit_equals_fitparse import differences, said_by_fitparse

    began = time.process_time()
    said = said_by_fitparse(data)
    theirs = time.process_time() - began
    wrong, known = differences(data, said)
    records = our_columns(data)
    if records < RECORDS_AT_LEAST:
        return Compared(wrong[:5], dict(known), 0.0, 0.0, records)
    return Compared(wrong[:5], dict(known), processor_s(lambda: our_everything(data), 5), theirs, records)


def compare_gpx(data: bytes) -> Compared:
    """A GPX file against gpxpy, point by point, and its time with the XML parser that makes it faster."""
    from steadymile.ingest.xml.gpx import read_gpx

    from bench.speed.gpx import gpxpys
    from tests.ingest.xml.test_gpx import same_points

    wrong = [] if same_points(data) else ["points differ"]
    points = data.count(b"<trkpt")
    if points < POINTS_AT_LEAST:
        return Compared(wrong, {}, 0.0, 0.0, points)
    theirs = min(processor_s(lambda parse=parse: parse(data), 3) for parse in gpxpys().values())
    return Compared(wrong, {}, processor_s(lambda: read_gpx(data), 3), theirs, points)


def readers_version() -> str:
    """Changes whenever a reader or the comparison does."""
    files = sorted((ROOT / "ingest").rglob("*.py"))
    files += [ROOT / "tests" / "ingest" / name for name in ("fit/test_fit_equals_fitparse.py", "xml/test_gpx.py")]
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:16]


def kept(data: bytes, compare: Callable[[bytes], Compared], folder: Path) -> Compared:
    """The comparison, from last time where the file and the readers are the same."""
    place = folder / f"{compare.__name__}-{hashlib.sha256(data).hexdigest()}.json"
    if place.is_file():
        return Compared(**json.loads(place.read_text()))
    found = compare(data)
    place.write_text(json.dumps({name: getattr(found, name) for name in Compared.__slots__}))
    return found


def comparisons(files: list[Seen], kind: str, limit: int) -> Iterator[tuple[Seen, Compared | str]]:
    """Each file of a kind with what the comparison gave, or why the other reader could not read it."""
    folder = Path(tempfile.gettempdir()) / f"steadymile-corpus-{readers_version()}"
    folder.mkdir(exist_ok=True)
    compare = compare_fit if kind == "fit" else compare_gpx
    for seen in files:
        if seen.row["kind"] != kind or seen.row["fitparse"] not in ("", "ok"):
            continue
        if kind == "fit" and len(seen.data) > limit:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield seen, kept(seen.data, compare, folder)
        except Exception as refusal:  # the other reader's, whatever it raises
            yield seen, f"{type(refusal).__name__}: {str(refusal)[:90]}"


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[str]:
    """A markdown table that also reads well as text."""
    cells = [head, *[tuple(str(c).replace("|", "/") for c in row) for row in rows]]
    wide = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, wide, strict=True)) + " |" for row in cells]
    return [lines[0], "|" + "|".join("-" * (w + 2) for w in wide) + "|", *lines[1:], ""]


def reading_lines(files: list[Seen]) -> Iterator[str]:
    """Files by status and reader, then every refusal and salvage, then broken promises."""
    yield "## What comes in\n"
    counts = Counter(
        (s.row["kind"], s.reading.what if s.reading else "-", s.reading.reader if s.reading else "-", s.status)
        for s in files
    )
    activities: Counter[tuple[str, ...]] = Counter()
    for s in files:
        if s.reading:
            activities[s.row["kind"], s.reading.what, s.reading.reader, s.status] += len(s.reading.activities)
    rows = [(*key, f"{n:,}", f"{activities[key]:,}") for key, n in sorted(counts.items())]
    yield from table(("kind", "what", "reader", "status", "files", "activities"), rows)
    samples = sum(s.samples for s in files)
    yield f"{len(files):,} files, {sum(activities.values()):,} activities, {samples:,} samples.\n"
    yield "### Salvaged, and refused or ignored though named as a session\n"
    told = [s for s in files if s.row["kind"] in SESSION_KINDS and s.status in ("salvaged", "quarantined")]
    yield from table(("file", "status", "reason"), [(s.name, s.status, s.reason) for s in told])
    others = Counter((s.status, s.row["kind"], s.reason) for s in files if s.reason and s not in told)
    yield "### Every other reason\n"
    yield from table(
        ("status", "kind", "files", "reason"), [(a, b, n, c) for (a, b, c), n in sorted(others.items(), key=str)]
    )


def equality_lines(found: list[tuple[Seen, Compared | str]], theirs: str, unit: str) -> Iterator[str]:
    """Differences to another reader, those it cannot read, and how much faster ours is."""
    same = [(s, c) for s, c in found if isinstance(c, Compared)]
    known: Counter[str] = Counter()
    for _, c in same:
        known.update(c.known)
    wrong = [(s, c) for s, c in same if c.wrong]
    yield f"### Against {theirs}\n"
    yield f"{len(same):,} files compared, {sum(c.records for _, c in same):,} {unit}; "
    yield f"files with an unexplained difference: {len(wrong)}.\n"
    for s, c in wrong:
        yield f"- {s.name}: {'; '.join(c.wrong)}"
    if known:
        yield "Explained differences, each a choice:\n"
        yield from table(("difference", "fields"), [(name, f"{n:,}") for name, n in sorted(known.items())])
    for s, c in found:
        if isinstance(c, str):
            yield f"- {theirs} cannot read {s.name} ({c}); ours: {s.status}"
    ratios = sorted(c.theirs_s / c.ours_s for _, c in same if c.ours_s > 0)
    if len(ratios) >= 2:
        low, high = statistics.quantiles(ratios, n=20)[0], statistics.quantiles(ratios, n=20)[-1]
        rate = statistics.median(c.records / c.ours_s for _, c in same if c.ours_s > 0)
        yield (
            f"\nProcessor time of {theirs} over ours for whole files, median of {len(ratios)} files with many {unit}: "
            f"**{statistics.median(ratios):.0f}** (5-95 % of files {low:.0f}-{high:.0f}); "
            f"ours reads {rate:,.0f} {unit} a second in the median.\n"
        )


def promise_lines(broken: list[tuple[str, str]]) -> Iterator[str]:
    yield "## The promise\n"
    yield (
        "Every activity file that fitparse or fitdecode reads comes in, and every file that holds records though "
        "neither reads it.\n"
    )
    yield f"Broken by {len(broken)} files.\n"
    yield from (f"- {name}: {how}" for name, how in broken)
    yield "Files with records that rightly give no activity:\n"
    yield from table(("file", "why"), sorted(EXCEPTIONS.items()))


def report(corpus: Path, limit: int) -> tuple[list[str], bool]:
    """The whole text, and whether every promise is kept."""
    files = list(everything(corpus))
    broken = [(s.name, how) for s in files if (how := missing(s))]
    fit, gpx = (list(comparisons(files, kind, limit)) for kind in ("fit", "gpx"))
    command = "make corpus" if limit == sys.maxsize else f"python -m bench.real.corpus --limit {limit}"
    system = f"{platform.system()} {platform.machine().replace('_', '-')}"
    lines = [
        "# The corpus of real recordings\n",
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}, "
        f"by `{command}`. Other work ran beside it.\n",
        *promise_lines(broken),
        *reading_lines(files),
        "## Other readers\n",
        *equality_lines(fit, "fitparse", "records"),
        *equality_lines(gpx, "gpxpy", "points"),
        *agreement_lines(corpus),
    ]
    kept_all = not broken and not any(isinstance(c, Compared) and c.wrong for _, c in [*fit, *gpx])
    return lines, kept_all


def main(arguments: list[str]) -> int:
    """Print the report; 1 where a promise is broken, 2 without a corpus."""
    named = os.environ.get("STEADYMILE_CORPUS")
    corpus = Path(named) if named else ROOT.parent / "shared" / "corpus"
    if not (corpus / "INVENTORY.csv").is_file():
        print("No corpus of real recordings: set STEADYMILE_CORPUS to a folder with INVENTORY.csv.")
        return 2
    limit = int(arguments[arguments.index("--limit") + 1]) if "--limit" in arguments else sys.maxsize
    lines, kept_all = report(corpus, limit)
    print("\n".join(lines))
    if "--write" in arguments:
        Path(arguments[arguments.index("--write") + 1]).write_text("\n".join(lines).rstrip() + "\n")
    return 0 if kept_all else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
