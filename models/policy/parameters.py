"""Every number that the policy decides by, in one frozen place: groups of numbers with unit, evidence and source.

"Design value" marks an engineering choice without a literature value. `sources()` lists all of them for the docs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

T = TypeVar("T")
DESIGN = "design value"
INF = float("inf")


def number(value: T, unit: str, evidence: str = "practice", source: str = DESIGN) -> T:
    """A number with its unit, the strength of its evidence and its source."""
    return field(default=value, metadata={"unit": unit, "evidence": evidence, "source": source})


@dataclass(frozen=True)
class Earning:
    """What the next level costs."""

    credit_needed: float = number(2.0, "credits")
    credit_needed_w1: float = number(4.0, "credits")
    credit_needed_walk: float = number(6.0, "credits")
    days_at_w2: float = number(12.0, "days")
    fast_comfort: float = number(0.60, "0-1", "weak")
    fast_fatigue: float = number(0.45, "0-1", "weak")
    single_after_easing: bool = number(False, "yes or no")  # one step at most in the week after an easier one
    single_pain_weeks: float = number(INF, "weeks", "moderate", "earlier complaints, more injuries: NLstart2run 2015")
    single_bad_days: float = number(0.0, "days")  # after pain that a run should not have: one step, so it comes again
    single_barely: float = number(INF, "sessions", "moderate", "talking in full sentences: Foster 2008")  # of 7 days
    consecutive_advances: int = number(3, "weeks", "practice", "deloads rest on coaching practice only")
    consecutive_from: int = number(13, "ladder index")


@dataclass(frozen=True)
class Effort:
    """What a session felt like, and what it earns (models/physiology/comfort.py)."""

    gate_effort_with_talk: float = number(5.0, "0-10")  # with "could not talk"
    gate_effort: float = number(8.0, "0-10")
    gate_completion: float = number(0.70, "share of planned running")
    not_easy_effort: float = number(6.0, "0-10")
    enough_evidence: float = number(3.0, "weight")
    comfortable: float = number(0.45, "0-1")
    complete: float = number(0.95, "share of what was asked")  # from which it counts as done
    credit_little_evidence: float = number(0.67, "credits")
    credit_uncomfortable: float = number(0.5, "credits")
    uncomfortable: float = number(0.25, "0-1", "moderate", "Ekkekakis 2011")
    counts_completion: bool = number(True, "yes or no")  # also where somebody said how it felt
    hard_week_effort: float = number(INF, "0-10")  # mean effort of a week that takes a step down
    hard_week_talk: float = number(INF, "sessions")  # in which talking was not possible
    hold_effort: float = number(INF, "0-10", "moderate", "Ekkekakis 2011")  # mean effort of a week that goes nowhere
    hard_weeks: float = number(3.0, "weeks")  # held for it in a row, after which such a week takes a step down
    rather_hard_effort: float = number(INF, "0-10")  # with talking barely possible: half a credit, one step at most
    lowered_share: float = number(INF, "share")  # of a week, to which a person may lower it and its runs still count
    short_talk: bool = number(False, "yes or no")  # "barely" or "no" counts of bouts under two minutes too, as bad news
    credit_usual_share: float = number(0.0, "credits")  # a run of which as much was done as usually is, and felt fine
    fit_holds: bool = number(True, "yes or no")  # a week that fits what is done, instead of leading on from there
    out_of_proportion_effort: float = number(INF, "0-10")  # for as little running as this:
    out_of_proportion_min: float = number(10.0, "min")
    missed_share: float = number(1 / 3, "share of planned sessions")  # a week of which less was done was missed:
    missed_weeks: int = number(3, "weeks")  # so many in a row take a step down


@dataclass(frozen=True)
class Comfort:
    """How what is known of a session makes one score from 0 (awful) to 1 (easy); the runner's own words weigh most."""

    weight_talk: float = number(3.0, "weight")
    weight_effort: float = number(3.0, "weight")
    weight_above: float = number(2.0, "weight")  # of the share above the heart-rate ceiling
    weight_done: float = number(2.0, "weight")
    weight_feel: float = number(1.0, "weight")
    weight_drift: float = number(1.0, "weight")  # of decoupling
    weight_unknown: float = number(3.0, "weight")  # of knowing nothing,
    comfort_unknown: float = number(0.5, "0-1")  # which counts as this
    effort_awful: float = number(8.0, "0-10")  # from which a session scores 0,
    effort_easy: float = number(3.0, "0-10")  # and down to which it scores 1; likewise below
    above_awful: float = number(0.5, "share of the running")
    done_awful: float = number(0.70, "share of planned running")
    done_whole: float = number(0.95, "share of planned running")
    drift_awful: float = number(10.0, "%")
    drift_easy: float = number(5.0, "%")
    shortest_talk_s: float = number(120.0, "s", "moderate", "the talk test turns after two minutes: Foster 2008")


@dataclass(frozen=True)
class Tiredness:
    """Where the fatigue index holds back (operating characteristics for independent signals: docs/policy.md)."""

    fatigue_block: float = number(0.60, "0-1", "weak")
    fatigue_back_off: float = number(0.65, "0-1", "weak")
    fatigue_high: float = number(0.80, "0-1", "weak")
    fatigue_takes_level: bool = number(True, "yes or no")  # the index, in a second eased week in a row
    raised_item: float = number(INF, "1-7")  # a Hooper item that is high whatever is usual
    raised_items: int = number(2, "items of 4")
    raised_days: float = number(4.0, "days of 7")
    raised_weeks: float = number(3.0, "weeks")  # in a row: stop and refer
    crashed_days: int = number(14, "days")  # in which a day that was worse after effort holds the plan
    after_effort_days: float = number(INF, "days of 28", "moderate", "post-exertional symptoms: NICE NG206 2021")


@dataclass(frozen=True)
class Pain:
    """Pain from 0 to 10, as reported."""

    pain_block: float = number(2.0, "0-10", "moderate", "0-2 is safe: Thomee 1997, Silbernagel 2007")
    pain_persistent: float = number(3.0, "0-10", "moderate", "just above what is safe")
    pain_persistent_days: int = number(2, "days of 7")
    pain_stop: float = number(5.0, "0-10", "moderate", "above 5 stops: Thomee 1997, Silbernagel 2007")
    pain_calm_days: int = number(2, "days")
    pain_repeated: float = number(3.0, "0-10", "moderate", "Thomee 1997: up to 5 where it settles by morning")
    pain_bad_days: float = number(INF, "days of 28", "moderate", "three sessions: Yamato 2015")
    bad_known_days: int = number(84, "days")  # in which pain above `pain_stop`, or worse next morning, is remembered
    bad_times: float = number(INF, "times")  # that it came back: somebody has to look at it
    bad_calm_days: tuple[int, int] = number(
        (0, 0), "days", "moderate", "load rises once it is tolerated: Silbernagel 2007"
    )  # after such a day, and after so many times
    pain_days_in_row: float = number(INF, "days", "moderate", "seven days: Yamato 2015")
    pain_weeks: float = number(INF, "weeks of four")  # with pain of 3 or more: two calm weeks come before a step
    settled_days: float = number(INF, "days of 7", "weak", "that end the stop of an injury; Warden 2014")
    settled_walk_weeks: int = number(2, "weeks", "weak", "walking without pain before running: Warden 2014")
    settled_walk_most: int = number(6, "weeks")  # as many again each time that it came back
    settled_walks: int = number(2, "walks of a week")
    settled_answers: int = number(2, "days of a week")
    injury_again_days: int = number(183, "days")  # in which it counts how often an injury came back
    injury_known_days: float = number(84.0, "days", "moderate", "an earlier injury: van der Worp 2015")


@dataclass(frozen=True)
class Breaks:
    """Pauses, and the way back after one or after a stop."""

    gap_days: tuple[float, float, float, float] = number((7.0, 14.0, 28.0, 56.0), "days")
    gap_prescribed: tuple[int, int, int, int] = number((0, -2, -4, -8), "levels")
    gap_earned: tuple[int, int, int, int] = number((0, -1, -3, -8), "levels")
    gap_slope: bool = number(False, "yes or no")  # a level at a time between the days of the table, not in steps
    gap_far_days: tuple[float, float, float] = number((112.0, 224.0, 365.0), "days")
    gap_far: tuple[int, int, int] = number((-12, -14, -15), "levels")
    gap_week_up: int = number(0, "levels")  # above the last run level, that a pause of a week may offer where earned
    passing_weeks: bool = number(False, "yes or no")  # tired or ill weeks in a row take no step from one another
    after_illness_share: float = number(1.0, "share")  # of the usual minutes, in the week after an illness
    gap_gain: tuple[float, float, float, float] = number((1.0, 0.7, 0.5, 0.3), "share")
    restart_gain: float = number(0.5, "share of the usual climbing")  # in the first week after a stop
    walk_gain: float = number(0.3, "share of the usual climbing")  # of walks that open running again
    restart_levels: int = number(-2, "levels")
    stop_quiet_days: float = number(14.0, "days")
    ill_days: int = number(7, "days")
    unsynced_days: int = number(7, "days")  # without a file or an answer, from which that may be a missing sync
    after_pain_share: float = number(0.5, "share")  # of what was run, that counts after two weeks of a pause with pain
    restart_runs: int = number(2, "runs of a week")
    restart_long_days: float = number(28.0, "days")  # without running, after which a restart is run and walk again
    restart_level_most: int = number(6, "ladder index")  # J5
    restart_slope: bool = number(False, "yes or no")  # down to it from M7 after two weeks, instead of from one day on
    one_door: bool = number(False, "yes or no")  # a medical hold is a restart, and a restart counts the pause as longer


@dataclass(frozen=True)
class Limits:
    """How far a session, a bout, a distance and a week may go."""

    session_ratio: float = number(1.10, "ratio", "strong", "hazard rises from 10 % above the 30-day longest: "
                                  "Frandsen 2025")  # fmt: skip
    session_plus_min: float = number(3.0, "min")
    session_floor_min: float = number(4.0, "min")
    longest_days: int = number(30, "days", "strong", "whose longest run limits the next: Frandsen 2025")
    bout_ratio: float = number(1.50, "ratio")
    bout_plus_min: float = number(1.5, "min")
    distance_ratio: float = number(1.10, "ratio", "strong", "Frandsen 2025")
    distance_plus_m: float = number(400.0, "m")
    week_ratio: float = number(1.20, "ratio", "weak", "Nielsen 2014, Damsted 2019")
    week_plus_min: float = number(9.0, "min")
    week_floor_min: float = number(12.0, "min")
    heavy_first_week_m: float = number(3000.0, "m", "weak", "BMI above 30, distance of the first week: Nielsen 2014")
    heavy_bmi: float = number(30.0, "kg/m2", "weak", "Nielsen 2014")
    careful_age: float = number(INF, "years", "moderate", "higher age, more injuries of novices: NLstart2run 2015")
    careful_bmi: float = number(INF, "kg/m2", "moderate", "higher BMI, more injuries of novices: NLstart2run 2015")
    careful_cleared: bool = number(False, "yes or no")  # who runs by a doctor's word goes one step at a time
    walks_go_on: bool = number(False, "yes or no")  # who only walked until a doctor agreed walks on as before
    partial_share: float = number(1.0, "share")  # of a level's minutes that the caps must allow to open it
    overshoot_ratio: float = number(1.10, "ratio", "moderate", "Frandsen 2025")
    longest_of_two: float = number(1.0, "share of the week")  # that the longest of two runs may hold
    shortest_run_min: float = number(0.0, "min")  # a week that a limit cuts has fewer runs rather than shorter ones
    cut_more_min: float = number(INF, "min")  # more than the level below, that the caps must leave of a continuous run


@dataclass(frozen=True)
class Volume:
    """How a week's minutes and climbing follow from its level."""

    mile_bout: bool = number(False, "yes or no")  # near the mile, the longest bout lasts until the mile is done
    mile_margin: float = number(1.02, "ratio", "moderate", "watches measure distance to about 2 %")
    other_share: float = number(1.0, "share of the longest run")
    other_floor_min: float = number(8.0, "min")
    gain_up: float = number(1.10, "ratio")
    gain_floor_m: float = number(20.0, "m")
    descent_ratio: float = number(1.20, "ratio")
    descent_plus_m: float = number(20.0, "m")
    gain_back_off: float = number(0.5, "share")
    gain_missed: float = number(0.8, "share")
    back_off_share: float = number(0.9, "share of the minutes prescribed last")
    whole_weeks: bool = number(False, "yes or no")  # a run less only where the others can hold what it would have had
    even_race_week: bool = number(False, "yes or no")  # no run of a goal's own week is longer than the others
    speed_step: float = number(1.0, "share of the minutes")  # P levels differ in content, not in minutes: a step down
    hr_delta_bpm: float = number(-5.0, "bpm")
    ceiling_offset: float = number(0.25, "heart-rate reserve")  # above the first ventilatory threshold
    ceiling_most: float = number(0.85, "heart-rate reserve")
    easy_rate_plus_bpm: float = number(INF, "bpm")  # above one's own easy runs, the ceiling of an established runner


@dataclass(frozen=True)
class Established:
    """Runners with a steady habit, whose week is their own."""

    established_up: float = number(1.05, "ratio")
    level_over_usual: float = number(99.0, "ratio")  # how far the first week of a ladder's level may pass it
    level_over_last: float = number(INF, "ratio")  # how far a ladder's level may pass the week before and the usual one
    long_in_proportion: bool = number(False, "yes or no")  # the long run grows no faster than its week
    established_near: float = number(1.10, "ratio")  # a week run lately counts as far as near the last plan
    established_return: float = number(1.15, "ratio")
    established_short: bool = number(False, "yes or no")  # also where the usual runs are shorter than M4's
    nearly_usual: float = number(0.95, "share")  # a plan for less leads back to the usual week
    established_step: float = number(0.85, "share")  # one level down, for someone off the ladder
    own_return: bool = number(False, "yes or no")  # steps count from the last run, and lead back by one's own week
    own_return_over: float = number(1.2, "ratio")  # where that holds so much more than the ladder's
    usual_first: bool = number(False, "yes or no")  # after an easier week the usual one comes before more than that
    usual_after_ease: bool = number(False, "yes or no")  # however much an eased week held
    own_distance: bool = number(False, "yes or no")  # the metres of its level are those of its running alone
    other_top_share: float = number(0.75, "share")  # of the longest run that the goal asks for: the other runs
    long_enough_share: float = number(0.75, "share")  # of it, in a week that is as long as the goal asks for


@dataclass(frozen=True)
class Habit:
    """Who is an established runner, and which weeks say what is usual."""

    habit_weeks_seen: int = number(8, "weeks")
    habit_weeks_to_enter: int = number(4, "weeks")
    habit_weeks_to_stay: int = number(4, "weeks")
    habit_weeks_newest: int = number(6, "weeks")  # that say what is usual, where there are such among them
    habit_days_away: int = number(42, "days")  # without a run, after which nothing is usual
    habit_runs: int = number(3, "runs of a week")  # of a whole week
    habit_runs_least: int = number(2, "runs of a week")  # of one that counts at all
    habit_week_min: float = number(75.0, "min")  # that make a week one of a runner's: more than the ladder's M7 holds
    habit_run_min: float = number(30.0, "min")  # of the middle run, which is enough for who is established already
    habit_over_middle: float = number(1.5, "ratio")  # beyond it a single week, or its longest run, is a breach
    habit_eased: float = number(0.95, "share")  # of the usual week: below it the plan itself asked for less
    habit_broken_below: float = number(2.0 / 3.0, "share of what was asked")  # a week of which less was run is broken
    habit_kept: float = number(INF, "share of a planned run")  # of which so much was done, that it counts as planned
    habit_broken_most: int = number(4, "weeks of those seen")  # more of them are the habit
    run_days_most: int = number(6, "days of a week")
    short_usual_level: int = number(6, "ladder index")  # J5, the lowest whose week may be the usual one
    short_usual_again: float = number(0.75, "share")  # of it, in the last week, where the usual runs are short


@dataclass(frozen=True)
class Lately:
    """How long what was run counts, and how much of a plan is usually done."""

    speeds_from: int = number(10, "sessions")
    whole_days: int = number(29, "days")
    pause_days: int = number(14, "days")
    breathless_days: int = number(63, "days")  # of the first jogs, in which weeks without breath for talking are named
    aged_days: tuple[float, ...] = number((29.0, 49.0, 112.0, 224.0, 365.0, 548.0), "days", "weak", "fitness falls "
                                          "within weeks, tissue slower: Mujika and Padilla 2000")  # fmt: skip
    aged_shares: tuple[float, ...] = number((1.0, 0.6, 0.3, 0.15, 0.05, 0.0), "share")
    fit_days: int = number(21, "days")
    fit_runs: int = number(4, "planned runs")
    fit_below: float = number(0.7, "share of planned running")  # of the middle one: the plan fits badly
    fit_least: float = number(0.4, "share of planned running")
    part_told: float = number(0.95, "share of planned running")  # below which limits say that they follow what is done
    fit_week: float = number(0.0, "share a week")  # since the last whole run: what is done in part costs no more
    fit_uncut: bool = number(False, "yes or no")  # the share is of the minutes before the limits, which cut them too
    least_kept: float = number(0.25, "share of the minutes")  # that a week keeps, whatever makes it shorter

    easy_days: int = number(42, "days")  # whose runs that were said to be easy give an easy pace and heart rate
    easy_effort: float = number(4.0, "0-10")  # the highest of such a run
    easy_runs: int = number(3, "runs")  # from which the pace is known
    easy_rate_runs: int = number(5, "runs")  # from which the heart rate is, an established runner's ceiling
    best_mile_days: int = number(183, "days")  # whose fastest mile sets the pace of faster runs
    weight_rows: int = number(60, "days with a value")  # the newest in which a weight is looked for


@dataclass(frozen=True)
class Matching:
    """Which session fulfils a planned one, and how far it counts (models/policy/training/matching.py). A session is the
    same under every version, so these are read as they are in force."""

    same_session_s: float = number(1800.0, "s")  # between two files that are one session
    bout_weight: float = number(0.5, "weight")  # of the longest bout beside the minutes, where a planned one is sought
    counts_ratio: float = number(1.1, "ratio")  # beyond a plan, up to which running counts in full
    counts_plus_min: float = number(1.0, "min")
    by_speed_ratio: float = number(4 / 3, "ratio")  # beyond a plan, from which running seen by speed alone is doubted
    by_speed_plus_min: float = number(1.0, "min")
    short_jog_min: float = number(1.0, "min")  # jogs that a track may miss
    short_jog_share: float = number(0.70, "share of planned running")  # seen, below which it has missed some


@dataclass(frozen=True)
class Entering:
    """Where someone enters the ladder by what was run before."""

    entry_open_days: int = number(56, "days")  # in which files that arrive late still count for it
    entry_runs: int = number(6, "runs in 30 days")
    entry_nth: int = number(3, "runs")  # the so many longest that the level of entry must not exceed
    entry_season_days: int = number(90, "days")
    entry_season_runs: int = number(12, "runs")  # of a season, with which the so many longest of a month are enough
    entry_few_level: int = number(4, "ladder index")  # J3, the highest with fewer runs


@dataclass(frozen=True)
class Walking:
    """When a walk counts, and when a week says how much of a plan was done."""

    walk_share: float = number(0.80, "share of the planned walk")
    walk_effort: float = number(4.0, "0-10")  # the highest that is easy
    run_for_walk_min: float = number(15.0, "min")  # of a run that stands for a walk
    walk_calm_days: int = number(0, "days")  # without pain after the walk that opens running again
    walk_ok_min: float = number(15.0, "min")  # of a walk without pain, two of which
    walk_ok_days: int = number(14, "days")  # say within so many that legs are well
    test_walk_min: float = number(30.0, "min")  # of the walk that opens running after a stop
    settled_walk_min: float = number(20.0, "min")  # of those that come before it after an injury
    full_week_days: int = number(5, "days")  # that a plan holds at least, to say how much of it was done
    silence_days: int = number(28, "days")  # without a file, up to which nobody knows what was done


@dataclass(frozen=True)
class Beside:
    """What stands beside the runs: other sports, hills, weights."""

    other_sport_min: float = number(90.0, "min")  # of another activity, from which it was long
    other_sport_loads: float = number(1.5, "loads of a usual run")  # from which it was heavy
    other_sport_load: float = number(60.0, "au")  # about an hour of easy effort: less is never heavy
    strength_min: float = number(15.0, "min")  # of a session of strength, before the runs are continuous
    strength_days: int = number(5, "open days")  # with which there are two such sessions
    strength_most_min: float = number(20.0, "min")  # after that: as long as the running allows, up to this
    strength_least_min: float = number(10.0, "min")
    lift_after_days: int = number(42, "days")  # of hip and core work before weights
    lift_quiet_days: int = number(28, "days")  # free of pain and illness
    lift_age: int = number(65, "years", "moderate", "under guidance in older age: Fragala 2019")
    hills_days: int = number(56, "days")
    hills_hurt: int = number(2, "days with pain")  # of hills, that leave them out


@dataclass(frozen=True)
class Files:
    """What a file may report without the person's own word (models/physiology/confirmation.py)."""

    held_run_min: float = number(300.0, "min")  # of a day, run without a recording; more waits for a confirmation
    held_walk_min: float = number(720.0, "min")  # likewise walked
    held_days: int = number(28, "days")  # in which minutes that wait are named


@dataclass(frozen=True)
class Layout:
    """How the minutes of a week are laid out on its days (models/week/layout.py)."""

    walk_below: float = number(0.25, "share of the longest run")  # a run that keeps less becomes a walk
    walk_below_min: float = number(6.0, "min")  # so does one of fewer minutes that is not the longest
    others_least: float = number(1 / 3, "share of the longest run")  # fewer other runs, rather than shorter ones
    usual_least_min: float = number(20.0, "min")  # the same of an established runner's others
    lost_share: float = number(0.05, "share of the week")  # that fewer runs may lose
    two_longest: float = number(0.75, "share of the week")  # of the longest of two that a limit leaves
    one_run: float = number(1.05, "ratio")  # a best week of no more than this times the longest run held one run
    hard_least_min: float = number(20.0, "min")  # of a run that may be the hard one
    test_every_days: int = number(28, "days")
    likelier: float = number(0.15, "0-1")  # that a run is done on a day, for the longest to stand there
    sand_share: float = number(0.25, "share of a run")
    pack_first: float = number(0.05, "share of body mass")
    pack_step: float = number(0.025, "share of body mass")
    pack_most: float = number(0.15, "share of body mass")
    pack_days: int = number(28, "days")  # at the same weight before it grows
    pack_same_kg: float = number(0.3, "kg")  # less than this is the same weight
    pack_again_days: float = number(INF, "days")  # without the pack, after which it begins as at first
    load_quiet: bool = number(False, "yes or no")  # a pack begins and grows as weights do, and waits where calm is due
    load_back_days: float = number(0.0, "days")  # since a run after a pause, until anything is tried or carried
    walk_instead_min: float = number(20.0, "min")  # of the walk that takes the place of a run too short to be one
    fewer_runs: float = number(0.3, "runs of a week")  # that may be missed beyond the likeliest days: habits vary
    run_day_weeks: int = number(12, "weeks")  # that say on which weekdays somebody runs
    run_day_fade: float = number(0.9, "share a week")  # half after six and a half weeks: timetables change
    run_day_ran: float = number(3.0, "runs")  # done, before anything is known of a weekday:
    run_day_missed: float = number(1.0, "runs")  # three of four planned ones
    load_low: float = number(0.75, "ratio")  # of the load that is expected: the least a week should bring
    load_high: float = number(1.25, "ratio")  # of the best of four weeks: the most
    load_least: float = number(0.8, "ratio")  # of what is expected, where the best of four weeks was less


@dataclass(frozen=True)
class Workouts:
    """What the sessions of a level are made of beyond the ladder's own bouts (models/week/sessions/workouts.py)."""

    easy_back: bool = number(False, "yes or no")  # on the way back and after strong pain all running is easy
    ease_rest: float = number(1.5, "ratio")  # how much longer the breaks are in an easy week
    stub_share: float = number(1 / 3, "share of the first bout")  # a shorter last one is shared among the others
    easy_least_s: int = number(300, "s")  # of easy running in a session with faster parts
    before_hard_s: int = number(60, "s")  # of walking between the easy part and the faster ones
    strides: int = number(6, "repetitions")
    stride_s: int = number(20, "s")
    stride_walk_s: int = number(60, "s")
    hill_up_s: tuple[int, int, int] = number((30, 60, 120), "s")  # short, middle and long hills
    hill_fewest: tuple[int, int, int] = number((4, 3, 2), "repetitions")
    hill_most: tuple[int, int, int] = number((8, 6, 4), "repetitions")
    hill_weeks: int = number(5, "weeks")  # at a level, after which the hills get longer and fewer
    hills_stay: bool = number(False, "yes or no")  # at the longest hills the repetitions do not begin again
    stub_least_s: float = number(0.0, "s")  # a shorter last jog after a far longer one is left out
    steady: int = number(2, "repetitions")
    steady_s: int = number(360, "s")
    steady_walk_s: int = number(120, "s")
    pace_400s: int = number(4, "repetitions")  # of 400 m at mile pace
    pace_walk_s: int = number(180, "s")
    pace_unknown_s: int = number(150, "s")  # of such a 400 m before a mile was timed
    faster_mile: float = number(0.98, "ratio")  # of the best mile's time, as fast as its pace may be
    test_unknown_s: int = number(720, "s")  # of a timed mile before there was one
    test_easy_min: float = number(12.0, "min")  # of easy running before it, at most
    test_walk_s: int = number(120, "s")


@dataclass(frozen=True)
class Goals:
    """When a distance is within reach, and what a goal's day asks of the weeks around it (models/week/goals.py)."""

    taper_reach: float = number(0.0, "share")  # of the metres a goal needs, in the longest run of who tapers for it
    day_off: bool = number(False, "yes or no")  # no goal's day in a week that is eased, or that pain or illness reaches
    day_early: int = number(0, "weekday")  # up to which runs follow in the week of the goal's day; 0: none ever do
    recovery_ran: bool = number(False, "yes or no")  # recovery only from a goal's day on which its distance was run
    reach_shares: tuple[float, float, float, float] = number(
        (1.0, 1.0, 0.9, 0.75), "share of a mile, 5 km, 10 km, half"
    )
    habit_grows: float = number(0.03, "share a week")  # of an established long run; simulated runners came to 3.2-3.7 %
    date_kept_days: int = number(14, "days")  # by which a date that was stated may differ from what is worked out now
    taper_days: tuple[float, float, float] = number((0.0, 3.0, 10.0), "days", "moderate", "8 to 21 days: Bosquet 2007, "
                                                    "Wang 2023")  # fmt: skip
    taper_shares: tuple[float, float, float] = number((0.45, 0.5, 0.7), "share of the usual week", "moderate",
                                                      "41-60 % less: Bosquet 2007")  # fmt: skip
    taper_short_days: tuple[float, float] = number((0.0, 3.0), "days")  # before a mile or 5 km
    taper_short_shares: tuple[float, float] = number((0.55, 0.6), "share of the usual week")
    after_goal: tuple[float, float] = number((0.5, 0.8), "share of the usual week")  # in the weeks after a goal's day
    after_short_goal: tuple[float] = number((0.7,), "share of the usual week")  # after a mile or 5 km


@dataclass(frozen=True)
class Easing:
    """How a published week is eased (models/week/easing.py)."""

    raise_days: int = number(2, "days")  # Monday and Tuesday, in which files that arrived late may raise a week
    after_hard_run: float = number(0.8, "share")  # of the runs that are left, after one that felt too hard
    after_other_sport: float = number(2.0 / 3.0, "share")  # of the run on the day after
    ill_rest_days: int = number(2, "days")  # after the one on which an illness is reported
    cut_most: float = number(0.85, "share")  # that a run keeps at most where the week became an easier one
    over_kept: float = number(0.5, "share")  # of a run, below which it becomes a walk where the week is full
    easy_when_eased: bool = number(False, "yes or no")  # what is made shorter has no hard part, and nothing is carried
    same_length: float = number(0.9, "share")  # of the longest run: one so long need not give it its place


@dataclass(frozen=True)
class Notes:
    """From when on a note names what has come together (models/explain/caveats.py). Notes decide nothing."""

    note_pauses: int = number(2, "pauses of `pause_days` or more")
    note_pain_weeks: int = number(4, "weeks")  # with pain that settles, of so many:
    note_pain_weeks_of: int = number(12, "weeks")
    note_tired_weeks: int = number(3, "weeks of 8")  # that tiredness held or eased
    note_days_in_row: int = number(14, "days")  # with a run
    note_days_most: int = number(28, "days")  # to which the row is known
    note_ill_weeks: int = number(3, "weeks of 4")  # from which on a doctor should look at it
    note_breathless_weeks: int = number(3, "weeks of 4")  # in which talking was not possible: likewise
    note_breathless_light: int = number(2, "weeks of 4")  # where a few minutes of jogging are out of proportion:
    note_breathless_level: int = number(4, "ladder index")  # up to this level, J3
    note_walked: int = number(3, "weeks")  # that asked for jogs of somebody who walked instead, of the last
    note_walked_of: int = number(8, "weeks")
    note_unrecorded: int = number(3, "days of 28")  # of which is told how a session felt that no recording shows
    note_rate_sd_bpm: float = number(6.0, "bpm")  # of the maximal heart rate, from which on it is called an estimate


@dataclass(frozen=True)
class Parameters(
    Notes,
    Easing,
    Goals,
    Workouts,
    Layout,
    Files,
    Beside,
    Walking,
    Entering,
    Matching,
    Lately,
    Habit,
    Established,
    Volume,
    Limits,
    Breaks,
    Pain,
    Tiredness,
    Comfort,
    Effort,
    Earning,
):
    """All numbers of one version of the policy, by name."""

    version: str = "2"
    amended: bool = True  # memory of gaps, holds that never raise, dimension lock; False only in the frozen version 1


GROUPS: tuple[type, ...] = (
    Earning, Effort, Comfort, Tiredness, Pain, Breaks, Limits, Volume, Established, Habit, Lately, Matching, Entering,
    Walking, Beside, Files, Layout, Workouts, Goals, Easing, Notes,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where one number comes from."""

    group: str
    name: str
    value: object
    unit: str
    evidence: str
    source: str


def sources(p: Parameters) -> list[Source]:
    """Every number of a version with its unit, evidence and source, in the order of the groups."""
    return [
        Source(g.__name__, f.name, getattr(p, f.name), f.metadata["unit"], f.metadata["evidence"], f.metadata["source"])
        for g in GROUPS
        for f in fields(g)
    ]


V1 = Parameters(version="1", amended=False)
UNTUNED = Parameters(version="2-untuned")
"""The amended rules with version 1's numbers: the lab's middle yardstick."""
V2 = replace(
    UNTUNED,
    version="2.1",
    fast_comfort=0.45,  # what a full credit asks for; sessions of which nothing was said never go fast
    fast_fatigue=0.60,
    partial_share=0.7,  # a step that the caps allow in part is taken in part, cut to them
    other_share=0.55,
    mile_bout=True,
    speed_step=0.85,
)
"""Version 2.1. Its numbers were chosen on tuning seeds of the lab and then frozen (docs/results/evidence.md)."""
V3 = replace(
    V2,
    version="3",
    counts_completion=False,
    hard_week_effort=8.0,
    hard_week_talk=2.0,
    out_of_proportion_effort=9.0,
    fatigue_takes_level=False,
    raised_item=6.0,
    after_effort_days=2.0,
    pain_repeated=5.0,
    pain_bad_days=3.0,
    pain_days_in_row=7.0,
    one_door=True,
    gap_slope=True,
    level_over_usual=1.05,
    after_illness_share=0.75,
    careful_age=60.0,
    careful_bmi=30.0,
)
"""Version 3: tiredness has an absolute side, pain escalates, answers outvote completion, every return has one door."""
V3_1 = replace(
    V3,
    version="3.1",
    hold_effort=7.0,
    single_after_easing=True,
    even_race_week=True,
    credit_usual_share=0.5,
    fit_holds=False,
    pain_weeks=3.0,
    longest_of_two=2 / 3,
    easy_rate_plus_bpm=10.0,
)
"""Version 3.1: hard weeks lead nowhere, half a plan leads on from there, two runs share, weeks of pain count."""
V3_2 = replace(
    V3_1,
    version="3.2",
    bout_plus_min=3.0,
    gap_week_up=1,
    passing_weeks=True,
    careful_cleared=True,
    level_over_last=1.05,
    long_in_proportion=True,
    lowered_share=0.5,
    rather_hard_effort=6.0,
    shortest_run_min=4.0,
)
"""Version 3.2: weeks lowered by a person count, tired and ill weeks pass, rather hard runs count half, bouts grow as
sessions do, cut weeks are made of whole runs."""
V3_3 = replace(
    V3_2,
    version="3.3",
    settled_days=4.0,
    short_talk=True,
    established_short=True,
)
"""Version 3.3: settled injuries come back by walks, "barely" counts of short bouts, short runs make a usual week."""
V3_4 = replace(
    V3_3,
    version="3.4",
    single_pain_weeks=2.0,
    walks_go_on=True,
)
"""Version 3.4: weeks of pain are followed by single steps, a doctor's word makes nobody's walks shorter."""
V3_5 = replace(V3_4, version="3.5", restart_slope=True, whole_weeks=True)
"""Version 3.5: the first running after a stop begins lower with every day without it, from two weeks on; a week that a
limit cuts is shown with all the minutes it has."""
V3_6 = replace(V3_5, version="3.6", own_return=True, walk_calm_days=2)
"""Version 3.6: a pause costs an established runner as much under a plan as without one, and makes the usual week
smaller before the ladder takes its place."""
V3_7 = replace(
    V3_6,
    version="3.7",
    cut_more_min=0.5,
    fit_week=0.85,
    fit_uncut=True,
    habit_kept=0.7,
    bad_times=3.0,
    bad_calm_days=(14, 28),
    taper_reach=2 / 3,
    usual_first=True,
)
"""Version 3.7: a step is taken as far as the limits allow, runs done in part cost no more than a pause, and strong pain
or pain that is worse the next morning is remembered for longer."""
V3_8 = replace(V3_7, version="3.8", day_off=True, day_early=3, recovery_ran=True, easy_back=True, usual_after_ease=True)
"""Version 3.8: the goal's own day is off in a week that is eased, and no week recovers from a day that was not run."""
V3_9 = replace(
    V3_8,
    version="3.9",
    single_bad_days=42.0,
    single_barely=2.0,
    own_distance=True,
    pack_again_days=28.0,
    load_quiet=True,
    load_back_days=21.0,
    hills_stay=True,
    stub_least_s=60.0,
    easy_when_eased=True,
)
"""Version 3.9: one step at a time after strong pain and while talking is barely possible; a week that is eased has no
hard part, and nothing is carried or tried on the way back."""
KEPT = (V2, V3, V3_1, V3_2, V3_3, V3_4, V3_5, V3_6, V3_7, V3_8, V3_9)
"""The versions by which stored weeks are decided again, in their order."""
IN_FORCE = KEPT[-1]
"""The version that plans are made by."""


def version_of(name: str) -> Parameters:
    """The numbers by which a stored week was decided; those in force for a version that is not kept."""
    return {p.version: p for p in KEPT}.get(name, IN_FORCE)
