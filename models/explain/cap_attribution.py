"""Which caps held a week back: known, as for rules, by deciding once more without each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import CAPS, other_min, session_distance_m
from steadymile.models.policy.decide import decide, differs, effects_for, effects_of
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.habit import off_ladder
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.rules.rule import Effect
from steadymile.models.policy.state import StateArrays
from steadymile.models.week.sessions.wording import minutes
from steadymile.models.weekplan import Action, Reason

_UNITS = {
    "session": "running minutes a session", "bout": "minutes without a walk break", "distance": "a session",
    "week": "running minutes a week",
}  # fmt: skip
_CAP_OF = {"session": "session_cap_min", "bout": "bout_cap_min", "distance": "distance_cap_m", "week": "week_cap_min"}


@dataclass(frozen=True, slots=True)
class Lifted:
    """Decisions with all caps lifted, and with each alone for the athletes of whom that changes something: `first` of
    their rows in `alone`, in the order of CAPS, -1 for the others; `changes` [row] whether the one alone does."""

    all: DecisionArrays
    first: np.ndarray
    alone: DecisionArrays
    changes: np.ndarray
    parameters: Parameters


def lifted_each(
    s: StateArrays, d: DecisionArrays, p: Parameters = IN_FORCE, effects: Sequence[Effect] | None = None
) -> Lifted:
    """Decide once more for every athlete and cap, with that cap lifted, and once with none in force. `effects` are what
    the rules asked for, where somebody knows already."""
    effects = effects_of(s, p=p) if effects is None else effects
    n, k = s.n, len(CAPS)
    everything = decide(s, parameters=p, lifted=np.ones((n, k), dtype=bool), effects=effects)
    held = np.flatnonzero(differs(d, np.arange(n), everything))
    rows = np.repeat(held, k)
    each = np.tile(np.eye(k, dtype=bool), (len(held), 1))
    alone = decide(s.take(rows), parameters=p, lifted=each, effects=effects_for(effects, rows, n))
    first = np.full(n, -1)
    first[held] = k * np.arange(len(held))
    return Lifted(everything, first, alone, differs(d, rows, alone), p)


def cap_reasons(
    one: StateArrays, d: DecisionArrays, i: int, lifted: Lifted, facts: Mapping[str, Any]
) -> list[Reason]:  # fmt: skip
    """The caps that held athlete `i` back, each with what would have been asked for without it. Where only several
    together did, each of those says so."""
    first = int(lifted.first[i])
    if int(d.action[i]) == Action.STOP or first < 0:
        return []
    caps = {name: float(getattr(d, _CAP_OF[name])[i]) for name in CAPS}
    p = lifted.parameters
    rows = [(name, first + k) for k, name in enumerate(CAPS) if lifted.changes[first + k]]
    if rows:
        rows = [(name, row) for name, row in rows if _asked(name, one, d, i, lifted.alone, row, p) > caps[name] + 1e-9]
        return [_reason(name, one, d, i, lifted.alone, row, facts, p) for name, row in rows]
    passed = [name for name, cap in caps.items() if _asked(name, one, d, i, lifted.all, i, p) > cap + 1e-9]
    several = [_reason(n, one, d, i, lifted.all, i, facts, p) for n in passed]
    others = len(passed) - 1
    also = f" {others} other limit{'s hold' if others > 1 else ' holds'} the same." if others > 0 else ""
    return [replace(r, what_would_change_it=f"{r.what_would_change_it}{also}") for r in several]


def _asked(
    name: str, one: StateArrays, d: DecisionArrays, i: int, freer: DecisionArrays, row: int, p: Parameters
) -> float:
    """What the freer decision asks for of the quantity that a cap is about, or what its level stands for, if that is
    more; of the usual week alone where both weeks are one."""
    level, track = max(int(freer.level[row]), 0), int(one.track[0])
    run, sessions = float(freer.run_min[row]), float(freer.sessions[row])
    if bool(off_ladder(one, np.array([min(level, int(d.level[i]))]), p)[0]):
        far = 60.0 * run * float(one.run_speed_m_s[0])
        return {"session": run, "bout": float(freer.bout_min[row]), "distance": far,
                "week": run + max(sessions - 1.0, 0.0) * float(freer.other_min[row])}[name]  # fmt: skip
    whole = float(ladder.RUN_MIN[track, level])
    other = float(other_min(np.array(whole), np.array(ladder.OTHER_MIN[track, level]), p))
    return {
        "session": max(run, whole),
        "bout": max(float(freer.bout_min[row]), float(ladder.BOUT_MIN[track, level])),
        "distance": float(session_distance_m(one)[0, level]) if level >= ladder.M1 else 0.0,
        "week": whole + max(sessions - 1.0, 0.0) * other,
    }[name]


def _reason(
    name: str, one: StateArrays, d: DecisionArrays, i: int, freer: DecisionArrays, row: int,
    facts: Mapping[str, Any], p: Parameters,
) -> Reason:  # fmt: skip
    asked, cap = _asked(name, one, d, i, freer, row, p), float(getattr(d, _CAP_OF[name])[i])
    wanted, most = _told(name, asked), _told(name, cap)
    if wanted == most and name != "distance":
        wanted, most = minutes(asked), minutes(cap)
    if wanted != most:
        most = f"{wanted} {_UNITS[name]}; {most} is the most that your last weeks support."
    else:
        most = f"a little more than {most} {_UNITS[name]}, which is the most that your last weeks support."
    if (part := float(facts.get("part_done", facts.get("done_share", 1.0)))) < 1.0:
        most = f"{most} About {part:.0%} of each planned run was done lately, and the limits follow what is done."
    step = _without_it(int(d.action[i]), int(freer.action[row]), int(d.level[i]) == int(freer.level[row]))
    return Reason(
        rule=f"cap_{name}",
        sentence=f"{step} {most}",
        observed=round(asked, 2),
        threshold=round(cap, 2),
        window="last 4 weeks" if name == "week" else f"last {p.longest_days} days",
        before=round(float(freer.week_min[row]), 2),
        after=round(float(d.week_min[i]), 2),
        binding=True,
        fired=True,
        evidence=_evidence(name, int(d.level[i])),
        activity_ids=_ids(name, facts),
        what_would_change_it=_what_raises(name, one, d, i, p),
    )


_RESTS_ON = {"session": "longest run", "bout": "longest run without a walk break", "distance": "farthest run",
             "week": "best week"}  # fmt: skip


def _what_raises(name: str, one: StateArrays, d: DecisionArrays, i: int, p: Parameters) -> str:
    """What moves a limit: this week's sessions where they hold more than it rests on, else what it rests on."""
    level = max(int(d.level[i]), 0)
    done, asked = {
        "session": (one.session_max_min, d.run_min[i]),
        "bout": (one.bout_max_min, d.bout_min[i]),
        "distance": (one.distance_max_m, session_distance_m(one)[0, level]),
        "week": (one.week_best_min, d.week_min[i]),
    }[name]
    window = "four weeks" if name == "week" else f"{p.longest_days} days"
    unit = "" if name == "distance" else " min"
    rests_on = f"follows your {_RESTS_ON[name]} of the last {window} ({_told(name, float(done[0]))}{unit})."
    if float(asked) > float(done[0]) + 1e-9:
        return f"Finishing this week's sessions raises the limit: it {rests_on}"
    return f"The limit {rests_on}"


def _told(name: str, value: float) -> str:
    """An amount as it is spoken of: minutes, or metres as kilometres."""
    return f"{value / 1000.0:.1f} km" if name == "distance" else f"{value:.0f}"


def _without_it(action: int, freer: int, same_level: bool) -> str:
    """How what would have been asked for is spoken of: a step only where one was earned, a further one only where the
    level would be another."""
    if freer != Action.ADVANCE:
        return "Without this limit the week would ask for"
    if action != Action.ADVANCE:
        return "The next step asks for"
    return "This step in full asks for" if same_level else "A step beyond this one asks for"


def _evidence(name: str, level: int) -> str:
    if name == "session":
        return "strong" if level >= ladder.M1 else "moderate"
    return {"bout": "practice", "distance": "strong", "week": "weak"}[name]


def _ids(name: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    ids: Sequence[str] = facts["ids"].get(name, ())
    return tuple(ids)
