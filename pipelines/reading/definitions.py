"""Which definitions the stored numbers follow: they change with the metrics, the policy and the code."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import steadymile.ingest
import steadymile.models
from steadymile.ingest import formats
from steadymile.models.metrics.found import CATALOGUE
from steadymile.pipelines.versions import package, policy


@cache
def definitions() -> str:
    """The version of the package, the policy and every metric definition, as one short text."""

    cards = ",".join(f"{c.name}:{c.definition}" for c in sorted(CATALOGUE.values(), key=lambda c: c.name))
    return f"{package()}|{policy()}|{hashlib.sha256(cards.encode()).hexdigest()[:12]}"


@cache
def code() -> str:
    """Changes whenever a number might come out differently: with the definitions, or any file of `models/`."""
    return hashlib.sha256(f"{definitions()}|{stamps(steadymile.models.__file__)}".encode()).hexdigest()[:16]


def stamps(init: str | None) -> str:
    """Sizes and times of the files of a package, by its `__init__`."""
    files = sorted(Path(init or "").parent.rglob("*.py"))
    return "|".join(f"{file.name}:{(found := file.stat()).st_size}:{found.st_mtime_ns}" for file in files)


@cache
def readers() -> str:
    """Changes with what stands in any file of `ingest/`: what could not be read may be readable now, and what was read
    may hold more. When and where the files were installed changes nothing."""
    found = hashlib.sha256()
    for file in sorted(Path(steadymile.ingest.__file__ or "").parent.rglob("*.py")):
        found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()[:16]


EVERY_OTHER = ""
"""In `read_by`, the readers of tables and lists, and those that are not known: all of them together."""
MODULES: Mapping[str, frozenset[str]] = {
    reader: frozenset(
        read.__module__
        for kind in formats.FORMATS
        if reader in kind.readers
        for read in (kind.reader, kind.fallback)
        if read
    )
    for reader in {reader for kind in formats.FORMATS for reader in kind.readers}
}
"""Of each reader of single recordings, by its name, the modules that hold it, without what they import."""
_IMPORTS = re.compile(r"^from (steadymile\.ingest[\w.]*) import (?:\(([^)]*)\)|(.*))$", re.M)


@cache
def read_by() -> Mapping[str, str]:
    """By the name of a reader what changes with its source: a recording is read again where its own reader changed, or
    what all readers go through, and not for a new kind of list."""
    root = Path(steadymile.ingest.__file__ or "").parent
    files = {".".join(("steadymile.ingest", *f.relative_to(root).with_suffix("").parts)): f for f in root.rglob("*.py")}
    sources = {name: file.read_text(encoding="utf-8") for name, file in files.items()}
    table = formats.__name__
    uses = {name: _imported(source, sources) - {table} for name, source in sources.items()}
    here = (Path(__file__).parent / "worker.py").read_text(encoding="utf-8")
    formats_own = {kind.reader.__module__ for kind in formats.FORMATS}
    shared = (_imported(here, sources) | uses[table]) - {table} - formats_own - frozenset().union(*MODULES.values())

    def digest(begin: Iterable[str]) -> str:
        reached, open_ = set(), [*begin]
        while open_:
            if (name := open_.pop()) not in reached and name in sources:
                reached.add(name)
                open_ += uses[name]
        return hashlib.sha256("".join(name + sources[name] for name in sorted(reached)).encode()).hexdigest()[:16]

    return {EVERY_OTHER: readers()} | {name: digest({*shared, *own}) for name, own in MODULES.items()}


def _imported(source: str, modules: Iterable[str]) -> set[str]:
    """The modules of ingest that a source imports, or of which it imports something."""
    found = set()
    for parent, many, few in _IMPORTS.findall(source):
        for name in re.findall(r"\w+", re.sub(r" as \w+", "", many or few)):
            found.add(f"{parent}.{name}" if f"{parent}.{name}" in modules else parent)
    return found
