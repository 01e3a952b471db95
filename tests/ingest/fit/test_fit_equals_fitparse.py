"""The columnar reader says what fitparse says: every message and field of every file that fitparse reads to the end.

What differs on purpose stands in DIFFERENCES, and with its reasons in docs/dev/fit-reader.md.
"""

from __future__ import annotations

import csv
import math
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from steadymile.ingest.fit.messages import Item, messages
from steadymile.ingest.fit.protocol.columns import decode
from steadymile.ingest.fit.protocol.supplement import FIELDS, WORDS

from tests.ingest.fit_making import T0, UINT8, UINT16, UINT32, Fit, file_id, run

Theirs = tuple[Any, int, str | None, Any, str | None]
"""Of a fitparse field: key, number, name (None where it has none), value, units."""

_AS_STORED = {"date_time", "local_date_time", "localtime_into_day", "bool"}
_NEW_WORDS = {word for words in WORDS.values() for word in words.values()}

DIFFERENCES: dict[str, Callable[[int, Item, Theirs], bool]] = {
    "named since: fitparse's profile is too old for the field's name": lambda number, ours, theirs: (
        theirs[2] is None and ours.number in FIELDS.get(number, {})
    ),
    "time of unknown messages: field 253 is a timestamp everywhere": lambda number, ours, theirs: (
        theirs[2] is None and ours.number == 253 and ours.value == theirs[3]
    ),
    "words since: the value has a word that fitparse's older profile lacks": lambda number, ours, theirs: (
        ours.value in _NEW_WORDS and isinstance(theirs[3], int)
    ),
    "words in arrays: fitparse leaves enumerated arrays as numbers": lambda number, ours, theirs: (
        isinstance(ours.value, tuple)
        and isinstance(theirs[3], tuple)
        and len(ours.value) == len(theirs[3])
        and all(isinstance(a, str) or a == b for a, b in zip(ours.value, theirs[3], strict=True))
    ),
    "strap clock: fitparse counts packed beats from 0, the file gives the full clock": lambda number, ours, theirs: (
        number == 132 and ours.key is None and ours.name == "event_timestamp" and _quarter_turn(ours.value, theirs[3])
    ),
}


def _quarter_turn(ours: Any, theirs: Any) -> bool:
    """Whether two strap times agree in the 12 bits that were stored (a turn is 4 s)."""
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose((ours - theirs) % 4.0, 0.0, abs_tol=1e-9)


def said_by_fitparse(data: bytes) -> list[tuple[int, list[Theirs]]]:
    """All messages as fitparse gives them; raises what fitparse raises."""
    import fitparse

    found = []
    for message in fitparse.FitFile(data).get_messages():
        fields: list[Theirs] = []
        for f in message.fields:
            definition = f.field_def
            key = None if definition is None else definition.def_num
            if definition is not None and hasattr(definition, "dev_data_index"):
                key = (definition.dev_data_index, definition.def_num)
            key = 253 if key is None and f.def_num == 253 else key
            value = f.raw_value if f.type.name in _AS_STORED else f.value
            fields.append((key, f.def_num, f.name if f.field else None, value, f.field.units if f.field else None))
        found.append((message.mesg_num, fields))
    return found


def differences(data: bytes, theirs: list[tuple[int, list[Theirs]]]) -> tuple[list[str], Counter[str]]:
    """What is different without being explained, and how often each explained difference occurs."""
    ours = list(messages(decode(data)))
    known: Counter[str] = Counter()
    if len(ours) != len(theirs):
        return [f"{len(ours)} messages instead of {len(theirs)}"], known
    wrong: list[str] = []
    for message, (number, fields) in zip(ours, theirs, strict=True):
        if message.number != number:
            return [f"at byte {message.offset}: message {message.number} instead of {number}"], known
        left: dict[Any, list[Theirs]] = {}
        for one in fields:
            left.setdefault((one[0], one[1]), []).append(one)
        for item in message.items:
            same = left.get((item.key, item.number))
            if not same:
                wrong.append(f"{message.name}.{item.name} is not said by fitparse")
                continue
            explained = _explain(number, item, same.pop(0))
            if explained is None:
                wrong.append(f"at byte {message.offset}: {message.name}.{item.name} is {item.value}")
            elif explained:
                known[explained] += 1
        wrong += [f"{message.name}.{key} is not said by us" for key, rest in left.items() if rest]
    return wrong, known


def _explain(number: int, ours: Item, theirs: Theirs) -> str | None:
    """Empty where both say the same, the name of a known difference, None where there is no explanation."""
    same_name = ours.name == theirs[2] or (theirs[2] is None and ours.name.startswith("unknown_"))
    if same_name and ours.value == theirs[3] and (ours.units or None) == (theirs[4] or None):
        return ""
    return next((name for name, holds in DIFFERENCES.items() if holds(number, ours, theirs)), None)


def readable(corpus: Path, largest: int) -> list[Path]:
    """FIT files of the corpus that fitparse reads to the end, by size, up to `largest` bytes."""
    with (corpus / "INVENTORY.csv").open(newline="") as inventory:
        rows = [r for r in csv.DictReader(inventory) if r["fitparse"] == "ok" and r["file"].lower().endswith(".fit")]
    paths = [corpus / "files" / r["file"] for r in rows]
    return sorted((p for p in paths if p.stat().st_size <= largest), key=lambda p: (p.stat().st_size, p.name))


@pytest.mark.parametrize("big", [False, True])
def test_a_made_recording_is_told_alike(big: bool) -> None:
    data = run(fit=file_id(Fit(big=big))).bytes()
    wrong, known = differences(data, said_by_fitparse(data))
    assert wrong == []
    assert sum(known.values()) == 2  # workout_feel and workout_rpe


def test_a_difference_would_be_seen() -> None:
    data = run().bytes()
    theirs = said_by_fitparse(data)
    key, number, name, value, units = theirs[5][1][2]
    theirs[5][1][2] = (key, number, name, value + 1, units)
    assert len(differences(data, theirs)[0]) == 1


def test_repeated_fields_and_several_layouts_are_told_alike() -> None:
    fit = (
        file_id(Fit()).define(1, 20, [(253, UINT32), (3, UINT8), (3, UINT8)]).define(2, 20, [(6, UINT16), (2, UINT16)])
    )
    fit.data(1, T0, 100, 101).data(2, 3000, 3000).data(1, T0 + 1, 255, 103).data(2, 65535, 65535)
    assert differences(fit.bytes(), said_by_fitparse(fit.bytes()))[0] == []


@pytest.mark.corpus
def test_small_real_files_are_told_alike(corpus: Path) -> None:
    paths = readable(corpus, largest=6_000)[::40]
    assert len(paths) >= 15
    for path in paths:
        data = path.read_bytes()
        assert differences(data, said_by_fitparse(data))[0] == [], path.name


@pytest.mark.corpus
@pytest.mark.slow
def test_every_real_file_is_told_alike(corpus: Path) -> None:
    unexplained: dict[str, list[str]] = {}
    known: Counter[str] = Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in readable(corpus, largest=50_000_000):
            data = path.read_bytes()
            wrong, explained = differences(data, said_by_fitparse(data))
            known += explained
            if wrong:
                unexplained[path.name] = wrong[:3]
    assert unexplained == {}
    assert set(known) <= set(DIFFERENCES)
