"""What check-ins say about pain, illness and warning signs on a day, and over the weeks that the policy remembers.

Silence never clears anything: pain needs two days of answers, a warning sign a professional (docs/policy.md). Nor does
a file: what ends a stop or an illness has to be the person's own word (confirmation.py).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf, isfinite
from typing import Any

from steadymile.models.physiology.newest import newest
from steadymile.models.policy.parameters import IN_FORCE, Parameters
from steadymile.models.session import Day

_NO = {"", "no", "none", "false", "0"}
_NUMBERS = (int, float)


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain of seven days: the worst still standing, how many answers there were, whether it persists."""

    worst: float
    answers: int
    persists: bool
    days: tuple[date, ...]


def between(days: Sequence[Day], first: date, last: date) -> Sequence[Day]:
    """The days from first to last, both included."""
    low = bisect_left(days, first, key=lambda d: d.day)
    return days[low : bisect_right(days, last, key=lambda d: d.day)]


def pain_of(days: Sequence[Day], as_of: date, cleared_on: date | None, p: Parameters = IN_FORCE) -> Pain:
    """Pain of the seven days up to `as_of`; reports up to the day that cleared a stop no longer count as worst."""
    week = between(days, as_of - timedelta(days=6), as_of)
    reports = [(d.day, number(d.values, "pain")) for d in week]
    known = [(day, value) for day, value in reports if value is not None]
    standing = [value for day, value in known if cleared_on is None or day >= cleared_on]
    sore_days = [day for day, value in known if value >= p.pain_persistent]
    repeated = sum(value >= p.pain_repeated for _, value in known)
    worse = any(d.values.get("pain_next_morning") == "worse" for d in week)
    return Pain(max(standing, default=0.0), len(known), repeated >= p.pain_persistent_days or worse, tuple(sore_days))


def pain_weeks(days: Sequence[Day], as_of: date, p: Parameters = IN_FORCE, weeks: int = 4) -> int:
    """How many of so many weeks up to a day hold a report of more than harmless pain."""
    told = between(days, as_of - timedelta(days=7 * weeks - 1), as_of)
    return len({(as_of - d.day).days // 7 for d in told if (number(d.values, "pain") or 0.0) >= p.pain_persistent})


def ill_weeks(days: Sequence[Day], as_of: date) -> int:
    """In how many of the four weeks up to a day somebody reported being ill."""
    month = between(days, as_of - timedelta(days=27), as_of)
    return len({(as_of - d.day).days // 7 for d in month if truth(d.values.get("ill"))})


def illness_of(days: Sequence[Day], as_of: date, p: Parameters = IN_FORCE) -> tuple[bool, date | None]:
    """Whether ill on a day, and else the day on which an illness of the last two weeks ended (None: there was none).

    An illness lasts until the person says well, or seven days after the last check-in that said ill.
    """
    began: date | None = None
    ended: date | None = None
    for d in between(days, as_of - timedelta(days=2 * p.ill_days), as_of):
        said = d.values.get("ill")
        if said is None:
            continue
        if truth(said):
            began, ended = d.day, None
        elif began is not None and ended is None and "ill" not in d.held:
            ended = d.day
    if began is None:
        return False, None
    if ended is None and (as_of - began).days < p.ill_days:
        return True, None
    return False, ended or began + timedelta(days=p.ill_days)


HOOPER = ("fatigue", "soreness", "stress", "sleep_quality")
_RARE = frozenset({"pain_next_morning", "after_effort", "cleared", "red_flag"})
_TELLING = _RARE | {*HOOPER, "pain"}
INJURY = "injury"
REFERRALS = {
    "exhaustion": "{p.raised_weeks:word} weeks of high tiredness, soreness, stress or poor sleep",
    "after_effort": "feeling clearly worse on days after effort",
    INJURY: "pain that comes back worse in the morning, or stays for {p.pain_days_in_row:days}",
}
"""Why somebody is referred to a professional, by code: a text with the numbers of the policy in braces."""


def raised(values: Mapping[str, Any], p: Parameters = IN_FORCE) -> bool:
    """Whether several Hooper items of a day are high, whatever is usual for this person."""
    high, least, get = 0, p.raised_item, values.get
    for item in HOOPER:  # `number` written out: it is asked of every day of every history
        x = get(item)
        if isinstance(x, _NUMBERS) and x >= least and not isinstance(x, bool):
            high += 1
    return high >= p.raised_items


def bad_pain(values: Mapping[str, Any], p: Parameters = IN_FORCE) -> bool:
    """Whether a day's pain went beyond what may be run with: too strong, or worse the next morning."""
    pain = number(values, "pain")
    return values.get("pain_next_morning") == "worse" or (pain is not None and pain > p.pain_stop)


@dataclass(frozen=True, slots=True)
class Record:
    """The days of a history with what was found in all of them once, for the many questions about single days.

    `referred` are the days on which it became clear that a professional has to look, each with its code; `cleared`
    those on which one agreed to running; `high` those with several high Hooper items; `hurt` those with a warning sign
    or more than harmless pain; `grave` the place of the first day with a warning sign or strong pain; `settled`
    those on which answers showed that an injury had settled, `again` those on which pain came back soon after that;
    `stopped` the days of warning signs for which a published week was stopped, whether or not they are still reported.
    """

    days: Sequence[Day]
    referred: tuple[tuple[date, str], ...]
    cleared: tuple[date, ...]
    high: tuple[date, ...]
    hurt: tuple[date, ...]
    grave: int | None
    settled: tuple[date, ...] = ()
    again: tuple[date, ...] = ()
    settles: bool = False
    stopped: tuple[date, ...] = ()

    @classmethod
    def of(cls, days: Sequence[Day], p: Parameters = IN_FORCE) -> Record:
        """The record of days in ascending order.

        The count for a referral begins again on the day that somebody was cleared. Worse answers never make a
        referral later.
        """
        found: list[tuple[date, str]] = []
        cleared: list[date] = []
        grave: int | None = None
        hurts = min(p.pain_persistent, p.pain_stop)
        tired: list[date] = []
        bad: list[date] = []
        sore: list[date] = []
        crashed: list[date] = []
        high: list[date] = []
        hurting: list[date] = []
        for n, d in enumerate(days):
            values = d.values
            if _TELLING.isdisjoint(values) or _harmless(values, hurts, p.raised_item):
                continue
            tired_day, pain = raised(values, p), number(values, "pain")
            if not tired_day and (pain is None or pain < hurts) and _RARE.isdisjoint(values):
                continue
            if flagged(values) or (pain is not None and pain >= p.pain_persistent):
                hurting.append(d.day)
            if grave is None and _grave(values, p):
                grave = n
            if "cleared" in values and truth(values["cleared"]):
                cleared.append(d.day)
                if not flagged(values):
                    tired, bad, sore, crashed = [], [], [], []
            if tired_day:
                high.append(d.day)
                tired = [*_within(tired, d.day, 7 * int(p.raised_weeks)), d.day]
                if _weeks_of(tired, d.day, p):
                    found.append((d.day, "exhaustion"))
            if values.get("after_effort") == "worse":
                crashed = [*_within(crashed, d.day, 28), d.day]
                if len(crashed) >= p.after_effort_days:
                    found.append((d.day, "after_effort"))
            hurt = False
            if bad_pain(values, p):
                bad, hurt = [*_within(bad, d.day, 28), d.day], True
            if pain is not None and pain >= p.pain_persistent:
                sore, hurt = [*_within(sore, d.day, 7), d.day], True
            if hurt and (
                len(_within(bad, d.day, 28)) >= p.pain_bad_days or len(_within(sore, d.day, 7)) >= p.pain_days_in_row
            ):
                found.append((d.day, INJURY))
        if isfinite(p.settled_days) and any(code == INJURY for _, code in found):
            settled, again = _ways_back(days, found, cleared, p)
            known = {day for day, code in found if code == INJURY}
            found = sorted([*found, *((day, INJURY) for day in again if day not in known)], key=lambda x: x[0])
            return cls(days, tuple(found), tuple(cleared), tuple(high), tuple(hurting), grave, settled, again, True)
        return cls(days, tuple(found), tuple(cleared), tuple(high), tuple(hurting), grave)

    def last_referral(self, last: date) -> tuple[date, str] | None:
        """The newest referral up to a day, cleared or not."""
        after = bisect_right(self.referred, last, key=lambda found: found[0])
        return self.referred[after - 1] if after else None

    def needs_word(self, last: date) -> tuple[date, str] | None:
        """The newest referral up to a day that only a professional's word ends: every one, or all but injuries where
        those may settle."""
        if not self.settles:
            return self.last_referral(last)
        found = (x for x in reversed(self.referred) if x[0] <= last and x[1] != INJURY)
        return next(found, None)

    def sign_on(self, last: date) -> date | None:
        """The newest day up to `last` of a warning sign, or of what else needs a professional's word, of which nobody
        has cleared it since: one that stopped a week stands also where it was taken back. None without one."""
        told = reversed(self.days[self.grave :]) if self.grave is not None else ()
        flag = next((d.day for d in told if d.day <= last and flagged(d.values)), None)
        referred = self.needs_word(last)
        told_of = None if referred is None or referred[1] == INJURY else referred[0]  # answers may end an injury
        found = [flag, told_of, *(day for day in self.stopped if day <= last)]
        return max((x for x in found if x is not None and not self.ended(x, last)), default=None)

    def withdrawn(self, day: date) -> bool:
        """Whether a sign for which a week was stopped is reported no longer."""
        told = any(flagged(d.values) for d in between(self.days, day, day))
        return day in self.stopped and not told and all(x != day for x, _ in self.referred)

    def ended(self, day: date, last: date) -> bool:
        """Whether a professional agreed to running after the day of a sign, and by `last`; that word may be of the same
        day where the sign is reported no longer."""
        return self.cleared_after(day, last) or (day in self.cleared and self.withdrawn(day))

    def injured(self, last: date) -> date | None:
        """The newest day of an injury that stands on a day: neither answers nor a professional's word ended it. None
        without one, or where only that word ends injuries."""
        if not self.settles:
            return None
        day = next((day for day, code in reversed(self.referred) if day <= last and code == INJURY), None)
        if day is None or self.cleared_after(day, last) or self.settled_after(day, last) is not None:
            return None
        return day

    def settled_after(self, day: date, last: date) -> date | None:
        """The first day after `day`, and by `last`, on which answers showed that an injury had settled."""
        after = bisect_right(self.settled, day)
        return self.settled[after] if after < len(self.settled) and self.settled[after] <= last else None

    def remembers_injury(self, last: date, p: Parameters = IN_FORCE) -> bool:
        """Whether an injury settled so lately that pain would be that injury again."""
        day = self.settled_on(last)
        return day is not None and (last - day).days <= p.injury_known_days

    def times(self, last: date, p: Parameters = IN_FORCE) -> int:
        """How often an injury came back within `injury_again_days` up to a day."""
        return sum(0 <= (last - day).days < p.injury_again_days for day in self.again)

    def settled_on(self, last: date) -> date | None:
        """The day on which an injury settled, where no later answer or word has changed that by `last`."""
        before = bisect_right(self.settled, last)
        day = self.settled[before - 1] if before else None
        return None if day is None or self.injured(last) is not None or self.cleared_after(day, last) else day

    def last_hurt(self, last: date) -> date | None:
        """The newest day up to `last` with a warning sign or more than harmless pain."""
        after = bisect_right(self.hurt, last)
        return self.hurt[after - 1] if after else None

    def cleared_after(self, day: date, last: date) -> bool:
        """Whether a professional agreed to running after a day, and by `last`."""
        after = bisect_right(self.cleared, day)
        return after < len(self.cleared) and self.cleared[after] <= last


def bad_pain_of(record: Record, as_of: date, p: Parameters = IN_FORCE) -> tuple[int, float]:
    """How often up to a day pain went beyond what may be run with, times with a calm week between them, and how many
    days ago it did last (infinite: not at all). A professional who agrees to running has looked at what was before."""
    after = record.cleared[: bisect_right(record.cleared, as_of)]
    first = max([as_of - timedelta(days=p.bad_known_days - 1), *(day + timedelta(days=1) for day in after[-1:])])
    bad = [d.day for d in between(record.days, first, as_of) if bad_pain(d.values, p)]
    times = sum(before is None or (day - before).days > 7 for before, day in zip([None, *bad], bad))
    return times, float((as_of - bad[-1]).days) if bad else inf


@newest
def record_of(days: Sequence[Day], p: Parameters) -> Record:
    """`Record.of`, found once where it is asked for again."""
    return Record.of(days, p)


def _ways_back(
    days: Sequence[Day], found: Sequence[tuple[date, str]], cleared: Sequence[date], p: Parameters
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The days on which answers showed that an injury had settled, and those on which it came back: any pain of 3 or
    more, or worse the next morning, soon after that is the injury again."""
    injuries = {day for day, code in found if code == INJURY}
    words = set(cleared)
    settled: list[date] = []
    again: list[date] = []
    known: date | None = None  # since when an injury that settled is remembered
    stands = False
    told = days[bisect_left(days, min(injuries), key=lambda d: d.day) :]
    for d, after in zip(told, [*(x.day for x in told[1:]), None]):
        if d.day in words and not flagged(d.values):  # as in the counts for a referral, the day's own pain counts anew
            stands, known = False, None
        soon = known is not None and (d.day - known).days <= p.injury_known_days
        hurts = d.day in injuries or (soon and hurts_again(d.values, p))
        if soon and hurts and not stands:
            again.append(d.day)
        stands = stands or hurts
        # Four calm answers may be of one week only once the last bad day has left it.
        most = 7 if after is None else min(7, (after - d.day).days)
        for day in (d.day + timedelta(days=n) for n in range(most)) if stands else ():
            if calm_answers(days, day, p) >= p.settled_days:
                settled.append(day)
                stands, known = False, day
                break
    return tuple(settled), tuple(again)


def hurts_again(values: Mapping[str, Any], p: Parameters = IN_FORCE) -> bool:
    """Whether a day speaks of more pain than a settled injury may have."""
    pain = number(values, "pain")
    return values.get("pain_next_morning") == "worse" or (pain is not None and pain >= p.pain_persistent)


def calm_answers(days: Sequence[Day], last: date, p: Parameters = IN_FORCE) -> int:
    """On how many of the seven days up to `last` little pain was reported, while none of them had more; 0 where one
    had. The newest of them has to be the person's own: a file ends no stop."""
    week = between(days, last - timedelta(days=6), last)
    if any(hurts_again(d.values, p) for d in week):
        return 0
    calm = [d for d in week if (x := number(d.values, "pain")) is not None and x <= p.pain_block]
    own = bool(calm) and "pain" not in calm[-1].held
    return len(calm) if own or not isfinite(p.settled_days) else min(len(calm), int(p.settled_days) - 1)


def _harmless(values: Mapping[str, Any], hurts: float, high: float) -> bool:
    """Whether a day's numbers are all below what is looked for, and nothing rare was said: asked of every day of every
    history, so that most of them need no second look. False says nothing."""
    get: Any = values.get
    try:
        return (
            get("pain", 0.0) < hurts
            and get("fatigue", 0.0) < high
            and get("soreness", 0.0) < high
            and get("stress", 0.0) < high
            and get("sleep_quality", 0.0) < high
            and _RARE.isdisjoint(values)
        )
    except TypeError:  # a word where a number belongs
        return False


def _within(seen: Sequence[date], day: date, count: int) -> list[date]:
    """The days of the last `count` days up to `day`."""
    return [x for x in seen if (day - x).days < count]


def _weeks_of(tired: Sequence[date], day: date, p: Parameters) -> bool:
    """Whether each of the last weeks up to a day had as many raised days as block progress."""
    weeks = [sum(7 * k <= (day - x).days < 7 * (k + 1) for x in tired) for k in range(int(p.raised_weeks))]
    return all(n >= p.raised_days for n in weeks)


def code_of(record: Record, last: date) -> int:
    """The referral that stands on a day as a number: its place in REFERRALS, from 1; 0 for none."""
    code = open_referral(record, last)
    return 0 if code is None else 1 + list(REFERRALS).index(code)


def open_referral(record: Record, last: date) -> str | None:
    """The code of the referral that stands on a day: no professional has cleared it since, nor has it settled."""
    found = record.needs_word(last)
    if found is not None and not record.cleared_after(found[0], last):
        return found[1]
    return None if record.injured(last) is None else INJURY


@dataclass(frozen=True, slots=True)
class Span:
    """Pain, flags and illness over some days: the policy's memory folds these (policy_memory.py Outcome)."""

    pain_most: float
    calm_days: int
    red_flag: bool
    cleared: bool
    ill: bool
    ill_ended: bool
    cleared_on: date | None
    injured: bool = False
    settled: bool = False
    times: int = 0


def span_of(
    record: Record,
    first: date,
    last: date,
    calm_before: int = 0,
    open_before: bool = False,
    p: Parameters = IN_FORCE,
) -> Span:
    """What was said from `first` to `last`. `open_before`: a pain stop stood already, `calm_before` calm days then."""
    most, calm, flag, cleared = 0.0, 0, False, False
    waiting, cleared_on = open_before, None
    total = calm_before
    for d in between(record.days, first, last):
        pain = number(d.values, "pain")
        if pain is not None:
            most = max(most, pain)
            if pain > p.pain_stop:
                calm, total, waiting = 0, 0, True
            elif pain <= p.pain_block and not ("pain" in d.held and total + 1 >= p.pain_calm_days):
                calm, total = calm + 1, total + 1  # the last calm day is the person's own to report
                if waiting and total >= p.pain_calm_days:
                    waiting, cleared_on = False, d.day
        if flagged(d.values):  # on the day of a warning sign nothing clears it yet
            flag, cleared = True, False
        elif truth(d.values.get("cleared")):
            cleared, cleared_on = True, d.day
    if (referred := record.needs_word(last)) is not None and referred[0] >= first:
        # What needs a professional counts as a warning sign on the day on which it became clear.
        flag, cleared = True, record.cleared_after(referred[0], last) and (cleared or not flag)
    for day in record.stopped:  # a sign that stopped a week waits for that word also where it was taken back
        if first <= day <= last:
            flag, cleared = True, record.ended(day, last) and (cleared or not flag)
    ill, ended = illness_of(record.days, last, p)
    settled_on = record.settled_on(last)
    settled = settled_on is not None and settled_on >= first
    cleared_on = max((x for x in (cleared_on, settled_on if settled else None) if x is not None), default=None)
    return Span(
        most, calm, flag, cleared, ill, ended is not None and first <= ended <= last, cleared_on,
        record.injured(last) is not None, settled, record.times(last, p),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What nothing has cleared by a day: strong pain, with the calm days since, and a warning sign."""

    pain: bool
    calm_days: int
    flag: bool
    injured: bool = False


def standing_on(record: Record, last: date, p: Parameters = IN_FORCE) -> Standing:
    """What stands open on a day, however long ago it was said and however late it arrived: silence clears nothing."""
    pain, calm, flag = False, 0, False
    for d in record.days[record.grave :] if record.grave is not None else ():
        values = d.values
        if d.day > last:
            break
        said = values.get("pain")
        if said is not None and (worst := number(values, "pain")) is not None:
            if worst > p.pain_stop:
                pain, calm = True, 0
            elif worst <= p.pain_block and pain and not ("pain" in d.held and calm + 1 >= p.pain_calm_days):
                calm += 1
                pain = calm < p.pain_calm_days
        if "red_flag" in values and flagged(values):
            flag = True
        elif "cleared" in values and truth(values["cleared"]):
            flag = False
    referred = record.needs_word(last)
    flag = flag or (referred is not None and not record.cleared_after(referred[0], last))
    flag = flag or any(day <= last and not record.ended(day, last) for day in record.stopped)
    return Standing(pain, calm if pain else 0, flag, record.injured(last) is not None)


def _grave(values: Mapping[str, Any], p: Parameters) -> bool:
    return "red_flag" in values or ((pain := values.get("pain")) is not None and pain > p.pain_stop)


def number(values: Mapping[str, Any], key: str) -> float | None:
    """A value as a number, None where it is missing or no number."""
    value = values.get(key)
    return float(value) if isinstance(value, _NUMBERS) and not isinstance(value, bool) else None


def truth(value: Any) -> bool:
    """Whether an answer means yes."""
    return value is not None and str(value).strip().lower() not in _NO


def flagged(values: Mapping[str, Any]) -> bool:
    """Whether a day reports a warning sign."""
    return truth(values.get("red_flag"))
