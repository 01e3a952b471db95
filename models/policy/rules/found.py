"""Every rule of this folder, found rather than listed, in the order in which they are explained."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from steadymile.models.policy import rules
from steadymile.models.policy.rules.rule import FREE, WRITTEN, Effect, Rule

MODULES = tuple(
    import_module(f"{rules.__name__}.{name}")
    for name in sorted(module.name for module in iter_modules(rules.__path__))
    if name not in ("found", "rule")
)

RULES: tuple[Rule, ...] = tuple(sorted(WRITTEN, key=lambda r: r.place))
"""The rules in force: what stops first, what merely counts progress last."""

RULES_V1: tuple[Rule, ...] = tuple(r for r in RULES if r.since == 1)
"""The rules of the frozen first version, kept as a yardstick."""

BY_ID = {r.id: r for r in RULES}

__all__ = ["BY_ID", "FREE", "MODULES", "RULES", "RULES_V1", "Effect", "Rule"]
