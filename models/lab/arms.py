"""What is compared: names, and how to make a fresh programme of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from steadymile.models.lab.adaptive import Adaptive, BlindTwin, Variant
from steadymile.models.lab.plans import Calendar, CalendarRepeats, Constant, Form, Ladder, Programme, Ratio, TenPercent
from steadymile.models.learning.effort import POPULATION
from steadymile.models.policy.parameters import KEPT, UNTUNED, V1, V2, V3, Parameters
from steadymile.models.policy.rules.found import RULES, RULES_V1

Make = Callable[[], Programme]

NO_CAPS = replace(V2, session_ratio=99.0, bout_ratio=99.0, distance_ratio=99.0, week_ratio=99.0)
ALIKE = replace(V2, other_share=1.0)


def policy(parameters: Parameters = V2, **changed: Any) -> Make:
    """Version 2.1 or another, played as it is shown, with numbers or fields of Variant changed."""
    return lambda: Adaptive(Variant(RULES, parameters, **({"shown": True} | changed)))


SHORTER = replace(V2, other_share=0.35, bout_ratio=2.0)
"""Two short runs beside the long one, and bouts that may grow faster: tried beside the policy's own numbers."""
WRONG_POINTS = 1.5
"""How far off a wrong prior is: it expects every session to feel this much easier, or harder, than it does."""

POLICY = "policy"
BEFORE = "policy v1"
TWIN = "blind twin"
LEARNED = "learned choice"

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
    TWIN: BlindTwin,
    POLICY: policy(),
}

ABLATIONS: Mapping[str, Make] = {
    "- fatigue": policy(uses_fatigue=False),
    "- comfort": policy(uses_comfort=False),
    "- pace guidance": policy(guides=False),
    "- caps": policy(NO_CAPS),
    "- shorter other runs": policy(ALIKE),
}

ORDERS: Mapping[str, Make] = {
    "longest run first": policy(longest=0),
    "longest run second": policy(longest=1),
    "longest run last": policy(longest=2),
    "nth run, any day": policy(shown=False),
}
"""The same policy with its longest run on another day than the one learned, and paired by number instead of by day."""

LEARNING: Mapping[str, Make] = {
    LEARNED: policy(learned=POPULATION),
    "learned, prior too kind": policy(learned=POPULATION.shifted(WRONG_POINTS)),
    "learned, prior too strict": policy(learned=POPULATION.shifted(-WRONG_POINTS)),
    "short others": policy(SHORTER),
    "short others, learned": policy(SHORTER, learned=POPULATION),
    "short others, too kind": policy(SHORTER, learned=POPULATION.shifted(WRONG_POINTS)),
    "short others, too strict": policy(SHORTER, learned=POPULATION.shifted(-WRONG_POINTS)),
    "blind twin, short others": lambda: BlindTwin(SHORTER),
}

IN_FORCE = "version 3"
LATER = "version 3.1"
VERSIONS: Mapping[str, Make] = {
    **{f"version {p.version}": policy(p) for p in KEPT if p is not V2},
    "version 3 - fatigue": policy(V3, uses_fatigue=False),
    "version 3 - comfort": policy(V3, uses_comfort=False),
    "version 3, short others": policy(replace(V3, other_share=0.35, bout_ratio=2.0)),
}
"""Version 3 and what followed it, beside `POLICY`, which is version 2.1."""

ARMS: Mapping[str, Make] = {**COMPARATORS, **ABLATIONS}
STUDIED: Mapping[str, Make] = {**ARMS, **ORDERS, **LEARNING, **VERSIONS}
"""Every arm there is; `steadymile lab` runs `ARMS`."""
