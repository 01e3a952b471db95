"""What the numbers in a FIT file mean: messages, fields, scales, words.

The bulk comes from fitparse's profile at run time (SDK 20.8 of 2019); supplement.py adds what came later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from steadymile.ingest.fit.protocol.supplement import FIELDS, MESSAGES, WORDS


@dataclass(frozen=True, slots=True)
class Component:
    """A value packed into bits of another field: where it goes, where it sits, how it scales."""

    target: int
    scale: float | None
    offset: float | None
    bits: int
    first_bit: int
    accumulates: bool


@dataclass(frozen=True, slots=True)
class FieldFact:
    """One field: value = stored / scale - offset, in `units`; `words` names its enumerated values."""

    name: str
    type_name: str
    scale: float | None = None
    offset: float | None = None
    units: str | None = None
    words: Mapping[int, str] | None = None
    components: tuple[Component, ...] = ()
    subfields: tuple[SubFact, ...] = ()


@dataclass(frozen=True, slots=True)
class SubFact:
    """What a field means instead when one of `when` (field number, stored value) holds in the same message."""

    fact: FieldFact
    when: tuple[tuple[int, Any], ...]


TIMESTAMP = FieldFact("timestamp", "date_time", units="s")
"""Field 253 means the same in every message, in those that the profile does not know too."""


@cache
def field_fact(message: int, number: int) -> FieldFact | None:
    """What field `number` of message `message` means, None where nobody has said."""
    newer = FIELDS.get(message, {}).get(number)
    if newer is not None:
        name, type_name, scale, offset, units = newer
        return FieldFact(name, type_name, scale, offset, units, words(type_name))
    known = _messages().get(message)
    field = known.fields.get(number) if known is not None else None
    if field is None:
        return TIMESTAMP if number == 253 else None
    return _fact(field)


@cache
def message_name(message: int) -> str:
    """The message's name, `unknown_N` where nobody has said."""
    if message in MESSAGES:
        return MESSAGES[message]
    known = _messages().get(message)
    return str(known.name) if known is not None else f"unknown_{message}"


@cache
def words(type_name: str) -> Mapping[int, str] | None:
    """The words of an enumerated type by stored value, None for plain numbers."""
    from fitparse.profile import FIELD_TYPES

    known = FIELD_TYPES.get(type_name)
    values = dict(known.values or {}) if known is not None else {}
    values.update(WORDS.get(type_name, {}))
    return values or None


@cache
def _messages() -> Mapping[int, Any]:
    # Imported late: reading the profile takes a tenth of a second that a run without FIT files should not pay.
    from fitparse.profile import MESSAGE_TYPES

    return dict(MESSAGE_TYPES)


def _fact(field: Any) -> FieldFact:
    return FieldFact(
        name=str(field.name),
        type_name=str(field.type.name),
        scale=field.scale or None,
        offset=field.offset or None,
        units=field.units,
        words=words(str(field.type.name)),
        components=tuple(
            Component(c.def_num, c.scale or None, c.offset or None, c.bits, c.bit_offset, bool(c.accumulate))
            for c in field.components or ()
        ),
        subfields=tuple(
            SubFact(_fact(s), tuple((r.def_num, r.raw_value) for r in s.ref_fields))
            for s in getattr(field, "subfields", None) or ()
        ),
    )
