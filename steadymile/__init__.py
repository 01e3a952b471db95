"""steadymile: from the files on a runner's watch to next week's training. Each name is imported when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from steadymile.api import OpenHome, decide, measure, open_home, read_file
    from steadymile.ingest.reading import Reading, Unreadable
    from steadymile.models.metrics.catalogue import Measured, Value
    from steadymile.models.policy.state import StateArrays
    from steadymile.models.recording import Activity
    from steadymile.models.weekplan import WeekPlan

__all__ = [
    "Activity",
    "Measured",
    "OpenHome",
    "Reading",
    "StateArrays",
    "Unreadable",
    "Value",
    "WeekPlan",
    "decide",
    "measure",
    "open_home",
    "read_file",
]

_WHERE = {
    "Activity": "steadymile.models.recording",
    "Measured": "steadymile.models.metrics.catalogue",
    "OpenHome": "steadymile.api",
    "Reading": "steadymile.ingest.reading",
    "StateArrays": "steadymile.models.policy.state",
    "Unreadable": "steadymile.ingest.reading",
    "Value": "steadymile.models.metrics.catalogue",
    "WeekPlan": "steadymile.models.weekplan",
    "decide": "steadymile.api",
    "measure": "steadymile.api",
    "open_home": "steadymile.api",
    "read_file": "steadymile.api",
}


def __getattr__(name: str) -> Any:
    """A public name, from the module that it lives in."""
    if name == "__version__":
        return import_module("steadymile.pipelines.versions").package()
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"steadymile has no {name}")


def __dir__() -> list[str]:
    """The public names."""
    return sorted((*__all__, "__version__"))
