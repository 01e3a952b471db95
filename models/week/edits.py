"""A published week with what was changed in it since: easing, rest, moves, and words.

Every edit is stored as a small JSON object in the plan's state, so that a changed week can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from steadymile.models.explain.leads import code_of
from steadymile.models.policy.build_state import State
from steadymile.models.policy.parameters import version_of
from steadymile.models.week import layout, plan
from steadymile.models.week.sessions import wording
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, Reason, Step, WeekPlan

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rest:
    """The session of a day becomes rest."""

    day: date
    kind: str
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """The session of a day becomes a walk of `minutes`, as a `test` before running again or not."""

    day: date
    kind: str
    minutes: float = 20.0
    test: bool = False
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Lower:
    """A run is done at a `share` of its repetitions or minutes; as before it was mended, in `whole_bouts` only. With
    `easy_min` a hard part becomes easy running, no longer than that without a walk."""

    day: date
    kind: str
    share: float
    mark: str | None = None
    whole_bouts: bool = False
    easy_min: float | None = None


@dataclass(frozen=True, slots=True)
class Light:
    """Strength work without weights and one round of it, a walk without its pack."""

    day: date
    kind: str
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A session moves to another day; the walk of that day takes its place."""

    day: date
    kind: str
    to: date
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """The run of `missed` stands in place of the run of a day, and that one in its place: the longer run was missed,
    or (the same edit once more) it was done after all."""

    day: date
    kind: str
    missed: date
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """The week says something else, and begins it with another lead."""

    headline: str
    lead: str


@dataclass(frozen=True, slots=True)
class Act:
    """The week's action is at most this one."""

    action: Action
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    """Reasons that stand before those of the week as it was published."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """`lifted`, `walked`, `settled` or `stands`: a stop is lifted, the walk that comes after it is done, an injury has
    settled, or it stands again. Changes no session."""

    word: str


SessionEdit = Rest | Walk | Lower | Light | Move | Exchange
Edit = SessionEdit | Headline | Act | News | Word
WORDS = ("lifted", "walked", "settled", "stands")


def stored(edit: Edit) -> dict[str, Any]:
    """An edit as the JSON object that a plan's state keeps."""
    match edit:
        case Headline(headline, lead):
            return {"do": "tell", "headline": headline, "lead": lead}
        case News(reasons):
            return {"do": "reasons", "reasons": [{**asdict(r), "activity_ids": list(r.activity_ids)} for r in reasons]}
        case Word(word):
            return {"do": word}
        case Act(action, mark):
            return {"do": "act", "action": int(action), **_for(mark)}
        case _:
            return {"day": edit.day.isoformat(), "kind": edit.kind, **_done(edit), **_for(edit.mark)}


def _done(edit: SessionEdit) -> dict[str, Any]:
    match edit:
        case Rest():
            return {"do": "rest"}
        case Walk(minutes=20.0, test=False):
            return {"do": "walk"}
        case Walk(minutes=minutes, test=test):
            return {"do": "walk", "min": minutes, "test": test}
        case Light():
            return {"do": "lighten"}
        case Lower(share=share, whole_bouts=whole_bouts, easy_min=easy_min):
            easy = {} if easy_min is None else {"easy_min": easy_min}
            return {"do": "lower" if whole_bouts else "shorten", "share": share, **easy}
        case Move(to=to):
            return {"do": "move", "to": to.isoformat()}
        case Exchange(missed=missed):
            return {"do": "exchange", "missed": missed.isoformat()}


def _for(mark: str | None) -> dict[str, str]:
    return {} if mark is None else {"for": mark}


def edit_of(c: Stored) -> Edit:
    """The inverse of `stored`, also of what older versions kept."""
    do = str(c["do"])
    if do == "tell":
        return Headline(c["headline"], code_of(c.get("lead"), c["headline"]))
    if do == "reasons":
        return News(tuple(Reason(**{**r, "activity_ids": tuple(r["activity_ids"])}) for r in c["reasons"]))
    if do == "act":
        return Act(Action(c["action"]), c.get("for"))
    if do in WORDS:
        return Word(do)
    day, kind, mark = date.fromisoformat(c["day"]), str(c["kind"]), c.get("for")
    match do:
        case "rest":
            return Rest(day, kind, mark)
        case "walk":
            return Walk(day, kind, float(c.get("min", 20.0)), bool(c.get("test")), mark)
        case "move":
            return Move(day, kind, date.fromisoformat(c["to"]), mark)
        case "exchange":
            return Exchange(day, kind, date.fromisoformat(c["missed"]), mark)
        case "lighten":
            return Light(day, kind, mark)
        case _:
            return Lower(day, kind, float(c["share"]), mark, do != "shorten", c.get("easy_min"))


def base_of(published: WeekPlan) -> WeekPlan:
    """The published week before its edits: what the policy itself asked for."""
    return plan.build(State.from_stored(published.state), published.status, version_of(published.policy_version))


def with_edits(published: WeekPlan, edits: Sequence[Edit]) -> WeekPlan:
    """The week with these edits, in their order."""
    planned = list(published.planned)
    shown: dict[str, Any] = {}
    for edit in edits:
        match edit:
            case Headline(headline, lead):
                shown |= {"headline": headline, "lead": lead}
            case Word():
                pass
            case Act(action):
                shown["action"] = min(action, shown.get("action", published.action))
                if shown["action"] == Action.STOP:
                    shown |= _STOPPED
            case News(reasons):
                shown["reasons"] = _in_front(reasons, shown.get("reasons", published.reasons), shown.get("action"))
            case _:
                planned = _edited(planned, edit)
    ordered = _one_rest_a_day(planned, {p.day for p in published.planned})
    return replace(published, planned=ordered, **plan.totals(ordered), **shown)


def _edited(planned: list[PlannedSession], edit: SessionEdit) -> list[PlannedSession]:
    index = next((i for i, p in enumerate(planned) if p.day == edit.day and p.kind == edit.kind), None)
    if index is None:
        return planned
    out = list(planned)
    if isinstance(edit, Exchange):
        other = next((i for i, p in enumerate(planned) if p.day == edit.missed and p.kind in RUN_KINDS), None)
        if other is not None:
            out[index], out[other] = _in_place_of(out[other], out[index]), _in_place_of(out[index], out[other])
        return out
    out[index] = edited(planned[index], edit)
    if isinstance(edit, Move):  # the walk of that day takes the day that is free now
        out = [replace(p, day=edit.day) if p.day == edit.to and p.kind == "walk" else p for p in out]
    return out


def _in_place_of(p: PlannedSession, other: PlannedSession) -> PlannedSession:
    """A run on the day and in the slot of another."""
    longer = p.run_min > other.run_min and p.day < other.day
    note = f" This is the longer run of {p.day:%A}, in place of today's shorter one." if longer else ""
    return replace(p, day=other.day, slot=other.slot, instruction=p.instruction + note)


def _one_rest_a_day(planned: Sequence[PlannedSession], days: set[date]) -> tuple[PlannedSession, ...]:
    """The sessions in order, with one rest on every day that holds nothing else."""
    kept = [p for p in planned if p.kind != "rest"]
    rests = {p.day: p for p in reversed(planned) if p.kind == "rest"}
    free = sorted(days - {p.day for p in kept})
    kept += [rests.get(day, PlannedSession(day, "rest", 0.0, wording.REST_TEXT, title="Rest")) for day in free]
    return tuple(sorted(kept, key=lambda p: (p.day, layout.ORDER[p.kind])))


_STOPPED: dict[str, Any] = {
    "level": "rest", "heart_rate_ceiling_bpm": None, "load_low": None, "load_high": None, "elevation_gain_m": 0.0,
}  # fmt: skip


def _in_front(fresh: Sequence[Reason], old: Sequence[Reason], action: Action | None) -> tuple[Reason, ...]:
    """New reasons before the old ones, each once; under a stop nothing else is shown."""
    if action == Action.STOP:
        return tuple(fresh)
    names = {r.rule for r in fresh}
    return (*fresh, *(replace(r, binding=False) for r in old if r.rule not in names))


def edited(p: PlannedSession, edit: Rest | Walk | Lower | Light | Move) -> PlannedSession:
    """One session after one edit."""
    goal_day = p.purpose == "goal_day"
    match edit:
        case Rest():
            text, purpose = (wording.DAY_OFF, "goal_off") if goal_day else (wording.REST_AND_LOG, None)
            return PlannedSession(p.day, "rest", 0.0, text, title="Rest", purpose=purpose)
        case Walk(minutes=minutes, test=test):
            text, steps = wording.walk_text(minutes, test), (Step(1, 0, round(60.0 * minutes)),)
            return PlannedSession(
                p.day, "walk", minutes, text, steps, title=f"Easy walk {wording.minutes(minutes)} min"
            )
        case Move(to=to):
            return replace(p, day=to)
        case Light():
            return layout.lightened(p)
        case Lower(share=share, easy_min=float(longest)) if p.purpose == "hard":
            return layout.all_easy(p, share, longest)
        case Lower(share=share, whole_bouts=whole_bouts):
            less = layout.lowered(p, share, whole_bouts)
            return replace(less, instruction=f"{less.instruction} {wording.DAY_EASED}") if goal_day else less
