"""Which week is told of, which reasons come first, what is compared."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from steadymile.models.explain import leads
from steadymile.reports.decision import decision_name, headline, model_line, own_headline
from steadymile.reports.pages.progress import mile_section, share_picture, share_section
from steadymile.reports.sentences import (
    ceiling_line,
    done_against_planned,
    goal_line,
    running_word,
    session_facts,
    steps_needed,
)
from steadymile.reports.view_model import (
    by_fact,
    chosen_target,
    longest_run,
    ordered,
    remarks,
    story,
    strongest,
    weeks,
    what_would_change,
)

from tests.reports import sample

TABLES = sample.tables()


def targets(*weeks: str) -> dict[str, pl.DataFrame]:
    return {"targets": pl.DataFrame({"week": weeks})}


def test_on_sunday_the_coming_week_is_told():
    assert chosen_target(targets("2026-W47", "2026-W48"), date(2026, 11, 22))["week"] == "2026-W48"


def test_from_monday_to_saturday_the_running_week_is_told():
    for day in (date(2026, 11, 16), date(2026, 11, 21)):
        assert chosen_target(targets("2026-W47", "2026-W48"), day)["week"] == "2026-W47"


def test_without_a_plan_for_now_the_newest_is_told():
    assert chosen_target(targets("2026-W30", "2026-W31"), date(2026, 11, 22))["week"] == "2026-W31"


def test_without_any_plan_there_is_no_target():
    told = story(sample.ATHLETE, {}, sample.AS_OF)
    assert (told.target, told.reasons, len(told.days)) == (None, (), 7)


def test_what_decided_comes_first_and_what_is_unknown_last():
    told = story(sample.ATHLETE, TABLES, sample.AS_OF)
    assert [r["rule"] for r in told.reasons] == ["earned", "session_cap", "fatigue", "missing_pain"]


def test_of_rules_that_did_not_limit_the_nearest_comes_first():
    near = {"rule": "near", "observed": 0.9, "threshold": 1.0}
    far = {"rule": "far", "observed": 10.0, "threshold": 20.0}
    assert [r["rule"] for r in ordered([far, near])] == ["near", "far"]


def test_what_would_change_it_comes_from_rules_that_applied():
    told = story(sample.ATHLETE, TABLES, sample.AS_OF)
    assert what_would_change(told) == ("With one session fewer this would have been a week at the same step.",)


def test_the_week_before_is_compared_with_its_plan():
    told = story(sample.ATHLETE, TABLES, sample.AS_OF)
    first = done_against_planned(told)[0]
    assert (first.label, first.done, first.planned, first.share) == ("Runs", "3", "3", 1.0)


def test_a_week_with_a_session_of_unknown_running_ran_at_least_what_is_known():
    weeks = TABLES["weeks"].with_columns(running_unknown=pl.lit(1), running_min_done=pl.lit(12.0))
    told = story(sample.ATHLETE, {**TABLES, "weeks": weeks}, sample.AS_OF)
    running = next(line for line in done_against_planned(told) if line.label == "Minutes of running")
    assert (running.done, running.share) == ("at least 12", None)


def test_the_longest_run_is_told_as_a_share_of_a_mile():
    run = {"local_day": [date(2026, 11, 21)], "longest_run_m": [804.672], "longest_run_s": [400.0]}
    told = story(sample.ATHLETE, {"activities": pl.DataFrame(run)}, sample.AS_OF)
    assert (
        goal_line(told) == "Longest run without a walk break so far: 0.80 km (6 min 40 s) on Sat 21 Nov: 50% of a mile."
    )


def test_a_mile_is_called_a_mile():
    run = {"local_day": [date(2026, 11, 21)], "longest_run_m": [1609.344], "longest_run_s": [800.0]}
    assert goal_line(story(sample.ATHLETE, {"activities": pl.DataFrame(run)}, sample.AS_OF)).endswith("a whole mile.")


def test_the_other_copy_of_a_run_is_not_counted():
    copy = TABLES["activities"].with_columns(preferred=pl.lit(False), longest_run_m=pl.lit(5000.0))
    both = {"activities": pl.concat([TABLES["activities"], copy], how="vertical_relaxed")}
    assert longest_run(both, sample.AS_OF)["longest_run_m"] < 1000


def test_nothing_later_than_the_day_told_on_is_seen():
    early = sample.AS_OF - timedelta(days=35)
    assert longest_run(TABLES, early)["local_day"] <= early


def test_the_week_before_the_plan_is_called_by_where_today_lies():
    told = {day: story(sample.ATHLETE, TABLES, day).heading_before for day in (date(2026, 11, 22), date(2026, 11, 23))}
    assert told == {date(2026, 11, 22): "This week", date(2026, 11, 23): "Last week"}


def test_what_is_not_known_is_a_remark_and_never_a_reason_for_the_decision():
    told = story(sample.ATHLETE, TABLES, sample.AS_OF)
    assert [r["rule"] for r in remarks(told)] == ["missing_pain"]
    assert [r["rule"] for r in strongest(told, 9)] == ["earned"]


def test_who_wears_no_sensor_is_shown_no_note_on_a_heart_rate_ceiling():
    believed = TABLES["reasons"].tail(1).with_columns(
        week=pl.lit(max(TABLES["targets"]["week"])), rule=pl.lit("heart_rate_believed"), observed=None, before=None,
        fired=False, binding=False,
    )  # fmt: skip
    reasons = pl.concat([TABLES["reasons"], believed], how="vertical_relaxed")
    seen = TABLES["activities"].with_columns(heart_rate_mean_bpm=pl.lit(140.0))
    unseen = seen.with_columns(heart_rate_mean_bpm=pl.lit(None, pl.Float64))
    both = [{**TABLES, "reasons": reasons, "activities": found} for found in (seen, unseen)]
    noted = [[r["rule"] for r in remarks(story(sample.ATHLETE, tables, sample.AS_OF))] for tables in both]
    assert noted == [["missing_pain", "heart_rate_believed"], ["missing_pain"]]


def test_where_no_reason_decided_alone_those_that_applied_or_came_near_are_named():
    told = story(sample.ATHLETE, TABLES, sample.AS_OF)
    loose = replace(told, reasons=tuple({**reason, "binding": False} for reason in told.reasons))
    assert [r["rule"] for r in strongest(loose, 9)] == ["earned", "session_cap", "fatigue"]


def test_what_raised_a_week_is_named_before_what_limits_it():
    cap = {"rule": "cap_session", "binding": True, "fired": True, "observed": 30.0, "window": "30 days"}
    earned = {"rule": "earned", "binding": False, "fired": True, "observed": 3.0, "window": "21 days"}
    told = replace(story(sample.ATHLETE, TABLES, sample.AS_OF), reasons=(cap, earned))
    assert [r["rule"] for r in strongest(told)] == ["earned", "cap_session"]


def test_what_was_recorded_after_the_day_told_on_is_not_shown():
    saturday = sample.AS_OF - timedelta(days=1)
    told = story(sample.ATHLETE, TABLES, saturday - timedelta(days=1))
    assert not any(line.done for line in told.days if line.day > told.as_of)
    assert any(line.done for line in story(sample.ATHLETE, TABLES, saturday).days if line.day == saturday)


def test_the_running_week_holds_only_what_was_done_by_the_day_told_on():
    tuesday = sample.AS_OF - timedelta(days=5)
    week = weeks(TABLES, tuesday).row(-1, named=True)
    done = TABLES["activities"].filter(pl.col("local_day").is_between(tuesday - timedelta(days=1), tuesday))
    whole = weeks(TABLES, sample.AS_OF).row(-1, named=True)
    assert week["monday"] == whole["monday"] == tuesday - timedelta(days=1)
    assert week["running_min_done"] == done["running_s"].sum() / 60.0 < whole["running_min_done"]
    assert week["sessions_done"] == done.filter(pl.col("kind") == "run").height == 1
    assert week["running_min_planned"] == whole["running_min_planned"]


def test_what_nobody_knows_of_a_running_week_is_not_nought():
    tuesday = sample.AS_OF - timedelta(days=5)
    unknown = TABLES["activities"].with_columns(running_s=pl.lit(None, dtype=pl.Float64))
    assert weeks({**TABLES, "activities": unknown}, tuesday)["running_min_done"][-1] is None


def test_an_eased_week_is_not_called_by_two_names():
    text = "The rest of the week is easier. You reported being ill. Next: 1 run."
    assert with_headline(text) == ("The rest of the week is easier.", "You reported being ill. Next: 1 run.")


def walker(**views: pl.DataFrame):
    athlete = replace(sample.ATHLETE, base=replace(sample.ATHLETE.base, goal="walk"), dated={})
    walks = TABLES["activities"].filter(pl.col("kind") == "walk")
    weeks = TABLES["weeks"].with_columns(running_min_done=0.0, running_min_planned=0.0, sessions_planned=0)
    planned = TABLES["planned_sessions"].filter(pl.col("kind") != "run")
    mine = {**TABLES, "activities": walks, "weeks": weeks, "planned_sessions": planned, **views}
    return story(athlete, mine, sample.AS_OF)


def test_a_walking_week_counts_the_walks_that_were_planned():
    sessions = done_against_planned(walker())[0]
    assert (sessions.label, sessions.planned) == ("Sessions", "1")


def test_who_wants_to_walk_is_told_of_no_running():
    assert mile_section(walker()) == ""
    assert ">Walking</h2>" in share_section(walker())
    assert " of 0<" not in share_section(walker())
    assert "running" not in share_picture(walker()).html()


def test_who_wears_no_sensor_is_told_no_heart_rate():
    bare = TABLES["activities"].with_columns(heart_rate_mean_bpm=pl.lit(None, dtype=pl.Float64))
    assert "heartbeats" in ceiling_line(story(sample.ATHLETE, TABLES, sample.AS_OF))
    assert "heartbeats" not in ceiling_line(story(sample.ATHLETE, {**TABLES, "activities": bare}, sample.AS_OF))


def with_headline(text: str) -> tuple[str, str]:
    targets = TABLES["targets"].with_columns(headline=pl.lit(text))
    return headline(story(sample.ATHLETE, {**TABLES, "targets": targets}, sample.AS_OF))


def test_a_headline_that_begins_with_the_decision_keeps_its_words():
    assert with_headline("A little more than usual. Next: 3 runs.") == ("A little more than usual.", "Next: 3 runs.")


def test_a_headline_without_the_decision_gets_its_name():
    assert with_headline("you could talk through every run of the week.") == (
        "One step further.",
        "You could talk through every run of the week.",
    )


def test_a_reason_named_below_is_not_said_in_the_headline_too():
    reason = TABLES["reasons"].filter(pl.col("rule") == "earned")["sentence"][0]
    assert with_headline(f"One step further. {reason} Next: 3 runs.") == ("One step further.", "Next: 3 runs.")


@pytest.mark.parametrize(
    ("text", "words"),
    [("Welcome. Next: 1 run.", "A first week"), ("Two steps further. Next: 1 run.", "Two steps further")],
)
def test_a_table_names_the_decision_and_a_first_week_repeats_nothing(text, words):
    targets = TABLES["targets"].with_columns(headline=pl.lit(text))
    assert decision_name(story(sample.ATHLETE, {**TABLES, "targets": targets}, sample.AS_OF)) == words


def test_a_missing_headline_still_names_the_decision():
    assert with_headline("") == ("One step further.", "")


def test_a_length_that_the_title_tells_is_not_told_again():
    walk = {"title": "Brisk walk 20 min", "minutes": 20.0, "expected_distance_m": 1800.0, "steps": [{}]}
    run = {"title": "Easy run 16 min 30 s", "minutes": 26.5, "steps": [{}]}
    assert session_facts(walk, "km") == ["about 1.8 km"]
    assert session_facts(run, "km") == ["26 min 30 s in all"]


def test_of_rules_that_look_at_one_number_the_first_is_named():
    gap = {"observed": 18.0, "window": "days since the last run", "before": 9.0}
    rules = [{**gap, "rule": "gap14"}, {**gap, "rule": "gap7"}, {"rule": "sore", "observed": 1.0, "window": "7 days"}]
    told = replace(story(sample.ATHLETE, TABLES, sample.AS_OF), reasons=tuple(rules))
    assert [reason["rule"] for reason in strongest(told)] == ["gap14", "sore"]


def test_steps_are_left_out_where_the_instruction_tells_them():
    steps = [{"reps": 8, "run_s": 60, "walk_s": 90}]
    assert steps_needed({"steps": steps, "instruction": "Then 8 times: jog 1 min, walk 1 min 30 s."}) == ""
    assert steps_needed({"steps": steps, "instruction": "Easy."}) == "8 times: jog 1 min, walk 1 min 30 s."


def test_a_run_of_another_year_is_dated_with_it():
    run = {"local_day": [date(2021, 9, 25)], "longest_run_m": [19700.0], "longest_run_s": [7260.0]}
    told = goal_line(story(sample.ATHLETE, {"activities": pl.DataFrame(run)}, sample.AS_OF))
    assert told == "Longest run without a walk break so far: 19.7 km (2 h 01 min) on Sat 25 Sep 2021."


def overridden(override) -> tuple[tuple[str, str], str]:
    text = "Changed by the coach: a busy week at work. Next: 2 runs. (The model: One step further. Next: 3 runs.)"
    reason = pl.lit("Changed by the coach: a busy week at work")
    targets = TABLES["targets"].with_columns(headline=pl.lit(text), override=pl.lit(override), revision_reason=reason)
    told = story(sample.ATHLETE, {**TABLES, "targets": targets}, sample.AS_OF)
    return headline(told), model_line(told)


def test_an_override_is_told_with_the_models_own_choice_beside_it():
    model = {"action": "advance", "run_min": 48.0, "sessions": 3, "headline": "One step further. Next: 3 runs."}
    stored = json.dumps({"who": "the coach", "why": "a busy week at work", "model": model})
    assert overridden(stored) == (
        ("Changed by the coach: “a busy week at work”.", "Next: 2 runs."),
        "steadymile's own choice was: one step further, with 3 runs and 48 min of running.",
    )


@pytest.mark.parametrize("why", ["the knee is sore. Rest first", "(The model: too much)", "a race."])
def test_whatever_a_coach_writes_stays_whole_in_the_headline(why):
    model = {"action": "hold", "run_min": 20.0, "sessions": 2, "headline": "The same step again. Next: 2 runs."}
    target = {
        "headline": leads.beside_model(f"Changed by Ada: {why}. Next: 1 run.", model["headline"]),
        "override": {"who": "Ada", "why": why, "model": model},
        "revision_reason": f"Changed by Ada: {why}",
    }
    told = replace(story(sample.ATHLETE, TABLES, sample.AS_OF), target=target)
    end = "" if why.endswith(".") else "."
    assert headline(told) == (f"Changed by Ada: “{why}”{end}", "Next: 1 run.")
    assert own_headline(target).endswith("Next: 1 run.")


def test_a_week_eased_after_it_was_set_by_hand_is_told_as_eased():
    target = {
        "headline": "The rest of the week is easier. Ill. Next: rest.", "override": {"model": {"headline": "x"}},
        "revision_reason": "ill", "action": "back_off",
    }  # fmt: skip
    told = replace(story(sample.ATHLETE, TABLES, sample.AS_OF), target=target)
    assert headline(told) == ("The rest of the week is easier.", "Ill. Next: rest.")


def test_without_an_override_there_is_no_other_choice():
    assert overridden("")[1] == overridden("null")[1] == overridden(None)[1] == ""


def test_only_what_is_all_easy_is_called_jogging():
    steps = [{"reps": 1, "run_s": 0, "walk_s": 300}, {"reps": 1, "run_s": 1440, "walk_s": 0}]
    easy = {"kind": "run", "title": "Easy run 24 min", "steps": steps, "purpose": "easy"}
    assert running_word(easy) == "jog"
    assert running_word({**easy, "title": "Jog-walk or whatever it is called", "purpose": "hard"}) == "run"
    assert steps_needed({**easy, "title": "Mile test", "purpose": "hard"}) == "Walk 5 min; then run 24 min."


@pytest.mark.parametrize(
    ("title", "word"),
    [("Jog-walk 4 x 3 min", "jog"), ("", "jog"), ("Hills 4 x 3 min", "run"), ("Mile test", "run")],
)
def test_a_session_of_an_earlier_version_is_a_jog_where_its_title_is_that_of_its_steps(title, word):
    steps = [{"reps": 1, "run_s": 0, "walk_s": 300}, {"reps": 4, "run_s": 180, "walk_s": 120}]
    assert running_word({"kind": "run", "title": title, "steps": steps, "purpose": None}) == word


@pytest.mark.parametrize("title", ["Easy run 24 min", "Long easy run 24 min"])
def test_an_easy_run_of_an_earlier_version_is_a_jog(title):
    assert running_word({"kind": "run", "title": title, "steps": [{"reps": 1, "run_s": 1440, "walk_s": 0}]}) == "jog"


def test_who_ran_without_a_recording_is_not_told_that_no_running_was_recorded():
    logged = pl.DataFrame(
        {"local_day": [date(2026, 11, 21)], "running_s": [360.0], "longest_run_m": [None], "longest_run_s": [None]},
        schema_overrides={"longest_run_m": pl.Float64, "longest_run_s": pl.Float64},
    )
    told = story(sample.ATHLETE, {"activities": logged}, sample.AS_OF)
    assert "no run so far has both time and distance" in mile_section(told)
    none = story(sample.ATHLETE, {"activities": logged.with_columns(running_s=0.0)}, sample.AS_OF)
    assert "No running recorded yet" in mile_section(none)


def test_climbing_that_nobody_measured_is_not_held_against_the_plan():
    weeks = TABLES["weeks"].with_columns(elevation_gain_done_m=pl.lit(None, pl.Float64))
    told = story(sample.ATHLETE, {**TABLES, "weeks": weeks}, sample.AS_OF)
    assert "Climbing" not in [line.label for line in done_against_planned(told)]


def test_one_fact_is_named_once_by_the_strongest_reason_that_speaks_of_it():
    fired = {"fired": True, "window": "days"}
    rules = [
        {**fired, "rule": "gap7", "observed": 9.0, "binding": True},
        {**fired, "rule": "unsynced", "binding": True},
        {**fired, "rule": "quiet_week", "binding": True},
        {**fired, "rule": "cap_session", "observed": 8.0, "binding": True},
        {**fired, "rule": "cap_week", "observed": 24.0, "binding": True},
        {**fired, "rule": "sore", "observed": 3.0, "binding": True},
    ]
    said, again = by_fact(rules)
    assert [reason["rule"] for reason in said] == ["gap7", "cap_session", "sore"]
    assert [reason["rule"] for reason in again] == ["unsynced", "quiet_week", "cap_week"]


def test_where_a_stop_is_lifted_nothing_that_stopped_the_week_stands_as_its_reason():
    lifted = TABLES["targets"].with_columns(headline=pl.lit(f"{leads.Lead.LIFTED} This week stays without running."))
    assert strongest(story(sample.ATHLETE, TABLES, sample.AS_OF))
    assert strongest(story(sample.ATHLETE, {**TABLES, "targets": lifted}, sample.AS_OF)) == ()


def test_where_a_stop_is_lifted_nobody_is_asked_once_more_for_what_lifted_it():
    lifted = TABLES["targets"].with_columns(headline=pl.lit(f"{leads.Lead.LIFTED} This week stays without running."))
    assert what_would_change(story(sample.ATHLETE, {**TABLES, "targets": lifted}, sample.AS_OF)) == ()
