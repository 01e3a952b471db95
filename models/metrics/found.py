"""Every metric of this folder, found rather than listed: importing this module fills the catalogue."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from steadymile.models import metrics
from steadymile.models.metrics.catalogue import CATALOGUE, FUNCTIONS, Card

MODULES = tuple(
    import_module(f"{metrics.__name__}.{name}")
    for name in sorted(module.name for module in iter_modules(metrics.__path__))
    if name != "found"
)

__all__ = ["CATALOGUE", "FUNCTIONS", "MODULES", "Card"]
