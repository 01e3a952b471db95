"""A version of the policy is followed to its end: what decides, matches, eases and explains a week reads that week's
own numbers, never those that happen to be in force."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from steadymile.models.explain import counterfactual
from steadymile.models.policy import parameters
from steadymile.models.policy.build_state import state_of
from steadymile.models.policy.parameters import IN_FORCE, KEPT
from steadymile.models.policy.training.matching import match
from steadymile.models.week import easing
from steadymile.models.week.easing import revise
from steadymile.models.weekplan import Action

from tests.models.policy_people import SUNDAY, done, live, person, run
from tests.models.week.test_easing import EASY, as_planned, longest, on, recorded, said
from tests.test_architecture import MAY_IMPORT, ROOT, modules, parsed

OF_TODAY = {
    "models/assessment/assess.py": "a session's own comfort, told of today and assessed anew by each version",
    "models/lab/answers.py": "how many speeds an empty record has room for",
    "models/learning/beliefs.py": "what is believed today, whichever version planned the runs",
    "models/physiology/confirmation.py": "what waits for the person's word now",
    "models/physiology/fatigue_index.py": "the row of a day, assessed anew by each version",
    "models/policy/parameters.py": "a version that is not kept",
    "models/week/easing.py": "a stop that the version in force asks for is heard at once",
    "models/week/plan.py": "new plans are made by the version in force",
    "pipelines/app/checkin.py": "an answer that is given now",
    "pipelines/commands/log.py": "an answer that is given now",
    "pipelines/mcp/server.py": "what the assistant should know now",
    "pipelines/outcome/stops.py": "an answer that no plan has seen yet",
    "pipelines/reading/settle.py": "what a file says now",
    "pipelines/reading/sightings.py": "what a file says now",
    "pipelines/steps.py": "what is known now, assessed anew by each version",
    "pipelines/versions.py": "its name",
    "reports/certainty.py": "the tiredness of today",
    "reports/coaching.py": "what the groups of a list mean today",
    "reports/reported.py": "answers, of which those to come may be of no plan",
    "reports/road.py": "the way ahead",
    "warehouse/tables/health.py": "what a file says now",
}
"""Files that read the numbers in force, by name or by leaving them out of a call, and of what they are meant."""


Default = tuple[str, int | None]
"""The parameter that holds a version, and its place among those that are given by place."""


def by_default(tree: ast.Module, holder: str) -> dict[tuple[str, str], Default]:
    """Functions of a module (or a class) that take the numbers in force where none are given."""
    found: dict[tuple[str, str], Default] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= by_default(ast.Module(node.body, []), node.name)
        if not isinstance(node, ast.FunctionDef):
            continue
        placed = [*node.args.posonlyargs, *node.args.args]
        own = bool(placed) and placed[0].arg in ("self", "cls")
        for k, default in enumerate(reversed(node.args.defaults), 1):
            if isinstance(default, ast.Name) and default.id == "IN_FORCE":
                found[holder, node.name] = (placed[-k].arg, len(placed) - k - own)
        for argument, given in zip(node.args.kwonlyargs, node.args.kw_defaults):
            if isinstance(given, ast.Name) and given.id == "IN_FORCE":
                found[holder, node.name] = (argument.arg, None)
    return found


def called(node: ast.Call, tree: ast.Module, holder: str) -> tuple[str, str]:
    """The module (or class) and name of what a call calls, as far as imports say it."""
    of = {
        a.asname or a.name: (n.module or "", a.name)
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom)
        for a in n.names
    }
    function = node.func
    if isinstance(function, ast.Name):
        module, name = of.get(function.id, (holder, function.id))
        return module.rpartition(".")[2], name
    if isinstance(function, ast.Attribute):
        inside = function.value
        name = inside.attr if isinstance(inside, ast.Attribute) else getattr(inside, "id", "")
        return of.get(name, ("", name))[1], function.attr
    return "", ""


def readers(tree: ast.Module, holder: str, defaults: dict[tuple[str, str], Default]) -> Iterator[int]:
    """Lines that name IN_FORCE other than as a default, or call one of these functions without the numbers."""
    given = [
        d
        for n in ast.walk(tree)
        if isinstance(n, ast.FunctionDef)
        for d in (*n.args.defaults, *n.args.kw_defaults)
        if d is not None
    ]
    excused = {id(x) for d in given for x in ast.walk(d)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "IN_FORCE" and id(node) not in excused:
            if isinstance(node.ctx, ast.Load):
                yield node.lineno
        elif isinstance(node, ast.Call) and (found := defaults.get(called(node, tree, holder))):
            argument, place = found
            passed = any(k.arg in (argument, None) for k in node.keywords)
            passed = passed or any(isinstance(a, ast.Starred) for a in node.args)
            if not passed and (place is None or len(node.args) <= place):
                yield node.lineno


def test_only_what_is_of_today_reads_the_numbers_in_force():
    defaults: dict[tuple[str, str], Default] = {}
    for path in modules("models"):
        defaults |= by_default(parsed(path), path.stem)
    found = {
        p.relative_to(ROOT).as_posix(): lines
        for house in MAY_IMPORT
        if house != "studies"
        for p in modules(house)
        if (lines := sorted(set(readers(parsed(p), p.stem, defaults)) - dataclass_lines(parsed(p))))
    }
    assert {name: lines for name, lines in found.items() if name not in OF_TODAY} == {}
    assert set(OF_TODAY) - set(found) == set(), "these hand on the version now"


def dataclass_lines(tree: ast.AST) -> set[int]:
    """Lines with the default of a field."""
    return {
        n.lineno for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for n in c.body if isinstance(n, ast.AnnAssign)
    }


@pytest.mark.parametrize(
    "code",
    ["def g(x, p): return f(x)", "def g(p): return IN_FORCE.pain_stop", "from m import f\nf(1)", "import m\nm.f(1)"],
)
def test_the_search_sees_who_leaves_the_version_out(code):
    home = ast.parse("def f(x, p=IN_FORCE): return p")
    assert list(readers(ast.parse(f"from a import m\n{code}"), "m", by_default(home, "m")))


@pytest.mark.parametrize("code", ["def g(x, p): return f(x, p)", "def g(x, q): return f(x, p=q)", "y.f(1)"])
def test_the_search_leaves_who_hands_it_on(code):
    home = ast.parse("def f(x, p=IN_FORCE): return p")
    assert list(readers(ast.parse(code), "m", by_default(home, "m"))) == []


OWN = replace(IN_FORCE, version="own", after_hard_run=0.5, same_session_s=60.0, pain_stop=3.0, pain_block=0.0)
"""A version that is kept and no longer in force."""


@pytest.fixture
def own_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "KEPT", (OWN, *KEPT))


@pytest.fixture(scope="module")
def under_way() -> Any:
    history, plans = live(person(experience="active"), SUNDAY, 6, lambda w, p: dict(EASY))
    return history, plans[-1]


def test_a_week_under_way_is_eased_by_the_numbers_of_the_version_that_planned_it(under_way, own_kept):
    history, plan = under_way
    hard = as_planned(history, plan, 2, rpe=9.0, talk_test="no")

    def left(version: str) -> float:
        again = revise(hard, on(2), replace(plan, policy_version=version))
        assert "felt too hard" in again.revision_reason
        return sum(p.run_min for p in again.planned if p.day > on(2))

    planned = sum(p.run_min for p in plan.planned if p.day > on(2))
    assert left("own") == pytest.approx(0.5 * planned, abs=0.5)
    assert left(IN_FORCE.version) == pytest.approx(IN_FORCE.after_hard_run * planned, abs=0.5)


def test_a_stop_of_the_version_in_force_is_heard_in_a_week_of_an_older_one(under_way, monkeypatch):
    history, plan = under_way
    monkeypatch.setattr(parameters, "KEPT", (replace(OWN, pain_stop=9.0), *KEPT))
    hurt = said(history, 2, pain=7.0)
    again = revise(hurt, on(2), replace(plan, policy_version="own"))
    assert again.action == Action.STOP
    kept = replace(hurt, weeks=(*hurt.weeks, again))
    assert revise(kept, on(3), again) is None, "the next night it still holds"


def test_a_stop_of_its_own_version_is_heard_where_the_one_in_force_would_go_on(under_way, own_kept):
    history, plan = under_way
    hurt = said(history, 2, pain=4.0)
    assert revise(hurt, on(2), replace(plan, policy_version="own")).action == Action.STOP
    milder = revise(hurt, on(2), plan)
    assert milder is None or milder.action != Action.STOP


def test_two_recordings_are_one_session_by_the_version_that_decides():
    first, later = run(SUNDAY, 10.0), run(SUNDAY, 10.0)
    later = replace(later, activity_id="later", started_at=first.started_at + timedelta(seconds=first.total_s + 300))
    assert [len(match([first, later], [], p=p)) for p in (IN_FORCE, OWN)] == [1, 2]


def test_a_state_is_of_one_version_down_to_its_sessions(under_way):
    history, plan = under_way
    run_1 = done(longest(plan), **EASY)
    run_2 = replace(run_1, activity_id="later", started_at=run_1.started_at + timedelta(seconds=run_1.total_s + 300))
    twice = recorded(history, run_1, run_2)
    of = [state_of(twice, on(3), parameters=p).signals.sessions_7d[0] for p in (IN_FORCE, OWN)]
    assert of[1] - of[0] == 1.0


def test_what_would_have_changed_a_week_is_asked_of_its_own_version(under_way, own_kept):
    _, plan = under_way
    old = replace(plan, policy_version="own")

    def least_pain(week: Any) -> float:
        return min(c.wanted for c in counterfactual.counterfactuals(week) if c.field == "pain")

    assert (least_pain(old), least_pain(plan)) == (1.0, IN_FORCE.pain_block + 1.0)


def test_easing_judges_by_one_version_alone_where_it_is_in_force(under_way):
    _, plan = under_way
    assert easing.judges(plan) == (IN_FORCE,)
