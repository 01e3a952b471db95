"""What a coach or the runner wants instead: lower at will, higher only as far as the limits go, never past a stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
from steadymile.models.explain import reasons
from steadymile.models.explain.leads import BY_HAND, beside_model, by_hand
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import State
from steadymile.models.policy.caps import Caps, caps_of, highest_allowed, other_min
from steadymile.models.policy.parameters import Parameters, version_of
from steadymile.models.policy.training.matching import monday_of
from steadymile.models.spelled import days
from steadymile.models.week import layout, plan
from steadymile.models.week.edits import Lower, Rest, Walk, base_of, edit_of, edited, with_edits
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, WeekPlan

SHARES, DAYS = 40, 7
Override = Mapping[str, Any]


class OverrideRefused(ValueError):
    """An override that may not be: it would run through a stop, or there is no such level."""


def apply_changes(fresh: WeekPlan, published: WeekPlan) -> WeekPlan:
    """A week decided again, with the override, the changes and the revision of the published one put back."""
    out, changes = fresh, published.state.get("changes", [])
    if published.override is not None:
        out = apply_override(out, published.override)
        changes = _but_words(changes, int(published.override.get("after", 0)))
    return replace(
        with_edits(out, [edit_of(c) for c in changes]) if changes else out,
        state=published.state,
        revision=published.revision,
        revision_reason=published.revision_reason,
    )


def apply_override(published: WeekPlan, override: Override) -> WeekPlan:
    """A week as its coach or runner wants it: `who`, `why`, `at` when it was said, and `level`, `sessions`, `share` of
    the minutes or `run_min` of running in all.

    Anything may be lowered; a level is raised only as far as the limits go, and not while the week is eased; nothing
    passes a stop. Within the week the days that are past stay, and what is left changes on its own days. The model's
    own choice stays in `override["model"]`; what the week's own days eased stays eased.
    """
    p = version_of(published.policy_version)
    if published.action == Action.STOP:
        calm = f"{days(p.pain_calm_days)} with little pain, reported; after a warning sign, a professional's word."
        way = next((r.what_would_change_it for r in published.reasons if r.fired and r.what_would_change_it), "")
        raise OverrideRefused(
            "This week stops running for pain or a warning sign, and nobody can override that. What lifts it: "
            f"{way or calm}"
        )
    state, base = State.from_stored(published.state), base_of(published)
    chosen = plan.chosen_of(state.signals, plan.decide(state.signals, parameters=p), 0, p)
    unwell = chosen.sore or chosen.ill or published.action != base.action
    held = bool(override.get("held", published.action == Action.BACK_OFF and unwell))
    changes = published.state.get("changes", [])
    wanted = _wanted(chosen, state, override, held, p)
    # overrides that were published before strength stayed are laid out again as they were
    keeps_strength = bool(override.get("keeps_strength", "headline" not in override))
    whole_bouts = not override.get("shortens", "headline" not in override)  # likewise
    plain = bool(override.get("plain", p.easy_when_eased and "headline" not in override))  # likewise
    day = _day_of(override)
    if day is not None and 0 < (day - monday_of(published.week)).days < DAYS:
        planned = _what_is_left(base, wanted, state, override, day, whole_bouts, plain)
    else:
        planned = _laid_out(wanted, state, override)
        planned = _with_strength(planned, base) if keeps_strength else planned
    low, high = layout.load_range(planned, state.facts, p)
    model = override.get("model") or (published.override or {}).get("model") or {
        "action": base.action.word, "level": base.level, "run_min": base.run_min, "sessions": base.sessions,
        "headline": base.headline, "lead": base.lead,
    }  # fmt: skip
    done = replace(
        base,
        level=wanted.level_id,
        planned=planned,
        load_low=low,
        load_high=high,
        revision=published.revision + 1,
        revision_reason=by_hand(override),
        override={
            **override,
            "model": model,
            "held": held,
            **({"keeps_strength": True} if keeps_strength else {}),
            **{name: True for name, now in (("shortens", not whole_bouts), ("plain", plain)) if now},
            "after": override.get("after", len(changes)),
        },
        state=published.state,
        **plan.totals(planned),
    )
    done = with_edits(done, [edit_of(c) for c in _but_words(changes, len(changes))])
    told = beside_model(f"{by_hand(override)}. {_what_comes(done, day)}", model["headline"])
    told = str(override.get("headline", told))
    return replace(done, headline=told, lead=BY_HAND, override={**(done.override or {}), "headline": told})


def without_later(published: WeekPlan, first: int) -> WeekPlan:
    """The week with its override as said after so many changes, where those that it was said after are taken back: its
    headline is of the week that is left, and hides none of a change to come."""
    mine = published.override
    if mine is None or int(mine.get("after", 0)) <= first:
        return published
    fresh = "headline" not in mine
    plain = fresh and version_of(published.policy_version).easy_when_eased
    mine = {"keeps_strength": fresh, "shortens": fresh, "plain": plain, **mine, "after": first}
    return replace(published, override={k: v for k, v in mine.items() if k != "headline"})


def _what_comes(week: WeekPlan, day: date | None) -> str:
    """What the headline says comes next: of a week under way what is left of it, else the whole week."""
    under_way = day is not None and 0 <= (day - monday_of(week.week)).days < DAYS
    left = [p for p in week.planned if day is None or not under_way or p.day >= day]
    if any(p.run_min or p.steps for p in week.planned) and not any(p.run_min or p.steps for p in left):
        return "The rest of the week is free of running."
    return reasons.next_in_words(left)


def _with_strength(planned: Sequence[PlannedSession], base: WeekPlan) -> tuple[PlannedSession, ...]:
    """The laid out week with the strength sessions that it had: less running is no reason to lift less."""
    had = [p for p in base.planned if p.kind == "strength"]
    if not had or base.action == Action.STOP:
        return tuple(planned)
    days = {p.day for p in had}
    kept = [p for p in planned if p.kind != "strength" and not (p.kind == "rest" and p.day in days)]
    return tuple(sorted((*kept, *had), key=lambda p: (p.day, layout.ORDER[p.kind])))


def _but_words(changes: Sequence[Mapping[str, Any]], first: int) -> list[Mapping[str, Any]]:
    """The changes, without the headlines of the first so many: an override has told its own since."""
    return [c for i, c in enumerate(changes) if i >= first or c["do"] != "tell"]


def _day_of(override: Override) -> date | None:
    """The day on which it was said, None where that is not known."""
    return datetime.fromisoformat(override["at"]).date() if override.get("at") else None


def _laid_out(c: layout.Chosen, state: State, override: Override) -> tuple[PlannedSession, ...]:
    """The whole week; with `run_min` the one whose running comes nearest to it, in whole bouts and half minutes."""
    if override.get("run_min") is None:
        return layout.lay_out(c, state.facts)
    weeks = [layout.lay_out(_shared(c, share / SHARES), state.facts) for share in range(SHARES + 1)]
    return min(weeks, key=lambda planned: abs(_run_min(planned) - float(override["run_min"])))


def _what_is_left(
    base: WeekPlan,
    wanted: layout.Chosen,
    state: State,
    override: Override,
    day: date,
    whole_bouts: bool,
    plain: bool,
) -> tuple[PlannedSession, ...]:
    """The week with what is left from a day on as it is wanted, on the days that it has: no run longer than it was,
    but for a level that is raised."""
    easy_min = round(float(base.state["decision"]["bout_min"]), 2) if plain else None
    past = [p for p in base.planned if p.day < day]
    left = [p for p in base.planned if p.day >= day]
    least = version_of(base.policy_version).walk_below
    if override.get("level"):
        left = _at_level(base, left, wanted, state)
    if override.get("sessions") is not None:
        more = max(0, int(override["sessions"]) - sum(p.kind in RUN_KINDS for p in past))
        runs = [p for p in left if p.kind in RUN_KINDS]
        left = [edited(p, Rest(p.day, p.kind)) if p in runs[more:] else p for p in left]
    share = override.get("share")
    if override.get("run_min") is not None and (rest := _run_min(left)) > 0:
        share = max(0.0, float(override["run_min"]) - _run_min(past)) / rest
    if share is not None:
        left = [_lower(p, min(1.0, float(share)), whole_bouts, least, easy_min) for p in left]
    over = _run_min(past) + _run_min(left) - float(base.state["decision"]["week_cap_min"])
    if over > 0 and (rest := _run_min(left)) > 0:
        left = [_lower(p, max(0.0, 1.0 - over / rest), whole_bouts, least, easy_min) for p in left]
    return tuple(sorted((*past, *left), key=lambda p: (p.day, layout.ORDER[p.kind])))


def _at_level(
    base: WeekPlan, left: Sequence[PlannedSession], wanted: layout.Chosen, state: State
) -> list[PlannedSession]:
    """What is left, its runs as the wanted level has the last of its own, on the days that the week has; runs that it
    has not become walks."""
    raised = wanted.level > int(base.state["decision"]["level"])
    past = sum(p.kind in RUN_KINDS for p in base.planned) - sum(p.kind in RUN_KINDS for p in left)
    level = [p for p in layout.lay_out(wanted, state.facts) if p.kind in RUN_KINDS][past:]
    out = []
    for p in left:
        if p.kind not in RUN_KINDS:
            out.append(p)
            continue
        other = level.pop(0) if level else None
        if other is None:
            out.append(edited(p, Walk(p.day, p.kind)))
        else:
            out.append(replace(other, day=p.day) if raised or other.run_min <= p.run_min else p)
    return out


def _lower(
    p: PlannedSession, share: float, whole_bouts: bool, least: float, easy_min: float | None
) -> PlannedSession:  # fmt: skip
    if p.kind not in RUN_KINDS or share >= 1.0:
        return p
    shorter = Lower(p.day, p.kind, share, whole_bouts=whole_bouts, easy_min=easy_min)
    return edited(p, shorter if share >= least else Rest(p.day, p.kind))


def _run_min(planned: Sequence[PlannedSession]) -> float:
    return sum(p.run_min for p in planned if p.kind in RUN_KINDS)


def _wanted(c: layout.Chosen, state: State, override: Override, held: bool, p: Parameters) -> layout.Chosen:
    """The decision as it is wanted, within the limits; where the week is `held` nothing of it grows."""
    caps = caps_of(state.signals, p)
    if override.get("level") and c.established:
        raise OverrideRefused("An established runner's week has no level. Change its `sessions` or its `share`.")
    if override.get("level"):
        c = _with_level(c, state, str(override["level"]), caps, held, p)
    if override.get("sessions") is not None:
        n = max(0, min(int(override["sessions"]), c.sessions))
        c = replace(c, sessions=n, week_min=min(c.week_min, c.run_min + max(0, n - 1) * c.other_min) if n else 0.0)
    if override.get("share") is not None:
        c = _shared(c, float(override["share"]))
    return c


def _with_level(
    c: layout.Chosen, state: State, name: str, caps: Caps, held: bool, p: Parameters
) -> layout.Chosen:  # fmt: skip
    asked = ladder.index_of(c.track, name)
    if asked is None:
        raise OverrideRefused(f"There is no level {name}. Levels go from W1 to {ladder.LEVELS[c.track][-1].id}.")
    most = np.array([max(asked, 0)])
    if bool(state.signals.needs_clearance[0]) or _walks_first(state):
        most = np.minimum(most, 1)
    if held:
        most = np.minimum(most, max(c.level, 0))
    k = int(highest_allowed(state.signals, most, caps, p)[0])
    level = ladder.level_of(c.track, k)
    sessions = min(level.sessions, int(state.signals.max_runs[0])) if level.run_min else 0
    run = min(level.run_min, float(caps.session_min[0]))
    bout = min(level.longest_bout_min, float(caps.bout_min[0]))
    own = level.other_min if level.other_min is not None else level.run_min
    other = float(other_min(np.array(run), np.array(own), p))
    whole = min(run + max(0, sessions - 1) * other, float(caps.week_min[0]))
    if held or k <= c.level:  # a level below is never more of anything
        run, other, bout = min(run, c.run_min), min(other, c.other_min), min(bout, c.bout_min)
        sessions, whole = min(sessions, c.sessions), min(whole, c.week_min)
    walks, walk_min = level.walks, level.walk_min
    if _walks_first(state):  # these walks are a dose of their own
        walks, walk_min = min(walks, c.walks), min(walk_min, c.walk_min)
    return replace(c, level=k, run_min=run, other_min=other, bout_min=bout, sessions=sessions, walks=walks,
                   walk_min=walk_min, week_min=whole)  # fmt: skip


def level_refused(done: WeekPlan, asked: str) -> str:
    """Why a week is below the level that its override asked for, as the end of a sentence; empty where it is not."""
    state = State.from_stored(done.state)
    track = int(state.signals.track[0])
    wanted, is_at = ladder.index_of(track, asked), ladder.index_of(track, done.level)
    if wanted is None or (is_at is not None and is_at >= wanted):
        return ""
    if bool(state.signals.needs_clearance[0]):
        return "a health question asks for a doctor's word before any running"
    if _walks_first(state):
        return "after a stop walks come first"
    if (done.override or {}).get("held"):
        return "a week that was eased for pain, illness or tiredness is not raised"
    return f"the limits, which follow your last {version_of(done.policy_version).longest_days} days, allow no more"


def _walks_first(state: State) -> bool:
    """Whether walks stand between a stop and running."""
    s = state.signals
    return bool(s.walk_due[0]) or bool(s.injured[0]) or int(s.walk_weeks[0]) > 0


def _shared(c: layout.Chosen, share: float) -> layout.Chosen:
    """A week at a share of its running minutes, never more than all of them."""
    share = max(0.0, min(1.0, share))
    return replace(c, run_min=c.run_min * share, other_min=c.other_min * share, week_min=c.week_min * share)
