"""How long a harness goes on, and what it says on the way: so many rounds, or as many as fit into so many minutes.

A harness that is ended early, by its time, by Ctrl-C or by SIGTERM, says how much it did all the same.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

SAY_EVERY_S = 60.0


class Spell:
    """Rounds, counted by kind, with what was wrong in them."""

    def __init__(
        self,
        what: str,
        rounds: int | None,
        minutes: float | None,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`what` is counted, in the plural. No `rounds` or no `minutes`: without that limit."""
        self.what, self.rounds, self.minutes = what, rounds, minutes
        self.say, self.clock = say or line, clock
        self.done, self.kinds, self.faults = 0, Counter[str](), list[str]()
        self.began = self.said = clock()

    def __iter__(self) -> Iterator[int]:
        """The numbers of the rounds, from 0. A round counts when the next one is asked for."""
        while (self.rounds is None or self.done < self.rounds) and not self.over():
            yield self.done
            self.done += 1
            if self.clock() - self.said >= SAY_EVERY_S:
                self.said = self.clock()
                self.say(self.sum())

    def over(self) -> bool:
        """Whether the time is up."""
        return self.minutes is not None and self.clock() - self.began >= 60.0 * self.minutes

    def fault(self, words: str) -> None:
        """Something was wrong; it is said at once."""
        self.faults.append(words)
        self.say(f"FAULT {words}")

    def sum(self) -> str:
        """How much was done and found so far."""
        of = f" of {self.rounds:,}" if self.rounds is not None else ""
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(self.kinds.items()))
        return (
            f"{self.done:,}{of} {self.what}{f' ({kinds})' if kinds else ''}, {len(self.faults)} faults, "
            f"{self.clock() - self.began:,.0f} s"
        )

    def end(self) -> int:
        """The last line. Returns the exit code: 1 where something was wrong."""
        where = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
        self.say(f"{self.sum()}; {where}, load {os.getloadavg()[0]:.0f}; began {begun(self.clock() - self.began)}")
        return int(bool(self.faults))


def begun(ago_s: float) -> str:
    """The time by the clock so long ago."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(time.time() - ago_s))


def line(words: str) -> None:
    """A line that is seen at once, also in a file."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def limits(parser: argparse.ArgumentParser, rounds: int | None) -> None:
    """The arguments that every harness takes."""
    parser.add_argument("--minutes", type=float, help="end after so long, whatever is left")
    parser.add_argument("--rounds", type=int, default=rounds, help=f"end after so many (default {rounds or 'none'})")


def until_ended(work: Callable[[], None]) -> None:
    """Work until it is done or somebody ends it."""

    def end(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    with suppress(KeyboardInterrupt):
        work()
    signal.signal(signal.SIGTERM, before)
