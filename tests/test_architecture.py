"""The walls between the houses, and the purity of the models."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from steadymile.models import units
from steadymile.models.policy.rules.found import BY_ID
from steadymile.pipelines.cli.table import WHERE, commands_of

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "models": set(),
    "ingest": {"models"},
    "warehouse": {"models"},
    "reports": {"models"},
    "pipelines": {"models", "ingest", "warehouse", "reports", "studies"},
    "studies": {"models", "ingest", "warehouse", "reports", "pipelines"},
}
LIVES_IN = {
    "fitparse": "ingest",
    "gpxpy": "ingest",
    "lxml": "ingest",
    "xml": "ingest",
    "tzfpy": "ingest",
    "duckdb": "warehouse",
    "prefect": "pipelines",
    "prefect_dask": "pipelines",
    "icalendar": "tests only",
}
IMPURE_MODULES = {
    "os",
    "io",
    "pathlib",
    "socket",
    "urllib",
    "http",
    "subprocess",
    "logging",
    "time",
    "random",
    "sqlite3",
}
IMPURE_CALLS = {"now", "today", "utcnow", "open", "print", "input", "default_rng", "seed", "read_csv", "read_parquet"}


def modules(house: str) -> list[Path]:
    return sorted((ROOT / house).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree, made once for all tests of this page."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> set[str]:
    """Top-level packages that are imported; of ours, the house: `models` for `steadymile.models.policy`."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {_house(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {_house(f"{node.module}.{alias.name}") for alias in node.names}
    return names


def _house(module: str) -> str:
    first, *rest = module.split(".")
    return rest[0] if first == "steadymile" and rest else first


@pytest.mark.parametrize("house", MAY_IMPORT)
def test_a_house_imports_only_the_houses_it_may(house):
    for path in modules(house):
        ours = imported(parsed(path)) & set(MAY_IMPORT) - {house}
        assert ours <= MAY_IMPORT[house], f"{path.name} of {house}/ imports {ours - MAY_IMPORT[house]}"


@pytest.mark.parametrize("package", LIVES_IN)
def test_a_foreign_package_lives_in_one_house(package):
    homes = {house for house in MAY_IMPORT for path in modules(house) if package in imported(parsed(path))}
    assert homes <= {LIVES_IN[package]}


def test_models_import_nothing_that_reaches_outside():
    for path in modules("models"):
        impure = imported(parsed(path)) & IMPURE_MODULES
        assert not impure, f"{path} imports {impure}"


def test_models_call_no_clock_no_file_and_no_unseeded_chance():
    for path in modules("models"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                seeded = name == "default_rng" and (node.args or node.keywords)
                assert seeded or name not in IMPURE_CALLS, f"{path}:{node.lineno} calls {name}()"


def test_prefect_is_imported_only_inside_functions_or_in_the_engine():
    for path in modules("pipelines"):
        if path.parent.name == "engine":
            continue
        top_level = ast.Module([n for n in parsed(path).body if isinstance(n, ast.Import | ast.ImportFrom)], [])
        assert "prefect" not in imported(top_level), f"{path.name} imports prefect when it is imported"


def test_the_wall_test_sees_a_forbidden_import():
    assert imported(ast.parse("from steadymile.warehouse.store import save")) & {"warehouse"}


def test_no_file_imports_a_house_under_its_bare_name():
    for path in sorted(p for part in (*MAY_IMPORT, "tests", "bench", "steadymile") for p in modules(part)):
        for node in ast.walk(parsed(path)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            bare = [name for name in names if name.split(".")[0] in MAY_IMPORT]
            assert not bare, f"{path.relative_to(ROOT)}:{node.lineno} imports {bare}: write steadymile.{bare[0]}"


def test_every_package_at_the_top_is_a_house():
    tops = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"steadymile"}
    assert tops == set(MAY_IMPORT)


def test_every_folder_with_modules_is_a_listed_package():
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {f"steadymile.{'.'.join(p.parent.relative_to(ROOT).parts)}" for house in MAY_IMPORT for p in modules(house)}
    assert listed == found | {"steadymile"}


FULL = {
    "ingest/exports": (13, "a module for each provider, and the tables that they share"),
    "ingest/xml": (13, "a module for each format, and what they read it with"),
    "models/physiology": (13, "a module for each published formula or estimate"),
    "models/signal": (15, "what is made of a recording's seconds, a module for each signal"),
    "pipelines": (14, "what every command needs; a night's steps; each larger part has a room of its own"),
    "pipelines/app": (14, "one web app: what is asked, what is done, and what is shown"),
    "pipelines/cli": (14, "a module for each family of commands, as `steadymile --help` lists them"),
    "pipelines/commands": (14, "a module for each command"),
    "pipelines/reading": (14, "from a new file to its row: readers in processes of their own, and the rows they leave"),
    "reports": (14, "what several faces show; each face has a room of its own"),
    "warehouse": (13, "one store: database, archive, journal; the tables have a room of their own"),
    "warehouse/tables": (14, "a module for each family of tables"),
}
"""Folders of more than a dozen modules: how many there are, and what they have in common."""


def test_a_folder_of_more_than_a_dozen_modules_gives_its_reason():
    folders = Counter(p.parent for house in MAY_IMPORT for p in modules(house) if p.name != "__init__.py")
    found = {f.relative_to(ROOT).as_posix(): n for f, n in folders.items() if n > 12}
    assert found == {name: n for name, (n, _) in FULL.items()}, "find a room for a new one, or give back a place"


def test_a_test_file_lies_where_the_module_it_is_named_after_lies():
    elsewhere = {}
    for house in MAY_IMPORT:
        homes: dict[str, set[Path]] = {}
        for path in modules(house):
            homes.setdefault(path.stem, set()).add(path.parent.relative_to(ROOT))
        for path in (p for p in modules(f"tests/{house}") if p.stem.startswith("test_")):
            mirrored = homes.get(path.stem.removeprefix("test_"))
            if mirrored and path.parent.relative_to(ROOT / "tests") not in mirrored:
                elsewhere[str(path.relative_to(ROOT))] = sorted(map(str, mirrored))
    assert elsewhere == {}


LATE = {
    ("ingest/fit/protocol/fallback.py", "fitparse"): "the second reader, needed by few files",
    ("ingest/fit/protocol/profile.py", "fitparse"): "its profile is read once, where no compiled copy is kept",
    ("ingest/fit/reader.py", "steadymile.ingest.fit.protocol.fallback"): "the second reader, needed by few files",
    ("ingest/local_day.py", "tzfpy"): "40 MB of borders, needed where a new recording has a place",
    ("ingest/reading.py", "steadymile.models.recording"): "every command knows the refusals that stand there, few read",
    ("ingest/xml/gpx_fallback.py", "gpxpy"): "the second reader, needed by few files",
    ("pipelines/cli/nightly.py", "steadymile.pipelines.commands.demo"): "it simulates a runner, which no night needs",
    ("pipelines/cli/nightly.py", "steadymile.pipelines.engine.flows"): "Prefect takes seconds to import",
    ("pipelines/cli/opening.py", "steadymile.pipelines.mcp.server"): "an extra that few install",
    ("pipelines/engine/flows.py", "prefect_dask"): "an extra that few install",
    ("pipelines/engine/ahead.py", "distributed"): "an extra that few install",
    ("pipelines/engine/pool.py", "distributed"): "an extra that few install",
    ("pipelines/reading/readers.py", "distributed"): "an extra that few install",
    ("reports/charts/png.py", "resvg_py"): "the page never needs it",
    ("reports/rendering.py", "jinja2"): "commands that write no page need not wait for it",
}
"""Imports that may stand inside a function, each with its reason."""


LONG = {
    "ingest/archives/containers.py": "every kind of container, and the bounds that they share",
    "ingest/fit/protocol/scan.py": "one pass over bytes, and what must be known for it",
    "ingest/inbox.py": "what a folder can hold, and what becomes of each",
    "ingest/xml/gpx.py": "one format with its many dialects",
    "ingest/xml/lift.py": "one pass over bytes",
    "models/explain/caveats.py": "one note after the other, in the order in which they are given",
    "models/explain/reasons.py": "which reasons bind, and in which order they are given",
    "models/lab/adaptive.py": "the policy over thousands of people at once",
    "models/metrics/person.py": "metric cards, one after the other",
    "models/physiology/athlete_parameters.py": "one belief after the other, each with its source",
    "models/physiology/performance.py": "best efforts and forecasts, which share their evidence",
    "models/physiology/symptoms.py": "one pass over answers, and every question asked of it",
    "models/policy/decide.py": "the decision's steps, in their order",
    "models/policy/training/matching.py": "one question: which session fulfils which",
    "models/policy/parameters.py": "every number of the policy, and the versions of them that are kept",
    "models/policy/memory/replay_weeks.py": "weeks folded into the memory that they leave",
    "models/policy/rules/earning.py": "what earns a step, and what makes it one or none",
    "models/policy/state.py": "one table of fields",
    "models/signal/timeline.py": "one table of a recording's seconds",
    "models/week/easing.py": "what eases a week under way, in the order in which it counts",
    "models/week/layout.py": "one week's sessions on its days",
    "pipelines/facts.py": "every fact of one file: read, checked, changed",
    "pipelines/nightly.py": "one run, stage by stage",
    "reports/pages/progress.py": "the parts of one page",
    "reports/terminal/night.py": "what one run prints",
    "reports/view_model.py": "what all faces show of a week",
    "reports/workouts/fit_writer.py": "one format",
    "studies/people.py": "one page",
    "studies/synthetic/people.py": "one life after the other",
    "studies/synthetic/runner.py": "one simulated runner",
}
"""Files of more than 300 lines, and why each is one."""


def test_a_file_of_more_than_300_lines_gives_its_reason():
    sizes = {
        p.relative_to(ROOT).as_posix(): len(p.read_text("utf-8").splitlines()) for h in MAY_IMPORT for p in modules(h)
    }
    assert {name for name, lines in sizes.items() if lines > 300} - set(LONG) == set()
    assert {name for name in LONG if sizes.get(name, 0) <= 250} == set(), "these are short now, or gone"


BIG = {
    "models/policy/state.py:signal": (16, 10, "what is known of a field, by name"),
    "pipelines/outputs.py:write_person": (46, 9, "which products are written, by name"),
    "pipelines/outputs.py:write_reports": (52, 10, "which products are written, by name"),
    "reports/calendar.py:ics": (60, 11, "what a calendar may depend on, by name"),
    "reports/workouts/fit_writer.py:activity_file": (56, 15, "what a file of the format may hold, by name"),
}
"""Functions of more than 60 lines or 8 arguments: how many they may have of both, and why they are one."""


def sizes_of_functions(tree: ast.AST) -> Iterator[tuple[str, int, int]]:
    """Each function's name, lines and arguments but for `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            arguments = [a for a in given if a.arg not in ("self", "cls")]
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1, len(arguments)


def test_a_function_of_more_than_60_lines_or_8_arguments_gives_its_reason():
    found = {
        f"{p.relative_to(ROOT).as_posix()}:{name}": (lines, arguments)
        for house in MAY_IMPORT
        for p in modules(house)
        for name, lines, arguments in sizes_of_functions(parsed(p))
        if lines > 60 or arguments > 8
    }
    assert set(found) - set(BIG) == set(), "split these by idea"
    assert set(BIG) - set(found) == set(), "these are short now, or gone"
    grown = {name for name, (lines, arguments) in found.items() if lines > BIG[name][0] or arguments > BIG[name][1]}
    assert grown == set(), "these have grown: split them"


def test_the_measure_of_a_function_counts_lines_and_named_arguments():
    assert list(sizes_of_functions(ast.parse("def f(self, a, *, b):\n    x = 1\n    return x\n"))) == [("f", 3, 2)]


def late_imports(path: Path) -> set[tuple[str, str]]:
    """Modules imported inside functions, or only for types, with the file that does so."""
    found = set()
    for outer in ast.walk(parsed(path)):
        types_only = isinstance(outer, ast.If) and getattr(outer.test, "id", "") == "TYPE_CHECKING"
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) or types_only:
            for node in ast.walk(outer):
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    found.add(node.module or "")
    ours = {name if name.startswith("steadymile") else name.split(".")[0] for name in found}
    return {(str(path.relative_to(ROOT)), name) for name in ours}


def test_imports_stand_at_the_top_but_for_those_with_a_reason():
    late = set().union(*(late_imports(path) for house in MAY_IMPORT for path in modules(house)))
    assert late == set(LATE)


def import_graph() -> dict[str, set[str]]:
    """Every module of ours and the modules of ours that it imports, wherever in the file."""
    names = {
        ".".join(("steadymile", *p.relative_to(ROOT).with_suffix("").parts)): p
        for house in MAY_IMPORT
        for p in modules(house)
        if p.name != "__init__.py"
    }
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        wanted = set()
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                wanted |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        graph[name] = wanted & set(names) - {name}
    return graph


def circle_in(graph: dict[str, set[str]]) -> tuple[str, ...] | None:
    """A circle of imports, None where there is none."""
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as found:
        return tuple(found.args[1])
    return None


def test_no_modules_import_each_other_in_a_circle():
    assert circle_in(import_graph()) is None


def test_the_circle_test_sees_a_circle():
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}})


def test_the_command_table_names_the_commands_of_each_module():
    for module, names in WHERE.items():
        assert tuple(commands_of(module)) == names
    others = {"guard", "main", "options", "progress", "table", "terminal"}
    assert {p.stem for p in modules("pipelines/cli") if p.stem != "__init__"} == set(WHERE) | others


TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(\s[^<]*)?/?>|<[a-z]+ [a-z-]+=")


def tags_in_strings(tree: ast.AST) -> list[int]:
    """Lines with a string, other than a docstring, that holds a tag of HTML or SVG."""
    texts = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    found = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return [n.lineno for n in found if id(n) not in texts and TAG.search(n.value)]


def test_html_and_svg_are_written_in_templates_only():
    ours = [path for house in ("reports", "pipelines") for path in modules(house)]
    assert {str(p.relative_to(ROOT)): lines for p in ours if (lines := tags_in_strings(parsed(p)))} == {}


def test_templates_are_filled_in_one_place():
    ours = [path for house in MAY_IMPORT for path in modules(house)]
    assert [str(p.relative_to(ROOT)) for p in ours if "jinja2" in imported(parsed(p))] == ["reports/rendering.py"]


@pytest.mark.parametrize("code", ["x = f'<p class=\"{kind}\">'", "x = '</li>'", "x = '<br/>'", "f('<dl>' + y)"])
def test_the_search_for_tags_sees_one(code):
    assert tags_in_strings(ast.parse(code)) == [1]


@pytest.mark.parametrize("code", ["x = 'a < b'", "x = 'i<n'", "'<p>'", "x = 'usage: log <DAY'"])
def test_the_search_for_tags_leaves_other_strings_alone(code):
    assert tags_in_strings(ast.parse(code)) == []


SENTENCES = ("reason", "sentence", "headline", "instruction", "what_would_change_it", "title", "revision_reason")
TAKEN_APART = {
    "pipelines/app/pages.py": "which stop a professional's word lifts, which no view says with a code yet",
    "models/explain/leads.py": "what follows a headline's lead, and the lead of weeks that stored no code for it",
    "reports/decision.py": "what follows who set a week by hand",
    "reports/sentences.py": "a length that stands in a title is not named once more",
}
"""Files that look inside a sentence, each with its reason. Others read codes and numbers: sentences get reworded."""


def sentences_taken_apart(tree: ast.AST) -> list[int]:
    """Lines that look for words in a sentence, or split it: in a field that holds one, in a name that says so, or in a
    name that was given one in the same function. Spaces may be evened out."""
    nodes = list(ast.walk(tree))
    evened = {id(n.args[0]) for n in nodes if isinstance(n, ast.Call) and n.args and evens(n)}
    found = {n.lineno for n in nodes if id(n) not in evened and reads(n, set())}
    for function in (n for n in nodes if isinstance(n, ast.FunctionDef)):
        inside = list(ast.walk(function))
        bound = [n for n in inside if isinstance(n, ast.Assign) and named(n.value).endswith(SENTENCES)]
        if given := {t.id for n in bound for t in n.targets if isinstance(t, ast.Name)}:
            found |= {n.lineno for n in inside if id(n) not in evened and reads(n, given)}
    return sorted(found)


def reads(node: ast.AST, given: set[str]) -> bool:
    """Whether an expression looks inside a sentence, or inside one of the names that were `given` one."""
    asked: list[ast.AST] = []
    if isinstance(node, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
        constant = isinstance(node.left, ast.Constant | ast.JoinedStr) or getattr(node.left, "id", "").isupper()
        asked = list(node.comparators) if constant else []
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PARTS:
        asked = [node.func.value]
    return any(named(x).endswith(SENTENCES) or named(x) in given for x in asked)


def evens(call: ast.Call) -> bool:
    """Whether a call is `" ".join(...)` of a plain `split()`."""
    by = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == "join" else None
    inner = call.args[0]
    return isinstance(by, ast.Constant) and by.value == " " and isinstance(inner, ast.Call) and not inner.args


def named(node: ast.AST) -> str:
    """What an expression reads: the field of `row.reason`, `row["reason"]`, `row.get("reason")`, also `or ""` around
    it; a plain name; the function of a call. Empty where it reads none."""
    if isinstance(node, ast.BoolOp):
        return named(node.values[0])
    key = node.slice if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.JoinedStr):
        return next((named(v.value) for v in node.values if isinstance(v, ast.FormattedValue)), "")
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in ("str", "strip", "lower") and (node.args or isinstance(node.func, ast.Attribute)):
            return named(node.args[0] if called == "str" else node.func.value)
        if called != "get":
            return called
        key = node.args[0] if node.args else None
    return str(key.value) if isinstance(key, ast.Constant) else getattr(node, "attr", getattr(node, "id", ""))


PARTS = {"startswith", "endswith", "split", "partition", "rpartition", "find", "index", "removeprefix", "removesuffix"}


def test_nobody_reads_a_sentence_to_learn_a_fact():
    ours = [path for house in MAY_IMPORT for path in modules(house)]
    assert {p.relative_to(ROOT).as_posix() for p in ours if sentences_taken_apart(parsed(p))} == set(TAKEN_APART)


@pytest.mark.parametrize(
    "code",
    [
        '"waits" in o.reason', 'WORD in str(r.get("reason"))', 'r.sentence.split(".")',
        'week.headline.startswith("Stop")',
        'row["headline"].partition(". ")', '(row.get("headline") or "").partition(". ")',
        'str(row.get("instruction") or "").strip().split()', 'p.title.startswith("Jog")', 'title.endswith("min")',
        'session_title(row).startswith(JOG)', 'f"{headline} ".startswith(x)',
        'def f(r): text = own_headline(r); return text.startswith(changed)',
        'def f(r): why = r.revision_reason; return "taken back" in why',
    ],
)  # fmt: skip
def test_the_search_for_sentences_taken_apart_sees_one(code):
    assert sentences_taken_apart(ast.parse(code)) == [1]


@pytest.mark.parametrize(
    "code",
    [
        "o.reason is None", '"reason" in row', "name.split('_')", "f'{o.reason} More.'", '" ".join(o.reason.split())',
        "d.workout.startswith(p.title)", "def f(r): why = r.code; return 'a' in why",
    ],
)  # fmt: skip
def test_the_search_for_sentences_taken_apart_leaves_the_rest(code):
    assert sentences_taken_apart(ast.parse(code)) == []


LIKENED = re.compile(rf"\b({'|'.join(SENTENCES)})\b[^,;\n]{{0,12}}\b(I?LIKE|SIMILAR TO|GLOB)\b", re.IGNORECASE)
TAKEN_BY_SQL = re.compile(
    rf"\b(starts_with|ends_with|contains|regexp_\w+|replace|split_part|strpos|instr)\((\w+\.)?({'|'.join(SENTENCES)})\b",
    re.IGNORECASE,
)


def test_no_query_reads_a_sentence_to_learn_a_fact():
    queries = list((ROOT / "warehouse").rglob("*.sql"))
    found = [
        p for p in (*queries, *(p for h in MAY_IMPORT for p in modules(h))) if LIKENED.search(p.read_text("utf-8"))
    ]
    found += [p for p in queries if TAKEN_BY_SQL.search(p.read_text("utf-8"))]
    assert [str(p.relative_to(ROOT)) for p in found] == []


@pytest.mark.parametrize(
    "sql",
    ["reason LIKE '%waits%'", "f.reason NOT ILIKE 'x'", "starts_with(headline, 'Stop')", "replace(t.title, 'a', '')"],
)  # fmt: skip
def test_the_search_in_queries_sees_a_sentence_that_is_taken_apart(sql):
    assert LIKENED.search(f"SELECT 1 WHERE {sql}") or TAKEN_BY_SQL.search(f"SELECT 1 WHERE {sql}")


@pytest.mark.parametrize("sql", ["starts_with(origin, 'journal:')", "reason, name LIKE 'x'", "reason IS NOT NULL"])
def test_the_search_in_queries_leaves_the_rest(sql):
    assert [pattern.search(f"SELECT {sql}") for pattern in (LIKENED, TAKEN_BY_SQL)] == [None, None]


READS_TEXT = re.compile(
    r"(textContent|innerText|innerHTML)\s*\.\s*(replace|split|match|search|slice|startsWith|includes)"
)


def test_no_script_of_a_page_reads_what_the_page_says():
    scripts = [p for p in (ROOT / "reports").rglob("*.js") if "vendor" not in p.parts]
    assert scripts
    assert [str(p.relative_to(ROOT)) for p in scripts if READS_TEXT.search(p.read_text("utf-8"))] == []


def test_the_search_in_scripts_sees_a_text_that_is_read():
    assert READS_TEXT.search("h.textContent = h.textContent.replace(/^[^:]+/, x)")
    assert not READS_TEXT.search("h.textContent = x")


def test_a_unit_has_one_home():
    known = {value for name, value in vars(units).items() if isinstance(value, float)}
    known |= {units.MILE_M / 1000.0}
    ours = [path for house in MAY_IMPORT for path in modules(house) if path != Path(units.__file__).resolve()]
    found = {
        f"{p.relative_to(ROOT)}:{n.lineno}"
        for p in ours
        for n in ast.walk(parsed(p))
        if isinstance(n, ast.Constant) and isinstance(n.value, float) and n.value in known
    }
    assert found == set()


FOR_COMPARISON = {
    "models/physiology/athlete_parameters.py": {"hr_running_speed_index"},
    "models/physiology/energy.py": {
        "acsm_running_vo2", "acsm_walking_vo2", "pandolf_power", "shoes_factor", "walking_cost",
    },
    "models/physiology/fitness_fatigue.py": {"acute_chronic_ratio", "banister_sequence"},
    "models/physiology/hrv.py": {"smallest_worthwhile_change"},
    "models/physiology/performance.py": {"riegel", "speed_at_vo2max", "two_point_critical_speed"},
    "models/signal/elevation.py": {"isa_altitude_m"},
}  # fmt: skip
"""Published formulas of docs/science.md that are tested against vectors and used nowhere else."""


def test_whatever_models_define_is_used_but_for_the_formulas_kept_for_comparison():
    ours = [path for house in (*MAY_IMPORT, "steadymile", "bench") for path in modules(house)]
    words = Counter(word for path in ours for word in re.findall(r"\w+", path.read_text("utf-8")))
    unused: dict[str, set[str]] = {}
    for path in modules("models"):
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and words[node.name] == 1 and not node.decorator_list:
                unused.setdefault(path.relative_to(ROOT).as_posix(), set()).add(node.name)
    assert unused == FOR_COMPARISON


FINDS_MODULES = {
    "models/metrics/found.py": "metrics are found",
    "models/policy/rules/found.py": "rules are found",
    "pipelines/cli/main.py": "a night with nothing to do loads no more",
    "pipelines/cli/table.py": "the command table",
}
"""Where modules are imported by a name that is computed, which the tests above do not see."""


def test_modules_are_imported_by_computed_names_in_known_places():
    ours = [path for house in MAY_IMPORT for path in modules(house)]
    found = {p for p in ours for n in ast.walk(parsed(p)) if getattr(n, "id", "") in ("import_module", "__import__")}
    assert {p.relative_to(ROOT).as_posix() for p in found} == set(FINDS_MODULES)


USED_FROM_OUTSIDE = {
    "ingest/fit/messages.py": "the whole of a file, for comparison with other readers of FIT",
}
"""Modules that nothing of ours imports, but for those that are found or that the command table names; studies are
programs."""


def test_no_module_is_left_that_nothing_uses():
    ours = [path for house in (*MAY_IMPORT, "bench") for path in modules(house)]
    used = {name for path in (*ours, *modules("steadymile")) for name in named_modules(parsed(path))}
    found = {"models/metrics", "models/policy/rules", "pipelines/cli"}
    unused = {
        name
        for house in set(MAY_IMPORT) - {"studies"}
        for path in modules(house)
        if path.name != "__init__.py"
        and (name := path.relative_to(ROOT).as_posix())
        and path.parent.relative_to(ROOT).as_posix() not in found
        and f"steadymile.{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}" not in used
    }
    assert unused == set(USED_FROM_OUTSIDE)


def named_modules(tree: ast.AST) -> set[str]:
    """Every module that a file imports, wherever in it, and the names that it takes from each."""
    names = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


MANY = {
    "ingest/fit/protocol/gather.py": "a column of the file's own table",
    "models/policy/decide.py": "the arrays of a step, thousands of people at once",
}
"""Files with a call of more than ten positional arguments, and what they are."""


def test_no_call_hands_over_a_long_row_of_nameless_values():
    ours = [path for house in MAY_IMPORT for path in modules(house)]
    found = {p for p in ours for n in ast.walk(parsed(p)) if isinstance(n, ast.Call) and len(n.args) > 10}
    assert {p.relative_to(ROOT).as_posix() for p in found} == set(MANY)


EXCUSED = {"ingest": 4, "models": 4, "pipelines": 2}
"""Marks by which a line asks ruff or mypy to look away. There may be fewer; who needs one more mends another."""


def test_no_house_asks_more_often_to_be_excused():
    mark = re.compile(r"# *(noqa|type: ?ignore|pragma)\b")
    found = {h: sum(len(mark.findall(p.read_text("utf-8"))) for p in modules(h)) for h in MAY_IMPORT}
    assert {house: many for house, many in found.items() if many} == EXCUSED


MARK = re.compile(r"# *(?:noqa: ?\w+|type: ?ignore\[[\w-]+\]|pragma: \w+(?: \w+)?)(.*)")


def marks_without_a_reason(text: str) -> list[int]:
    """Lines with a mark for ruff or mypy that says nothing but its code, or not even that."""
    found = []
    for n, line in enumerate(text.splitlines(), 1):
        if re.search(r"# *(noqa|type: ?ignore|pragma)\b", line):
            said = MARK.search(line)
            words = re.findall(r"[a-z]{2,}", said[1].replace("# fmt: skip", "")) if said else []
            if len(words) < 2:
                found.append(n)
    return found


def test_every_mark_that_excuses_a_line_gives_its_reason():
    ours = [path for house in (*MAY_IMPORT, "steadymile", "bench", "tests") for path in modules(house)]
    found = {p.relative_to(ROOT).as_posix(): marks_without_a_reason(p.read_text("utf-8")) for p in ours}
    own = Path(__file__).relative_to(ROOT).as_posix()  # its examples below
    assert {name: lines for name, lines in found.items() if lines and name != own} == {}


@pytest.mark.parametrize("mark", ["noqa", "noqa: E731", "type: ignore", "type: ignore[arg-type]  # fmt: skip"])
def test_the_search_for_marks_sees_one_without_a_reason(mark):
    assert marks_without_a_reason(f"x = 1  # {mark}") == [1]


@pytest.mark.parametrize("mark", ["noqa: SIM115  (closed by close)", "type: ignore[arg-type]  # of one athlete"])
def test_the_search_for_marks_leaves_those_with_a_reason(mark):
    assert marks_without_a_reason(f"x = 1  # {mark}\ny = 2  # fmt: skip") == []


def compared_with_rules(tree: ast.AST) -> set[str]:
    """Names of rules that code compares a rule or its id with."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            asked = ast.unparse(node.left)
            texts = {c.value for side in node.comparators for c in ast.walk(side) if isinstance(c, ast.Constant)}
            if asked.split(".")[-1].strip("()'\"") in ("rule", "id", "rule_id") or "'rule'" in asked:
                found |= texts & set(BY_ID)
    return found


def test_nothing_but_its_own_module_switches_on_the_name_of_a_rule():
    ours = [path for house in MAY_IMPORT for path in modules(house)]
    assert {str(p.relative_to(ROOT)): names for p in ours if (names := compared_with_rules(parsed(p)))} == {}


@pytest.mark.parametrize("code", ['r.rule == "stop"', 'rule.id in ("x", "gap7")', 'str(row.get("rule")) != "pain"'])
def test_the_search_for_switches_on_rules_sees_one(code):
    assert compared_with_rules(ast.parse(code))
