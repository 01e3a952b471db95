"""Break one thing in a module of models/ and see whether its tests notice; again, for many things.

    python bench/mutants.py --each 40 --minutes 25 trimp hrv response

The tree is copied first and only the copy is ever changed. A mutant is one swapped comparison, operator, constant,
condition or extreme; a seeded sample of `--each` per module is tried, all of them with `--each 0`. One process, one
mutant at a time, each in a fork that has the libraries loaded. Strings, annotations and decorators are left alone.
"""

from __future__ import annotations

import argparse
import ast
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

ROOT = Path(__file__).resolve().parent.parent
SLOWEST_S = 60
ALWAYS = ("test_vectors.py",)
ALSO = {
    "gait": ("test_bouts.py", "test_measure.py"),
    "jumps": ("test_measure.py", "test_bouts.py"),
    "distance": ("test_measure.py", "test_bouts.py"),
    "samples": ("test_measure.py",),
    "elevation": ("test_measure.py",),
    "heart": ("test_heart_metrics.py", "test_measure.py"),
    "trimp": ("test_heart_metrics.py",),
    "caps": ("test_policy.py", "test_invariants.py"),
    "rules": ("test_policy.py", "test_invariants.py"),
    "ladder": ("test_policy.py", "test_week.py"),
    "policy": ("test_invariants.py",),
}
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


def tests_of(module: str, tests: Path) -> list[str]:
    """Test files of a module: its own first, then those of the houses that lean on it, then the published vectors."""
    own = sorted(p.name for p in tests.glob(f"test_{module}*.py"))
    return [str(tests / name) for name in dict.fromkeys([*own, *ALSO.get(module, ()), *ALWAYS])]


def in_the_fork(tree: Path, files: list[str]) -> int:
    """Run the tests silently against the copied tree; pytest's exit code."""
    import pytest

    os.chdir(tree)
    sys.path[0] = str(tree)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    words = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow and not corpus", "--hypothesis-seed=0"]
    return int(pytest.main([*words, "-W", "ignore::pytest.PytestAssertRewriteWarning", *files]))


def run_tests(tree: Path, files: list[str]) -> str:
    """`killed`, `survived` or `timeout`, in a fork whose world is the copied tree."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = in_the_fork(tree, files)
        finally:
            os._exit(code)  # nothing of the parent is tidied up here
    until = time.monotonic() + SLOWEST_S
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def try_module(tree: Path, module: str, each: int, seed: int, until: float) -> dict[str, object]:
    """Try a module's mutants; says what was killed and lists what survived."""
    path = tree / "models" / f"{module}.py"
    sound = path.read_text()
    files = tests_of(module, tree / "tests" / "models")
    began = time.monotonic()
    if run_tests(tree, files) != "survived":
        return {"module": module, "error": "its tests fail unchanged"}
    baseline = time.monotonic() - began
    every = mutants(sound)
    chosen = every if not each or each >= len(every) else random.Random(seed).sample(every, each)
    result = {"killed": 0, "survived": 0, "timeout": 0}
    survivors = []
    for mutant in sorted(chosen, key=lambda m: m.line):
        if time.monotonic() > until:
            break
        path.write_text(mutant.source)
        verdict = run_tests(tree, files)
        result[verdict] += 1
        if verdict == "survived":
            survivors.append(f"{mutant.line}: {mutant.kind}: {mutant.before} -> {mutant.after}")
            print(f"  {module}:{survivors[-1]}", flush=True)
    path.write_text(sound)
    return {"module": module, "possible": len(every), **result, "baseline_s": round(baseline, 1), "alive": survivors}


def main() -> int:
    """Print a line a survivor, then a table; 0 when nothing failed unchanged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="+")
    parser.add_argument("--each", type=int, default=40, help="mutants tried per module; 0 for all")
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="where to keep the results, a JSON line a module")
    args = parser.parse_args()
    os.environ |= {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    sys.dont_write_bytecode = True
    import hypothesis  # noqa: F401, loaded once for every fork
    import numpy  # noqa: F401
    import polars  # noqa: F401
    import pytest  # noqa: F401

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
