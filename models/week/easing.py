"""Changing a published week: easing as signals come in, lowering or raising by late files.

Within its week a plan is eased, never hardened, and nothing missed is added: the longest run, if it was missed, takes
the place of the next one. The one exception: until Tuesday night a week of which nothing is done yet may be raised by
files that arrived late. Every edit is kept as a small JSON object in the plan's state, so that a revised week can be
replayed too.

A week is judged to its end by the version that planned it: a newer one would find differences that nobody's files or
answers made. Only a stop that the version in force asks for is heard at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from steadymile.models.explain import reasons
from steadymile.models.explain.leads import Lead, begun, dated, dated_parted
from steadymile.models.physiology import symptoms
from steadymile.models.policy import ladder
from steadymile.models.policy.build_state import State, state_of, target_week
from steadymile.models.policy.decide import decide, walk_to_pass_min
from steadymile.models.policy.evidence import SIGN
from steadymile.models.policy.parameters import IN_FORCE, Parameters, version_of
from steadymile.models.policy.rules.found import BY_ID
from steadymile.models.policy.rules.stop import clearance, settled, walk_first
from steadymile.models.policy.training.matching import match, monday_of, week_of
from steadymile.models.policy.training.scoring import Scored, felt_too_hard, score
from steadymile.models.session import History
from steadymile.models.spelled import days
from steadymile.models.week import plan
from steadymile.models.week.edits import (
    Act,
    Edit,
    Exchange,
    Headline,
    Light,
    Lower,
    Move,
    News,
    Rest,
    Stored,
    Walk,
    Word,
    base_of,
    edit_of,
    stored,
    with_edits,
)
from steadymile.models.week.facts.known import knew_all
from steadymile.models.week.override import apply_changes, without_later
from steadymile.models.weekplan import KEPT_OUT, RUN_KINDS, Action, PlannedSession, WeekPlan

ON_FOOT = ("run", "walk", "hike")
ENOUGH = 0.01
MOST_NEWS = 6
LATE_MORE = "Files that arrived later show sessions before this week, so it may ask for more."
KNOWN_MORE = "More is known of the runs before this week, so it may start higher."
ANSWERED_MORE = "Answers about the time before this week have changed since, so it may ask for more."
FACTS_LESS = "What you have said about yourself since asks for less."
LATE_LESS = "What arrived later about the time before this week asks for less."
TAKEN_BACK = "The answer that changed this week was taken back, so the week is as it was."
RUNS_AGAIN = "The answer that kept running out of this week was taken back, so the week is planned with it."
OTHER_NEWS = "What had changed this week no longer holds."
CAME_BACK = "What had changed this week is as it was, and so is the week."
_STOP, _ILL, _PAIN, _LATE = "stop", "illness", "pain", "late:"
_UNDONE = (f"{_STOP}@", f"{_ILL}@", f"{_PAIN}@")
"""How the edits for a stop, an illness and pain are marked, with the day whose answers they rest on."""
STILL_NO_RUN = "Until then walk as it feels good, do not run, and go on reporting how it is."
TEST_WALK = (
    "Next: a walk of {p.test_walk_min:g} min without pain (walkers: as long as your last ones), whenever you like."
)
WALK_DONE = "The walk without pain that comes before running is done."


class _Now:
    """The state of a day, and the week as one version would plan it from there: decided when asked, written out if
    needed."""

    def __init__(self, state: State, status: str, p: Parameters) -> None:
        self.state, self.status, self.p = state, status, p

    @classmethod
    def of(cls, history: History, as_of: date, published: WeekPlan) -> _Now:
        """By the version that planned the week; by the one in force where that alone asks for a stop."""
        own, *newer = (cls(state_of(history, as_of, published.week, p), published.status, p) for p in judges(published))
        return next((n for n in newer if n.action == Action.STOP and own.action != Action.STOP), own)

    @cached_property
    def decided(self) -> plan.Decided:
        """The decision."""
        return plan.Decided.of([self.state], self.p)

    @property
    def action(self) -> Action:
        """What that week would do."""
        return Action(int(self.decided.decision.action[0]))

    @cached_property
    def week(self) -> WeekPlan:
        """The whole week, with its days and reasons."""
        return plan.build(self.state, self.status, self.p, self.decided)


def judges(published: WeekPlan) -> tuple[Parameters, ...]:
    """The version that planned a week, and the one in force where it is another: who asks for a stop is heard."""
    own = version_of(published.policy_version)
    return (own,) if own == IN_FORCE else (own, IN_FORCE)


def tonight(history: History, as_of: date) -> list[WeekPlan]:
    """What to publish on a day: a revision of the week under way, if it changes, and the plan of the target week. A
    second look on the same day finds nothing more to say."""
    frozen = {w.week: w for w in sorted(history.weeks, key=lambda w: w.revision) if w.status == "frozen"}
    frozen = {name: w for name, w in frozen.items() if w.as_of <= as_of}
    out = []
    current = frozen.get(week_of(as_of))
    if current is not None and (revised := revise(history, as_of, current)) is not None:
        out.append(revised)
    target, _ = target_week(as_of, history.weeks)
    if target in frozen:
        revised = revise(history, as_of, frozen[target])
        return out + ([revised] if revised is not None else [])
    known = replace(history, weeks=(*history.weeks, *out))
    fresh = plan.plan(known, as_of)
    if fresh.status != "frozen":
        return [*out, fresh]
    known = replace(known, weeks=(*known.weeks, fresh))
    eased = _eased(known, as_of, fresh)
    return [*out, fresh if eased is None else replace(eased, revision=fresh.revision, revision_reason=None)]


def revise(history: History, as_of: date, published: WeekPlan) -> WeekPlan | None:
    """The next revision of a published week as of a day, or None when nothing changes.

    Late files (and answers) about days before the plan may lower it, and raise it only while nothing of it is done
    and it is Tuesday at most. News of the week itself only eases what remains.
    """
    if as_of > monday_of(published.week) + timedelta(days=6) or "signals" not in published.state:
        return None
    late = back = _taken_back(history, as_of, published)
    if late is None and published.override is None:
        late = _by_late_files(history, as_of, published)
    eased = _eased(history, as_of, late or published)
    if eased is None:
        return late
    why = str(eased.revision_reason)
    if back is not None:  # and so the week is not as it was
        why = dated(as_of, f"{OTHER_NEWS} {dated_parted(why)[1]}")
    elif late is not None:
        why = f"{late.revision_reason} {why}"
    return replace(eased, revision=published.revision + 1, revision_reason=why)


def _eased(history: History, as_of: date, published: WeekPlan) -> WeekPlan | None:
    """The week with all that its own days change in it, one after the other; None when they change nothing."""
    now = _Now.of(history, as_of, published)
    eased = published
    for _ in range(MOST_NEWS):
        changes, why = _news(history, as_of, eased, now)
        after = _changed(eased, changes, why, as_of)
        if after is None:
            break
        eased = after
    return None if eased is published else eased


def _taken_back(history: History, as_of: date, published: WeekPlan) -> WeekPlan | None:
    """The week as it was before it was stopped, or eased for an illness or pain, where the answer that did so has been
    taken back since: by what is known now, its day gives no reason for it. None where that is not so."""
    changes = list(published.state.get("changes", ()))
    nothing_late = any(_late(c) for c in changes) and _knew_all_of_it(history, as_of, published)
    first = next(
        (i for i, c in enumerate(changes) if (nothing_late and _late(c)) or _undone(history, published, c)), None
    )
    if first is None:
        return _stopped_for_nothing(history, as_of, published)
    if not all(_undone(history, published, c) for c in changes[first:] if _rests(c)):
        return None
    if published.action == Action.STOP and _stopped_lately(history, as_of, published):
        return None
    while first and changes[first - 1]["do"] != "tell":  # what one night changed ends with its headline
        first -= 1
    dropped = {str(c["for"]) for c in changes[first:] if "for" in c}
    kept_out = {
        f"{KEPT_OUT}{c['day']}" for c in changes[first:]
        if c["do"] in ("rest", "walk") and c["kind"] in RUN_KINDS and c["day"] <= as_of.isoformat()
    }  # fmt: skip
    state = {k: v for k, v in published.state.items() if k not in ("changes", "eased_for")}
    if first:
        state["changes"] = changes[:first]
    if left := sorted(({*published.state.get("eased_for", ())} - dropped) | kept_out):
        state["eased_for"] = left
    restored = apply_changes(base_of(published), without_later(replace(published, state=state), first))
    why = dated(as_of, CAME_BACK if _late(changes[first]) else TAKEN_BACK)
    return replace(restored, revision=published.revision + 1, revision_reason=why)


def _knew_all_of_it(history: History, as_of: date, published: WeekPlan) -> bool:
    """Whether a week knew at its own day all that is known now, and would be planned no easier: a first plan may ask
    for less by a fact that was stated since, though no session or answer is new."""
    known, p = published.state["facts"], version_of(published.policy_version)
    if not knew_all(known, history, published.as_of, p):
        return False
    if not known["first_plan"]:
        return True
    then = plan.build(state_of(history, published.as_of, published.week, p), published.status, p)
    base = base_of(published)
    return then.action >= base.action and _compared(then, base, as_of)[0] >= -ENOUGH


def _late(c: Stored) -> bool:
    """Whether a change was made for what arrived, or was taken away, late."""
    return str(c.get("for", "")).startswith(_LATE)


def _rests(c: Stored) -> bool:
    """Whether a change is one for a stop, whatever its mark, for an illness, or for pain."""
    return str(c.get("for", "")).startswith(_UNDONE) or (c["do"] == "act" and int(c["action"]) == Action.STOP)


def _undone(history: History, published: WeekPlan, c: Stored) -> bool:
    """Whether a change was made for a stop, an illness or pain for which its day gives no reason any more."""
    mark = str(c.get("for", ""))
    return mark.startswith(_UNDONE) and not _still_holds(history, published, mark)


def _stopped_lately(history: History, as_of: date, published: WeekPlan) -> bool:
    """Whether there was reason for a stop since a week was planned, by what is known now, though none stands: what was
    answered calmly since, or cleared, was no mistake."""
    p = version_of(published.policy_version)
    record = symptoms.record_of(history.days, p)
    days = symptoms.between(history.days, published.as_of, as_of)
    strong = any((symptoms.number(d.values, "pain") or 0.0) > min(q.pain_stop for q in judges(published)) for d in days)
    if (
        strong
        or any(symptoms.flagged(d.values) for d in days)
        or any(published.as_of <= day <= as_of for day, _ in record.referred)
    ):
        return True
    now, then = state_of(history, as_of, published.week, p).signals, State.from_stored(published.state).signals
    return any(
        bool(getattr(now, name)[0]) and not bool(getattr(then, name)[0])
        for name in ("walk_due", "restart", "stop_recent", "walk_weeks")
    )


def _still_holds(history: History, published: WeekPlan, mark: str) -> bool:
    """Whether the day on which a week was stopped or eased gives reason for that by what is known now."""
    what, _, day = mark.partition("@")
    then = [(state_of(history, date.fromisoformat(day), published.week, p), p) for p in judges(published)]
    if what == _STOP:
        return any(_asks(state, p) == Action.STOP for state, p in then)
    if what == _PAIN:  # or whatever else eases a week by the answers of that day
        return any(_asks(state, p) <= Action.BACK_OFF for state, p in then)
    return any(bool(state.signals.ill[0] | state.signals.after_illness[0]) for state, _ in then)


def _asks(state: State, p: Parameters) -> Action:
    return Action(int(decide(state.signals, parameters=p).action[0]))


def _stopped_for_nothing(history: History, as_of: date, published: WeekPlan) -> WeekPlan | None:
    """A week that was planned without running, planned again where what stopped it has been taken back since: nothing
    is to be cleared or walked first."""
    if published.action != Action.STOP or published.override is not None or published.state.get("changes"):
        return None
    if published.state["signals"]["red_flag"]:
        return None
    for p in judges(published):
        for day in (published.as_of, as_of):
            state = state_of(history, day, published.week, p)
            s = state.signals
            opened = bool((s.walk_due | s.restart | s.stop_recent | (s.walk_weeks > 0))[0])
            if opened or _asks(state, p) == Action.STOP:
                return None
    p = version_of(published.policy_version)
    redone = plan.build(state_of(history, published.as_of, published.week, p), published.status, p)
    return replace(redone, revision=published.revision + 1, revision_reason=dated(as_of, RUNS_AGAIN))


def _by_late_files(history: History, as_of: date, published: WeekPlan) -> WeekPlan | None:
    """The same plan with what is known now about the days up to its own day. A stop is not told here: the news of
    the day know of it, and nothing returns into a week that was stopped."""
    if published.action == Action.STOP:
        return None
    known, p = published.state["facts"], version_of(published.policy_version)
    nothing = knew_all(known, history, published.as_of, p)
    if nothing and not known["first_plan"]:  # what its sessions hold may be known better now
        return None
    then = plan.build(state_of(history, published.as_of, published.week, p), published.status, p)
    now = then.state["facts"]
    base = base_of(published)
    monday = monday_of(published.week)
    if then.action == Action.STOP and as_of >= monday:
        return None
    kinds = ("run",) if base.sessions else ON_FOOT
    begun = any(s.local_day >= monday and s.kind in kinds for s in history.sessions if s.local_day <= as_of)
    differences = _compared(then, base, as_of)
    worse = then.action < published.action or differences[0] < -ENOUGH
    # Where only facts were told since, that is a wish: the week is planned with it, whatever it does to single days.
    lower = worse and as_of < monday and then.action <= published.action and (nothing or max(differences) <= ENOUGH)
    less = FACTS_LESS if nothing else LATE_LESS
    eased = bool(published.state.get("changes"))  # by what the week itself brought: nothing late undoes that
    may_rise = as_of <= monday + timedelta(days=p.raise_days - 1) and not begun and not eased
    higher = then.action >= published.action and _asked_min(then, base) > _asked_min(base, then) + ENOUGH
    if worse and not lower:
        found = {"ids": now["known_ids"], "answers": now["known_answers"]}
        if "known_health" in known:
            found["health"] = now["known_health"]
        mark = _LATE + plan.inputs_hash(found)[:12]
        told = mark in published.state.get("eased_for", ())
        return None if told else _changed(published, _shared_out(published, base, then, as_of, mark), less, as_of)
    late_session = len(now["known_ids"]) > len(known["known_ids"])
    # The first plan names what would let it start higher, and answers may be that.
    starts_higher = bool(now["first_plan"]) and int(now["entry_level"]) > int(known["entry_level"])
    corrected = not nothing and now["known_ids"] == known["known_ids"]
    if not lower and not (higher and may_rise and (late_session or starts_higher or corrected)):
        return None
    more = LATE_MORE if late_session else KNOWN_MORE if starts_higher else ANSWERED_MORE
    why = less if lower else more
    redone = replace(then, revision=published.revision + 1, revision_reason=why)
    kept, eased_for = published.state.get("changes", ()), published.state.get("eased_for", [])
    if not kept:
        return replace(redone, state={**then.state, "eased_for": eased_for}) if eased_for else redone
    return replace(
        with_edits(redone, [edit_of(c) for c in kept]),
        state={**then.state, "changes": list(kept), "eased_for": eased_for},
    )


def _shared_out(published: WeekPlan, base: WeekPlan, then: WeekPlan, as_of: date, mark: str) -> list[Edit]:
    """What remains of a week made shorter in the measure of another that asks for less: on its own days, for that one
    would lay out others, and might ask for more on some."""
    share = min(1.0, then.run_min / base.run_min) if base.run_min > 0 else 1.0
    p = version_of(published.policy_version)
    changes: list[Edit] = []
    for run in published.planned:
        if run.kind not in RUN_KINDS or run.day <= as_of or run.run_min <= 0:
            continue
        if _own_day(run) and any(q.kind == run.kind and _own_day(q) for q in then.planned):
            continue  # it stands by what is known now as well
        asked = sum(q.run_min for q in base.planned if q.day == run.day) or run.run_min
        left = share * asked / run.run_min  # against what was planned at first: cut once, not again and again
        if left < 1.0:
            changes.append(_shorter(run, left, mark, p, _easy_min(published, p)))
    return [*changes, Act(min(then.action, published.action), mark), _told(then)]


def _shorter(run: PlannedSession, share: float, mark: str, p: Parameters, easy_min: float | None) -> Edit:
    """A run made shorter, or the walk it becomes where too little would be left of it."""
    if share < p.walk_below:
        return Walk(run.day, run.kind, mark=mark)
    return Lower(run.day, run.kind, round(share, 3), mark, easy_min=easy_min)


def _easy_min(published: WeekPlan, p: Parameters) -> float | None:
    """Minutes that a run may last without a walk where a hard part of it becomes easy running; None where it stays
    hard."""
    return round(float(published.state["decision"]["bout_min"]), 2) if p.easy_when_eased else None


def _lightly(left: Sequence[PlannedSession], mark: str | None, p: Parameters) -> list[Edit]:
    """What is left beside the runs, without weights and packs, in a week that pain or an illness reaches."""
    return [Light(q.day, q.kind, mark) for q in left if q.kind in ("strength", "walk") and p.easy_when_eased]


def _compared(then: WeekPlan, base: WeekPlan, as_of: date) -> list[float]:
    """How much more one week asks for than another, in minutes: in all, of its longest run and bout, and on every day
    that is left. A week is lower only where none of it is more."""

    def longest(w: WeekPlan) -> float:
        return max((p.run_min for p in w.planned), default=0.0)

    def on(w: WeekPlan, day: date) -> float:
        return sum(p.run_min for p in w.planned if p.day == day)

    left = {p.day for p in (*then.planned, *base.planned) if p.day > as_of}
    return [
        _asked_min(then, base) - _asked_min(base, then),
        longest(then) - longest(base),
        then.longest_bout_min - base.longest_bout_min,
        *(on(then, day) - on(base, day) for day in sorted(left)),
    ]


def _asked_min(one: WeekPlan, other: WeekPlan) -> float:
    """What a week asks for in minutes of running, of walking where neither of the two has running in it."""
    return one.run_min if one.sessions or other.sessions else one.walk_min


def _news(history: History, as_of: date, published: WeekPlan, now: _Now) -> tuple[list[Edit], str]:
    """What the days of the week so far change in what remains of it, and the sentence that says why."""
    signals = now.state.signals
    seen = set(published.state.get("eased_for", ()))
    left = [p for p in published.planned if p.day > as_of or (p.day == as_of and not _done_on(history, as_of))]
    runs = [p for p in left if p.kind in RUN_KINDS]
    own_day = [p for p in left if p.kind == "rest" and _own_day(p)]  # which says how to go about it all the same
    if now.action == Action.STOP and published.action != Action.STOP:
        # A warning sign that was taken back is no reason to run again in the same week.
        flagged = bool(signals.red_flag[0])
        mark = None if flagged else f"{_STOP}@{as_of.isoformat()}"
        sign = f"{SIGN}{now.state.facts['sign_on'] or as_of.isoformat()}" if flagged else mark
        changes: list[Edit] = [Rest(p.day, p.kind, mark) for p in left if p.kind != "rest" or p in own_day]
        changes += [Act(Action.STOP, sign), _told(now.week)]
        return changes, now.week.reasons[0].sentence
    if published.action == Action.STOP:
        return _after_stop(published, now)
    if bool(signals.ill[0]) and any(p.kind != "rest" or p in own_day for p in left):
        soon = as_of + timedelta(days=now.p.ill_rest_days)
        mark = f"{_ILL}@{as_of.isoformat()}"
        changes = [Rest(p.day, p.kind, mark) for p in left if p.day <= soon and p.kind != "rest"]
        changes += [Rest(p.day, p.kind, mark) for p in own_day]
        if f"ill:{published.week}" not in seen:
            changes += _short_ones(published, [p for p in runs if p.day > soon], now.p)
        changes += _lightly([p for p in left if p.day > soon], mark, now.p)
        if now.action == Action.BACK_OFF and published.action > Action.BACK_OFF:
            changes += [_cut(p, now, published) for p in runs if p.day > soon]
        if published.action > Action.BACK_OFF:
            changes += [Act(Action.BACK_OFF, mark), _told(now.week)]
        rest = days(now.p.ill_rest_days)
        return changes, f"You reported being ill: no training for the next {rest}, and less after."
    off: list[Edit] = [Rest(p.day, p.kind) for p in own_day]
    if bool(signals.needs_clearance[0]) and (runs or off):
        changes = [*(Walk(p.day, p.kind) for p in runs), *off, Act(min(published.action, Action.HOLD)), _told(now.week)]
        return changes, next(r.sentence for r in now.week.reasons if r.rule == clearance.id)
    if (bool(signals.walk_due[0]) or int(signals.walk_weeks[0])) and (runs or off):
        # a stop that came and was lifted before anybody looked
        minutes = max((p.minutes for p in now.week.planned if p.kind == "walk"), default=0.0)
        minutes = minutes or float(walk_to_pass_min(signals.track, signals.level, now.p)[0])
        changes = [*(Walk(p.day, p.kind, minutes, test=True) for p in runs), *off, *_lightly(left, None, now.p)]
        changes += [Act(min(published.action, Action.REBUILD)), _told(now.week)]
        return changes, next(r.sentence for r in now.week.reasons if r.rule in (walk_first.id, settled.id))
    if (
        now.action == Action.BACK_OFF
        and published.action > Action.BACK_OFF
        and f"back_off:{published.week}" not in seen
        and (runs or off)
    ):
        changes = [*(_cut(p, now, published) for p in runs), *off]
        mark = f"{_PAIN}@{as_of.isoformat()}" if bool(signals.pain_persist[0]) else None
        changes += _lightly(left, mark, now.p)
        changes += [Act(Action.BACK_OFF, mark), _told(now.week)]
        return changes, next(r for r in now.week.reasons if r.fired).sentence
    return _after_sessions(history, as_of, published, runs, seen, now)


def _after_stop(published: WeekPlan, now: _Now) -> tuple[list[Edit], str]:
    """Nothing returns into a week that was stopped, but that a stop is lifted, or stands again, is told at once, and a
    walk is asked for as long as it is owed."""
    said = [e.word for c in published.state.get("changes", ()) if isinstance(e := edit_of(c), Word)]
    last = said[-1] if said else "stands"
    if now.action != Action.STOP and last != "settled":
        if last == "stands" and int(now.state.signals.walk_weeks[0]):
            return [Word("settled")], "Walks come back with the week that is planned on Sunday."
        if last != (word := "lifted" if bool(now.state.signals.walk_due[0]) else "walked"):
            return [Word(word)], "This week stays without running; the next one is planned on Sunday."
    if now.action == Action.STOP and last != "stands":
        return [Word("stands"), _told(now.week)], now.week.reasons[0].sentence
    return [], ""


def _told(fresh: WeekPlan) -> News:
    """What speaks for less now, to stand before the reasons of the week as it was published."""
    return News(tuple(r for r in fresh.reasons if r.fired and r.rule in BY_ID and BY_ID[r.rule].news))


def _short_ones(published: WeekPlan, left: Sequence[PlannedSession], p: Parameters) -> list[Edit]:
    """What is left of a week with an illness is no longer than its shortest run."""
    shortest = min((p.run_min for p in published.planned if p.kind in RUN_KINDS and p.run_min > 0), default=0.0)
    mark, easy_min = f"ill:{published.week}", _easy_min(published, p)
    return [
        Lower(q.day, q.kind, round(min(1.0, shortest / q.run_min), 3), mark, easy_min=easy_min)
        for q in left
        if q.run_min > shortest + 0.5 or (easy_min is not None and q.purpose == "hard")
    ]


def _cut(run: PlannedSession, now: _Now, published: WeekPlan) -> Edit:
    fresh = now.week
    level = ladder.level_of(int(fresh.state["signals"]["track"]), max(int(fresh.state["decision"]["level"]), 0))
    asked = float(fresh.state["decision"]["run_min"]) or level.run_min
    share = min(1.0, asked / run.run_min) if run.run_min > 0 else 1.0
    easy_min = _easy_min(published, now.p)
    return _shorter(run, min(share, now.p.cut_most), f"back_off:{published.week}", now.p, easy_min)


def _after_sessions(
    history: History,
    as_of: date,
    published: WeekPlan,
    runs: Sequence[PlannedSession],
    seen: set[str],
    now: _Now,
) -> tuple[list[Edit], str]:
    """Easing after a session that was too hard, after too much running, or for a run the day after a hard ride; else
    the place of a longest run that was missed."""
    monday, easy_min = monday_of(published.week), _easy_min(published, now.p)
    week_sessions = [s for s in history.sessions if monday <= s.local_day <= as_of]
    scored = [s for s in score(match(week_sessions, [published], p=now.p), now.p) if s.matched.foot == "run"]
    start = date.fromisoformat(str(published.state["start"]))
    if scored and runs and felt_too_hard(scored[-1], now.p) and scored[-1].matched.session.activity_ids[0] not in seen:
        last = scored[-1].matched.session
        if last.local_day >= start:
            return (
                [
                    Lower(p.day, p.kind, now.p.after_hard_run, last.activity_ids[0], easy_min=easy_min)
                    for p in runs
                    if not _own_day(p)
                ],
                "The last run felt too hard, so the rest of the week is a little shorter. Nothing has to be made up.",
            )
    back = _found_after_all(as_of, published, seen, scored, now.p)
    if back is not None:
        return [
            back
        ], f"The longer run of {back.missed:%A} arrived after all, so the run of {back.day:%A} is short again."
    done_min = sum(s.matched.loaded_min or 0.0 for s in scored)
    cap = float(published.state["decision"]["week_cap_min"])
    over = done_min + sum(p.run_min for p in runs) - cap
    if runs and over > 0.5:
        changes: list[Edit] = []
        for p in [*(p for p in reversed(runs) if not _own_day(p)), *(p for p in runs if _own_day(p))]:
            if over <= 0.5:
                break
            share = max(0.0, 1.0 - over / p.run_min) if p.run_min > 0 else 0.0
            kept = share if share >= now.p.over_kept else 0.0
            less = Lower(p.day, p.kind, round(share, 3), easy_min=easy_min)
            changes.append(less if kept else Walk(p.day, p.kind))
            over -= p.run_min * (1.0 - kept)
        return (
            changes,
            f"More was run already than planned; with the rest the week would pass its limit of {cap:.0f} min.",
        )
    changes, why = _after_hard_day(as_of, published, runs, seen, now)
    if changes or history.last_file_day is None:
        return changes, why
    return _longest_missed(history.last_file_day, as_of, published, runs, seen, scored, now)


def _longest_missed(
    synced: date,
    as_of: date,
    published: WeekPlan,
    runs: Sequence[PlannedSession],
    seen: set[str],
    scored: Sequence[Scored],
    now: _Now,
) -> tuple[list[Edit], str]:
    """The longest run, if it was missed, in place of the next run: the week holds no more than it did, and only where
    the day would allow that run as well as the Sunday did, and a file since shows that it is not just unsynced."""
    planned = [p for p in published.planned if p.kind in RUN_KINDS]
    longest = max(planned, key=lambda p: p.run_min, default=None)
    if (
        longest is None
        or not runs
        or longest.day >= min(as_of, synced + timedelta(days=1))
        or f"missed:{published.week}" in seen
    ):
        return [], ""
    if any(c["do"] == "act" for c in published.state.get("changes", ())):
        return [], ""  # illness or pain left it out, not the person, and what is left stays as short as it is
    done = any(s.matched.planned is not None and s.matched.planned.day == longest.day for s in scored)
    coming = runs[0]
    allowed = now.action >= published.action and _longest_min(now.week) >= longest.run_min - ENOUGH
    if done or not allowed or longest.kind != "run" or coming.kind != "run":
        return [], ""
    if coming.run_min >= now.p.same_length * longest.run_min or any(s.gate for s in scored):
        return [], ""
    edit = Exchange(coming.day, coming.kind, longest.day, f"missed:{published.week}")
    was = "had no place while running was left out" if f"{KEPT_OUT}{longest.day}" in seen else "was missed"
    return [edit], (
        f"The longer run of {longest.day:%A} {was}, so it takes the place of the shorter one on {coming.day:%A}."
    )


def _found_after_all(
    as_of: date, published: WeekPlan, seen: set[str], scored: Sequence[Scored], p: Parameters
) -> Exchange | None:
    """What undoes the exchange of a longest run that is known now to have been done on its own day."""
    mark = f"found:{published.week}"
    made = [e for c in published.state.get("changes", ()) if isinstance(e := edit_of(c), Exchange)]
    if not made or mark in seen or made[-1].day <= as_of:
        return None
    long = next((q for q in published.planned if q.day == made[-1].day and q.kind in RUN_KINDS), None)
    on_day = [s.matched.run_min or 0.0 for s in scored if s.matched.session.local_day == made[-1].missed]
    if long is None or max(on_day, default=0.0) < p.same_length * long.run_min:
        return None
    return replace(made[-1], mark=mark)


def _longest_min(week: WeekPlan) -> float:
    return max((p.run_min for p in week.planned if p.kind in RUN_KINDS), default=0.0)


def _after_hard_day(
    as_of: date, published: WeekPlan, runs: Sequence[PlannedSession], seen: set[str], now: _Now
) -> tuple[list[Edit], str]:
    hard = now.state.facts.get("hard_day")
    if not hard or f"hard:{hard}" in seen:
        return [], ""
    day = date.fromisoformat(hard) + timedelta(days=1)
    run = next((p for p in runs if p.day == day), None)
    if run is None or _own_day(run):
        return [], ""
    mark = f"hard:{hard}"
    run_days = {p.day for p in published.planned if p.kind in RUN_KINDS and p.day != day}
    free = published.state["facts"]["days_free"] or range(1, 8)
    later = day + timedelta(days=1)
    fits = week_of(later) == published.week and later.isoweekday() in free and not (
        {later, later - timedelta(days=1), later + timedelta(days=1)} & run_days
    )  # fmt: skip
    why = f"{date.fromisoformat(hard):%A} was long or hard in another sport, so the run of {day:%A} "
    if fits:
        return [Move(day, run.kind, later, mark)], why + "moves one day back."
    share = round(now.p.after_other_sport, 3)
    return [Lower(day, run.kind, share, mark, easy_min=_easy_min(published, now.p))], why + "is shorter."


def _own_day(p: PlannedSession) -> bool:
    """Whether a session is the goal's own day, which is meant to be hard and moves for nobody."""
    return p.purpose == "goal_day"


def _goal_day_in_words(published: WeekPlan, revised: WeekPlan, as_of: date) -> str:
    """What a changed week says of the goal's own day, where it is still to come: that it stands, or that it is off."""
    said = reasons.day_in_words([p for p in revised.planned if p.day >= as_of])
    was = next((p for p in published.planned if _own_day(p) and p.day >= as_of), None)
    return reasons.day_off_in_words(was.day) if was is not None and not said else said


def _done_on(history: History, day: date) -> bool:
    return any(s.local_day == day and s.kind in ON_FOOT for s in history.sessions)


def _changed(published: WeekPlan, edits: Sequence[Edit], why: str, as_of: date) -> WeekPlan | None:
    """The published week with more edits, or None when they change nothing."""
    if not edits:
        return None
    old = [dict(c) for c in published.state.get("changes", ())]
    words = [e.word for e in edits if isinstance(e, Word)]
    fresh = list(edits) if words else [e for e in edits if stored(e) not in old]
    if not fresh:
        return None
    revised = with_edits(published, fresh)
    if revised.planned == published.planned and revised.action == published.action and not words:
        return None
    lead = Lead.REST_EASIER if as_of >= monday_of(published.week) else Lead.BACK_OFF
    first = as_of + timedelta(days=1)
    if all(isinstance(e, Exchange) for e in fresh):
        lead, first = Lead.OTHER_ORDER, min(e.day for e in fresh if isinstance(e, Exchange))
    if revised.action == Action.STOP:
        lead = Lead.STOP
    next_up = reasons.next_in_words([p for p in revised.planned if p.day >= first])
    if {"lifted", "walked"} & set(words):
        walk = TEST_WALK.format(p=version_of(published.policy_version))
        lead, next_up = Lead.LIFTED, walk if "lifted" in words else WALK_DONE
    if "settled" in words:
        lead, next_up = Lead.SETTLED, STILL_NO_RUN
    code, headline = begun(lead, why, next_up, _goal_day_in_words(published, revised, as_of))
    fresh.append(Headline(headline, code))
    revised = with_edits(published, fresh)
    marks = {e.mark for e in fresh if not isinstance(e, Headline | News | Word) and e.mark is not None}
    state = {**published.state, "changes": [*old, *(stored(e) for e in fresh)]}
    state["eased_for"] = sorted({*published.state.get("eased_for", ()), *marks})
    return replace(revised, state=state, revision=published.revision + 1, revision_reason=dated(as_of, why))
