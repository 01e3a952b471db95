"""The memory on the track of today's goal, and with years of files that came after the first plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from steadymile.models.athlete import Facts
from steadymile.models.policy import ladder
from steadymile.models.policy.memory import policy_memory as memory
from steadymile.models.policy.memory.policy_memory import Memory
from steadymile.models.policy.memory.replay_weeks import decision_of
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training.matching import MatchedSession
from steadymile.models.policy.training.placement import Entry, entry_of, track_of
from steadymile.models.week.goals import top_level
from steadymile.models.weekplan import WeekPlan


def late_entry(
    m: Memory, matched: Sequence[MatchedSession], facts: Facts, entry_level: int, entry_on: date, p: Parameters
) -> tuple[Memory, int]:
    """Years of files that arrive after the first plan still count for where someone enters."""
    before = [x for x in matched if x.session.local_day <= entry_on]
    if not before or (seen := entry_of(before, facts, entry_on, p)).level <= entry_level:
        return m, entry_level
    known = seen.level
    up = known - entry_level
    if seen.track != int(m.track[0]) and int(m.level[0]) <= ladder.M7:
        m = replace(m, track=np.full(1, seen.track), top=np.full(1, seen.top))
    most = m.top
    return replace(
        m,
        level=np.minimum(m.level + up, most),
        k_last=np.minimum(m.k_last + up, most),
        gap_base=np.minimum(m.gap_base + up, most),
        run_last_min=np.full(1, np.inf),
        bout_last_min=np.full(1, np.inf),
        week_last_min=np.full(1, np.inf),
    ), known


def left_running(published: Sequence[WeekPlan], entry: Entry) -> Memory:
    """Where who walked for a while left running: at what the runs of before carry, and never above what the last plan
    with another goal than walking left, so that a week of walks is no way around steps down."""
    carried = memory.initial(1, entry.level, entry.track, entry.top)
    plans = (p for p in reversed(published) if p.state.get("memory", {}).get("track", ladder.WALK) != ladder.WALK)
    last = next(plans, None)
    if last is None:
        return carried
    left = memory.after_decision(Memory.from_scalars(last.state["memory"]), decision_of(last.state["decision"]))
    most = np.array([entry.level if int(left.track[0]) == entry.track else min(entry.level, ladder.M7)])
    level, last_level, base = (np.minimum(x, most) for x in (left.level, left.k_last, left.gap_base))
    return replace(carried, level=level, k_last=last_level, gap_base=base)


def on_goal(
    m: Memory,
    facts: Facts,
    run_speed_m_s: float | None,
    left: Memory | None = None,
    since_run_days: float = np.inf,
    p: Parameters = IN_FORCE,
) -> Memory:
    """The memory on the track of today's goal: a changed goal keeps the level as far as the new track knows it. Who
    walked for a while and wants to run again goes on from the runs of before (`left`, see `left_running`), as
    after a pause of that length; after a stop since the last run, as in the first week after every stop."""
    if facts.goal is None:  # nothing asks for another way than the one they are on
        return m
    track, top = track_of(facts.goal)[0], top_level(facts.goal, run_speed_m_s, p)
    if int(m.track[0]) == track and int(m.top[0]) == top:
        return m
    old = int(m.track[0])
    if old == ladder.WALK and left is not None and int(left.level[0]) > 1:
        unused = (m.quiet_days < since_run_days) & ~(m.stop_latched | m.injured | m.walk_due | (m.walk_weeks > 0))
        return replace(
            m, track=np.array([track]), top=np.maximum(top, left.level), level=left.level, k_last=left.k_last,
            gap_base=left.gap_base, credits=np.zeros_like(m.credits), run_last_min=left.run_last_min,
            bout_last_min=left.bout_last_min, week_last_min=left.week_last_min, restart=m.restart | unused,
            quiet_days=np.where(unused, 0.0, m.quiet_days),
        )  # fmt: skip

    def moved(index: int) -> int:
        if old == track:
            return min(index, max(top, index))
        if ladder.WALK in (old, track):
            return min(index, 1)
        return min(index, ladder.M7)

    level, last, base = (moved(int(x[0])) for x in (m.level, m.k_last, m.gap_base))
    return replace(
        m, track=np.array([track]), top=np.array([max(top, level)]), level=np.array([level]),
        k_last=np.array([last]), gap_base=np.array([base]),
    )  # fmt: skip
