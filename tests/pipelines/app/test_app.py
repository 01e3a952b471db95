"""The local app over a synthetic home: what it shows, what it writes, and whom it refuses."""

from __future__ import annotations

import json
import re
import shutil
import time
import tomllib
import warnings
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import duckdb
import polars as pl
import pytest
from steadymile.models.athlete import Athlete
from steadymile.pipelines import outputs
from steadymile.pipelines.app import pages as app_pages
from steadymile.pipelines.app import reader as app_reader
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.guard import POLICY
from steadymile.pipelines.app.pages import SHOWN_AT_FIRST
from steadymile.pipelines.app.serve import app_of, create_app, kept_warm
from steadymile.pipelines.app.shapes import chart
from steadymile.pipelines.app.templates import commands, named
from steadymile.pipelines.app.upload import safe_name
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import athlete_payload
from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.journaled import standing_answers
from steadymile.pipelines.outcome.notice import failed, mended
from steadymile.pipelines.published import opened_published
from steadymile.pipelines.settings import Settings
from steadymile.reports.rendering import environment, prose
from steadymile.warehouse import queries
from steadymile.warehouse.errors import Busy
from steadymile.warehouse.journal import Entry, Journal
from steadymile.warehouse.lock import HomeLock

from ..conftest import AS_OF, NIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client names another http library than Prefect brings
    from fastapi.testclient import TestClient

PORT = 8123
HERE = f"http://127.0.0.1:{PORT}"
PAGES = (
    "/",
    "/history",
    "/history?year=all",
    "/calendar",
    "/calendar?month=2026-05",
    "/road",
    "/why",
    "/week",
    "/files",
    "/facts",
    "/coach",
)
ROOT = Path(__file__).resolve().parents[3]


def client_of(home: Path, **settings) -> TestClient:
    guard = create_app(Settings(home, workers=1, settle_s=0.0, **settings), PORT, lambda: NIGHT, "key", patience_s=0.0)
    client = TestClient(guard, base_url=HERE, follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set(guard.cookie, "key")
    return client


@pytest.fixture(scope="module")
def reader(finished: Path) -> TestClient:
    """A client that only reads."""
    return client_of(finished)


@pytest.fixture
def client(home: Path) -> TestClient:
    """A client of a home of its own."""
    return client_of(home)


def desk_of(client: TestClient) -> Desk:
    return client.app.app.state.desk


def token(client: TestClient) -> str:
    return desk_of(client).token


def post(client: TestClient, path: str, **fields: str):
    return client.post(path, data={"csrf": token(client), **fields})


def drop(client: TestClient, name: str, data: bytes, **headers: str):
    sent = {"X-CSRF-Token": token(client), "X-File-Name": name, **headers}
    return client.post("/upload", content=data, headers=sent)


def a_run(client: TestClient) -> str:
    """The newest session that was recorded; one that was logged has no samples."""
    found = desk_of(client).tables("me")["activities"].filter(pl.col("source") == "recorded")
    return found.sort("started_at")["activity_id"][-1]


def test_a_session_that_was_logged_has_a_page_without_charts(reader):
    found = desk_of(reader).tables("me")["activities"].filter(pl.col("source") == "logged")
    page = reader.get(f"/run/{found['activity_id'][0]}")
    assert page.status_code == 200
    assert "You logged it; there is no recording." in page.text
    assert 'id="charts"' not in page.text


@pytest.mark.parametrize("page", PAGES)
def test_each_page_answers(reader, page):
    answer = reader.get(page)
    assert answer.status_code == 200, answer.text
    assert "<h1>" in answer.text


def test_the_file_stays_open_between_questions_and_is_let_go_of_before_a_run(home, monkeypatch):
    opened = []

    def count(settings):
        opened.append(settings.home)
        return opened_published(settings)

    monkeypatch.setattr(app_reader, "opened_published", count)
    client = client_of(home)
    for page in ("/", "/history", "/why", "/files"):
        assert client.get(page).status_code == 200
    assert len(opened) == (1 if app_reader.STAYS_OPEN else len(opened))
    reader = desk_of(client).reader
    assert desk_of(client).write(lambda: reader._con) is None
    assert client.get(f"/run/{a_run(client)}").status_code == 200
    reader.close()
    assert (reader._con, reader._closing) == (None, None)


def test_what_another_run_published_is_read_although_the_file_was_open(home):
    client = client_of(home)
    before = desk_of(client).tables("me")["targets"].height
    newer = home / "newer.duckdb"
    newer.write_bytes(Home(home).warehouse.read_bytes())
    with duckdb.connect(str(newer)) as con:
        con.execute("DELETE FROM base.targets")
    newer.replace(Home(home).warehouse)
    assert before > 0
    assert desk_of(client).tables("me")["targets"].height == 0


def test_other_devices_get_pages_packed_and_this_machine_does_not(home):
    desk = Desk(Settings(home, workers=1), lambda: NIGHT)
    for hosts, packed in (((), None), (("192.0.2.7",), "gzip")):
        guard = app_of(desk, PORT, "key", hosts=hosts)
        client = TestClient(guard, base_url=HERE)
        client.cookies.set(guard.cookie, "key")
        assert client.get("/").headers.get("content-encoding") == packed
        assert "<h1>" in client.get("/").text


def test_a_long_history_stands_folded_and_holds_every_session(reader):
    page = reader.get("/history?year=all").text
    sessions = desk_of(reader).tables("me")["activities"].filter(pl.col("preferred")).height
    assert sessions > SHOWN_AT_FIRST
    assert page.count('<th scope="row"><a href="/run/') == sessions
    assert page.partition("<summary>")[0].count('<th scope="row"><a href="/run/') == SHOWN_AT_FIRST
    assert f"<summary>{sessions - SHOWN_AT_FIRST} earlier sessions</summary>" in page


def test_another_sport_is_stated_on_the_page_of_a_run(client):
    activity = a_run(client)
    answer = post(client, f"/run/{activity}/sport", sport="ride")
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "counts as cycling from now on" in page
    assert "<h1>Ride on " in page
    assert post(client, f"/run/{activity}/sport", sport="flying").status_code == 400


def test_a_run_shows_its_splits_and_charts(reader):
    page = reader.get(f"/run/{a_run(reader)}")
    assert page.status_code == 200
    assert "Splits" in page.text


def test_the_samples_of_a_run_come_as_columns_of_one_length_without_positions(reader):
    data = reader.get(f"/run/{a_run(reader)}/samples.json").json()
    assert set(data) == {"t", "pace", "heart", "altitude", "bands", "pace_unit", "pace_slowest", "altitude_unit"}
    known = sorted(pace for pace in data["pace"] if pace is not None)
    assert known[len(known) // 2] < data["pace_slowest"] <= 1.25 * known[-1]
    assert len(data["t"]) > 100
    assert {len(data[n]) for n in ("pace", "heart", "altitude")} <= {0, len(data["t"])}


def test_the_line_of_a_chart_is_broken_where_nothing_was_recorded():
    samples = pl.DataFrame(
        {"t_s": [0.0, 1.0, 31.0], "speed_m_s": [2.5] * 3, "heart_rate_bpm": [120, None, 130], "altitude_m": [1.0] * 3}
    )
    data = chart(samples, [], "km")
    columns = {name: [None if v != v else v for v in data[name].tolist()] for name in ("t", "pace", "heart")}
    assert columns["t"] == [0.0, 1.0, 1.1, 31.0]
    assert columns["pace"] == [400.0, 400.0, None, 400.0]
    assert columns["heart"] == [120.0, None, None, 130.0]


def test_the_app_says_what_the_page_says(reader, finished):
    written = (finished / "reports" / "index.html").read_text(encoding="utf-8")
    decision = re.search(r'<section id="decision".*?</section>', written, re.S)[0]
    assert decision in reader.get("/").text


def test_the_history_counts_what_sql_counts(reader, finished):
    counted = desk_of(reader).tables("me")["activities"]["preferred"].sum()
    assert reader.get("/history?year=all").text.count('<th scope="row"><a href="/run/') == counted


def test_the_kinds_of_the_history_add_up_to_all_of_it(reader):
    def lines(kind: str) -> int:
        return reader.get(f"/history?year=all&kind={kind}").text.count('<th scope="row"><a href="/run/')

    assert lines("run") + lines("walk") + lines("other") == lines("")
    assert 0 < lines("run") < lines("")


def test_the_history_holds_every_week_ever(reader):
    weeks = desk_of(reader).tables("me")["weeks"].filter(pl.col("monday") <= AS_OF)
    shown = re.search(r'<section id="weeks".*?</section>', reader.get("/history").text, re.S)[0]
    assert shown.count('<th scope="row">') == weeks.height


def test_the_road_shows_where_this_week_stands(reader):
    level = desk_of(reader).story(None).target["level"]
    assert re.search(rf'class="here" aria-current="step"><b>{level}</b>', reader.get("/road").text)


def test_an_unknown_page_an_unknown_run_and_an_unknown_athlete_are_said_in_a_page(reader):
    for path, status in (("/nowhere", 404), ("/run/none", 400), ("/?athlete=none", 400), ("/why?week=2001-W01", 400)):
        answer = reader.get(path)
        assert (answer.status_code, "That did not work" in answer.text) == (status, True), path


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_foreign_host_is_refused(reader, host):
    assert reader.get("/", headers={"Host": host}).status_code == 421


def test_localhost_is_this_server(reader):
    assert reader.get("/road", headers={"Host": f"localhost:{PORT}"}).status_code == 200


def test_without_the_key_nothing_is_shown(finished):
    stranger = client_of(finished)
    stranger.cookies.clear()
    assert [stranger.get(path).status_code for path in ("/", "/files", "/?key=wrong")] == [403, 403, 403]


def test_the_printed_address_lets_in_and_leaves_the_key_out_of_the_next_one(finished):
    newcomer = client_of(finished)
    newcomer.cookies.clear()
    entered = newcomer.get("/history?key=key&year=2026")
    assert (entered.status_code, entered.headers["location"]) == (303, "/history?year=2026")
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert newcomer.get(entered.headers["location"]).status_code == 200


def test_the_way_in_leads_to_no_other_host(finished):
    assert client_of(finished).get(f"{HERE}//evil.example/?key=key").headers["location"] == "/evil.example/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://127.0.0.1:{PORT + 1}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_post_from_another_site_is_refused_although_its_token_is_right(client, home, headers):
    before = Journal(home / "archive" / "journal.jsonl").path.read_bytes()
    answer = client.post("/checkin", data={"csrf": token(client), "rpe": "4"}, headers=headers)
    assert answer.status_code == 403
    assert (home / "archive" / "journal.jsonl").read_bytes() == before


@pytest.mark.parametrize("path", ["/checkin", "/update", "/run/abc/forget", "/upload"])
def test_a_post_without_the_token_is_refused(client, path):
    assert client.post(path, data={"rpe": "4"}).status_code == 403
    assert client.post(path, data={"rpe": "4", "csrf": "wrong"}).status_code == 403


def test_every_form_carries_the_token(reader):
    for page in (*PAGES, f"/run/{a_run(reader)}"):
        for form in re.findall(r'<form method="post".*?</form>', reader.get(page).text, re.S):
            assert f'name="csrf" value="{token(reader)}"' in form


def test_other_methods_are_refused(reader):
    assert [reader.request(method, "/").status_code for method in ("PUT", "DELETE", "OPTIONS")] == [405] * 3


def test_every_answer_carries_the_policy_and_opens_to_nobody(reader):
    refused = reader.get("/", headers={"Host": "evil.example"})
    answers = [reader.get(p) for p in (*PAGES, "/nowhere", "/static/app.css", "/run/x/samples.json")]
    for answer in (refused, *answers):
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_what_a_person_can_mend_leaves_no_traceback(finished):
    guard = create_app(Settings(finished, workers=1), PORT, lambda: NIGHT, "key")
    strict = TestClient(guard, base_url=HERE)  # raises what the app lets through to the server
    strict.cookies.set(guard.cookie, "key")
    assert strict.get("/run/none").status_code == 400
    assert strict.post("/checkin", data={"rpe": "4"}).status_code == 403


def test_a_fault_of_ours_carries_the_policy_too(client, home, monkeypatch):
    monkeypatch.setattr(Desk, "refused", lambda self: 1 / 0)
    answer = client.get("/files")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == POLICY


def test_the_policy_allows_no_script_and_no_style_in_a_page(reader):
    assert "unsafe" not in POLICY
    for page in (*PAGES, f"/run/{a_run(reader)}"):
        text = reader.get(page).text
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", text), page


def test_no_page_names_another_host(reader):
    for page in (*PAGES, f"/run/{a_run(reader)}"):
        for address in re.findall(r'(?:src|href|action|data-\w+)="([^"]*)"', reader.get(page).text):
            assert urlsplit(address).netloc == "", (page, address)


def test_every_file_that_a_page_asks_for_is_there(reader):
    asked = {
        a for page in (*PAGES, f"/run/{a_run(reader)}") for a in re.findall(r'"(/static/[^"]+)"', reader.get(page).text)
    }
    assert len(asked) >= 6
    assert {reader.get(address).status_code for address in asked} == {200}


@pytest.mark.parametrize(
    "path", ["/static/../page.css", "/static/%2e%2e/%2e%2e/page.css", "/static/..%2f..%2fview_model.py"]
)
def test_static_files_lead_nowhere_else(reader, path):
    assert reader.get(f"/static/{path}").status_code in (400, 404)


def test_a_tapped_check_in_reaches_the_journal(client, home):
    answer = post(
        client, "/checkin", day="2026-06-28", rpe="4", talk_test="yes", pain="2", pain_place="left knee", ill="no"
    )
    assert answer.status_code == 303, answer.text
    entry = list(Journal(home / "archive" / "journal.jsonl").read(kinds=("checkin",), athlete_id="me"))[-1]
    assert entry.payload["day"] == "2026-06-28"
    assert entry.payload["values"] == {
        "rpe": 4.0, "talk_test": "yes", "pain": 2.0, "pain_place": "left knee", "ill": False
    }  # fmt: skip
    assert "Noted for Sunday, 2026-06-28: effort (0-10) 4" in client.get(answer.headers["location"]).text


def test_what_was_not_answered_is_not_in_the_journal(client, home):
    post(client, "/checkin", rpe="0", pain_place="", note="")
    entry = list(Journal(home / "archive" / "journal.jsonl").read(kinds=("checkin",), athlete_id="me"))[-1]
    assert entry.payload["values"] == {"rpe": 0.0}


def test_an_empty_check_in_and_one_of_tomorrow_are_refused(client):
    assert post(client, "/checkin").status_code == 400
    assert post(client, "/checkin", rpe="4", day="2026-06-29").status_code == 400
    assert post(client, "/checkin", rpe="40").status_code == 400


def test_a_note_is_shown_as_text_not_as_markup(client):
    answer = post(client, "/checkin", note="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(answer.headers["location"]).text


def test_strong_pain_stops_the_running_at_once(client):
    before = client.get("/").text
    answer = post(client, "/checkin", pain="7", pain_place="shin")
    after = client.get(answer.headers["location"]).text
    assert "With pain above 5 please do not run." in after
    assert "The plan was made again with it. No running for now" in after
    assert "No running for now" not in before


def test_a_check_in_can_be_taken_back_from_the_page_that_shows_it(client, home):
    page = client.get(post(client, "/checkin", rpe="9", day="2026-06-28").headers["location"]).text
    assert 'action="/unlog"' in page
    assert post(client, "/unlog", day="2026-06-28").status_code == 303
    assert standing_answers(Home(home), "me") == {}


def test_pain_said_while_another_run_is_at_work_is_kept_and_counts_when_that_run_is_over(client, home):
    with HomeLock(home / ".steadymile" / "lock", since=NIGHT):
        answer = post(client, "/checkin", pain="8")
        assert "as soon as that run is over" in client.get(answer.headers["location"]).text
    until = time.monotonic() + 180
    while "No running for now" not in client.get("/").text:
        assert time.monotonic() < until
        time.sleep(0.2)


def assert_no_page_of_a_stop_misleads(client):
    """Nobody is offered to override a stop, is called an experienced runner for it, or has to find a terminal."""
    assert "Set this week by hand" not in client.get("/why").text
    assert "#override" not in client.get("/coach").text
    road = client.get("/road").text
    assert "There is no running this week" in road
    assert "which is not on this ladder" not in road
    for page in ("/", "/why", "/week", "/coach"):
        text = client.get(page).text
        assert "report how it goes with <a href=" in text or page == "/why", page
        assert "steadymile log" not in text, page


def test_a_warning_sign_stays_open_on_the_page_until_it_is_cleared(client):
    assert "Set this week by hand" in client.get("/why").text
    post(client, "/checkin", red_flag="chest_pain")
    page = client.get("/").text
    assert "A warning sign is not cleared yet" in page
    assert "With chest pain, fainting or breathlessness call for help at once." in page
    assert_no_page_of_a_stop_misleads(client)
    post(client, "/unlog", day=AS_OF.isoformat())
    page = client.get("/").text
    assert "A warning sign is not cleared yet" not in page
    assert "Running is stopped" in page  # until a doctor's word, and here is where to give it
    post(client, "/checkin", cleared="yes")
    page = client.get("/").text
    assert "Running is stopped" not in page
    assert "The stop is lifted." in page


def test_a_run_without_a_watch_is_a_session(client):
    post(client, "/checkin", run_min="12", rpe="4")
    post(client, "/update")
    assert "12 min" in client.get("/history").text


def test_facts_are_shown_as_they_were_understood_and_reach_the_journal(client, home):
    page = client.get(post(client, "/facts", weight_kg="154 lb", days_free="mon,wed").headers["location"]).text
    assert "Mon, Wed" in page
    assert "69.9" in page
    entry = list(Journal(home / "archive" / "journal.jsonl").read(kinds=("facts",), athlete_id="me"))[-1]
    assert entry.payload["base"]["days_free"] == [1, 3]


def test_a_fact_that_cannot_be_understood_is_refused_and_nothing_is_written(client, home):
    before = (home / "athletes.toml").read_bytes()
    answer = post(client, "/facts", birth_year="eighty")
    assert (answer.status_code, "not a number" in answer.text) == (400, True)
    assert (home / "athletes.toml").read_bytes() == before


def test_a_fact_said_from_today_on_leaves_what_was_before(client, home):
    post(client, "/facts", weight_kg="80")
    post(client, "/facts", **{"weight_kg": "78", "from": "today"})
    athlete = Home(home).athletes()["me"]
    assert [athlete.facts(day).weight_kg for day in (AS_OF - timedelta(days=1), AS_OF)] == [80.0, 78.0]


def test_a_fact_that_was_dated_before_is_corrected_where_it_was_stated(client, home):
    post(client, "/facts", **{"weight_kg": "78", "from": "today"})
    post(client, "/facts", weight_kg="79")
    assert Home(home).athletes()["me"].facts(AS_OF).weight_kg == 79.0


def test_a_yes_to_the_health_question_plans_walks_at_once(client):
    page = client.get(post(client, "/facts", screening="yes").headers["location"]).text
    assert "The plan was made again with it." in page
    assert desk_of(client).story(None).target["run_min"] in (None, 0.0)


def test_a_week_set_by_hand_stands_beside_the_model_s_own(client):
    week = desk_of(client).story(None).target["week"]
    answer = post(client, "/override", week=week, run_min="5", by="coach", why="a cold in the house")
    assert answer.status_code == 303, answer.text
    page = client.get(f"/why?week={week}").text
    assert "steadymile&#39;s own choice was" in page or "steadymile's own choice was" in page
    assert "Changed by coach" in page or "coach" in page


def test_a_week_set_by_hand_needs_a_reason(client):
    week = desk_of(client).story(None).target["week"]
    assert post(client, "/override", week=week, run_min="5", by="coach", why=" ").status_code == 400


def test_less_pain_reported_later_is_answered_with_the_worst_of_the_day(client):
    post(client, "/checkin", day="2026-06-28", pain="4")
    less = post(client, "/checkin", day="2026-06-28", pain="1")
    assert "The worst pain of a day counts, and that is still 4." in client.get(less.headers["location"]).text
    back = post(client, "/unlog", day="2026-06-28")
    assert "Take back the answer before it, too" in client.get(back.headers["location"]).text
    more = post(client, "/checkin", day="2026-06-28", pain="5")
    assert "The worst pain of a day counts" not in client.get(more.headers["location"]).text


def test_a_run_that_was_said_to_be_its_own_can_be_a_copy_again(client):
    activity = a_run(client)
    assert "It is a copy after all" not in client.get(f"/run/{activity}").text
    post(client, f"/run/{activity}/keep")
    assert "It is a copy after all" in client.get(f"/run/{activity}").text
    post(client, f"/run/{activity}/unkeep")
    assert "It is a copy after all" not in client.get(f"/run/{activity}").text


def test_a_run_can_be_given_its_surface(client, home):
    activity = a_run(client)
    post(client, "/checkin", activity=activity, day="2026-06-28", surface="trail", pack_kg="4")
    page = client.get(f"/run/{activity}").text
    assert 'value="trail" checked' in page
    assert 'value="4"' in page
    assert "Saved: surface and pack. The plan and the lists use it from the next update." in page
    post(client, "/update")
    assert "Saved:" not in client.get(f"/run/{activity}").text
    row = desk_of(client).tables("me")["activities"].filter(pl.col("activity_id") == activity)
    assert row["surface"][0] == "trail"


def test_a_run_can_be_moved_to_another_day(client):
    activity = a_run(client)
    answer = post(client, f"/run/{activity}/date", time="2026-06-20T07:30")
    assert answer.status_code == 303, answer.text
    rows = desk_of(client).tables("me")["activities"]
    assert date(2026, 6, 20) in rows["local_day"].to_list()


def test_a_run_page_draws_the_way_without_a_coordinate(reader):
    activity = a_run(reader)
    page = reader.get(f"/run/{activity}").text
    with opened_published(desk_of(reader).settings) as con:
        sql = "SELECT latitude_deg, longitude_deg FROM samples WHERE activity_id = ? AND latitude_deg IS NOT NULL"
        places = con.execute(sql, [activity]).fetchall()
    assert places
    assert '<svg class="route"' in page
    assert not any(f"{value:.2f}" in page for place in places for value in place)


def test_a_run_page_names_the_weeks_that_rested_on_it(reader):
    reasons = desk_of(reader).tables("me")["reasons"].filter(pl.col("binding"))
    behind = {i for ids in reasons["activity_ids"] for i in ids}
    assert behind
    assert "What it meant for the plan" in reader.get(f"/run/{min(behind)}").text


def test_a_dropped_file_lands_in_the_inbox(client, home, finished):
    data = next((finished / "inbox").rglob("*.fit")).read_bytes()
    answer = drop(client, "Morning%20run.fit", data)
    assert (answer.status_code, answer.json()["name"]) == (200, "Morning run.fit")
    assert (home / "inbox" / "Morning run.fit").read_bytes() == data


def test_a_second_file_of_a_name_gets_a_number(client, home):
    assert [drop(client, "a.fit", data).json()["name"] for data in (b"one", b"two")] == ["a.fit", "a (2).fit"]
    assert (home / "inbox" / "a.fit").read_bytes() == b"one"


@pytest.mark.parametrize(
    "name",
    ["../a.fit", "..%2Fa.fit", "a/../../b.fit", "..", ".", "%2Fetc%2Fpasswd", "a%5Cb.fit", ".hidden", "a%00.fit", ""],
)
def test_a_name_that_leads_elsewhere_is_refused(client, home, name):
    before = sorted(home.parent.rglob("*"))
    assert drop(client, name, b"data").status_code == 400
    assert sorted(home.parent.rglob("*")) == before


@pytest.mark.parametrize("name", ["C:a.fit", "a\nb", "x" * 201, "Thumbs.db", "\ud800.fit"])
def test_other_strange_names_are_refused(name):
    with pytest.raises(Trouble):
        safe_name(name)


def test_a_file_beyond_the_inbox_s_limit_is_refused_and_leaves_nothing(home):
    client = client_of(home, max_file_mb=1)
    before = sorted((home / "inbox").rglob("*"))
    answer = drop(client, "big.fit", b"x" * (1024 * 1024 + 1))
    assert (answer.status_code, "1 MB" in answer.json()["what"]) == (413, True)
    assert sorted((home / "inbox").rglob("*")) == before


def test_a_forgotten_run_leaves_the_history(client):
    activity = a_run(client)
    answer = post(client, f"/run/{activity}/forget")
    assert answer.status_code == 303, answer.text
    assert f'href="/run/{activity}"' not in client.get("/history?year=all").text
    assert client.get(f"/run/{activity}").status_code == 400
    assert post(client, f"/run/{activity}/unforget").status_code == 303
    assert f'href="/run/{activity}"' in client.get("/history?year=all").text


def test_a_run_elsewhere_is_named_where_a_write_needs_the_home(client, home):
    activity = a_run(client)
    with HomeLock(home / ".steadymile" / "lock", since=NIGHT):
        answer = post(client, f"/run/{activity}/keep")
    assert answer.status_code == 503
    assert "Another steadymile run is at work here" in answer.text


def test_the_published_file_is_read_again_only_when_it_changed(client, home):
    desk = desk_of(client)
    first = desk.tables("me")["activities"]
    assert desk.tables("me")["activities"] is first
    copy = home / "copy.duckdb"
    copy.write_bytes((home / "warehouse.duckdb").read_bytes())
    copy.replace(home / "warehouse.duckdb")
    assert desk.tables("me")["activities"] is not first


def test_a_home_before_its_first_run_has_pages_too(tmp_path):
    client = client_of(tmp_path / "new")
    for page in PAGES:
        assert client.get(page).status_code == 200, page


def test_several_athletes_have_a_coach_page_and_a_menu(home):
    toml = home / "athletes.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "\n[zoe]\n", encoding="utf-8")
    client = client_of(home)
    assert "/?athlete=zoe" in client.get("/coach").text
    page = client.get("/history?athlete=me").text
    assert 'href="/calendar?athlete=me"' in page
    assert drop(client, "a.fit", b"x").status_code == 200
    assert (home / "inbox" / "me" / "a.fit").exists()


@pytest.fixture
def coach(home) -> TestClient:
    """A coach of two, one of whom asks something."""
    toml = home / "athletes.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "\n[zoe]\n", encoding="utf-8")
    client = client_of(home)
    post(client, "/checkin", athlete="me", note="May I swim?", ill="no")
    return client


def test_a_coach_sees_the_trend_of_eight_weeks_and_can_set_the_week(coach):
    page = coach.get("/coach").text
    assert page.count("<rect") == 8
    assert 'href="/why?athlete=me#override"' in page


def test_a_command_that_a_page_does_leads_there_and_another_stays_a_command():
    text = "".join(map(prose, ("Set `steadymile athlete set goal=5k`", ", not `steadymile athlete set randomise=0`.")))
    assert commands().sub("the page You", text) == (
        "Set the page You, not <code>steadymile athlete set randomise=0</code>."
    )


def test_the_weeks_to_choose_from_are_named_by_their_days():
    weeks = environment().get_template("app/why.html").blocks["header"]
    shown = {"heading": "Why", "weeks": ["2026-W27", "2026-W26"], "week": "2026-W26", "people": ()}
    page = "".join(weeks(environment().get_template("app/why.html").new_context(shown)))
    assert '<option value="2026-W27">Mon 29 Jun to Sun 5 Jul, 2026-W27</option>' in page


def test_a_page_about_everybody_leads_to_nobody_s_check_in(coach):
    post(coach, "/checkin", athlete="me", red_flag="chest_pain")
    page = coach.get("/coach").text
    assert "report how it goes with the check-in." in page
    assert "#checkin" not in page
    assert 'href="/?athlete=me#checkin"' in coach.get("/?athlete=me").text


def test_a_coach_s_answer_stands_beside_the_question_for_both(coach):
    assert "Asks you something" in coach.get("/coach").text
    post(coach, "/coach/answer", person="me", answer="Yes, gladly.")
    assert "Asks you something" not in coach.get("/coach").text
    assert "“May I swim? Coach: Yes, gladly.”" in coach.get("/?athlete=me").text


def test_an_athlete_who_was_looked_at_comes_back_with_the_next_news(coach):
    post(coach, "/coach/leave", person="me")
    assert "1 athlete looked at" in coach.get("/coach").text
    post(coach, "/checkin", athlete="me", pain="4", pain_place="knee")
    assert "looked at, nothing new" not in coach.get("/coach").text


def test_a_month_is_shown_in_whole_weeks_so_that_its_last_day_sees_the_days_to_come(client):
    page = client.get("/calendar?month=2026-06").text
    shown = re.findall(r'<span class="date">(.*?)</span>', page)
    assert (shown[0], shown[-1], len(shown)) == ("Mon 1 Jun", "Sun 5 Jul", 35)


def test_the_files_of_the_app_are_listed_in_the_package():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    house = ROOT / "reports"
    packed = {path for pattern in listed["steadymile.reports"] for path in house.glob(pattern) if path.is_file()}
    assert {path for path in (house / "app").rglob("*") if path.is_file()} <= packed


def test_vendored_files_are_named_with_their_licence():
    vendor = ROOT / "reports" / "app" / "static" / "vendor"
    named = (vendor / "README.md").read_text(encoding="utf-8")
    folders = [path for path in vendor.iterdir() if path.is_dir()]
    assert folders
    assert all(f"| {folder.name} |" in named and (folder / "LICENSE").is_file() for folder in folders)


def test_the_journal_line_of_a_check_in_is_json(client, home):
    post(client, "/checkin", rpe="3")
    assert json.loads((home / "archive" / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1])


def test_only_the_app_imports_the_web_and_only_its_command_imports_the_app():
    web = re.compile(r"^(?:from|import) (fastapi|starlette|uvicorn|steadymile\.pipelines\.app)\b", re.M)
    houses = ("ingest", "models", "warehouse", "reports", "pipelines", "studies", "steadymile")
    files = {path.relative_to(ROOT) for house in houses for path in (ROOT / house).rglob("*.py")}
    reach = {path for path in files if web.search((ROOT / path).read_text(encoding="utf-8"))}
    assert {str(path) for path in reach if path.parent != Path("pipelines/app")} == {"pipelines/cli/opening.py"}


def test_what_a_night_publishes_is_read_before_anybody_asks(home, monkeypatch):
    desk, ended, ready, read = Desk(Settings(home, workers=1), lambda: NIGHT), Event(), Event(), []
    monkeypatch.setattr("steadymile.pipelines.app.serve.LOOKED_S", 0.01)

    def warm(most):
        read.append(desk.reader.stamp())
        assert ready.is_set() == (most is None)
        if len(read) == 2:
            shutil.copy(desk.home.warehouse, home / "new")
            (home / "new").replace(desk.home.warehouse)
        elif len(read) > 2:
            ended.set()

    monkeypatch.setattr(Desk, "warm", lambda self, most=None: warm(most))
    kept_warm(desk, ended, ready)
    assert len(set(read)) == 2


def test_people_stand_in_the_menu_by_name_and_two_of_one_name_with_their_id_too():
    people = [Athlete("a1", "Anna"), Athlete("a2", "Anna"), Athlete("bo", "Bo Ekström"), Athlete("cy")]
    assert named(people) == [("a1", "Anna (a1)"), ("a2", "Anna (a2)"), ("bo", "Bo Ekström"), ("cy", "cy")]


def test_files_of_a_folder_that_is_nobody_s_stand_together_with_one_button(reader, monkeypatch):
    waits = {"status": "waiting", "code": "no_owner", "reason": "Nobody here is called so. `steadymile athlete`"}
    known = [{**waits, "path": path} for path in ("eva/a.fit", "eva/b.fit", "My Watch/c.fit")]
    monkeypatch.setattr(Desk, "refused", lambda self: known)
    page = reader.get("/files").text
    assert re.findall(r"<button[^>]*>(Add [^<]*)<", page) == ["Add eva as an athlete"]
    assert "<b>eva/</b> 2 files" in page
    assert "<b>My Watch/</b> 1 file" in page
    assert "<code>steadymile athlete</code>" in page


def test_one_persons_fault_is_logged_and_keeps_nobody_elses_pages_cold(tmp_path, monkeypatch, caplog):
    Home(tmp_path).make()
    Home(tmp_path).athletes_file.write_text("[anna]\n[bo]\n[cy]\n")
    read = []

    def story(self, athlete_id, week=None):
        read.append(athlete_id)
        raise {"anna": Trouble("No plan.", "Wait."), "bo": ZeroDivisionError()}.get(athlete_id, KeyError())

    monkeypatch.setattr(Desk, "story", story)
    Desk(Settings(tmp_path), lambda: NIGHT).warm()
    assert read == ["anna", "bo", "cy"]
    assert [record.args[0] for record in caplog.records] == ["bo", "cy"]


def test_a_home_whose_pages_cannot_be_prepared_opens_all_the_same(tmp_path, monkeypatch):
    ready = Event()
    monkeypatch.setattr("steadymile.pipelines.app.serve.rendering.warm", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kept_warm(Desk(Settings(tmp_path), lambda: NIGHT), Event(), ready)
    assert ready.is_set()


def test_a_run_that_failed_and_a_slip_in_athletes_toml_are_said_on_every_page(tmp_path):
    home = Home(tmp_path)
    home.make()
    set_facts(home, "me", {"birth_year": 1980}, None)
    Journal(home.journal).append([Entry("facts", NIGHT, athlete_payload(home.athletes()["me"]), "me")])
    client = client_of(tmp_path)
    assert "Not up to date" not in client.get("/").text
    home.athletes_file.write_text('[me]\nname = "Ann\n')
    page = client.get("/facts").text
    assert "athletes.toml is not valid TOML" in page
    assert "Until then, facts are as they were." in page
    failed(home, NIGHT, ["The disk is full."])
    desk = client.app.app.state.desk
    assert desk.notices(None, whole=False) == ["The last run failed, so this may be out of date."]
    assert desk.notices(None)[0].endswith("out of date. The disk is full.")
    home.athletes_file.write_text("[me]\nbirth_year = 1980\n")
    mended(home)
    assert desk.notices(home.known_athletes()[1]) == []


def test_an_athletes_toml_that_nothing_can_stand_in_for_is_named_on_a_page(tmp_path):
    Home(tmp_path).make()
    Home(tmp_path).athletes_file.write_text("[me\n")
    answer = client_of(tmp_path).get("/")
    assert (answer.status_code, "athletes.toml is not valid TOML" in answer.text) == (400, True)


def test_the_views_of_everybody_are_read_once_and_each_gets_their_own(finished, monkeypatch):
    asked, view = [], queries.view
    monkeypatch.setattr(queries, "view", lambda con, name, *more: asked.append((name, *more)) or view(con, name, *more))
    desk = Desk(Settings(finished, workers=1), lambda: NIGHT)
    (me,) = desk.home.athletes()
    mine, other = desk.tables(me), desk.tables("nobody")
    assert (mine["activities"].height > 0, other["activities"].height) == (True, 0)
    assert mine["weeks"].columns == other["weeks"].columns
    assert sorted(asked) == sorted((name, None) for name in app_reader.FIRST)  # of everybody


def test_a_coachs_rows_are_made_once_and_anew_when_somebody_says_something_about_themselves(home, monkeypatch):
    desk, made = Desk(Settings(home, workers=1), lambda: NIGHT), []
    monkeypatch.setattr(app_pages, "coach_rows", lambda *_: made.append(1) or [])
    for _ in range(2):
        app_pages.roster(desk)
    set_facts(desk.home, "me", {"name": "Ann"}, None)
    app_pages.roster(desk)
    assert len(made) == 2


def test_what_is_made_while_another_file_is_published_is_not_kept(finished, monkeypatch):
    reader = Desk(Settings(finished, workers=1), lambda: NIGHT).reader
    stamps = ["old"]
    monkeypatch.setattr(reader, "stamp", lambda: stamps[-1])

    def made() -> str:
        first = reader.kept(("part", "first"), lambda: stamps[-1])
        stamps.append("new")
        return f"{first} {reader.kept(('part', 'second'), lambda: stamps[-1])}"

    assert reader.kept(("whole",), made) == "old new"
    assert reader.kept(("whole",), lambda: "made again") == "made again"


def test_a_file_that_is_busy_makes_nobodys_row_unknown(home, monkeypatch):
    desk = Desk(Settings(home, workers=1), lambda: NIGHT)

    def busy(*_: object, **__: object) -> None:
        raise Busy("A run is at work on this home", "Wait a moment")

    with monkeypatch.context() as patched:
        patched.setattr(outputs, "row", busy)
        with pytest.raises(Busy):
            app_pages.roster(desk)
    assert [row.group for row in app_pages.roster(desk)] != ["unread"]


def test_a_row_that_cannot_be_made_is_logged_and_says_so(home, monkeypatch, caplog):
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(outputs, "row", broken)
    assert [row.group for row in app_pages.roster(Desk(Settings(home, workers=1), lambda: NIGHT))] == ["unread"]
    assert "The row of me could not be made" in caplog.text


def test_without_javascript_a_page_says_what_to_do_instead_of_what_needs_it(client):
    assert "copy the files into that folder yourself" in client.get("/files").text
    run = re.search(r'href="(/run/[^"?]+)', client.get("/history?kind=run").text)[1]
    assert "The charts need JavaScript" in client.get(run).text
