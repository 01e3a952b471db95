"""Read a FIT file: activities, wellness readings, or a plain word on why there is nothing to read."""

from __future__ import annotations

from steadymile.ingest.fit import strap as fit_strap
from steadymile.ingest.fit.activity import activities
from steadymile.ingest.fit.protocol.columns import FitFile, Part, decode
from steadymile.ingest.fit.protocol.scan import Break
from steadymile.ingest.fit.wellness import wellness
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.models.recording import Activity, Wellness
from steadymile.models.spelled import capital

_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_ACTIVITY = 4

_KINDS: dict[int, str] = {
    1: "device description",
    2: "settings",
    3: "sport settings",
    4: "activity",
    5: "workout",
    6: "course",
    7: "schedule",
    9: "weight",
    10: "totals",
    11: "goals",
    14: "blood pressure",
    15: "monitoring",
    20: "activity summary",
    28: "daily monitoring",
    32: "monitoring",
    34: "segment",
    35: "segment list",
    44: "metrics",
    49: "sleep",
    68: "HRV status",
}
_USELESS: dict[int, str] = {
    1: "it describes the device itself",
    2: "it holds the watch's settings",
    3: "it holds settings of a sport",
    5: "it is a planned workout, not something that was done",
    6: "it is a course to follow, not something that was done",
    7: "it is a schedule of planned workouts",
    10: "it holds totals over many activities, not single ones",
    11: "it holds goals",
    34: "it is a segment, not something that was done",
    35: "it is a list of segments",
}
_NOT_TAKEN: dict[int, str] = {
    44: "it holds the watch's own figures of fitness, which are not taken over",
    49: "it holds raw sleep data that only the watch's maker can read; your hours of sleep are not in it",
}
"""Why a file of readings gave none, by its kind."""
_COPY_AGAIN = "Copy it from the watch or download it again."
_WELLNESS_TABLES = frozenset({30, 55, 211, 227, 275, 297, 314, 370, 371})


def read_fit(data: bytes) -> Reading:
    """All that a FIT file holds. Raises Unreadable where nothing at all can be read."""
    if not data:
        raise Unreadable("The file is empty (0 bytes)", _COPY_AGAIN, 0)
    if data[:4] == _APPLE_DOUBLE:
        return Reading(
            "macOS companion file",
            "columnar",
            ignored="macOS keeps this file beside the real one; it holds no recording",
        )
    try:
        return _reading(decode(data))
    except (Unreadable, MemoryError):
        raise
    except Exception as problem:
        return _second_reader(data, problem)


def _second_reader(data: bytes, problem: Exception) -> Reading:
    """What fitparse makes of a file on which the columnar reader failed."""
    from steadymile.ingest.fit.protocol.fallback import decode_with_fitparse

    try:
        file = decode_with_fitparse(data)
        return _reading(file)
    except Unreadable:
        raise
    except Exception as second:
        raise Unreadable(
            f"The FIT file could not be understood ({type(problem).__name__}: {problem}; {second})", _COPY_AGAIN
        ) from second


def _reading(file: FitFile) -> Reading:
    if not any(part.tables for part in file.parts):
        raise _unreadable(file)
    found: list[Activity] = []
    readings: list[Wellness] = []
    notes: list[str] = [b.fact for b in file.breaks if b.code == "trailing"]
    strap = fit_strap.beats(file.parts)
    for part in file.parts:
        kind = _file_type(part)
        if kind not in _USELESS and ({18, 19, 20} & part.tables.keys()):
            made, odd = activities(part, file.reader, strap, len(found))
            found += made
            notes += odd
        if _WELLNESS_TABLES & part.tables.keys() and not found:
            taken, odd = wellness(part, "fit")
            readings += taken
            notes += odd
        if part.facts.header_crc == "bad":
            notes.append("the header's own checksum does not match")
    kind = next((k for k in map(_file_type, file.parts) if k is not None), None)
    salvage = _salvage(file)
    return Reading(
        what=f"FIT {_KINDS.get(kind or 0, 'activity' if found else 'file')}",
        reader=file.reader,
        activities=tuple(found),
        wellness=tuple(readings),
        salvaged=_salvage_words(salvage, file) if salvage else None,
        salvaged_offset=salvage.offset if salvage else None,
        ignored=None if found or readings else _why_nothing(kind, notes),
        notes=tuple(dict.fromkeys(notes)),
    )


def _file_type(part: Part) -> int | None:
    table = part.table(0)
    if table is None:
        return None
    value = table.numbers("type")[0]
    return None if value != value else int(value)


def _why_nothing(kind: int | None, notes: list[str]) -> str:
    if kind in _USELESS:
        return _USELESS[kind]
    if notes and "without a time" in notes[-1]:
        return "none of its samples has a time, and nothing else in it says when it was recorded"
    if kind == _ACTIVITY:
        return "it calls itself an activity but holds no session and no samples"
    if notes:
        return notes[-1]
    return _NOT_TAKEN.get(kind or 0, "it holds no activity and no readings that steadymile uses")


def _salvage(file: FitFile) -> Break | None:
    """The first break that cost or may have cost something; later ones follow from it."""
    serious = [b for b in file.breaks if b.code != "trailing"]
    return min(serious, key=lambda b: (b.code == "crc", b.offset)) if serious else None


def _salvage_words(found: Break, file: FitFile) -> str:
    kept = sum(len(table) for part in file.parts for table in part.tables.values())
    fact = capital(found.fact)
    if found.code == "crc":
        return f"{fact}; all {kept:,} messages were kept, single values may be wrong"
    if found.code == "unclosed":
        return f"{fact}; all {kept:,} messages up to the end of the file were kept"
    return f"{fact}; the {kept:,} messages before that were kept"


def _unreadable(file: FitFile) -> Unreadable:
    if not file.parts:
        return Unreadable("This is not a FIT file: it does not begin as one", "If it is one, download it again.", 0)
    first = file.breaks[0] if file.breaks else None
    if first is None:
        return Unreadable("The FIT file has a header and nothing else", _COPY_AGAIN, file.parts[0].facts.end)
    return Unreadable(f"The FIT file is broken before its first message: {first.fact}", _COPY_AGAIN, first.offset)
