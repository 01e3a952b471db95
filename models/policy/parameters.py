"""Every tunable number of the policy in one frozen place, each with where it comes from.

"Design value" marks an engineering choice without a literature value; docs/policy.md lists them for readers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """Numbers of the rules and caps. Minutes, metres, days, fractions as the names say."""

    version: str = "2"
    amended: bool = True  # memory of gaps, holds that never raise, dimension lock; False only in the frozen version 1

    # earning the next level (design values, tuned in simulation only)
    credit_needed: float = 2.0
    credit_needed_w1: float = 4.0
    credit_needed_walk: float = 6.0
    days_at_w2: float = 12.0
    fast_comfort: float = 0.60
    fast_fatigue: float = 0.45
    consecutive_advances: int = 3  # deloads rest on coaching practice only
    consecutive_from: int = 13

    # what holds back
    fatigue_block: float = 0.60  # operating characteristics computed for independent signals, docs/policy.md
    fatigue_back_off: float = 0.65
    fatigue_high: float = 0.80
    pain_block: float = 2.0  # 0-2 of 10 is safe (Thomee 1997; Silbernagel 2007)
    pain_stop: float = 5.0  # above 5 of 10 stops (same)
    uncomfortable: float = 0.25
    missed_weeks: int = 3
    gap_days: tuple[float, float, float, float] = (7.0, 14.0, 28.0, 56.0)
    gap_prescribed: tuple[int, int, int, int] = (0, -2, -4, -8)
    gap_earned: tuple[int, int, int, int] = (0, -1, -3, -8)
    gap_gain: tuple[float, float, float, float] = (1.0, 0.7, 0.5, 0.3)
    restart_levels: int = -2
    stop_quiet_days: float = 14.0

    # caps
    session_ratio: float = 1.10  # Frandsen 2025: hazard rises when a run exceeds the 30-day longest by 10 %
    session_plus_min: float = 3.0
    session_floor_min: float = 4.0
    bout_ratio: float = 1.50
    bout_plus_min: float = 1.5
    bout_floor_min: float = 1.0
    distance_ratio: float = 1.10  # Frandsen 2025
    distance_plus_m: float = 400.0
    week_ratio: float = 1.20  # Nielsen 2014, Damsted 2019
    week_plus_min: float = 9.0
    week_floor_min: float = 12.0
    heavy_first_week_m: float = 3000.0  # Nielsen 2014: BMI above 30, first-week distance
    partial_share: float = 1.0  # a level is open when the caps allow at least this share of its minutes (design value)
    load_ratio: float = 1.25
    overshoot_ratio: float = 1.10

    # the mile itself: near it, the longest bout lasts until the mile is done
    mile_bout: bool = False
    mile_margin: float = 1.02  # watches measure distance to about 2 %

    # the runs of a week that are not its longest
    other_share: float = 1.0
    other_floor_min: float = 8.0

    # terrain
    gain_up: float = 1.10
    gain_floor_m: float = 20.0
    descent_ratio: float = 1.20
    descent_plus_m: float = 20.0
    gain_back_off: float = 0.5
    gain_missed: float = 0.8

    # a week that backs off holds at most this share of the minutes prescribed last (design value)
    back_off_share: float = 0.9

    # P levels, which differ in content and not in minutes
    speed_step: float = 1.0  # share of the minutes that one step down leaves, for at most two steps (design value)

    # heart rate
    hr_delta_bpm: float = -5.0
    ceiling_offset: float = 0.25  # above the first ventilatory threshold, in reserve
    ceiling_most: float = 0.85

    # established runners
    established_up: float = 1.05
    established_near: float = 1.10  # a week run lately counts as far as it was within this share of the last plan
    established_return: float = 1.15
    nearly_usual: float = 0.95  # a plan for less than this share of the usual week leads back to it
    established_step: float = 0.85  # one level down, for someone off the ladder
    other_top_share: float = 0.75  # of the longest run that the goal asks for, how far the other runs grow
    long_enough_share: float = 0.75  # of it, what will do in a week that is as long as the goal asks for


V1 = Parameters(version="1", amended=False)
UNTUNED = Parameters(version="2-untuned")
"""The amended rules with version 1's numbers: the lab's middle yardstick."""
V2 = Parameters(
    version="2.1",
    fast_comfort=0.45,  # what a full credit asks for; sessions of which nothing was told never go fast
    fast_fatigue=0.60,
    partial_share=0.7,  # a step that the caps allow in part is taken in part, cut to them
    other_share=0.55,
    mile_bout=True,
    speed_step=0.85,
)
"""The policy in force. Its numbers were chosen on tuning seeds of the lab and then frozen (docs/evidence.md)."""
