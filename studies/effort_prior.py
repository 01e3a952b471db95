"""Fits the difficulty of sessions and the spread between people to the lab's virtual beginners:
`python -m steadymile.studies.effort_prior [athletes]` prints the numbers for models/learning/effort.py.

Seeds of their own; every session is answered. Within a person, effort is a line in the logarithms of the longest bout,
of all running and of the sessions so far; the spread between people is that of their means around the line.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from steadymile.models.lab.arms import ARMS
from steadymile.models.lab.compare import CALIBRATION_SEED, draw, worlds
from steadymile.models.lab.plans import Programme, Seen, Week
from steadymile.models.lab.study import run_arm

Array = np.ndarray
SEED, WEEKS = CALIBRATION_SEED + 50, 26
FITTED_ON = ("ladder +1 a week", "policy", "C25K calendar")


@dataclass(slots=True)
class Notes:
    """A programme that also notes every answered session: athlete, bout, running minutes, sessions before, effort."""

    programme: Programme
    rows: list[Array]
    before: Array

    def plan(self, seen: Seen) -> Week:
        """Note last week's answers, then plan as the programme does."""
        for told, went in zip(seen.told, seen.went, strict=True):
            who = np.flatnonzero(went & np.isfinite(told.rpe))
            columns = (who, told.bout_min[who], told.run_min[who], self.before[who], told.rpe[who])
            self.rows.append(np.column_stack(columns))
            self.before += went
        return self.programme.plan(seen)


def sessions(athletes: int, arm: str, weeks: int = WEEKS) -> Array:
    """The answered sessions of one programme."""
    people, luck = draw(SEED, athletes, weeks)
    notes = Notes(ARMS[arm](), [], np.zeros(athletes))
    run_arm(notes, worlds(people)["answer everything"], luck, np.zeros(athletes, dtype=np.int64))
    return np.concatenate(notes.rows)


def fit(rows: Array) -> dict[str, float]:
    """base, per_bout, per_run, gain, ease_sd and the scatter that is left (day and report together)."""
    who = np.unique(rows[:, 0], return_inverse=True)[1]
    x = np.column_stack([np.log2(rows[:, 1]), np.log2(rows[:, 2]), np.log2(1.0 + rows[:, 3])])
    y, count = rows[:, 4], np.bincount(who)
    own_x = np.column_stack([np.bincount(who, c) / count for c in x.T])
    own_y = np.bincount(who, y) / count
    slopes = np.linalg.lstsq(x - own_x[who], y - own_y[who], rcond=None)[0]
    person = own_y - own_x @ slopes
    left = y - own_y[who] - (x - own_x[who]) @ slopes
    names = ("per_bout", "per_run", "gain")
    out = dict(zip(names, (float(slopes[0]), float(slopes[1]), float(-slopes[2])), strict=True))
    return {"base": float(person.mean()), **out, "ease_sd": float(person.std()), "scatter": float(left.std())}


def main(athletes: int = 400) -> None:
    """Print the fit."""
    parts = [sessions(athletes, arm) for arm in FITTED_ON]
    rows = np.concatenate(parts)
    sys.stdout.write(f"{len(rows)} sessions: " + ", ".join(f"{k} {v:.3f}" for k, v in fit(rows).items()) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
