"""Whole homes of broken files through the whole pipeline, for as long as asked:

    python tests/fuzz/whole.py --minutes 10

Each home gets some hundred mutated files under odd names. Its night must end well, give every file a row with a reason,
publish and write a page; a second night must find nothing new and change nothing; a rebuild must give every contract
view again. A home that breaks one of these is kept in `--keep`, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.rebuild import rebuild_home
from steadymile.pipelines.nightly import NightlyResult, run
from steadymile.pipelines.settings import Settings
from steadymile.warehouse.database import open_published
from steadymile.warehouse.queries import query

from tests.fuzz.seeds import seeds, seeds_of
from tests.fuzz.shake import inside, shaken
from tests.fuzz.spell import Spell, limits, until_ended
from tests.pipelines.test_nightly import hashes

AS_OF = date(2026, 6, 28)
NIGHT = datetime(2026, 6, 28, 20, 0, tzinfo=UTC)
HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "cases" / "hostile"
ENDINGS = (".fit", ".fit.gz", ".gpx", ".tcx", ".zip", ".csv", ".toml", ".json", "", " .FIT", ".\u202etxt")
SOUND = 3
"""So many files of a home in ten are left whole, so that there is something to publish."""


def fill(inbox: Path, starts: list[bytes], files: int, chance: random.Random) -> None:
    """An inbox of mutated files in a few folders, under names as odd as a disk allows."""
    for number in range(files):
        data = chance.choice(starts)
        if chance.randrange(10) >= SOUND:
            data = inside(data, lambda d, size: shaken(d, chance), chance)
        odd = bytes(chance.choice(b"ab[]%'\"\xff\xe4\x1b\n;") for _ in range(chance.randrange(6)))
        name = odd + str(number).encode() + chance.choice(ENDINGS).encode()
        folder = inbox / chance.choice(("", "2026", "me", "a b", "[bold]"))
        folder.mkdir(parents=True, exist_ok=True)
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(data)


def settings_of(home: Path) -> Settings:
    """One reader, and no waiting for files to settle."""
    return Settings(home, workers=1, settle_s=0.0)


def faults_of(home: Path) -> list[str]:
    """What is wrong with a home's two nights and its rebuild; nothing where all is well."""
    found: list[str] = []

    def night(name: str) -> NightlyResult:
        result = run(settings_of(home), NIGHT, as_of=AS_OF)
        faults = [*result.problems, *result.failed.values(), *result.warnings]
        found.extend(f"{name} night: {fault}" for fault in faults)
        return result

    try:
        first = night("first")
        con = open_published(home / "warehouse.duckdb")
        mute = "SELECT path, code FROM files WHERE status NOT IN ('ingested') AND reason IS NULL"
        found += [f"without a reason: {row}" for row in query(con, mute).rows()]
        mine = "SELECT path, reason FROM files WHERE code IN ('reader_failed', 'not_storable')"
        found += [f"a fault of ours: {row}" for row in query(con, mine).rows()]
        tops = {path.split("!/")[0] for (path,) in query(con, "SELECT DISTINCT path FROM files").rows()}
        con.close()
        dropped = sum(1 for place in (home / "inbox").rglob("*") if place.is_file())
        if len(tops) + len(first.waiting) < dropped:
            found.append(f"{dropped} files were dropped, and {len(tops)} have a row")
        before = hashes(home)
        again = night("second")
        if again.counts or again.refused:
            found.append(f"the second night found something new: {again.counts}")
        if (after := hashes(home)) != before:
            found.append(f"the second night changed {differing(before, after)}")
        rebuild_home(settings_of(home), NIGHT, silent)
        if (after := hashes(home)) != before:
            found.append(f"the rebuild changed {differing(before, after)}")
    except Exception as error:
        found.append(f"{type(error).__name__}: {str(error)[:300]}")
    return found


def differing(one: dict[str, str], other: dict[str, str]) -> str:
    """The views that two homes tell differently."""
    return ", ".join(sorted(name for name in one if one[name] != other.get(name)))


def main() -> int:
    """Fuzz homes for the given minutes. The exit code is 1 when one of them broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    limits(parser, None)
    parser.set_defaults(minutes=10.0)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-homes"))
    args = parser.parse_args()
    starts = seeds() + (seeds_of(HOSTILE) if HOSTILE.exists() else [])
    spell = Spell(f"homes of {args.files} files", args.rounds, args.minutes)

    def walk() -> None:
        for number in spell:
            seed = args.seed * 1_000_000 + number
            with tempfile.TemporaryDirectory(prefix="steadymile-whole-") as folder:
                home = Path(folder) / "home"
                fill(home / "inbox", starts, args.files, random.Random(seed))
                if faults := faults_of(home):
                    spell.fault("\n  ".join([f"home {seed}:", *faults[:20]]))
                    shutil.copytree(home, args.keep / str(seed), dirs_exist_ok=True)

    until_ended(walk)
    return spell.end()


if __name__ == "__main__":
    sys.exit(main())
