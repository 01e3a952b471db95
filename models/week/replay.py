"""A published week decided again from what was stored with it."""

from __future__ import annotations

from dataclasses import replace

from steadymile.models.policy.build_state import State
from steadymile.models.policy.parameters import version_of
from steadymile.models.week.override import apply_changes
from steadymile.models.week.plan import build, inputs_hash
from steadymile.models.weekplan import WeekPlan


def replay(published: WeekPlan) -> WeekPlan:
    """A published week decided again from its stored state: the identical result, or something was changed.

    The hash is of the inputs as they were stored: fields of the state that came later are neutral and no part of it.
    """
    fresh = build(State.from_stored(published.state), published.status, version_of(published.policy_version))
    inputs = {name: published.state[name] for name in State.from_stored(published.state).stored()}
    return replace(apply_changes(fresh, published), inputs_hash=inputs_hash(inputs))
