"""The originals, kept for ever: each accepted file once, named by the sha-256 of its bytes, gzip-compressed.

An object appears under its name only when it is whole and on the disk (written aside, fsync, rename), so a kill at any
instant and several writers at once do no harm. Reading checks the bytes against the name.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from steadymile.warehouse.errors import Damaged

LEVEL = 1
"""Watch files compress to about half; level 1 is several times faster than 6 for a few percent of size."""

REFUSED = "refused"
"""The folder beside the originals for those that were refused or wait: a later reader may know what to do with them."""

REFUSED_TOTAL_BYTES = 256 * 1024 * 1024
"""What all refused originals of a home may take together on the disk; those kept longest leave first."""

ORIGINAL_DAMAGED = "original_damaged"
"""The code of an accepted original that is gone from the archive, or no longer holds the bytes that were accepted."""


class Archive:
    """A folder of originals: `root/ab/abcdef....gz`."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, sha256: str) -> Path:
        """Where the object lies, whether it exists or not."""
        return self.root / sha256[:2] / f"{sha256}.gz"

    def has(self, sha256: str) -> bool:
        """Whether an object of this name exists (unverified)."""
        return self.path(sha256).exists()

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their sha-256. Safe to repeat; a damaged object of the same name is replaced."""
        return self.put_many([data])[0]

    def put_many(self, datas: Iterable[bytes]) -> list[str]:
        """Keep several files with the cost of the disk paid once: all are written first, then made durable together."""
        names: list[str] = []
        written: list[tuple[str, Path]] = []
        try:
            for data in datas:
                names.append(hashlib.sha256(data).hexdigest())
                if (aside := self.write_aside(data)) is not None:
                    written.append((names[-1], aside))
        except BaseException:
            for _, aside in written:
                aside.unlink(missing_ok=True)
            raise
        settle(written)
        return names

    def write_aside(self, data: bytes) -> Path | None:
        """Write these bytes beside their place, for `settle` to put them there; None where they lie there already."""
        name = hashlib.sha256(data).hexdigest()
        return None if self._holds(name, data) else self._write_aside(name, data)

    def get(self, sha256: str) -> bytes:
        """The original bytes, verified. Raises Damaged where the object is missing, unreadable or changed."""
        try:
            packed = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise Damaged(
                f"The archive has no object {sha256[:12]}",
                "Drop the original file into the inbox again, or restore the archive folder from a backup",
            ) from None
        except OSError as error:  # no right to it, or a part of the disk that cannot be read any more
            raise self._damaged(sha256, f"cannot be read ({error.strerror or error})") from None
        try:
            data = gzip.decompress(packed)
        except (OSError, EOFError, zlib.error) as error:
            raise self._damaged(sha256, f"cannot be decompressed ({error})") from None
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise self._damaged(sha256, f"holds other bytes (sha-256 {found[:12]})")
        return data

    def remove(self, sha256: str) -> bool:
        """Delete one original for good (`erase`); False where there is none."""
        path = self.path(sha256)
        existed = path.exists()
        path.unlink(missing_ok=True)
        return existed

    def keep_within(self, total_bytes: int) -> int:
        """Delete the objects that were kept longest until all of them together take no more than this on the disk;
        returns how many went. For what is kept by courtesy: accepted originals are never bounded."""
        found = [(path, path.stat()) for path in map(self.path, self)]
        left, gone = sum(stat.st_size for _, stat in found), 0
        for path, stat in sorted(found, key=lambda each: (each[1].st_mtime_ns, each[0].name)):
            if left <= total_bytes:
                break
            path.unlink(missing_ok=True)
            left, gone = left - stat.st_size, gone + 1
        return gone

    def __iter__(self) -> Iterator[str]:
        """The sha-256 of every object, ascending."""
        for folder in sorted(p for p in self.root.glob("??") if p.is_dir()):
            for path in sorted(folder.glob("*.gz")):
                yield path.name.removesuffix(".gz")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def verify(self, names: Sequence[str] | None = None) -> list[str]:
        """Read everything (or the named objects) and return one sentence a problem; an empty list is health."""
        problems = []
        for name in names if names is not None else self:
            try:
                self.get(name)
            except Damaged as problem:
                problems.append(str(problem))
        return problems

    def _holds(self, name: str, data: bytes) -> bool:
        if not self.has(name):
            return False
        try:
            return self.get(name) == data
        except Damaged:
            return False  # put again: the whole bytes are in our hands

    def _write_aside(self, name: str, data: bytes) -> Path:
        folder = self.path(name).parent
        folder.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=folder, prefix=f".{name[:12]}-", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                # mtime 0: equal originals give equal objects, whoever writes them.
                out.write(gzip.compress(data, LEVEL, mtime=0))
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        return Path(aside)

    def _damaged(self, sha256: str, how: str) -> Damaged:
        return Damaged(
            f"The archived original {sha256[:12]} {how}: {self.path(sha256)}",
            "Drop the original file into the inbox again, or restore the archive folder from a backup",
        )


def settle(written: Sequence[tuple[str, Path]]) -> None:
    """Make durable what was written aside, each with its sha-256, and then put it in its place: several files cost
    hardly more than one."""
    try:
        for _, aside in written:
            sync(aside)
        for name, aside in written:
            os.replace(aside, aside.with_name(f"{name}.gz"))
    except BaseException:
        for _, aside in written:
            aside.unlink(missing_ok=True)
        raise
    for folder in {aside.parent for _, aside in written}:
        sync(folder)


def sync(path: Path) -> None:
    """Flush a file or folder to the disk; a system that cannot flush folders is left alone."""
    try:
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_way(path: Path, *, folder: bool = False) -> None:
    """Rename what lies at `path` and is no file (with `folder`: no folder): it is nobody's work of ours, and would keep
    a stop from being written every night. Nothing of it is deleted; a link is its owner's and stays."""
    if not path.is_symlink() and path.exists() and path.is_dir() is not folder:
        path.rename(path.with_name(f"{path.name}.aside-{uuid.uuid4().hex[:6]}"))
