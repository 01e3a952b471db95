"""A short walk of the fuzzer in every run of the tests; `make fuzz` walks for minutes."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.inbox import load, release, scan
from steadymile.ingest.reading import Unreadable

from tests.fuzz.seeds import seeds
from tests.fuzz.shake import inside, shaken
from tests.fuzz.target import NETS, Tally, one
from tests.fuzz.whole import faults_of, fill

SEEDS = seeds()


@pytest.fixture
def bare_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, through in NETS:
        monkeypatch.setattr(module, name, through)


def walk(chance: random.Random, inputs: int, folder: Path, slow_s: float = 10.0) -> Tally:
    tally = Tally()
    for _ in range(inputs):
        one(inside(chance.choice(SEEDS), lambda d, size: shaken(d, chance), chance), folder, tally, slow_s)
    return tally


def test_every_seed_is_sound(bare_readers, tmp_path):
    tally = Tally()
    for data in SEEDS:
        one(data, tmp_path, tally)
    assert tally.findings == {}
    assert tally.endings["ingested"] >= 12


def test_damaged_files_are_read_or_refused(bare_readers, tmp_path):
    tally = walk(random.Random(20), 250, tmp_path)
    assert tally.findings == {}
    assert {"refused", "salvaged", "ingested"} <= set(tally.endings)


def test_a_planted_fault_is_found(bare_readers, tmp_path, monkeypatch):
    def faulty(*given: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr("steadymile.ingest.xml.tcx.walk", faulty)
    tally = Tally()
    one(b"<TrainingCenterDatabase/>", tmp_path, tally)
    assert [what.split(" at ")[0] for what in tally.findings] == ["KeyError"]


def test_an_input_that_takes_too_long_is_found(bare_readers, tmp_path):
    tally = Tally()
    one(b"date,rpe\n", tmp_path, tally, slow_s=-1.0)  # a clock may not have moved on at all
    assert [what.split(":")[0] for what in tally.findings] == ["slow"]


NAMES = (
    st.binary(min_size=1, max_size=20)
    .map(lambda b: b.replace(b"/", b"_").replace(b"\0", b"_"))
    .filter(lambda b: b not in (b".", b".."))
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=3), st.sampled_from(SEEDS)), max_size=5))
def test_a_tree_of_any_names_is_looked_through_and_every_file_has_a_label_that_is_text(tmp_path_factory, files):
    inbox = tmp_path_factory.mktemp("inbox")
    for way, data in files:
        place = os.path.join(os.fsencode(inbox), *way)
        try:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(data)
        except (FileExistsError, IsADirectoryError, NotADirectoryError):
            continue
    found = scan(inbox, {}, Limits(), 4e9)
    for candidate in found.candidates:
        candidate.label.encode()
        try:
            load(candidate, Limits())
        except Unreadable:
            continue
    for path in [*found.waiting, *(refused.path for refused in found.refused)]:
        path.encode()
    release()


def test_a_home_of_broken_files_has_two_good_nights_and_a_rebuild_that_agrees(tmp_path):
    fill(tmp_path / "home" / "inbox", SEEDS, 25, random.Random(4))
    assert faults_of(tmp_path / "home") == []
