"""The numbers that decide stand in models/policy/parameters.py, where each is known to move something."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

MODELS = Path(__file__).resolve().parents[3] / "models"
ROOMS = ("policy", "week", "assessment", "learning", "explain")
HOMES = {"policy/parameters.py", "policy/ladder.py"}
"""The numbers of the policy, and the table of the levels."""


BEYOND = {
    "policy/build_state.py": (
        "FIRST_LOOK_DAYS LOOK_BACK_DAYS LOOK_BACK_HABIT_DAYS LOOK_BACK_NEW_DAYS", "how far back rows are read at all",
    ),
    "policy/caps.py": ("_SLACK", "floating point"),
    "policy/draw.py": ("NO_DRAW", "the most steps there are"),
    "policy/habit.py": ("ENOUGH_WITHIN_MIN", "plans are shown in half minutes"),
    "policy/matching.py": (
        "BEYOND BEYOND_MIN BEYOND_PLAN BEYOND_PLAN_MIN BOUT_WEIGHT NEARLY SAME_SESSION_S SEEN_SHARE SHORT_JOG_MIN",
        "how a session is recognised as the planned one, the same for every version",
    ),
    "policy/policy_memory.py": ("CREDIT_WEEKS _DEFAULTS _NOTHING", "the shape of what is stored"),
    "policy/recent.py": ("WEEKS_BACK", "how far back rows are read at all"),
    "policy/replay_weeks.py": ("REFOLDED_WEEKS SCORED_DAYS", "how far back weeks are folded again"),
    "policy/rules/earning.py": ("_COUNT", "words of numbers"),
    "policy/rules/rule.py": ("FREE MOST_DIGITS", "no limit at all, and how numbers are written"),
    "week/easing.py": ("ENOUGH MOST_NEWS", "rounding, and a bound of a loop"),
    "week/goals.py": (
        "GOAL_M", "how long the distances are",
    ),
    "week/intervals.py": ("GRID MOST_BOUTS _SLACK", "how bouts are written"),
    "week/layout.py": ("LAYOUT ORDER WEEK_DAYS", "a version, an order, and the days of a week"),
    "week/layout_inputs.py": (
        "BEYOND_MIN BREATHLESS_TIMES EASY_DAYS EASY_EFFORT EASY_RATE_RUNS EASY_RUNS KNOWN_DAYS MILE_DAYS "
        "PAIN_TREND_DAYS PAUSES_DAYS RACE_WEEK_DAYS SAME_PACK_KG TIRED_OF TIRED_RULES",
        "what is looked at for the texts of a week",
    ),
    "week/override.py": ("DAYS SHARES", "the days of a week, and what a person may ask for"),
    "week/plan.py": ("CHUNK", "how many athletes are decided together"),
    "week/run_days.py": ("FADE_A_WEEK PRIOR_MISSED PRIOR_RAN WEEKS", "the prior of a belief"),
    "week/weekdays.py": ("DAYS FAVOURITE FEWER_RUNS WALK_WEEK", "the table of the days that suit most people"),
    "week/workouts.py": ("FASTER_IN_4_WEEKS HILL_SIZES STUB TEST_WARM_MIN WARM", "what the workouts are made of"),
    "assessment/answers.py": ("LISTED NEAR START", "how an answer finds its session"),
    "assessment/assess.py": ("LATE_SESSIONS", "how much is kept to go on from"),
    "assessment/daily_series.py": ("EFFICIENCY_DAYS", "a window of a measurement"),
    "assessment/estimates.py": ("BEST_DAYS CRITICAL_DAYS HARD_RPE NINETY_PERCENT", "windows of a measurement"),
    "assessment/loads.py": (
        "ABOVE_MAXIMUM_BPM LOWEST_MEAN_BPM MEANS_AGREE_BPM SUSTAINED_MIN SUSTAINED_SHARE", "what a heart can do",
    ),
    "assessment/session_kind.py": (
        "FASTER FEWEST_KNOWN_RUNS LEAST_EFFORT_BPM LONGEST_STEP_S MOSTLY_RIDDEN RUNNING_COUNTS_S SLOWER",
        "how a session is recognised as a run",
    ),
    "learning/attendance.py": ("FADE_A_WEEK PRIOR_MISSED PRIOR_WENT", "the prior of a belief"),
    "learning/beliefs.py": ("DAYS LOGGED_WEEKS RECENT", "how far back is looked"),
    "learning/choice.py": ("STEPS", "the steps there are"),
    "learning/effort.py": (
        "ANSWERED_TO_CALIBRATE HALF_POINT HARD_EFFORT SPREAD_PRIOR WIDEST Z_80", "the prior of a belief",
    ),
    "learning/heart_at_pace.py": (
        "DRIFT_BPM_A_WEEK NOISE_BPM PRIOR_BPM PRIOR_PER_M_S PRIOR_PER_SD PRIOR_SD REFERENCE_M_S",
        "the prior of a belief",
    ),
    "learning/kinds.py": ("_ROOT_2", "mathematics"),
    "learning/normal.py": ("_LEAST _ROOT_2PI", "mathematics"),
    "learning/population.py": ("EASE HEART PACE TYPICAL_PACE_AT_HEART", "the prior of a belief"),
    "learning/recovery.py": ("FEWEST GRID_DAYS PRIOR_DAYS PRIOR_LOG_SD", "the prior of a belief"),
    "explain/average.py": ("AVERAGE", "what counts as an ordinary state"),
    "explain/caveats.py": (
        "BREATHLESS_WEEKS DAYS_IN_ROW ILL_WEEKS KNOWN_DAYS_IN_ROW PAUSES TIRED_WEEKS", "from when on it is named",
    ),
    "explain/horizon.py": ("FEWEST_WEEKS HIGH LONGEST_WEEKS LOW", "which ranges are stated"),
    "explain/reasons.py": (
        "COUNTED_DAYS LITTLE_LESS MONTH_DAYS NEAR_SHARE NEAR_STEP SAME_MIN SAME_SHARE WAITS_DAYS",
        "which words a difference gets",
    ),
}  # fmt: skip
"""Numbers that stand elsewhere, and what they are. Whoever adds one asks whether a decision follows it."""


def numbers_at_the_top(source: str) -> set[str]:
    """Names that a module gives to numbers other than 0 and 1, alone or in a table."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            values = [c.value for c in ast.walk(node.value) if isinstance(c, ast.Constant)]
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(v, int | float) and v not in (0, 1) for v in values):
                found |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    return found


@pytest.mark.parametrize("code", ["SHARE = 0.8", "A, B = 3, x", "DAYS = {'mile': 14.0}", "GRID: float = 1 / 4"])
def test_the_search_for_numbers_sees_one(code):
    assert numbers_at_the_top(code)


@pytest.mark.parametrize("code", ["NONE = 0", "YES_NO = (0.0, 1.0)", "WORD = 'two'", "ON = p.days", "def f(x=3): ..."])
def test_the_search_for_numbers_leaves_the_rest(code):
    assert numbers_at_the_top(code) == set()


def test_a_number_that_decides_stands_in_its_home():
    found = {
        path.relative_to(MODELS).as_posix(): numbers_at_the_top(path.read_text("utf-8"))
        for room in ROOMS
        for path in (MODELS / room).rglob("*.py")
    }
    outside = {name: names for name, names in found.items() if names and name not in HOMES}
    assert outside == {name: set(names.split()) for name, (names, _) in BEYOND.items()}


GAINS = {"settled": {0.3}, "walk_first": {0.3}, "restart": {0.5, 1e-9}}
"""The share of the usual climbing on the way back from a stop, and rounding."""


def numbers_of_rules(source: str) -> dict[str, set[float]]:
    """The numbers that rules hold in themselves, but for counts of steps and sessions up to 3."""
    found: dict[str, set[float]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and any("rule(" in ast.unparse(d) for d in node.decorator_list):
            inside = [c.value for line in node.body for c in ast.walk(line) if isinstance(c, ast.Constant)]
            held = {float(v) for v in inside if isinstance(v, int | float) and v not in (0, 1, 2, 3)}
            if held:
                found[node.name] = held
    return found


def test_a_rule_holds_no_threshold_of_its_own():
    rules = [path.read_text("utf-8") for path in (MODELS / "policy" / "rules").glob("*.py")]
    assert {name: held for text in rules for name, held in numbers_of_rules(text).items()} == GAINS


def test_the_search_in_rules_sees_a_threshold():
    hot = "@rule(place=3)\ndef hot(s, p):\n    return hold(s.hottest_c > 32.0)\n"
    assert numbers_of_rules(hot) == {"hot": {32.0}}
    assert numbers_of_rules(hot.replace("32.0", "p.hot_c")) == {}
