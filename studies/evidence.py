"""Writes the tables and pictures of docs/results/evidence.md again:
`python -m steadymile.studies.evidence [docs folder [athletes]]`.

The prose is written by hand; what stands between `<!-- begin NAME -->` and `<!-- end NAME -->` is replaced.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from steadymile.models.lab.arms import ARMS
from steadymile.models.lab.compare import REPORTING_SEED, draw, run_models
from steadymile.models.lab.people import Luck, People
from steadymile.models.lab.study import Result
from steadymile.models.policy.parameters import V1, V2
from steadymile.studies.lab import Arms, against, alarm_table, difference_table, outcome_table, pictures, world_table

ATHLETES, SHORT, LONG = 1000, 26, 52

_drawn: dict[str, tuple[People, Luck]] = {}
"""The athletes of a worker process: drawn once, for they are too many to hand over with every task."""


def replace_blocks(text: str, blocks: dict[str, str]) -> str:
    """The page with its generated parts replaced. ValueError when one has no place in the page."""
    for name, block in blocks.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the page has no place for {name}: add {begin.strip()} and {end}")
        text = f"{before}{begin}{block}\n{end}{after}"
    return text


def _draw(seed: int, athletes: int, weeks: int) -> None:
    _drawn["all"] = draw(seed, athletes, weeks)


def _run_one(name: str) -> tuple[str, dict[str, Result]]:
    return name, run_models(ARMS[name], *_drawn["all"])


def run(athletes: int, weeks: int, seed: int) -> Arms:
    """Every arm under every injury model, arms side by side on the cores there are."""
    with ProcessPoolExecutor(initializer=_draw, initargs=(seed, athletes, weeks)) as pool:
        return dict(pool.map(_run_one, ARMS))


def frozen(athletes: int, seed: int) -> str:
    """What was run: how many athletes, which seed, and the numbers in which the policy differs from version 1's."""
    first = asdict(V1)
    changed = {k: v for k, v in asdict(V2).items() if v != first[k]}
    numbers = ", ".join(f"{k} {v}" for k, v in changed.items())
    return f"{athletes} athletes, reporting seed {seed}. The policy's numbers that differ from version 1: {numbers}."


def main(docs: Path = Path("docs"), athletes: int = ATHLETES, seed: int = REPORTING_SEED) -> None:
    """Run the study on the reporting seeds and write what comes."""
    short, long = run(athletes, SHORT, seed), run(athletes, LONG, seed)
    blocks = {
        "frozen": frozen(athletes, seed),
        "outcomes-26-A": outcome_table(short, SHORT, "A"),
        "outcomes-52-A": outcome_table(long, LONG, "A"),
        "outcomes-52-C": outcome_table(long, LONG, "C"),
        "policy-v1": difference_table(against(long, LONG, seed)),
        "policy-repeats": difference_table(against(long, LONG, seed, other="C25K with repeats")),
        "policy-ladder": difference_table(against(long, LONG, seed, other="ladder +1 a week")),
        "ablation-shorter": difference_table(against(long, LONG, seed, other="- shorter other runs")),
        "worlds": world_table(seed + 7, athletes // 2, LONG),
        "alarms": alarm_table(seed),
    }
    page = docs / "results" / "evidence.md"
    page.write_text(replace_blocks(page.read_text(), blocks))
    (docs / "results" / "evidence").mkdir(exist_ok=True)
    pictures(long, LONG, seed, docs / "results" / "evidence")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"), int(sys.argv[2]) if len(sys.argv) > 2 else ATHLETES)
