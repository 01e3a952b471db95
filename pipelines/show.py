"""From results to what the terminal shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from models.athlete import Athlete
from models.decision import WeekPlan

if TYPE_CHECKING:
    from pipelines.nightly import NightlyResult
    from reports.summary import NightlyView


def nightly_view(result: NightlyResult) -> Iterator[NightlyView]:
    """What the end of a nightly run shows, from the published warehouse."""
    from pipelines.home import Home
    from pipelines.nightly import page_tables
    from pipelines.query import opened_published
    from pipelines.settings import settings
    from reports.summary import NightlyView, PersonView, Refused

    home = Home(result.home)
    counts = dict(result.counts)
    if result.waiting:
        counts["waiting"] = len(result.waiting)
    with opened_published(settings(result.home)) as con:
        people = tuple(
            PersonView(
                athlete,
                result.views[athlete_id].on(con) if athlete_id in result.views else page_tables(con, athlete_id),
                result.as_of[athlete_id],
                result.bodies.get(athlete_id),
            )
            for athlete_id, athlete in sorted(home.athletes().items())
            if athlete_id in result.as_of
        )
        yield NightlyView(
            people=people,
            files=counts,
            refused=tuple(Refused(path, reason) for path, reason in result.refused),
            activities=result.activities_new,
            earlier_refused=result.earlier_refused,
            seconds=result.seconds,
            written=result.written,
        )


def files_lines(result: NightlyResult) -> Iterator[str]:
    """What came in, as plain lines."""
    counted = ", ".join(f"{n} {status}" for status, n in sorted(result.counts.items())) or "nothing new"
    yield f"Files: {counted}. Activities: {result.activities_new} new."
    for path, reason in result.refused:
        yield f"  {path}: {reason}"


def plan_lines(weeks: Sequence[tuple[Athlete, WeekPlan]]) -> Iterator[str]:
    """A plan that was not published, as plain lines."""
    for athlete, week in weeks:
        yield f"{athlete.name or athlete.athlete_id}, {week.week} as it would stand on {week.as_of} (not published)"
        yield f"  {week.headline}"
        for session in week.planned:
            yield f"  {session.day:%a %d %b}  {session.title or session.kind}: {session.instruction}"
