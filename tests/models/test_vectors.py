"""Every published test vector, run against the function that claims to compute it.

Each `vector_functions_*.py` beside this file offers `FUNCTIONS`: the beginning of a vector's id, and a function of
the vector's inputs that gives a value of the same shape as the expected one (a number, a list, or a mapping that holds
at least the expected keys). The longest matching beginning wins.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
VECTORS: list[dict[str, Any]] = json.loads((HERE.parent / "data" / "vectors.json").read_text())["vectors"]
Function = Callable[[dict[str, Any]], Any]


def _collect() -> dict[str, Function]:
    """The functions of all parts, by the beginning of the vectors' ids."""
    found: dict[str, Function] = {}
    for path in sorted(HERE.glob("vector_functions_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= module.FUNCTIONS
    return found


FUNCTIONS = _collect()


def _function_of(vector_id: str) -> Function | None:
    """The function with the longest name that the id begins with."""
    names = [name for name in FUNCTIONS if vector_id.startswith(name)]
    return FUNCTIONS[max(names, key=len)] if names else None


def _compare(got: Any, expected: Any, tolerance: float, where: str) -> None:
    """Equal within the tolerance, key by key and element by element."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            _compare(got[key], value, tolerance, f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(got) == len(expected), where
        for i, (a, b) in enumerate(zip(got, expected)):
            _compare(a, b, tolerance, f"{where}[{i}]")
    elif isinstance(expected, bool | str) or expected is None:
        assert got == expected, where
    else:
        assert got is not None, where
        # A printed value binds no finer than half its last digit, whatever its tolerance says.
        digits = len(repr(float(expected)).partition(".")[2])
        assert float(got) == pytest.approx(expected, abs=max(tolerance, 0.5 * 10.0**-digits)), where


@pytest.mark.parametrize("vector", [v for v in VECTORS if _function_of(v["id"])], ids=lambda v: str(v["id"]))
def test_a_formula_gives_its_published_value(vector: dict[str, Any]) -> None:
    function = _function_of(vector["id"])
    assert function
    _compare(function(vector["inputs"]), vector["expected"], vector["tolerance"], vector["id"])


def test_every_vector_has_a_function() -> None:
    lacking = [v["id"] for v in VECTORS if _function_of(v["id"]) is None]
    assert not lacking, f"no function claims these vectors: {', '.join(lacking)}"


def test_the_vectors_are_all_there() -> None:
    assert len(VECTORS) == 142
    assert len({v["id"] for v in VECTORS}) == 142
