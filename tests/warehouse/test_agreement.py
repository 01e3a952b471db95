"""Ours beside the device's own, against differences that were put in by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from steadymile.models.metrics.catalogue import Value
from steadymile.models.recording import Stored
from steadymile.warehouse import queries, store
from steadymile.warehouse.tables.rows import NewRecording

from tests.warehouse.made_rows import recording


def stating(made: NewRecording, stored: Stored) -> NewRecording:
    """The recording, with these totals of its device."""
    return replace(made, activity=replace(made.activity, stored=stored))


@pytest.fixture
def row(con):
    """The row of one run: ours 150 m, 60 s, 12 m of climb, 140 and 152 bpm."""

    def of(stored: Stored, **metrics: Value) -> dict[str, object]:
        made = recording(metrics={"timer_s": Value(60.0), "heart_rate_max_bpm": Value(152.0), **metrics})
        store.save_recordings(con, [stating(made, stored)])
        found = queries.view(con, "agreement").to_dicts()
        assert len(found) == 1
        return found[0]

    return of


@pytest.mark.parametrize(
    ("name", "stated", "column", "difference"),
    [
        ("distance_m", 160.0, "distance_difference_m", -10.0),
        ("timer_s", 59.0, "timer_difference_s", 1.0),
        ("elevation_gain_m", 10.0, "elevation_gain_difference_m", 2.0),
        ("heart_rate_mean_bpm", 141.0, "heart_rate_mean_difference_bpm", -1.0),
        ("heart_rate_max_bpm", 150.0, "heart_rate_max_difference_bpm", 2.0),
    ],
)
def test_a_difference_is_ours_less_the_devices(row, name, stated, column, difference):
    found = row(Stored(**{name: stated}))
    assert (found[f"device_{name}"], found[column]) == (stated, difference)


@pytest.mark.parametrize("name", ["distance_m", "timer_s", "heart_rate_mean_bpm", "heart_rate_max_bpm"])
def test_where_ours_is_the_devices_own_there_is_no_difference(row, name):
    found = row(Stored(**{name: 150.0}), **{name: Value(150.0, source="device total")})
    stem, unit = name.rsplit("_", 1)
    assert (found[name], found[f"device_{name}"], found[f"{stem}_difference_{unit}"]) == (150.0, 150.0, None)


def test_a_session_whose_device_states_nothing_is_no_row(con):
    store.save_recordings(con, [stating(recording(), Stored())])
    assert queries.view(con, "agreement").is_empty()
