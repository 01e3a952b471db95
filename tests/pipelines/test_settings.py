"""Settings of the environment: what is right is taken, what is wrong is refused with what would be right."""

from __future__ import annotations

import pytest
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.settings import settings


def test_the_number_of_workers_is_taken_from_the_environment(monkeypatch):
    monkeypatch.setenv("STEADYMILE_WORKERS", "3")
    assert settings().workers == 3


@pytest.mark.parametrize(
    ("name", "text", "to_do"),
    [
        ("STEADYMILE_WORKERS", "many", "Set it to a number from 1 on, or leave it out."),
        ("STEADYMILE_WORKERS", "0", "Set it to a number from 1 on, or leave it out."),
        ("STEADYMILE_SETTLE_S", "nan", "Set it to a number from 0 to 600, or leave it out."),
        ("STEADYMILE_MAX_FILE_MB", "-1", "Set it to a number from 1 on, or leave it out."),
        ("STEADYMILE_MAX_POINTS", "x", "Set it to a number from 1 on, or leave it out."),
        ("STEADYMILE_RUNNER", "spark", "Set it to local or dask, or leave it out."),
    ],
)
def test_a_wrong_setting_is_wrong_usage_and_says_what_would_be_right(monkeypatch, name, text, to_do):
    monkeypatch.setenv(name, text)
    with pytest.raises(Trouble) as refusal:
        settings()
    assert (str(refusal.value), refusal.value.what_to_do, refusal.value.exit_code) == (f"{name} is {text!r}.", to_do, 2)
