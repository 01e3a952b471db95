"""Fail every call that changes the disk, one after the other (Linux, needs a C compiler):

    python tests/fuzz/disk.py --kinds night erase backup --faults 60 --minutes 60

Kinds of work are those of `kills.py`, and `backup` and `restore`. Each is run once whole to count its calls (writes,
renames, removals, syncs, new files and folders below the home). Then, for calls spread evenly over all of them, a copy
of the home meets one fault: the process is killed at the call (a write has written half), or the disk is full from that
call on. After it the last published warehouse must open, what was interrupted must complete when it is done once more,
and every contract view must equal that of a home in which nothing went wrong.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.backup import backup_home, restore_home
from steadymile.pipelines.reading.child import Result
from steadymile.pipelines.reading.readers import Readers

from tests.fuzz.kills import (
    SECOND,
    WORK,
    at,
    begin,
    fault_of_completion,
    in_a_child,
    night,
    opens,
    settings_of,
    whole,
    write_lines,
)
from tests.fuzz.spell import Spell, limits, line, until_ended

FAULTS = {"k": "killed", "f": "disk full from there on", "1": "disk full for one call"}
LOADED = "STEADYMILE_FAULTS"


def backup(home: Path) -> None:
    """The second night, and everything copied to a folder beside the home."""
    night(home)
    _, damaged = backup_home(settings_of(home), beside(home), at(SECOND), silent)
    if damaged:
        raise RuntimeError(f"{damaged}")


def restore(home: Path) -> None:
    """A backup brought back into what is left of the home."""
    if not (beside(home) / "archive" / "journal.jsonl").exists():
        backup(home)
        for name in ("archive", ".steadymile"):
            shutil.rmtree(home / name)
    restore_home(settings_of(home), beside(home), at(SECOND), silent)
    night(home)


def beside(home: Path) -> Path:
    """Where the backup of a home goes; below the same name, so that its calls are counted."""
    return home.with_name(f"{home.name}.copy")


KINDS: dict[str, Callable[[Path], None]] = {**WORK, "backup": backup, "restore": restore}


def read_here(readers: Readers, work, call, lost, allowed) -> list[Result]:
    """Items read in this process, so that its faults concern the originals too."""
    items, *rest = call
    return [Result(work(item, *rest), 0.0) for item in items]


def with_fault(work: Callable[[Path], None], where: int, kind: str, home: Path) -> None:
    """A run that meets a fault at that call."""
    library = ctypes.CDLL(os.environ[LOADED])
    library.arm(ctypes.c_char_p(str(home).encode()), ctypes.c_long(where), ctypes.c_char(kind.encode()))
    work(home)


def count(work: Callable[[Path], None], target: Path, home: Path) -> None:
    """How many calls a run makes, as a file."""
    with_fault(work, 0, "-", home)
    counted = ctypes.CDLL(os.environ[LOADED]).counted
    counted.restype = ctypes.c_long
    target.write_text(str(counted()))


def fault_after(work: Callable[[Path], None], home: Path, where: int, kind: str, wanted: Path) -> str | None:
    """What is wrong after one fault and a completion; None where all is well."""
    whole(partial(with_fault, work, where, kind), home)
    if (home / "warehouse.duckdb").exists() and not in_a_child(opens, home):
        return "the published warehouse does not open"
    if (wrong := fault_of_completion(work, home, wanted)) is not None:
        return wrong
    left = sorted(p.name for p in home.rglob("*") if p.suffix in (".part", ".new") and kind != "k")
    return f"left behind: {left}" if left else None


def calls_of(folder: Path, kind: str) -> int | None:
    """How many calls one kind of work makes in all; None where it fails although nothing is wrong with the disk. What
    it comes to lies beside it afterwards."""
    work, home, total = KINDS[kind], folder / kind, folder / f"{kind}.total"
    prepare(folder / "base", home, work)
    counted = in_a_child(partial(count, work, total), home)
    good = counted and in_a_child(partial(write_lines, folder / f"{kind}.wanted"), home)
    clear(home)
    return int(total.read_text()) if good else None


def sweep(folder: Path, spell: Spell, args: argparse.Namespace) -> None:
    """So many faults of each sort, spread over the calls of each kind of work, in an order drawn by chance: a sweep
    that is ended early has tried some of everything."""
    if not in_a_child(lambda home: begin(home, 1), folder / "base"):
        return spell.fault("the home could not be begun")
    planned: list[tuple[str, str, int, int]] = []
    for kind in args.kinds:
        if (calls := calls_of(folder, kind)) is None:
            return spell.fault(f"{kind}: it fails although nothing is wrong with the disk")
        line(f"{kind}: {calls} calls")
        most = min(args.faults, calls)
        places = [1 + (number * calls // most + args.offset) % calls for number in range(most)]
        planned += [(kind, sort, place, calls) for sort in args.sorts for place in places]
    random.Random(args.offset).shuffle(planned)
    spell.rounds = len(planned)
    for number in spell:
        kind, sort, where, calls = planned[number]
        home = folder / kind
        prepare(folder / "base", home, KINDS[kind])
        if said := fault_after(KINDS[kind], home, where, sort, folder / f"{kind}.wanted"):
            spell.fault(f"{kind}, {FAULTS[sort]} (call {where} of {calls}): {said}")
            shutil.copytree(home, args.keep / f"{kind}-{sort}-{where}", dirs_exist_ok=True)
        spell.kinds[f"{kind} {FAULTS[sort]}"] += 1
        clear(home)
    return None


def prepare(base: Path, home: Path, work: Callable[[Path], None]) -> None:
    """A copy of the home; for `restore` with a backup beside it and its truth gone."""
    shutil.copytree(base, home)
    if work is restore:
        if not beside(base).exists():
            aside = base.with_name("whole")
            shutil.copytree(base, aside)
            assert in_a_child(backup, aside)
            beside(aside).rename(beside(base))
        shutil.copytree(beside(base), beside(home))
        for name in ("archive", ".steadymile"):
            shutil.rmtree(home / name)


def clear(home: Path) -> None:
    for place in (home, beside(home)):
        shutil.rmtree(place, ignore_errors=True)


def compiled(folder: Path) -> Path:
    """The library of faults. Raises FileNotFoundError where there is no C compiler."""
    library = folder / "faults.so"
    source = Path(__file__).with_name("faults.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def main() -> int:
    """Sweep the faults. The exit code is 1 when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--sorts", choices=["k", "f", "1", "kf", "kf1"], default="kf1")
    parser.add_argument("--faults", type=int, default=40, help="of each sort and kind")
    parser.add_argument("--offset", type=int, default=0, help="other calls than last time, in another order")
    parser.add_argument("--keep", type=Path, default=Path("killed-homes"))
    limits(parser, None)
    args = parser.parse_args()
    if LOADED not in os.environ:
        with tempfile.TemporaryDirectory(prefix="steadymile-faults-") as folder:
            library = str(compiled(Path(folder)))
            again = {**os.environ, LOADED: library, "LD_PRELOAD": library}
            return subprocess.run([sys.executable, *sys.argv], env=again, check=False).returncode
    del os.environ["LD_PRELOAD"]
    Readers.one = read_here
    spell = Spell("faults dealt", None, args.minutes)
    with tempfile.TemporaryDirectory(prefix="steadymile-disk-") as folder:
        until_ended(lambda: sweep(Path(folder), spell, args))
    return spell.end()


if __name__ == "__main__":
    sys.exit(main())
