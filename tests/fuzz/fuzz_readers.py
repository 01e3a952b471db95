"""Feed the readers what nobody would write, for as long as asked:

    python tests/fuzz/fuzz_readers.py --minutes 10

With atheris installed (`pip install atheris`) the mutations follow the code that they reach; without it they are
random. What was found is written to `--keep`, a file each, and the exit code is 1. Inputs of an earlier run are read
from there first, so a mended fault shows as mended.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

try:
    import atheris
except ImportError:
    atheris = None

if atheris is not None:
    with atheris.instrument_imports(include=["steadymile.ingest"]):
        import steadymile.ingest.checkins.files
        import steadymile.ingest.exports.strava
        import steadymile.ingest.fit.reader
        import steadymile.ingest.formats
        import steadymile.ingest.xml.gpx
        import steadymile.ingest.xml.tcx  # noqa: F401  (loaded so that it is watched)
from tests.fuzz.seeds import seeds, seeds_of
from tests.fuzz.shake import LONGEST, inside, shaken
from tests.fuzz.spell import SAY_EVERY_S, begun, line
from tests.fuzz.target import Tally, one, without_nets


def report(tally: Tally, began: float, tried: int, keep: Path, how: str) -> int:
    """Say what was done and found; keep each finding's input. Returns the exit code."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 10 if sys.platform != "darwin" else 1 << 20)
    lines = [
        f"{time.monotonic() - began:,.0f} s, {tried:,} inputs ({how}), Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, began {begun(time.monotonic() - began)}",
        "endings: " + ", ".join(f"{count:,} {name}" for name, count in sorted(tally.endings.items())),
        f"most memory {memory:,.0f} MB, slowest sound input {tally.slowest_s:.2f} s of processor time",
        f"findings: {len(tally.findings)}",
    ]
    for number, (what, data) in enumerate(sorted(tally.findings.items())):
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"finding-{number}.bin").write_bytes(data)
        lines.append(f"  {number}: {what} ({len(data):,} bytes)")
    line("\n".join(lines))
    return int(bool(tally.findings))


def main() -> int:
    """Fuzz for the given minutes. The exit code is 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=Path, action="append", default=[], help="a folder of real files to begin with")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    args = parser.parse_args()
    chance = random.Random(args.seed)
    without_nets()
    starts = seeds() + [data for folder in args.seeds for data in seeds_of(folder)]
    starts += [path.read_bytes() for path in sorted(args.keep.glob("finding-*.bin"))]
    tally, began, tried = Tally(), time.monotonic(), 0
    said = began
    folder = Path(tempfile.mkdtemp(prefix="steadymile-fuzz-"))

    def attempt(data: bytes) -> None:
        nonlocal tried, said
        tried += 1
        one(data, folder, tally)
        if time.monotonic() - said >= SAY_EVERY_S:
            said = time.monotonic()
            line(f"{tried:,} inputs, {len(tally.findings)} findings, {said - began:,.0f} s")

    for data in starts:
        attempt(data)
    until = began + args.minutes * 60
    if atheris is None:
        line("atheris is not installed: random mutations, blind to what they reach")
        while time.monotonic() < until:
            attempt(inside(chance.choice(starts), lambda d, size: shaken(d, chance), chance))
        return report(tally, began, tried, args.keep, "random")

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(starts):
        (corpus / str(number)).write_bytes(data)

    def guided(data: bytes) -> None:
        if time.monotonic() > until:
            os._exit(report(tally, began, tried, args.keep, "atheris"))  # libFuzzer would never return
        attempt(data)

    def mutator(data: bytes, size: int, seed: int) -> bytes:
        dice = random.Random(seed)
        shake = dice.random() < 0.3
        return inside(data, lambda d, m: shaken(d, dice) if shake else atheris.Mutate(d, m), dice)[:size]

    words = [
        sys.argv[0],
        str(corpus),
        f"-max_len={LONGEST}",
        "-rss_limit_mb=3000",
        "-timeout=120",
        "-print_final_stats=0",
    ]
    atheris.Setup([*words, f"-seed={args.seed}", "-verbosity=0"], guided, custom_mutator=mutator)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
