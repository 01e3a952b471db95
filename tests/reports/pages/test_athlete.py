"""The page: whole without a network, without a place, without a script, for every state of the data."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import escape
from html.parser import HTMLParser
from importlib.resources import files

import polars as pl
import pytest
from steadymile.models.athlete import Athlete
from steadymile.models.week.sessions import wording
from steadymile.reports.pages.athlete import render

from tests.reports import sample

TABLES = sample.tables()
PAGE = render(sample.ATHLETE, TABLES, sample.AS_OF, None, sample.BODY)
VOID = {"meta", "link", "br", "hr", "img", "input", "line", "circle", "rect", "path"}


class Outline(HTMLParser):
    """Text, headings and ids of a page; fails on a tag that is closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [value for name, value in attrs if name in ("src", "href", "action", "srcset") and value]

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append(data)


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


def test_what_matters_most_comes_first():
    assert outline(PAGE).headings == [
        "Next week: Mon 23 Nov to Sun 29 Nov",
        "The decision",
        "Day by day",
        "Why, with every number",
        "What would change it",
        "How sure we are",
        "What is missing or uncertain",
        "This week",
        "Towards the mile",
        "Your mile now",
        "Load, fitness, fatigue",
        "Running and walking",
        "How it felt",
    ]


def test_what_to_do_next_stands_above_everything():
    said = re.search(r'<p id="today"[^>]*>([^<]*)</p>', PAGE)
    assert said is not None
    assert said[1] == "First comes Mon 23 Nov: Strength."
    assert PAGE.index(said[0]) < PAGE.index("The decision")


def test_within_the_week_today_is_told_and_what_was_done():
    page = render(sample.ATHLETE, TABLES, sample.AS_OF - timedelta(days=1))  # a Saturday with a run
    assert '<p id="today" data-last="2026-11-22">Today, Sat 21 Nov: ' in page
    assert '<p class="done">Done: Run ' in page


def test_on_the_day_of_a_stop_no_run_is_named_as_what_to_do():
    stopped = TABLES["targets"].with_columns(action=pl.lit("stop"))
    page = render(sample.ATHLETE, {**TABLES, "targets": stopped}, sample.AS_OF - timedelta(days=1))
    assert '<p id="today" data-last="2026-11-22">Today, Sat 21 Nov: Rest.' in page


def test_what_is_not_known_of_a_session_that_was_logged_is_left_out_of_what_was_done():
    logged = TABLES["activities"].with_columns(distance_m=pl.lit(None, pl.Float64))
    page = render(sample.ATHLETE, {**TABLES, "activities": logged}, sample.AS_OF - timedelta(days=1))
    done = re.findall(r'<p class="done">Done: ([^<]*)</p>', page)
    assert done
    assert not any("–" in words for words in done)


def test_what_holds_for_every_run_is_said_once():
    planned = TABLES["planned_sessions"]
    easy = pl.when(pl.col("kind") == "run").then(pl.lit(f"Jog. {wording.EASY}")).otherwise(pl.col("instruction"))
    page = render(sample.ATHLETE, {**TABLES, "planned_sessions": planned.with_columns(instruction=easy)}, sample.AS_OF)
    assert wording.EASY not in page
    assert page.count("speak in full sentences") == 1


def test_the_only_person_of_a_home_is_not_called_me():
    page = render(Athlete("me"), TABLES, sample.AS_OF)
    assert '<p class="soft">As of Sun 22 Nov 2026</p>' in page
    assert "<title>Next week, Mon 23 Nov" in page


def test_the_page_loads_nothing_from_anywhere():
    assert outline(PAGE).links == ["#main"]
    assert not re.search(r"https?:|//[a-z]|@import|url\(", PAGE.replace("http-equiv", ""))
    assert "default-src 'none'" in PAGE


def test_the_page_names_no_place():
    for word in ("Secret Harbour", "secret-harbour", "Eucla", "Australia", "latitude", "longitude"):
        assert word not in PAGE


def test_every_picture_is_told_in_words():
    assert PAGE.count('role="img"') == 4
    for label in re.findall(r'aria-labelledby="([^"]+)"', PAGE):
        for name in label.split():
            assert f'id="{name}"' in PAGE


def test_no_id_is_given_twice():
    ids = outline(PAGE).ids
    assert len(ids) == len(set(ids))


def test_the_ceiling_says_what_to_do_above_it():
    assert "If you cannot, or above 158 heartbeats a minute, slow down or walk" in PAGE


def test_it_says_once_that_it_is_not_medical_advice():
    assert PAGE.count("not medical advice") == 1


def test_what_people_wrote_is_shown_as_text():
    athlete = replace(sample.ATHLETE, name="<script>alert(1)</script>")
    assert "<script>alert" not in render(athlete, TABLES, sample.AS_OF)


def test_a_command_in_a_sentence_stays_safe():
    targets = TABLES["targets"].with_columns(headline=pl.lit("Tell it: `<b>log</b>` or `steadymile log`."))
    page = render(sample.ATHLETE, {**TABLES, "targets": targets}, sample.AS_OF)
    assert "<code>steadymile log</code>" in page
    assert "<b>log" not in page


def test_every_reason_is_there_with_its_numbers():
    for reason in TABLES["reasons"]["sentence"]:
        assert escape(reason, quote=False) in PAGE
    assert "<dt>Measured</dt><dd>2.4</dd><dt>Against</dt><dd>2</dd><dt>Looked at</dt><dd>21 days</dd>" in PAGE


def test_a_reason_names_the_runs_it_rests_on_by_day():
    assert "Run on Tue 17 Nov, 30 min" in PAGE


def test_without_answers_the_page_says_how_to_give_one():
    page = render(sample.ATHLETE, {**TABLES, "health": pl.DataFrame(), "activities": pl.DataFrame()}, sample.AS_OF)
    assert "<code>steadymile log rpe=3 talk=yes pain=0</code>" in page


def test_without_heart_rate_there_is_no_ceiling_but_the_talk_test():
    page = render(sample.ATHLETE, sample.tables(with_heart_rate=False), sample.AS_OF)
    assert "heartbeats" not in page
    assert "speak in full sentences" in page


def test_unknown_numbers_are_never_shown_as_nan_or_none():
    empty = {name: pl.DataFrame() for name in TABLES}
    nulls = {name: t.with_columns(pl.selectors.float().map_batches(_nothing)) for name, t in TABLES.items() if t.width}
    for tables in ({}, empty, nulls):
        text = " ".join(outline(render(sample.ATHLETE, tables, sample.AS_OF)).text)
        assert not re.search(r"\b(nan|None|inf)\b", text)


def _nothing(column: pl.Series) -> pl.Series:
    return pl.Series(column.name, [None] * len(column), dtype=column.dtype)


@pytest.mark.parametrize("missing", sorted(TABLES))
def test_any_one_view_may_be_empty(missing):
    outline(render(sample.ATHLETE, {**TABLES, missing: TABLES[missing].clear()}, sample.AS_OF))


def test_a_newcomer_gets_a_page_too():
    page = render(Athlete("me"), {}, sample.AS_OF)
    assert "Drop a recording from your watch into the inbox" in page


def test_miles_are_used_throughout():
    text = " ".join(outline(render(sample.ATHLETE, TABLES, sample.AS_OF, "miles", sample.BODY)).text)
    assert " mi" in text
    assert " km" not in text


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    dark, light = sorted((_luminance(a), _luminance(b)))
    return (light + 0.05) / (dark + 0.05)


CSS = files("reports").joinpath("page.css").read_text(encoding="utf-8")
THEMES = [dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in re.findall(r":root \{([^}]*)\}", CSS)[:2]]


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_text_stands_out_by_wcag_aa_and_shapes_by_its_graphics_rule(theme):
    words = ("ink", "soft", "advance", "hold", "back_off", "rebuild", "stop", "goal")
    shapes = ("run", "walk", "load", "fitness", "fatigue")
    assert min(_contrast(theme[name], theme["card"]) for name in words) >= 4.5
    assert min(_contrast(theme[name], theme["tint"]) for name in ("ink", "soft")) >= 4.5
    found = {name: round(_contrast(theme[name], theme["card"]), 2) for name in shapes}
    assert min(found.values()) >= 3.0, found


def revised(reason: str) -> str:
    changes = {"revision": pl.lit(2, pl.Int64), "revision_reason": pl.lit(reason)}
    tables = {**TABLES, "targets": TABLES["targets"].with_columns(**changes)}
    return re.sub(r"<[^>]+>", "", render(sample.ATHLETE, tables, sample.AS_OF, None, sample.BODY))


def test_a_reason_for_a_change_is_said_once_and_its_day_as_people_say_it():
    first = str(TABLES["reasons"]["sentence"][0])
    assert "Changed on Sun 28 Jun." in revised(f"2026-06-28: {TABLES['targets']['headline'][-1]}")
    assert "Changed on Sun 28 Jun: The answer was taken back." in revised("2026-06-28: The answer was taken back.")
    assert "2026-06-28" not in revised(f"2026-06-28: {first}")
