"""Regular track points lifted out of XML, all points of one shape at once.

The first point of a shape is taken apart tag by tag into literals (what every such point has, blanks included) and
holes (the values between them). The places of all `<` and quotes are found once; a point fits where each literal
stands at the end of the hole before it, and the next `<` or quote behind a literal ends its hole. So fitting is exact
and no value is copied. What is left, with one marker element for each stretch of lifted points, is the skeleton.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from steadymile.ingest.reading import Unreadable
from steadymile.ingest.xml.bytes import MARGIN, Span, stands, where
from steadymile.ingest.xml.columns import Lifted

SHAPES_AT_MOST = 64
"""Six sensors, each of them missing now and then, make so many."""
SHAPES_TRIED_AT_MOST = 400
POINT_BYTES_AT_MOST = 20_000
PIECE = 1 << 17
"""Bytes searched together, so that they stay in the processor's cache."""

FieldOf = Callable[[tuple[str, ...]], str | None]
"""The column of a value by its path of lower-case local names below the point, attributes as `@name`."""

_NAME = rb"[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?"
_TAG = re.compile(
    rb"<(/?)(" + _NAME + rb")((?:\s+[\w.:\-]+\s*=\s*(?:\"[^\"<&]*\"|'[^'<&]*'))*)\s*(/?)>",
)
_ATTRIBUTE = re.compile(rb"(\s+([\w.:\-]+)\s*=\s*)(\"[^\"]*\"|'[^']*')")
_QUOTE = re.compile(rb"=\s*([\"'])")

_HIDES = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_ENDS_A_NAME = np.isin(np.arange(256), np.frombuffer(b" \t\r\n/>", np.uint8))


@lru_cache(4096)
def local(name: str) -> str:
    """A tag's name without its prefix, in lower case."""
    return name.rpartition(":")[2].lower()


def too_many(max_points: int) -> Unreadable:
    """The refusal of a file with more points than any recording has."""
    return Unreadable(
        f"The file holds more than {max_points:,} track points, far beyond any recording",
        "If it is real, set STEADYMILE_MAX_POINTS higher and copy it in again, or split it",
    )


class _Irregular(Exception):
    """A point that is not made of plain tags and values alone."""


class Shape:
    """One kind of point: literals with a hole after each but the last, and the field of each hole, None for others."""

    def __init__(self, text: bytes, at: int, opening: bytes, field_of: FieldOf, marks: bytes) -> None:
        """The shape of the point that begins at `at`; `marks` are the bytes whose places are known. Raises _Irregular
        where it has comments, entities, a point inside, or a value whose end is no mark."""
        self.literals: list[bytes] = []
        self.fields: list[str | None] = []
        self.marks = marks
        self._known = bytearray()
        stop = self._end(text, at, opening)
        stack: list[bytes] = []
        while at < stop:
            tag = _TAG.match(text, at)
            if tag is None:
                raise _Irregular
            closes, name, attributes, empty = tag.groups()
            if closes:
                if not stack or stack.pop() != name:
                    raise _Irregular
                self._known += tag.group()
            else:
                if stack and name == opening[1:]:
                    raise _Irregular
                stack.append(name)
                path = tuple(local(part.decode("latin-1")) for part in stack[1:])
                self._known += b"<" + name
                self._attributes(attributes, path, field_of)
                self._known += text[tag.end(3) : tag.end()]
                if empty:
                    stack.pop()
            at = tag.end()
            if at < stop:
                following = text.find(b"<", at)
                between, at = text[at:following], following
                if not closes and not empty and text.startswith(b"</", at):
                    self._hole(field_of(path))
                elif between.strip():
                    raise _Irregular
                else:
                    self._known += between
        if stack:
            raise _Irregular
        self.literals.append(bytes(self._known))
        self.counts = [sum(literal.count(mark) for mark in marks) for literal in self.literals]

    @staticmethod
    def _end(text: bytes, at: int, opening: bytes) -> int:
        first = _TAG.match(text, at)
        if first is None:
            raise _Irregular
        if first.group(4):
            return first.end()
        closing = b"</" + opening[1:] + b">"
        found = text.find(closing, first.end(), at + POINT_BYTES_AT_MOST)
        if found < 0:
            raise _Irregular
        return found + len(closing)

    def _hole(self, name: str | None) -> None:
        self.literals.append(bytes(self._known))
        self._known.clear()
        self.fields.append(None if name in self.fields else name)

    def _attributes(self, attributes: bytes, path: tuple[str, ...], field_of: FieldOf) -> None:
        for found in _ATTRIBUTE.finditer(attributes):
            before, name, value = found.groups()
            known = field_of((*path, "@" + local(name.decode("latin-1"))))
            if value[0] in self.marks:
                self._known += before + value[:1]
                self._hole(known)
                self._known += value[-1:]
            elif known is None:
                self._known += found.group()
            else:
                raise _Irregular

    def fit(self, text: bytes, places: np.ndarray, points: np.ndarray) -> Fitted:
        """Those of the points (numbers of their `<` in `places`, ascending) that have this shape."""
        # Nothing is asked for behind the end: a point that ends so late is left to the parser.
        usable = int(np.searchsorted(places, len(text) - max(MARGIN, *map(len, self.literals)), "right"))
        rows = np.arange(int(np.searchsorted(points, usable - sum(self.counts[:-1]))))
        begin = place = places[points[: len(rows)]]
        spans: dict[str, Span] = {}
        number = points[: len(rows)]
        for at, (literal, count) in enumerate(zip(self.literals, self.counts, strict=True)):
            same = stands(text, place, literal)
            if not same.all():
                kept = where(same)
                rows, number, begin, place = rows[kept], number[kept], begin[kept], place[kept]
                spans = {known: (start[kept], stop[kept]) for known, (start, stop) in spans.items()}
            start = place + len(literal)
            number = number + count
            if at < len(self.fields):
                place = places[number]
                if (name := self.fields[at]) is not None:
                    spans[name] = (start, place)
        return Fitted(rows, begin, start, spans)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Points of one shape: which of those asked for, where each begins and ends, the spans of its fields."""

    rows: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    spans: dict[str, Span]


@dataclass(slots=True)
class Skeleton:
    """A document without its lifted points. `runs` are their first and count, numbered as the markers are."""

    text: bytes
    marker: str
    runs: list[tuple[int, int]]
    places: list[int]
    origins: list[int]

    def origin(self, place: int) -> int:
        """The byte of the file that a byte of the skeleton stands for."""
        at = bisect_right(self.places, place) - 1
        return self.origins[at] + place - self.places[at] if at >= 0 else place


def lift(text: bytes, tag: str, field_of: FieldOf, max_points: int) -> tuple[Skeleton, Lifted]:
    """The regular points of a document and the rest of it. Raises Unreadable where they are more than `max_points`."""
    found = re.search(rb"<((?:[\w.\-]+:)?" + tag.encode() + rb")[\s>/]", text)
    if found is None:
        return _skeleton(text, [], []), Lifted()
    opening = b"<" + found.group(1)
    quote = _QUOTE.search(text, found.start())
    marks = b"<" + quote.group(1) if quote else b"<"
    places = _places(text, marks)
    points = _points(text, places, opening)
    fitted = list(_shapes(text, places, points, opening, field_of, marks))
    count = sum(len(one.rows) for one in fitted)
    if count > max_points:
        raise too_many(max_points)
    if not count:
        return _skeleton(text, [], []), Lifted()
    rows, begin, end, spans = _in_order(fitted)
    cuts = np.flatnonzero(~_joined(text, rows, begin, end)) + 1
    firsts, lasts = [0, *cuts.tolist()], [*cuts.tolist(), count]
    runs = [(first, last - first) for first, last in zip(firsts, lasts)]
    stretches = [(int(begin[first]), int(end[last - 1])) for first, last in zip(firsts, lasts)]
    return _skeleton(text, runs, stretches), Lifted(text, count, spans)


def _places(text: bytes, marks: bytes) -> np.ndarray:
    """Where the marks stand."""
    letters = np.frombuffer(text, np.uint8)
    here, other = np.empty(PIECE, bool), np.empty(PIECE, bool)
    found = []
    for at in range(0, len(text), PIECE):
        piece = letters[at : at + PIECE]
        marked = np.equal(piece, marks[0], out=here[: len(piece)])
        for mark in marks[1:]:
            marked |= np.equal(piece, mark, out=other[: len(piece)])
        hits = np.flatnonzero(marked)
        hits += at
        found.append(hits)
    return np.concatenate(found)


def _points(text: bytes, places: np.ndarray, opening: bytes) -> np.ndarray:
    """Numbers of the places where a point begins, in no comment, that has enough text behind it."""
    letters = np.frombuffer(text, np.uint8)
    places = places[: np.searchsorted(places, len(text) - MARGIN - len(opening))]
    telling = len(opening) - 2  # one letter first: most tags differ in it
    maybe = np.flatnonzero(letters[telling:].take(places) == opening[telling])
    behind = letters[len(opening) :].take(places[maybe])
    found = maybe[stands(text, places[maybe], opening) & _ENDS_A_NAME[behind]]
    seconds = letters[1:].take(places)
    hidden = list(_hidden(text, places[np.flatnonzero((seconds == b"!"[0]) | (seconds == b"?"[0]))].tolist()))
    if not hidden:
        return found
    starts, stops = np.array(hidden, np.int64).T
    before = np.searchsorted(starts, places[found]) - 1
    return found[(before < 0) | (places[found] >= stops[before])]


def _hidden(text: bytes, places: list[int]) -> Iterator[tuple[int, int]]:
    """Where comments, character data and instructions begin and end; what looks like a tag in them is none."""
    behind = 0
    for place in places:
        closing = next((end for start, end in _HIDES.items() if text.startswith(start, place)), None)
        if place >= behind and closing is not None:
            end = text.find(closing, place)
            behind = end if end >= 0 else len(text)
            yield place, behind


def _shapes(
    text: bytes, places: np.ndarray, points: np.ndarray, opening: bytes, field_of: FieldOf, marks: bytes
) -> Iterator[Fitted]:
    """Shape after shape, each learnt from the first point that had none and could have one."""
    left = np.arange(len(points))
    if b"&" in text:
        left = _without_entities(text, places[points])
    known: list[list[bytes]] = []
    for _ in range(SHAPES_TRIED_AT_MOST):
        if not len(left) or len(known) == SHAPES_AT_MOST:
            return
        try:
            shape: Shape | None = Shape(text, int(places[points[left[0]]]), opening, field_of, marks)
        except _Irregular:
            shape = None
        if shape is None or shape.literals in known:  # the latter of a point that ends too late
            left = left[1:]
            continue
        fitted = shape.fit(text, places, points[left])
        others = np.ones(len(left), bool)
        others[fitted.rows] = False
        others[0] = False
        if len(fitted.rows):
            known.append(shape.literals)
            yield Fitted(left[fitted.rows], fitted.begin, fitted.end, fitted.spans)
        left = left[others]


def _without_entities(text: bytes, begin: np.ndarray) -> np.ndarray:
    """Numbers of the points without an ampersand up to the next point: entities are left to the parser."""
    owners = np.searchsorted(begin, _places(text, b"&"), "right") - 1
    plain = np.ones(len(begin), bool)
    plain[owners[owners >= 0]] = False
    return np.flatnonzero(plain)


def _in_order(fitted: list[Fitted]) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, Span]]:
    """Points of all shapes in file order: which, where they begin and end, the spans of their fields."""
    if len(fitted) == 1:
        return fitted[0].rows, fitted[0].begin, fitted[0].end, fitted[0].spans
    rows = np.concatenate([one.rows for one in fitted])
    order = np.argsort(rows)
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows))
    spans: dict[str, Span] = {}
    first = 0
    for one in fitted:
        here = rank[first : first + len(one.rows)]
        first += len(one.rows)
        for name, (start, stop) in one.spans.items():
            if name not in spans:
                spans[name] = (np.full(len(rows), -1), np.full(len(rows), -1))
            spans[name][0][here], spans[name][1][here] = start, stop
    begin, end = (np.concatenate([getattr(one, name) for one in fitted])[order] for name in ("begin", "end"))
    return rows[order], begin, end, spans


def _joined(text: bytes, rows: np.ndarray, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Where nothing but blanks stands between a lifted point and the next."""
    joined = np.diff(rows) == 1
    if not joined.any():
        return joined
    usual = int(np.argmax(joined))
    blank = text[end[usual] : begin[usual + 1]]
    same = np.zeros(len(joined), bool)
    if not blank.strip():
        same = (begin[1:] - end[:-1] == len(blank)) & joined
        if blank:
            same[same] = stands(text, end[:-1][same], blank)
    for i in np.flatnonzero(joined & ~same).tolist():
        joined[i] = not text[end[i] : begin[i + 1]].strip()
    return joined


def _skeleton(text: bytes, runs: list[tuple[int, int]], stretches: list[tuple[int, int]]) -> Skeleton:
    """The document with a marker in place of each stretch, and the way back from its bytes to the file's."""
    ends = [0, *(end for _, end in stretches)]
    kept = [text[end:begin] for end, begin in zip(ends, [*(begin for begin, _ in stretches), len(text)])]
    alike = [len(found) for piece in kept for found in re.findall(rb"<run(x*)", piece)]
    marker = "run" + "x" * max([0, *(length + 1 for length in alike)])
    pieces = [piece + (f'<{marker} n="{n}"/>'.encode() if n < len(runs) else b"") for n, piece in enumerate(kept)]
    places = [0]
    for piece in pieces[:-1]:
        places.append(places[-1] + len(piece))
    return Skeleton(b"".join(pieces), marker, runs, places, ends)
