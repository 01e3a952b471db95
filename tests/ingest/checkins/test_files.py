"""Check-ins: what people write, and what a bad cell costs."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steadymile.ingest.checkins.answers import means_illness
from steadymile.ingest.checkins.days import parse_day
from steadymile.ingest.checkins.files import parse_values, read_checkins
from steadymile.ingest.checkins.values import MEANT, RANGES, WORDS, key_of, parse_value
from steadymile.ingest.reading import Unreadable
from steadymile.models.recording import CHECKIN_FIELDS
from steadymile.pipelines.facts import parse_fact


def rows(text):
    return [(c.day, dict(c.values)) for c in read_checkins(text.encode()).checkins]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_whatever_its_separator(mark):
    text = "date,rpe,talk_test,pain,note\n2026-03-01,4,yes,0,good\n2026-03-03,6,no,2,heavy legs\n".replace(",", mark)
    assert rows(text) == [
        (date(2026, 3, 1), {"rpe": 4.0, "talk_test": "yes", "pain": 0.0, "note": "good"}),
        (date(2026, 3, 3), {"rpe": 6.0, "talk_test": "no", "pain": 2.0, "note": "heavy legs"}),
    ]


def test_headers_in_other_words_and_units_are_understood():
    text = "Datum;RPE (0-10);Resting HR [bpm];Weight (lb);Sleep hours\n01.03.2026;4,5;52;165;7,5\n"
    (row,) = rows(text)
    assert row[0] == date(2026, 3, 1)
    assert row[1] == pytest.approx({"rpe": 4.5, "resting_heart_rate_bpm": 52.0, "weight_kg": 74.842741, "sleep_h": 7.5})


def test_a_bad_cell_costs_that_cell_only_and_is_named():
    reading = read_checkins(b"date,rpe,pain\n2026-03-01,eleven,3\n2026-03-02,12,4\n")
    assert [dict(c.values) for c in reading.checkins] == [{"pain": 3.0}, {"pain": 4.0}]
    assert reading.salvaged is not None
    assert "row 2, 2026-03-01: rpe is a number 0 to 10, not “eleven”" in reading.salvaged
    assert "rpe is 0 to 10, not 12" in reading.salvaged


def test_a_bad_day_costs_that_row_only():
    reading = read_checkins(b"date,rpe\nsometime,3\n2026-03-02,4\n")
    assert len(reading.checkins) == 1
    assert reading.salvaged == (
        "Not read: row 2: “sometime” is not a day that can be read (write it as 2026-03-01). "
        "Correct that and save the file again"
    )


def test_a_file_with_no_good_row_is_refused_with_the_next_step():
    with pytest.raises(Unreadable, match="No row") as error:
        read_checkins(b"date,rpe\nsometime,3\n")
    assert "2026-03-01" in error.value.what_to_do


def test_answers_without_a_day_are_refused_by_naming_the_columns():
    with pytest.raises(Unreadable, match="no column with the day") as error:
        read_checkins(b"rpe,pain\n3,4\n")
    assert "rpe, pain" in error.value.why


@pytest.mark.parametrize(
    "text", ["hello", "a,b,c\n1,2,3\n", "date,steps\n2026-03-01,5000\n", "Datum;Name\n1.3.2026;Lauf\n"]
)
def test_a_text_without_answers_is_ignored_with_the_reason(text):
    assert "check-in" in (read_checkins(text.encode()).ignored or "")


def test_columns_that_are_no_answers_are_named():
    assert "columns not used: mood" in read_checkins(b"date,rpe,mood\n2026-03-01,3,fine\n").notes


def test_empty_cells_and_empty_rows_are_no_answers():
    assert rows("date,rpe,pain\n2026-03-01,,-\n,,\n2026-03-02,3,n/a\n") == [(date(2026, 3, 2), {"rpe": 3.0})]


def test_a_time_with_its_zone_names_the_moment():
    (c,) = read_checkins(b"date,time,rpe\n2026-03-01,2026-03-01T07:00:00+01:00,3\n").checkins
    assert c.at == datetime(2026, 3, 1, 6, tzinfo=UTC)


def test_a_session_can_be_named():
    (c,) = read_checkins(b"date,activity_id,rpe\n2026-03-01,abc,3\n").checkins
    assert c.activity_id == "abc"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_spreadsheets_are_no_matter(encoding):
    (c,) = read_checkins("date,rpe,note\n2026-03-01,3,müde\n".encode(encoding)).checkins
    assert c.values["note"] == "müde"


def test_toml_of_one_day_of_several_and_by_day_is_read():
    one = "date = 2026-03-01\nrpe = 4\nill = false\n"
    several = '[[checkin]]\ndate = 2026-03-01\nrpe = 4\n[[checkin]]\ndate = "2026-03-02"\npain = 1\n'
    by_day = '["2026-03-01"]\ntalk_test = "a few words"\n'
    assert rows(one) == [(date(2026, 3, 1), {"rpe": 4.0, "ill": False})]
    assert rows(several) == [(date(2026, 3, 1), {"rpe": 4.0}), (date(2026, 3, 2), {"pain": 1.0})]
    assert rows(by_day) == [(date(2026, 3, 1), {"talk_test": "equivocal"})]


def test_a_time_with_its_zone_in_toml_names_the_moment():
    (c,) = read_checkins(b"at = 2026-03-01T07:00:00+01:00\nrpe = 4\n").checkins
    assert (c.day, c.at) == (date(2026, 3, 1), datetime(2026, 3, 1, 6, tzinfo=UTC))


def test_toml_that_is_broken_is_refused_with_the_line():
    with pytest.raises(Unreadable, match="line 2"):
        read_checkins(b"date = 2026-03-01\nrpe = = 4\n")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-03-01", None, (2026, 3, 1)),
        ("2026/3/1", None, (2026, 3, 1)),
        ("20260301", None, (2026, 3, 1)),
        ("2026-03-01T07:12:00", None, (2026, 3, 1)),
        ("1.3.2026", None, (2026, 3, 1)),
        ("1 Mar 2026", None, (2026, 3, 1)),
        ("March 1, 2026", None, (2026, 3, 1)),
        ("3/3/2026", None, (2026, 3, 3)),
        ("1/3/2026", "dm", (2026, 3, 1)),
        ("1/3/2026", "md", (2026, 1, 3)),
        ("1/3/2026", None, None),
        ("31.2.2026", None, None),
        ("1026-03-01", None, None),
        ("", None, None),
        ("yesterday", None, None),
    ],
)
def test_a_day_is_read_only_where_it_can_be_one_day(text, order, day):
    assert parse_day(text, order) == (date(*day) if day else None)


def test_the_order_of_day_and_month_is_learnt_from_the_rows_that_tell_it():
    assert [day for day, _ in rows("date,rpe\n3/4/2026,3\n25/4/2026,4\n")] == [date(2026, 4, 3), date(2026, 4, 25)]
    assert [day for day, _ in rows("date,rpe\n3/4/2026,3\n4/25/2026,4\n")] == [date(2026, 3, 4), date(2026, 4, 25)]


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("talk_test", "Full sentences", "yes"),
        ("talk_test", "a few words", "equivocal"),
        ("talk_test", "gasping", "no"),
        ("pain_next_morning", "none", "better"),
        ("ill", "sick", True),
        ("ill", "well", False),
        ("ill", "Fever", True),
        ("ill", "leichte Erkältung", True),
        ("ill", "no fever", False),
        ("ill", "nicht krank", False),
        ("ill", "I am not ill", False),
        ("ill", "no, fine", False),
        ("ill", "not really", False),
        ("ill", "nope", False),
        ("ill", "нет", False),
        ("ill", "no fever but a cough", True),
        ("ill", "kein Fieber, aber Husten", True),
        ("ill", "fever, not gone", True),
        ("ill", "no but fever", True),
        ("ill", "nein, Fieber", True),
        ("ill", "no. No fever", False),
        ("surface", "asphalt", "road"),
        ("surface", "Wet sand", "sand_firm"),
        ("red_flag", "chest pain", "chest_pain"),
        ("red_flag", "none", None),
        ("sleep_h", "7:30", 7.5),
        ("sleep_h", "450 min", 7.5),
        ("rpe", "6/10", 6.0),
        ("rpe", "5 - hard", 5.0),
        ("pain", "0 (none)", 0.0),
        ("pain", "4: so so", 4.0),
        ("strength_min", "1 h", 60.0),
        ("pack_kg", "22 lb", 9.979),
        ("hrv_rmssd_ms", "45", 45.0),
    ],
)
def test_what_people_write_is_understood(key, text, value):
    assert parse_value(key, text) == (pytest.approx(value, abs=1e-3) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("key", "text"),
    [("rpe", "11"), ("rpe", "-1"), ("rpe", "3/20"), ("rpe", "3 - 4"), ("pain", "3 (of 5)"), ("pain", "4 weeks"),
     ("rpe", "12 - hard"),
     ("sleep_h", "7 - about"), ("fatigue", "0"), ("soreness", "8"), ("pain", "nan nan"),
     ("rpe", "1e9"), ("weight_kg", "5"), ("talk_test", "perhaps tomorrow"), ("ill", "ok"), ("surface", "moon"),
     ("red_flag", "my heart felt odd")],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_saying_what_can(key, text):
    with pytest.raises(ValueError, match=key):
        parse_value(key, text)


def test_named_answers_give_values_and_plain_problems():
    values, problems = parse_values({"rpe": "4", "talk-test": "yes", "pian": "3", "fatigue": "9"})
    assert values == {"rpe": 4.0, "talk_test": "yes"}
    assert problems == ["pian is not a check-in field; did you mean pain?", "fatigue is 1 to 7, not 9"]


@pytest.mark.parametrize(("word", "ill"), [("mononucleosis", True), ("ok", None), ("7", None), ("rhume", True)])
def test_an_unknown_word_for_being_ill_counts_as_ill_and_is_reported(word, ill):
    reading = read_checkins(f"date,ill,pain\n2026-03-01,{word},0\n2026-03-02,no,1\n".encode())
    first, second = (dict(c.values) for c in reading.checkins)
    assert (first.get("ill"), second) == (ill, {"ill": False, "pain": 1.0})
    assert (reading.salvaged is None) == (word == "rhume")


def test_a_file_whose_one_answer_is_an_unknown_illness_is_not_refused():
    reading = read_checkins(b"date,ill\n2026-03-01,mononucleosis\n")
    assert [dict(c.values) for c in reading.checkins] == [{"ill": True}]
    assert "steadymile log ill=no --day 2026-03-01" in (reading.salvaged or "")


def test_every_field_of_a_check_in_can_be_given():
    samples = {key: str(high) for key, (_, high) in RANGES.items()} | {
        key: next(iter(words)) for key, words in WORDS.items()
    }
    texts = {key: samples.get(key, "yes") for key in CHECKIN_FIELDS}
    values, problems = parse_values(texts)
    assert problems == []
    assert set(values) == set(CHECKIN_FIELDS)


def test_a_field_is_known_by_its_own_name():
    assert [key_of(key) for key in CHECKIN_FIELDS] == list(CHECKIN_FIELDS)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=6), st.sampled_from(",;\t"))
def test_any_table_is_read_or_refused(cells, mark):
    text = mark.join(["date", "rpe", "ill", "sleep_h"]) + "\n" + "\n".join(mark.join(row) for row in cells)
    with suppress(Unreadable):
        read_checkins(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda t: ("x = " + t).encode("utf-8", "replace"))))
def test_any_bytes_are_read_ignored_or_refused(data):
    with suppress(Unreadable):
        read_checkins(data)


@given(st.sampled_from(sorted(RANGES)), st.text(max_size=12))
def test_a_number_that_comes_through_is_within_its_range(key, text):
    with suppress(ValueError):
        value = parse_value(key, text)
        assert value is None or RANGES[key][0] <= value <= RANGES[key][1]


@pytest.mark.parametrize(
    "table",
    [
        "Datum;Anstrengung;Sprechtest;Schmerzen;Krank\n01.03.2026;4,5;ja;keine;nein\n",
        "Datum\tAnstrengung\tSprechtest\tSchmerz\tKrank\n1. März 2026\t4,5\tja\t0\tnein\n",
        "Jour;Effort perçu;Test de parole;Douleur;Malade\n1 mars 2026;4,5;oui;aucune;non\n",
        "Fecha;Esfuerzo;Prueba del habla;Dolor;Enfermo\n1 de marzo de 2026;4,5;sí;0;no\n",
        "Data;Sforzo;Test della parola;Dolore;Malato\n01.03.26;4,5;sì;0;no\n",
        "Datum;Inspanning;Praattest;Pijn;Ziek\nzo 1 mrt 2026;4,5;ja;geen;nee\n",
        "sep=;\nDate;RPE;Talk test;Pain;Ill\n2026-03-01 ; 4,5 ; Yes ; none ; No\n",
        "date,rpe,talk,pain,ill,\nSun 1 March 2026,4.5,yes,0/10,no,\n,,,,,\n",
        "Date,RPE,Talk,Pain,Ill\n46082,4.5,yes,no,no\n",
    ],
)
def test_people_write_tables_in_their_own_way(table):
    assert rows(table) == [(date(2026, 3, 1), {"rpe": 4.5, "talk_test": "yes", "pain": 0.0, "ill": False})]


def test_german_names_of_the_mornings_numbers_are_known():
    table = "Datum;Müdigkeit;Muskelkater;Schlaf (h);Schlafqualität;Ruhepuls;Gewicht\n01.03.2026;2;3;7,5;2;52;71,2\n"
    values = {"fatigue": 2, "soreness": 3, "sleep_h": 7.5, "sleep_quality": 2}
    assert rows(table) == [(date(2026, 3, 1), values | {"resting_heart_rate_bpm": 52, "weight_kg": 71.2})]


def test_effort_in_the_words_of_its_scale_is_a_number():
    assert [parse_value("rpe", word) for word in ("easy", "Somewhat hard", "very hard")] == [2.0, 4.0, 7.0]


def test_a_day_that_may_be_two_days_is_asked_for_again():
    reading = read_checkins(b"date,rpe\n5/6/2026,3\n2026-03-02,4\n")
    assert "“5/6/2026” may be two days (write it as 2026-03-01)" in (reading.salvaged or "")


def test_a_table_without_rows_is_not_a_fault():
    assert read_checkins(b"date,rpe\n").ignored == "The check-ins have no answer in them yet, only empty cells"


def test_a_sites_table_of_sessions_is_known_as_such():
    table = b"Activity Type,Date,Title,Distance,Calories,Time,Avg HR\nRunning,2026-03-01,x,5,300,30:00,140\n"
    assert "FIT, GPX or TCX" in (read_checkins(table).ignored or "")


def test_a_diary_is_plain_text_and_no_table():
    said = read_checkins(b"Dear diary,\nTuesday I ran.\n").ignored or ""
    assert said.startswith(
        "It is plain text: no watch file, and no check-ins either. A session comes as FIT, GPX or TCX"
    )


def test_a_text_that_begins_with_a_bracket_is_no_broken_toml():
    assert read_checkins(b"[Monday] easy run\nfelt fine\n").what == "text"


def test_a_table_of_something_else_names_its_columns():
    assert "(its columns: shoe, price)" in (read_checkins(b"shoe,price\nred,90\n").ignored or "")


@pytest.mark.parametrize("text", ["day = 2026-05-09\npain = " + "9" * 5000, "day = 2026-05-09\npain = " + "[" * 5000])
def test_toml_that_its_parser_gives_up_on_is_refused_with_what_to_do(text):
    with pytest.raises(Unreadable, match="The TOML file cannot be read") as refused:
        read_checkins(text.encode())
    assert refused.value.what_to_do == "Correct that line, or write a CSV instead"


@pytest.mark.parametrize(
    "words", ["not well", "nicht gut", "pas bien", "no energy", "not sure", "bin nicht fit", "no, not well"]
)
def test_feeling_well_denied_counts_as_ill(words):
    with pytest.raises(ValueError, match="yes or no"):
        parse_value("ill", words)
    assert means_illness(words)


def test_a_word_for_being_ill_clears_nobody():
    with pytest.raises(ValueError, match="yes or no"):
        parse_value("cleared", "krank")


@pytest.mark.parametrize("word", ["yes", "y", "ja", "oui", "Sí", "tak", "да", "1"])
def test_a_yes_is_a_yes_to_every_question_and_fact(word):
    said = {key: parse_value(key, word) for key in MEANT}
    assert said == {"ill": True, "cleared": True, "talk_test": "yes", "after_effort": "worse", "red_flag": "other"}
    assert parse_fact("screening", word, "me") is True


@pytest.mark.parametrize("word", ["no", "n", "nein", "non", "nie", "нет", "0"])
def test_a_no_is_a_no_to_every_question_and_fact(word):
    said = {key: parse_value(key, word) for key in MEANT}
    assert said == {"ill": False, "cleared": False, "talk_test": "no", "after_effort": "fine", "red_flag": None}
    assert parse_value("pain", word) == 0.0
    assert parse_fact("cleared", word, "me") is False


@pytest.mark.parametrize(("key", "word"), [("talk_test", "healthy"), ("cleared", "well"), ("talk_test", "x")])
def test_what_answers_one_question_alone_answers_no_other(key, word):
    with pytest.raises(ValueError, match=key):
        parse_value(key, word)
    assert parse_value("ill", "healthy") is False
    assert parse_value("cleared", "x") is True


def test_a_resting_heart_rate_is_known_as_programs_write_it():
    assert rows("date,restingHR,pain\n2026-11-14,52,3\n")[0][1] == {"resting_heart_rate_bpm": 52.0, "pain": 3.0}
