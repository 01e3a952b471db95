"""The terminal's edge: nothing from a file reaches it as a command to it. Titles, notes, device names, the names of
files and of members of zips are other people's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text
from steadymile.reports.formats import quoted_part, short_name

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls but tab and line feed: escape sequences begin with them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn the direction of text
    "\u2028\u2029\ufeff\ufff9-\ufffb"  # other line ends, marks that are not seen
    "\ud800-\udfff]"  # halves of characters, as names that are no UTF-8 have them
)


def shown(text: str) -> str:
    """Text as a terminal may show it: each character that would do something else than be seen is a `�`."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(name: str) -> str:
    """The name of a file as a terminal may show it: a line break in it would pass for a line of ours, and thousands of
    characters would push everything else away."""
    return re.sub(r"[\t-\r\x85]", "\N{REPLACEMENT CHARACTER}", short_name(name))


def escaped(text: str) -> str:
    """JSON text in which such characters are escaped, so that it means the same."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def as_text(view: RenderableType, width: int = 100) -> str:
    """What a screen of that width shows, as plain text."""
    written = StringIO()
    Screen(file=written, width=width).print(view)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


_COMMAND = re.compile(
    r"((?<![\w/.-])steadymile (log|unlog|date|nightly|status|athlete|explain|override|forget"
    r"|keep|report|verify|rebuild|doctor)\b(?![.-]?\w))(?![^`\n]*--(?:home|help))( (?:set|add)(?= \w+=))?"
)
"""A command in a sentence that says no home: with its name, its name alone, and what is set where it sets a fact."""

_WHOSE = ("log", "unlog", "explain", "override")


class Place:
    """What a command was asked about: `home` as the option that leads another command there, and the person's id."""

    def __init__(self, home: str = "", athlete: str = "") -> None:
        self.home, self.athlete = home, athlete

    def more(self, text: str) -> Iterator[tuple[int, str]]:
        """What the commands in a text lack to be copied as they stand, each with where it belongs, the last first."""
        start, end = quoted_part(text)
        for found in reversed(list(_COMMAND.finditer(text)) if self.home or self.athlete else ()):
            if start <= found.start() < end:
                continue  # a person's own words are shown as written
            if found[3] and self.athlete:
                yield found.end(), f" {self.athlete}"
            whose = f" --athlete {self.athlete}" if self.athlete and found[2] in _WHOSE else ""
            if self.home or whose:
                yield found.end(1), f"{self.home}{whose}"

    def led(self, text: str) -> str:
        """A text whose commands lead to this home and person."""
        for at, words in self.more(text):
            text = text[:at] + words + text[at:]
        return text


class Screen(Console):
    """A console that takes no markup, no emoji codes and no control characters from what it prints; the commands in it
    lead to a `place`."""

    def __init__(self, place: Place | None = None, **options: Any) -> None:
        super().__init__(**{"highlight": False, "markup": False, "emoji": False, "soft_wrap": False, **options})
        self.place = place or Place()

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of anything, their text made safe; colours and cursor movements of our own stay."""
        if isinstance(renderable, str):
            renderable = self.place.led(renderable)
        elif isinstance(renderable, Text):
            for at, words in self.place.more(renderable.plain):
                renderable = renderable[:at] + Text(words, renderable[at - 1 : at].style) + renderable[at:]
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(shown(segment.text), segment.style)
