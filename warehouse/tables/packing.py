"""Digests as bytes: a JSON head with the small numbers, then the arrays, all compressed. Exact: what comes back equals
what went in, and a field that a newer version added reads as its default from an older row."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from typing import Any

import numpy as np
from steadymile.models.metrics.catalogue import Digest, Segment

FIELDS = frozenset(field.name for field in fields(Digest))


def pack(digest: Digest) -> bytes:
    """A digest as bytes."""
    head: dict[str, Any] = {
        "arrays": {},
        "segments": [[getattr(s, f.name) for f in fields(Segment)] for s in digest.segments],
    }
    body = b""
    for field in fields(Digest):
        value = getattr(digest, field.name)
        if isinstance(value, np.ndarray):
            head["arrays"][field.name] = len(value)
            body += np.ascontiguousarray(value, dtype="<f8").tobytes()
        elif field.name != "segments" and value is not None:
            head[field.name] = float(value)
    return zlib.compress(json.dumps(head).encode() + b"\n" + body, 1)


def unpack(packed: bytes | None) -> Digest:
    """The digest of `pack`; an empty one for None."""
    if packed is None:
        return Digest()
    head_bytes, _, body = zlib.decompress(packed).partition(b"\n")
    head = json.loads(head_bytes.decode())
    values: dict[str, Any] = {"segments": tuple(Segment(*s) for s in head.pop("segments"))}
    start = 0
    for name, length in head.pop("arrays").items():
        values[name] = np.frombuffer(body, "<f8", length, start)
        start += 8 * length
    return Digest(**{k: v for k, v in {**head, **values}.items() if k in FIELDS})
