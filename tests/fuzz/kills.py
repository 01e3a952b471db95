"""Kill runs at random instants, for as many kills as asked:

    python tests/fuzz/kills.py --rounds 500 --minutes 60

Each kill is dealt to a copy of one home of two people with a night behind it and new files before it: to a night, to a
stop that is logged and the night after it, to an override, a rebuild or the erasure of a person. After it the last
published warehouse must open, what was interrupted must complete when it is done once more, and every contract view
must equal that of a home in which nothing was killed. A home that breaks this is kept in `--keep`; the exit code is 1.

A run is forked from this process, so that a kill costs no start-up: it hits the work itself.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.erase import erase_athlete
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.commands.override import override_week
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import ONE_PERSON
from steadymile.pipelines.home import Home, drop_athlete, set_facts
from steadymile.pipelines.nightly import run
from steadymile.pipelines.settings import Settings
from steadymile.studies.synthetic.runner import season
from steadymile.warehouse.database import open_published, rows

from tests.fuzz.spell import Spell, limits, until_ended
from tests.pipelines.test_nightly import hashes

START = date(2026, 6, 1)
FIRST, SECOND = date(2026, 6, 14), date(2026, 6, 21)
PEOPLE = ("anna", "ben")
HANGS_S = 900.0
"""A run that takes longer is taken for one that never ends."""


def settings_of(home: Path) -> Settings:
    """One reader, and no waiting for files to settle."""
    return Settings(home, workers=1, settle_s=0.0)


def at(day: date) -> datetime:
    """The evening of a day."""
    return datetime(day.year, day.month, day.day, 20, tzinfo=UTC)


def night(home: Path) -> None:
    """The second night, with new files. Raises where something of it failed."""
    result = run(settings_of(home), at(SECOND), as_of=SECOND)
    if result.problems or result.failed:
        raise RuntimeError(f"{result.problems} {result.failed}")


def stop(home: Path) -> None:
    """A warning sign, logged once, and the night after it."""
    if b"chest_pain" not in Home(home).journal.read_bytes():
        log_checkin(settings_of(home), "anna", ["red_flag=chest_pain"], SECOND, None, at(SECOND))
    night(home)


def override(home: Path) -> None:
    """Fewer sessions in the coming week, once; the night before it, for the week to be there."""
    night(home)
    if b'"kind":"override"' not in Home(home).journal.read_bytes():
        week = f"{SECOND + timedelta(days=1):%G-W%V}"
        override_week(settings_of(home), "anna", week, ["sessions=2"], "a coach", "a trip", at(SECOND))
    night(home)


def rebuild(home: Path) -> None:
    """The second night, then everything anew from originals and journal."""
    night(home)
    rebuild_home(settings_of(home), at(SECOND), silent)


def erase(home: Path) -> None:
    """One of the two erased, whose files are out of the inbox, and the night after it."""
    shutil.rmtree(home / "inbox" / "ben", ignore_errors=True)
    with suppress(Trouble):  # the run that was killed had come so far
        erase_athlete(settings_of(home), "ben", at(SECOND))
    night(home)


WORK: dict[str, Callable[[Path], None]] = {
    "night": night, "stop": stop, "override": override, "rebuild": rebuild, "erase": erase,
}  # fmt: skip


def begin(home: Path, weeks: int) -> None:
    """A home of two people after its first night, with the files of the last days still to be read."""
    Home(home).make()
    for number, who in enumerate(PEOPLE):
        set_facts(Home(home), who, {"birth_year": 1980 + number}, None, create=True)
    drop_athlete(Home(home), ONE_PERSON)
    late = []
    for number, who in enumerate(PEOPLE):
        for made in season(np.random.default_rng(7 + number), START, weeks=weeks):
            place = home / "inbox" / who / made.name
            place.parent.mkdir(parents=True, exist_ok=True)
            new = number == 0 and not late
            if new:
                late.append((place, made.data))
            else:
                place.write_bytes(made.data)
    run(settings_of(home), at(FIRST), as_of=FIRST)
    for place, data in late:
        place.write_bytes(data)
    (home / "inbox" / "anna" / "broken.fit").write_bytes(b"\x0e\x10 nothing that a watch wrote")


def forked(work: Callable[[Path], None], home: Path) -> int:
    """The process id of a run of `work`."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work(home)
        code = 0
    except BaseException as error:
        os.write(2, "".join(traceback.format_exception(error)).encode())
    finally:
        os._exit(code)


def whole(work: Callable[[Path], None], home: Path) -> tuple[int, float]:
    """The exit code of a run that is let be, and how long it took [s]. One that hangs is ended: it failed."""
    began = time.monotonic()
    child = forked(work, home)
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() - began > HANGS_S:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    return os.waitstatus_to_exitcode(ended[1]), time.monotonic() - began


def in_a_child(ask: Callable[[Path], None], home: Path) -> bool:
    """Whether something can be asked of a home; in a process of its own, for this one must hold no database."""
    return whole(ask, home)[0] == 0


def fault_of(work: Callable[[Path], None], home: Path, after_s: float, wanted: Path) -> str | None:
    """What is wrong after one kill and a completion; None where all is well. `wanted`: the hashes that must come out,
    one a line."""
    child = forked(work, home)
    time.sleep(after_s)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not in_a_child(opens, home):
        return "the published warehouse does not open"
    return fault_of_completion(work, home, wanted)


def fault_of_completion(work: Callable[[Path], None], home: Path, wanted: Path) -> str | None:
    """What is wrong after a run that is let be; None where it comes to the wanted hashes."""
    if whole(work, home)[0] != 0:
        return "the next run does not complete"
    seen = home.with_suffix(".seen")
    if not in_a_child(partial(write_lines, seen), home):
        return "the completed warehouse does not open"
    differing = set(seen.read_text().split("\n")) ^ set(wanted.read_text().split("\n"))
    seen.unlink()
    return f"views differ: {sorted({line.split()[0] for line in differing})}" if differing else None


def opens(home: Path) -> None:
    """Every activity of the published warehouse can be read."""
    con = open_published(home / "warehouse.duckdb")
    assert rows(con, "SELECT count(*), sum(distance_m) FROM activities")


def write_lines(target: Path, home: Path) -> None:
    """The hashes of all views of a home, one a line."""
    target.write_text("\n".join(f"{view} {value}" for view, value in sorted(hashes(home).items())))


def kill_many(folder: Path, spell: Spell, chance: random.Random, keep: Path, weeks: int = 2) -> None:
    """Deal the kills, to each kind of work in turn."""
    base = folder / "base"
    if not in_a_child(lambda home: begin(home, weeks), base):
        return spell.fault("the home could not be begun")
    took: dict[str, float] = {}
    for kind, work in WORK.items():
        home, wanted = folder / kind, folder / f"{kind}.wanted"
        shutil.copytree(base, home)
        code, took[kind] = whole(work, home)
        if code or not in_a_child(partial(write_lines, wanted), home):
            return spell.fault(f"{kind}: it fails although nothing is killed")
        shutil.rmtree(home)
    kinds = list(WORK)
    for number in spell:
        kind = kinds[number % len(kinds)]
        home, after_s = folder / f"killed-{number}", chance.uniform(0.0, took[kind])
        shutil.copytree(base, home)
        if fault := fault_of(WORK[kind], home, after_s, folder / f"{kind}.wanted"):
            spell.fault(f"{kind}, killed after {after_s:.2f} s: {fault}")
            shutil.copytree(home, keep / f"{kind}-{number}", dirs_exist_ok=True)
        spell.kinds[kind] += 1
        shutil.rmtree(home)
    return None


def main() -> int:
    """Deal the kills. The exit code is 1 when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    limits(parser, 500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("killed-homes"))
    args = parser.parse_args()
    spell = Spell("kills", args.rounds, args.minutes)
    with tempfile.TemporaryDirectory(prefix="steadymile-kills-") as folder:
        until_ended(lambda: kill_many(Path(folder), spell, random.Random(args.seed), args.keep))
    return spell.end()


if __name__ == "__main__":
    sys.exit(main())
