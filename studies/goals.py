"""The lab's goals, judged: the policy as shown, the learned choice and what was tried beside them, in all eight injury
models, against the blind twin: `python -m steadymile.studies.goals PAGE [athletes]` writes the page's tables again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from steadymile.models.lab.arms import LEARNED, LEARNING, ORDERS, POLICY, STUDIED, TWIN
from steadymile.models.lab.calibration import calibration
from steadymile.models.lab.compare import REPORTING_SEED, draw, outcome, paired, run_models
from steadymile.models.lab.hazards import HAZARDS, NAMES
from steadymile.models.lab.study import Result
from steadymile.models.learning.effort import POPULATION
from steadymile.models.policy.parameters import V2
from steadymile.studies.evidence import replace_blocks

Results = dict[str, dict[str, Result]]

ATHLETES, WEEKS = 600, 52
REPEATS = "C25K with repeats"
JUDGED = (POLICY, *ORDERS, *LEARNING, TWIN, REPEATS)
MEDIAN_MOST, MILE_12_LEAST, ACTIVE_LEAST, HURT_MORE, BETTER_THAN_TWIN, FALSE_MOST = 11.0, 0.60, 0.64, 0.02, 0.06, 0.05
"""The goals: weeks to the mile, mile by week 12, mile and active at 52 weeks, injuries per athlete beyond policy 2.1
(upper bound), the lead over the blind twin in mile and active, false back-off."""


def run(athletes: int, seed: int = REPORTING_SEED) -> Results:
    """Every judged arm under every injury model, with the same athletes and luck."""
    people, luck = draw(seed, athletes, WEEKS)
    return {name: run_models(STUDIED[name], people, luck) for name in JUDGED}


def outcomes(done: Results, model: str) -> str:
    """A markdown table of all judged arms under one injury model."""
    lines = [
        "| | median week | mile by week 12 | mile and active | injuries per athlete | hours run "
        "| min a week at the end | weeks with a mile | gave up | unpleasant sessions | false back-off |",
        "|---|" + "---|" * 10,
    ]
    for name, by_model in done.items():
        o = outcome(by_model[model], WEEKS)
        false = "-" if np.isnan(o.false_ease) else f"{o.false_ease:.1%}"
        median = "-" if np.isinf(o.median_week) else f"{o.median_week:.0f}"
        lines.append(
            f"| {name} | {median} | {o.mile_12:.3f} | {o.mile_active:.3f} | {o.hurt:.3f} | {o.hours:.1f} "
            f"| {o.late_min:.0f} | {o.mile_weeks:.1f} | {o.quit:.3f} | {o.unpleasant:.3f} | {false} |"
        )
    return "\n".join(lines)


def goal_table(done: Results, seed: int) -> str:
    """Each arm against each goal: the worst of the eight injury models, and whether it is met."""
    lines = [
        "| | median week | mile by week 12 | mile and active | injuries beyond policy 2.1, highest upper bound "
        "| lead over the blind twin, lowest | of it, lowest lower bound | false back-off |",
        "|---|" + "---|" * 7,
    ]
    for name in done:
        if name not in (TWIN, REPEATS, "blind twin, short others"):
            lines.append(f"| {name} | " + " | ".join(_goals(done, name, seed)) + " |")
    return "\n".join(lines)


def _goals(done: Results, name: str, seed: int) -> Iterator[str]:
    each = [outcome(done[name][m], WEEKS) for m in HAZARDS]
    hurt, lead = ([paired(done[name][m], done[other][m], WEEKS, np.random.default_rng(seed + 2))[what] for m in HAZARDS]
                  for other, what in ((POLICY, "hurt"), (TWIN, "mile_active")))  # fmt: skip
    yield _said(max(o.median_week for o in each), lambda x: x <= MEDIAN_MOST, "{:.0f}")
    yield _said(min(o.mile_12 for o in each), lambda x: x >= MILE_12_LEAST, "{:.3f}")
    yield _said(min(o.mile_active for o in each), lambda x: x >= ACTIVE_LEAST, "{:.3f}")
    yield _said(max(d.high for d in hurt), lambda x: x <= HURT_MORE, "{:+.3f}")
    yield _said(min(d.value for d in lead), lambda x: x >= BETTER_THAN_TWIN, "{:+.3f}")
    yield _said(min(d.low for d in lead), lambda x: x > 0, "{:+.3f}")
    yield _said(max(o.false_ease for o in each), lambda x: x <= FALSE_MOST, "{:.1%}")


def _said(value: float, met: object, form: str) -> str:
    assert callable(met)
    return form.format(value) + (" met" if met(value) else " **not met**")


def against(done: Results, ours: str, other: str, seed: int) -> str:
    """Paired differences of two arms, one row an injury model."""
    names = {
        "median_week": "median weeks",
        "mile_active": "mile and active",
        "hurt": "injuries per athlete",
        "quit": "gave up",
        "late_min": "min a week at the end",
        "unpleasant": "unpleasant sessions each",
    }
    lines = ["| injury model | " + " | ".join(names.values()) + " |", "|---|" + "---|" * len(names)]
    for m in HAZARDS:
        d = paired(done[ours][m], done[other][m], WEEKS, np.random.default_rng(seed + 2))
        cells = []
        for name in names:
            digits = 3 if name in ("mile_active", "hurt", "quit") else 1
            text = f"{d[name].value:+.{digits}f} ({d[name].low:+.{digits}f} to {d[name].high:+.{digits}f})"
            cells.append(f"**{text}**" if d[name].clear else text)
        lines.append(f"| {m} {NAMES[m]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def calibration_table(seed: int) -> str:
    """How the effort model foresees virtual runners, with a right and with a wrong prior."""
    lines = ["| prior | forecasts | mean error | last effort again | mean of the last seven | within 80 % | CRPS |",
             "|---|" + "---|" * 6]  # fmt: skip
    people, luck = draw(seed + 11, 300, 26)
    for name, points in (("as fitted", 0.0), ("1.5 points too kind", 1.5), ("1.5 points too strict", -1.5)):
        c = calibration(people, luck, POPULATION.shifted(points))
        lines.append(
            f"| {name} | {c.count} | {c.mean_error:.2f} | {c.persistence_error:.2f} | {c.week_mean_error:.2f} "
            f"| {c.within_80:.3f} | {c.crps:.2f} |"
        )
    return "\n".join(lines)


def blocks(done: Results, athletes: int, seed: int = REPORTING_SEED) -> dict[str, str]:
    """What the page's marked places hold."""
    return {
        "frozen": f"{athletes} athletes, 52 weeks, reporting seed {seed}, policy {V2.version}.",
        "goals": goal_table(done, seed),
        "outcomes-A": outcomes(done, "A"),
        "outcomes-C": outcomes(done, "C"),
        "outcomes-G": outcomes(done, "G"),
        "learned-policy": against(done, LEARNED, POLICY, seed),
        "short-policy": against(done, "short others", POLICY, seed),
        "policy-twin": against(done, POLICY, TWIN, seed),
        "calibration": calibration_table(seed),
    }


def main(page: Path, athletes: int = ATHLETES) -> None:
    """Run the arms on the reporting seed and write the page's tables."""
    page.write_text(replace_blocks(page.read_text(), blocks(run(athletes), athletes)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ATHLETES)
