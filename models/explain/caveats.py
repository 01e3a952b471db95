"""Reasons about what is not known or only believed, and about wishes: said openly beside the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.calm import day_is_off
from steadymile.models.policy.decide import general_ceiling, own_ceiling
from steadymile.models.policy.habit import off_ladder
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.state import StateArrays
from steadymile.models.policy.training.matching import monday_of, week_of
from steadymile.models.spelled import capital, share, times, weeks, word
from steadymile.models.week import goals
from steadymile.models.week.goals import GOAL_M, GOAL_WORD, nearest_distance, safe_date
from steadymile.models.weekplan import Action, Reason


def notes(
    one: StateArrays, facts: Mapping[str, Any], level: int, p: Parameters = IN_FORCE, action: Action = Action.HOLD
) -> list[Reason]:
    """Notes on missing answers, believed numbers, the goal and its date; they decide nothing. `level` is the ladder
    index that was decided, -1 for none, and `action` what the week does."""
    waits = _waits(one, level)  # and so nothing may read like a reason to run
    return [
        *_of_what_was_run(one, facts, waits, p),
        *_of_pain(one, facts, p),
        *_of_the_pace_of_steps(one, facts, level, waits, p),
        *_of_care(one, facts, p),
        *_unreported(facts, p),
        *_of_beliefs(one, facts, waits, p),
        *_unknown(one, facts, waits),
        *_goal(one, facts, level, p, action),
    ]


def _of_what_was_run(one: StateArrays, facts: Mapping[str, Any], waits: bool, p: Parameters) -> list[Reason]:
    """A first mile, more than was planned, weeks that somebody shortened, recordings without a day."""
    out = []
    if facts["mile_new"]:
        out.append(_note("mile_done", "You ran a whole mile without a break. Well done: that is what the plan was for, "
                         "and it stays yours.", ""))  # fmt: skip
    if facts.get("beyond_plan"):
        done, counted = facts["beyond_plan"]
        out.append(_note("overdone", f"You ran {done:.0f} min in the last seven days, where {counted:.0f} min were "
                         "planned or close to it. More than planned is no step forward: the limits grow from what "
                         "was planned.", "Run as long as is planned, and no longer."))  # fmt: skip
    if facts.get("lowered") and not _walks(one) and not waits:
        out.append(_lowered(*facts["lowered"], p=p))
    if undated := facts.get("undated"):
        many, are, they = ("One recording", "has", "it") if undated == 1 else (f"{undated} recordings", "have", "they")
        out.append(_note("undated_recordings", f"{many} {are} no day, because the watch's clock was wrong, and {they} "
                         "cannot be counted: your last run may be later than it seems here.",
                         "Give the start: `steadymile date FILE 2026-11-25T18:00`; `steadymile status` names the "
                         "file."))  # fmt: skip
    if (walked := facts.get("runs_walked") or 0) >= p.note_walked and facts["goal"] != "walk" and not waits:
        out.append(_note("runs_walked", f"{capital(word(walked))} of your last weeks had jogs, and you walked instead. "
                         "Walking is good training. If you want to stay with it, a goal of walking plans it for you.",
                         "A first jog, however short; or `steadymile athlete set goal=walk`."))  # fmt: skip
    if (unseen := facts.get("unrecorded") or 0) >= p.note_unrecorded:
        out.append(_note("unrecorded", f"On {unseen} days you told how a session felt, and no recording shows one: "
                         "your last run may be later than it seems here.", "Sync the watch, or tell what you did: "
                         "`steadymile log run_min=12 --day 2026-11-25`."))  # fmt: skip
    return out


def _of_pain(one: StateArrays, facts: Mapping[str, Any], p: Parameters) -> list[Reason]:
    """Pain that rises, that came back again and again, and hills that hurt."""
    out = []
    came, calm = float(one.bad_times[0]), float(one.bad_days_ago[0])
    if came >= p.bad_times and calm >= p.bad_calm_days[1]:  # before that the rule itself says so
        out.append(_note("pain_again", f"Pain above {p.pain_stop:g}, or worse the next morning, came {came:.0f} times "
                         f"in {weeks(p.bad_known_days)}. Let a physiotherapist look at it before you run further than "
                         "it came with.", "Weeks without it end this."))  # fmt: skip
    many = int(facts.get("pain_weeks_12") or 0)
    if many >= p.note_pain_weeks and came < p.bad_times and float(one.pain_weeks[0]) < p.pain_weeks:  # which say so
        out.append(_note("pain_weeks", f"You reported pain of {p.pain_persistent:g} or more in {many} of the last "
                         f"{weeks(7 * p.note_pain_weeks_of)}. It settles, and it comes back: let a physiotherapist "
                         "look at it.", "Weeks without it end this."))  # fmt: skip
    if facts.get("pain_rising"):
        first, second, third = facts["pain_rising"]
        out.append(_note("pain_rising", f"Your pain has risen from report to report: {first:.0f}, {second:.0f}, "
                         f"{third:.0f}. Stop a run in which it comes back, and let somebody look at it before it "
                         "stops you.", "Pain that falls again ends this."))  # fmt: skip
    if facts.get("hills_hurt"):
        hurt, days = facts["hills_hurt"]
        out.append(_note("hills_hurt", f"You reported pain of {p.pain_persistent:g} or more on {hurt:.0f} of "
                         f"{days:.0f} days with hills in "
                         f"{weeks(p.hills_days)}, so the plan leaves hills out. Let a physiotherapist look at it.",
                         f"Hills come back {weeks(p.hills_days)} after they hurt last."))  # fmt: skip
    return out


def _of_the_pace_of_steps(
    one: StateArrays, facts: Mapping[str, Any], level: int, waits: bool, p: Parameters
) -> list[Reason]:
    """What makes steps come slowly: pauses, a single free day, weeks of tiredness."""
    out = []
    if (pauses := facts.get("pauses", 0)) >= p.note_pauses and not _walks(one) and not waits:
        gap = weeks(p.pause_days)
        often = times(int(pauses), many="again and again")
        out.append(_note("pauses", f"You have paused for {gap} or more {often} within sixteen weeks. What "
                         f"{gap} build, {gap} without running take again, so the steps come and go.",
                         "Run once a week in between, however short: a pause counts from the last run."))  # fmt: skip
    if level >= ladder.J1 and _holds_one(one, free := facts["days_free"] or ()) and not _walks(one):
        why = ", for no two runs lie on days in a row through M3" if len(free) > 1 else ""
        out.append(
            _note(
                "one_free_day",
                f"On the days that you have free one run a week fits{why}. It takes "
                f"{word(p.credit_needed)} runs that felt fine to go on, so that comes every other week at best.",
                "Add a free day away from these: `steadymile athlete set days_free=wed,sat`.",
            )
        )
    if (tired := facts.get("tired_weeks", 0)) >= p.note_tired_weeks and not waits:
        command = f"steadymile override {facts['week']} share=0.7 --who me --why nights"
        out.append(_note("tired_weeks", f"Tiredness held or eased {tired} of your last eight weeks, so the steps come "
                         "slowly. Where you know beforehand which weeks take more of you (night shifts, say), make "
                         f"those the easier ones before they begin: `{command}`.",
                         "Weeks that tiredness neither holds nor eases end this."))  # fmt: skip
    return out


def _of_care(one: StateArrays, facts: Mapping[str, Any], p: Parameters) -> list[Reason]:
    """Days in a row, weeks of illness or breathlessness."""
    out = []
    if (days := facts.get("days_in_row", 0)) >= p.note_days_in_row:
        many = f"{days}" if days < p.note_days_most else f"at least {days}"
        out.append(_note("no_rest_day", f"You have run on {many} days in a row. The plan leaves one day a week free of "
                         "running, for legs and tendons adapt at rest.",
                         "Leave out running on one day of each week."))  # fmt: skip
    if (ill := facts.get("ill_weeks", 0)) >= p.note_ill_weeks:
        out.append(_note("ill_for_weeks", f"You reported being ill in {ill} of the last four weeks. Let a doctor "
                         "look at it before you train more.", "Weeks without it end this."))  # fmt: skip
    many, seldom = facts.get("breathless_weeks", 0), facts.get("breathless_lately", 0)
    light = int(one.track[0]) == ladder.WALK or int(one.level[0]) <= p.note_breathless_level
    if many >= p.note_breathless_weeks or (light and seldom >= p.note_breathless_light):
        lately = f"{seldom} of the last {weeks(p.breathless_days)}"
        often = f"{many} of the last four weeks" if many >= p.note_breathless_weeks else lately
        out.append(_note("breathless_weeks", f"In {often} there were sessions in which you could not talk. Let a "
                         "doctor look at it: your heart, your blood or your airways, in cold air too, may be why.",
                         "Weeks in which you can talk in full sentences end this."))  # fmt: skip
    return out


def _unreported(facts: Mapping[str, Any], p: Parameters) -> list[Reason]:
    """Answers that are missing."""
    out = []
    if facts["pain_answers"] == 0:
        out.append(_note("no_pain_report", "No pain was reported in the last 7 days; that counts as no report, not as "
                         "no pain.", "Report it: `steadymile log pain=0`."))  # fmt: skip
    if facts["runs_7d"] and not facts["effort_answers"]:
        out.append(_note("no_effort_report", "Nothing was said of how the runs felt, so a finished run earns "
                         f"{share(p.credit_little_evidence)} of a credit.",
                         "Report it after a run: `steadymile log rpe=3 talk=yes`."))  # fmt: skip
    return out


def _of_beliefs(one: StateArrays, facts: Mapping[str, Any], waits: bool, p: Parameters) -> list[Reason]:
    """The easy pace and the heart rates that the plan rests on."""
    out = []
    if bool(one.established[0]) and facts.get("easy_speed_m_s"):
        out.append(_note("easy_pace", f"Your easy pace is about {_pace(facts['easy_speed_m_s'])} a km, that of your "
                         f"runs of the last {weeks(p.easy_days)} that felt easy. Being able to talk counts "
                         "more.", ""))  # fmt: skip
    out += [] if waits else _own_ceiling(one, p)
    out += _heart_rate(one, facts, waits, p)
    return out


def _unknown(one: StateArrays, facts: Mapping[str, Any], waits: bool) -> list[Reason]:
    """Health questions without an answer, and a speed that is not known."""
    out = []
    if facts["screening"] is None and int(one.level[0]) < ladder.M1:
        out.append(_note("screening_unanswered", "The health questions are not answered. With heart, metabolic or "
                         "kidney disease, symptoms or pregnancy, ask a doctor before jogging.",
                         "Answer yes or no: `steadymile athlete set screening=no`."))  # fmt: skip
    if facts["run_speed_m_s"] is None and int(one.level[0]) >= ladder.J1 and not _walks(one) and not waits:
        out.append(_note("speed_unknown", "Your jogging speed is not known yet, so distances are left open.",
                         "One recorded run with its distance makes it known."))  # fmt: skip
    return out


def _lowered(weeks: float, minutes: float, counts: float, *, p: Parameters) -> Reason:
    """What weeks that a person made shorter mean for what comes next."""
    begins = "The last week was" if weeks == 1 else f"The last {weeks:.0f} weeks were"
    shorter = (
        f"{begins} made shorter by hand{'' if weeks == 1 else ', the newest'} to {minutes:.0%} of its longest run."
    )
    towards = (
        f"Each of its runs counts {counts:.0%} towards the next step"
        if counts >= p.lowered_share
        else "That is too far below its step for its runs to count towards the next one"
    )
    return _note("lowered_by_hand", f"{shorter} {towards}, and limits grow from what was run.",
                 "Leave a week as it is planned, or shorten it by less.")  # fmt: skip


def _pace(speed_m_s: float) -> str:
    """A running speed as minutes and seconds a kilometre, to five seconds."""
    seconds = round(1000.0 / speed_m_s / 5.0) * 5
    return f"{seconds // 60}:{seconds % 60:02d} min"


def _own_ceiling(one: StateArrays, p: Parameters) -> list[Reason]:
    """Where an established runner's own easy runs set the ceiling lower than the general rule does."""
    if not bool(one.established[0]):
        return []
    easy, general = float(one.easy_rate_bpm[0]), float(general_ceiling(one, p)[0])
    own = float(own_ceiling(one, p)[0])
    if not own < general - 1.0:
        return []
    return [_note("own_ceiling", f"The heart-rate ceiling comes from your own runs: those of {weeks(p.easy_days)} that "
                  f"felt easy had {easy:.0f} beats a minute on average. Without them it would be {general:.0f}. Being "
                  "able to talk counts more.", "")]  # fmt: skip


def _heart_rate(one: StateArrays, facts: Mapping[str, Any], waits: bool, p: Parameters) -> list[Reason]:
    if (
        one.heart_rate_max_bpm[0] != one.heart_rate_max_bpm[0]
        or one.heart_rate_rest_bpm[0] != one.heart_rate_rest_bpm[0]
    ):
        return [_note("heart_rate_unknown", "Your maximal heart rate is not known, so there is no heart-rate ceiling; "
                      "being able to talk is the guide.", "Give the year you were born "
                      f"(`steadymile athlete set birth_year=1985`)"
                      f"{'' if waits else ', or record runs with heart rate'}.")]  # fmt: skip
    sd = facts["heart_rate_max_sd_bpm"]
    if sd is not None and sd >= p.note_rate_sd_bpm:
        believed = f"{float(one.heart_rate_max_bpm[0]):.0f} give or take {sd:.0f}"
        return [_note("heart_rate_believed", f"Your maximal heart rate is an estimate ({believed}), so the ceiling is "
                      "rough; being able to talk counts more.",
                      "A measured maximum makes it exact." if _walks(one) or waits else
                      "Harder runs with a chest strap, or a measured maximum, make it better known.")]  # fmt: skip
    return []


def _goal(one: StateArrays, facts: Mapping[str, Any], level: int, p: Parameters, action: Action) -> list[Reason]:
    out = []
    goal = facts["goal"]
    if facts.get("goal_new"):
        out.append(_note("goal_new", f"Your goal is now {GOAL_WORD.get(goal, goal)}; the plan goes on from where you "
                         "are.", ""))  # fmt: skip
    if not facts["goal_told"]:
        way = "keeps to what you run now" if _runs_further(one) else "leads to a continuous mile"
        out.append(_note("goal_unknown", f"No goal is set, so the plan {way}.",
                         "Choose walk, mile, 5k, 10k or half: `steadymile athlete set goal=5k`."))  # fmt: skip
    if facts["goal_date"] and not (goal == "mile" and facts["mile_done"]):
        out.append(_goal_date(one, facts, level, p, action))
    return out


def _goal_date(one: StateArrays, facts: Mapping[str, Any], level: int, p: Parameters, action: Action) -> Reason:
    """Whether the goal is within reach by its day; else the nearest distance for that day, and the day for the goal."""
    goal, wish = facts["goal"], date.fromisoformat(facts["goal_date"])
    as_of, safe = date.fromisoformat(facts["as_of"]), safe_by(one, facts, level, p)
    name = GOAL_WORD.get(goal, goal)
    if wish < max(as_of, monday_of(facts["week"])):
        when = "has passed" if wish < as_of else "lies before this week"  # which is planned on that day already
        return _note("goal_date", f"The day of your goal, {_day(wish)}, {when}.", "Set a new date, or none.")
    if week_of(wish) == facts["week"] and day_is_off(one, action, p):
        return _note("goal_date", f"The day of your goal, {_day(wish)}, lies in a week that has to be careful, so the "
                     f"plan does not ask for {word} then.", "Set a later date, or none.")  # fmt: skip
    if safe is None:
        return _note("goal_date", f"While running waits, nobody can say whether {name} is within reach by "
                     f"{_day(wish)}.", "On the way back to running the plan says it again.")  # fmt: skip
    if safe <= as_of and safe <= wish:
        return _note("goal_date", f"{capital(name)} is within your reach already: {_day(wish)} fits.",
                     "")  # fmt: skip
    if safe <= wish:
        return _note("goal_date", f"{capital(name)} by {_day(wish)} fits: if all goes well it is within "
                     f"reach about {_day(safe)}.", "")  # fmt: skip
    reach = {g: as_of + timedelta(weeks=weeks_to(one, g, level, p)) for g in GOAL_M} if goal in GOAL_M else {}
    nearer = nearest_distance(goal, reach, wish)
    if nearer == "mile" and facts["mile_done"]:
        nearer = None  # no goal for that day
    instead = ""
    if nearer:
        reached, distance = reach[nearer] <= as_of, GOAL_WORD[nearer]
        instead = f" On that day {distance} would be within reach."
        if reached:
            instead = f" {capital(distance)} is within your reach already."
    return _note(
        "goal_date",
        f"{_day(wish)} is too soon for {name} without breaking a limit; if all goes well, about {_day(safe)} is safe."
        f"{instead} The date never speeds the plan up.",
        f"Set the goal {nearer}, or a later date." if nearer else "Set a later date, or none.",
    )


def safe_by(one: StateArrays, facts: Mapping[str, Any], level: int, p: Parameters = IN_FORCE) -> date | None:
    """The day by which the goal is within reach, as stable as was stated before; None while running is stopped, or
    walks stand between a stop and running."""
    if facts["goal"] != "walk" and _waits(one, level):
        return None
    before = facts.get("goal_safe_before")
    stated = date.fromisoformat(before) if before else None
    return safe_date(date.fromisoformat(facts["as_of"]), weeks_to(one, facts["goal"], level, p), stated, p)


def _waits(one: StateArrays, level: int) -> bool:
    """Whether running is stopped, or walks or a doctor's word stand between a stop and running."""
    held = one.stop_latched | one.red_flag | one.injured | one.walk_due | (one.walk_weeks > 0) | one.needs_clearance
    return level < 0 or bool(held[0])


def _holds_one(one: StateArrays, free: Sequence[int]) -> bool:
    """Whether it is the free days that hold one run alone: only one is, or they are neighbours while no two runs may
    be. Who wants no more than one run a week has that wish."""
    doubles = int(one.level[0]) >= ladder.M4 or bool(one.established[0])
    apart = doubles or any(1 < b - a < 6 for a, b in combinations(sorted(free), 2))
    return int(one.max_runs[0]) == 1 and bool(free) and (len(free) == 1 or not apart)


def _walks(one: StateArrays) -> bool:
    """Whether somebody wants to walk, and will never be asked to run."""
    return int(one.track[0]) == ladder.WALK


def _runs_further(one: StateArrays) -> bool:
    """Whether someone already runs further than the mile asks for."""
    return bool(one.established[0]) or int(one.track[0]) == ladder.DISTANCE


def _day(value: date) -> str:
    """A date as people write it: 24 Nov 2026."""
    return f"{value.day} {value:%b} {value.year}"


def weeks_to(one: StateArrays, goal: str, level: int, p: Parameters = IN_FORCE) -> int:
    """Weeks until a goal is within reach, if all goes well: from the usual long run where the week is an established
    runner's own, else from the step of the ladder that the week is on."""
    at = min(int(one.level[0]), max(level, 0))
    own = bool(off_ladder(one, np.array([max(level, 0)]), p)[0])
    usual = max(float(one.usual_long_min[0]), float(one.session_max_min[0])) if own else None
    return goals.weeks_to(goal, at, usual, float(one.run_speed_m_s[0]), p)


def _note(rule: str, sentence: str, change: str) -> Reason:
    return Reason(rule=rule, sentence=sentence, what_would_change_it=change)
