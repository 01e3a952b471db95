"""The population of runners that one is taken to be one of, until answers say more (effort.py)."""

from __future__ import annotations

from dataclasses import dataclass, replace

EASE, HEART, PACE = range(3)
"""The parts of what is believed: ease, and a person's own offset of heart rate and of pace at heart rate."""


@dataclass(frozen=True, slots=True)
class EffortModel:
    """The population that a runner is one of. CR10 points unless said.

    `base`, `per_bout` and `per_run` give the difficulty: base + per_bout log2(bout) + per_run log2(run), minutes;
    `gain` ease won per doubling of the sessions that were answered; `ease_sd` spread of ease between people;
    `day_sd` what a day adds; `drift_sd` how far ease wanders in a week. The rest are the channels: `reported_sd` noise
    of a reported effort; the talk test says "yes" below `talk_yes` and "no" above `talk_no`; a session is not finished
    above `finish`; effort is `heart_at_0` with no time above the ceiling and `per_share` more with all of it;
    `per_log_pace` points less for each unit of ln(speed at heart rate).
    """

    base: float = 4.24
    per_bout: float = 0.33
    per_run: float = 0.59
    gain: float = 0.39
    ease_sd: float = 1.3
    day_sd: float = 0.60
    drift_sd: float = 0.20
    reported_sd: float = 0.65
    talk_yes: float = 6.3
    talk_no: float = 8.2
    talk_sd: float = 2.1
    finish: float = 9.5
    finish_sd: float = 1.0
    heart_at_0: float = 4.9
    per_share: float = 2.0
    heart_sd: float = 1.6
    heart_offset_sd: float = 1.2
    per_log_pace: float = 6.0
    pace_sd: float = 1.4
    pace_offset_sd: float = 1.5

    def shifted(self, points: float) -> EffortModel:
        """The same population, wrongly believed to find everything `points` easier (to see what a wrong prior does)."""
        return replace(self, base=self.base - points)


POPULATION = EffortModel()
"""Fitted to 62,000 felt efforts of the lab's virtual beginners; simulated, so design values for people. `python -m
steadymile.studies.effort_prior` fits the same numbers to answers alone and comes within 0.4 points of them."""

TYPICAL_PACE_AT_HEART = 2.6
"""m/s at the whole heart-rate reserve, the lab's mean; what it is for one person is that person's offset."""
