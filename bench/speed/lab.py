"""How long the study takes: 600 athletes, 26 weeks, every arm under every injury model. `python -m bench.speed.lab`."""

from __future__ import annotations

import time

from steadymile.models.lab.arms import ARMS
from steadymile.models.lab.compare import TUNING_SEED, draw, run_models
from steadymile.models.lab.hazards import HAZARDS


def main(athletes: int = 600, weeks: int = 26) -> None:
    """Print seconds an arm and in all."""
    began = time.perf_counter()
    people, luck = draw(TUNING_SEED, athletes, weeks)
    for name, make in ARMS.items():
        before = time.perf_counter()
        run_models(make, people, luck)
        print(f"{name:<22} {time.perf_counter() - before:6.2f} s")
    total = time.perf_counter() - began
    print(f"{athletes} athletes, {weeks} weeks, {len(ARMS)} arms, {len(HAZARDS)} injury models: {total:.1f} s")


if __name__ == "__main__":
    main()
