"""From a decision to the days of a week: which session when, how long, and what it says.

Takes the stored decision and facts only, so that a published week can be laid out again to the identical result.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from steadymile.models.policy import ladder
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.policy.training.matching import monday_of
from steadymile.models.spelled import capital
from steadymile.models.units import MILE_M
from steadymile.models.week.goals import GOAL_M, GOAL_WORD, YOUR_DAY, needed_m
from steadymile.models.week.sessions import weekdays, wording, workouts
from steadymile.models.week.sessions.workouts import WARM
from steadymile.models.weekplan import RUN_KINDS, Action, PlannedSession, Step

Facts = Mapping[str, Any]
ORDER = {"run": 0, "hills": 0, "test": 0, "walk": 1, "strength": 2, "rest": 3}
WEEK_DAYS = 7
ESTABLISHED_ROTATION = ("P2", "P3", "P5", "P4")
MILE_ROTATION = ("P2", "P6", "P3", "P6")
"""Who wants to run the mile in a certain time runs at its pace every other week."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The decision of one athlete in plain numbers, with what the layout needs to know of it."""

    action: Action
    level: int
    track: int
    established: bool
    run_min: float
    other_min: float
    bout_min: float
    week_min: float
    sessions: int
    walks: int
    walk_min: float
    ease: bool
    ill: bool
    sore: bool
    test_walk: bool
    run_ceiling_bpm: float | None
    walk_ceiling_bpm: float | None
    distance_cap_m: float = math.inf
    session_cap_min: float = math.inf
    longest_of_two: float = 1.0
    shortest_run_min: float = 0.0
    whole_weeks: bool = False
    alone: bool = False
    even_race_week: bool = False
    on_way_back: bool = False
    keeps_calm: bool = False
    day_waits: bool = False
    p: Parameters = IN_FORCE

    @property
    def level_id(self) -> str:
        """The ladder's id of the week: E for an established runner, `rest` under STOP."""
        if self.action == Action.STOP:
            return "rest"
        return "E" if self.established else ladder.level_of(self.track, self.level).id

    @property
    def running(self) -> bool:
        """Whether the week has running in it."""
        return self.sessions > 0 and self.week_min > 0


LAYOUT = 2
"""How weeks are laid out since short runs share their jogs evenly and walks keep to the free days; stored with each."""


def lay_out(c: Chosen, facts: Facts) -> tuple[PlannedSession, ...]:
    """The days of the week: runs, walks, strength and rest, in order."""
    monday = monday_of(facts["week"])
    start = max(date.fromisoformat(facts["start"]), monday)
    race = _race(c, facts, monday, start)
    runs = _runs(c, facts, monday, start, race)
    run_days = tuple(sorted(s.day.isoweekday() for s in runs))
    open_days = tuple(range(start.isoweekday(), 8)) if start <= monday + timedelta(days=6) else ()
    if race is not None:
        kept_free = _kept_free(race.day, race, c, facts)
        open_days = tuple(d for d in open_days if d not in kept_free or d == race.day.isoweekday() - 1)
    walks = _walks(c, facts, monday, run_days, open_days)
    ran_min = sum(r.run_min for r in runs)
    lifts = bool(facts.get("lifts", True)) and not (c.p.load_quiet and _stays_calm(c, facts))
    lifting = _strength(c, monday, ran_min, run_days, tuple(w.day.isoweekday() for w in walks), open_days, lifts)
    planned = [
        *runs,
        *walks,
        *(lifting if race is None or _is_off(race) else ()),
        *([race] if race is not None else ()),
    ]
    busy = {s.day for s in planned}
    for d in range(start.isoweekday(), 8) if start <= monday + timedelta(days=6) else ():
        day = monday + timedelta(days=d - 1)
        if day not in busy:
            planned.append(PlannedSession(day, "rest", 0.0, wording.REST_TEXT, title="Rest"))
    return tuple(sorted(planned, key=lambda s: (s.day, ORDER[s.kind])))


def allowed_runs(c: Chosen, facts: Facts, monday: date, start: date) -> tuple[int, float]:
    """Runs and running minutes left for a week that is planned from `start` on."""
    if start <= monday:
        return c.sessions, c.week_min
    left = max(0, 7 - (start - monday).days)
    most = (left + 1) // 2 if c.established else min((left + 1) // 2, 3)
    return max(0, min(c.sessions - facts["runs_done"], most)), max(0.0, c.week_min - facts["run_min_done"])


def _goes_on(race: PlannedSession | None, c: Chosen, facts: Facts) -> bool:
    """Whether the week of the goal's day has runs after it: where the day is far out of reach, or early in the week
    and within the limits. After one further than any run of the training nothing more is asked."""
    if race is None or not c.p.day_early:
        return False
    if race.kind == "test":
        return race.day.isoweekday() <= c.p.day_early
    return not _ready(facts, c.p)


def _ready(facts: Facts, p: Parameters) -> bool:
    """Whether the farthest run carries the goal's distance, though it may lie beyond the limits."""
    return facts.get("longest_m") is not None and bool(facts["longest_m"] >= needed_m(facts["goal"], p))


def _is_off(race: PlannedSession | None) -> bool:
    """Whether the goal's day is called off."""
    return race is not None and race.purpose == "goal_off"


def _kept_free(day: date, race: PlannedSession | None, c: Chosen, facts: Facts) -> tuple[int, ...]:
    """The weekdays without a run around the goal's day: from the one before it to the end of the week, or to the day
    after it where the week goes on; the day alone where it is called off."""
    own = day.isoweekday()
    if _is_off(race):
        return (own,)
    return tuple(range(max(1, own - 1), min(own + 2, 8) if _goes_on(race, c, facts) else 8))


def _runs(c: Chosen, facts: Facts, monday: date, start: date, race: PlannedSession | None) -> list[PlannedSession]:
    count, week_min = allowed_runs(c, facts, monday, start)
    if not c.running or count <= 0 or week_min <= 0:
        return []
    apart = not c.established and c.level < ladder.M4
    free = tuple(sorted(facts["days_free"] or range(1, 8)))
    blocked = tuple(range(1, start.isoweekday())) if start > monday else ()
    whole = lengths(c, count, week_min)
    count = len(whole)
    own_day = _race_on(facts, monday)
    if own_day is not None:
        blocked += _kept_free(own_day, race, c, facts)
        apart |= not _is_off(race) and _goes_on(race, c, facts)
    likely = tuple(facts.get("run_day_shares") or ())
    chosen = weekdays.run_days(count, free, apart, blocked + _day_after(facts, monday, apart), likely, c.p.fewer_runs)
    if not chosen:
        return []
    minutes = whole if c.shortest_run_min and len(chosen) == count else lengths(c, len(chosen), week_min)
    if own_day is not None and c.even_race_week and not _is_off(race):
        minutes = [sum(minutes) / len(minutes)] * len(minutes)
    usual = long_slot(c, len(minutes))
    long = _likeliest(chosen[: len(minutes)], usual, likely, c.p)
    minutes.insert(long - 1, minutes.pop(usual - 1))
    out = []
    for slot, (weekday, length) in enumerate(zip(chosen, minutes, strict=False), 1):
        day = monday + timedelta(days=weekday - 1)
        out.append(_run(c, facts, day, slot, len(chosen), length, long))
    return [s for s in out if s is not None]


def _second(facts: Facts) -> bool:
    """Whether a week is laid out as they are now; those that were published before keep their days and bouts."""
    return int(facts.get("layout", 1)) >= LAYOUT


def _race_on(facts: Facts, monday: date) -> date | None:
    """The goal's day, if it is in this week."""
    day = date.fromisoformat(facts["race_day"]) if facts.get("race_day") else None
    return day if day is not None and monday <= day < monday + timedelta(days=WEEK_DAYS) else None


def _race(c: Chosen, facts: Facts, monday: date, start: date) -> PlannedSession | None:
    """The goal's own day: a test where its distance is within the limits, else a day about which nothing is asked."""
    day = _race_on(facts, monday)
    if day is None or day < start:
        return None
    if c.p.day_off and (c.action == Action.STOP or (not c.running and c.on_way_back)):
        return PlannedSession(day, "rest", 0.0, wording.DAY_OFF, title="Rest", purpose="goal_off")
    if not c.running:
        return None
    goal, speed = facts["goal"], facts["run_speed_m_s"]
    title, metres = f"{YOUR_DAY}: {GOAL_WORD[goal]}", GOAL_M[goal]
    if c.p.day_off and (c.ill or c.sore):
        return PlannedSession(day, "rest", 0.0, wording.DAY_OFF, title="Rest", purpose="goal_off")
    if c.p.day_off and (c.on_way_back or c.action == Action.REBUILD):
        text = (
            f"This was to be the day of {GOAL_WORD[goal]}. It comes too soon on the way back to running: leave it for "
            "another day, and run no more this week than is planned."
        )
        return PlannedSession(day, "rest", 0.0, text, title="Rest", purpose="goal_off")
    if c.p.day_off and (c.day_waits or c.action == Action.BACK_OFF):
        text = (
            f"This week is a careful one, so the plan does not ask for {GOAL_WORD[goal]} today. If you go all the "
            "same, begin slower than you feel, walk early, and stop if anything hurts."
        )
        return PlannedSession(day, "rest", 0.0, text, title=title, purpose="goal_day")
    if speed and metres <= min(c.distance_cap_m, 60.0 * speed * c.session_cap_min):
        seconds = round(metres / speed / 30.0) * 30
        text = (
            f"Walk {ladder.WARM_MIN:g} min to warm up. Then {GOAL_WORD[goal]}, as evenly as you can; begin "
            "slower than you feel. Skip it if you are ill or anything hurts."
        )
        steps = (WARM, Step(1, seconds, 0))
        return PlannedSession(
            day, "test", round((seconds + WARM.walk_s) / 60.0, 2), text, steps, metres, None, 1, title, "goal_day"
        )
    text = (
        f"{capital(GOAL_WORD[goal])} is further than any run of your training. Begin slower than you feel, walk "
        "before you have to, and stop if anything hurts."
        if _ready(facts, c.p)
        else f"Your runs do not carry {GOAL_WORD[goal]} yet. If you go, choose a shorter distance or walk much of it; "
        "the plan asks nothing of you today."
    )
    return PlannedSession(day, "rest", 0.0, text, title=title, purpose="goal_day")


def _likeliest(days: Sequence[int], usual: int, likely: Sequence[float], p: Parameters) -> int:
    """The slot of the longest run: the usual one, unless a run is clearly likelier to be done on another day."""
    if not likely or not days:
        return usual
    best = max(range(len(days)), key=lambda i: (likely[days[i] - 1], i + 1 == usual, -i))
    clearly = likely[days[best] - 1] >= likely[days[usual - 1] - 1] + p.likelier
    return best + 1 if clearly else usual


def _day_after(facts: Facts, monday: date, apart: bool) -> tuple[int, ...]:
    """Weekdays ruled out because the day before held a run (while runs stay apart) or a hard day of another sport."""
    taken = [facts.get("hard_day")] + ([facts["last_run_day"]] if apart else [])
    after = [(date.fromisoformat(d) - monday).days + 2 for d in taken if d]
    return tuple(d for d in after if 1 <= d <= 7)


def lengths(c: Chosen, count: int, week_min: float) -> list[float]:
    """Running minutes of at most so many runs, the longest in its slot; what the week's cap leaves for the others is
    shared, among fewer of them where they would be too short to be worth it, and else with the longest."""
    if not count:
        return []
    longest = min(c.run_min, week_min)
    left, others = week_min - longest, count - 1
    if c.other_min >= c.run_min - 1e-9 and not c.established and not c.shortest_run_min:  # the last one is cut
        return [min(c.run_min, max(0.0, week_min - i * c.run_min)) for i in range(count)]
    other_min = min(c.other_min, c.run_min)
    if others and left < others * other_min - 1e-9:
        least = min(other_min, c.p.usual_least_min) if c.established else c.p.others_least * longest
        least = max(least, min(c.shortest_run_min, longest))
        fewer = min(others, int(left / max(least, 1e-9) + 1e-9))
        if c.whole_weeks and fewer:  # runs may be short before the week is, for its limit follows what is run
            fewer = next((n for n in range(fewer, others) if left - n * longest <= c.p.lost_share * week_min), others)
        others = fewer
        if not others and week_min < 2.0 * c.shortest_run_min - 1e-9:
            return [longest]
        if c.shortest_run_min:  # the week that is left, in fewer runs: none of it is lost
            other_min = longest
        if not others:
            longest, others = min(c.p.two_longest * week_min, week_min - c.shortest_run_min), 1
            left = week_min - longest
    rest = [min(other_min, left / others)] * others if others else []
    if len(rest) == 1 and not c.alone and longest > (most := c.longest_of_two * (longest + rest[0])):
        most = max(min(most, longest + rest[0] - c.shortest_run_min), (longest + rest[0]) / 2.0)
        longest, rest = most, [longest + rest[0] - most]
    return [longest, *rest] if long_slot(c, len(rest) + 1) == 1 else [*rest, longest]


def long_slot(c: Chosen, count: int) -> int:
    """Which run of the week is the longest. On the way to the mile it is the first, so that a missed day never costs
    the run that carries progress; on the way to longer distances the last, where the weekend is."""
    return count if c.established or (c.track == ladder.DISTANCE and c.level > ladder.M7) else 1


def _run(c: Chosen, facts: Facts, day: date, slot: int, count: int, length: float, long: int) -> PlannedSession | None:
    level = ladder.level_of(c.track, c.level)
    ladder_run = not c.established and c.level < ladder.M4
    steps: tuple[Step, ...]
    kind, purpose = "run", "easy"
    if ladder_run:
        steps = workouts.jog_steps(level, length, c.bout_min, c.ease, _second(facts) and slot != long, c.p)
        if not steps or length < c.p.walk_below * c.run_min - 0.5:  # sessions go in half minutes
            return _walk(c, facts, day, 0, c.p.walk_instead_min) if length > 0 else None
        title = wording.run_title(steps)
        text = wording.run_text(
            steps, c.run_ceiling_bpm, c.ease, mile=_holds_a_mile(steps, facts), last_of_three=slot == count == 3
        )
    else:
        hard = _special_within(c, facts, length) if slot == _hard_slot(c, count, long) else None
        if hard is None:
            length = min(length, c.bout_min)
        if length < c.p.walk_below_min and slot != long:
            return _walk(c, facts, day, 0, c.p.walk_instead_min) if length > 0 else None
        if hard is not None:
            steps, kind, title, purpose = hard.steps, hard.kind, hard.title, "hard"
            text = wording.hard_text(hard.text, walk=steps[0].run_s == 0)
        else:
            steps = workouts.easy_steps(length, walk=not c.established)
            alike = _second(facts) and c.even_race_week and _race_on(facts, monday_of(facts["week"])) is not None
            title = wording.run_title(steps, long=slot == long and c.run_min > c.other_min and not alike)
            text = wording.run_text(steps, c.run_ceiling_bpm, c.ease, mile=False, last_of_three=False)
            text += _sand(c, facts, slot, length, long)
    seconds = sum(s.reps * (s.run_s + s.walk_s) for s in steps)
    # In a hard session the heart may rise above the ceiling of easy running: no alarm there.
    ceiling = None if not ladder_run and hard is not None and hard.kind != "hills" else c.run_ceiling_bpm
    return PlannedSession(
        day, kind, round(seconds / 60.0, 2), text, steps, _distance_m(steps, facts), ceiling, slot, title, purpose
    )


def _holds_a_mile(steps: Sequence[Step], facts: Facts) -> bool:
    """Whether the longest bout is a mile at the athlete's own speed."""
    speed = facts["run_speed_m_s"]
    return speed is not None and max((s.run_s for s in steps), default=0) * speed >= MILE_M


def _sand(c: Chosen, facts: Facts, slot: int, length: float, long: int) -> str:
    """A quarter of one easy run may be on sand, from M4 on, in weeks in which nothing else rises."""
    short = 1 if long > 1 else 2
    if "sand" not in facts["equipment"] or c.action != Action.HOLD or slot != short or c.sore:
        return ""
    if c.p.easy_back and _stays_calm(c, facts):
        return ""
    return f" If you like, run {max(1, int(c.p.sand_share * length))} min of it on soft sand, slowly."


def _stays_calm(c: Chosen, facts: Facts) -> bool:
    """Whether nothing is tried or carried: on the way back, also from a pause, and where what is run has to stay
    calm."""
    back = facts.get("back_days")
    return c.on_way_back or c.keeps_calm or (back is not None and back < c.p.load_back_days)


def _hard_slot(c: Chosen, count: int, long: int) -> int:
    """The run that may be the hard one: one that is not the longest, or that one where the others are short."""
    if c.other_min < c.p.hard_least_min:
        return long
    slot = max(1, count - 1)
    return count if slot == long and count > 1 and long != long_slot(c, count) else slot


def _special_within(c: Chosen, facts: Facts, length: float) -> workouts.Content | None:
    """The week's hard session, its easy part shortened where the walks between would pass the distance cap."""
    hard = _special(c, facts, length)
    if hard is not None and hard.kind == "hills" and facts.get("hills_hurt"):
        return None
    if hard is not None and max(s.run_s for s in hard.steps) > 60.0 * c.bout_min + 1.0:
        return None
    if hard is None or (far := _distance_m(hard.steps, facts)) is None or far <= c.distance_cap_m:
        return hard
    over_min = (far - c.distance_cap_m) / (60.0 * facts["run_speed_m_s"])
    shorter = _special(c, facts, length - math.ceil(2.0 * over_min) / 2.0)
    if shorter is None or (_distance_m(shorter.steps, facts) or 0.0) > c.distance_cap_m:
        return None
    return shorter


def _special(c: Chosen, facts: Facts, length: float) -> workouts.Content | None:
    """The week's one hard session, only in weeks that hold or advance and only where there is something to hold."""
    if c.action < Action.HOLD or c.sessions < 2 or length < c.p.hard_least_min or c.sore:
        return None
    if c.p.easy_back and _stays_calm(c, facts):  # nothing is tried until what is run stays calm
        return None
    if facts.get("race_day"):  # the goal's own week, and the one after it
        return None
    walk = not c.established
    weeks = int(facts.get("weeks_at_level", 0))
    under_plan = (date.fromisoformat(facts["as_of"]) - date.fromisoformat(facts["entry_on"])).days
    since = under_plan if facts["days_since_test"] is None else facts["days_since_test"]
    due = since >= c.p.test_every_days - WEEK_DAYS and c.action == Action.HOLD  # the test is in the week to come
    if c.established:
        # Counted in weeks of all time: week 53 is followed by another kind than itself.
        turn = (monday_of(facts["week"]).toordinal() // WEEK_DAYS) % len(ESTABLISHED_ROTATION)
        level_id = (MILE_ROTATION if facts.get("mile_pace") else ESTABLISHED_ROTATION)[turn]
    else:
        level_id = ladder.level_of(c.track, c.level).id
        if facts.get("mile_pace") and level_id in ("P3", "P5") and weeks % 2:
            level_id = "P6"
    if level_id.startswith("P") and due and facts["goal"] == "mile":
        return workouts.mile_test(length, facts["best_mile_s"], walk, c.p)
    goal = workouts.goal_400_s(facts["goal_mile_s"], facts["best_mile_s"], c.p)
    return workouts.special(level_id, length, weeks, goal, walk, c.p)


def _walks(
    c: Chosen, facts: Facts, monday: date, run_days: tuple[int, ...], open_days: tuple[int, ...]
) -> list[PlannedSession]:
    count = c.walks if len(open_days) == 7 else min(c.walks, max(len(open_days) - 1, 1))
    free = tuple(facts["days_free"] or ()) if _second(facts) else ()
    chosen = weekdays.walk_days(count, run_days, open_days, free) if open_days else ()
    pack = _pack_kg(c, facts)
    return [
        _walk(c, facts, monday + timedelta(days=d - 1), slot, c.walk_min, pack if slot == 1 else None)
        for slot, d in enumerate(chosen, 1)
    ]


def _walk(
    c: Chosen, facts: Facts, day: date, slot: int, minutes: float, pack_kg: float | None = None
) -> PlannedSession:
    steps = (Step(1, 0, round(minutes * 60)),)
    title = walk_title(minutes) + (f" with {pack_kg:.1f} kg" if pack_kg else "")
    text = wording.walk_text(minutes, c.test_walk, pack_kg)
    strong = c.level >= ladder.M4 and c.track != ladder.WALK and c.action == Action.HOLD and not c.sore
    strong &= not (c.p.load_quiet and _stays_calm(c, facts))
    boots = slot == 2 and strong and "boots" in facts["equipment"]
    if boots:
        text += " Wear your boots, if you like to get used to them."
    distance, purpose = _distance_m(steps, facts), "load" if boots or pack_kg else None
    return PlannedSession(day, "walk", minutes, text, steps, distance, c.walk_ceiling_bpm, slot, title, purpose)


def walk_title(minutes: float) -> str:
    """The title of a walk."""
    return f"Brisk walk {wording.minutes(minutes)} min"


def strength_title(which: str) -> str:
    """The title of strength work without weights."""
    return f"Hip and core strength {which}"


def _pack_kg(c: Chosen, facts: Facts) -> float | None:
    """Extra mass on one walk a week from M4 on, for those who own a backpack: 5 % of body mass at first, 2.5 % more
    after four weeks at the same, never while running grows, at most 15 %. Design values."""
    weight = facts["weight_kg"]
    high = c.level >= ladder.M4 and c.track != ladder.WALK
    if not weight or not high or c.sore or c.action not in (Action.HOLD, Action.ADVANCE):
        return None
    if not {"backpack", "vest", "pack"} & set(facts["equipment"]):
        return None
    if c.p.load_quiet and _stays_calm(c, facts):
        return None
    now, quiet = facts["pack_kg"], bool(facts.get("quiet_month", True)) or not c.p.load_quiet
    if not now or (facts.get("pack_ago") or 0) >= c.p.pack_again_days:
        return round(c.p.pack_first * weight, 1) if c.action == Action.HOLD and quiet else None
    grows = c.action == Action.HOLD and (facts["pack_days"] or 0) >= c.p.pack_days and quiet
    return round(min(now + (c.p.pack_step * weight if grows else 0.0), c.p.pack_most * weight), 1)


def _strength(
    c: Chosen,
    monday: date,
    ran_min: float,
    run_days: tuple[int, ...],
    walking: tuple[int, ...],
    open_days: tuple[int, ...],
    lifts: bool,
) -> list[PlannedSession]:
    """Two strength sessions a week from W2 on, on walk days if there are, never when ill or stopped; weights where
    somebody is fit for them (`lifts`) and the week is no way back."""
    if c.action == Action.STOP or c.ill or c.level < 1 or not open_days:
        return []
    count = 1 if c.action == Action.BACK_OFF or len(open_days) < c.p.strength_days else 2
    length = c.p.strength_min
    if c.level >= ladder.M1 and c.track != ladder.WALK:  # most of the training stays running
        count, length = _lifted(count, ran_min, c.p)
    if count == 0:
        return []
    places = walking if len(walking) >= count else tuple(sorted({*walking, *run_days}))
    chosen = weekdays.spread(count, places)
    heavy = c.level >= ladder.M4 and c.track != ladder.WALK and lifts and c.action >= Action.HOLD
    out = []
    for slot, weekday in enumerate(chosen, 1):
        which = "heavy" if heavy and slot == 2 and not c.sore else _exercises(slot)
        title = "Strength with weights" if which == "heavy" else strength_title(which)
        text = wording.strength_text(which, gentle=c.sore or c.action == Action.BACK_OFF)
        out.append(
            PlannedSession(
                monday + timedelta(days=weekday - 1),
                "strength",
                length,
                text,
                slot=slot,
                title=title,
                purpose="load" if which == "heavy" else None,
            )
        )
    return out


def _exercises(slot: int) -> str:
    """Which of the two sets of exercises without weights a week's session of a number has."""
    return "B" if slot == 2 else "A"


def _lifted(count: int, ran_min: float, p: Parameters) -> tuple[int, float]:
    """Strength sessions and their minutes, together shorter than the week's running: fewer where they do not fit."""
    for n in range(count, 0, -1):
        length = min(p.strength_most_min, 5.0 * ((ran_min - 0.5) // n // 5.0))
        if length >= p.strength_least_min:
            return n, length
    return 0, 0.0


def _distance_m(steps: Sequence[Step], facts: Facts) -> float | None:
    """Expected metres at the athlete's own median speeds, None while they are unknown."""
    run = sum(s.reps * s.run_s for s in steps)
    walk = sum(s.reps * s.walk_s for s in steps)
    run_speed, walk_speed = facts["run_speed_m_s"], facts["walk_speed_m_s"]
    if (run and run_speed is None) or (walk and walk_speed is None):
        return None
    return float(round(run * (run_speed or 0.0) + walk * (walk_speed or 0.0)))


def walk_minutes(planned: Sequence[PlannedSession]) -> float:
    """Minutes of walking in walks and in the runs of a week."""
    return sum(s.reps * s.walk_s for p in planned for s in p.steps) / 60.0


def load_range(
    planned: Sequence[PlannedSession], facts: Facts, p: Parameters = IN_FORCE
) -> tuple[float | None, float | None]:
    """The load (au) that the planned week should bring: at most 1.25 times the best of the last four weeks.

    None while too little is known of what a minute costs this athlete.
    """
    run = sum(p.minutes for p in planned if p.kind in RUN_KINDS)
    walk = sum(p.minutes for p in planned if p.kind == "walk")
    if (run and facts["load_per_min"] is None) or (walk and facts["walk_load_per_min"] is None and not run):
        return None, None
    expected = run * (facts["load_per_min"] or 0.0) + walk * (facts["walk_load_per_min"] or 0.0)
    if expected <= 0:
        return None, None
    high = p.load_high * max(facts["load_best_4w"], p.load_least * expected)
    return round(min(p.load_low * expected, p.load_least * high), 1), round(high, 1)


def _bout_s(run_s: int, share: float) -> int:
    """A bout at a share of its length, in steps that a person can time."""
    unit = 15 if run_s >= 60 else 5
    return run_s if share >= 1.0 else max(unit, int(run_s * share / unit) * unit)


def all_easy(session: PlannedSession, share: float, longest_min: float) -> PlannedSession:
    """A run with a hard part as an easy one of a share of its minutes, no longer than a bout may last."""
    steps = workouts.easy_steps(min(share * session.run_min, longest_min), walk=session.steps[0].run_s == 0)
    return _of_steps(session, steps, "easy")


def lightened(session: PlannedSession) -> PlannedSession:
    """Strength without weights and one round of it, a walk without a pack; anything else as it is."""
    if session.kind == "strength":
        which, text = _exercises(session.slot), wording.strength_text(_exercises(session.slot), gentle=True)
        return replace(session, title=strength_title(which), instruction=text, purpose=None)
    if session.kind != "walk" or session.purpose != "load":
        return session
    minutes = session.minutes
    return replace(session, title=walk_title(minutes), instruction=wording.walk_text(minutes), purpose=None)


def lowered(session: PlannedSession, share: float, whole_bouts: bool = False) -> PlannedSession:
    """A run at a share of its repetitions, and of their length where fewer than two would be left (easing within the
    week); the rest of it unchanged. With `whole_bouts` no repetition is shortened, so that two of them stay as long as
    they were: weeks changed before this was mended are laid out again as they were."""
    steps: list[Step] = []
    for s in session.steps:
        if s.run_s == 0:
            steps.append(s)
        elif s.reps > 1:
            reps = max(min(2, s.reps), int(s.reps * share))
            steps.append(Step(reps, s.run_s if whole_bouts else _bout_s(s.run_s, s.reps * share / reps), s.walk_s))
        else:
            steps.append(Step(1, int(s.run_s * share / 30) * 30, s.walk_s))
    kept = tuple(s for s in steps if s.run_s or s.walk_s)
    jogs = {s.run_s for s in wording.running_steps(kept)}
    mixed = len(jogs) > 1 and min(jogs) <= 30  # an easy run with strides keeps its name
    return _of_steps(session, kept, "easy" if jogs and not mixed else session.purpose)


def _of_steps(session: PlannedSession, kept: tuple[Step, ...], purpose: str | None) -> PlannedSession:
    """A run as these steps are; one whose purpose stays hard keeps its name."""
    seconds = sum(s.reps * (s.run_s + s.walk_s) for s in kept)
    title = wording.run_title(kept) if purpose == "easy" else session.title
    text = wording.run_text(kept, session.heart_rate_ceiling_bpm, False, False, False)
    distance = session.expected_distance_m
    if distance is not None and session.minutes:
        distance = float(round(distance * seconds / 60.0 / session.minutes))
    return replace(
        session, kind="run", steps=kept, minutes=round(seconds / 60.0, 2), title=title, instruction=text,
        expected_distance_m=distance, purpose=purpose,
    )  # fmt: skip
