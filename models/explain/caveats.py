"""Reasons about what is not known or only believed, and about wishes: said openly beside the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil, log
from typing import Any

from steadymile.models.policy import ladder
from steadymile.models.policy.state import StateArrays
from steadymile.models.weekplan import Reason

GOAL_LEVEL = {
    "mile": ladder.M1,
    "walk": 7,
    "5k": ladder.TOP["5k"],
    "10k": ladder.TOP["10k"],
    "half": ladder.TOP["half"],
}
HABIT_GROWS = 0.03
"""How much longer the long run of an established runner becomes in a week, level weeks included: what made runners with
easy weeks came to in half a year (3.2 to 3.7 %), and a little less."""
GOAL_WORD = {"mile": "the mile", "walk": "50 min of walking", "5k": "5 km", "10k": "10 km", "half": "the half marathon"}


def notes(one: StateArrays, facts: Mapping[str, Any]) -> list[Reason]:
    """Notes on missing answers, believed numbers, the goal and its date; they decide nothing."""
    out = []
    if facts["mile_new"]:
        out.append(_note("mile_done", "You ran a whole mile without a break. Well done: that is what the plan was for, "
                         "and it stays yours.", ""))  # fmt: skip
    if facts["pain_answers"] == 0:
        out.append(_note("no_pain_report", "No pain was reported in the last 7 days; that counts as no report, not as "
                         "no pain.", "Tell it: `steadymile log pain=0`."))  # fmt: skip
    if facts["runs_7d"] and not facts["effort_answers"]:
        out.append(_note("no_effort_report", "Nothing was said of how the runs felt, so a finished run earns two "
                         "thirds of a credit.", "Tell it after a run: `steadymile log rpe=3 talk=yes`."))  # fmt: skip
    out += _heart_rate(one, facts)
    if facts["screening"] is None and int(one.level[0]) < ladder.M1:
        out.append(_note("screening_unanswered", "The health questions are not answered. With heart, metabolic or "
                         "kidney disease, symptoms or pregnancy, ask a doctor before jogging.",
                         "Answer with `steadymile athlete set screening=no`, or yes."))  # fmt: skip
    if facts["run_speed_m_s"] is None and int(one.level[0]) >= ladder.J1 and not _walks(one):
        out.append(_note("speed_unknown", "Your jogging speed is not known yet, so distances are left open.",
                         "One recorded run with distance."))  # fmt: skip
    out += _goal(one, facts)
    return out


def _heart_rate(one: StateArrays, facts: Mapping[str, Any]) -> list[Reason]:
    if (
        one.heart_rate_max_bpm[0] != one.heart_rate_max_bpm[0]
        or one.heart_rate_rest_bpm[0] != one.heart_rate_rest_bpm[0]
    ):
        return [_note("heart_rate_unknown", "Your maximal heart rate is not known, so there is no heart-rate ceiling; "
                      "being able to talk is the guide.", "Tell the year you were born, "
                      "`steadymile athlete set birth_year=1985`, or record runs with heart rate.")]  # fmt: skip
    sd = facts["heart_rate_max_sd_bpm"]
    if sd is not None and sd >= 6.0:
        believed = f"{float(one.heart_rate_max_bpm[0]):.0f} give or take {sd:.0f}"
        return [_note("heart_rate_believed", f"Your maximal heart rate is an estimate ({believed}), so the ceiling is "
                      "rough; being able to talk counts more.",
                      "A measured maximum." if _walks(one) else "Harder runs with a chest strap, or a measured "
                      "maximum.")]  # fmt: skip
    return []


def _goal(one: StateArrays, facts: Mapping[str, Any]) -> list[Reason]:
    out = []
    goal = facts["goal"]
    if facts.get("goal_new"):
        out.append(_note("goal_new", f"Your goal is now {GOAL_WORD.get(goal, goal)}; the plan goes on from where you "
                         "are.", ""))  # fmt: skip
    if not facts["goal_told"]:
        way = "keeps to what you run now" if _runs_further(one) else "leads to a continuous mile"
        out.append(_note("goal_unknown", f"No goal was told, so the plan {way}.",
                         "Choose one: `steadymile athlete set goal=5k` (or walk, mile, 10k, half)."))  # fmt: skip
    if facts["goal_date"] and not (goal == "mile" and facts["mile_done"]):
        wish = date.fromisoformat(facts["goal_date"])
        safe = date.fromisoformat(facts["as_of"]) + timedelta(weeks=weeks_to(one, goal))
        word = GOAL_WORD.get(goal, goal)
        if safe > wish:
            text = (f"{_day(wish)} is too soon for {word} without breaking a limit; if all goes well, about "
                    f"{_day(safe)} is safe. The date never speeds the plan up.")  # fmt: skip
        else:
            text = f"{word[0].upper()}{word[1:]} by {_day(wish)} fits: if all goes well it comes about {_day(safe)}."
        out.append(_note("goal_date", text, "A later date, or none."))
    return out


def _walks(one: StateArrays) -> bool:
    """Whether somebody wants to walk, and will never be asked to run."""
    return int(one.track[0]) == ladder.WALK


def _runs_further(one: StateArrays) -> bool:
    """Whether someone already runs further than the mile asks for."""
    return bool(one.established[0]) or int(one.track[0]) == ladder.DISTANCE


def _day(value: date) -> str:
    """A date as people write it: 24 Nov 2026."""
    return f"{value.day} {value:%b} {value.year}"


def weeks_to(one: StateArrays, goal: str) -> int:
    """Weeks to the goal's level at one level a week, one week in four level from M2 on; walks first, if need be. An
    established runner's long run has to grow to the level's, at the pace of a usual week."""
    level, wanted = int(one.level[0]), GOAL_LEVEL.get(goal, ladder.M1)
    if bool(one.established[0]):
        more = ladder.RUN_MIN[ladder.TRACK.get(goal, ladder.MILE), wanted] / max(float(one.usual_long_min[0]), 1.0)
        return max(0, ceil(log(more) / log(1.0 + HABIT_GROWS)))
    weeks = 0
    while level < wanted:
        level += 1
        weeks += 2 if level <= ladder.J1 else 1
        if level > ladder.M2 and (level - ladder.M2) % 3 == 0:
            weeks += 1
    return weeks


def _note(rule: str, sentence: str, change: str) -> Reason:
    return Reason(rule=rule, sentence=sentence, what_would_change_it=change)
