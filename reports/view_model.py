"""What there is to tell about one athlete on one day, picked once from the contract views for every reader.

The terminal, the page and the coach's list all speak from the same `Story`, so they cannot disagree. Nothing is
computed here that a view holds already; this module chooses, orders and joins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.models.explain import leads
from steadymile.models.policy.rules.breaks import unsynced
from steadymile.models.policy.rules.found import BY_ID
from steadymile.models.session import Body
from steadymile.models.week.sessions import wording
from steadymile.reports import formats

Row = Mapping[str, Any]
Tables = Mapping[str, pl.DataFrame]

UNNAMED = "me"
"""The id of a home's only person."""

EVIDENCE_ORDER = {"strong": 0, "moderate": 1, "weak": 2, "practice": 3}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a week: what was planned for it and what was recorded on it."""

    day: date
    planned: tuple[Row, ...] = ()
    done: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One athlete on one day. `target` is None before the first plan; `heading` is `Next week`, `This week` or `Week`.

    `reasons` strongest first; `week` the target's seven days; `before` the week before it with `before_days`.
    """

    athlete: Athlete
    tables: Tables
    as_of: date
    units: str
    body: Body | None
    target: Row | None
    monday: date
    heading: str
    reasons: tuple[Row, ...]
    days: tuple[DayLine, ...]
    before: Row | None
    before_days: tuple[DayLine, ...]

    @property
    def decided_on(self) -> date | None:
        """The day as of which the week was decided; what was said later, it did not know."""
        found = (self.target or {}).get("as_of")
        return found if isinstance(found, date) else None

    @property
    def heading_before(self) -> str:
        """What to call the week before the plan: on a Sunday it is the one that ends today."""
        days = (self.as_of - self.monday).days + 7
        return "This week" if 0 <= days < 7 else "Last week" if 7 <= days < 14 else "The week before"

    @property
    def name(self) -> str:
        """How to address the athlete: the name, else the id."""
        return self.athlete.name or self.athlete.athlete_id

    @property
    def named(self) -> bool:
        """Whether there is a name worth showing; the only person of a home has none unless they gave it."""
        return self.name != UNNAMED

    @property
    def walking(self) -> bool:
        """Whether the goal is walking, so that nobody needs to be told of running that is still to come."""
        return self.athlete.facts(self.as_of).goal == "walk"

    @property
    def stale(self) -> bool:
        """Whether the plan told of is of a week that is over, because nothing newer was published."""
        return self.target is not None and self.as_of >= self.monday + timedelta(days=7)


def story(
    athlete: Athlete,
    tables: Tables,
    as_of: date,
    units: str | None = None,
    body: Body | None = None,
    week: str | None = None,
) -> Story:
    """Pick what matters on `as_of` from the views of one athlete; `week` names another week than the current one."""
    target = chosen_target(tables, as_of, week)
    monday = formats.monday_of(target["week"]) if target else formats.monday_of(week or formats.week_of(as_of))
    before_monday = monday - timedelta(days=7)
    return Story(
        athlete=athlete,
        tables=tables,
        as_of=as_of,
        units=units or athlete.units,
        body=body,
        target=target,
        monday=monday,
        heading=_heading(monday, as_of),
        reasons=ordered(_still_true(tables, _of_week(tables, "reasons", formats.week_of(monday)), target, as_of))
        if target
        else (),
        days=week_days(tables, monday, as_of),
        before=next((row for row in weeks(tables, as_of).to_dicts() if row["monday"] == before_monday), None),
        before_days=week_days(tables, before_monday, as_of),
    )


def frame(tables: Tables, name: str) -> pl.DataFrame:
    """The view, or an empty frame where it was not given."""
    found = tables.get(name)
    return found if found is not None else pl.DataFrame()


def heart_rate_seen(tables: Tables, as_of: date) -> bool:
    """Whether any session of the last four weeks had a heart rate (where none was recorded in them: any ever). Who
    wears no sensor needs no number."""
    found = activities(tables, as_of - timedelta(days=27), as_of)
    if found.is_empty():
        found = activities(tables, None, as_of)
    if found.is_empty() or "heart_rate_mean_bpm" not in found.columns:
        return False
    return found["heart_rate_mean_bpm"].null_count() < found.height


def without_ceiling(planned: Row) -> Row:
    """A planned session without its heart-rate ceiling, for who wears no sensor."""
    ceiling = planned.get("heart_rate_ceiling_bpm")
    if ceiling is None or not formats.known(ceiling):
        return planned
    text = str(planned.get("instruction") or "").replace(wording.ceiling_text(ceiling), "")
    return {**planned, "heart_rate_ceiling_bpm": None, "instruction": " ".join(text.split())}


def rows(tables: Tables, name: str) -> list[dict[str, Any]]:
    """The view's rows as dictionaries."""
    return frame(tables, name).to_dicts()


def activities(tables: Tables, since: date | None = None, until: date | None = None) -> pl.DataFrame:
    """Activities in order of time, one row a session: a second copy of a run is left out."""
    found = frame(tables, "activities")
    if found.is_empty() or "local_day" not in found.columns:
        return pl.DataFrame()
    wanted = [pl.col("preferred").fill_null(True)] if "preferred" in found.columns else []
    if since is not None:
        wanted.append(pl.col("local_day") >= since)
    if until is not None:
        wanted.append(pl.col("local_day") <= until)
    found = found.filter(*wanted) if wanted else found
    order = "started_at" if "started_at" in found.columns else "local_day"
    return found if found[order].is_sorted() else found.sort(order)  # the view's own order is this one


def weeks(tables: Tables, as_of: date) -> pl.DataFrame:
    """The view weeks up to a day, in order; of the week of that day only what was done by then."""
    found = frame(tables, "weeks")
    if "monday" not in found.columns:
        return pl.DataFrame()
    found = found.filter(pl.col("monday") <= as_of).sort("monday")
    monday = as_of - timedelta(days=as_of.weekday())
    later = activities(tables, as_of + timedelta(days=1), monday + timedelta(days=6))
    if later.is_empty() or "kind" not in later.columns or found.is_empty() or found["monday"][-1] != monday:
        return found
    return pl.concat([found[:-1], _so_far(found[-1:], activities(tables, monday, as_of))])


def _so_far(week: pl.DataFrame, done: pl.DataFrame) -> pl.DataFrame:
    """One row of the view weeks with what is done taken from these activities alone."""
    run, foot = pl.col("kind") == "run", pl.col("kind").is_in(["run", "walk", "hike"])
    planned = week["running_min_planned"][0] if "running_min_planned" in week.columns else None
    sums = {
        "sessions_done": (run if planned else foot).sum(),
        "runs_done": run.sum(),
        "walks_done": (foot & ~run).sum(),
        "running_min_done": _total("running_s") / 60.0,
        "walking_min_done": _total("walking_s") / 60.0,
        "longest_run_s": pl.col("longest_run_s").max(),
        "longest_run_m": pl.col("longest_run_m").max(),
        "distance_done_m": _total("distance_m", foot),
        "elevation_gain_done_m": _total("elevation_gain_m", foot),
        "load_done": _total("load"),
        "running_unknown": (foot & pl.col("running_s").is_null()).sum(),
        "distance_unknown": (foot & pl.col("distance_m").is_null()).sum(),
        "elevation_gain_unknown": (foot & pl.col("elevation_gain_m").is_null()).sum(),
        "load_unknown": pl.col("load").is_null().sum(),
    }
    known = {name: sums[name] for name in sums if name in week.columns}
    value = done.select(**known)
    return week.with_columns(pl.lit(value[name][0], dtype=week.schema[name]).alias(name) for name in known)


def _total(name: str, those: pl.Expr | None = None) -> pl.Expr:
    """The sum of a column; unknown where nothing of what was done is known, 0 where nothing was done."""
    value = pl.col(name) if those is None else pl.col(name).filter(those)
    return pl.when((pl.len() > 0) & value.is_null().all()).then(None).otherwise(value.sum())


def chosen_target(tables: Tables, as_of: date, week: str | None = None) -> Row | None:
    """The week to tell of: the one named, else from Sunday on the coming week, else the week that is running.

    Where the wished one has no target: the nearest later one, then the newest.
    """
    found = sorted(rows(tables, "targets"), key=lambda row: row["week"])
    if week is not None:
        return next((row for row in found if row["week"] == week), None)
    wished = formats.week_of(as_of + timedelta(days=1))
    later = [row for row in found if row["week"] >= wished]
    return later[0] if later else (found[-1] if found else None)


ANSWERED = {"no_pain_report": ("health", "day", "pain"), "no_effort_report": ("activities", "local_day", "rpe")}
"""Notes that an answer was missing, with the view, its day and the column that hold the answer."""


def _still_true(tables: Tables, found: Sequence[Row], target: Row, as_of: date) -> list[Row]:
    """The reasons without notes that something was not said where it has been said since, or was told late."""
    decided = target.get("as_of")
    oldest = (decided if isinstance(decided, date) else as_of) - timedelta(days=6)

    def answered(rule: str) -> bool:
        view, day, column = ANSWERED[rule]
        said = frame(tables, view)
        if not {day, column} <= set(said.columns):
            return False
        return not said.filter(pl.col(day).is_between(oldest, as_of) & pl.col(column).is_not_null()).is_empty()

    return [row for row in found if row.get("rule") not in ANSWERED or not answered(str(row["rule"]))]


def ordered(found: Sequence[Row]) -> tuple[Row, ...]:
    """Reasons, strongest first: what decided, what also applied, what came nearest; last, what was not known."""

    def key(row: Row) -> tuple[int, float, float, int]:
        measured = formats.known(row.get("observed"))
        rank = 0 if row.get("binding") else 1 if row.get("fired") and measured else 2 if measured else 3
        change = abs((row.get("before") or 0.0) - (row.get("after") or 0.0))
        return rank, -change, nearness(row), EVIDENCE_ORDER.get(str(evidence(row)), 4)

    return tuple(sorted(found, key=key))


def nearness(reason: Row) -> float:
    """How far a rule was from its threshold, as a share of the threshold; infinite where either is unknown."""
    observed, threshold = reason.get("observed"), reason.get("threshold")
    if observed is None or threshold is None or not (formats.known(observed) and formats.known(threshold)):
        return float("inf")
    return abs(observed - threshold) / max(abs(threshold), 1e-9)


def evidence(reason: Row) -> str | None:
    """The strength of evidence of a reason: strong, moderate, weak or practice."""
    return reason.get("evidence_strength") or reason.get("evidence")


def applied(reason: Row) -> bool:
    """Whether a rule spoke this week: it fired or it bound. Others were looked at and let the week pass."""
    return bool(reason.get("binding") or reason.get("fired"))


def decisive(reasons: Sequence[Row]) -> tuple[Row, ...]:
    """The reasons that decided: those without which the week would be another; where no single one is, all that
    applied."""
    bound = tuple(reason for reason in reasons if reason.get("binding"))
    if bound and all(_only_limits(reason) for reason in bound):
        bound += tuple(reason for reason in reasons if _counts(reason) and not reason.get("binding"))
    return bound or tuple(reason for reason in reasons if applied(reason))


def _only_limits(reason: Row) -> bool:
    """Whether it says how far a week may go, not whether it goes up."""
    rule = BY_ID.get(str(reason.get("rule")))
    return rule.modest if rule else applied(reason)


def _counts(reason: Row) -> bool:
    """Whether it says what was earned so far."""
    rule = BY_ID.get(str(reason.get("rule")))
    return rule is not None and rule.progress and not rule.modest


def is_note(reason: Row) -> bool:
    """Whether it tells of something unknown, believed or wished, rather than of a rule that was weighed."""
    return not applied(reason) and not formats.known(reason.get("observed")) and not formats.known(reason.get("before"))


ASKS = {"screening_unanswered": "screening", "goal_unknown": "goal"}
"""Notes that ask for a fact."""


CEILING = {"heart_rate_unknown", "heart_rate_believed"}
"""Notes on the heart-rate ceiling."""


def remarks(told: Story) -> tuple[Row, ...]:
    """What the plan notes beside the rules: what is not known or only believed, and wishes. What was answered since is
    asked no more, and who wears no sensor is shown no ceiling that could be rough."""
    known = told.athlete.facts(told.as_of)
    moot = {rule for rule, fact in ASKS.items() if getattr(known, fact) is not None}
    moot |= set() if heart_rate_seen(told.tables, told.as_of) else CEILING
    return tuple(reason for reason in told.reasons if is_note(reason) and reason.get("rule") not in moot)


def lead_code(target: Row) -> str:
    """How a week's headline begins, as a code of `leads`; empty where it has none of them."""
    found = leads.code_of(target.get("lead"), str(target.get("headline") or ""))
    return found or (leads.BY_HAND if target.get("override") else "")


def strongest(told: Story, n: int = 2) -> tuple[Row, ...]:
    """The reasons to name first: those that decided; where none did alone, what applied and what came nearest. None
    where a stop is lifted: what stopped the week holds no longer."""
    if told.target and lead_code(told.target) == leads.LIFTED:
        return ()
    named = [reason for reason in told.reasons if not is_note(reason)]
    bound = deciding(told) if any(reason.get("binding") for reason in named) else named
    return by_fact(bound)[0][:n]


def deciding(told: Story) -> tuple[Row, ...]:
    """The reasons that decided; in a week that advances first what raised it, then what limits it."""
    raised = (told.target or {}).get("action") == "advance"
    return tuple(sorted(decisive(told.reasons), key=lambda reason: raised and not _counts(reason)))


LIMITS = "cap_"
"""How the names of limits begin: that last weeks allow no more is one fact, however many of them say so."""


def by_fact(reasons: Sequence[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Reasons that speak of a fact of their own, and those that speak of one named already: of a pause the first speaks
    for all, be it 7, 14 and 28 days without a run, a week without a session or a watch that is silent."""
    first: dict[Any, Row] = {}
    again: list[Row] = []
    for reason in reasons:
        key = _fact(reason)
        if key in first:
            again.append(reason)
        else:
            first[key] = reason
    return tuple(first.values()), tuple(again)


def _fact(reason: Row) -> Any:
    """What a reason speaks of: what its rule is about, the limits, its number, or else itself."""
    name = str(reason.get("rule"))
    if name.startswith(LIMITS):
        return LIMITS
    if (rule := BY_ID.get(name)) is not None and rule.about:
        return rule.about
    number = (reason.get("observed"), reason.get("window"))
    return number if formats.known(number[0]) else name


def what_would_change(told: Story) -> tuple[str, ...]:
    """What would change the decision, from the reasons that decided (and a watch that is silent), without repeating a
    sentence. Nothing would any more once the stop of the week is lifted."""
    if told.target and lead_code(told.target) == leads.LIFTED:
        return ()
    said: dict[str, None] = {}
    deciding = decisive(told.reasons)
    for reason in told.reasons:
        text = (reason.get("what_would_change_it") or "").strip()
        if text and (reason in deciding or (applied(reason) and reason.get("rule") == unsynced.id)):
            said[formats.sentence(text)] = None
    return tuple(said)


def week_days(tables: Tables, monday: date, as_of: date = date.max) -> tuple[DayLine, ...]:
    """Monday to Sunday with the sessions planned, and those recorded up to a day."""
    planned = _of_week(tables, "planned_sessions", formats.week_of(monday))
    if not heart_rate_seen(tables, min(as_of, monday + timedelta(days=6))):
        planned = [without_ceiling(row) for row in planned]
    done = activities(tables, monday, min(monday + timedelta(days=6), as_of)).to_dicts()
    week = [monday + timedelta(days=i) for i in range(7)]
    return tuple(
        DayLine(
            day,
            tuple(sorted((p for p in planned if p["day"] == day), key=_by_kind)),
            tuple(d for d in done if d["local_day"] == day),
        )
        for day in week
    )


def longest_run(tables: Tables, as_of: date, since: date | None = None) -> Row | None:
    """The activity with the longest continuous run without a walk break, by distance; None without one."""
    found = activities(tables, since, as_of)
    if "longest_run_m" not in found.columns:
        return None
    found = found.filter(pl.col("longest_run_m").is_not_null() & (pl.col("longest_run_m") > 0))
    return found.sort("longest_run_m", descending=True).row(0, named=True) if found.height else None


def any_running(told: Story) -> bool:
    """Whether any running was recorded or logged, whatever is known of it."""
    found = activities(told.tables, None, told.as_of)
    return "running_s" in found.columns and found.filter(pl.col("running_s") > 0).height > 0


def evidence_activities(told: Story, reason: Row) -> Sequence[Row]:
    """The activities behind a reason, in order of time; ids that are no longer shown are left out."""
    wanted = set(reason.get("activity_ids") or ())
    found = activities(told.tables)
    if not wanted or "activity_id" not in found.columns:
        return []
    return found.filter(pl.col("activity_id").is_in(list(wanted))).to_dicts()


def _by_kind(planned: Row) -> int:
    order = {"test": 0, "run": 0, "hills": 0, "walk": 1, "strength": 2, "rest": 3}
    return order.get(str(planned.get("kind")), 4)


def _of_week(tables: Tables, name: str, week: str) -> list[Row]:
    found = frame(tables, name)
    if "week" not in found.columns:
        return []
    return list(found.filter(pl.col("week") == week).to_dicts())


def _heading(monday: date, as_of: date) -> str:
    if monday > as_of:
        return "Next week" if monday <= as_of + timedelta(days=7) else "Week"
    return "This week" if as_of < monday + timedelta(days=7) else "Week"
