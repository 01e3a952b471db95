"""Packs, boots, sand, weights and hard runs: when they begin, grow, wait and are left at home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.week.override import apply_override
from steadymile.models.week.replay import replay
from steadymile.models.weekplan import Action, PlannedSession, WeekPlan

from tests.models.policy_people import SUNDAY, live, person, run

OWNS: dict[str, Any] = {"goal": "10k", "weight_kg": 75.0, "equipment": ("backpack", "boots", "sand")}
FINE = {"rpe": 3.0, "talk_test": "yes"}
HARD_WEEKS = range(1, 5)
Said = Callable[[int, date], dict[str, Any]]


def pack_of(p: PlannedSession) -> float | None:
    """The kg that a walk is planned with."""
    return float(p.title.split(" with ")[1].split()[0]) if " kg" in p.title else None


def lived(weeks: int, said: Said = lambda w, d: {"pain": 0.0}, away: range = range(0)) -> list[WeekPlan]:
    """Every published week of a runner with a habit who owns a pack, boots and a beach, and carries what is planned."""
    before = tuple(
        run(SUNDAY - timedelta(days=7 * w + k), m) for w in range(12, 0, -1) for k, m in ((6, 40), (4, 40), (2, 50))
    )

    def done(week: int, p: PlannedSession) -> dict[str, Any] | None:
        return None if week in away else {**FINE, "pack_kg": pack_of(p)}

    calm, plans = live(person(before, **OWNS), SUNDAY, weeks - 1, done, told=said)
    last = SUNDAY + timedelta(weeks=weeks - 1)
    _, more = live(
        calm, last, 1, lambda w, p: done(weeks - 1, p), nightly=True, told=lambda w, d: said(weeks - 1 + w, d)
    )
    return [*plans, *more]


def of_week(plans: list[WeekPlan], n: int) -> list[WeekPlan]:
    """The revisions of the n-th week."""
    name = sorted({p.week for p in plans})[n]
    return [p for p in plans if p.week == name and p.status == "frozen"]


def loads(week: WeekPlan) -> list[str]:
    """What a week carries or tries, in words."""
    words = {"weights": "weights", " kg": "pack"}
    found = [name for p in week.planned for mark, name in words.items() if mark in p.title]
    found += [name for p in week.planned for name in ("boots", "sand") if name in p.instruction]
    return sorted({*found, *("hard" for p in week.planned if p.purpose == "hard")})


def on_day(week: int, weekday: int, **values: Any) -> Said:
    """Something said on one day, and that all is well on every other."""
    return lambda w, d: values if (w, d.isoweekday()) == (week, weekday) else {"pain": 0.0, "ill": False}


def test_a_pack_grows_after_four_calm_weeks() -> None:
    packs = [next((pack_of(p) for p in w.planned if pack_of(p)), None) for w in lived(10)]
    assert packs[0] == 3.8
    assert 5.7 in packs


def test_a_pack_does_not_grow_within_a_month_of_pain() -> None:
    plans = lived(12, on_day(7, 3, pain=4.0, pain_next_morning="same"))
    after = [of_week(plans, n)[0] for n in range(8, 12)]
    assert {pack_of(p) for w in after for p in w.planned} == {None, 3.8}


@pytest.mark.parametrize("said", [{"pain": 2.0, "pain_next_morning": "worse"}, {"after_effort": "worse"}], ids=str)
def test_weights_wait_for_a_month_after_a_day_that_was_worse_for_it(said: dict[str, object]) -> None:
    plans = lived(13, on_day(7, 3, **said))
    assert "weights" in loads(of_week(plans, 7)[0])
    assert not any("weights" in loads(of_week(plans, n)[0]) for n in range(8, 12))


def test_a_pack_begins_again_as_at_first_after_four_weeks_without_it() -> None:
    plans = lived(25, away=range(10, 15))
    packs = [pack_of(p) for n in range(15, 25) for p in of_week(plans, n)[0].planned if pack_of(p)]
    assert max(pack_of(p) or 0.0 for p in of_week(plans, 9)[0].planned) == 5.7
    assert packs[0] == 3.8


@pytest.mark.parametrize(("away", "back"), [(range(10, 13), range(13, 16)), (range(10, 15), range(15, 18))])
def test_nothing_is_tried_or_carried_in_the_first_three_weeks_after_a_pause(away: range, back: range) -> None:
    plans = lived(back.stop + 3, away=away)
    assert [loads(of_week(plans, n)[0]) for n in back] == [[]] * len(back)
    assert loads(of_week(plans, back.stop + 1)[0])


def test_a_single_week_off_takes_nothing_away() -> None:
    plans = lived(13, away=range(10, 11))
    assert "hard" in loads(of_week(plans, 12)[0])


@pytest.mark.parametrize("said", [{"pain": 7.0}, {"pain": 4.0, "pain_next_morning": "worse"}], ids=["strong", "worse"])
def test_nothing_is_carried_while_what_is_run_has_to_stay_calm(said: dict[str, Any]) -> None:
    plans = lived(14, on_day(10, 3, **said))
    assert not any(loads(of_week(plans, n)[0]) for n in (11, 12))


@pytest.mark.parametrize("week", HARD_WEEKS)
@pytest.mark.parametrize("said", [{"pain": 4.0, "pain_next_morning": "worse"}, {"ill": True}], ids=["pain", "ill"])
def test_a_week_that_pain_or_an_illness_reaches_keeps_no_hard_run(week: int, said: dict[str, Any]) -> None:
    first, *eased = of_week(lived(week + 1, on_day(week, 1, **said)), week)
    assert "hard" in loads(first)
    left = [p for p in eased[-1].planned if p.day > SUNDAY + timedelta(days=7 * week + 1)]
    assert {p.purpose for p in left if p.run_min} <= {"easy"}
    assert all(p.title.startswith(("Easy run", "Long easy run")) for p in left if p.run_min)
    assert replay(eased[-1]) == eased[-1]


def test_a_run_that_is_made_easy_is_no_longer_than_a_bout_may_be() -> None:
    for week in HARD_WEEKS:
        eased = of_week(lived(week + 1, on_day(week, 1, pain=4.0, pain_next_morning="worse")), week)[-1]
        assert eased.longest_bout_min <= eased.state["decision"]["bout_cap_min"]


@pytest.mark.parametrize("said", [{"pain": 4.0, "pain_next_morning": "worse"}, {"ill": True}], ids=["pain", "ill"])
def test_a_week_that_pain_or_an_illness_reaches_leaves_pack_and_weights_at_home(said: dict[str, Any]) -> None:
    first, *eased = of_week(lived(10, on_day(9, 1, **said)), 9)
    assert {"pack", "weights"} <= set(loads(first))
    assert eased[-1].action == Action.BACK_OFF
    assert loads(eased[-1]) == []
    strength = [p.instruction for p in eased[-1].planned if p.kind == "strength"]
    assert strength
    assert all("one round only" in text for text in strength)
    assert replay(eased[-1]) == eased[-1]


def test_an_eased_week_of_3_8_keeps_what_it_kept() -> None:
    """Weeks that an older version published are eased by that version to their end."""
    assert not IN_FORCE.__class__().easy_when_eased


@pytest.mark.parametrize("week", HARD_WEEKS)
def test_a_hard_run_that_somebody_shortens_within_the_week_is_an_easy_one(week: int) -> None:
    published = of_week(lived(week + 1), week)[0]
    monday = SUNDAY + timedelta(days=7 * week + 1)
    asked = {"share": 0.8, "who": "me", "why": "a trip", "at": f"{monday + timedelta(days=1)}T08:00"}
    done = apply_override(published, asked)
    assert {p.purpose for p in done.planned if p.run_min and p.day > monday + timedelta(days=1)} == {"easy"}
    assert replay(done) == done
