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

BY_ID = {r.id: r for r in RULES}

FIRST = (
    "earned", "one_step", "tired", "sore", "too_much", "consolidate", "stop", "fatigue", "fatigue_high", "pain",
    "uncomfortable", "illness", "missed", "gap7", "gap14", "gap28", "gap56",
)  # fmt: skip
RULES_V1: tuple[Rule, ...] = tuple(BY_ID[name] for name in FIRST)
"""The rules of the frozen first version in the order of its published vectors, kept as a yardstick."""

__all__ = ["BY_ID", "FREE", "MODULES", "RULES", "RULES_V1", "Effect", "Rule"]
