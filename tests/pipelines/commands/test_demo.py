"""The demo clears its own home when it runs again, and nobody's files."""

from __future__ import annotations

import pytest
from steadymile.pipelines.commands.demo import fresh_home, put
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home


def test_a_demo_s_home_is_cleared_by_the_next_demo(tmp_path):
    home = Home(tmp_path)
    fresh_home(home)
    put(home, "2026-05/walk.fit", b"made")
    fresh_home(home)
    assert list(home.inbox.iterdir()) == []


def test_what_somebody_dropped_into_a_demo_s_inbox_is_never_deleted(tmp_path):
    home = Home(tmp_path)
    fresh_home(home)
    (home.inbox / "mine.fit").write_bytes(b"mine")
    with pytest.raises(Trouble, match=r"holds what no demo made: mine\.fit\."):
        fresh_home(home)
    assert (home.inbox / "mine.fit").read_bytes() == b"mine"


def test_a_folder_that_is_no_demo_s_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Trouble, match="not a demo's home"):
        fresh_home(Home(tmp_path))
