"""The versions of steadymile, its policy and the libraries it runs with."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from steadymile.models.policy.parameters import IN_FORCE


@cache
def package() -> str:
    """The installed version of steadymile."""

    try:
        return version("steadymile")
    except PackageNotFoundError:
        return "unknown"


def libraries() -> dict[str, str]:
    """Versions that a run is logged with."""

    names = ("duckdb", "polars", "fitparse", "gpxpy", "numpy")
    return {"steadymile": package(), "python": platform.python_version(), **{name: version(name) for name in names}}


@cache
def policy() -> str:
    """The version of the planning policy."""
    return IN_FORCE.version
