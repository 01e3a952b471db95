"""What is said when a fact is told."""

from datetime import UTC, datetime

import pytest
from steadymile.models.athlete import WISHES
from steadymile.pipelines.commands.people import athlete_command
from steadymile.pipelines.facts import FACT_NAMES

from tests.pipelines.conftest import settings_of

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
STANDS = "A week that is published already stays as it was planned"


@pytest.mark.parametrize(
    ("told", "stands"),
    [("goal=5k", True), ("days_free=tue,thu", True), ("goal_date=2027-03-07", True), ("weight_kg=77", False)],
)
def test_who_tells_a_wish_hears_that_a_published_week_stands(tmp_path, told, stands):
    said = athlete_command(settings_of(tmp_path), "set", [told], None, NOW)
    assert (STANDS in " ".join(said.lines)) is stands


def test_every_wish_is_a_fact():
    assert set(FACT_NAMES) >= WISHES
