"""Break one thing in a module of models/ and see whether its tests notice; again, for many things.

    python -m bench.mutants --each 40 --minutes 25 physiology/trimp physiology/hrv

The tree is copied first and only the copy is ever changed. A mutant is one swapped comparison, operator, constant,
condition or extreme; a seeded sample of `--each` per module is tried, all of them with `--each 0`. One process, one
mutant at a time, each in a fork of a process that has collected the tests. Strings, annotations and decorators
are left alone.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TextIO

os.environ |= {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
import numpy  # noqa: F401, loaded once for every fork
import polars  # noqa: F401, for the same reason
import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SLOWEST_S, SLOWER = 15, 5
"""A mutant that takes so long, and so many times as long as the unchanged module, is taken for one that never ends."""
EXAMPLES = 25
"""Of each property, instead of a hundred: a mutant is tried against many tests."""
COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATE: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
OTHER = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where, what stood there, what stands there now, and the whole module with it."""

    line: int
    kind: str
    before: str
    after: str
    source: str


def sites(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that may be changed: neither annotations nor decorators nor docstrings."""
    if isinstance(node, ast.arg):
        return
    if isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from sites(node.value)
        return
    skipped = set()
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        skipped = {id(d) for d in node.decorator_list}
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            skipped.add(id(node.returns))
    yield node
    for child in ast.iter_child_nodes(node):
        if id(child) not in skipped:
            yield from sites(child)


def change(node: ast.AST) -> str | None:
    """Change the node in place, or say with None that there is nothing to change. Returns the kind of change."""
    match node:
        case ast.Compare() if type(node.ops[0]) in COMPARE:
            node.ops[0] = COMPARE[type(node.ops[0])]()
            return "comparison"
        case ast.BinOp() | ast.AugAssign() if type(node.op) in OPERATE:
            node.op = OPERATE[type(node.op)]()
            return "operator"
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            return "condition"
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            node.op = ast.UAdd() if isinstance(node.op, ast.USub | ast.Invert) else ast.Not()
            if isinstance(node.op, ast.Not):
                node.operand = ast.UnaryOp(ast.Not(), node.operand)
            return "sign"
        case ast.Constant(value=bool()):
            node.value = not node.value
            return "constant"
        case ast.Constant(value=int() | float()):
            node.value = node.value + 1 if isinstance(node.value, int) or not node.value else node.value * 1.1
            return "constant"
        case ast.Call(func=ast.Name(id=name)) if name in OTHER:
            node.func.id = OTHER[name]
            return "extreme"
        case ast.Call(func=ast.Attribute(attr=name)) if name in OTHER:
            node.func.attr = OTHER[name]
            return "extreme"
    return None


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module."""
    found = []
    count = sum(1 for _ in sites(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        node = next(n for i, n in enumerate(sites(tree)) if i == number)
        before = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
        kind = change(node)
        if kind is not None:
            where = getattr(node, "lineno", 0)
            found.append(Mutant(where, kind, before, ast.unparse(node), ast.unparse(ast.fix_missing_locations(tree))))
    return found


def imports_of(path: Path) -> set[str]:
    """Our modules that a file imports, as they are imported."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def tests_of(module: str, root: Path) -> list[str]:
    """Test files of a module: those that import it, then those of the modules that import it, then the published
    vectors, which reach most modules through functions of other names."""
    name = dotted(module)
    users = {
        dotted(p.relative_to(root / "models").with_suffix("").as_posix()): imports_of(p)
        for p in (root / "models").rglob("*.py")
    }
    near = {user for user, wanted in users.items() if name in wanted}
    tests = {path: imports_of(path) for path in sorted((root / "tests" / "models").rglob("test_*.py"))}
    own = [path for path, wanted in tests.items() if name in wanted]
    next_door = [path for path, wanted in tests.items() if wanted & near]
    vectors = [path for path in tests if path.name == "test_vectors.py"]
    return [str(path) for path in dict.fromkeys([*own, *next_door, *vectors])]


def dotted(module: str) -> str:
    """`physiology/trimp` as it is imported."""
    return f"steadymile.models.{module.replace('/', '.')}"


def every_module() -> list[str]:
    """Every module of models/, as the command takes it."""
    files = (ROOT / "models").rglob("*.py")
    return sorted(p.relative_to(ROOT / "models").with_suffix("").as_posix() for p in files if p.stem != "__init__")


def put_in(module: ModuleType, source: str) -> None:
    """Put a changed source into a loaded module without replacing what others hold of it: functions and methods get
    the new code, changed constants the new value, also where they were imported by name."""
    fresh: dict[str, object] = {"__name__": module.__name__, "__file__": module.__file__}
    catalogue = importlib.import_module("steadymile.models.metrics.catalogue").CATALOGUE
    cards = dict(catalogue)
    catalogue.clear()  # a metric registers itself, and only once
    exec(compile(source, module.__name__, "exec"), fresh)
    catalogue.clear()
    catalogue |= cards
    for name, new in fresh.items():
        old = vars(module).get(name)
        if isinstance(new, type) and isinstance(old, type) and new.__module__ == module.__name__:
            for word, method in vars(new).items():
                recode(vars(old).get(word), method)
        elif isinstance(new, FunctionType) or hasattr(new, "__wrapped__"):
            recode(old, new)
        elif not name.startswith("__") and repr(new) != repr(old):
            for other in list(sys.modules.values()):
                if repr(getattr(other, "__dict__", {}).get(name)) == repr(old):
                    setattr(other, name, new)


def recode(old: object, new: object) -> None:
    """Give a function, property or cached function the code of its changed twin."""
    old, new = (getattr(f, "fget", None) or getattr(f, "__wrapped__", f) for f in (old, new))
    if isinstance(old, FunctionType) and isinstance(new, FunctionType):
        if len(old.__code__.co_freevars) == len(new.__code__.co_freevars):
            old.__code__ = new.__code__
        old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__


class Breaker:
    """A pytest plugin: once all tests are collected, each mutant lives and is judged in a fork of its own."""

    def __init__(self, module: str, source: str, each: int, seed: int, until: float, tell: TextIO) -> None:
        self.module, self.until, self.tell = module, until, tell
        every = mutants(source)
        self.possible = len(every)
        few = not each or each >= len(every)
        self.chosen = sorted(every if few else random.Random(seed).sample(every, each), key=lambda m: m.line)
        self.patience_s = 600.0
        self.row: dict[str, object] = {"module": module, "error": "nothing was collected"}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of the tests' own loop: every mutant, those tests first that noticed the last ones."""
        settings.register_profile("mutants", max_examples=EXAMPLES, deadline=None)
        settings.load_profile("mutants")
        began = time.monotonic()
        if session.testsfailed or not session.items:
            self.row = {"module": self.module, "error": "its tests cannot be collected"}
            return True
        if self.judge(session, None) != "survived":
            self.row = {"module": self.module, "error": "its tests fail unchanged"}
            return True
        whole = time.monotonic() - began
        self.patience_s = max(SLOWEST_S, SLOWER * whole)
        result = {"killed": 0, "survived": 0, "timeout": 0}
        alive = []
        for mutant in self.chosen:
            if time.monotonic() > self.until:
                break
            verdict = self.judge(session, mutant)
            result[verdict] += 1
            if verdict == "survived":
                alive.append(f"{mutant.line}: {mutant.kind}: {mutant.before} -> {mutant.after}")
                self.tell.write(f"  {self.module}:{alive[-1]}\n")
                self.tell.flush()
        self.row = {"module": self.module, "possible": self.possible, **result, "whole_s": round(whole, 1)}
        self.row["alive"] = alive
        return True

    def judge(self, session: pytest.Session, mutant: Mutant | None) -> str:
        """`killed`, `survived` or `timeout`; the test that noticed goes to the front."""
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = self.live(session, mutant, into)
            finally:
                os._exit(code)  # nothing of the parent is tidied up here
        os.close(into)
        until = time.monotonic() + self.patience_s
        done, status = os.waitpid(child, os.WNOHANG)
        while not done and time.monotonic() < until:
            time.sleep(0.005)
            done, status = os.waitpid(child, os.WNOHANG)
        if not done:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        said = os.read(out, 16) if done else b""
        os.close(out)
        if said:
            session.items.insert(0, session.items.pop(int(said)))
        if not done:
            return "timeout"
        return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"

    def live(self, session: pytest.Session, mutant: Mutant | None, into: int) -> int:
        """In the fork: put the mutant in and run the tests until one fails; 1 when one did."""
        if mutant is not None:
            try:
                put_in(importlib.import_module(dotted(self.module)), mutant.source)
            except Exception:
                return 1  # it cannot even be imported
        for number, item in enumerate(session.items):
            following = session.items[number + 1] if number + 1 < len(session.items) else None
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                os.write(into, str(number).encode())
                return 1
        return 0


def try_module(tree: Path, module: str, each: int, seed: int, until: float) -> dict[str, object]:
    """Collect a module's tests in a fork and try its mutants there."""
    results = tree / f"{module.replace('/', '.')}.json"
    child = os.fork()
    if child == 0:
        try:
            os.chdir(tree)
            sys.path[0] = str(tree)
            tell = os.fdopen(os.dup(1), "w")
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            source = (tree / "models" / f"{module}.py").read_text()
            breaker = Breaker(module, source, each, seed, until, tell)
            words = ["-q", "-p", "no:cacheprovider", "-m", "not slow and not corpus", "--hypothesis-seed=0"]
            words += ["-W", "ignore::pytest.PytestAssertRewriteWarning", *tests_of(module, tree)]
            pytest.main(words, plugins=[breaker])
            results.write_text(json.dumps(breaker.row))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return json.loads(results.read_text()) if results.exists() else {"module": module, "error": "it could not be tried"}


def main() -> int:
    """Print a line a survivor, then a table; 0 when nothing failed unchanged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=every_module(), help="like physiology/trimp")
    parser.add_argument("--each", type=int, default=40, help="mutants tried per module; 0 for all")
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="where to keep the results, a JSON line a module")
    args = parser.parse_args()
    until = time.monotonic() + args.minutes * 60
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        for part in ("models", "tests", "pyproject.toml"):
            here = ROOT / part
            if here.is_dir():
                shutil.copytree(here, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(here, tree / part)
        for module in args.modules:
            rows.append(try_module(tree, module, args.each, args.seed, until))
            if args.out:
                args.out.write_text("".join(json.dumps(row) + "\n" for row in rows))
    print("| module | possible | tried | killed | survived |\n|---|---|---|---|---|")
    for row in rows:
        if "error" in row:
            print(f"| {row['module']} | {row['error']} |")
            continue
        killed = int(str(row["killed"])) + int(str(row["timeout"]))
        alive = int(str(row["survived"]))
        print(f"| {row['module']} | {row['possible']} | {killed + alive} | {killed} | {alive} |")
    return int(any("error" in row for row in rows))


if __name__ == "__main__":
    sys.exit(main())
