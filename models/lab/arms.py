"""What is compared: names, and how to make a fresh programme of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from steadymile.models.lab.adaptive import Adaptive, Variant
from steadymile.models.lab.plans import Calendar, CalendarRepeats, Constant, Form, Ladder, Programme, Ratio, TenPercent
from steadymile.models.policy.parameters import UNTUNED, V1, V2, Parameters
from steadymile.models.policy.rules import RULES, RULES_V1

Make = Callable[[], Programme]

NO_CAPS = replace(V2, session_ratio=99.0, bout_ratio=99.0, distance_ratio=99.0, week_ratio=99.0)
ALIKE = replace(V2, other_share=1.0)


def policy(parameters: Parameters = V2, **without: bool) -> Make:
    """The policy in force with other numbers, or with something taken away (fields of Variant)."""
    return lambda: Adaptive(Variant(RULES, parameters, **without))


POLICY = "policy"
BEFORE = "policy v1"

COMPARATORS: Mapping[str, Make] = {
    "C25K calendar": Calendar,
    "C25K with repeats": CalendarRepeats,
    "10 % a week": TenPercent,
    "ladder +1 a week": Ladder,
    "ratio <= 1.3": Ratio,
    "stress balance": Form,
    "constant J3": Constant,
    BEFORE: lambda: Adaptive(Variant(RULES_V1, V1)),
    "v1 numbers, amended": policy(UNTUNED),
    POLICY: policy(),
}

ABLATIONS: Mapping[str, Make] = {
    "- fatigue": policy(uses_fatigue=False),
    "- comfort": policy(uses_comfort=False),
    "- pace guidance": policy(guides=False),
    "- caps": policy(NO_CAPS),
    "- shorter other runs": policy(ALIKE),
}

ARMS: Mapping[str, Make] = {**COMPARATORS, **ABLATIONS}
