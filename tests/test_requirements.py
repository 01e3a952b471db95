"""requirements.txt pins what the project needs to run, in the versions that are tested, each file by its hash."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PINS = {
    re.match(r"[\w.-]+", entry)[0]: entry
    for entry in re.split(r"\n(?=\S)", (ROOT / "requirements.txt").read_text(encoding="utf-8"))
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_is_pinned_with_the_hash_of_each_of_its_files():
    assert {
        name for name, entry in PINS.items() if not re.search(r"==\S+.*?--hash=sha256:[0-9a-f]{64}", entry, re.S)
    } == set()


def test_the_versions_are_those_that_are_tested():
    tested = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    pinned = {name: re.search(r"==([^\s;]+)", entry)[1] for name, entry in PINS.items()}
    assert {n: v for n, v in pinned.items() if plain(n) in tested and tested[plain(n)] != v} == {}


def test_everything_that_the_project_depends_on_is_there():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {plain(re.match(r"[\w.-]+", need)[0]) for need in project["dependencies"]}
    assert needed - {plain(name) for name in PINS} == set()


def test_nothing_that_its_packages_need_here_is_missing():
    """It is installed without looking for what is missing: pip does not find extras in a list of hashes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed, met = {plain(name) for name in PINS}, set()
    waiting = [Requirement(need) for need in project["dependencies"]]
    while waiting:
        need = waiting.pop()
        if (key := (plain(need.name), frozenset(need.extras))) not in met:
            met.add(key)
            more = [Requirement(text) for text in requires(need.name) or ()]
            extras = ("", *need.extras)
            waiting += [r for r in more if r.marker is None or any(r.marker.evaluate({"extra": e}) for e in extras)]
    assert {name for name, _ in met} - listed == set()
    assert len(met) > 80


def test_it_names_no_place_to_download_from():
    assert not any("://" in entry or "--index" in entry for entry in PINS.values())
