"""How comfortable a session was, how much is known of it, and what it earns (docs/science.md 4.4).

Arrays over sessions or athletes, NaN where unknown; `comfort` is the same for one session with None for unknown.
Non-increasing in effort, share above the ceiling and decoupling; non-decreasing in talk, completion and feel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from steadymile.models.policy.parameters import IN_FORCE, Parameters

TALK = {"yes": 1.0, "equivocal": 0.5, "no": 0.0}


@dataclass(frozen=True, slots=True)
class SessionComfort:
    """Comfort of one session: `score` 0 (awful) to 1 (easy), `evidence` the weight of what was known, `gate` True
    forbids progress, `credit` 0 to 1 towards the next level."""

    score: float
    evidence: float
    gate: bool
    credit: float


@dataclass(frozen=True, slots=True)
class Comfort:
    """Comfort of many sessions: arrays of what SessionComfort holds."""

    score: np.ndarray
    evidence: np.ndarray
    gate: np.ndarray
    credit: np.ndarray

    def of(self, i: int) -> SessionComfort:
        """The comfort of one of them."""
        return SessionComfort(float(self.score[i]), float(self.evidence[i]), bool(self.gate[i]), float(self.credit[i]))


def comfort_arrays(
    talk: np.ndarray,
    rpe: np.ndarray,
    share_above: np.ndarray,
    completion: np.ndarray,
    feel: np.ndarray,
    decoupling_pct: np.ndarray,
    p: Parameters = IN_FORCE,
    short: np.ndarray | bool = False,
) -> Comfort:
    """Comfort of many sessions. `talk` 1 yes, 0.5 equivocal, 0 no; `rpe` CR10; shares 0..1; `feel` 0-100. Of `short`
    ones, too short for the talk test, what was said of talking only ever counts against them."""
    known = np.broadcast_to(np.asarray(short), talk.shape) & ~np.isnan(talk)
    if known.any():
        others = (rpe, share_above, completion, feel, decoupling_pct)
        without = comfort_arrays(np.where(known, np.nan, talk), *others, p)
        heard = comfort_arrays(talk, *others, p)
        return Comfort(
            np.minimum(heard.score, without.score), without.evidence, heard.gate | without.gate,
            np.minimum(heard.credit, without.credit),
        )  # fmt: skip
    # Having finished says nothing against an answer.
    counts = p.counts_completion | (np.isnan(talk) & np.isnan(rpe))
    completes = np.where(counts, completion, np.nan)
    items = (
        (p.weight_talk, talk),
        (p.weight_effort, _share((p.effort_awful - rpe) / (p.effort_awful - p.effort_easy))),
        (p.weight_above, 1.0 - _share(share_above / p.above_awful)),
        (p.weight_done, _share((completes - p.done_awful) / (p.done_whole - p.done_awful))),
        (p.weight_feel, _share(feel / 100.0)),
        (p.weight_drift, _share((p.drift_awful - decoupling_pct) / (p.drift_awful - p.drift_easy))),
    )
    evidence = np.asarray(sum(w * ~np.isnan(c) for w, c in items))
    points = np.asarray(sum(w * np.where(np.isnan(c), 0.0, c) for w, c in items))
    score = (points + p.weight_unknown * p.comfort_unknown) / (evidence + p.weight_unknown)
    # Comparisons with NaN are False: a missing answer closes no gate and completes nothing.
    gate = (
        ((talk == 0.0) & (np.isnan(rpe) | (rpe >= p.gate_effort_with_talk)))
        | (rpe >= p.gate_effort)
        | (completion < p.gate_completion)
    )
    complete = completion >= p.complete
    enough = evidence >= p.enough_evidence
    earned = np.where(
        enough,
        np.where(score >= p.comfortable - 1e-9, 1.0, np.where(complete, p.credit_uncomfortable, 0.0)),
        np.where(complete, p.credit_little_evidence, 0.0),
    )
    earned = np.where(_rather_hard(talk, rpe, p), np.minimum(earned, p.credit_uncomfortable), earned)
    return Comfort(score, evidence, gate, np.where(gate, 0.0, earned))


def _rather_hard(talk: np.ndarray, rpe: np.ndarray, p: Parameters) -> np.ndarray:
    """Whether both answers say that a session was at the edge: talking barely possible, and effort of 6 or more."""
    return np.asarray((rpe >= p.rather_hard_effort) & (talk <= TALK["equivocal"]))


def _share(x: np.ndarray) -> np.ndarray:
    """Cut to 0..1; NaN stays."""
    return np.minimum(np.maximum(x, 0.0), 1.0)


def hard_answer(talk: np.ndarray, rpe: np.ndarray, p: Parameters = IN_FORCE) -> np.ndarray:
    """Whether somebody said that a session was hard: above 6 of 10, or that talking was not possible, or barely at 6.
    NaN says nothing. After such an answer nobody goes two steps at once: bad news must not give more than none."""
    return np.asarray((rpe > p.not_easy_effort) | (talk <= TALK["no"]) | _rather_hard(talk, rpe, p))


def too_short_to_talk(longest_bout_s: float | None, p: Parameters = IN_FORCE) -> bool:
    """Whether no bout lasted the two minutes that the talk test takes to turn negative above the threshold; a bout of
    which nothing is known may have."""
    return longest_bout_s is not None and longest_bout_s < p.shortest_talk_s


def talk_value(talk_test: str | None, longest_bout_s: float | None = None, p: Parameters = IN_FORCE) -> float | None:
    """The talk answer as a number; None when not given, or when no bout lasted the two minutes it needs: in those only
    bad news counts, up to version 3.2 nothing."""
    value = TALK.get(talk_test or "")
    if too_short_to_talk(longest_bout_s, p) and not (p.short_talk and value is not None and value < TALK["yes"]):
        return None
    return value


def comfort(
    talk: str | None = None,
    rpe: float | None = None,
    share_above: float | None = None,
    completion: float | None = None,
    feel: float | None = None,
    decoupling_pct: float | None = None,
    longest_bout_s: float | None = None,
    p: Parameters = IN_FORCE,
) -> SessionComfort:
    """Comfort of one session; None is unknown and counts neither way."""
    values = (talk_value(talk, longest_bout_s, p), rpe, share_above, completion, feel, decoupling_pct)
    columns = [np.array([np.nan if v is None else v], dtype=np.float64) for v in values]
    talked, effort, above, completed, felt, drift = columns
    return comfort_arrays(talked, effort, above, completed, felt, drift, p, too_short_to_talk(longest_bout_s, p)).of(0)
