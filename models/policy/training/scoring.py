"""What a session is worth: how comfortable it was, whether it was too hard to count, and the credit that it earns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from steadymile.models.physiology.comfort import (
    TALK,
    comfort,
    comfort_arrays,
    hard_answer,
    talk_value,
    too_short_to_talk,
)
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training.completion import done_share
from steadymile.models.policy.training.matching import MatchedSession


@dataclass(frozen=True, slots=True)
class Scored:
    """A matched session with its comfort (0..1), its gate, the credit it earns, whether enough was told of it, and
    whether it was said not to have been easy."""

    matched: MatchedSession
    comfort: float
    gate: bool
    credit: float
    answered: bool = True
    hard: bool = False


def score(matched: Sequence[MatchedSession], p: Parameters = IN_FORCE) -> list[Scored]:
    """Comfort and credit of sessions. Extras and sessions without a plan earn nothing; walks earn when 80 % were
    done at an easy effort."""
    if not matched:
        return []

    def column(values: Any) -> np.ndarray:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    talk = column(talk_value(m.session.talk, _asked_of_s(m), p) for m in matched)
    rpe = column(m.session.rpe for m in matched)
    hard = hard_answer(talk, rpe, p)
    c = comfort_arrays(
        talk,
        rpe,
        column(m.session.share_above_ceiling for m in matched),
        column(m.completion for m in matched),
        column(m.session.feel for m in matched),
        column(m.session.own_decoupling_pct for m in matched),
        p,
        np.array([too_short_to_talk(_asked_of_s(m), p) for m in matched]),
    )
    enough = c.evidence >= p.enough_evidence
    columns = (c.score.tolist(), c.gate.tolist(), c.credit.tolist(), enough.tolist(), hard.tolist())
    out = []
    for m, comfortable, gate, credit, answered, uneasy in zip(matched, *columns):
        if m.planned is None or m.extra:
            credit = 0.0
        elif m.foot != "run":
            credit = _walk_credit(m, gate, p)
        elif gate and answered and not uneasy and comfortable >= p.comfortable:
            credit = _usual_share_credit(m, matched, p)
        out.append(Scored(m, comfortable, gate, credit, answered, uneasy))
    return out


def felt_too_hard(s: Scored, p: Parameters = IN_FORCE) -> bool:
    """Whether somebody or something said that a session was too hard; one that was cut short says nothing of it."""
    done = s.matched.session
    return comfort(done.talk, done.rpe, done.share_above_ceiling, longest_bout_s=_asked_of_s(s.matched), p=p).gate


def could_not_talk(s: Scored, p: Parameters = IN_FORCE) -> bool:
    """Whether somebody said that talking was not possible (up to version 3.2: in a bout long enough to tell)."""
    return talk_value(s.matched.session.talk, _asked_of_s(s.matched), p) == 0.0


def could_barely_talk(s: Scored, p: Parameters = IN_FORCE) -> bool:
    """Whether somebody said that talking was barely possible, or not."""
    value = talk_value(s.matched.session.talk, _asked_of_s(s.matched), p)
    return value is not None and value < TALK["yes"]


def _asked_of_s(m: MatchedSession) -> float | None:
    """Seconds of the longest bout that the talk answer is about: of running in a run, of walking in a walk."""
    minutes = m.bout_min if m.foot == "run" else m.session.total_min
    return None if minutes is None else minutes * 60.0


def _walk_credit(m: MatchedSession, gate: bool, p: Parameters) -> float:
    easy = m.session.rpe is None or m.session.rpe <= p.walk_effort
    return 1.0 if (m.completion or 0.0) >= p.walk_share and easy and not (gate and m.session.talk == "no") else 0.0


def _usual_share_credit(m: MatchedSession, matched: Sequence[MatchedSession], p: Parameters) -> float:
    """What a run earns that felt fine and of which as much was done as this person usually does of a plan: who never
    does the whole is led on from what is done. Nothing for the first such runs, nor for less than usual."""
    if not p.credit_usual_share or (m.session.rpe or 0.0) >= p.gate_effort:
        return 0.0
    usual = done_share(matched, m.session.local_day, p)
    return p.credit_usual_share if usual < 1.0 and (m.completion or 0.0) >= p.complete * usual else 0.0


def stands_for_walk(s: Scored, p: Parameters) -> bool:
    """In walking weeks a run of a quarter of an hour does more than the walk it replaces: a runner who does not
    follow the plan must not be read as someone who does nothing, or would be kept walking for ever."""
    done = s.matched.session
    return done.foot == "run" and s.matched.planned is None and done.total_min >= p.run_for_walk_min


def credit_towards(s: Scored, walking: bool, p: Parameters = IN_FORCE) -> float:
    """What a session counts towards the next step: runs for running, walks (or what stands for one) for walking."""
    if walking and stands_for_walk(s, p):
        return float(not s.gate)
    return s.credit if (s.matched.foot == "run") != walking else 0.0
