"""What sessions teach of an athlete, to be used from the next session on: threshold, pace line, effort ratio,
efficiency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from steadymile.models.assessment.assess_checkpoint import Mark, Past, as_array
from steadymile.models.assessment.loads import (
    cost_modifier,
    mean_of,
)
from steadymile.models.measured import Recording
from steadymile.models.metrics import person
from steadymile.models.metrics.person import ON_FOOT, PersonSession
from steadymile.models.physiology import athlete_parameters as bodies
from steadymile.models.physiology import session_load
from steadymile.models.physiology.trimp import BPM, banister, effort_reserve, reserve

GROWING = ("vt1_track", "costs", "reserves", "ratios", "efficiency")


@dataclass(slots=True)
class Learnt:
    """What earlier sessions taught, in the order of time."""

    since: date
    vt1: np.ndarray = field(default_factory=bodies.vt1_prior)
    vt1_track: list[tuple[date, float, float]] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    reserves: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    efficiency: list[tuple[date, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.vt1_track:
            self._keep_vt1(self.since)

    def lists(self) -> dict[str, list[Any]]:
        """A copy of everything that only grows, by name."""
        grown: tuple[list[Any], ...] = (self.vt1_track, self.costs, self.reserves, self.ratios, self.efficiency)
        return {name: list(values) for name, values in zip(GROWING, grown)}

    def mark(self, sessions: int) -> Mark:
        """Where one can go on after so many sessions."""
        lengths = tuple(len(values) for values in self.lists().values())
        return Mark(sessions, self.since, tuple(self.vt1.tolist()), lengths)

    @classmethod
    def after(cls, past: Past, mark: Mark) -> Learnt:
        """What was learnt up to a mark."""
        lists = {name: list(past.learnt[name][:length]) for name, length in zip(GROWING, mark.lengths)}
        return cls(mark.since, as_array(mark.vt1), **lists)

    def vt1_on(self, day: date) -> tuple[float, float]:
        """Mean and sd of VT1 on a day, older answers counting for less."""
        for _ in range((day - self.since).days // bodies.VT1_FORGET_DAYS):
            self.vt1 = bodies.vt1_forget(self.vt1, bodies.VT1_FORGET_DAYS)
            self.since += timedelta(days=bodies.VT1_FORGET_DAYS)
            self._keep_vt1(self.since)
        return self.vt1_track[-1][1:]

    def _keep_vt1(self, day: date) -> None:
        """Remember what is believed of VT1 from a day on; days never go back, though travel may turn them."""
        mean, sd, _ = bodies.vt1_summary(self.vt1)
        self.vt1_track.append((max(day, self.vt1_track[-1][0]) if self.vt1_track else day, mean, sd))

    def line(self) -> bodies.Line | None:
        return bodies.pace_line(self.costs, self.reserves)

    def add(self, session: PersonSession, recording: Recording) -> None:
        """Learn from a session after it was judged."""
        speed = person.efficiency(session).value
        if speed is not None:
            self.efficiency.append((session.day, speed))
        if session.seconds_at_bpm is None or session.load is None:
            return
        if session.rpe is not None and session.minutes:
            self.ratios.append(session.load.value / banister(session.minutes, effort_reserve(session.rpe), session.sex))
        if session.kind not in ON_FOOT:
            return
        self._add_cost(session, recording)
        answer = bodies.talk_answer(recording.talk_test, recording.rpe)
        steady = [s.heart_rate_bpm for s in recording.digest.segments]
        if answer and steady:
            # One answer speaks once: of the hardest steady stretch, where talking failed first if it failed.
            x = float(reserve(max(steady), session.maximum_bpm, session.rest_bpm))
            self.vt1 = bodies.vt1_update(self.vt1, x, *answer)
            self._keep_vt1(session.day)

    def _add_cost(self, session: PersonSession, recording: Recording) -> None:
        seconds, spent = session.seconds_at_bpm, recording.digest.energy_s
        if seconds is None or spent is None or spent.sum() <= 0 or seconds.sum() <= 0:
            return
        cost = mean_of(session_load.bin_costs(spent.size), spent) * cost_modifier(session)
        if cost > 0:
            x = reserve(BPM[: seconds.size], session.maximum_bpm, session.rest_bpm)
            self.costs.append(cost)
            self.reserves.append(mean_of(x, seconds))
