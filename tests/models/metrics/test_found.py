"""Every metric that has a card is worked out in a test."""

from __future__ import annotations

import re

from steadymile.models.metrics.found import CATALOGUE

from tests.conftest import ROOT


def named_in(texts: list[str]) -> set[str]:
    """The words of texts."""
    return {word for text in texts for word in re.findall(r"\w+", text)}


def test_every_metric_with_a_card_is_named_in_a_test():
    tests = (ROOT / "tests" / "models").rglob("test_*.py")
    assert set(CATALOGUE) - named_in([path.read_text("utf-8") for path in tests]) == set()


def test_a_metric_that_no_test_names_is_seen():
    assert "running_power_w" not in named_in(['assert found["power_mean_w"].value == 210.0'])
