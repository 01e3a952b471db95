"""Digests and signatures as bytes. A digest is a JSON head with the small numbers, then the arrays, all compressed.
Exact: what comes back equals what went in, and a field that a newer version added reads as its default from an older
row."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from functools import lru_cache
from typing import Any

import numpy as np
from steadymile.models.measured import Signature, nothing
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


@lru_cache(maxsize=1 << 12)
def unpack(packed: bytes | None) -> Digest:
    """The digest of `pack`; an empty one for None. A night asks for the same ones several times."""
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


def pack_signature(signature: Signature) -> bytes:
    """A signature as bytes: four rows of float64, NaN for unknown."""
    rows = [signature.latitude_deg, signature.longitude_deg, signature.distance_m, signature.heart_rate_bpm]
    table = np.full((4, max(row.size for row in rows)), np.nan)
    for place, row in enumerate(rows):
        table[place, : row.size] = row
    return table.tobytes()


@lru_cache(maxsize=1 << 14)
def unpack_signature(packed: bytes | None) -> Signature:
    """The inverse of pack_signature; an empty one where there is none. A night asks for the same ones several
    times."""
    if not packed:
        return Signature()
    table = np.frombuffer(packed).reshape(4, -1)
    known = np.logical_or.reduce(np.isfinite(table), axis=1)
    return Signature(*(row if there else nothing() for row, there in zip(table, known)))
