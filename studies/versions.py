"""Version 3 of the policy in the lab, beside version 2.1 and the blind twin:
`python -m steadymile.studies.versions docs/results/version-3.md [athletes]` writes the page's tables again.
"""

from __future__ import annotations

import sys
from pathlib import Path

from steadymile.models.lab.arms import IN_FORCE, LATER, POLICY, STUDIED, TWIN, VERSIONS
from steadymile.models.lab.compare import REPORTING_SEED, draw, run_models
from steadymile.models.policy.parameters import V2, V3
from steadymile.studies.evidence import replace_blocks
from steadymile.studies.goals import REPEATS, WEEKS, Results, against, goal_table, outcomes

ATHLETES = 500
JUDGED = (*(v for v in VERSIONS if v != LATER), POLICY, "- fatigue", TWIN, "blind twin, short others", REPEATS)


def run(athletes: int, seed: int = REPORTING_SEED) -> Results:
    """Every judged arm under every injury model, with the same athletes and luck."""
    people, luck = draw(seed, athletes, WEEKS)
    return {name: run_models(STUDIED[name], people, luck) for name in JUDGED}


def blocks(done: Results, athletes: int, seed: int = REPORTING_SEED) -> dict[str, str]:
    """What the page's marked places hold."""
    return {
        "frozen": f"{athletes} athletes, {WEEKS} weeks, seed {seed}, policy {V3.version} beside {V2.version}.",
        "goals": goal_table(done, seed),
        "outcomes-A": outcomes(done, "A"),
        "outcomes-C": outcomes(done, "C"),
        "version-3": against(done, IN_FORCE, POLICY, seed),
        "twin": against(done, IN_FORCE, TWIN, seed),
        "fatigue": against(done, IN_FORCE, "version 3 - fatigue", seed),
        "comfort": against(done, IN_FORCE, "version 3 - comfort", seed),
        "short": against(done, "version 3, short others", IN_FORCE, seed),
    }


def main(page: Path, athletes: int = ATHLETES) -> None:
    """Run the arms on the reporting seed and write the page's tables."""
    page.write_text(replace_blocks(page.read_text(), blocks(run(athletes), athletes)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ATHLETES)
