"""Other people's text on a terminal is seen and never obeyed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text
from steadymile.pipelines.cli import guard
from steadymile.reports.formats import quoted
from steadymile.reports.terminal.blocks import labelled, plain_table
from steadymile.reports.terminal.screen import Place, Screen, escaped, shown

HOSTILE = {
    "a colour": "\x1b[31mred",
    "a window title": "\x1b]0;owned\x07",
    "a link": "\x1b]8;;http://example.org\x1b\\here",
    "an eight-bit sequence": "\x9b31m",
    "a carriage return": "sound\rbroken",
    "a backspace": "sound\x08\x08",
    "right to left": "gpx.\u202etif",
    "an isolate": "\u2067abc\u2069",
    "half a character": "a\udc80b",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_a_terminal_would_obey_is_replaced(text):
    assert "\N{REPLACEMENT CHARACTER}" in shown(text)
    assert not set(shown(text)) & set("\x1b\x07\x08\r\x9b\u202e\u2067\u2069\udc80")


@pytest.mark.parametrize(
    "text", ["Zürich – Abendlauf", "朝のラン", "ריצת בוקר", "👩\u200d👧 with Ann", "two\nlines\tand a tab"]
)
def test_what_is_only_seen_is_left_alone(text):
    assert shown(text) == text


@given(st.text())
def test_json_for_a_terminal_means_the_same(text):
    assert json.loads(escaped(json.dumps(text, ensure_ascii=False))) == text


def printed(content, **options) -> str:
    out = io.StringIO()
    Screen(file=out, width=80, **options).print(content)
    return out.getvalue()


def a_table(text: str):
    table = plain_table("title")
    table.add_row(text)
    return table


@pytest.mark.parametrize("put", [str, Text, a_table, lambda text: labelled(("noted", text))])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_block_lets_it_through(put, text):
    assert not set(printed(put(text))) & set("\x1b\x07\x08\r\x9b\u202e\u2067\u2069\udc80")


@pytest.mark.parametrize("put", [str, Text, a_table, lambda text: labelled(("noted", text))])
@pytest.mark.parametrize("text", ["[/bold] run", "[red]hill[/red]", ":smile: run", "[link=http://example.org]x[/link]"])
def test_markup_in_text_is_shown_as_it_stands(put, text):
    assert text in printed(put(text))


def test_one_long_label_leaves_its_room_to_the_text_of_the_others():
    long = "Maximiliana-Theodora von und zu Hohenlohe-Waldenburg"
    lines = printed(labelled((long, "waits"), ("Bo", "runs " * 9))).splitlines()
    assert [line.find("runs") for line in lines if "runs" in line] == [30]
    assert "".join(line[:28].strip() for line in lines).startswith("Maximiliana-Theodora von")


def test_every_command_prints_through_the_edge():
    raw = [path.name for path in Path(guard.__file__).parent.glob("*.py") if "typer.echo(" in path.read_text()]
    assert sorted(raw) == ["guard.py", "options.py", "table.py"]  # `say`, the version, escaped JSON


def test_colours_of_our_own_stay():
    assert "\x1b[1m" in printed(Text("bold", "bold"), force_terminal=True, color_system="standard")


@pytest.mark.parametrize("put", [str, Text, a_table, lambda text: labelled(("noted", text))])
def test_a_command_in_a_sentence_leads_to_the_place_that_was_asked_about(put):
    said = printed(put("Report it: `steadymile log pain=0`."), place=Place(" --home b", "anna"))
    assert "`steadymile log --home b --athlete anna pain=0`." in " ".join(said.split())


@pytest.mark.parametrize(
    ("text", "led"),
    [
        ("Answer with `steadymile athlete set screening=no`.", "`steadymile athlete --home b set anna screening=no`."),
        ("`steadymile status` names it: steadymile date 'a.fit' TIME", "steadymile date --home b 'a.fit' TIME"),
        ("counts from steadymile nightly --home c.", "counts from steadymile nightly --home c."),
        ("what steadymile demo watch states", "what steadymile demo watch states"),
        ("steadymile reports it; steadymile log-book", "steadymile reports it; steadymile log-book"),
    ],
)
def test_a_command_is_led_once_and_nothing_else_is_taken_for_one(text, led):
    assert Place(" --home b", "anna").led(text).endswith(led)
    assert Place().led(text) == text


@pytest.mark.parametrize("put", [str, Text, a_table, lambda text: labelled(("noted", text))])
@pytest.mark.parametrize("words", ["I ran `steadymile nightly` twice", "“steadymile status” says no, said he"])
def test_a_persons_own_words_are_shown_as_written_even_where_they_name_a_command(put, words):
    text = f"{quoted(words)} on Mon 23 Nov: steadymile explain says more."
    said = " ".join(printed(put(text), place=Place(" --home b", "anna")).split())
    assert f"“{words}” on Mon 23 Nov" in said
    assert "steadymile explain --home b --athlete anna says more." in said
