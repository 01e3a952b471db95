"""The public names: documented by a page and a notebook that run, typed, and importable from any folder."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import steadymile
from tests.conftest import ROOT
from tests.pipelines.conftest import *  # noqa: F403  (the synthetic home)


def blocks(page: Path) -> list[str]:
    """The Python blocks of a page, in order."""
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)


def cells(notebook: Path) -> list[str]:
    """The code cells of a notebook, in order."""
    found = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]


def test_the_page_on_python_runs_as_it_stands(home):
    file = next(path for path in sorted((home / "inbox").rglob("*.fit")))
    names = {"file": file, "folder": home}
    for block in blocks(ROOT / "docs" / "guides" / "python.md"):
        exec(block, names)
    assert names["week"].week


def test_the_page_on_python_names_every_public_function():
    page = (ROOT / "docs" / "guides" / "python.md").read_text(encoding="utf-8")
    assert [name for name in steadymile.__all__ if name not in page] == []


@pytest.mark.parametrize("notebook", sorted((ROOT / "examples").glob("*.ipynb")), ids=lambda p: p.stem)
def test_a_notebook_runs_on_a_home(notebook, home):
    names: dict[str, object] = {}
    for number, cell in enumerate(cells(notebook)):
        exec(cell, names)
        if number == 0:
            names["folder"] = home
    assert names["sessions"].height


def test_every_public_name_is_there():
    assert [name for name in steadymile.__all__ if not hasattr(steadymile, name)] == []


def test_a_type_checker_is_told_what_the_public_names_are():
    source = (ROOT / "steadymile" / "__init__.py").read_text(encoding="utf-8")
    typed = source.partition("if TYPE_CHECKING:")[2].partition("__all__")[0]
    assert [name for name in steadymile.__all__ if not re.search(rf"\b{name}\b", typed)] == []
    assert (ROOT / "steadymile" / "py.typed").exists()


def test_an_unknown_name_is_no_attribute():
    with pytest.raises(AttributeError, match="has no tomorrow"):
        _ = steadymile.tomorrow


def test_a_folder_of_somebody_else_that_is_called_models_changes_nothing(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("raise RuntimeError('not yours')")
    program = "import steadymile; from steadymile.models.policy import decide; print(steadymile.measure.__name__)"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "measure", done.stderr


def test_importing_the_package_loads_nothing_else():
    program = "import sys, steadymile; print(any(name in sys.modules for name in ('polars', 'duckdb', 'numpy')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
