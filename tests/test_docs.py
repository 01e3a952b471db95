"""What the documentation names exists: files, tests, commands, make targets, settings, and what its links lead to."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from steadymile.pipelines.cli.table import WHERE

from tests.test_architecture import MAY_IMPORT

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))])
OURS = (*MAY_IMPORT, "bench", "docs", "examples", "tests")
COMMANDS = set(chain.from_iterable(WHERE.values()))


def named_files(text: str) -> set[str]:
    """Paths below our folders, and names of modules, that stand as code. `reports/` without `.py` is a home's own."""
    paths = set(re.findall(rf"`((?:{'|'.join(OURS)})/[\w./*-]+)`", text))
    modules = set(re.findall(r"`(\w+\.py)`", text))
    return modules | {p for p in paths if p.endswith(".py") or not p.startswith("reports/")}


def named_commands(text: str) -> set[str]:
    """What stands as code behind the program's name."""
    blocks = re.findall(r"^(?:```\w*\n.*?^```|(?: {4}\S.*\n)+)", text, flags=re.M | re.S)
    code = [*blocks, *re.findall(r"`[^`\n]+`", text)]
    return set(re.findall(r"(?:^|[`$;&|]) *steadymile ([a-z][a-z-]+)", "\n".join(code), flags=re.M))


def targets(text: str) -> set[str]:
    """Targets of make that stand as code."""
    return set(re.findall(r"(?:`|^ {4}|^)make ([a-z][a-z-]+)(?=[`\s])(?=[^`\n]*(?:`|\n))", text, flags=re.M))


def exists(name: str) -> bool:
    return any(ROOT.glob(name)) if "/" in name else any(any((ROOT / house).rglob(name)) for house in OURS)


@cache
def page(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def code() -> str:
    """Everything in which a setting can be read."""
    files = chain(*((ROOT / house).rglob("*.py") for house in OURS if house != "docs"), [ROOT / "Makefile"])
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


by_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


@by_page
def test_every_file_that_a_page_names_is_there(path):
    assert [name for name in sorted(named_files(page(path))) if not exists(name)] == []


@by_page
def test_every_command_that_a_page_names_can_be_given(path):
    assert named_commands(page(path)) <= COMMANDS


@by_page
def test_every_make_target_that_a_page_names_is_one(path):
    makefile = page(ROOT / "Makefile")
    assert [name for name in sorted(targets(page(path))) if not re.search(rf"^{name}:", makefile, re.M)] == []


@by_page
def test_every_setting_that_a_page_names_is_read_somewhere(path):
    settings = set(re.findall(r"\bSTEADYMILE_[A-Z_]*[A-Z]\b", page(path)))
    assert [name for name in sorted(settings) if name not in code()] == []


@by_page
def test_every_link_within_the_project_leads_somewhere(path):
    for target, heading in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)", page(path)):
        file = (path.parent / target) if target else path
        assert file.exists(), target
        if heading and file.suffix == ".md":
            assert heading.removeprefix("#") in headings(page(file)), f"{target}{heading}"


def headings(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", line.replace("`", "").lower()).strip().replace(" ", "-") for line in found}


def test_a_name_that_is_not_there_is_seen():
    text = "See `tests/pipelines/test_gone.py`, `test_gone.py` and:\n\n    steadymile gone\n    make gone\n"
    assert {name for name in named_files(text) if not exists(name)} == {"tests/pipelines/test_gone.py", "test_gone.py"}
    assert named_commands(text) == targets(text) == {"gone"}
