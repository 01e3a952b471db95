"""A runner's ten years through the whole line: from folder to published plan, then nothing new, then two new files.

    python -m bench.speed.line [--files 3000] [--minutes 55]

Each stage runs in a process of its own, as a person would run it: wall time, processor time (of the workers too) and
the memory of the largest process. Half the files and all of them are timed, so that linearity shows; the small nights
are run several times and the best counts. On a busy machine the processor time is the one to compare.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

START = date(2016, 1, 4)
NIGHTS = 4


def make(inbox: Path, files: int, minutes: int) -> int:
    """Write `files` made FIT recordings over ten years, most of them runs. Returns how many samples they hold."""
    from steadymile.models.weekplan import Step
    from steadymile.studies.synthetic.runner import MadeRunner, to_fit

    runner = MadeRunner(np.random.default_rng(11))
    gap = 3650 / files
    samples = 0
    for n in range(files):
        day = START + timedelta(days=int(n * gap))
        start = datetime(day.year, day.month, day.day, 6 + 9 * (n % 2), tzinfo=UTC)
        length = int(runner.rng.normal(minutes, minutes / 5) * 60)
        done = runner.run_session(day, start, [Step(1, 0, 300), Step(1, max(length - 600, 60), 300)])
        samples += done.t_s.size
        place = inbox / f"{day.year}" / f"{n:05d}.fit"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(to_fit(done))
    return samples


def timed(home: Path, as_of: date) -> tuple[float, float, float]:
    """Wall and processor seconds of one `steadymile nightly` as a process, and the memory of the largest in MB."""
    command = [
        sys.executable,
        "-m",
        "steadymile.pipelines.cli.main",
        "nightly",
        "--home",
        str(home),
        "--as-of",
        as_of.isoformat(),
    ]
    environment = {**os.environ, "STEADYMILE_SETTLE_S": "0"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(run.pid, 0)  # what this one process and its workers used, not all before it
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {status}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def tell(what: str, nights: list[tuple[float, float, float]]) -> None:
    """One line of the table: the best of some nights."""
    wall, processor = (min(night[i] for night in nights) for i in (0, 1))
    print(
        f"{what:34s} {wall:7.2f} s   processor {processor:7.2f} s   largest process {nights[-1][2]:5.0f} MB", flush=True
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--minutes", type=int, default=55)
    parser.add_argument("--keep", type=Path, default=None, help="work here and leave it")
    options = parser.parse_args()
    root = options.keep or Path(tempfile.mkdtemp(prefix="steadymile-bench-"))
    source, home = root / "source", root / "home"
    samples = make(source, options.files + 2 * NIGHTS, options.minutes)
    paths = sorted(source.rglob("*.fit"))
    as_of = START + timedelta(days=3651)
    print(f"{options.files} files, {samples:,} samples")
    for share in (options.files // 2, options.files):
        shutil.rmtree(home, ignore_errors=True)
        for path in paths[:share]:
            target = home / "inbox" / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)
        tell(f"{share} files from folder to plan", [timed(home, as_of)])
    timed(home, as_of)
    tell("nothing new, same date", [timed(home, as_of) for _ in range(NIGHTS)])
    tell("nothing new, new date", [timed(home, as_of + timedelta(days=1 + n)) for n in range(NIGHTS)])
    nights = []
    for n in range(NIGHTS):
        for path in paths[options.files + 2 * n :][:2]:
            shutil.copy(path, home / "inbox" / path.name)
        nights.append(timed(home, as_of + timedelta(days=NIGHTS)))
    tell("two new files, same date", nights)
    if options.keep is None:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
