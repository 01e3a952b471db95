"""A published week decided again from what was stored with it."""

from __future__ import annotations

from steadymile.models.policy.build_state import State
from steadymile.models.policy.parameters import version_of
from steadymile.models.week.override import apply_changes
from steadymile.models.week.plan import build
from steadymile.models.weekplan import WeekPlan


def replay(published: WeekPlan) -> WeekPlan:
    """A published week decided again from its stored state: the identical result, or something was changed."""
    fresh = build(State.from_stored(published.state), published.status, version_of(published.policy_version))
    return apply_changes(fresh, published)
