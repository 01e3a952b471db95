"""Commands in orders drawn at random, each killed or let be, against the same order in which nothing is killed:

    python tests/fuzz/orders.py --rounds 100 --minutes 60

A step drops a file, logs pain or a warning sign, ingests, plans, reports, or runs the night. In the one home every
step is let be; in the other each may be killed at a random instant. What a person says and drops is done until it is
done; a killed run is done once more or, as nights that nobody watches are, not. After the last night both homes must
agree: in every view where each killed run was repeated, else in every view but the plan's history, and in the week in
force. The page must be as new as the warehouse. A home that breaks this is kept in `--keep`; the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import ALL, nothing_owed, run
from steadymile.pipelines.outputs import write_reports
from steadymile.studies.synthetic.runner import season
from steadymile.warehouse.database import open_published, rows

from tests.fuzz.kills import FIRST, SECOND, at, begin, forked, in_a_child, opens, settings_of, whole
from tests.fuzz.spell import Spell, limits, until_ended
from tests.pipelines.test_nightly import hashes

HISTORY = {
    "targets_history",
    "planned_sessions_history",
    "reasons_history",
    "targets",
    "planned_sessions",
    "reasons",
    "weeks",
}
"""Views that also keep when something was decided, and what was known by then: a run that was killed and not repeated
may have been the one that decided a week before the next file was read."""
WEEK = "SELECT athlete_id, week, action, level, run_min, sessions, status FROM targets ORDER BY ALL"


def steps_of(home: Path, steps: tuple[str, ...]) -> None:
    """A run of some of the steps."""
    result = run(settings_of(home), at(SECOND), as_of=SECOND, steps=steps)
    if result.problems or result.failed:
        raise RuntimeError(f"{result.problems} {result.failed}")


def report(home: Path) -> None:
    write_reports(settings_of(home), None, SECOND, png=False, units=None, now=at(SECOND))


def say(number: int, words: str, home: Path) -> None:
    """Log something, unless it has been logged."""
    if Home(home).journal.read_bytes().count(b'"kind":"checkin"') < number:
        log_checkin(settings_of(home), "anna", [words], SECOND, None, at(SECOND))


def drop(number: int, home: Path) -> None:
    """One more file in the inbox."""
    made = list(season(np.random.default_rng(100 + number), FIRST - timedelta(days=6), weeks=1))[number % 3]
    place = home / "inbox" / "anna" / f"late-{number}-{Path(made.name).name}"
    if not place.exists():
        place.write_bytes(made.data)


RUNS: dict[str, Callable[[Path], None]] = {
    "ingest": partial(steps_of, steps=("ingest", "measure")),
    "plan": partial(steps_of, steps=("measure", "plan")),
    "report": report,
    "night": partial(steps_of, steps=ALL),
}
SAYS = ("pain=3", "pain=8", "red_flag=chest_pain", "rpe=9", "ill=yes")


def order_of(chance: random.Random) -> list[tuple[str, Callable[[Path], None]]]:
    """Three to six steps."""
    steps: list[tuple[str, Callable[[Path], None]]] = []
    said = dropped = 0
    for _ in range(chance.randint(3, 6)):
        kind = chance.choice(["say", "drop", *RUNS])
        if kind == "say":
            said += 1
            words = chance.choice(SAYS)
            steps.append((f"log {words}", partial(say, said, words)))
        elif kind == "drop":
            dropped += 1
            steps.append((f"drop {dropped}", partial(drop, dropped)))
        else:
            steps.append((kind, RUNS[kind]))
    return steps


def killed(work: Callable[[Path], None], home: Path, after_s: float) -> None:
    """A step that is killed after so long, unless it ended before."""
    child = forked(work, home)
    time.sleep(after_s)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def state_of(target: Path, home: Path) -> None:
    """Views, the week in force, and whether anything is owed, as a file."""
    found = hashes(home)
    con = open_published(home / "warehouse.duckdb")
    week = [[str(value) for value in row] for row in rows(con, WEEK)]
    con.close()
    target.write_text(json.dumps({"views": found, "week": week, "done": nothing_owed(home)}))


def fault_of(base: Path, folder: Path, chance: random.Random) -> tuple[list[str], str | None]:
    """One order in two homes. What was done, and what is wrong."""
    steps, repeats = [*order_of(chance), ("night", RUNS["night"])], chance.random() < 0.5
    calm, beaten, done = folder / "calm", folder / "beaten", [] if repeats else ["(not repeated)"]
    shutil.copytree(base, calm)
    shutil.copytree(base, beaten)
    for at_step, (name, work) in enumerate(steps):
        code, took = whole(work, calm)
        if code:
            return [*done, name], "it fails although nothing is killed"
        last = at_step == len(steps) - 1
        if chance.random() < 0.6:
            after_s = chance.uniform(0.0, took)
            killed(work, beaten, after_s)
            done.append(f"{name} killed after {after_s:.2f} s")
            if not in_a_child(opens, beaten):
                return done, "the published warehouse does not open"
            if not (repeats or last or name.startswith(("log", "drop"))):
                continue
        done.append(name)
        if whole(work, beaten)[0]:
            return done, "it does not complete"
    seen = []
    for home in (calm, beaten):
        target = home.with_suffix(".json")
        if not in_a_child(partial(state_of, target), home):
            return done, "the warehouse does not open"
        seen.append(json.loads(target.read_text()))
    return done, difference(seen[0], seen[1], set() if repeats else HISTORY)


def difference(calm: dict, beaten: dict, but: set[str]) -> str | None:
    """In what two homes differ."""
    if views := sorted(v for v in calm["views"] if v not in but and calm["views"][v] != beaten["views"].get(v)):
        return f"views differ: {views}"
    if calm["week"] != beaten["week"]:
        return f"the week differs: {calm['week']} {beaten['week']}"
    return None if calm["done"] and beaten["done"] else f"something is owed: {calm['done']} {beaten['done']}"


def draw_many(folder: Path, spell: Spell, seed: int, keep: Path) -> None:
    """Draw the orders."""
    base = folder / "base"
    if not in_a_child(partial(begin, weeks=1), base):
        return spell.fault("the home could not be begun")
    for number in spell:
        place = folder / str(number)
        done, wrong = fault_of(base, place, random.Random(f"{seed}-{number}"))
        spell.kinds["steps"] += len(done)
        spell.kinds["steps killed"] += sum("killed after" in step for step in done)
        if wrong:
            spell.fault(f"order {number}: {', '.join(done)}: {wrong}")
            shutil.copytree(place, keep / str(number), dirs_exist_ok=True)
        shutil.rmtree(place)
    return None


def main() -> int:
    """Draw the orders. The exit code is 1 when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    limits(parser, 100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("killed-homes"))
    args = parser.parse_args()
    spell = Spell("orders", args.rounds, args.minutes)
    with tempfile.TemporaryDirectory(prefix="steadymile-orders-") as folder:
        until_ended(lambda: draw_many(Path(folder), spell, args.seed, args.keep))
    return spell.end()


if __name__ == "__main__":
    sys.exit(main())
