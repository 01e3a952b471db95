"""The walk over a FIT file: checksums, chained parts, and every way a file can be broken."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.ingest.fit.protocol.columns import decode
from steadymile.ingest.fit.protocol.scan import MAX_LAYOUTS, MAX_PARTS
from steadymile.models.checksum import crc16

from tests.ingest.fit_making import T0, UINT8, UINT32, Fit, file_id, run, slow_crc


@given(st.one_of(st.binary(max_size=200), st.binary(min_size=2040, max_size=2060)))
def test_the_fast_checksum_equals_the_bit_by_bit_one(data: bytes) -> None:
    assert crc16(data) == slow_crc(data)


def test_the_checksum_of_the_digits_is_the_published_check_value() -> None:
    assert crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize("length", [32766, 32767, 32768, 65534, 65535, 70001])
def test_the_fast_checksum_holds_around_its_period(length: int) -> None:
    data = bytes((i * 7 + i // 251) & 255 for i in range(length))
    assert crc16(data) == slow_crc(data)


def codes(data: bytes) -> list[str]:
    return [b.code for b in decode(data).breaks]


def records(data: bytes) -> int:
    return sum(len(part.tables[20]) for part in decode(data).parts if 20 in part.tables)


def test_a_sound_file_has_no_breaks_and_a_good_checksum() -> None:
    file = decode(run().bytes())
    assert (file.breaks, file.parts[0].facts.crc, file.parts[0].facts.header_crc) == ([], "ok", "ok")


def test_an_old_header_of_twelve_bytes_is_read() -> None:
    assert records(run().bytes(header_size=12)) == 61


def test_a_longer_header_than_known_is_skipped() -> None:
    assert records(run().bytes(header_size=20)) == 61


def test_every_cut_keeps_exactly_the_whole_messages_before_it() -> None:
    whole = run(seconds=5, session=False).bytes()
    table = decode(whole).parts[0].tables[20]
    ends = [int(p) + 19 for p in table.positions]  # a header byte and 18 bytes of payload
    for cut in range(int(table.positions[0]), len(whole) - 2):
        assert records(whole[:cut]) == sum(end <= cut for end in ends), cut


def test_a_cut_is_named_with_the_byte_of_the_last_whole_message() -> None:
    whole = run(seconds=5, session=False).bytes()
    third = int(decode(whole).parts[0].tables[20].positions[3])
    (found,) = decode(whole[: third + 7]).breaks
    assert (found.code, found.offset) == ("truncated", third)


def test_a_file_that_was_never_closed_is_read_to_its_end() -> None:
    data = run().bytes(data_size=0)
    assert (records(data), codes(data)) == (61, ["unclosed"])


def test_a_file_that_was_never_closed_and_has_no_checksum_is_read_too() -> None:
    data = run().bytes(data_size=0, crc=False)
    assert (records(data), codes(data)) == (61, ["unclosed"])


def test_a_wrong_checksum_costs_no_message() -> None:
    data = bytearray(run().bytes())
    data[-1] ^= 0xFF
    assert (records(bytes(data)), codes(bytes(data))) == (61, ["crc"])


def test_a_checksum_of_zero_means_that_none_was_written() -> None:
    data = run().bytes()[:-2] + b"\0\0"
    assert (decode(data).parts[0].facts.crc, codes(data)) == ("absent", [])


def test_trailing_bytes_are_noticed_and_harmless() -> None:
    data = run().bytes() + b"\0" * 40
    assert (records(data), codes(data)) == (61, ["trailing"])


def test_chained_files_give_one_part_each() -> None:
    data = run().bytes() + run(seconds=9, start=T0 + 500).bytes()
    assert [len(p.tables[20]) for p in decode(data).parts] == [61, 10]


def test_a_message_of_an_undefined_kind_ends_its_part_but_not_the_next() -> None:
    broken = run(seconds=3, session=False)
    broken.body += b"\x0b\x01\x02"
    data = broken.bytes() + run(seconds=9).bytes()
    assert [len(p.tables[20]) for p in decode(data).parts] == [4, 10]
    assert codes(data) == ["undefined"]


def test_a_length_that_is_too_short_is_seen_through() -> None:
    data = run().bytes(data_size=300)
    assert (records(data), codes(data)) == (61, ["length"])


def test_a_damaged_header_is_known_by_the_file_id_behind_it() -> None:
    data = bytearray(run().bytes())
    data[8:12] = b"JUNK"
    assert records(bytes(data)) == 61
    assert codes(bytes(data))[0] == "header"


def test_a_redefined_local_kind_is_told_apart_from_the_one_before() -> None:
    fit = file_id(Fit())
    fit.define(1, 20, [(253, UINT32), (3, UINT8)]).data(1, T0, 100).data(1, T0 + 1, 101)
    fit.define(1, 20, [(3, UINT8), (253, UINT32)]).data(1, 102, T0 + 2)
    table = decode(fit.bytes()).parts[0].tables[20]
    assert table.numbers("heart_rate").tolist() == [100, 101, 102]
    assert table.numbers("timestamp").tolist() == [T0, T0 + 1, T0 + 2]


def test_a_claim_of_four_gigabytes_costs_nothing() -> None:
    data = run(seconds=3, session=False).bytes(data_size=0xFFFFFFF0)
    tracemalloc.start()
    assert records(data) == 4
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_hundreds_of_thousands_of_equal_definitions_are_one_layout() -> None:
    fit = file_id(Fit())
    fit.body += b"\x41\0\0\x14\0\1\x03\x01\x02" * 300_000
    begun = time.process_time()
    file = decode(fit.bytes(crc=False) + b"\0\0")
    assert len(file.parts[0].facts.layouts) == 2
    assert time.process_time() - begun < 20


def test_too_many_different_definitions_end_the_reading_with_a_reason() -> None:
    fit = file_id(Fit())
    for i in range(MAX_LAYOUTS + 10):
        fit.body += b"\x41\0\0" + i.to_bytes(2, "little") + b"\1\x03\x01\x02"
    assert "absurd" in codes(fit.bytes(crc=False) + b"\0\0")


def test_messages_without_any_field_take_no_memory_of_note() -> None:
    fit = file_id(Fit()).define(1, 20, [])
    fit.body += b"\1" * 1_000_000
    tracemalloc.start()
    file = decode(fit.bytes(crc=False) + b"\0\0")
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()
    assert len(file.parts[0].tables[20]) == 1_000_000


def test_thousands_of_chained_recordings_end_with_a_reason() -> None:
    file = decode(file_id(Fit()).bytes() * (MAX_PARTS + 5))
    assert (len(file.parts), file.breaks[-1].code) == (MAX_PARTS, "absurd")
