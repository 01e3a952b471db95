"""Days and weeks without running, whatever the reason."""

from __future__ import annotations

from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import Parameters
from steadymile.models.policy.rules.rule import FREE, Effect, Said, hold, rule
from steadymile.models.policy.state import StateArrays
from steadymile.models.weekplan import Action


def gap_levels(days: Any, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Levels that a pause of two weeks or more takes from the week and from what is earned: a slope, a level at a time,
    through the points of the table and on beyond its last."""
    at = (*p.gap_days[1:], *p.gap_far_days)
    prescribed = np.interp(days, at, (*p.gap_prescribed[1:], *p.gap_far))
    earned = np.interp(days, at, (*p.gap_earned[1:], *p.gap_far))
    return np.floor(prescribed + 1e-9).astype(np.int64), np.floor(earned + 1e-9).astype(np.int64)


def _gap(s: StateArrays, p: Parameters, i: int, action: Action, hr_bpm: float) -> Effect:
    base = s.gap_base if p.amended else s.level
    prescribed, earned = np.asarray(p.gap_prescribed[i]), np.asarray(p.gap_earned[i])
    if i == 0:
        prescribed, earned = prescribed + p.gap_week_up, earned + p.gap_week_up
    if p.gap_slope and i > 0:
        last = p.gap_days[i + 1] if i + 1 < len(p.gap_days) else np.inf
        prescribed, earned = gap_levels(np.clip(s.days_since_run, p.gap_days[i], last), p)
    fired = (s.days_since_run >= p.gap_days[i]) & (s.level >= ladder.J1)
    return Effect(
        fired,
        action,
        base + prescribed - s.level,
        base + earned - s.level,
        3,
        p.gap_gain[i],
        hr_bpm,
        FREE,
        s.days_since_run,
        p.gap_days[i],
    )


def never_ran(said: Said) -> bool:
    """Whether no run is known at all of somebody who is to run, so that none can be long ago."""
    return said.facts.get("last_run_day", "unknown") is None and not _walks(said)


def _walks(said: Said) -> bool:
    return int(said.one.track[0]) == ladder.WALK


def _since_walk(said: Said) -> str:
    return f"{said.observed:.0f} days since your last walk"


def _not_yet(said: Said) -> str | None:
    if _walks(said):
        return f"{_since_walk(said)}: you come back with shorter ones."
    if not never_ran(said):
        return None
    return f"The first run was planned {said.observed:.0f} days ago and none is recorded yet, so it begins gently."


def _again(said: Said) -> str | None:
    return "A first run, however short." if never_ran(said) else None


_STEPS = ("", "one step", "two steps", "three steps", "four steps")


def _lower_words(said: Said) -> str | None:
    """How far below where running stopped the week begins, where both are steps of the ladder."""
    steps = int(said.one.gap_base[0]) - said.level
    known = not bool(said.one.established[0]) and said.level >= 0 and 0 < steps < len(_STEPS)
    known = known and not said.facts.get("goal_new")  # which counts from the runs of before the walks
    if _walks(said) or never_ran(said) or said.kept_walking or not known:
        return _not_yet(said)
    return f"{said.observed:.0f} days since your last run: you come back {_STEPS[steps]} below where you were."


def _back_words(said: Said) -> str | None:
    if _walks(said):
        return f"{_since_walk(said)}: this week goes back to where you were."
    if never_ran(said):
        return f"The first run was planned {said.observed:.0f} days ago and none is recorded yet: the week is the same."
    if said.kept_walking:
        return f"{said.observed:.0f} days since your last run."
    base, planned = int(said.one.gap_base[0]), int(said.one.k_last[0])
    if said.action < Action.HOLD:  # something else asks for less than where running stopped
        return f"{said.observed:.0f} days since your last run, so nothing goes up."
    if base >= planned:
        return None
    if said.level > base:
        offered = "offers the planned step again" if said.level == planned else "offers the step after the one you ran"
        return f"{said.observed:.0f} days since your last run: this week {offered}."
    return f"{said.observed:.0f} days since your last run: this week goes back to the step you last ran."


def _afresh_change(said: Said) -> str | None:
    one = said.one
    if bool(one.needs_clearance[0] | one.walk_due[0] | one.injured[0] | (one.walk_weeks[0] > 0)):
        return ""  # something else stands before any running, and says what opens it
    return None if said.walking else _again(said) or "Running again; the way back is quicker than the way up."


@rule(
    since=2,
    evidence="practice",
    window="last 7 days",
    short="no session",
    says="No session was recorded in the last 7 days, so nothing goes up.",
    change="One recorded session.",
    about="pause",
    place=320,
    silence=True,
)
def quiet_week(s: StateArrays, p: Parameters) -> Effect:
    """A week without recorded sessions never advances."""
    return hold(s.sessions_7d <= 0)


@rule(
    evidence="practice",
    window="weeks under plan",
    short="{observed:.0f} weeks missed",
    says="{observed:.0f} weeks in a row had less than {p.missed_share:share} of their sessions; an "
    "easier week is easier to begin.",
    near="{observed:.0f} weeks in a row had less than {p.missed_share:share} of their sessions; "
    "{threshold:.0f} take a step down.",
    change="One week with at least {p.missed_share:share} of its sessions.",
    worse=1,
    about="pause",
    place=200,
)
def missed(s: StateArrays, p: Parameters) -> Effect:
    """Weeks that hardly happened make the next one easier, once."""
    step = (s.gap_base - 1 - s.level) if p.amended else -1
    return Effect(s.low_weeks >= p.missed_weeks, Action.BACK_OFF, step, step, 3, p.gain_missed,
                  observed=s.low_weeks, threshold=p.missed_weeks)  # fmt: skip


@rule(
    gap=True,
    evidence="practice",
    window="days since the last run",
    short="{observed:.0f} days since a run",
    says="{observed:.0f} days since your last run: this week repeats where you were.",
    near="{observed:.0f} days since your last run; {threshold:.0f} make the week a repeat.",
    change="One recorded run.",
    worse=1,
    about="pause",
    place=325,
    sessions="last_run",
    silence=True,
    speaks=_back_words,
)
def gap7(s: StateArrays, p: Parameters) -> Effect:
    """A week without running never advances; of what was earned before it, one step stays on offer."""
    return _gap(s, p, 0, Action.HOLD, 0.0)


@rule(
    gap=True,
    evidence="moderate",
    window="days since the last run",
    short="{observed:.0f} days since a run",
    says="{observed:.0f} days since your last run: you come back below where you were.",
    near="{observed:.0f} days since your last run; {threshold:.0f} start a careful return.",
    change="Running again; the way back is quicker than the way up.",
    worse=1,
    about="pause",
    place=205,
    sessions="last_run",
    undo=_again,
    speaks=_lower_words,
)
def gap14(s: StateArrays, p: Parameters) -> Effect:
    """Two weeks off: two levels lower this week, one level lost."""
    return _gap(s, p, 1, Action.REBUILD, p.hr_delta_bpm)


@rule(
    gap=True,
    evidence="moderate",
    window="days since the last run",
    short="{observed:.0f} days since a run",
    says="{observed:.0f} days since your last run: legs and tendons have lost some strength, so the return is gentle.",
    near="{observed:.0f} days since your last run; {threshold:.0f} make the return gentler.",
    change="Running again; the way back is quicker than the way up.",
    worse=1,
    about="pause",
    place=125,
    sessions="last_run",
    undo=_again,
    speaks=_not_yet,
)
def gap28(s: StateArrays, p: Parameters) -> Effect:
    """Four weeks off: four levels lower this week, three lost (restarting is a risk factor, van der Worp 2015)."""
    return _gap(s, p, 2, Action.REBUILD, p.hr_delta_bpm)


@rule(
    gap=True,
    evidence="moderate",
    window="days since the last run",
    short="{observed:.0f} days since a run",
    says="{observed:.0f} days since your last run: we start afresh, from what is safe now.",
    near="{observed:.0f} days since your last run; {threshold:.0f} mean starting afresh.",
    change="Two pain-free walks of {p.walk_ok_min:g} minutes open the running levels again.",
    worse=1,
    about="pause",
    place=130,
    sessions="last_run",
    undo=_afresh_change,
    speaks=_not_yet,
)
def gap56(s: StateArrays, p: Parameters) -> Effect:
    """Eight weeks off: eight levels lower."""
    return _gap(s, p, 3, Action.REBUILD, p.hr_delta_bpm)


def _unsynced_words(said: Said) -> str | None:
    if said.kept_walking or not 0 <= said.level < int(said.one.k_last[0]):
        return None
    if said.action == Action.REBUILD:
        return (
            "Nothing has arrived from your watch or from you lately. That may be a missing sync, not a missing run; "
            "until it is known, the week is planned as after a pause."
        )
    back = said.level <= int(said.one.gap_base[0])
    week = "goes back to the step you last ran" if back else "offers the step after the one you last ran"
    return (
        "Nothing has arrived from your watch or from you lately. That may be a missing sync, not a missing run; until "
        f"it is known, the week {week}."
    )


@rule(
    since=2,
    evidence="practice",
    window="{p.unsynced_days} days or more, and less than {p.silence_days}",
    short="not synced",
    says="Nothing has arrived from your watch or from you lately. That may be a missing sync, not a missing "
    "run, so the plan waits.",
    change="Sync the watch or drop the files.",
    about="pause",
    place=330,
    speaks=_unsynced_words,
    silence=True,
    explains_silence=True,
)
def unsynced(s: StateArrays, p: Parameters) -> Effect:
    """No file of any kind for a week or more is silence, not rest: hold."""
    return hold(s.unsynced)
