"""The mile and the earth stand in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_architecture import MAY_IMPORT

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (*MAY_IMPORT, "steadymile")


@pytest.mark.parametrize("digits", ["1609.34", "6_371_00", "637100"])
def test_no_other_module_writes_the_number_again(digits: str) -> None:
    found = {path for room in ROOMS for path in (ROOT / room).rglob("*.py") if digits in path.read_text()}
    assert found <= {ROOT / "models" / "units.py"}
