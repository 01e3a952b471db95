"""Terminal blocks for `status` (what is here, what waits for you) and `doctor` (what a file is)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text
from steadymile.reports import formats, reported
from steadymile.reports.terminal.blocks import indented, labelled, title
from steadymile.reports.terminal.night import STATUSES, Refused, people_table, refusals
from steadymile.reports.terminal.screen import one_line
from steadymile.reports.view_model import Story


@dataclass(frozen=True, slots=True)
class StatusView:
    """What a home holds. `files` counts all files ever seen by status; `refused` are those that still need the reader;
    `last_run` its time (UTC or local, as it is to be shown), `places` words for products and where they lie; `at` the
    option that leads a further command to this home."""

    home: str
    people: tuple[Story, ...] = ()
    files: Mapping[str, int] = field(default_factory=dict)
    activities: int = 0
    refused: Sequence[Refused] = ()
    left_out: tuple[int, int] = (0, 0)  # rows and points, and of how many files
    last_run: datetime | None = None
    last_good: datetime | None = None  # the last night that ended well
    places: Mapping[str, str] = field(default_factory=dict)
    at: str = ""


def status(view: StatusView) -> RenderableType:
    """What is in the home, when it last ran, and what waits for the reader."""
    ran = (
        f"{formats.day(view.last_run.date(), year=True)}, {view.last_run:%H:%M %Z}".rstrip()
        if view.last_run
        else ("none since the warehouse was built again" if view.people else "never")
    )
    counted = ", ".join(f"{n} {STATUSES.get(name, name)}" for name, n in view.files.items() if n) or "none yet"
    facts = [
        ("home", view.home),
        ("last nightly", ran),
        *_good(view),
        ("files", counted),
        ("activities", str(view.activities)),
    ]
    if view.left_out[0]:
        counts = f"{view.left_out[0]:,} rows or points of {formats.count(view.left_out[1], 'file')}"
        facts.append(("left out", f'{counts}; why: steadymile sql "SELECT path, reason FROM files WHERE left_out > 0"'))
    parts: list[RenderableType] = [title("Status", first=True), indented(labelled(*facts, *view.places.items()))]
    if view.people:
        parts += [title("Decisions"), indented(people_table(list(view.people)))]
    waits = [(p.name, formats.sentence(text)) for p in view.people for _, text in reported.waiting(p)]
    if waits:
        parts += [title("Waits for your own word"), indented(labelled(*waits))]
    if view.refused:
        for waits_for_you, heading in ((True, "{} waiting for you"), (False, "{} not read")):
            if those := [file for file in view.refused if file.waits == waits_for_you]:
                parts.append(title(heading.format(formats.count(len(those), "file"))))
                parts += refusals(those, view.at)
    if not view.last_run and not view.people:
        parts.append(Text("\nDrop your watch's files into the inbox, then run: steadymile nightly" + view.at))
    return Group(*parts)


def _good(view: StatusView) -> list[tuple[str, str]]:
    """The last night that ended well, where that is not the last run."""
    good = view.last_good
    if good is None or good == view.last_run:
        return []
    return [("last good night", f"{formats.day(good.date(), year=True)}, {good:%H:%M %Z}".rstrip())]


@dataclass(frozen=True, slots=True)
class DoctorView:
    """What a file is, in plain words. `holds` what is in it, `wrong` what is not right, `notes` what was cleaned or is
    worth knowing in a sound file, `saved` what was kept nevertheless. `useless` is why a file that is no recording
    gives nothing, with the next step; `refused` when it cannot be read."""

    path: str
    what: str
    holds: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    saved: str | None = None
    useless: str | None = None
    refused: bool = False


def doctor(view: DoctorView) -> RenderableType:
    """One file's examination."""
    verdict = (
        ("cannot be used", "red")
        if view.refused
        else ("read with a fault", "yellow")
        if view.wrong
        else ("nothing for training", "yellow")
        if view.useless
        else ("sound", "green")
    )
    head = Text.assemble((one_line(view.path), "bold"), "  ", verdict)
    lines: list[tuple[str, str | Text]] = [("is", formats.sentence(view.what))]
    for label, said in (("holds", view.holds), ("wrong", view.wrong), ("noted", view.notes)):
        lines += [(label if n == 0 else "", formats.sentence(text)) for n, text in enumerate(said)]
    lines += [("saved", formats.sentence(view.saved))] if view.saved else []
    lines += [("why", formats.sentence(view.useless))] if view.useless else []
    return Group(head, indented(labelled(*lines), below=1))
