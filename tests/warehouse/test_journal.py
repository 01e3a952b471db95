"""The journal only grows, survives a kill in mid-line, and is read back as it was written."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steadymile.warehouse.journal import Entry, Journal

AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "archive" / "journal.jsonl")


def note(text: str, athlete_id: str | None = None) -> Entry:
    return Entry("note", AT, {"text": text}, athlete_id)


def test_entries_are_numbered_from_one_across_appends(journal):
    assert [e.seq for e in journal.append([note("a"), note("b")])] == [1, 2]
    assert [e.seq for e in journal.append([note("c")])] == [3]
    assert [e.payload["text"] for e in journal.read()] == ["a", "b", "c"]


def test_a_line_is_plain_json_with_utc_time(journal):
    east = timezone(timedelta(hours=8, minutes=45))
    journal.append([Entry("note", datetime(2026, 11, 22, 11, 15, tzinfo=east), {"text": "é"}, "me")])
    assert journal.path.read_text(encoding="utf-8") == (
        '{"seq":1,"at":"2026-11-22T02:30:00+00:00","kind":"note","athlete_id":"me","payload":{"text":"é"},'
        '"chain":"e4a6a0577479b2b4"}\n'
    )


@given(payload=st.dictionaries(st.text(), JSON, max_size=4))
def test_any_json_payload_comes_back_equal(tmp_path_factory, payload):
    journal = Journal(tmp_path_factory.mktemp("home") / "journal.jsonl")
    journal.append([Entry("facts", AT, payload, "me")])
    assert next(journal.read()).payload == payload


def test_nan_is_refused_and_nothing_is_written(journal):
    journal.append([note("a")])
    with pytest.raises(ValueError, match="Out of range float"):
        journal.append([note("b"), Entry("facts", AT, {"weight_kg": float("nan")})])
    assert len(list(journal.read())) == 1


def test_an_unknown_kind_is_refused(journal):
    with pytest.raises(ValueError, match="unknown journal kind 'gossip'"):
        journal.append([Entry("gossip", AT)])


def test_reading_filters_by_kind_and_athlete(journal):
    journal.append([note("a", "me"), note("b", "you"), Entry("keep", AT, {"activity_id": "x"}, "me")])
    assert [e.seq for e in journal.read(kinds={"note"}, athlete_id="me")] == [1]
    assert [e.seq for e in journal.read(kinds={"note", "keep"})] == [1, 2, 3]


def test_an_empty_journal_reads_as_nothing(journal):
    assert list(journal.read()) == []
    assert journal.append([]) == []
    assert not journal.path.exists()


@pytest.mark.parametrize(
    "torn", [b"{", b'{"seq":3,"at":"2026-', b'{"seq":3,"at":"2026-11-22T02:30:00+00:00","kind":"no']
)
def test_a_torn_last_line_is_passed_over_and_cut_off_by_the_next_append(journal, torn):
    journal.append([note("a"), note("b")])
    with journal.path.open("ab") as file:
        file.write(torn)
    assert [e.seq for e in journal.read()] == [1, 2]
    assert [e.seq for e in journal.append([note("c")])] == [3]
    assert [e.payload["text"] for e in journal.read()] == ["a", "b", "c"]
    assert journal.verify() == []


def test_a_torn_first_line_is_cut_off_too(journal):
    journal.path.parent.mkdir()
    journal.path.write_bytes(b'{"seq":1')
    assert journal.append([note("a")])[0].seq == 1
    assert journal.verify() == []


def test_a_damaged_line_in_the_middle_is_named(journal):
    journal.append([note("a"), note("b"), note("c")])
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(lines[0] + b"garbage\n" + lines[2])
    assert [e.seq for e in journal.read()] == [1, 3]
    assert journal.damaged == ["line 2 cannot be read"]
    assert journal.verify()[0] == "line 2 cannot be read"


def test_a_damaged_last_line_keeps_its_number_free_of_others(journal):
    journal.append([note("a"), note("b")])
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(lines[0] + lines[1].replace(b'"at"', b'"\xff"'))
    journal.append([note("c")])
    assert [e.payload["text"] for e in journal.read()] == ["a", "c"]


def test_every_line_carries_the_hash_of_the_line_before_it(journal):
    journal.append([note("a"), note("b")])
    journal.append([note("c")])
    assert journal.verify() == []


@pytest.mark.parametrize("edit", ["changed", "missing"])
def test_a_changed_or_missing_line_is_found_by_the_next(journal, edit):
    journal.append([note("a"), note("b"), note("c")])
    lines = journal.path.read_bytes().splitlines(keepends=True)
    lines[1:2] = [lines[1].replace(b'"b"', b'"x"')] if edit == "changed" else []
    journal.path.write_bytes(b"".join(lines))
    number = 3 if edit == "changed" else 2
    assert journal.verify() == [
        f"line {number} does not follow line {number - 1}: one of them was changed, or one is gone"
    ]


def test_a_journal_without_chain_is_read_and_goes_on_chained(journal):
    journal.path.parent.mkdir()
    old = '{"seq":1,"at":"2026-11-22T02:30:00+00:00","kind":"note","athlete_id":null,"payload":{"text":"a"}}\n'
    journal.path.write_text(old, encoding="utf-8")
    journal.append([note("b")])
    assert [e.payload["text"] for e in journal.read()] == ["a", "b"]
    assert journal.verify() == []


def test_a_torn_line_is_not_counted_in_the_size_that_is_remembered(journal):
    journal.append([note("a")])
    whole = journal.path.stat().st_size
    with journal.path.open("ab") as file:
        file.write(b'{"seq":2,"at"')
    mark = journal.mark()
    assert mark[0] == whole
    journal.append([note("b")])
    assert [e.payload["text"] for e in journal.read(start=journal.since(mark))] == ["b"]


def test_a_mark_of_another_journal_reads_everything_again(journal):
    journal.append([note("a"), note("b")])
    mark = journal.mark()
    journal.append([note("c")])
    assert journal.since(mark) == mark[0]
    journal.path.write_bytes(journal.path.read_bytes().replace(b'"b"', b'"x"'))
    assert journal.since(mark) == 0


def test_a_full_disk_leaves_no_torn_line(journal, monkeypatch):
    journal.append([note("a")])

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        journal.append([note("b")])
    monkeypatch.undo()
    assert journal.append([note("c")])[0].seq == 2
    assert [e.payload["text"] for e in journal.read()] == ["a", "c"]


def test_numbers_that_do_not_ascend_are_found(journal):
    journal.append([note("a"), note("b")])
    lines = journal.path.read_bytes().splitlines(keepends=True)
    journal.path.write_bytes(lines[1] + lines[0])
    assert "line 2: number 1 does not follow 2" in journal.verify()


def test_a_last_line_longer_than_the_first_look_back_is_still_numbered(journal):
    journal.append([note("a"), note("x" * 300_000)])
    assert journal.append([note("b")])[0].seq == 3


def test_an_erased_athlete_leaves_no_line_and_the_others_keep_their_numbers(journal):
    journal.append([note("a", "me"), note("b", "you"), note("c", "me"), note("d")])
    assert journal.erase("me") == 2
    assert [(e.seq, e.athlete_id) for e in journal.read()] == [(2, "you"), (4, None)]
    assert "me" not in {e.athlete_id for e in journal.read()}
    assert journal.append([note("e")])[0].seq == 5


def test_what_is_said_while_somebody_is_erased_is_kept(journal):
    journal.append([note("anna's", "anna"), note("bo's", "bo")])
    with ThreadPoolExecutor(1) as elsewhere:
        with journal.held():
            waits = elsewhere.submit(Journal(journal.path).append, [note("bo's pain", "bo")])
            shorter = journal.path.with_suffix(".part")
            shorter.write_bytes(journal.path.read_bytes().splitlines(keepends=True)[1])
            os.replace(shorter, journal.path)
        assert [entry.seq for entry in waits.result(timeout=10)] == [3]
    assert [entry.payload["text"] for entry in journal.read()] == ["bo's", "bo's pain"]
