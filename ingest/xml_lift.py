"""Regular track points lifted out of XML by patterns that are learnt from the file itself.

The first point of a shape is taken apart tag by tag and becomes a regular expression; every further point of that
shape is one match. What is left, with one marker element for each stretch of lifted points, is the skeleton.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ingest.reading import Unreadable

PATTERNS_AT_MOST = 24
SHAPES_TRIED_AT_MOST = 400

FieldOf = Callable[[tuple[str, ...]], str | None]
"""The column of a value by its path of lower-case local names below the point, attributes as `@name`."""


@dataclass(slots=True)
class Columns:
    """Values of points as the file's bytes, by field; a value that a point lacks is None."""

    count: int = 0
    blocks: list[Block] = field(default_factory=list)
    parsed: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, names: tuple[str, ...], rows: list[tuple[bytes, ...]]) -> int:
        """Append points and return the number of the first."""
        first = self.count
        self.blocks.append(Block(first, len(rows), dict(zip(names, zip(*rows)))))
        self.count += len(rows)
        return first

    def raw(self, name: str) -> list[bytes | None]:
        """The bytes of one field for every point in file order."""
        values: list[bytes | None] = []
        for block in self.blocks:
            values.extend(block.columns.get(name) or [None] * block.count)
        return values

    def has(self, name: str) -> bool:
        """True where at least one shape of point carries the field."""
        return any(name in block.columns for block in self.blocks)

    def numbers(self, name: str) -> np.ndarray:
        """One field as float64, NaN where it is absent or not a number."""
        if name not in self.parsed:
            values: list[float] = []
            for block in self.blocks:
                column = block.columns.get(name)
                if column is None:
                    values.extend([np.nan] * block.count)
                    continue
                try:
                    values.extend(map(float, column))
                except ValueError:
                    del values[block.first :]
                    values.extend(map(_number, column))
            self.parsed[name] = np.array(values, np.float64)
        return self.parsed[name]


@dataclass(frozen=True, slots=True)
class Block:
    """Points that follow each other and carry the same fields."""

    first: int
    count: int
    columns: dict[str, tuple[bytes, ...]]


def _number(value: bytes) -> float:
    try:
        return float(value)
    except ValueError:
        return np.nan


def too_many(max_points: int) -> Unreadable:
    return Unreadable(
        f"The file holds more than {max_points:,} track points, far beyond any recording",
        "If it is real, set STEADYMILE_MAX_POINTS higher and copy it in again, or split it",
    )


@dataclass(frozen=True, slots=True)
class Pattern:
    match: Callable[[bytes, int], re.Match[bytes] | None]
    names: tuple[str, ...]


_NAME = rb"[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?"
_TAG = re.compile(
    rb"<(/?)(" + _NAME + rb")((?:\s+[\w.:\-]+\s*=\s*(?:\"[^\"<&]*\"|'[^'<&]*'))*)\s*(/?)>",
)
_ATTRIBUTE = re.compile(rb"(\s+)([\w.:\-]+)(\s*=\s*)(\"|')(?:(?<=\")[^\"]*\"|(?<=')[^']*')")


def local(name: str) -> str:
    """A tag's name without its prefix, in lower case."""
    return name.rpartition(":")[2].lower()


def derive(data: bytes, at: int, closing: bytes, field_of: FieldOf, value: bytes) -> Pattern | None:
    """The pattern of the point that begins at `at`, None where it is not made of plain tags and values alone.

    `value` is the pattern of a text between tags. Blanks between tags may differ from point to point, within tags not.
    """
    stop = data.find(closing, at, at + 20_000)
    first = _TAG.match(data, at)
    if first is None:
        return None
    stop = first.end() if first.group(4) else stop + len(closing)
    if stop < first.end():
        return None
    out: list[bytes] = []
    names: list[str] = []
    stack: list[bytes] = []
    position, leaf = at, False
    while position < stop:
        tag = _TAG.match(data, position)
        if tag is None:
            return None
        end, name, attributes, empty = tag.groups()
        if end:
            if not stack or stack.pop() != name:
                return None
            out.append(re.escape(tag.group()))
        else:
            stack.append(name)
            path = tuple(local(part.decode("latin-1")) for part in stack[1:])
            out.append(b"<" + re.escape(name) + _attributes(attributes, path, field_of, names))
            out.append(re.escape(data[tag.end(3) : tag.end()]))
            if empty:
                stack.pop()
        following = data.find(b"<", tag.end())
        between = data[tag.end() : following]
        leaf = not end and not empty and data[following : following + 2] == b"</"
        if leaf:
            if b"&" in between:
                return None
            known = field_of(path)
            if known is not None and known not in names:
                names.append(known)
                out.append(b"(" + value + b")")
            else:
                out.append(value)
        elif tag.end() < stop:
            if between.strip():
                return None
            out.append(rb"\s*")
        position = following if tag.end() < stop else stop
    if stack:
        return None
    out.append(rb"\s*")
    return Pattern(re.compile(b"".join(out)).match, tuple(names))


def _attributes(text: bytes, path: tuple[str, ...], field_of: FieldOf, names: list[str]) -> bytes:
    out: list[bytes] = []
    for attribute in _ATTRIBUTE.finditer(text):
        before, name, equals, quote = attribute.groups()
        known = field_of((*path, "@" + local(name.decode("latin-1"))))
        value = b"[^" + quote + b"]*"
        if known is not None and known not in names:
            names.append(known)
            value = b"(" + value + b")"
        out.append(re.escape(before + name + equals + quote) + value + quote)
    return b"".join(out)


@dataclass(slots=True)
class Lifted:
    skeleton: bytes
    marker: str
    runs: list[tuple[int, int]]
    places: list[int]
    origins: list[int]

    def origin(self, place: int) -> int:
        """The byte of the file that a byte of the skeleton stands for."""
        at = bisect_right(self.places, place) - 1
        return self.origins[at] + place - self.places[at] if at >= 0 else place


def lift(data: bytes, tag: str, field_of: FieldOf, columns: Columns, max_points: int) -> Lifted:
    marker = "run"
    while b"<" + marker.encode() in data:
        marker += "x"
    found = re.search(rb"<((?:[\w.\-]+:)?" + tag.encode() + rb")[\s>/]", data)
    pieces: list[bytes] = []
    lifted = Lifted(b"", marker, [], [0], [0])
    if found is None:
        lifted.skeleton = data
        return lifted
    opening, closing = b"<" + found.group(1), b"</" + found.group(1) + b">"
    # A plain "anything but <" is the fastest to match; entities inside values are left to the parser.
    value = b"[^<&]*" if b"&" in data else b"[^<]*"
    patterns: list[Pattern] = []
    tried = size = copied = 0

    def keep(upto: int, run: tuple[int, int] | None, resume: int) -> None:
        nonlocal size, copied
        piece = data[copied:upto]
        if run is not None:
            piece += f'<{marker} n="{len(lifted.runs)}"/>'.encode()
            lifted.runs.append(run)
        pieces.append(piece)
        size += len(piece)
        lifted.places.append(size)
        lifted.origins.append(resume)
        copied = resume

    position = found.start()
    while position >= 0:
        pattern = next((p for p in patterns if p.match(data, position)), None)
        if pattern is None and tried < SHAPES_TRIED_AT_MOST and len(patterns) < PATTERNS_AT_MOST:
            tried += 1
            pattern = derive(data, position, closing, field_of, value)
            if pattern is not None and pattern.match(data, position):
                patterns.insert(0, pattern)
            else:
                pattern = None
        if pattern is None:
            position = data.find(opening, position + 1)
            continue
        rows: list[tuple[bytes, ...]] = []
        begin, match, add = position, pattern.match, rows.append
        found_here = match(data, position)
        while found_here is not None:
            add(found_here.groups())
            position = found_here.end()
            found_here = match(data, position)
        first = columns.add(pattern.names, rows)
        if columns.count > max_points:
            raise too_many(max_points)
        keep(begin, (first, len(rows)), position)
        if not data.startswith(opening, position):
            position = data.find(opening, position)
    keep(len(data), None, len(data))
    lifted.skeleton = b"".join(pieces)
    return lifted
