"""The numbers that decide stand in models/policy/parameters.py, where each is known to move something."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

MODELS = Path(__file__).resolve().parents[3] / "models"
ROOMS = ("policy", "week", "assessment", "learning", "explain")
MEASURING = {"copies", "lab", "measuring", "metrics", "physiology", "signal", "stated"}
"""Rooms without numbers of the policy: what was measured is the same under every version, and the lab plans nobody's
week. Of physiology the files below are looked at."""
HOMES = {"policy/parameters.py", "policy/ladder.py"}
"""The numbers of the policy, and the table of the levels."""


FILES = ("athlete.py", "session.py", "weekplan.py")
"""What a plan sees of a person."""
ANSWERS = ("physiology/comfort.py", "physiology/symptoms.py", "physiology/confirmation.py")
"""What answers mean: what is hard, what of pain and illness is a stop, what a file may not say."""
BEYOND = {
    "policy/build_state.py": ("FIRST_LOOK_DAYS", "how far back rows are read at all"),
    "policy/evidence.py": (
        "LOOK_BACK_DAYS LOOK_BACK_HABIT_DAYS LOOK_BACK_NEW_DAYS REFOLDED_WEEKS SCORED_DAYS",
        "how far back rows are read at all, and weeks folded again",
    ),
    "policy/caps.py": ("_SLACK", "floating point"),
    "policy/draw.py": ("NO_DRAW", "the most steps there are"),
    "policy/habit.py": ("ENOUGH_WITHIN_MIN", "plans are shown in half minutes"),
    "policy/memory/policy_memory.py": ("CREDIT_WEEKS _DEFAULTS _NOTHING", "the shape of what is stored"),
    "policy/training/recent.py": ("WEEKS_BACK", "how far back rows are read at all"),
    "policy/rules/rule.py": ("FREE MOST_DIGITS", "no limit at all, and how numbers are written"),
    "week/easing.py": ("ENOUGH MOST_NEWS", "rounding, and a bound of a loop"),
    "week/goals.py": (
        "GOAL_M", "how long the distances are",
    ),
    "week/sessions/intervals.py": ("GRID MOST_BOUTS _SLACK", "how bouts are written"),
    "week/layout.py": ("LAYOUT ORDER WEEK_DAYS", "a version, an order, and the days of a week"),
    "week/facts/done.py": ("BEYOND_MIN PAUSES_DAYS", "from when on a text says something"),
    "week/facts/effort.py": ("BREATHLESS_TIMES TIRED_OF TIRED_RULES", "from when on a text says something"),
    "week/facts/goal.py": ("RACE_WEEK_DAYS", "the days of a week"),
    "week/facts/health.py": ("PAIN_TREND_DAYS", "from when on a text says something"),
    "week/facts/known.py": ("KNOWN_DAYS", "how far back it is known what arrived late"),
    "week/override.py": ("DAYS SHARES", "the days of a week, and what a person may ask for"),
    "week/plan.py": ("CHUNK", "how many athletes are decided together"),
    "week/sessions/weekdays.py": ("DAYS FAVOURITE WALK_WEEK", "the table of the days that suit most people"),
    "week/sessions/workouts.py": ("WARM", "the ladder's, as a step"),
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
    "learning/attendance.py": ("FADE_A_WEEK PRIOR_MISSED PRIOR_WENT", "a prior, which decides nothing"),
    "learning/beliefs.py": ("DAYS LOGGED_WEEKS RECENT", "how far back is looked"),
    "learning/choice.py": ("STEPS", "the steps there are"),
    "learning/effort.py": (
        "ANSWERED_TO_CALIBRATE HALF_POINT HARD_EFFORT SPREAD_PRIOR WIDEST Z_80", "a prior, which decides nothing",
    ),
    "learning/heart_at_pace.py": (
        "DRIFT_BPM_A_WEEK NOISE_BPM PRIOR_BPM PRIOR_PER_M_S PRIOR_PER_SD PRIOR_SD REFERENCE_M_S",
        "a prior, which decides nothing",
    ),
    "learning/kinds.py": ("_ROOT_2", "mathematics"),
    "learning/normal.py": ("_LEAST _ROOT_2PI", "mathematics"),
    "learning/population.py": ("EASE HEART PACE TYPICAL_PACE_AT_HEART", "a prior, which decides nothing"),
    "learning/recovery.py": ("FEWEST GRID_DAYS PRIOR_DAYS PRIOR_LOG_SD", "a prior, which decides nothing"),
    "explain/average.py": ("AVERAGE", "what counts as an ordinary state"),
    "session.py": (
        "CONTINUOUS_MIN CONTINUOUS_STOP_SHARE CONTINUOUS_WALK_SHARE DEFAULT_WEIGHT_KG TALK",
        "what was run and how far: measured, and stored once for every version of the policy",
    ),
    "physiology/comfort.py": ("TALK", "how an answer is coded"),
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


def test_every_room_is_looked_at_or_measures():
    rooms = {p.parent.name for p in MODELS.glob("*/__init__.py")}
    assert rooms == {*ROOMS, *MEASURING}


def test_a_number_that_decides_stands_in_its_home():
    rooms = (path for room in ROOMS for path in (MODELS / room).rglob("*.py"))
    files = (*rooms, *(MODELS / name for name in FILES), *(MODELS / name for name in ANSWERS))
    found = {path.relative_to(MODELS).as_posix(): numbers_at_the_top(path.read_text("utf-8")) for path in files}
    outside = {name: names for name, names in found.items() if names and name not in HOMES}
    assert outside == {name: set(names.split()) for name, (names, _) in BEYOND.items()}


INSIDE = {
    "explain/cap_attribution.py": {"_told": "metres of a kilometre"},
    "explain/caveats.py": {"_pace": "a pace to five seconds", "_holds_one": "days of a week"},
    "explain/counterfactual.py": {"_plain": "how a number is written", "_spoken": "metres of a kilometre"},
    "explain/reasons.py": {"lead": "rounding of a bout"},
    "physiology/comfort.py": {"comfort_arrays": "a scale to 100"},
    "physiology/symptoms.py": {
        "pain_weeks": "four weeks",
        "bad_pain_of": "days of a week",
        "ill_weeks": "four weeks",
        "_ways_back": "days of a week",
        "of": "a week, and four of them",
    },
    "policy/build_state.py": {"target_week": "Sunday"},
    "policy/signals/person.py": {"of": "days of a week", "_apart": "Sunday and Monday", "_bmi": "cm in a metre"},
    "policy/signals/volume.py": {"_gain_mean": "the mean of four weeks"},
    "policy/decide.py": {
        "_until_the_mile": "quarter minutes",
        "_cut": "quarter minutes",
        "_usual": "as good as no limit",
        "_established_scale": "the most steps that a pause takes",
    },
    "policy/draw.py": {"drawn_steps": "bits of a hash"},
    "policy/memory/policy_memory.py": {"after_week": "as good as never"},
    "week/easing.py": {"_short_ones": "half minutes", "_after_sessions": "half minutes"},
    "week/edits.py": {"_done": "as older weeks stored it", "edit_of": "as older weeks stored it"},
    "week/goals.py": {"taper_share": "days of a week"},
    "week/layout.py": {
        "allowed_runs": "days of a week",
        "_race": "half minutes",
        "_day_after": "Sunday",
        "_run": "half minutes",
        "_walks": "days of a week",
        "_lifted": "steps of five minutes, and half minutes",
        "_bout_s": "what a person can time",
        "lowered": "half minutes, and strides",
    },
    "week/facts/done.py": {"of": "the last four weeks", "_best_load": "four weeks"},
    "week/facts/effort.py": {"of": "the last four weeks", "_walks_felt": "three weeks"},
    "week/facts/goal.py": {"of": "days of a week"},
    "week/sessions/run_days.py": {"run_day_shares": "a place for each weekday"},
    "week/sessions/weekdays.py": {"smallest_gap": "days of a week", "_circular_gap": "days of a week"},
    "week/sessions/wording.py": {"duration": "seconds of a minute", "minutes": "how minutes are written"},
    "week/sessions/workouts.py": {
        "jog_steps": "quarter minutes, and a minute of walking at the end",
        "easy_steps": "half minutes",
        "mile_test": "half minutes",
        "goal_400_s": "metres",
        "_easy_part": "half minutes",
    },
    "assessment/answers.py": {"named": "letters of an id", "timed": "a quarter of what is near"},
    "learning/attendance.py": {"share": "80 % of a normal curve"},
    "learning/beliefs.py": {"_open": "more credit than any step costs"},
    "learning/choice.py": {"effect": "more credit than any step costs"},
    "learning/effort.py": {"difficulty": "the shortest bout that has a logarithm", "forecast": "the scale of efforts"},
    "learning/filter.py": {"after_session": "talk barely possible", "_category": "the middle of the scale"},
    "learning/kinds.py": {"_above_one": "mathematics"},
    "learning/normal.py": {"density": "mathematics"},
    "learning/scores.py": {"crps": "mathematics"},
    "learning/recovery.py": {"settling": "mathematics", "_of": "an 80 % range and its middle"},
}
"""Functions with a number inside that is no parameter, and what it is."""
PLAIN = {0, 1, 2, 3, 1e-6, 1e-9}
"""Counts too small to look for, and rounding."""
SHAPES = {"range", "round", "reshape", "lru_cache", "fromisocalendar", "time", "blake2b"}
"""Calls whose numbers say how something is written or stored."""


def numbers_inside(source: str) -> dict[str, set[float]]:
    """The numbers that functions hold in themselves, but for plain ones, places in a sequence, the days of a week and
    the seconds of a minute in sums."""
    found: dict[str, set[float]] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            held = set(_numbers([*node.body, *node.args.defaults, *filter(None, node.args.kw_defaults)]))
            if held:
                found[node.name] = found.get(node.name, set()) | held
    return found


def _numbers(nodes: Iterable[ast.AST]) -> Iterator[float]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            continue  # it is looked at by itself
        if isinstance(node, ast.Constant):
            if type(node.value) in (int, float) and node.value not in PLAIN:
                yield float(node.value)
            continue
        parts: Iterable[ast.AST] = ast.iter_child_nodes(node)
        if isinstance(node, ast.Subscript):
            parts = [node.value]
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in SHAPES:
                parts = [node.func, *(node.args[:1] if called == "round" else ())]
            elif called == "timedelta":
                parts = [k.value for k in node.keywords if not _is(k.value, {6, 7})]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and (share := _fraction(node)) is not None:
            yield share
            continue
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod):
            parts = [side for side in (node.left, node.right) if not _is(side, {7, 60})]
        yield from _numbers(parts)


def _fraction(node: ast.BinOp) -> float | None:
    """The value of a fraction of two plain numbers, as 1 / 3: a number of its own, however plain its parts are."""
    sides = [side.value for side in (node.left, node.right) if isinstance(side, ast.Constant)]
    return sides[0] / sides[1] if len(sides) == 2 else None


def _is(node: ast.AST, values: set[int]) -> bool:
    return isinstance(node, ast.Constant) and node.value in values


def test_a_function_holds_no_number_that_decides():
    found = {
        path.relative_to(MODELS).as_posix(): set(numbers_inside(path.read_text("utf-8")))
        for room in ROOMS
        for path in (MODELS / room).rglob("*.py")
    }
    found |= {name: set(numbers_inside((MODELS / name).read_text("utf-8"))) for name in (*FILES, *ANSWERS)}
    held = {name: functions for name, functions in found.items() if functions and name not in HOMES}
    assert held == {name: set(functions) for name, functions in INSIDE.items()}


@pytest.mark.parametrize(
    "code",
    [
        "return hold(s.hottest_c > 32.0)", "return 7 <= days <= 27", "return as_of - timedelta(days=13)",
        "return done < 1 / 3", "return min(20.0, left)", "return 0.8 * high", "return _walk(day, 0, 20.0)",
    ],
)  # fmt: skip
def test_the_search_inside_functions_sees_one(code):
    assert numbers_inside(f"def f(s, p):\n    {code}\n")


@pytest.mark.parametrize(
    "code",
    [
        "return hold(s.hottest_c > p.hot_c)", "return days // 7", "return 60.0 * minutes", "return rows[-28:]",
        "return monday + timedelta(days=6)", "return range(1, 8)", "return round(x, 4)", "return n >= 2",
    ],
)  # fmt: skip
def test_the_search_inside_functions_leaves_the_rest(code):
    assert numbers_inside(f"def f(s, p):\n    {code}\n") == {}


def test_a_default_of_an_argument_counts_as_inside():
    assert numbers_inside("def f(s, most=20.0):\n    return min(s, most)\n") == {"f": {20.0}}


def test_beliefs_are_stated_and_decide_nothing():
    """What is learned of a person has its priors beside its formulas, for no plan is made from it."""
    plans = [p for room in ("policy", "week", "assessment", "explain") for p in (MODELS / room).rglob("*.py")]
    assert [p.name for p in plans if "models.learning" in p.read_text("utf-8")] == []
