"""PNG charts, when the package that draws them is there."""

from __future__ import annotations

import builtins
import re

import pytest
from steadymile.reports.charts.png import NoPictures, charts, colours

from tests.reports import sample


def test_each_chart_is_a_png():
    pytest.importorskip("resvg_py")
    found = charts(sample.ATHLETE, sample.tables(), sample.AS_OF)
    assert sorted(found) == ["comfort", "load", "longest-run", "share"]
    assert all(data.startswith(b"\x89PNG") for data in found.values())


def test_without_data_there_is_no_picture():
    pytest.importorskip("resvg_py")
    assert charts(sample.ATHLETE, {}, sample.AS_OF) == {}


def test_no_colour_is_left_as_a_name():
    assert "var(" not in colours()
    assert re.search(r"\.run \{ fill: #\w{6}; \}", colours())


def test_without_the_package_the_way_to_it_is_told(monkeypatch):
    real = builtins.__import__

    def absent(name, *rest, **more):
        if name == "resvg_py":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(NoPictures, match=r"pip install resvg-py\. The page has the same charts\."):
        charts(sample.ATHLETE, {}, sample.AS_OF)
