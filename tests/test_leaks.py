"""Nothing that one command, night or test leaves behind in a process may change what the next one does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from steadymile.pipelines.cli import options
from steadymile.pipelines.cli.guard import place
from steadymile.pipelines.cli.table import app
from typer.testing import CliRunner

from tests.test_architecture import MAY_IMPORT, ROOT, modules, parsed

CHANGES = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "clear", "remove", "discard"}
LEFT_BEHIND = {
    "models/metrics/catalogue.py": {"CATALOGUE": "filled by imports", "FUNCTIONS": "filled by imports"},
    "models/policy/rules/rule.py": {"WRITTEN": "filled by imports"},
    "pipelines/cli/main.py": {"os": "threads, before a library loads"},
    "pipelines/cli/options.py": {"place": "as before once the command ended (about)"},
    "pipelines/cli/table.py": {"chosen": "none once the command ended"},
    "pipelines/engine/flows.py": {"LAST": "taken out by who called the flow"},
    "pipelines/engine/serve.py": {"os": "what Prefect's server and flows of this process read"},
    "pipelines/reading/forked.py": {"os": "a process of its own", "sys": "a process of its own"},
    "pipelines/reading/readers.py": {"_of_worker": "readers kept warm, by what they may take"},
    "pipelines/settings.py": {"os": "Prefect's own settings, where nobody made others"},
    "studies/evidence.py": {"_drawn": "what the processes of one study draw once"},
    "warehouse/database.py": {"_depth": "transactions that are open"},
    "warehouse/tables/replace.py": {"_schemas": "columns of tables, the same in every file"},
}
"""What belongs to a module and is changed by a function: by file and name, and why no later call is misled by it."""


def held_by_module(tree: ast.Module) -> set[str]:
    """Names that a module binds at its top: its own, and those it imports."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ClassDef):
            names.add(node.name)
    return names


def of_its_own(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names that a function binds itself."""
    inside = list(ast.walk(function))
    return {n.arg for n in inside if isinstance(n, ast.arg)} | {
        n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }


def changed_from_functions(tree: ast.Module) -> set[str]:
    """Names of a module that its functions bind anew, or whose contents they change."""
    found: set[str] = set()
    held = held_by_module(tree)
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)):
        anew = {name for n in ast.walk(function) if isinstance(n, ast.Global) for name in n.names}
        own = of_its_own(function) - anew
        found |= anew | {name for n in ast.walk(function) if (name := changed(n)) in held and name not in own}
    return found


def changed(node: ast.AST) -> str:
    """The name of what a statement changes: `x` of `x.a = 1`, `del x[1]`, `x.update(...)`, `x.a |= y`; else empty. What
    numpy calls `append` and `insert` makes a new array."""
    inside: ast.AST | None = None
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        inside = node
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
        inside = node.func.value
    while isinstance(inside, ast.Attribute | ast.Subscript):
        inside = inside.value
    return inside.id if isinstance(inside, ast.Name) and inside.id != "np" else ""


def test_what_functions_change_in_their_module_is_listed_with_why_it_misleads_nobody():
    found = {p.relative_to(ROOT).as_posix(): changed_from_functions(parsed(p)) for h in MAY_IMPORT for p in modules(h)}
    assert {name: names for name, names in found.items() if names} == {n: set(why) for n, why in LEFT_BEHIND.items()}


@pytest.mark.parametrize(
    "code",
    [
        "x = {}\ndef f(): x['a'] = 1", "x = []\ndef f(): x.append(1)", "x = 1\ndef f():\n global x\n x = 2",
        "from a import x\ndef f(): x.home = 1", "x = A()\nclass B:\n def f(self): del x.kept[0]",
        "x = {}\ndef f(): x.update(a=1)", "class x: n = 0\ndef f(): x.n += 1",
    ],
)  # fmt: skip
def test_the_search_sees_what_stays_behind(code):
    assert changed_from_functions(ast.parse(code)) == {"x"}


@pytest.mark.parametrize(
    "code",
    ["x = {}\ndef f(x): x['a'] = 1", "x = 1\ndef f():\n x = []\n x.append(1)", "import numpy as np\nnp.append(a, 1)",
     "x = {}\nx['a'] = 1", "x = {}\ndef f(): return x['a']"],
)  # fmt: skip
def test_the_search_leaves_what_ends_with_its_function(code):
    assert changed_from_functions(ast.parse(code)) == set()


@pytest.mark.parametrize("words", [["status"], ["log", "pain=1"], ["log", "nonsense"], ["no-such-command"]])
def test_a_command_leaves_no_home_and_no_person_to_the_next(tmp_path: Path, words: list[str]):
    assert (place.home, place.athlete, options.chosen) == ("", "", {"home": None})
    (tmp_path / "home" / "inbox").mkdir(parents=True)
    (tmp_path / "home" / "athletes.toml").write_text("[anna]\n[ben]\n", encoding="utf-8")
    CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *words])
    assert (place.home, place.athlete, options.chosen) == ("", "", {"home": None})
