"""What is said when in a session: every change between walking and running, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steadymile.models.weekplan import Step

HALFWAY_FROM_S = 480
"""From so long a stretch on its middle is said."""
LEFT_FROM_S, LEFT_S = 300, 60
"""From so long a run on its last minute is said."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a session without a change: walking or running for so many seconds; of a repetition also which one of
    how many."""

    running: bool
    seconds: int
    number: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """Words at a second of the session, and the sign that stands for them: `run`, `walk`, `note` or `end`."""

    at_s: int
    sign: str
    words: str


def parts(steps: Sequence[Step]) -> tuple[Part, ...]:
    """A session's steps one after the other; walks that meet are one."""
    found: list[Part] = []
    for step in steps:
        for number in range(1, step.reps + 1):
            for running, seconds in ((True, step.run_s), (False, step.walk_s)):
                if not seconds:
                    continue
                if found and found[-1].running == running:
                    found.append(Part(running, seconds + found.pop().seconds))
                elif running and step.reps > 1:
                    found.append(Part(running, seconds, number, step.reps))
                else:
                    found.append(Part(running, seconds))
    return tuple(found)


def cues(steps: Sequence[Step], running_word: str = "jog") -> tuple[Cue, ...]:
    """The cues of a session in order; `running_word` is how its running is called."""
    every = parts(steps)
    found: list[Cue] = []
    at = 0
    for n, part in enumerate(every):
        long = spoken(part.seconds)
        if part.running:
            which = f" Number {part.number} of {part.of}." if part.of else ""
            found.append(Cue(at, "run", f"{running_word.capitalize()} {long}.{which}"))
        else:
            why = " to warm up" if n == 0 else " to cool down" if n == len(every) - 1 else ""
            found.append(Cue(at, "walk", f"Walk {long}{why}."))
        half = part.seconds // 2
        if part.seconds >= HALFWAY_FROM_S:
            found.append(Cue(at + half, "note", f"Halfway. {spoken(part.seconds - half)} left."))
        if part.running and part.seconds >= LEFT_FROM_S:
            found.append(Cue(at + part.seconds - LEFT_S, "note", "One minute left."))
        at += part.seconds
    found.append(Cue(at, "end", "That was it. How did it feel? Note it while you remember."))
    return tuple(found)


def spoken(seconds: int) -> str:
    """Seconds as they are spoken: 1 minute 30 seconds."""
    minutes, rest = divmod(seconds, 60)
    said = [f"{n} {word if n == 1 else word + 's'}" for n, word in ((minutes, "minute"), (rest, "second")) if n]
    return " ".join(said)
