"""All athletes at a glance in the terminal, those who need the coach first."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text
from steadymile.models.weekplan import Action
from steadymile.reports import formats
from steadymile.reports.coaching import GROUPS, CoachRow, last_news, old_plan, ordered
from steadymile.reports.terminal.blocks import STYLES, indented, labelled, title


def glance(rows: Sequence[CoachRow]) -> RenderableType:
    """One line an athlete under each heading, reasons for those who need the coach."""
    parts: list[RenderableType] = []
    for name, lines in ordered(rows).items():
        parts.append(title(f"{GROUPS[name][0]} ({len(lines)})", first=not parts))
        parts.append(indented(labelled(*((line.name, _at_a_glance(name, line)) for line in lines))))
    return Group(*parts) if parts else Text("No athletes here yet. Add one with: steadymile athlete add")


def _at_a_glance(group: str, line: CoachRow) -> Text:
    """One athlete's line: what was reported, then the decision, as their own page puts both."""
    urgent = STYLES["stop" if line.flags else "back_off"] if group in ("flag", "pain", "ill", "question") else ""
    said = [(text, urgent) for text in line.reported]
    if line.paused_until:
        said.append((f"Paused until {formats.day(line.paused_until)}.", ""))
    if group == "silent":
        said.append((f"Last news {last_news(line)}.", ""))
    if not line.action or line.stale:
        said.append((old_plan(line) if line.action else line.lead or "No plan yet.", ""))
    elif line.action == Action.STOP.word or not (line.flags or line.paused_until):
        said += [(line.lead, STYLES.get(line.action, "")), (line.headline, "")]
        said += [(line.reasons[0], "")] if group == "eased" and line.reasons else []
    return Text(" ").join(Text(words, style) for words, style in said if words)
