"""Track points out of XML, fast: regular points are lifted out all at once, an XML parser reads what is left.

A track file is a short document around many points that all look alike, and those are lifted (`xml_lift`). The
document with each stretch of such points replaced by one marker element (the skeleton) goes to expat, which alone
decides about structure: nesting, comments, CDATA, encodings, where the file breaks. A point of no known shape simply
stays in the skeleton and expat reads it, so that odd files are slower and never wrong. Document types are refused,
and with them every entity attack.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol
from xml.parsers import expat

from steadymile.ingest.reading import Unreadable
from steadymile.ingest.xml.columns import Columns
from steadymile.ingest.xml.lift import FieldOf, Skeleton, lift, local, too_many

DEPTH_AT_MOST = 200


class Handler(Protocol):
    """What a format does with the document around its points. Names are local and lower-case."""

    def start(self, path: list[str], attributes: dict[str, str]) -> None:
        """An element opens; `path` ends with its name."""

    def end(self, path: list[str], text: str) -> None:
        """An element closes, with its own text, stripped; `path` ends with its name."""

    def points(self, path: list[str], first: int, count: int) -> None:
        """Points `first` to `first + count` of the columns stand inside `path`."""


@dataclass(frozen=True, slots=True)
class Walked:
    """The points of a document and, where it broke, why and at which byte."""

    columns: Columns
    break_reason: str | None = None
    break_offset: int | None = None
    notes: tuple[str, ...] = ()


class _Events:
    """Feeds a Handler from expat, and gathers the points that stayed in the skeleton."""

    def __init__(
        self, skeleton: Skeleton, tag: str, field_of: FieldOf, columns: Columns, handler: Handler, max_points: int
    ) -> None:
        self.skeleton, self.tag, self.field_of = skeleton, tag, lru_cache(1024)(field_of)
        self.columns, self.handler, self.max_points = columns, handler, max_points
        self.path: list[str] = []
        self.texts: list[list[str]] = []
        self.point: dict[str, bytes] | None = None
        self.point_depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.skeleton.marker:
            self._run(attributes)
            return
        if len(self.path) >= DEPTH_AT_MOST:
            raise Unreadable(f"The file nests elements {DEPTH_AT_MOST} deep, which no track does", "Export it again")
        short = local(name)
        self.path.append(short)
        self.texts.append([])
        if self.point is None and short == self.tag:
            self.point, self.point_depth = {}, len(self.path)
        if self.point is None:
            self.handler.start(self.path, attributes)
            return
        if attributes:
            inside = tuple(self.path[self.point_depth :])
            for key, value in attributes.items():
                self._value((*inside, "@" + local(key)), value)

    def _run(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("n", "-1"))
        if self.point is None and 0 <= number < len(self.skeleton.runs):
            self.handler.points(self.path, *self.skeleton.runs[number])

    def _value(self, path: tuple[str, ...], value: str) -> None:
        known = self.field_of(path)
        if known is not None and self.point is not None:
            self.point.setdefault(known, value.encode("utf-8", "replace"))

    def text(self, data: str) -> None:
        if self.texts:
            self.texts[-1].append(data)

    def end(self, name: str) -> None:
        if name == self.skeleton.marker:
            return
        text = "".join(self.texts.pop()).strip()
        if self.point is None:
            self.handler.end(self.path, text)
        elif len(self.path) > self.point_depth:
            if text:
                self._value(tuple(self.path[self.point_depth :]), text)
        else:
            number = self.columns.add(self.point)
            self.point = None
            if self.columns.count > self.max_points:
                raise too_many(self.max_points)
            self.handler.points(self.path[:-1], number, 1)
        self.path.pop()

    @staticmethod
    def doctype(*_: object) -> None:
        raise Unreadable(
            "The file declares a document type, which track files never need and attacks do",
            "Open it in the program that made it and export it again",
        )


_ENDS_EARLY = frozenset({"unclosed token", "no element found", "unclosed CDATA section", "partial character"})


def _parse(events: _Events) -> tuple[str, int] | None:
    """Run expat over the skeleton. None when it was whole, else the parser's words and the byte of the skeleton."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = events.start
    parser.EndElementHandler = events.end
    parser.CharacterDataHandler = events.text
    parser.StartDoctypeDeclHandler = events.doctype
    try:
        parser.Parse(events.skeleton.text, True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code) or "not well-formed"
        return "it ends too early" if said in _ENDS_EARLY else said, max(parser.ErrorByteIndex, 0)
    except (LookupError, ValueError) as error:  # an encoding that Python or expat does not know
        return str(error), 0
    return None


_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_LESS = re.compile(r"""=\s*(["'])[^"'<>]{0,200}<[^"']{0,200}\1""")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARED = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([\w.\-]+)[\"']")


def _repaired(skeleton: bytes) -> bytes:
    """The skeleton with small faults undone: bare ampersands, `<` in an attribute, control characters, broken UTF-8."""
    text = _without_declaration(skeleton.decode(_encoding(_declared(skeleton)), "replace")).decode()
    text = _LESS.sub(lambda value: value.group().replace("<", "&lt;"), _AMPERSAND.sub("&amp;", text))
    return _CONTROL.sub("", text).encode()


_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)


_ASCII_LIKE = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1"})


def utf8(data: bytes) -> bytes:
    """XML bytes in an encoding that is ASCII where ASCII is: UTF-16 and 32 and multi-byte sets become UTF-8."""
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            return _without_declaration(data.decode(encoding, "replace"))
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    data = data.lstrip()
    declared = _declared(data)
    return data if declared in _ASCII_LIKE else _without_declaration(data.decode(_encoding(declared), "replace"))


def _declared(data: bytes) -> str:
    """The encoding that an XML declaration names, UTF-8 without one."""
    found = _DECLARED.match(data[:400])
    return found.group(1).decode().lower() if found else "utf-8"


def _encoding(name: str) -> str:
    """An encoding as Python knows it, UTF-8 where it does not or it is one of Python's own and no file's."""
    if any(word in name for word in ("escape", "idna", "puny")):
        return "utf-8"
    try:
        return name if isinstance(b"<".decode(name), str) else "utf-8"
    except (LookupError, UnicodeError):
        return "utf-8"


def _without_declaration(text: str) -> bytes:
    body = re.sub(r"^\s*<\?xml.*?\?>", "", text.lstrip("\ufeff"), count=1, flags=re.S)
    return body.lstrip().encode("utf-8", "replace")


def walk(
    data: bytes, tag: str, field_of: FieldOf, new_handler: Callable[[], Handler], max_points: int
) -> tuple[Walked, Handler]:
    """Read a document: `tag` names its points, `field_of` their columns, the handler all else.

    The handler is made anew when a broken document is tried again with small faults repaired, and the one that the
    better reading filled is returned. Raises Unreadable on a document type, absurd depth or too many points.
    """
    clean = utf8(data)
    shift = len(data) - len(clean) if clean is not data and data.endswith(clean) else 0
    skeleton, lifted = lift(clean, tag, field_of, max_points)
    columns, handler = Columns(lifted), new_handler()
    broken = _parse(_Events(skeleton, tag.lower(), field_of, columns, handler, max_points))
    if broken is None:
        return Walked(columns), handler
    words, place = broken
    offset = skeleton.origin(place) + shift
    repaired = replace(skeleton, text=_repaired(skeleton.text))
    if repaired.text == skeleton.text:
        return Walked(columns, words, offset), handler
    again, second = Columns(lifted), new_handler()
    if _parse(_Events(repaired, tag.lower(), field_of, again, second, max_points)) is None:
        return Walked(again, notes=(f"repaired small faults in the XML ({words} at byte {offset:,})",)), second
    return Walked(again, words, offset), second
