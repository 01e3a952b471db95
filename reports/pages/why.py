"""The grounds of the decision: every reason with its numbers, what would change it, how sure it is, what is missing."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from steadymile.reports import formats
from steadymile.reports.certainty import certainty, notes, remarked, without_it
from steadymile.reports.rendering import fill
from steadymile.reports.sentences import describe
from steadymile.reports.view_model import (
    Row,
    Story,
    applied,
    by_fact,
    deciding,
    evidence,
    evidence_activities,
    is_note,
    what_would_change,
)


def reasons_section(told: Story) -> Markup:
    """Every rule that was looked at: those that decided or applied first, each with its numbers when opened."""
    decided = deciding(told)
    others = [reason for reason in told.reasons if applied(reason) and reason not in decided]
    spoke, again = by_fact((*decided, *others))
    silent = [reason for reason in told.reasons if not applied(reason) and not is_note(reason)]
    return fill(
        "sections/reasons.html",
        action=str((told.target or {}).get("action") or ""),
        spoke=[_shown(told, reason, reason in decided) for reason in spoke],
        again=[_shown(told, reason, reason in decided) for reason in again],
        silent=[_shown(told, reason) for reason in silent],
    )


def _shown(told: Story, reason: Row, decided: bool = False) -> dict[str, Any]:
    """A reason as its template shows it."""
    return {
        "sentence": formats.sentence(reason["sentence"]),
        "decided": decided,
        "grade": formats.EVIDENCE.get(str(evidence(reason)), ""),
        "numbers": (
            ("Measured", _amount(reason.get("observed"))),
            ("Against", _amount(reason.get("threshold"))),
            ("Looked at", reason.get("window") or ""),
            ("Without it", without_it(reason)),
            ("Would change it", formats.sentence(reason.get("what_would_change_it") or "")),
            ("Rule", str(reason.get("rule") or "")),
        ),
        "rests_on": [
            describe(activity, told.units, year=told.as_of.year) for activity in evidence_activities(told, reason)
        ],
    }


def _amount(value: float | None) -> str:
    return formats.measured(value) if formats.known(value) else ""


def changes_section(told: Story) -> Markup:
    """What would have made, or will make, the decision another."""
    lines = list(what_would_change(told))
    return fill("sections/list.html", heading="What would change it", name="changes", lines=lines, style="plain")


def certainty_section(told: Story) -> Markup:
    """How much the decision rests on, in sentences with numbers."""
    lines = certainty(told) if told.target else []
    return fill("sections/list.html", heading="How sure we are", name="sure", lines=lines, style="plain")


def notes_section(told: Story) -> Markup:
    """What is missing or could not be read. Names of files stay in the terminal: they may name a place."""
    decided = told.decided_on
    then = f"When this week was decided, on {formats.day(decided)}:" if decided and decided < told.as_of else ""
    return fill("sections/notes.html", then=then, said=remarked(told), now=notes(told))
