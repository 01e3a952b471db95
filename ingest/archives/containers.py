"""Gzip and zip opened safely: streamed, counted, nested to a limit, never written to disk under their own names."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from steadymile.ingest.archives import zip_salvage
from steadymile.ingest.reading import Damaged, Unreadable
from steadymile.models.members import SEPARATOR

MIB = 1024 * 1024
GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_AGAIN = "Download or copy it again"
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,  # NotImplementedError too
    ValueError,  # UnicodeError too
    struct.error,
)
"""What Python's zipfile raises on damaged zips."""
OFFICE = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds against hostile and absurd input; each refusal names its bound. Sizes are of decompressed bytes."""

    max_file_bytes: int = 512 * MIB
    max_nested_bytes: int = 4096 * MIB  # a zip inside a zip
    max_archive_bytes: int = 32 * 1024 * MIB  # all members of one zip together
    max_ratio: float = 300.0  # decompressed over compressed, judged from `ratio_from_bytes` on
    ratio_from_bytes: int = 16 * MIB
    max_members: int = 100_000
    max_nesting: int = 3
    max_points: int = 2_000_000
    max_directory_bytes: int = 64 * MIB  # of a zip's table of contents


NO_LIMITS = Limits(max_file_bytes=1 << 62, max_points=1 << 62)
"""For originals that were accepted before, whatever the bounds were then."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside a zip: `name` with nesting as `inner.zip!/a.fit`; `refused` is the reason when it stays shut,
    and `salvaged` is True where that is a zip of which some members could be found all the same."""

    name: str
    bytes: int
    refused: str | None = None
    salvaged: bool = False


def is_zip(head: bytes) -> bool:
    """True for the first bytes of a zip."""
    return head[:4] in ZIP


def too_big(size: int | None, limits: Limits) -> Unreadable:
    """The refusal of a file beyond the limit."""
    known = f"{size / MIB:,.0f} MB" if size else "more bytes"
    return Unreadable(
        f"The file holds {known}, beyond the limit of {limits.max_file_bytes / MIB:,.0f} MB for one recording",
        "If it is real, set STEADYMILE_MAX_FILE_MB higher and copy it in again",
    )


def _bomb(ratio: float) -> Unreadable:
    return Unreadable(
        f"The compressed file unfolds to more than {ratio:,.0f} times its size, as decompression bombs do",
        "Unpack it yourself if you trust it, and drop the files in",
    )


def gunzip(data: bytes, limits: Limits) -> bytes:
    """The content of a gzip, all its parts. A truncated one gives what unfolds before the break, if anything does."""
    out = bytearray()
    at = 0
    while data[at : at + 2] == GZIP:
        engine, begin = zlib.decompressobj(wbits=31), at
        while not engine.eof and at < len(data):
            piece = data[at : at + zip_salvage.SLICE]
            try:
                out += engine.decompress(piece)
                at += len(piece)
            except zlib.error as error:
                out += zip_salvage.to_the_break(data[begin:at], piece, 31)
                if out:
                    return bytes(out)
                raise Unreadable(f"The gzip file is damaged ({error})", "Copy or export it again") from None
            if len(out) > limits.max_file_bytes:
                raise too_big(None, limits)
            if len(out) > limits.ratio_from_bytes and len(out) > limits.max_ratio * len(data):
                raise _bomb(limits.max_ratio)
        at -= len(engine.unused_data)
    if not out and len(data) > 40:
        raise Unreadable("The gzip file is damaged and nothing in it unfolds", "Copy or export it again")
    return bytes(out)


def unwrap(data: bytes, limits: Limits) -> bytes:
    """Bytes with every gzip layer taken off, to the limit of nesting."""
    for _ in range(limits.max_nesting):
        if data[:2] != GZIP:
            return data
        data = gunzip(data, limits)
    if data[:2] == GZIP:
        raise Unreadable(f"The file is gzipped more than {limits.max_nesting} times over", "Unpack it and drop it in")
    return data


class Archive:
    """An open zip, its members listed once under unique names, nested zips opened on demand and kept open."""

    def __init__(self, file: IO[bytes], limits: Limits, depth: int = 1, spent: list[int] | None = None) -> None:
        self.limits, self.depth, self.file = limits, depth, file
        self.spent = spent if spent is not None else [0]  # bytes of nested zips unfolded so far, shared by all depths
        self.inner: tuple[str, Archive] | None = None
        self.zip: zipfile.ZipFile | None = None
        self.damage: Unreadable | None = None
        """Why the table of contents cannot be used, where the members were found without it."""
        self.entries: dict[str, zipfile.ZipInfo] = {}
        infos = [info for info in self._infos() if not info.filename.endswith("/")]  # is_dir() fails on an empty name
        if len(infos) > limits.max_members:
            raise Unreadable(
                f"The zip holds {len(infos):,} files, beyond the limit of {limits.max_members:,}",
                "Unpack it and drop the folder in",
            )
        twins: dict[str, int] = {}
        for info in infos:
            name = _text(info.filename)
            while name in self.entries:
                twins[info.filename] = twins.get(info.filename, 1) + 1
                name = f"{_text(info.filename)} ({twins[info.filename]})"
            self.entries[name] = info
        total = sum(info.file_size for info in infos)
        if total > limits.max_archive_bytes:
            raise Unreadable(
                f"The zip unfolds to {total / MIB:,.0f} MB, the limit is {limits.max_archive_bytes / MIB:,.0f} MB",
                "Unpack it yourself if you trust it, and drop the files in",
            )

    def _infos(self) -> list[zipfile.ZipInfo]:
        """The members by the table of contents, or, where that is lost, by their own headers."""
        directory, size = _directory_bytes(self.file)
        problem = "The zip is not complete: its table of contents is missing, as after a download that broke off"
        if directory is not None and min(directory, size) > self.limits.max_directory_bytes:
            raise Unreadable(
                f"The zip's table of contents alone takes {directory / MIB:,.0f} MB", "Unpack it and drop the folder in"
            )
        if directory is not None:
            try:
                table = zipfile.ZipFile(self.file)
                places = [info.header_offset for info in table.infolist()]
                if not places or zip_salvage.begins(self.file, min(places)):
                    self.zip = table
                    return table.infolist()
                problem = "The zip's table of contents does not fit the rest, as where bytes are missing"
            except _ZIP_FAULTS as error:
                problem = f"The zip's table of contents is damaged ({error})"
        found, all_there = zip_salvage.found(self.file, size, 4 * self.limits.max_members)
        if not found:
            raise Unreadable(f"{problem}. No file was found in what is there", _AGAIN, size)
        last = _text(found[-1].filename)
        lost = f"what stood behind {last} is lost" if directory is None else "others may be missing"
        lost = "nothing behind them seems to be lost" if all_there else lost
        many = "1 file in it was" if len(found) == 1 else f"{len(found):,} files in it were"
        self.damage = Unreadable(f"{problem}. {many} found and read as far as possible; {lost}", _AGAIN, size)
        return found

    def close(self) -> None:
        """Let go of the file and of what is open inside it."""
        if self.inner:
            self.inner[1].close()
        if self.zip:
            self.zip.close()
        self.file.close()

    @property
    def office(self) -> bool:
        """True for a spreadsheet or document that is a zip only by construction."""
        return OFFICE in self.entries

    def members(self) -> Iterator[Member]:
        """Every file inside, nested zips opened, each either readable or refused with its reason."""
        for name, info in self.entries.items():
            reason = _refusal(info, self.limits)
            if reason is not None:
                yield Member(name, info.file_size, reason)
            elif not _looks_nested(name):
                yield Member(name, info.file_size)
            else:
                yield from self._nested(name, info)

    def _nested(self, name: str, info: zipfile.ZipInfo) -> Iterator[Member]:
        try:
            inner = self._open_inner(name)
        except Unreadable as error:
            yield Member(name, info.file_size, error.reason)
            return
        if inner.damage:
            yield Member(name, info.file_size, inner.damage.reason, salvaged=True)
        if not inner.entries:
            yield Member(name, info.file_size, "The zip is empty. Nothing to do")
        for member in inner.members():
            yield Member(f"{name}{SEPARATOR}{member.name}", member.bytes, member.refused, member.salvaged)

    def _open_inner(self, name: str) -> Archive:
        if self.inner and self.inner[0] == name:
            return self.inner[1]
        if self.depth >= self.limits.max_nesting:
            raise Unreadable(
                f"The zip lies more than {self.limits.max_nesting} zips deep", "Unpack it and drop the files in"
            )
        if self.inner:
            self.inner[1].close()
            self.inner = None
        spool: IO[bytes] = SpooledTemporaryFile(max_size=64 * MIB)  # noqa: SIM115, closed with the archive
        try:
            with suppress(Damaged):  # the members of a zip that is cut are found by their own headers
                for piece in self._stream(self.entries[name], self.limits.max_nested_bytes):
                    spool.write(piece)
                    self._spend(len(piece))
            spool.seek(0)
            inner = Archive(spool, self.limits, self.depth + 1, self.spent)
        except BaseException:
            spool.close()
            raise
        self.inner = (name, inner)
        return inner

    def _spend(self, size: int) -> None:
        """Count bytes of which the table of contents of this zip did not tell beforehand."""
        self.spent[0] += size
        if self.spent[0] > self.limits.max_archive_bytes:
            raise _bomb(self.limits.max_ratio)

    def read(self, member: str) -> bytes:
        """The decompressed bytes of a member as `members` names it. Raises Damaged, with what stands before the damage,
        where there is any."""
        info = self.entries.get(member)
        if info is not None:
            if reason := _refusal(info, self.limits):
                raise Unreadable(reason, "Nothing else of the zip is lost")
            saved = bytearray()
            try:
                for piece in self._stream(info, self.limits.max_file_bytes):
                    saved += piece
                    if self.damage:
                        self._spend(len(piece))
            except Damaged as damage:
                if saved:
                    raise Damaged(damage.why, damage.what_to_do, bytes(saved)) from None
                raise Unreadable(f"{damage.why} and nothing in it can be read", damage.what_to_do) from None
            return bytes(saved)
        for name in self.entries:
            if member.startswith(name + SEPARATOR):
                return self._open_inner(name).read(member[len(name) + len(SEPARATOR) :])
        raise Unreadable("The file is no longer in the zip", "Nothing to do if you changed the zip yourself")

    def head(self, member: str, size: int = 8192) -> bytes:
        """The first bytes of a member, whatever its size; none where they cannot be got at."""
        try:
            if info := self.entries.get(member):
                return next(self._stream(info, 1 << 62), b"")[:size]
            outer = next(name for name in self.entries if member.startswith(name + SEPARATOR))
            return self._open_inner(outer).head(member[len(outer) + len(SEPARATOR) :], size)
        except (Unreadable, StopIteration):
            return b""

    def _stream(self, info: zipfile.ZipInfo, at_most: int) -> Iterator[bytes]:
        """The content of a member within the limits. Raises Damaged behind the last byte that makes sense."""
        size = 0
        try:
            for piece in self._pieces(info):
                size += len(piece)
                if size > at_most:
                    raise too_big(None, self.limits)
                if size > self.limits.ratio_from_bytes and size > self.limits.max_ratio * max(info.compress_size, 1):
                    raise _bomb(self.limits.max_ratio)
                yield piece
        except (zip_salvage.Broken, OSError) as broken:
            raise Damaged(f"The file inside the zip is damaged ({broken})", "Download or copy the zip again") from None

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        done = 0
        if self.zip is not None:
            try:
                with self.zip.open(info) as source:
                    while piece := source.read(MIB):
                        done += len(piece)
                        yield piece
                return
            except _ZIP_FAULTS:
                pass  # once more by hand, for all that stands before the damage
        for piece in zip_salvage.unfold(self.file, info):
            yield piece[done:]
            done = max(0, done - len(piece))


def _text(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _looks_nested(name: str) -> bool:
    return name.lower().endswith(".zip")


def _refusal(info: zipfile.ZipInfo, limits: Limits) -> str | None:
    """Why a member is not opened at all, None where it may be."""
    parts = info.filename.replace("\\", "/").split("/")
    mode = info.external_attr >> 16
    if ".." in parts or info.filename.startswith(("/", "\\")) or parts[0][1:2] == ":":
        return "The name inside the zip points out of it, as attacks do. Rename it if you trust it"
    if stat.S_ISLNK(mode):
        return "It is a link inside a zip, not a file. Add the file itself"
    if info.flag_bits & 0x1:
        return "It is encrypted. Unpack it with its password and drop the files in"
    if info.file_size > (limits.max_nested_bytes if _looks_nested(info.filename) else limits.max_file_bytes):
        return too_big(info.file_size, limits).reason
    if info.file_size > limits.ratio_from_bytes and info.file_size > limits.max_ratio * max(info.compress_size, 1):
        return _bomb(limits.max_ratio).reason
    return None


def _directory_bytes(file: IO[bytes]) -> tuple[int | None, int]:
    """How large a zip says that its table of contents is (None where it has none), and how large the zip is. Listing a
    hostile one alone would take the machine's memory."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        return None, size
    directory = struct.unpack_from("<L", tail, at + 12)[0]
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if directory == 0xFFFFFFFF and wide >= 0 and len(tail) - wide >= 56:
        directory = struct.unpack_from("<Q", tail, wide + 40)[0]
    return directory, size


def open_zip(path: Path, limits: Limits) -> Archive:
    """The zip at a path, open. Raises Unreadable in plain words when it cannot be."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unreadable(f"The zip cannot be opened ({error.strerror})", "Check its permissions") from None
    try:
        return Archive(file, limits)
    except BaseException:
        file.close()
        raise
