"""The steps that judge, as plain functions: read, call, write. The flows are thin over them.

measure: activities -> loads, days; plan: history -> week. Reading the inbox is `reading.intake`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from steadymile.ingest.formats import rank_of
from steadymile.models.assessment.answers import attach
from steadymile.models.assessment.assess import assess
from steadymile.models.assessment.assess_checkpoint import past_from
from steadymile.models.assessment.estimates import estimates
from steadymile.models.athlete import Athlete
from steadymile.models.copies.duplicates import duplicates, elsewhere
from steadymile.models.learning.beliefs import beliefs
from steadymile.models.measured import Recording
from steadymile.models.metrics.found import CATALOGUE
from steadymile.models.physiology.confirmation import UNCOUNTED, says, unconfirmed
from steadymile.models.policy.training.matching import completed, match, monday_of, tests, week_of
from steadymile.models.session import Body, History
from steadymile.models.stated.listed import LISTED, with_hearts
from steadymile.models.stated.logged import SOURCE as LOGGED
from steadymile.models.week.easing import tonight
from steadymile.models.weekplan import Action, WeekPlan
from steadymile.pipelines.convert import week_payload
from steadymile.pipelines.overrides import overrides, set_by_hand, with_override
from steadymile.pipelines.reading import definitions
from steadymile.pipelines.reading.logged import Reported, keep_reported, match_reported, until
from steadymile.pipelines.reading.naming import match_listed, name_sports, named_copies, placed, settle_kinds
from steadymile.pipelines.reading.remeasure import renew
from steadymile.pipelines.run import Run
from steadymile.warehouse.database import changes, transaction
from steadymile.warehouse.journal import Entry
from steadymile.warehouse.queries import sessions
from steadymile.warehouse.store import (
    as_loaded,
    last_file_day,
    load_days,
    load_past,
    load_recordings,
    load_session_checkins,
    load_standing,
    load_weeks,
    save_answers,
    save_body,
    save_cards,
    save_days,
    save_estimates,
    save_learned,
    save_matches,
    save_past,
    save_person_metrics,
    save_places,
    save_weeks,
    undated_files,
)
from steadymile.warehouse.tables.rows import MatchRow

# measure


def stale(run: Run) -> list[Athlete]:
    """Athletes whose numbers something new concerns: files, words, facts, definitions, or the date."""
    return [
        athlete
        for athlete_id, athlete in sorted(run.athletes.items())
        if athlete_id in run.state.owed or run.state.fingerprints.get(athlete_id) != run.fingerprint(athlete)
    ]


def measure(run: Run) -> dict[str, Body]:
    """The person stage for every stale athlete: duplicates, answers, loads, days. Returns what is believed of each."""

    people = stale(run)
    bodies = {}
    with run.timed("measure"):
        if people:
            renew(run, people)

            cards = [CATALOGUE[name] for name in sorted(CATALOGUE)]
            said = hashlib.sha256(repr(cards).encode()).hexdigest()[:16]
            if said != run.state.cards:
                save_cards(run.con, cards)
                run.state.cards = said
        for done, athlete in enumerate(people):
            with run.isolated(athlete.athlete_id):
                bodies[athlete.athlete_id] = measure_athlete(run, athlete)
            run.progress(done + 1, len(people), "Measuring")
    return bodies


def measure_athlete(run: Run, athlete: Athlete) -> Body:
    """One athlete's person stage, saved."""

    athlete_id, as_of = athlete.athlete_id, run.day_of(athlete)
    with transaction(run.con):
        said = until(load_session_checkins(run.con, athlete_id), as_of)
        past = load_past(run.con, athlete_id, definitions.code())
        stored, before = load_recordings(run.con, athlete_id, forgotten=True), changes(run.con)
        reported = keep_reported(run.con, athlete, said, stored, past is not None)
        if changes(run.con) == before:
            _, forgotten = load_standing(run.con, athlete_id)
            recordings = [r for r in stored if r.activity_id not in forgotten]
        else:
            recordings = load_recordings(run.con, athlete_id)
        if save_places(run.con, athlete_id, placed(athlete, [r for r in recordings if r.source != LOGGED])):
            recordings = load_recordings(run.con, athlete_id)
        matches = match_copies(run, athlete_id, recordings, reported)
        save_matches(run.con, athlete_id, matches)
        recordings = named_copies(recordings, matches)
        if name_sports(run, athlete, recordings, matches):
            recordings = load_recordings(run.con, athlete_id)
            matches = match_copies(run, athlete_id, recordings, reported)
            save_matches(run.con, athlete_id, matches)
            recordings = named_copies(recordings, matches)
        if settle_kinds(run, athlete_id, recordings):
            recordings = load_recordings(run.con, athlete_id)
        counted = [r for r in with_hearts(recordings) if r.preferred and r.local_day <= as_of]
        if not run.rebuilding and any(r.activity_id in run.arrived for r in counted):
            run.elsewhere += [
                f"{a.path} and {b.path} were recorded at the same time, {apart_m / 1000:.0f} km apart, and both count. "
                f"If one is somebody else's, hide it: steadymile forget {a.activity_id}, or {b.activity_id}."
                for a, b, apart_m in elsewhere(counted)
                if run.arrived & {a.activity_id, b.activity_id}
            ]
        answers = attach(counted, reported.said(matches))
        save_answers(run.con, athlete_id, answers)
        weeks = load_weeks(run.con, athlete_id)
        matched = match(sessions(run.con, athlete_id, as_of, planned_since(weeks)), weeks)
        facts = [r.answered(answers.get(r.activity_id, {})) for r in counted]
        days, done = load_days(run.con, athlete_id, until=as_of), completed(matched)
        if athlete_id in run.spoken:
            waits = (w for w in unconfirmed(days, as_of) if w.field not in UNCOUNTED)  # the others are asked by file
            run.asks += [f"A file {says(w.field, w.day.isoformat())}" for w in waits]
        assessment = assess(athlete, facts, days, as_of, done, past_from(past) if past else None)
        save_person_metrics(run.con, athlete_id, assessment.metrics, assessment.kept)
        save_past(run.con, athlete_id, definitions.code(), assessment.past.plain() if assessment.past else None)
        save_days(run.con, athlete_id, assessment.days)
        save_body(run.con, athlete_id, assessment.held)
        save_estimates(run.con, athlete_id, as_of, estimates(facts, assessment.body, as_of, tests(matched)))
    return assessment.body


def planned_since(weeks: Sequence[WeekPlan]) -> date:
    """The day from which sessions may fulfil something planned: no earlier one can, and a week more than is needed for
    a session that began before midnight."""

    return min((monday_of(week.week) for week in weeks), default=date.max) - timedelta(days=7)


def match_copies(run: Run, athlete_id: str, recordings: Sequence[Recording], reported: Reported) -> list[MatchRow]:
    """Which recordings are copies of which, by the rules of identity and what the athlete said."""

    kept, _ = load_standing(run.con, athlete_id)
    others = [r for r in recordings if r.source != LOGGED]
    found = duplicates([r for r in others if r.source != LISTED], keep=kept, rank_of=rank_of)
    found += match_listed(run, athlete_id, others, found)
    found += match_reported(reported.sessions, others, found, kept)
    return [MatchRow(m.activity_id, m.duplicate_of, m.rule, m.detail) for m in found]


# plan


@dataclass(slots=True)
class Planned:
    """What the plan step did: the weeks that it published, new or revised."""

    published: list[WeekPlan] = field(default_factory=list)


def history_of(run: Run, athlete: Athlete, body: Body, as_of: date, weeks: Sequence[WeekPlan]) -> History:
    """Everything that a plan of that day may depend on; `weeks` are all that are stored, with their revisions."""

    athlete_id = athlete.athlete_id
    newest = last_file_day(run.con, athlete_id)
    return History(
        athlete=athlete,
        sessions=sessions(run.con, athlete_id, until=as_of),
        days=load_days(run.con, athlete_id, until=as_of),
        weeks=as_loaded(weeks, as_of),
        body=body,
        last_file_day=min(newest, as_of) if newest else None,
        undated=undated_files(run.con, athlete_id),
    )


def plan(run: Run, bodies: dict[str, Body]) -> Planned:
    """Decide the week of every measured athlete: ease what is published where it must be, then plan what comes."""
    planned = Planned()
    with run.timed("plan"):
        said = overrides(run) if bodies else {}
        for athlete_id, body in bodies.items():
            with run.isolated(athlete_id):
                planned.published += plan_athlete(run, run.athletes[athlete_id], body, said.get(athlete_id, {}))
                run.state.owed = [owed for owed in run.state.owed if owed != athlete_id]
        for athlete in stale(run):  # whom nothing could be planned for, whatever it was that failed
            with run.tried(f"What {athlete.athlete_id} reported could not be applied without their numbers"):
                planned.published += stop_anyway(run, athlete)
    return planned


def stop_anyway(run: Run, athlete: Athlete) -> list[WeekPlan]:
    """A stop holds although the athlete's numbers could not be computed: what was said is known without them. Only
    weeks that stop are published; everything else waits until the numbers are there."""
    as_of = run.day_of(athlete)
    stored = load_weeks(run.con, athlete.athlete_id, revisions=True)
    decided = decide_weeks(history_of(run, athlete, Body(), as_of, stored), as_of, {})
    weeks = [week for week in decided if week.action is Action.STOP]
    journal_weeks(run, weeks)
    if not weeks or not save_weeks(run.con, weeks):
        return []
    run.state.judged[athlete.athlete_id] = uuid.uuid4().hex
    return weeks


def plan_athlete(run: Run, athlete: Athlete, body: Body, said: Mapping[str, Mapping[str, Any]]) -> list[WeekPlan]:
    """One athlete's weeks, saved and journaled; empty where nothing changed. `said`: overrides by week."""

    as_of = run.day_of(athlete)
    stored = load_weeks(run.con, athlete.athlete_id, revisions=True)
    by_hand = [] if run.rebuilding else set_by_hand(stored, said, as_of)
    history = history_of(run, athlete, body, as_of, [*stored, *by_hand])
    weeks = [*by_hand, *decide_weeks(history, as_of, said)]
    known = {(week.week, week.revision): week for week in stored}
    new = [week for week in weeks if known.get((week.week, week.revision)) != week]
    journal_weeks(run, new)  # before they are saved: what a kill keeps from being saved, the next run saves
    journal_passed(run, athlete.athlete_id, list(known.values()), as_of)
    changed = bool(save_weeks(run.con, new))
    settle_day(run, athlete, as_of)
    now = known | {(week.week, week.revision): week for week in new}
    learn(run, replace(history, weeks=as_loaded(list(now.values()), as_of)), as_of)
    return weeks if changed else []


def learn(run: Run, history: History, as_of: date) -> None:
    """What is believed about the athlete, saved: from recorded facts and published weeks alone, after the plan."""
    found, choices = beliefs(history, as_of)
    save_learned(run.con, history.athlete.athlete_id, as_of, found, choices)


def journal_passed(run: Run, athlete_id: str, weeks: Sequence[WeekPlan], as_of: date) -> None:
    """Weeks that passed while they were provisional (nothing ran in them) stand as they are: nobody plans them again,
    so they go to the journal, once."""
    this_week = f"{as_of:%G-W%V}"
    noted = run.state.passed.get(athlete_id, "")
    passed = [week for week in weeks if week.status != "frozen" and noted < week.week < this_week]
    run.note(*(Entry("week", run.now, week_payload(week), athlete_id) for week in passed))
    if passed:
        run.state.passed[athlete_id] = max(week.week for week in passed)


def settle_day(run: Run, athlete: Athlete, as_of: date) -> None:
    """Remember for which day the athlete was computed; the journal too, so that a rebuild stops at the same day."""

    if run.state.as_of.get(athlete.athlete_id) != as_of.isoformat():
        run.note(Entry("note", run.now, {"as_of": as_of.isoformat()}, athlete.athlete_id))
    run.state.fingerprints[athlete.athlete_id] = run.fingerprint(athlete)
    run.state.as_of[athlete.athlete_id] = as_of.isoformat()
    run.state.judged[athlete.athlete_id] = uuid.uuid4().hex


def decide_weeks(history: History, as_of: date, said: Mapping[str, Mapping[str, Any]]) -> list[WeekPlan]:
    """The weeks that this day publishes or revises, in order. Where the week under way begins with this very plan, the
    coming one is looked at too, as it would be if the day were planned a second time: that changes nothing."""

    def decided(history: History) -> list[WeekPlan]:
        return [with_override(week, said.get(week.week)) for week in tonight(history, as_of)]

    weeks = decided(history)
    under_way = week_of(as_of)
    if any(week.week == under_way and week.status == "frozen" and week.revision == 1 for week in weeks):
        weeks += decided(replace(history, weeks=(*history.weeks, *weeks)))
    return weeks


def journal_weeks(run: Run, weeks: Sequence[WeekPlan]) -> None:
    """Frozen weeks and their revisions go to the journal; provisional ones can be planned again at any time."""

    run.note(*(Entry("week", run.now, week_payload(w), w.athlete_id) for w in weeks if w.status == "frozen"))
