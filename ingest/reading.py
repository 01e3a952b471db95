"""What reading a file gives, and how a file that cannot be read says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the refusals below are known to every command, and few of them read a file
    from steadymile.models.recording import Activity, CheckIn, Wellness


class Unreadable(Exception):
    """A file that cannot be read: why, in a runner's words, what to do, and the byte where it broke, if known. `code`
    says why for programs, in a word that stays the same when the sentence is mended."""

    def __init__(self, why: str, what_to_do: str, offset: int | None = None, code: str = "unreadable") -> None:
        super().__init__(why)
        self.why = why
        self.what_to_do = what_to_do
        self.offset = offset
        self.code = code

    @property
    def reason(self) -> str:
        """One line: the fact, the place, the next step."""
        return f"{at_byte(self.why, self.offset)}. {self.what_to_do}"

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str, int | None, str]]:
        return (Unreadable, (self.why, self.what_to_do, self.offset, self.code))


DAMAGED = "damaged"
"""The code of a file of which only a part could be got out of its archive."""


class Damaged(Unreadable):
    """A file of which only a part could be got at, and that part: `saved`."""

    def __init__(self, why: str, what_to_do: str, saved: bytes = b"", code: str = DAMAGED) -> None:
        super().__init__(why, what_to_do, code=code)
        self.saved = saved


def at_byte(fact: str, offset: int | None) -> str:
    """A fact with the place in the file that it is about, where that is known."""
    return fact if offset is None else f"{fact} (at byte {offset:,})"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file holds for us. `what` names the file in plain words ("FIT activity", "GPX route", ...).

    `salvaged` is the reason when only a part could be read: what stands before a break, with `salvaged_offset` its
    byte, or the cells of a table that make sense.
    `left_out` counts the rows of a table or list that could not be taken.
    `ignored` is the reason when the file is sound but holds nothing that steadymile uses (a course, a workout); with
    `status` "waiting", why it waits (for a date, say). `code` says for programs why it was salvaged, ignored or waits.
    `wall_clock`: its times are those of the clock on the wall, without a zone, written as if they were UTC
    (`local_day.from_wall` puts them right).
    """

    what: str
    reader: str
    activities: tuple[Activity, ...] = ()
    wellness: tuple[Wellness, ...] = ()
    checkins: tuple[CheckIn, ...] = ()
    salvaged: str | None = None
    salvaged_offset: int | None = None
    ignored: str | None = None
    notes: tuple[str, ...] = ()
    left_out: int = 0
    status: str | None = None
    code: str | None = None
    wall_clock: bool = False

    @property
    def salvage(self) -> str | None:
        """Why only a part could be read, and where; None where all was."""
        return None if self.salvaged is None else at_byte(self.salvaged, self.salvaged_offset)
