"""Which definitions the stored numbers follow: they change with the metrics, the policy and the code."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import steadymile.ingest
import steadymile.models
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
