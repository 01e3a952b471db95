"""A week's decision told in the terminal: what bound, on which runs it rests, what came near, what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text
from steadymile.reports import formats
from steadymile.reports.certainty import certainty, remarked, without_it
from steadymile.reports.decision import changed_by
from steadymile.reports.sentences import describe
from steadymile.reports.terminal.blocks import NOT_MEDICAL, indented, labelled, listed, title
from steadymile.reports.terminal.night import decision
from steadymile.reports.view_model import (
    Row,
    Story,
    applied,
    by_fact,
    deciding,
    evidence,
    evidence_activities,
    nearness,
    remarks,
    what_would_change,
)

NEAR = 4
"""How many of the rules that did not limit the week are named, nearest first."""


def explain(
    told: Story, more: Sequence[str] = (), less: Sequence[str] = (), average: str | None = None
) -> RenderableType:
    """The whole explanation of one week; build `told` with `story(..., week="2026-W48")`. `more` and `less` tell the
    smallest changes that would have given more, or less, `average` what an average beginner would have been given."""
    if not told.target:
        return Text("There is no plan for this week. steadymile status shows what there is.")
    decided = deciding(told)
    others = [reason for reason in told.reasons if applied(reason) and reason not in decided]
    spoke, again = by_fact((*decided, *others))
    first = [reason for reason in spoke if reason in decided]
    also = [reason for reason in spoke if reason not in decided]
    decided_on = formats.day(told.target.get("as_of"), year=True)
    parts: list[RenderableType] = [
        title(f"{formats.week_span(told.monday)}, decided on {decided_on}", first=True),
        decision(told, reasons=False),
    ]
    for heading, found in (("What decided", first), ("What else applied", also)):
        if found:
            parts += [title(heading), *(_reason(told, reason) for reason in found)]
    if again:
        alike = formats.listing([str(reason["rule"]) for reason in again])
        parts.append(indented(f"About the same: {alike}.", "dim"))
    near = _near(told)
    if near:
        parts += [title("What came nearest without limiting the week"), *(indented(_short(r)) for r in near)]
    changes = what_would_change(told)
    if changes:
        parts += [title("What would change it"), indented(listed(changes))]
    for heading, lines in (("What would have allowed more", more), ("What would have made it easier", less)):
        if lines:
            parts += [title(heading), indented(listed(lines))]
    if average:
        parts += [title("Compared with somebody of whom nothing is known"), indented(listed([average]))]
    if remarks(told):
        parts += [title("What is unknown, only estimated, or wished for"), indented(listed(remarked(told)))]
    parts += [title("How sure we are"), indented(listed(certainty(told)))]
    parts.append(Text(f"\n{_provenance(told)}{NOT_MEDICAL}", style="dim"))
    return Group(*parts)


def _reason(told: Story, reason: Row) -> RenderableType:
    numbers = _numbers(reason)
    lines: list[tuple[str, str | Text]] = [("measured", numbers)] if numbers else []
    lines += [("without it", more)] if (more := without_it(reason)) else []
    lines.append(("rests on", formats.EVIDENCE.get(str(evidence(reason)), "no grade")))
    runs = [
        describe(activity, told.units, title=True, year=told.as_of.year)
        for activity in evidence_activities(told, reason)
    ]
    lines += [("sessions" if n == 0 else "", run) for n, run in enumerate(runs)]
    head = Text.assemble((formats.sentence(reason["sentence"]), ""), (f"  [{reason['rule']}]", "dim"))
    return Group(indented(head), indented(indented(labelled(*lines)), below=1))


def _numbers(reason: Row) -> str:
    observed, threshold = reason.get("observed"), reason.get("threshold")
    window = f" ({reason['window']})" if reason.get("window") else ""
    if not formats.known(observed):
        return ""
    against = f" against {formats.measured(threshold)}" if formats.known(threshold) else ""
    return f"{formats.measured(observed)}{against}{window}"


def _near(told: Story) -> list[Row]:
    silent = [reason for reason in told.reasons if not applied(reason) and nearness(reason) != float("inf")]
    return sorted(silent, key=nearness)[:NEAR]


def _short(reason: Row) -> Text:
    return Text.assemble(formats.sentence(reason["sentence"]), (f"  [{reason['rule']}]", "dim"))


def _provenance(told: Story) -> str:
    target = told.target or {}
    level = str(target.get("level") or "rest")
    changed = (target.get("revision") or 1) > 1 and not target.get("override")
    parts = [
        "" if level == "rest" else f"{'Planned as level' if changed else 'Level'} {level} of the ladder",
        str(target.get("status") or ""),
    ]
    if (target.get("revision") or 1) > 1:
        why = f" ({changed_by(target).rstrip('.')})" if target.get("revision_reason") else ""
        parts.append(f"revision {target['revision']}{why}")
    if target.get("policy_version"):
        parts.append(f"policy {target['policy_version']}")
    return f"{formats.sentence(', '.join(part for part in parts if part))} "
