"""Every case through the whole pipeline: what is right beside what was found.

    python -m bench.real.cases [WORD ...]

Cases are small inputs of which the right answer is known, in a folder named by STEADYMILE_CASES (else ../shared/cases);
some name a recording of the corpus (STEADYMILE_CORPUS, else ../shared/corpus). Words choose the cases whose file names
hold one of them. The result is 1 where an answer is wrong; a case without its file is left out and counted.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.nightly import run
from steadymile.pipelines.settings import Settings

from bench.real.case_tables import clock, lists, ops, signal
from bench.real.case_tables.case import Case, Night

BESIDE = Path(__file__).resolve().parents[3] / "shared"
TABLES = {"clock": clock.CASES, "lists": lists.CASES, "signal": signal.CASES, "ops": ops.CASES}


def places() -> list[Path]:
    """The folders that a case's files are looked for in."""
    cases = Path(os.environ.get("STEADYMILE_CASES") or BESIDE / "cases")
    corpus = Path(os.environ.get("STEADYMILE_CORPUS") or BESIDE / "corpus")
    return [cases, cases / "hostile", *sorted(p for p in (corpus / "files").glob("*") if p.is_dir())]


def find(name: str, folders: list[Path]) -> Path | None:
    """Where a case's file lies."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def night_of(case: Case, files: list[Path], root: Path) -> Night:
    """One nightly run in a new home with the case's files in its inbox."""
    home = Home(root)
    home.make()
    set_facts(home, "me", case.facts, None)
    for file in files:
        shutil.copyfile(file, home.inbox / file.name)
    return Night(root, run(Settings(home=root, settle_s=0.0), case.now))


def answer(case: Case, files: list[Path]) -> tuple[bool, str]:
    """Whether the answer is right, and what it was."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = case.found(night_of(case, files, Path(folder)))
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            return False, f"{type(error).__name__}: {error} ({place.name} in {Path(place.filename).name})"
    right = all(case.right[name] == found[name] for name in case.right)
    return right, ", ".join(f"{name} {shown(value)}" for name, value in found.items())


def shown(value: object) -> str:
    """A value without needless digits."""
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def main(words: list[str]) -> int:
    """Print every case; the number of wrong ones decides the result."""
    folders, wrong, right, absent = places(), 0, 0, 0
    for area, cases in TABLES.items():
        for case in cases:
            name = " + ".join(case.files)
            if words and not any(word in name or word == area for word in words):
                continue
            files = [found for file in case.files if (found := find(file, folders)) is not None]
            if len(files) < len(case.files):
                absent += 1
                continue
            good, found = answer(case, files)
            right, wrong = right + good, wrong + (not good)
            print(f"{'right' if good else 'WRONG'}  {name}{f'  ({case.note})' if case.note else ''}")
            print(f"       expected {', '.join(f'{key} {shown(value)}' for key, value in case.right.items())}")
            print(f"       found    {found}", flush=True)
    print(f"{right} right, {wrong} wrong, {absent} without their files")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
