"""Random states against the policy's invariants, as arrays: `python tests/models/policy_fuzz.py 200000`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import session_distance_m
from steadymile.models.policy.decide import RULES, V2, Parameters, decide
from steadymile.models.policy.rules import Rule, credit_needed
from steadymile.models.policy.state import DecisionArrays, StateArrays
from steadymile.models.weekplan import Action

EPS = 1e-6


def random_states(n: int, rng: np.random.Generator) -> StateArrays:
    """States far wider than life: every level and track, every flag, all kinds of maxima."""
    track = rng.choice([0, 0, 0, 1, 2], n)
    top = np.where(track == 0, ladder.P6, np.where(track == 1, 7, rng.choice([22, 29, 36], n)))
    level = (rng.random(n) * (top + 1)).astype(int)
    run = ladder.RUN_MIN[track, level]
    established = (rng.random(n) < 0.1) & (level >= ladder.M7) & (track != 1)
    usual = rng.uniform(30, 90, n)
    days = rng.integers(3, 7, n).astype(float)
    flag = lambda share: rng.random(n) < share  # noqa: E731
    return StateArrays.make(
        n, track=track, top=top, level=level, k_last=np.clip(level + rng.integers(-6, 2, n), 0, top),
        gap_base=np.clip(level + rng.integers(-1, 4, n), 0, top), days_at_level=rng.integers(0, 40, n).astype(float),
        credit=rng.integers(0, 19, n) * 0.5, comfort=rng.random(n), gate=flag(0.2),
        answered=flag(0.6), mile_done=flag(0.4), fat_upper=rng.random(n),
        coverage=rng.choice([0.0, 0.3, 1.0], n), pain=rng.choice([0.0, 0, 0, 1, 2, 3, 4, 5, 6, 9], n),
        pain_persist=flag(0.1), red_flag=flag(0.03), ill=flag(0.08), stop_latched=flag(0.04), walk_due=flag(0.04),
        restart=flag(0.05), stop_recent=flag(0.08), after_illness=flag(0.06), needs_clearance=flag(0.04),
        unsynced=flag(0.06), days_since_run=rng.choice([0.0, 2, 5, 6, 7, 10, 14, 20, 28, 40, 56, 90], n),
        walk_ok=flag(0.5), sessions_7d=rng.choice([0.0, 1, 3], n), low_weeks=rng.integers(0, 6, n),
        consecutive_advances=rng.integers(0, 6, n), prev_back_off=flag(0.2), overshoot=flag(0.08),
        comfort_holds=rng.integers(0, 4, n), session_max_min=np.where(flag(0.2), 0.0, run * rng.uniform(0.3, 1.6, n)),
        bout_max_min=ladder.BOUT_MIN[track, level] * rng.uniform(0.2, 1.6, n),
        distance_max_m=rng.choice([0.0, 1500, 3000, 5000, 9000, 21000, np.inf], n),
        week_best_min=run * rng.uniform(0.0, 5.0, n), heavy_first_week=flag(0.05),
        max_runs=rng.integers(1, 8, n).astype(float), run_speed_m_s=rng.uniform(1.6, 4.0, n),
        walk_speed_m_s=rng.uniform(0.9, 1.8, n), heart_rate_rest_bpm=rng.uniform(45, 80, n),
        heart_rate_max_bpm=rng.uniform(150, 205, n), vt1=rng.uniform(0.3, 0.85, n),
        gain_mean_4w_m=rng.choice([0.0, 10, 60, 400], n), descent_max_30d_m=rng.choice([0.0, 30, 300], n),
        established=established, usual_session_min=usual, usual_long_min=usual * rng.uniform(1.0, 1.6, n),
        usual_week_min=usual * days * rng.uniform(0.8, 1.2, n), usual_days=days,
        week_last_min=np.where(flag(0.5), np.inf, usual * days * rng.uniform(0.5, 1.2, n)),
        run_last_min=np.where(flag(0.5), np.inf, run * rng.uniform(0.6, 1.2, n)),
        bout_last_min=np.where(flag(0.5), np.inf, ladder.BOUT_MIN[track, level] * rng.uniform(0.6, 1.3, n)),
    )  # fmt: skip


def worse(s: StateArrays, rng: np.random.Generator) -> dict[str, StateArrays]:
    """Each state with one signal worse than it was."""
    n = s.n

    def but(**changed: Any) -> StateArrays:
        return StateArrays(**{f: changed.get(f, getattr(s, f)) for f in StateArrays.__dataclass_fields__})

    yes = np.ones(n, dtype=bool)
    flags = ("pain_persist", "red_flag", "ill", "stop_latched", "walk_due", "restart", "stop_recent", "after_illness",
             "needs_clearance", "unsynced", "overshoot", "prev_back_off", "gate")  # fmt: skip
    lower = ("session_max_min", "bout_max_min", "week_best_min", "comfort", "credit")
    out = {name: but(**{name: yes}) for name in flags}
    for name in lower:
        out[name] = but(**{name: getattr(s, name) * rng.random(n)})
    far = np.where(np.isinf(s.distance_max_m), 1e5, s.distance_max_m)
    return out | {
        "distance_max_m": but(distance_max_m=far * rng.random(n)),
        "fat_upper": but(fat_upper=s.fat_upper + (1 - s.fat_upper) * rng.random(n)),
        "pain": but(pain=np.minimum(10.0, s.pain + rng.integers(0, 8, n))),
        "days_since_run": but(days_since_run=s.days_since_run + rng.integers(0, 60, n)),
        "low_weeks": but(low_weeks=s.low_weeks + rng.integers(0, 4, n)),
        "walk_ok": but(walk_ok=np.zeros(n, dtype=bool)),
        "coverage": but(coverage=np.zeros(n)),
        "answered": but(answered=np.zeros(n, dtype=bool)),
        "sessions_7d": but(sessions_7d=np.zeros(n)),
        "consecutive_advances": but(consecutive_advances=s.consecutive_advances + rng.integers(0, 4, n)),
    }


TARGETS = ("run_min", "bout_min", "week_min", "gain_m", "heart_rate_ceiling_bpm", "earned", "action")


def raised(before: DecisionArrays, after: DecisionArrays) -> dict[str, np.ndarray]:
    """Which athletes' targets went up; a ceiling that is gone (a stop) is the lowest."""
    out = {}
    for name in TARGETS:
        a, b = (np.nan_to_num(np.asarray(getattr(d, name), dtype=float), nan=-1.0) for d in (before, after))
        out[name] = b > a + EPS
    # The word of the action may change without its numbers: a capped advance is called a hold.
    out["action"] &= (before.action != Action.HOLD) | (after.action != Action.ADVANCE)
    return out


def fuzz(n: int, rng: np.random.Generator, rules: Sequence[Rule] = RULES, parameters: Parameters = V2) -> Counter[str]:
    """Violations of the invariants over n random states, by name; empty when all hold."""
    s = random_states(n, rng)
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
    far = session_distance_m(s)[np.arange(s.n), level] > d.distance_cap_m + EPS
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
