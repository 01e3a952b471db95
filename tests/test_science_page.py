"""docs/science.md says what the code does: its numbers are the code's, and every section that is cited is there."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from steadymile.models.physiology import (
    athlete_parameters,
    comfort,
    energy,
    fatigue_index,
    fitness_fatigue,
    performance,
    session_load,
    trimp,
)
from steadymile.models.policy import caps, decide, ladder
from steadymile.models.policy.parameters import IN_FORCE, V1, V2, V3
from steadymile.models.policy.rules.found import RULES
from steadymile.models.policy.state import StateArrays
from steadymile.models.signal import elevation, gait, heart_rate
from steadymile.models.week import goals
from steadymile.models.weekplan import Action

from tests.models.signal.test_elevation import made_altitude, one_piece

ROOT = Path(__file__).resolve().parents[1]
SIGNED = r"[+-]?\d+(?:\.\d+)?"


@cache
def page() -> str:
    """The page as it is."""
    return (ROOT / "docs" / "science.md").read_text()


@cache
def section(number: str) -> str:
    """The text below one numbered heading, up to the next heading."""
    found = re.search(rf"^#+ {re.escape(number)}\.? .*\n((?:(?!#).*\n)*)", page(), re.MULTILINE)
    assert found, f"docs/science.md has no section {number}"
    return found.group(1)


def rows(number: str) -> list[list[str]]:
    """The cells of the tables of one section, without their heads."""
    table = [line.strip().strip("|").split("|") for line in section(number).splitlines() if line.startswith("|")]
    bodies = [[cell.strip() for cell in row] for row in table]
    return [row for i, row in enumerate(bodies) if not set("".join(row)) <= set("-") and not _is_head(bodies, i)]


def _is_head(table: list[list[str]], i: int) -> bool:
    return i + 1 < len(table) and set("".join(table[i + 1])) <= set("-")


def numbers(text: str) -> list[float]:
    """All numbers in a text, in order."""
    return [float(x) for x in re.findall(SIGNED, text)]


CITED = re.compile(r"science(?:\.md)?,?(?: section)? (\d+(?:\.\d+)?(?:(?:, |-)\d+\.\d+)*)")
HEADINGS = re.compile(r"^#+ (\d+(?:\.\d+)?)", re.MULTILINE)


def test_every_section_that_is_cited_exists():
    cited: dict[str, str] = {}
    for folder in ("models", "ingest", "warehouse", "reports", "pipelines", "bench", "docs", "tests"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in (".py", ".md", ".sql") and path.name not in ("science.md", Path(__file__).name):
                for part in CITED.findall(path.read_text()):
                    cited |= dict.fromkeys(re.findall(r"\d+(?:\.\d+)?", part), str(path.relative_to(ROOT)))
    headings = set(HEADINGS.findall(page()))
    assert {"1", "3.6", "4.4", "12.6"} <= set(cited)
    assert {number: where for number, where in cited.items() if number not in headings} == {}


def test_the_sections_that_the_page_points_to_in_brackets_exist():
    pointed = set(re.findall(r"\((\d+\.\d)\)", page()))
    assert {"5.3", "8.3"} <= pointed
    assert pointed - set(HEADINGS.findall(page())) == set()


@pytest.mark.parametrize(
    ("row", "method"),
    list(
        enumerate(
            (
                elevation.BAROMETRIC,
                elevation.BAROMETRIC_NOISY,
                elevation.SMOOTH,
                elevation.GPS_SMOOTH,
                elevation.GPS,
            )
        )
    ),
)
def test_elevation_methods_are_those_of_the_table(row, method):
    _, window, threshold, least, share, doubt = rows("1.3")[row]
    assert (method.window, method.threshold_m) == (numbers(window)[0], numbers(threshold)[0])
    assert (method.sd_floor_m, method.sd_share) == (numbers(least)[0], numbers(share)[0] / 100)
    assert method.doubt_m == numbers(doubt)[0]


NOISE = [(5, "baro", elevation.BAROMETRIC), (6, "windy", elevation.BAROMETRIC_NOISY), (7, "gps", elevation.GPS)]


@pytest.mark.parametrize(("row", "kind", "method"), NOISE)
def test_the_bias_on_made_noise_is_the_one_that_is_printed(row, kind, method):
    for cell, hills in zip(rows("1.3")[row][1:], ("flat", "ten", "five", "one"), strict=True):
        errors = []
        for seed in range(40):
            z, true = made_altitude(kind, hills, seed)
            smoothed = elevation.smooth(z, one_piece(z.size), method.window)
            errors.append(elevation.zigzag(smoothed, method.threshold_m)[0] - true)
        bias, sd = (float(x) for x in cell.split(" ± "))
        assert (np.mean(errors), np.std(errors)) == (pytest.approx(bias, abs=0.06), pytest.approx(sd, abs=0.06))


def test_the_costs_of_slopes_are_the_polynomials():
    slope = 0.1
    for line, cost in zip(re.findall(r"^- (?:running|walking): (.*)$", section("2.4"), re.M),
                          (energy.running_cost, energy.walking_cost), strict=True):  # fmt: skip
        terms = re.findall(r"([+-] )?(\d+\.?\d*)(?: i(?:\^(\d))?)?", line)
        total = 0.0
        for (sign, factor, power), text in zip(terms, re.findall(r"\d+\.?\d*(?: i(?:\^\d)?)?", line), strict=True):
            degree = int(power) if power else 1 if " i" in text else 0
            total += (-1 if sign.startswith("-") else 1) * float(factor) * slope**degree
        assert total == pytest.approx(cost(slope))


def test_the_heart_rate_factors_of_grades_are_those_of_the_table():
    lines = [line for line in section("2.4").splitlines() if line.startswith("|")]
    grades, factors = (numbers(line) for line in (lines[0], lines[2]))
    assert len(grades) == len(factors) == 16
    assert [energy.heart_rate_grade_factor(g / 100) for g in grades] == pytest.approx(factors)


def test_gait_and_moving_thresholds_are_printed():
    assert f"above {gait.START_M_S} m/s for {gait.START_S} s" in section("2.1")
    assert f"below {gait.STOP_M_S} m/s for {gait.STOP_S} s" in section("2.1")
    assert f"from {gait.RUN_CADENCE_SPM:.0f} steps a minute" in section("2.2")
    assert f"majority filter of {gait.MAJORITY_S} s" in section("2.2")
    assert f"{gait.LOWEST_THRESHOLD_M_S}-{gait.HIGHEST_THRESHOLD_M_S} m/s" in section("12.5")


def test_cleaning_thresholds_are_printed():
    text = section("3.1")
    for said in (
        f"Outside {heart_rate.LOWEST_BPM:.0f} to {heart_rate.HIGHEST_BPM:.0f} bpm",
        f"more than {heart_rate.HAMPEL_BPM:.0f} bpm",
        f"more than {heart_rate.FASTEST_BPM_S:.0f} bpm a second",
        f"for {heart_rate.FROZEN_S:.0f} s",
        f"{heart_rate.LOCK_S:.0f} s and more",
        f"within {heart_rate.LOCK_BPM:.0f} bpm of the step rate",
        f"correlation of {heart_rate.LOCK_CORRELATION}",
        f"first {heart_rate.WARM_UP_S:.0f} s, more than {heart_rate.WARM_UP_BPM:.0f} bpm",
        f"from {session_load.USABLE_COVERAGE:.2f} on, with less than {session_load.USABLE_LOCK_SHARE:.2f}",
    ):
        assert said in text


def test_the_body_starts_where_the_page_says():
    assert athlete_parameters.MAXIMUM_FORMULAS["tanaka"](50) == 208 - 0.7 * 50
    assert f"standard deviation {athlete_parameters.PRIOR_SD_BPM:.0f} bpm" in section("3.2")
    assert f"as {athlete_parameters.UNKNOWN_AGE:.0f} with {athlete_parameters.UNKNOWN_AGE_SD_BPM:.0f} bpm" in section(
        "3.2"
    )
    assert (
        f"else {athlete_parameters.REST_DEFAULT_BPM:.0f} (deviation {athlete_parameters.REST_DEFAULT_SD_BPM:.0f})"
        in section("3.3")
    )
    assert f"mean {athlete_parameters.VT1_PRIOR_MEAN} and deviation {athlete_parameters.VT1_PRIOR_SD}" in section("3.5")
    assert f"s = {athlete_parameters.VT1_WIDTH_TALK}" in section("3.5")
    assert f"s = {athlete_parameters.VT1_WIDTH_RPE}" in section("3.5")


def test_published_loads_have_the_printed_constants():
    text = section("3.4")
    for sex, who in (("male", "men"), ("female", "women")):
        a, b = trimp.BANISTER[sex]
        assert f"a = {a}, b = {b} for {who}" in text
    assert ", ".join(f"{x}" for x in trimp.STAGNO_WEIGHTS) in text
    assert f"x = {trimp.THRESHOLD_RESERVE}" in text
    assert ", ".join(f"{x:.2f}" for x in trimp.EFFORT_RESERVE) in section("3.6")


def test_the_uncertainty_of_each_load_source_is_printed():
    found = {row[0].strip("`"): numbers(row[2]) for row in rows("3.6")}
    assert found["hr"] == [
        session_load.SD_HR_GOOD,
        session_load.GOOD_COVERAGE,
        session_load.SD_HR_PARTS,
        session_load.USABLE_COVERAGE,
        session_load.LEAST_COVERAGE,
        session_load.SD_HR_HOLES,
        session_load.SD_HR_MEAN,
        session_load.SD_MAXIMUM_UNSEEN,
    ]
    assert found["pace"] == [session_load.SD_PACE_OWN_LINE, session_load.SD_PACE_PRIOR, session_load.SD_PACE_TOTALS]
    assert found["rpe"] == [session_load.SD_EFFORT_CALIBRATED, session_load.SD_EFFORT]
    assert found["duration"] == [session_load.SD_DURATION]
    assert tuple(found) == session_load.PRIORITY


def test_comfort_weights_are_those_of_the_table():
    weights = [numbers(row[1])[0] for row in rows("4.4")]
    names = ("talk", "effort", "above", "done", "feel", "drift")
    assert weights == [getattr(IN_FORCE, f"weight_{name}") for name in names]


def test_comfort_as_printed_is_comfort_as_computed():
    # talk yes, effort 3, half of half above the ceiling, 90 % done
    items = ("talk", "rpe", "share_above", "completion", "feel", "decoupling")
    weight = dict(zip(items, (numbers(row[1])[0] for row in rows("4.4"))))
    points = weight["talk"] * 1 + weight["rpe"] * 1 + weight["share_above"] * (1 - 0.25 / 0.5)
    known = sum(weight[k] for k in ("talk", "rpe", "share_above"))  # having finished is no answer
    found = comfort.comfort(talk="yes", rpe=3.0, share_above=0.25, completion=0.9)
    assert found.score == pytest.approx((points + 3 * 0.5) / (known + 3))
    assert comfort.comfort(completion=0.9).score == pytest.approx((2 * (0.9 - 0.70) / 0.25 + 3 * 0.5) / (2 + 3))


def test_fatigue_betas_are_those_of_the_formula():
    text = section("5.4")
    betas = {
        name: float(b) for b, name in re.findall(r"(\d\.\d\d) (subj|rhr|hrv|eff|sleep|load)", text.split("missing")[0])
    }
    assert betas == dict(fatigue_index.BETAS)
    assert f"s = {fatigue_index.INTERCEPT} +" in text
    assert f"{sum(fatigue_index.BETAS.values()):.2f};" in text
    assert f"index + {fatigue_index.DOUBT:.2f} (1 - coverage)" in text


def test_fatigue_floors_are_those_of_the_table():
    floors = {row[0]: numbers(row[2])[0] for row in rows("5.3") if row[2]}
    assert floors == {**fatigue_index.FLOORS, "eff": fatigue_index.EFFICIENCY_FLOOR}


INPUTS = {
    "all": tuple(fatigue_index.BETAS),
    "subj, eff, load": ("subj", "eff", "load"),
    "subj, load": ("subj", "load"),
    "rhr, hrv, sleep, eff, load": ("rhr", "hrv", "sleep", "eff", "load"),
    "load, or nothing": ("load",),
}


@pytest.mark.parametrize("known", INPUTS)
def test_false_alarms_are_as_often_as_printed(known):
    row = next(row for row in rows("5.4") if row[0] == known)
    r = np.random.default_rng(7)
    upper = fatigue_index.index({name: r.normal(size=200_000) for name in INPUTS[known]}).upper
    found = [
        (upper > V2.fatigue_block).mean(),
        (upper >= V2.fatigue_back_off).mean(),
        (upper >= V2.fatigue_high).mean(),
    ]
    assert found == pytest.approx([float(cell) for cell in row[1:]], abs=0.003)


def test_the_ladder_is_the_printed_one():
    levels = ladder.LEVELS[ladder.MILE][: ladder.M7 + 1]
    printed = [(row[0], float(row[2]), float(row[3])) for row in rows("7.2")]
    assert printed == [(level.id, level.run_min, level.longest_bout_min) for level in levels]


def test_the_printed_sessions_are_made_of_the_ladders_bouts():
    for row, level in zip(rows("7.2"), ladder.LEVELS[ladder.MILE]):
        said = row[1].split(":")[0].split(", walk")[0]
        if level.run_min == 0:
            assert numbers(said)[0] == level.walk_min
        elif " x " in said:
            times, bout = numbers(said)
            assert level.bouts_min == (bout,) * int(times)
        else:
            assert level.bouts_min == tuple(numbers(said))


def test_performance_constants_are_printed():
    text = section("7.4")
    assert f"(D2 / D1)^{performance.RIEGEL_EXPONENT}" in text
    v, t = 200.0, 10.0
    oxygen, share = re.search(r"VO2 = (.*?); share = (.*?);", text).groups()
    a, b, c = numbers(oxygen.replace("+ ", ""))
    assert a + b * v + c * v**2 == pytest.approx(performance.oxygen_of_speed(v))
    base, f1, k1, f2, k2 = numbers(share)
    assert base + f1 * np.exp(k1 * t) + f2 * np.exp(k2 * t) == pytest.approx(performance.sustained_share(t))


def test_every_rule_in_force_has_its_row_and_no_other():
    written, known = {row[0] for row in rows("8.2")}, {rule.id for rule in RULES}
    assert known - written == set(), "rules without a row in 8.2 of docs/science.md"
    assert written - known == set(), "rows in 8.2 of docs/science.md without a rule"
    assert len(rows("8.2")) == len(RULES)


def test_every_rule_in_force_is_explained_in_the_policy_page():
    words = set(re.findall(r"\w+", (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")))
    assert {rule.id for rule in RULES} - words == set(), "rules that docs/policy.md does not name"


def printed_number(cell: str) -> float | None:
    """The first number of a cell, None for an empty one."""
    return numbers(cell)[0] if numbers(cell) else None


STATES = {
    "tired": {"fat_upper": 0.61}, "sore": {"pain": 3.0}, "too_much": {"overshoot": True},
    "consolidate": {"consecutive_advances": 3}, "quiet_week": {"sessions_7d": 0.0}, "stop": {"red_flag": True},
    "fatigue": {"fat_upper": 0.65}, "fatigue_high": {"fat_upper": 0.80}, "pain": {"pain_persist": True},
    "uncomfortable": {"comfort": 0.25}, "illness": {"ill": True}, "missed": {"low_weeks": 3},
    "gap7": {"days_since_run": 7.0}, "gap14": {"days_since_run": 14.0}, "gap28": {"days_since_run": 28.0},
    "gap56": {"days_since_run": 56.0}, "unsynced": {"unsynced": True}, "after_illness": {"after_illness": True},
    "exhausted": {"raised_days": 4.0}, "crashed": {"crashed": True}, "resting_rate": {"rate_raised": True},
    "too_hard": {"effort_mean": 8.0}, "out_of_proportion": {"effort_mean": 9.0, "level": 2},
    "taper": {"taper_share": 0.7}, "recovery_week": {"recovery_share": 0.5}, "hard_week": {"effort_mean": 7.0},
    "hard_weeks": {"effort_mean": 7.0, "comfort_holds": 3}, "sore_weeks": {"pain_weeks": 3.0},
    "restart": {"restart": True}, "after_stop": {"stop_recent": True},
}  # fmt: skip
ACTIONS = {"advance": 4, "hold": 3, "rebuild": 2, "back off": 1, "stop": 0}


@pytest.mark.parametrize("name", STATES)
def test_a_rule_asks_for_what_its_row_says(name):
    row = next(row for row in rows("8.2") if row[0] == name)
    rule = next(rule for rule in RULES if rule.id == name)
    effect = rule.effect(StateArrays.make(1, **{"level": 14, **STATES[name]}), IN_FORCE)
    assert bool(np.all(effect.fired))
    assert int(np.max(effect.action)) == Action[row[2].upper().replace(" ", "_")]
    week = printed_number(row[3])
    assert week is None or int(np.max(effect.prescribed)) == week
    assert int(np.max(effect.earned)) == printed_number(row[4])
    assert int(np.max(effect.sessions)) == printed_number(row[5])
    assert float(np.max(effect.gain)) == printed_number(row[6])


@pytest.mark.parametrize("longest", [0.0, 2.0, 12.0, 30.0, 90.0])
def test_limits_as_printed_are_limits_as_computed(longest):
    said = {row[0]: numbers(row[1]) for row in rows("8.3")}
    ratio, _, plus, floor = said["session"]
    assert float(caps.session_cap(longest, IN_FORCE)) == max(ratio * longest, longest + plus, floor)
    ratio, _, plus = said["bout"]
    assert float(caps.bout_cap(longest, IN_FORCE)) == max(ratio * longest, longest + plus)
    ratio, plus, floor = said["week"]
    assert float(caps.week_cap(longest, IN_FORCE)) == max(ratio * longest, longest + plus, floor)
    ratio, _, plus = said["distance of a session, from M1 on"]
    metres = 100 * longest
    assert float(caps.distance_cap(metres, IN_FORCE)) == pytest.approx(max(ratio * metres, metres + plus))


def test_the_numbers_that_changed_between_versions_are_the_printed_ones():
    changed = {
        f.name: (getattr(V1, f.name), getattr(V2, f.name))
        for f in fields(V1)
        if f.name not in ("version", "amended") and getattr(V1, f.name) != getattr(V2, f.name)
    }
    assert {row[0].strip("`"): (float(row[2]), float(row[3])) for row in rows("12")} == changed


def test_pauses_and_habits_are_printed():
    slope = section("12.8")
    assert f"After a pause of {IN_FORCE.pause_days} days" in slope
    assert f"in full to {IN_FORCE.aged_days[0]:.0f}" in slope
    for days, share in zip(IN_FORCE.aged_days[1:], IN_FORCE.aged_shares[1:], strict=True):
        assert f"{share:g} at {days:.0f}" in slope
    said = section("12.7")
    p = IN_FORCE
    enter, stay = p.habit_weeks_to_enter, p.habit_weeks_to_stay
    assert f"{p.habit_week_min:.0f} running minutes in {enter} of the last {p.habit_weeks_seen} weeks" in said
    assert f"median is {p.habit_run_min:.0f} minutes keep it ({stay} of {p.habit_weeks_seen})" in said


def test_a_goals_day_is_printed():
    said = section("8.9")
    reach = dict(zip(goals.GOAL_M, IN_FORCE.reach_shares, strict=True))
    assert f"{reach['mile']} of a mile or 5 km, {reach['10k']} of 10 km or {reach['half']} of a half marathon" in said
    assert f"grow by {IN_FORCE.habit_grows} a week" in said
    assert f"differs by {IN_FORCE.date_kept_days} days" in said
    own, later, first = IN_FORCE.taper_shares
    assert (
        f"keeps {first:.2f} of the minutes, and later {later:.2f} or, in the week of the day itself, {own:.2f}" in said
    )
    own, first = IN_FORCE.taper_short_shares
    assert f"before a mile or 5 km {first:.2f} and {own:.2f}" in said
    (short,), (first, second) = IN_FORCE.after_short_goal, IN_FORCE.after_goal
    assert (
        f"week after holds {short} (mile, 5 km) or {first}, and after a longer distance the next one {second}." in said
    )
    assert f"shorter than {IN_FORCE.least_kept} of it" in said
    assert f"median of {IN_FORCE.fit_days} days, four runs or more" in said
    assert IN_FORCE.fit_runs == 4
    assert f"below {IN_FORCE.fit_below}, the week holds that share, {IN_FORCE.fit_least} at least" in said


def test_who_is_careful_who_lifts_and_the_week_after_an_illness_are_printed():
    assert f"a beginner of {V3.careful_age:.0f} years or a BMI of {V3.careful_bmi:.0f} or more" in section("8.2")
    assert f"The week after an illness keeps {V3.after_illness_share} of them" in section("8.2")
    assert (
        f"after {IN_FORCE.lift_after_days} days without, {IN_FORCE.lift_quiet_days} days free of pain of "
        f"{V3.pain_persistent:.0f} and of illness, and below {IN_FORCE.lift_age} years" in section("7.3")
    )


def test_the_slope_of_a_pause_is_printed():
    points = zip(V3.gap_far_days, V3.gap_far, strict=True)
    said = section("8.2")
    assert all(f"{levels} after {days:.0f}" in said for days, levels in points)


def test_the_days_of_fitness_and_fatigue_are_printed():
    assert (
        f"1 - e^(-1/{fitness_fatigue.FITNESS_DAYS:.0f}) and 1 - e^(-1/{fitness_fatigue.FATIGUE_DAYS:.0f})"
        in section("5.1")
    )


def test_the_ceiling_is_the_printed_one():
    assert f"x = VT1 + {athlete_parameters.CEILING_ABOVE_VT1}, at most {athlete_parameters.CEILING_HIGHEST}" in section(
        "4.4"
    )
    d = decide.decide(StateArrays.make(1, level=4, vt1=0.5, heart_rate_rest_bpm=60.0, heart_rate_max_bpm=180.0))
    assert d.heart_rate_ceiling_bpm[0] == pytest.approx(60 + min(0.85, 0.5 + 0.25) * 120)


def test_the_share_of_a_level_that_limits_must_allow_is_printed():
    assert f"at least {V2.partial_share:.2f} of its minutes" in section("8.3")
