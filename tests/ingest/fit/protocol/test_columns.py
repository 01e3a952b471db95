"""Columns out of FIT messages: scales, unknowns, byte order, arrays, text, developer fields, packed values."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from steadymile.ingest.fit.messages import messages
from steadymile.ingest.fit.protocol.columns import Table, decode
from steadymile.ingest.fit.protocol.counters import roll_over

from tests.ingest.fit_making import (
    BYTE,
    ENUM,
    FLOAT32,
    SINT8,
    SINT16,
    SINT32,
    STRING,
    T0,
    UINT8,
    UINT16,
    UINT32,
    UINT32Z,
    Fit,
    file_id,
)


def table(fit: Fit, number: int = 20) -> Table:
    return decode(fit.bytes()).parts[0].tables[number]


def test_altitude_is_stored_fifths_of_a_metre_above_minus_500() -> None:
    fit = file_id(Fit()).define(1, 20, [(2, UINT16)]).data(1, 3000)
    assert table(fit).numbers("altitude").tolist() == [100.0]


def test_the_invalid_value_of_each_type_is_unknown() -> None:
    fields = [(3, UINT8), (13, SINT8), (7, UINT16), (0, SINT32), (5, UINT32), (32, SINT16)]
    fit = file_id(Fit()).define(1, 20, fields)
    fit.data(1, 255, 127, 65535, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFF).data(1, 254, -128, 0, -5, 0, -1)
    found = table(fit)
    for number, _ in fields:
        values = found.numbers(number)
        assert np.isnan(values[0]), number
        assert not np.isnan(values[1]), number


def test_zero_is_unknown_only_where_the_type_says_so() -> None:
    fit = file_id(Fit()).define(1, 23, [(3, UINT32Z), (2, UINT16)]).data(1, 0, 0)
    assert np.isnan(table(fit, 23).numbers(3)[0])
    assert table(fit, 23).numbers(2)[0] == 0


def test_a_float_that_is_not_a_number_is_unknown() -> None:
    fit = file_id(Fit()).define(1, 300, [(1, FLOAT32)]).data(1, float("nan")).data(1, 1.5)
    assert table(fit, 300).columns()[1].valid.tolist() == [False, True]


def test_big_endian_recordings_say_the_same() -> None:
    values = []
    for big in (False, True):
        fit = file_id(Fit(big=big)).define(1, 20, [(253, UINT32), (2, UINT16), (0, SINT32)])
        fit.data(1, T0, 3001, -12345678)
        values.append([table(fit).numbers(n)[0] for n in (253, 2, 0)])
    assert values[0] == values[1] == [T0, 3001 / 5 - 500, -12345678]


def test_rows_of_several_layouts_stand_in_file_order() -> None:
    fit = file_id(Fit())
    fit.define(1, 20, [(253, UINT32), (3, UINT8)]).define(2, 20, [(7, UINT16), (253, UINT32)])
    fit.data(1, T0, 100).data(2, 250, T0 + 1).data(1, T0 + 2, 102).data(2, 260, T0 + 3)
    found = table(fit)
    assert found.numbers("timestamp").tolist() == [T0, T0 + 1, T0 + 2, T0 + 3]
    assert np.nan_to_num(found.numbers("heart_rate"), nan=-1).tolist() == [100, -1, 102, -1]
    assert found.columns()[3].defined.tolist() == [True, False, True, False]


def test_a_field_stored_in_different_widths_is_one_column() -> None:
    fit = file_id(Fit()).define(1, 20, [(7, UINT8)]).data(1, 200).define(1, 20, [(7, UINT16)]).data(1, 300)
    assert table(fit).numbers("power").tolist() == [200, 300]


def test_text_ends_at_its_first_zero_and_bad_utf8_does_no_harm() -> None:
    fit = file_id(Fit()).define(1, 12, [(3, STRING, 12)]).data(1, "Läufe").data(1, b"ok\0rubbish").data(1, b"\xff\xfe")
    assert table(fit, 12).texts("name") == ["Läufe", "ok", "\ufffd\ufffd"]


def test_empty_text_is_unknown() -> None:
    fit = file_id(Fit()).define(1, 12, [(3, STRING, 8)]).data(1, "")
    assert table(fit, 12).texts("name") == [None]


def test_words_of_newer_sports_are_known() -> None:
    fit = file_id(Fit()).define(1, 18, [(5, ENUM)]).data(1, 1).data(1, 84).data(1, 250)
    assert table(fit, 18).texts("sport") == ["running", "jump_rope", None]


def test_a_width_that_does_not_suit_the_type_is_read_as_bytes() -> None:
    fit = file_id(Fit()).define(1, 20, [(5, UINT32, 1), (3, UINT8)]).data(1, b"\x07", 120)
    found = table(fit)
    assert found.numbers("heart_rate").tolist() == [120]
    assert np.isnan(found.numbers("distance")).all()
    assert found.columns()[5].raw.tolist() == [[7]]


def test_arrays_keep_their_unknown_places() -> None:
    fit = file_id(Fit()).define(1, 78, [(0, UINT16, 6)]).data(1, [800, 65535, 810])
    assert np.nan_to_num(table(fit, 78).columns()[0].numbers(), nan=-1).tolist() == [[0.8, -1, 0.81]]


def test_a_repeated_field_keeps_both_values() -> None:
    fit = file_id(Fit()).define(1, 20, [(3, UINT8), (3, UINT8)]).data(1, 100, 101)
    found = table(fit)
    assert found.numbers("heart_rate").tolist() == [100]
    assert found.numbers(3 + 256).tolist() == [101]


def developer_file() -> Fit:
    fit = file_id(Fit())
    fit.define(1, 206, [(0, UINT8), (1, UINT8), (2, UINT8), (3, STRING, 8), (8, STRING, 4), (15, UINT8), (14, UINT16)])
    fit.data(1, 0, 5, UINT16, "Power", "W", 7, 20)
    fit.define(2, 20, [(253, UINT32)], developer=[(5, 2, 0, UINT16), (9, 3, 0, BYTE)])
    return fit.data(2, T0, 250, b"\1\2\3")


def test_developer_fields_have_the_described_name_type_and_units() -> None:
    column = table(developer_file()).columns()[0, 5]
    assert (column.name, column.units, column.numbers().tolist()) == ("Power", "W", [250.0])


def test_developer_fields_without_description_are_bytes() -> None:
    assert table(developer_file()).columns()[0, 9].raw.tolist() == [[1, 2, 3]]


def test_a_developer_field_tells_what_it_stands_for() -> None:
    assert table(developer_file()).native_of((0, 5)) == 7


def test_compressed_times_roll_on_from_the_last_full_time() -> None:
    fit = file_id(Fit())
    fit.define(1, 20, [(253, UINT32), (3, UINT8)]).define(2, 20, [(3, UINT8)])
    start = (T0 & ~31) + 29
    fit.data(1, start, 100)
    for low in (30, 31, 0, 5, 4):
        fit.data(2, 101, compressed=low)
    steps = (table(fit).numbers("timestamp") - start).tolist()
    assert steps == [0, 1, 2, 3, 8, 39]


def test_runs_of_compressed_messages_are_walked_as_one() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32), (3, UINT8)]).data(1, T0, 100).define(2, 20, [(3, UINT8)])
    for second in range(1, 500):
        fit.data(2, 100 + second % 50, compressed=(T0 + second) & 31)
    assert table(fit).numbers("timestamp").tolist() == [T0 + s for s in range(500)]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=50), st.sampled_from([8, 12]))
def test_a_rolling_counter_is_unrolled_when_steps_are_shorter_than_a_turn(steps: list[int], bits: int) -> None:
    steps = [s % (1 << bits) for s in steps]
    full = np.cumsum(steps)
    assert roll_over(full & ((1 << bits) - 1), bits).tolist() == full.tolist()


def test_a_full_value_sets_the_counter_anew() -> None:
    values, starts = np.array([5, 0, 2, 0, 1]), np.array([-1, 300, -1, 1000, -1])
    assert roll_over(values, 8, starts).tolist() == [5, 300, 514, 1000, 1025]


def test_speed_and_distance_in_three_bytes_are_unpacked() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32), (8, BYTE, 3)])
    distances = [0, 2000, 4000, 6000, 8000]  # sixteenths of a metre, rolls over at 4096
    for s, d in enumerate(distances):
        word = 300 | (d & 0xFFF) << 12
        fit.data(1, T0 + s, word.to_bytes(3, "little"))
    said = [{i.name: i.value for i in m.items} for m in messages(decode(fit.bytes())) if m.number == 20]
    assert [m["distance"] for m in said] == [d / 16 for d in distances]
    assert {m["speed"] for m in said} == {3.0}


def test_a_sub_field_is_named_by_what_the_message_says_elsewhere() -> None:
    fit = file_id(Fit()).define(1, 21, [(0, ENUM), (3, UINT32)]).data(1, 0, 1).data(1, 11, 1)
    said = [[(i.name, i.value) for i in m.items][1] for m in messages(decode(fit.bytes())) if m.number == 21]
    assert said == [("timer_trigger", "auto"), ("battery_level", 0.001)]


def test_a_field_that_claims_to_be_of_no_size_has_no_values() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32), (3, UINT8, 0)]).data(1, T0, b"").data(1, T0 + 1, b"")
    table = decode(fit.bytes()).parts[0].tables[20]
    assert np.isnan(table.numbers("heart_rate")).all()
    assert np.isnan(table.stored("heart_rate")).all()


def test_a_time_that_is_a_list_is_no_time_beside_compressed_ones() -> None:
    fit = file_id(Fit()).define(1, 20, [(253, UINT32)]).data(1, T0)
    fit.define(2, 20, [(253, UINT32, 16), (3, UINT8)]).data(2, [T0] * 4, 100, compressed=7)
    table = decode(fit.bytes()).parts[0].tables[20]
    assert table.numbers("timestamp").tolist()[1] % 32 == 7
