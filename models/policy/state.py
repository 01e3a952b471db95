"""What the policy sees: the state of n athletes as arrays of shape (n,).

`StateArrays` is the table of state fields. Arrays, memory, JSON, counterfactuals, docs and the fuzzer are derived from
it: a field is declared here, `build_state.py` or the memory fills it, and everything else follows.
"""

# ruff: noqa: RUF009

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from math import isfinite, isnan
from operator import attrgetter
from typing import Any, Self

import numpy as np
from steadymile.models.policy.ladder import M7, P6, TOP

Array = np.ndarray
V1_TOP = M7
YES_NO = (0.0, 1.0)
__all__ = ["DEFAULTS", "TOP", "V1_TOP", "Array", "Signal", "StateArrays", "plain", "signals"]


@dataclass(frozen=True, slots=True)
class Signal:
    """One field of the state.

    `default` is the neutral value: what a missing answer counts as. `worse` is +1 where a higher value is worse, -1
    where a lower is, 0 where neither holds, and then `why` gives the reason. `remembered` fields come from the
    policy's memory, all others from the history. `low` and `high` bound what is imaginable. `words` and `grid` are for
    counterfactuals: what is tried, and how it is put; for yes and no, what "With" or "Without" is followed by.
    `meaning` and `words` take the numbers of a version, as in `{p.longest_days}` (models/spelled.py).
    """

    name: str
    default: Any
    unit: str
    meaning: str
    worse: int
    why: str
    remembered: bool
    low: float
    high: float
    words: str
    grid: tuple[float, ...]


def signal(
    default: Any,
    unit: str,
    meaning: str,
    *,
    worse: int = 0,
    why: str = "",
    remembered: bool = False,
    low: float = 0.0,
    high: float = 1.0,
    words: str = "",
    grid: Sequence[float] | np.ndarray = YES_NO,
) -> Any:
    """Declares a field of the state with all that is known of it."""
    known = (default, unit, meaning, worse, why, remembered, low, high, words, tuple(float(x) for x in grid))
    return field(metadata={"signal": known})


@cache
def signals(table: Any) -> dict[str, Signal]:
    """The fields of a table of state fields by name, in their order."""
    return {f.name: Signal(f.name, *f.metadata["signal"]) for f in fields(table)}


@cache
def _neutral(table: Any) -> dict[str, tuple[Any, np.dtype[Any]]]:
    """The neutral value and the type of every field."""
    return {name: (x.default, np.asarray(x.default).dtype) for name, x in signals(table).items()}


_LADDER = "a place on the ladder, not a sign of how someone is"
_WISH = "a wish or a fact about the person, not a sign of how someone is"
_BODY = "a property of the body; it sets the heart-rate ceiling and distances, not the step"
_HABIT = "describes a habit; what it stands beside decides, not more or less of it"
_LAST = "what was asked for last, against which this week is measured"


@dataclass(frozen=True, slots=True)
class StateArrays:
    """The state of n athletes at planning time; use `make` to fill in neutral values. Every field is documented by its
    own entry of the table."""

    track: Array = signal(0, "track", "which ladder: mile, walk or distance", why=_LADDER, remembered=True, high=2)
    top: Array = signal(P6, "level", "the highest level that the goal asks for", why=_LADDER, remembered=True, high=P6)
    level: Array = signal(0, "level", "earned level on the track", why=_LADDER, remembered=True, high=P6)
    k_last: Array = signal(
        -1, "level", "level prescribed last (before a one-week back-off for fatigue or illness, the one before it); "
        "-1: as level", why=_LADDER, remembered=True, low=-1, high=P6,
    )  # fmt: skip
    gap_base: Array = signal(
        -1, "level", "earned level at the last run; -1: as level", why=_LADDER, remembered=True, low=-1, high=P6
    )
    days_at_level: Array = signal(
        99.0, "days", "days since the level prescribed last changed", worse=-1, remembered=True, high=99
    )
    credit: Array = signal(
        0.0, "credits", "credits of the last 21 days earned at this level", worse=-1, remembered=True, high=9,
        words="With {wanted} credits from finished, comfortable sessions ({now})",
        grid=np.arange(0.0, 9.01, 0.5),
    )  # fmt: skip
    comfort: Array = signal(
        0.5, "0-1", "mean comfort of the sessions of 7 days", worse=-1,
        words="With the comfort of the week's sessions at {wanted} of 1 ({now})",
        grid=np.round(np.arange(0.0, 1.01, 0.05), 2),
    )  # fmt: skip
    gate: Array = signal(
        False, "yes or no", "the latest session was too hard or cut short", worse=1,
        words="a last session that felt too hard or was cut short",
    )  # fmt: skip
    effort_mean: Array = signal(
        0.0, "0-10", "mean effort of the sessions of 7 days; 0: nothing said", worse=1, high=10,
        words="With a mean effort of {wanted} out of 10 ({now})", grid=range(11),
    )  # fmt: skip
    no_talk: Array = signal(
        0.0, "sessions", "sessions of 7 days in which talking was not possible", worse=1, high=4,
        words="With {wanted} sessions in which you could not talk ({now})", grid=range(4),
    )  # fmt: skip
    answered: Array = signal(
        True, "yes or no", "an answer or heart rate says how a session felt, and none said hard", worse=-1
    )
    fat_upper: Array = signal(
        0.398, "0-1", "upper bound of the fatigue index", worse=1,
        words="With tiredness at {wanted} of 1 ({now})", grid=np.round(np.arange(0.05, 1.0, 0.01), 2),
    )  # fmt: skip
    raised_days: Array = signal(
        0.0, "days", "days of 7 on which several Hooper items were high, whatever is usual", worse=1, high=7,
        words="With {wanted} days on which you felt very tired, sore or strained ({now})", grid=range(8),
    )  # fmt: skip
    crashed: Array = signal(
        False, "yes or no", "felt clearly worse the day after effort, in the last {p.crashed_days} days", worse=1,
        words="a day of feeling clearly worse after effort",
    )  # fmt: skip
    coverage: Array = signal(1.0, "0-1", "share of the fatigue index's inputs that is known", worse=-1)
    pain: Array = signal(
        0.0, "0-10", "worst pain of 7 days", worse=1, high=10, words="With pain of {wanted} out of 10 ({now})",
        grid=range(11),
    )  # fmt: skip
    pain_persist: Array = signal(
        False, "yes or no", "pain on several days, or worse the next morning", worse=1,
        words="pain that came back or was worse next morning",
    )  # fmt: skip
    pain_weeks: Array = signal(
        0.0, "weeks", "weeks of the last four with pain of {p.pain_persistent} or more", worse=1, high=4,
        words="With {wanted} weeks of four with pain of {p.pain_persistent} or more ({now})", grid=range(5),
    )  # fmt: skip
    bad_times: Array = signal(
        0.0, "times",
        "times in {p.bad_known_days:weeks} that pain was above {p.pain_stop}, or worse the next morning, a week apart",
        worse=1, high=12,
        words="With strong pain, or pain that was worse next morning, {wanted} times in "
        "{p.bad_known_days:weeks} ({now})",
        grid=range(13),
    )  # fmt: skip
    bad_days_ago: Array = signal(
        np.inf, "days",
        "days since pain above {p.pain_stop}, or worse the next morning; infinite: none in {p.bad_known_days:weeks}",
        worse=-1, high=83,
        words="With the last pain that was too strong, or worse next morning, {wanted} days ago ({now})",
        grid=range(0, 84, 7),
    )  # fmt: skip
    red_flag: Array = signal(False, "yes or no", "a warning sign that nobody has cleared", worse=1)
    injured: Array = signal(
        False, "yes or no", "an injury that neither answers of little pain nor a professional's word have ended",
        worse=1, remembered=True,
    )  # fmt: skip
    calm_answers: Array = signal(
        0.0, "days", "days of seven with an answer of little pain, while none had more", worse=-1, high=7,
        words="With pain of {p.pain_block} or less on {wanted} days of the last seven, and none above ({now})",
        grid=range(8),
    )  # fmt: skip
    walk_weeks: Array = signal(
        0, "weeks", "weeks of walks still to come after an injury that settled", worse=1, remembered=True, high=6,
        grid=range(7),
    )  # fmt: skip
    ill: Array = signal(False, "yes or no", "ill", worse=1, remembered=True, words="an illness")
    referral: Array = signal(
        0, "code", "why somebody is referred, as in symptoms.REFERRALS; 0: for nothing",
        why="says why a stop stands; the stop itself is red_flag", high=3,
    )  # fmt: skip
    rate_raised: Array = signal(
        False, "yes or no", "resting heart rate clearly up on both of the last two mornings", worse=1,
        words="a resting heart rate that is clearly up",
    )  # fmt: skip
    stop_latched: Array = signal(
        False, "yes or no", "a stop that nothing has cleared yet", worse=1, remembered=True, words="a stop in force"
    )
    walk_due: Array = signal(
        False, "yes or no", "a stop was cleared, the test walk is still to come", worse=1, remembered=True,
        words="the test walk still to come",
    )  # fmt: skip
    restart: Array = signal(
        False, "yes or no", "first week of running after a stop", worse=1, remembered=True,
        words="the first week after a stop",
    )  # fmt: skip
    stop_recent: Array = signal(
        False, "yes or no", "within the quiet days after a stop", worse=1, remembered=True,
        words="a stop less than {p.stop_quiet_days} days ago",
    )  # fmt: skip
    after_illness: Array = signal(
        False, "yes or no", "the week after an illness", worse=1, remembered=True, words="an illness that just ended"
    )
    needs_clearance: Array = signal(
        False, "yes or no", "a yes to a health question, not cleared", worse=1,
        words="a health question that asks for a doctor",
    )  # fmt: skip
    unsynced: Array = signal(
        False, "yes or no", "nothing has arrived for {p.unsynced_days} days, and something within {p.silence_days}",
        worse=1,
        words="a watch that has not synced",
    )  # fmt: skip
    days_since_run: Array = signal(
        0.0, "days", "days since the last run (walk, on walking levels)", worse=1, high=90,
        words="With {wanted} days since the last run ({now})", grid=(*range(29), 56),
    )  # fmt: skip
    walk_ok: Array = signal(
        False, "yes or no", "two walks of {p.walk_ok_min} min without pain in {p.walk_ok_days} days", worse=-1
    )
    sessions_7d: Array = signal(
        1.0, "sessions", "sessions recorded in 7 days", worse=-1, high=7,
        words="With {wanted} sessions recorded in 7 days ({now})", grid=(0, 1),
    )  # fmt: skip
    low_weeks: Array = signal(
        0, "weeks", "weeks in a row with under {p.missed_share:share} done", worse=1, remembered=True, high=6,
        words="After {wanted} weeks in a row with under {p.missed_share:share} done ({now})", grid=range(6),
    )  # fmt: skip
    consecutive_advances: Array = signal(
        0, "weeks", "weeks in a row that advanced", worse=1, remembered=True, high=6,
        words="After {wanted} weeks in a row that went up ({now})", grid=range(5),
    )  # fmt: skip
    prev_back_off: Array = signal(
        False, "yes or no", "the week before backed off", worse=1, remembered=True, words="an easier week before"
    )
    overshoot: Array = signal(
        False, "yes or no", "a session or week went well beyond its limit", worse=1,
        words="a session or week far beyond its limit",
    )  # fmt: skip
    comfort_holds: Array = signal(
        0, "weeks", "weeks in a row held because sessions did not feel fine", worse=1, remembered=True, high=4
    )
    session_max_min: Array = signal(
        0.0, "min", "longest running session of {p.longest_days} days", worse=-1, high=120,
        words="With {wanted} of running in the longest session of {p.longest_days} days ({now})", grid=range(121),
    )  # fmt: skip
    bout_max_min: Array = signal(
        0.0, "min", "longest bout of running of {p.longest_days} days", worse=-1, high=90,
        words="With {wanted} as the longest continuous run of {p.longest_days} days ({now})",
        grid=np.arange(0.0, 60.1, 0.5),
    )  # fmt: skip
    distance_max_m: Array = signal(
        np.inf, "m", "farthest run of {p.longest_days} days; infinite: not known", worse=-1, high=25000,
        words="With {wanted} as the farthest run of {p.longest_days} days ({now})", grid=range(0, 25001, 250),
    )  # fmt: skip
    week_best_min: Array = signal(
        0.0, "min", "running of the best week of four", worse=-1, high=360,
        words="With {wanted} in the best running week of four ({now})", grid=range(0, 361, 3),
    )  # fmt: skip
    careful: Array = signal(
        False, "yes or no", "of an age or a body-mass index at which beginners are injured more often", worse=1
    )
    heavy_first_week: Array = signal(
        False, "yes or no", "first running week with a BMI of {p.heavy_bmi} or more", worse=1
    )
    mile_done: Array = signal(
        True, "yes or no", "a mile was once run without a walk", why="a fact of the past that only places the mile"
    )
    max_runs: Array = signal(7.0, "runs", "run days that a week can hold", why=_WISH, low=1, high=7)
    run_speed_m_s: Array = signal(2.0, "m/s", "usual running speed", why=_BODY, low=1.6, high=4.0)
    walk_speed_m_s: Array = signal(1.4, "m/s", "usual walking speed", why=_BODY, low=0.9, high=1.8)
    heart_rate_rest_bpm: Array = signal(np.nan, "bpm", "resting heart rate", why=_BODY, low=45, high=80)
    heart_rate_max_bpm: Array = signal(np.nan, "bpm", "maximal heart rate", why=_BODY, low=150, high=205)
    easy_rate_bpm: Array = signal(
        np.nan, "bpm", "heart rate of runs that felt easy to an established runner; NaN: not known",
        why=_BODY, low=110, high=170,
    )  # fmt: skip
    vt1: Array = signal(0.54, "heart-rate reserve", "first ventilatory threshold", why=_BODY, low=0.3, high=0.85)
    gain_mean_4w_m: Array = signal(0.0, "m a week", "mean climbing of the last four weeks", worse=-1, high=400)
    descent_max_30d_m: Array = signal(
        0.0, "m", "largest descent of a session of {p.longest_days} days", worse=-1, high=300
    )
    established: Array = signal(False, "yes or no", "a steady habit of running", why=_HABIT)
    usual_session_min: Array = signal(0.0, "min", "usual session of an established runner", why=_HABIT, high=90)
    usual_long_min: Array = signal(0.0, "min", "usual longest run of an established runner", why=_HABIT, high=150)
    usual_week_min: Array = signal(0.0, "min", "usual week of an established runner", why=_HABIT, high=500)
    usual_days: Array = signal(0.0, "days", "usual run days of an established runner", why=_HABIT, high=7)
    week_last_min: Array = signal(
        np.inf, "min", "running prescribed for the week last; infinite: none", why=_LAST, remembered=True, high=500
    )
    shown_last_min: Array = signal(
        np.inf, "min", "running that the week published last asks for, an eased one too; infinite: none", why=_LAST,
        high=500,
    )  # fmt: skip
    run_last_min: Array = signal(np.inf, "min", "longest run prescribed last", why=_LAST, remembered=True, high=150)
    bout_last_min: Array = signal(np.inf, "min", "longest bout of that run", why=_LAST, remembered=True, high=90)
    week_top_min: Array = signal(np.inf, "min", "week beyond which the goal asks for no more", why=_WISH, high=400)
    long_top_min: Array = signal(np.inf, "min", "long run beyond which the goal asks for no more", why=_WISH, high=150)

    drawn_steps: Array = signal(
        2, "steps", "most steps up that a draw among the allowed ones takes; 2: no limit", worse=-1, low=0, high=2
    )
    taper_share: Array = signal(
        1.0, "share", "share of its running that a week before the goal's day keeps", worse=-1, low=0.45, high=1.0
    )
    recovery_share: Array = signal(
        1.0, "share", "share of its running that the week after the goal's day keeps", worse=-1, low=0.5, high=1.0
    )
    fit_share: Array = signal(
        1.0, "share", "share of planned runs that is done, where that is clearly less", worse=-1, low=0.4, high=1.0
    )

    @classmethod
    def make(cls, n: int = 1, **known: Any) -> Self:
        """A state of n athletes from what is known; scalars are repeated, the rest is neutral."""
        declared: Any = cls
        neutral = _neutral(declared)
        if unknown := known.keys() - neutral.keys():
            raise ValueError(f"the state has no field {', '.join(sorted(unknown))}; see models/policy/state.py")
        columns = {}
        for name, (default, dtype) in neutral.items():
            value = known.get(name, default)
            if n == 1 and isinstance(value, bool | int | float):  # one athlete at night: the same, faster
                columns[name] = np.array([value], dtype=dtype)
            elif isinstance(value, np.ndarray) and value.shape == (n,) and value.dtype == dtype:
                columns[name] = value
            else:
                columns[name] = np.full(n, value, dtype=dtype)
        level = columns["level"]
        for name in ("k_last", "gap_base"):  # as the level, where nothing else is known
            columns[name] = np.where(columns[name] < 0, level, columns[name])
        return cls(**columns)

    @property
    def n(self) -> int:
        """How many athletes."""
        return len(self.level)

    def take(self, rows: Array) -> Self:
        """The states of these rows, in this order; rows may repeat."""
        return type(self)(*[column[rows] for column in _columns(self)])

    def but(self, **changed: Array) -> Self:
        """The same states with some fields replaced."""
        return type(self)(**{f.name: changed.get(f.name, getattr(self, f.name)) for f in fields(self)})

    @classmethod
    def stack(cls, states: Sequence[StateArrays]) -> Self:
        """Many states as one."""
        return cls(*map(np.concatenate, zip(*map(_columns, states), strict=True)))

    def scalars(self) -> dict[str, Any]:
        """The single athlete's state as plain JSON values; NaN becomes None, infinity the word "inf"."""
        return {name: plain(column.item()) for name, column in zip(DEFAULTS, _columns(self), strict=True)}

    @classmethod
    def from_scalars(cls, values: dict[str, Any]) -> Self:
        """The inverse of `scalars`; fields that an older plan did not store are neutral."""
        return cls.of_many([values])

    @classmethod
    def of_many(cls, stored: Sequence[Mapping[str, Any]]) -> Self:
        """The states of many stored ones, in their order."""
        declared: Any = cls
        known: dict[str, Array] = {}
        for name, (default, dtype) in _neutral(declared).items():
            values = [row.get(name, default) for row in stored]
            known[name] = np.array([np.nan if v is None else np.inf if v == "inf" else v for v in values], dtype=dtype)
        return cls.make(len(stored), **known)


DEFAULTS: dict[str, Any] = {name: x.default for name, x in signals(StateArrays).items()}
"""Every field of the state with its neutral value, in order: what a missing answer counts as."""
_columns: Callable[[StateArrays], tuple[Array, ...]] = attrgetter(*DEFAULTS)
"""All columns of a state, in order."""


def plain(value: Any) -> Any:
    """A Python number as JSON can hold it: NaN is None, infinity a word."""
    if isinstance(value, float) and not isfinite(value):
        return None if isnan(value) else "inf"
    return value
