"""Gzip and zip: safe whatever they hold."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.archives.containers import Archive, Limits, gunzip, unwrap
from steadymile.ingest.reading import Damaged, Unreadable

SMALL = Limits(max_file_bytes=1_000_000, ratio_from_bytes=100_000, max_ratio=50.0)


def zipped(files, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def opened(data, limits=SMALL):
    return Archive(io.BytesIO(data), limits)


def members(data, limits=SMALL):
    return {m.name: m.refused for m in opened(data, limits).members()}


def test_a_gzip_unfolds_to_its_content():
    assert gunzip(gzip.compress(b"run"), SMALL) == b"run"


def test_a_gzip_of_several_parts_unfolds_whole():
    assert gunzip(gzip.compress(b"one ") + gzip.compress(b"two"), SMALL) == b"one two"


def test_a_truncated_gzip_gives_what_unfolds_before_the_break():
    data = random.Random(1).randbytes(50_000)
    part = gunzip(gzip.compress(data)[:-2_000], SMALL)
    assert data.startswith(part)
    assert len(part) > 45_000


def test_a_gzip_damaged_in_the_middle_gives_what_unfolds_before_it():
    data = random.Random(1).randbytes(60_000).hex().encode()
    packed = bytearray(gzip.compress(data))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = bytes(40)
    assert len(gunzip(bytes(packed), SMALL)) > 0.4 * len(data)


def test_a_gzip_bomb_is_refused():
    with pytest.raises(Unreadable, match="times its size"):
        gunzip(gzip.compress(bytes(900_000)), SMALL)


def test_a_gzip_beyond_the_limit_is_refused_without_unfolding_it_whole():
    began = time.process_time()
    with pytest.raises(Unreadable, match="beyond the limit"):
        gunzip(gzip.compress(bytes(300_000_000), 1), Limits(max_file_bytes=1_000_000))
    assert time.process_time() - began < 50.0


def test_gzip_within_gzip_is_opened_to_the_limit_and_no_further():
    data = b"run"
    for _ in range(3):
        data = gzip.compress(data)
    assert unwrap(data, SMALL) == b"run"
    with pytest.raises(Unreadable, match="3 times over"):
        unwrap(gzip.compress(data), SMALL)


def test_members_are_listed_and_read():
    archive = opened(zipped([("a.fit", b"A"), ("deep/b.gpx", b"B")]))
    assert [m.name for m in archive.members()] == ["a.fit", "deep/b.gpx"]
    assert archive.read("deep/b.gpx") == b"B"


def test_a_zip_within_a_zip_is_opened_and_its_members_named_by_their_way():
    archive = opened(zipped([("b.zip", zipped([("c.fit", b"C")])), ("a.fit", b"A")]))
    assert [m.name for m in archive.members()] == ["b.zip!/c.fit", "a.fit"]
    assert archive.read("b.zip!/c.fit") == b"C"


def test_nesting_beyond_the_limit_is_a_refused_row():
    data = zipped([("x.fit", b"X")])
    for _ in range(5):
        data = zipped([("in.zip", data)])
    ((name, reason),) = members(data).items()
    assert name.endswith("in.zip")
    assert "zips deep" in (reason or "")


def test_two_members_of_one_name_are_both_kept():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped([("a.fit", b"one"), ("a.fit", b"two")])
    archive = opened(data)
    assert [archive.read(m.name) for m in archive.members()] == [b"one", b"two"]


@pytest.mark.parametrize("name", ["../../etc/a.fit", "/a.fit", "x/../../a.fit", "C:/a.fit", "..\\a.fit"])
def test_a_name_that_points_out_of_the_zip_is_refused_and_the_rest_is_not(name):
    found = members(zipped([(name, b"x"), ("good.fit", b"y")]))
    assert found.pop("good.fit") is None
    assert "points out" in (next(iter(found.values())) or "")


def test_a_link_inside_a_zip_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a.fit")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "link" in (members(out.getvalue())["a.fit"] or "")


def test_an_encrypted_member_is_refused_with_the_next_step():
    data = bytearray(zipped([("a.fit", b"x")]))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    assert "password" in (members(bytes(data))["a.fit"] or "")


def test_a_member_that_unfolds_beyond_the_ratio_is_refused():
    assert "times its size" in (members(zipped([("a.gpx", bytes(900_000))]))["a.gpx"] or "")


def test_a_member_that_lies_about_its_size_is_stopped_while_it_unfolds():
    data = bytearray(zipped([("a.gpx", bytes(3_000_000))]))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    archive = opened(bytes(data))
    try:
        unfolded = archive.read("a.gpx")
    except Unreadable:
        return
    assert len(unfolded) <= 1_000_000


def test_more_members_than_the_limit_are_refused_as_one():
    with pytest.raises(Unreadable, match="beyond the limit of 10"):
        opened(zipped([(f"{i}.fit", b"") for i in range(11)]), Limits(max_members=10))


def test_a_table_of_contents_beyond_the_limit_is_refused_before_it_is_read():
    with pytest.raises(Unreadable, match="table of contents"):
        opened(zipped([(f"{i}.fit", b"") for i in range(100)]), Limits(max_directory_bytes=1_000))


def test_all_members_together_have_a_limit():
    with pytest.raises(Unreadable, match="the limit is"):
        opened(zipped([(f"{i}.fit", bytes(900)) for i in range(10)]), Limits(max_archive_bytes=5_000))


def text_of(length, seed=3):
    return random.Random(seed).randbytes(length // 2).hex().encode()


def test_a_zip_without_its_table_of_contents_gives_every_member_that_is_there():
    data = zipped([("a.fit", b"A" * 500), ("deep/b.gpx", b"B" * 500)])
    archive = opened(data[: data.index(b"PK\x01\x02")])
    assert [m.name for m in archive.members()] == ["a.fit", "deep/b.gpx"]
    assert archive.read("deep/b.gpx") == b"B" * 500


def test_a_zip_cut_short_says_how_many_files_were_found_and_what_is_lost():
    data = zipped([("a.fit", b"A" * 500), ("b.fit", text_of(9_000)), ("c.fit", b"C")])
    archive = opened(data[: data.index(b"b.fit") + 2_000])
    assert archive.damage is not None
    assert archive.damage.reason == (
        "The zip is not complete: its table of contents is missing, as after a download that broke off. 2 files in it "
        f"were found and read as far as possible; what stood behind b.fit is lost (at byte {archive.damage.offset:,}). "
        "Download or copy it again"
    )


def test_an_odd_name_of_the_first_member_is_no_damage():
    archive = opened(zipped([("line\nbreak.fit", b"A"), ("b.fit", b"B")]))
    assert archive.damage is None
    assert archive.read("line\nbreak.fit") == b"A"


def test_a_zip_cut_in_its_table_of_contents_lost_no_file_and_says_so():
    data = zipped([("a.fit", b"A" * 500), ("b.fit", b"B" * 500)])
    archive = opened(data[: data.index(b"PK\x01\x02") + 60])
    assert archive.damage is not None
    assert "2 files in it were found and read as far as possible; nothing behind them seems to be" in archive.damage.why


def test_a_member_that_is_cut_off_gives_what_stands_before_the_cut():
    whole = text_of(40_000)
    data = zipped([("a.fit", b"A"), ("b.gpx", whole)])
    with pytest.raises(Damaged, match="ends too early") as damage:
        opened(data[: data.index(b"b.gpx") + 12_000]).read("b.gpx")
    assert whole.startswith(damage.value.saved)
    assert len(damage.value.saved) > 20_000


def test_a_stored_member_that_is_cut_off_ends_too_early_and_does_not_fail_its_checksum():
    data = zipped([("a.fit", b"A" * 500)], zipfile.ZIP_STORED)
    with pytest.raises(Damaged, match="ends too early") as damage:
        opened(data[:300]).read("a.fit")
    assert damage.value.saved == b"A" * (300 - 30 - len("a.fit"))


@pytest.mark.parametrize("before", range(-30, 5, 3))
def test_a_member_is_found_once_wherever_the_pieces_of_a_large_zip_meet(before):
    first = bytes(
        (1 << 20) + before - 30 - len("a.fit")
    )  # the second member begins so far from the first megabyte's end
    data = zipped([("a.fit", first), ("b.fit", b"B" * 90)], zipfile.ZIP_STORED)
    archive = opened(data[: data.index(b"PK\x01\x02")], Limits())
    assert [(m.name, m.bytes) for m in archive.members()] == [("a.fit", len(first)), ("b.fit", 90)]


class Pipe(io.RawIOBase):
    """A stream that cannot be wound back, as a server sends one: sizes then stand behind each member."""

    def __init__(self):
        super().__init__()
        self.written = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.written += data
        return len(data)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_whose_sizes_stand_behind_them_are_found_too(compression):
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", compression) as archive:
        archive.writestr("a.fit", b"one" * 300)
        archive.writestr("b.fit", b"two" * 300)
    data = bytes(pipe.written)
    found = opened(data[: data.index(b"PK\x01\x02") + 4])
    assert [found.read(m.name) for m in found.members()] == [b"one" * 300, b"two" * 300]


def test_bytes_missing_in_the_middle_cost_the_member_that_they_are_missing_from():
    data = zipped([("a.fit", text_of(9_000)), ("b.fit", text_of(9_000, 4)), ("c.fit", text_of(9_000, 5))])
    hole = data.index(b"b.fit") + 1_000
    archive = opened(data[:hole] + data[hole + 500 :])
    assert [m.name for m in archive.members()] == ["a.fit", "b.fit", "c.fit"]
    assert archive.read("c.fit") == text_of(9_000, 5)
    with pytest.raises(Damaged):
        archive.read("b.fit")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_cut_inside_a_zip_inside_it_gives_what_is_there_of_both(compression):
    inner = zipped([("c.fit", text_of(9_000)), ("d.fit", text_of(9_000, 4))])
    data = zipped([("a.fit", b"A"), ("b.zip", inner), ("z.fit", b"Z")], compression)
    archive = opened(data[: data.index(b"b.zip") + 7_000])
    found = {m.name: m.salvaged for m in archive.members()}
    assert found == {"a.fit": False, "b.zip": True, "b.zip!/c.fit": False, "b.zip!/d.fit": False}
    assert archive.read("b.zip!/c.fit") == text_of(9_000)


def test_tens_of_thousands_of_members_of_one_name_each_get_their_own():
    header = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 5, 0) + b"a.fit"
    names = [m.name for m in opened(header * 40_000, Limits()).members()]
    assert (len(set(names)), names[-1]) == (40_000, "a.fit (40000)")


def test_a_damaged_zip_keeps_its_guards():
    data = zipped([("../a.fit", b"x"), ("bomb.gpx", bytes(900_000)), ("good.fit", b"y")])
    found = members(data[: data.index(b"PK\x01\x02")])
    assert "points out" in (found["../a.fit"] or "")
    assert "times its size" in (found["bomb.gpx"] or "")
    assert found["good.fit"] is None


def test_members_of_a_damaged_zip_unfold_together_to_a_limit():
    data = zipped([(f"{i}.fit", text_of(4_000, i)) for i in range(9)])
    archive = opened(data[: data.index(b"PK\x01\x02")], Limits(max_archive_bytes=40_000))
    assert [len(archive.read(f"{n}.fit")) for n in range(9)] == [4_000] * 9
    archive.read("0.fit")
    with pytest.raises(Unreadable, match="unfolds to more"):
        archive.read("1.fit")


def test_a_zip_in_which_nothing_is_found_is_refused_with_the_next_step():
    with pytest.raises(Unreadable, match="No file was found") as error:
        opened(zipped([("a.fit", b"x" * 500)])[:20])
    assert "again" in error.value.what_to_do


def test_a_member_with_a_bad_checksum_is_given_as_damaged_and_the_others_are_whole():
    data = bytearray(zipped([("a.fit", b"x" * 500), ("b.fit", b"good")], zipfile.ZIP_STORED))
    data[data.index(b"xxxx")] ^= 0xFF
    archive = opened(bytes(data))
    with pytest.raises(Damaged, match="checksum does not match") as damage:
        archive.read("a.fit")
    assert len(damage.value.saved) == 500
    assert archive.read("b.fit") == b"good"


BASE = zipped([("a.fit", b"hello" * 50), ("b.zip", zipped([("c.gpx", b"world" * 30)]))])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(BASE) - 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8))
def test_a_damaged_zip_never_raises_anything_but_a_refusal(changes):
    data = bytearray(BASE)
    for at, piece in changes:
        data[at : at + len(piece)] = piece
    with suppress(Unreadable):
        archive = opened(bytes(data))
        for member in archive.members():
            if member.refused is None:
                with suppress(Unreadable):
                    archive.read(member.name)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_after_a_gzip_mark_unfold_or_are_refused(data):
    with suppress(Unreadable):
        assert isinstance(unwrap(b"\x1f\x8b\x08\x00" + data, SMALL), bytes)
