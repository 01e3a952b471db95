"""How long a plan takes: three years of history each, `python -m bench.speed.plan [athletes]`, one core."""

from __future__ import annotations

import gc
import sys
import time
from dataclasses import replace
from datetime import timedelta

from steadymile.models.session import Day, History
from steadymile.models.week.plan import plan_many

from tests.models.policy_people import SUNDAY, live, person, run


def three_years() -> History:
    """A beginner who has lived a year with the plan, after two years of runs of their own."""
    felt = {"pain": 0.0, "fatigue": 2.0, "soreness": 2.0, "resting_heart_rate_bpm": 60.0}
    begin = person(birth_year=1990, experience="active")
    lived, _ = live(begin, SUNDAY, 52, lambda w, p: {"rpe": 3.0, "talk_test": "yes"}, told=lambda w, d: felt)
    older = tuple(run(SUNDAY - timedelta(days=2 * i + 1), 20.0) for i in range(365))[::-1]
    days = tuple(Day(SUNDAY - timedelta(days=730 - i), {"sleep_h": 7.5}) for i in range(729))
    return replace(lived, sessions=(*older, *lived.sessions), days=(*days, *lived.days))


def main() -> None:
    """Plan many such athletes at once and print the time of one, and of ten thousand."""
    athletes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    gc.set_threshold(500_000, 20, 20)  # as the command line does
    history = three_years()
    as_of = SUNDAY + timedelta(days=7 * 52)
    rounds = []
    for _ in range(3):
        begun = time.process_time()
        plan_many([history] * athletes, as_of)
        rounds.append(time.process_time() - begun)
    each = sorted(rounds)[1] / athletes
    print(f"{len(history.sessions)} sessions, {len(history.days)} days, {len(history.weeks)} weeks of plans an athlete")
    print(f"{1e3 * each:.2f} ms an athlete, {1e4 * each:.1f} s for 10,000 (processor time, one core)")


if __name__ == "__main__":
    main()
