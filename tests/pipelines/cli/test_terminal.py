"""What the end of a night shows."""

import pytest
from rich.console import Console
from steadymile.pipelines.cli import terminal
from steadymile.pipelines.nightly import run
from steadymile.reports.terminal.night import summary

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of


def shown(result):
    screen = Console(width=100)
    with screen.capture() as captured:
        for view in terminal.nightly_view(result):
            screen.print(summary(view))
    return captured.get()


@pytest.fixture
def night(tmp_path):
    fill(tmp_path / "inbox", weeks=3)
    return run(settings_of(tmp_path), NIGHT, as_of=AS_OF)


def test_what_was_read_for_the_pages_is_shown_without_opening_the_warehouse_again(night, monkeypatch):
    def opened(settings):
        raise AssertionError("the warehouse was opened")

    monkeypatch.setattr(terminal, "opened_published", opened)
    assert "This week" in shown(night)


def test_without_pages_the_same_is_read_from_the_warehouse(night):
    said = shown(night)
    night.views.clear()
    assert shown(night) == said
