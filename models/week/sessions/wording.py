"""What a session asks for, in short, kind, concrete words for a beginner."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from steadymile.models.policy.ladder import WARM_MIN
from steadymile.models.weekplan import Step

JOG_WALK = "Jog-walk"
"""How the title of a session of several bouts begins."""
EASY = "You should be able to speak full sentences; if not, slow down or walk."


def duration(seconds: float) -> str:
    """Seconds in words: 30 s, 1 min, 1 min 30 s."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min" + (f" {rest} s" if rest else "")


DAY_OFF = (
    "This was to be the day of your goal. As things stand, do not run it: there will be another day. Log how you are: "
    "`steadymile log`."
)
"""For a goal's own day that an illness, pain or a stop has reached."""
DAY_EASED = "This was to be the day of your goal: as this week went, run no more than this today."


def minutes(value: float) -> str:
    """Minutes as a plain number: whole ones, else halves and quarters as they are, else to a tenth."""
    quarters = round(4.0 * value)
    if abs(value - quarters / 4.0) < 0.02:
        return f"{quarters / 4.0:g}"
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"


def running_steps(steps: Sequence[Step]) -> list[Step]:
    """The steps in which something is run."""
    return [s for s in steps if s.run_s > 0]


def run_title(steps: Sequence[Step], long: bool = False) -> str:
    """A title such as `Jog-walk 8 x 1 min` or `Easy run 24 min`."""
    running = running_steps(steps)
    if len(running) == 1 and running[0].reps > 1:
        return f"{JOG_WALK} {running[0].reps} x {duration(running[0].run_s)}"
    if len(running) == 1:
        return f"{'Long easy run' if long else 'Easy run'} {duration(running[0].run_s)}"
    groups = [(sum(s.reps for s in same), length) for length, same in groupby(running, key=lambda s: s.run_s)]
    parts = [f"{reps} x {duration(length)}" if reps > 1 else duration(length) for reps, length in groups]
    return f"{JOG_WALK} {' + '.join(parts)}"


def steps_in_words(steps: Sequence[Step]) -> str:
    """The session from start to end: warm-up, bouts and breaks, cool-down."""
    out = []
    for i, s in enumerate(steps):
        if s.run_s == 0:
            out.append(f"Walk {duration(s.walk_s * s.reps)} {'to warm up' if i == 0 else 'to cool down'}.")
        elif s.reps > 1:
            rest = f", walk {duration(s.walk_s)}" if s.walk_s else ""
            out.append(f"{'Then ' if out else ''}{s.reps} times: jog {duration(s.run_s)}{rest}.")
        else:
            rest = f", then walk {duration(s.walk_s)}" if s.walk_s else ""
            out.append(f"{'Then jog' if out else 'Jog'} {duration(s.run_s)}{rest}.")
    return " ".join(out)


def run_text(steps: Sequence[Step], ceiling_bpm: float | None, ease: bool, mile: bool, last_of_three: bool) -> str:
    """The instruction of an easy run or jog-walk."""
    parts = [steps_in_words(steps), EASY]
    if ease:
        walks = sum(1 for s in steps if s.run_s and s.walk_s) > 0
        parts.append("Jog a little slower than last week" + ("; the walks are longer on purpose." if walks else "."))
    if ceiling_bpm is not None:
        parts.append(ceiling_text(ceiling_bpm))
    if mile:
        parts.append("The long bout is a whole mile at your own easy pace. No need to hurry.")
    if last_of_three:
        parts.append("If an earlier run this week felt like 7 of 10 or harder, walk more of this one.")
    return " ".join(parts)


def hard_text(text: str, walk: bool) -> str:
    """The instruction of a session with a hard part; `walk` adds the walks before and after."""
    easy = "In the easy parts you should be able to speak full sentences."
    around = f"Walk {WARM_MIN:g} min to"
    return f"{around} warm up. {text} {easy} {around} cool down." if walk else f"{text} {easy}"


def ceiling_text(bpm: float) -> str:
    """What to do when the heart beats faster than the ceiling."""
    return f"Above {bpm:.0f} beats a minute, slow down or walk; being able to talk counts more than the number."


def walk_text(length_min: float, test: bool = False, pack_kg: float | None = None) -> str:
    """The instruction of a walk."""
    if test:
        return (
            f"Walk {minutes(length_min)} min at a comfortable pace. It is the test before running again: it should "
            "not hurt, now or tomorrow. Report how it went with `steadymile log`."
        )
    text = f"Walk {minutes(length_min)} min briskly: a little warm, still able to chat."
    if pack_kg:
        text += f" Carry {pack_kg:.1f} kg in a backpack, close to the back; leave it at home if anything hurts."
    return text


REST_TEXT = "Nothing today. Rest is when you get stronger."
REST_AND_LOG = "Rest, and log how you are: `steadymile log`."
"""The instruction of a session that became rest."""

STRENGTH = {
    "A": (
        "Glute bridge 10 times, side plank 20 s each side, step-up 8 each leg, side-lying leg raise 10 each leg, "
        "calf raise 12. Two rounds."
    ),
    "B": (
        "Dead bug 8 each side, clamshell 12 each side, chair squat 10, plank 20 s, single-leg balance 30 s each leg. "
        "Two rounds."
    ),
    "heavy": (
        "Squat with weight 3 x 6, single-leg deadlift 3 x 6 each leg, weighted calf raise 3 x 8, side plank 3 x 30 s "
        "each side. The last two of each set should be hard but clean; without weights do them slowly on one leg."
    ),
}
"""Hip and core work (physiotherapist-led hip and core training lowered injuries of novices, Leppanen 2024); from M4
on one of the two becomes resistance work (ACSM: two days a week)."""


def strength_text(which: str, gentle: bool) -> str:
    """The instruction of a strength session; `gentle` halves it."""
    text = STRENGTH[which]
    return text + (" Do one round only this week, and leave out what hurts." if gentle else " Stop what hurts.")
