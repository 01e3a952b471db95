"""Random states against the policy's invariants, as arrays: `python tests/models/policy_fuzz.py 200000`.

States and the ways in which they get worse are derived from the table of state fields (models/policy/state.py).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import session_distance_m
from steadymile.models.policy.decide import IN_FORCE, RULES, Parameters, decide
from steadymile.models.policy.decision import DecisionArrays
from steadymile.models.policy.rules.earning import credit_needed
from steadymile.models.policy.rules.rule import Rule
from steadymile.models.policy.state import Signal, StateArrays, signals
from steadymile.models.weekplan import Action

EPS = 1e-6
RARE = 0.06
Array = np.ndarray


def drawn(x: Signal, n: int, rng: np.random.Generator) -> Array:
    """Values of a field as its entry of the table bounds them: half of them neutral, bad news rare."""
    neutral = np.asarray(x.default)
    if neutral.dtype == bool:
        return rng.random(n) < (RARE if x.worse > 0 else 0.5)
    if neutral.dtype.kind == "i":
        wide = rng.integers(int(x.low), int(x.high) + 1, n)
    else:
        wide = rng.uniform(x.low, x.high, n)
        wide = np.where(rng.random(n) < 0.5, np.round(wide), wide)  # thresholds are met exactly, too
    usual = np.full(n, neutral, dtype=neutral.dtype)
    return np.where(rng.random(n) < 0.5, usual, wide).astype(neutral.dtype)


def related(n: int, rng: np.random.Generator) -> dict[str, Array]:
    """Fields that mean nothing without each other: places on the ladder, and minutes that belong to them."""
    track = rng.choice([0, 0, 0, 1, 2], n)
    top = np.where(track == 0, ladder.P6, np.where(track == 1, 7, rng.choice([22, 29, 36], n)))
    level = (rng.random(n) * (top + 1)).astype(int)
    run, bout = ladder.RUN_MIN[track, level], ladder.BOUT_MIN[track, level]
    usual = rng.uniform(30, 90, n)
    days = rng.integers(3, 7, n).astype(float)

    def some(share):
        return rng.random(n) < share

    return {
        "track": track, "top": top, "level": level,
        "k_last": np.clip(level + rng.integers(-6, 2, n), 0, top),
        "gap_base": np.clip(level + rng.integers(-1, 4, n), 0, top),
        "session_max_min": np.where(some(0.2), 0.0, run * rng.uniform(0.3, 1.6, n)),
        "bout_max_min": bout * rng.uniform(0.2, 1.6, n),
        "week_best_min": run * rng.uniform(0.0, 5.0, n),
        "established": some(0.1) & (level >= ladder.M7) & (track != 1),
        "usual_session_min": usual, "usual_long_min": usual * rng.uniform(1.0, 1.6, n),
        "usual_week_min": usual * days * rng.uniform(0.8, 1.2, n), "usual_days": days,
        "week_last_min": np.where(some(0.5), np.inf, usual * days * rng.uniform(0.5, 1.2, n)),
        "run_last_min": np.where(some(0.5), np.inf, run * rng.uniform(0.6, 1.2, n)),
        "bout_last_min": np.where(some(0.5), np.inf, bout * rng.uniform(0.6, 1.3, n)),
    }  # fmt: skip


def random_states(n: int, rng: np.random.Generator, table: type[StateArrays] = StateArrays) -> StateArrays:
    """States far wider than life: every level and track, every flag, all kinds of maxima."""
    free = {name: drawn(x, n, rng) for name, x in signals(table).items()}
    return table.make(n, **{**free, **related(n, rng)})


def worsened(x: Signal, now: Array, rng: np.random.Generator) -> Array:
    """Values of a field, each somewhere between what it is and the worst it can be."""
    if now.dtype == bool:
        return np.full(len(now), x.worse > 0)
    here = np.where(np.isinf(now), 4.0 * x.high, now)
    end = np.maximum(x.high, here) if x.worse > 0 else np.minimum(x.low, here)
    moved = here + (end - here) * rng.random(len(now))
    return (np.ceil(moved) if now.dtype.kind == "i" else moved).astype(now.dtype)


def worse(s: StateArrays, rng: np.random.Generator) -> Mapping[str, StateArrays]:
    """Each state with one signal worse than it was, for every field that has a worse direction."""
    table = signals(type(s))
    return {name: s.but(**{name: worsened(x, getattr(s, name), rng)}) for name, x in table.items() if x.worse}


TARGETS = (
    "run_min", "bout_min", "week_min", "gain_m", "heart_rate_ceiling_bpm", "earned", "action", "level", "sessions",
    "other_min", "descent_m",
)  # fmt: skip


def raised(before: DecisionArrays, after: DecisionArrays) -> dict[str, np.ndarray]:
    """Which athletes' targets went up; a ceiling that is gone (a stop) is the lowest."""
    out = {}
    for name in TARGETS:
        a, b = (np.nan_to_num(np.asarray(getattr(d, name), dtype=float), nan=-1.0) for d in (before, after))
        out[name] = b > a + EPS
    # The word of the action may change without its numbers: a capped advance is called a hold.
    out["action"] &= (before.action != Action.HOLD) | (after.action != Action.ADVANCE)
    return out


def fuzz(
    n: int,
    rng: np.random.Generator,
    rules: Sequence[Rule] = RULES,
    parameters: Parameters = IN_FORCE,
    table: type[StateArrays] = StateArrays,
) -> Counter[str]:
    """Violations of the invariants over n random states, by name; empty when all hold."""
    s = random_states(n, rng, table)
    d = decide(s, rules, parameters)
    bad: Counter[str] = Counter()
    for signal, changed in worse(s, rng).items():
        for target, up in raised(d, decide(changed, rules, parameters)).items():
            if up.any():
                bad[f"worse {signal} raises {target}"] += int(up.sum())
    for name, broken in {**caps_broken(s, d), **never_broken(s, d, parameters)}.items():
        if broken.any():
            bad[name] += int(broken.sum())
    return bad


def caps_broken(s: StateArrays, d: DecisionArrays) -> dict[str, np.ndarray]:
    """No plan breaks a cap."""
    level = np.maximum(d.level, 0)
    share = d.run_min / np.maximum(ladder.RUN_MIN[s.track, level], EPS)
    far = session_distance_m(s, share[:, None])[np.arange(s.n), level] > d.distance_cap_m + EPS
    return {
        "session cap": d.run_min > d.session_cap_min + EPS,
        "bout cap": d.bout_min > d.bout_cap_min + EPS,
        "week cap": d.week_min > d.week_cap_min + EPS,
        "distance cap": far & (level >= ladder.M1) & (d.run_min > 0) & ~s.established,
        "more runs than days": d.sessions > s.max_runs + EPS,
    }


def never_broken(s: StateArrays, d: DecisionArrays, p: Parameters) -> dict[str, np.ndarray]:
    """What must never happen, whatever the state."""
    stop = s.red_flag | s.stop_latched | (s.pain > p.pain_stop)
    running = (s.level >= ladder.J1) & (s.track != ladder.WALK)
    floor = running & (d.level <= d.floor)
    little = s.credit < credit_needed(s, p)
    level_bout = ladder.BOUT_MIN[s.track, np.minimum(np.maximum(d.level, 0) + 1, ladder.M7)]
    return {
        "stop dominates": stop & ((d.action != Action.STOP) | (d.week_min > 0) | (d.sessions > 0) | (d.walks > 0)),
        "advance without credit": little & (d.action == Action.ADVANCE),
        "credit 0 raises": (s.credit <= 0) & (d.level > s.k_last) & ~floor,
        "jump over two": (d.level > s.k_last + 2) & ~floor,
        "earned jumps over two": d.earned > s.level + 2,
        "no session, advance": (s.sessions_7d <= 0) & (d.action == Action.ADVANCE),
        "not a number": np.isnan(d.run_min + d.bout_min + d.week_min + d.gain_m + d.walks),
        "negative": (d.run_min < 0) | (d.week_min < 0) | (d.sessions < 0) | (d.walks < 0),
        "level outside": (d.level > s.top) | (d.earned < 0) | (d.earned > s.top),
        "clearance": s.needs_clearance & (d.run_min > 0),
        "bout beyond the next level": (d.bout_min > level_bout + EPS) & (d.level < ladder.M7) & ~s.established,
        "a week of a back-off is longer in bouts than its level": (d.action < Action.HOLD)
        & (d.bout_min > ladder.BOUT_MIN[s.track, np.maximum(d.level, 0)] + EPS)
        & ~s.established,
        "gain with duration": (d.gain_factor > 1.0) & (d.level > s.k_last) & (d.run_min > 30.0) & ~s.established,
    }


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    generator = np.random.default_rng(2026)
    found: Counter[str] = Counter()
    for _ in range(max(1, total // 20_000)):
        found += fuzz(min(total, 20_000), generator)
    sys.stdout.write(f"{total} random states, {sum(found.values())} violations\n")
    for name, count in found.most_common():
        sys.stdout.write(f"  {count:8d}  {name}\n")
    sys.exit(1 if found else 0)
