"""Devices are named as people know them, and an unknown one keeps the name that its files give."""

from __future__ import annotations

import pytest
from steadymile.reports.devices import device_name, known


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("development Watch5,1", "Apple Watch Series 5"),
        ("apple Watch6,18", "Apple Watch Ultra"),
        ("development iPhone12,1", "iPhone 11"),
        ("garmin fr245", "Garmin Forerunner 245"),
        ("garmin fr245_music", "Garmin Forerunner 245 Music"),
        ("garmin fr645m", "Garmin Forerunner 645 Music"),
        ("garmin fr735xt", "Garmin Forerunner 735XT"),
        ("garmin fr255_small_music", "Garmin Forerunner 255S Music"),
        ("garmin fr945_lte", "Garmin Forerunner 945 LTE"),
        ("garmin fenix6x", "Garmin fēnix 6X"),
        ("garmin fenix7s_pro_solar", "Garmin fēnix 7S Pro Solar"),
        ("garmin vivoactive3", "Garmin vívoactive 3"),
        ("garmin edge_530", "Garmin Edge 530"),
        ("garmin instinct_2", "Garmin Instinct 2"),
        ("garmin venu", "Garmin Venu"),
    ],
)
def test_a_known_device_has_its_own_name(given, name):
    assert device_name(given) == name


@pytest.mark.parametrize("given", ["garmin 9999", "garmin edge_mtb", "suunto ambit3", "Watch99,1", "coros pace_2", ""])
def test_an_unknown_device_stays_as_it_is(given):
    assert device_name(given).endswith(given.removeprefix("garmin "))


def test_the_table_has_one_name_for_each_identifier():
    assert len(known()) > 60
    assert all(key and name and name == name.strip() for key, name in known().items())
