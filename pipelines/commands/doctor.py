"""`steadymile doctor`: what a file is, what is in it, what is wrong with it, what was saved. Reads only."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from steadymile.ingest import dating
from steadymile.ingest.formats import read
from steadymile.ingest.inbox import load, one_file, scan
from steadymile.ingest.reading import Damaged, Reading, Unreadable
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import Activity, Flag
from steadymile.models.stated.diary import READER as DIARY
from steadymile.models.stated.listed import LISTED
from steadymile.pipelines.reading.dates import AHEAD
from steadymile.pipelines.settings import settings
from steadymile.reports.terminal.status import DoctorView, doctor


class Verdict(StrEnum):
    """What became of a file: the word that people see and programs compare."""

    FINE = "fine"
    IN_PART = "saved in part"
    UNDATED = "day unknown"
    NOTHING = "nothing for us"
    UNREADABLE = "not readable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One file, or one member of an archive, in plain words."""

    path: str
    what: str
    verdict: Verdict
    reason: str | None = None
    bytes: int = 0
    reader: str | None = None
    holds: tuple[str, ...] = ()
    cleaned: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one path."""

    path: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """Whether everything in it could be read, and has its day."""
        return all(f.verdict not in (Verdict.UNREADABLE, Verdict.UNDATED) for f in self.findings)

    def renderable(self) -> RenderableType:
        """For people."""

        return Group(*(doctor(view_of(f)) for f in self.findings))

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {"path": self.path, "healthy": self.healthy, "findings": [asdict(f) for f in self.findings]}


def view_of(finding: Finding) -> DoctorView:
    """A finding as the terminal shows it."""

    refused = finding.verdict is Verdict.UNREADABLE
    wrong = (finding.reason,) if (refused or finding.verdict is Verdict.UNDATED) and finding.reason else ()
    return DoctorView(
        path=finding.path,
        what=f"{finding.what}, {finding.bytes:,} bytes" if finding.bytes else finding.what,
        holds=() if finding.verdict is Verdict.IN_PART else finding.holds,
        wrong=wrong + ((finding.reason,) if finding.verdict is Verdict.IN_PART and finding.reason else ()),
        notes=finding.cleaned + finding.notes,
        saved="; ".join(finding.holds) if finding.verdict is Verdict.IN_PART else None,
        useless=finding.reason if finding.verdict is Verdict.NOTHING else None,
        refused=refused,
    )


def examine(path: Path) -> Report:
    """Look at a file or every member of an archive; a folder's files one by one."""

    limits = settings().limits()
    if not path.exists():
        return Report(str(path), [Finding(str(path), "nothing", Verdict.UNREADABLE, "There is no such file.")])
    found = scan(path, {}, limits, time.time(), 0.0) if path.is_dir() else one_file(path, limits)
    verdicts = {"salvaged": Verdict.IN_PART, "ignored": Verdict.NOTHING}
    findings = [
        Finding(
            r.path, "zip" if r.status == "salvaged" else "a file", verdicts.get(r.status, Verdict.UNREADABLE), r.reason
        )
        for r in found.refused
    ]
    for candidate in found.candidates:
        try:
            findings.append(look(candidate.label, load(candidate, limits)))
        except Damaged as damage:
            saved = look(candidate.label, damage.saved)
            verdict = Verdict.IN_PART if saved.verdict is Verdict.FINE else saved.verdict
            findings.append(replace(saved, verdict=verdict, reason=damage.reason))
        except Unreadable as refusal:
            findings.append(Finding(candidate.label, "a file", Verdict.UNREADABLE, refusal.reason, candidate.bytes))
    return Report(str(path), findings)


def look(label: str, data: bytes) -> Finding:
    """One file's bytes."""

    try:
        reading = read(data, label)
    except Unreadable as refusal:
        return Finding(label, "a file", Verdict.UNREADABLE, refusal.reason, len(data))
    if reading.ignored is not None:
        return Finding(label, reading.what, Verdict.NOTHING, reading.ignored, len(data), reading.reader)
    holds, cleaned = [], []
    for activity in reading.activities:
        told, touched = contents(activity, reading.wall_clock)
        holds.append(told)
        cleaned += touched
    if reading.wellness:
        kinds = sorted({w.quantity for w in reading.wellness})
        holds.append(f"{_count(len(reading.wellness), 'wellness reading')}: {', '.join(kinds)}")
    if reading.checkins:
        holds.append(_count(len(reading.checkins), "check-in"))
    verdict, reason = (Verdict.IN_PART if reading.salvaged else Verdict.FINE), reading.salvage
    notes = tuple(reading.notes) + tuple(n for a in reading.activities for n in a.notes)
    waits, said = clock(label, reading)
    if waits is not None:
        verdict, reason = Verdict.UNDATED, f"{waits}. {reason}" if reason else waits
    notes += said
    return Finding(
        label,
        reading.what,
        verdict,
        reason,
        len(data),
        reading.reader,
        tuple(holds),
        tuple(cleaned),
        notes,
    )


def clock(label: str, reading: Reading) -> tuple[str | None, tuple[str, ...]]:
    """Why a night would ask for the day of what a file holds, None where it would not; and what else its times say."""
    latest = datetime.now(UTC) + AHEAD
    recorded = [a for a in reading.activities if a.source != LISTED]
    to_come = sum(a.started_at > latest for a in reading.activities if a.source == LISTED)
    notes = [f"{_count(to_come, 'row')} of days to come: no session yet"] if to_come else []
    wrong = dating.wrong(recorded, latest)
    found = dating.by_its_file(recorded, label, "UTC", latest, wrong)
    if found is not None:
        return None, (*notes, f"its clock is wrong; {found.note}")
    return (dating.why_it_waits(wrong, recorded, label, "UTC") if wrong else None), tuple(notes)


def _count(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"


def contents(activity: Activity, local: bool = False) -> tuple[str, list[str]]:
    """What an activity holds, without its place, and what cleaning touched. `local`: its times are of the clock on the
    wall."""

    measured = measure(activity)
    samples = measured.samples
    names = {
        "heart_rate_bpm": "heart rate",
        "altitude_m": "altitude",
        "latitude_deg": "positions",
        "cadence_spm": "cadence",
        "power_w": "power",
        "temperature_c": "temperature",
    }
    there = [word for name, word in names.items() if samples[name].count()]
    values = {n: v.value for n, v in measured.metrics.items()}
    parts = [f"{activity.sport}, {_when(activity, local)}"]
    if samples.height:
        parts.append(_count(samples.height, "sample"))
    if values.get("distance_m") is not None:
        parts.append(f"{(values['distance_m'] or 0) / 1000:.2f} km")
    lasted_s = values.get("elapsed_s") or values.get("timer_s")
    if lasted_s:
        parts.append(f"{lasted_s / 60:.0f} min")
    if activity.device.name:
        parts.append(activity.device.name)
    if samples.height:
        parts.append("with " + ", ".join(there) if there else "no sensor data")
    else:
        parts.append("only its totals")
    words = {flag.name: flag.name.lower().replace("_", " ") for flag in Flag if flag.name}
    found = {words.get(name, name.lower()): count for name, count in measured.counts.items() if count}
    touched = [f"{_count(count, 'sample')}: {word}" for word, count in found.items()]
    return "; ".join(parts), touched


def _when(activity: Activity, local: bool) -> str:
    """The start as the file states it."""
    if activity.reader == DIARY:
        return f"{activity.started_at:%Y-%m-%d}"
    return f"{activity.started_at:%Y-%m-%d %H:%M} {'local time' if local else 'UTC'}"
