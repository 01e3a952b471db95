"""Links for other devices: what each lets in, what it keeps out, and how it ends."""

from __future__ import annotations

import json
import os
import threading
import warnings
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest
from steadymile.pipelines.app import serve
from steadymile.pipelines.app.desk import Desk
from steadymile.pipelines.app.links import NAMES, doorway, links, qr_lines
from steadymile.pipelines.app.serve import app_of, clock_of, system_clock
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import DEMO_MARK
from steadymile.pipelines.settings import Settings

from ..conftest import NIGHT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client names another http library than Prefect brings
    from fastapi.testclient import TestClient

PORT = 8642
ADDRESS = "192.168.7.9"
FORMLESS = ("/", "/history", "/calendar", "/road", "/why")
OWNERS = ("/files", "/facts", "/coach")


def client_of(home: Path, word: str | None, at: str = ADDRESS) -> TestClient:
    """Somebody in the network who opened a link with a word."""
    desk = Desk(Settings(home, workers=1), lambda: NIGHT)
    desk.calendar = f"http://{ADDRESS}:{PORT}/calendar/cal"
    guard = app_of(desk, PORT, "key", hosts=(ADDRESS,), share="share", calendar="cal")
    client = TestClient(guard, base_url=f"http://{at}:{PORT}", follow_redirects=False, raise_server_exceptions=False)
    if word:
        client.cookies.set(guard.cookie, word)
    return client


@pytest.fixture(scope="module")
def friend(finished: Path) -> TestClient:
    """A client with the link that only reads."""
    return client_of(finished, "share")


def run_of(client: TestClient) -> str:
    found = client.app.app.state.desk.tables("me")["activities"].filter(pl.col("source") == "recorded")
    return found["activity_id"][0]


def test_the_address_in_the_network_lets_in_by_its_key(finished):
    entered = client_of(finished, None).get("/?key=key")
    assert entered.status_code == 303
    assert "Max-Age=34560000" in entered.headers["set-cookie"]
    assert client_of(finished, "key").get("/facts").status_code == 200


def test_without_a_word_nothing_is_shown_in_the_network(finished):
    stranger = client_of(finished, None)
    asked = (*FORMLESS, *OWNERS, "/?key=wrong", "/calendar/wrong.ics")
    assert {stranger.get(path).status_code for path in asked} == {403}


def test_another_address_of_the_network_is_not_this_server(finished):
    assert client_of(finished, "key", at="192.168.7.10").get("/").status_code == 421


def test_a_friend_reads_the_plan_and_finds_no_form(friend):
    for path in (*FORMLESS, f"/run/{run_of(friend)}"):
        answer = friend.get(path)
        assert answer.status_code == 200, path
        assert 'method="post"' not in answer.text, path


def test_a_friend_sees_neither_files_nor_facts_nor_others(friend):
    assert {friend.get(path).status_code for path in OWNERS} == {403}
    assert not any(f'href="{path}' in friend.get("/").text for path in OWNERS)


def test_a_friend_sees_no_route_and_no_calendar_address(friend, finished):
    owner = client_of(finished, "key")
    run = run_of(friend)
    assert '<svg class="route"' in owner.get(f"/run/{run}").text
    assert '<svg class="route"' not in friend.get(f"/run/{run}").text
    assert "/calendar/cal" in owner.get("/calendar").text
    assert "/calendar/cal" not in friend.get("/calendar").text


def test_a_friend_cannot_write_even_with_the_token(friend):
    token = friend.app.app.state.desk.token
    for path in ("/checkin", "/facts", "/override", "/update", "/files/date", f"/run/{run_of(friend)}/forget"):
        assert friend.post(path, data={"csrf": token, "rpe": "4"}).status_code == 403, path


def test_a_calendar_program_without_cookies_gets_the_calendar_by_its_address(finished):
    answer = client_of(finished, None).get("/calendar/cal.me.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.content == (finished / "calendar" / "me.ics").read_bytes()


def test_the_word_of_the_calendar_opens_nothing_else(finished):
    assert client_of(finished, "cal").get("/").status_code == 403
    assert client_of(finished, None).get("/?key=cal").status_code == 403


@pytest.mark.parametrize("path", ["/calendar/cal.../me.ics", "/calendar/cal.%2e%2e%2fme.ics", "/calendar/cal.none.ics"])
def test_a_calendar_address_leads_to_no_other_file(finished, path):
    assert client_of(finished, None).get(path).status_code in (400, 403, 404)


def test_links_stay_until_new_ones_are_asked_for(tmp_path):
    first = links(tmp_path / "links.json")
    assert set(first) == set(NAMES)
    assert links(tmp_path / "links.json") == first
    assert not set(links(tmp_path / "links.json", new=True).values()) & set(first.values())


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps to the rights of the folder above")
def test_only_their_owner_can_read_the_links(tmp_path):
    links(tmp_path / "links.json")
    assert (tmp_path / "links.json").stat().st_mode & 0o077 == 0


def test_a_file_of_links_that_is_no_file_of_links_is_made_anew(tmp_path):
    place = tmp_path / "links.json"
    place.write_text("{", encoding="utf-8")
    assert json.loads(json.dumps(links(place))) == links(place)


def test_a_qr_code_is_a_square_of_half_blocks():
    lines = qr_lines(f"http://{ADDRESS}:{PORT}/?key={'x' * 32}")
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == (len(lines[0]) + 1) // 2
    assert set("".join(lines)) <= set(" ▀▄█")


def test_the_home_of_a_demo_opens_today_like_its_page_and_later_in_the_week_it_ends_with(home):
    settings = Settings(home, workers=1)
    assert clock_of(settings) is system_clock
    (home / DEMO_MARK).write_text("", encoding="utf-8")
    weeks = Desk(settings, lambda: NIGHT).tables("me")["targets"].filter(pl.col("status") == "frozen")
    monday = date.fromisocalendar(*(int(part) for part in weeks["week"].max().split("-W")), 1)
    assert clock_of(settings)().date() == monday + timedelta(days=1)
    for days in (-1, 0, 6):
        assert clock_of(settings, at := noon(monday + timedelta(days=days))) is at
    assert clock_of(settings, noon(monday + timedelta(days=7)))().date() == monday + timedelta(days=1)


def noon(day: date):
    return lambda: datetime.combine(day, time(12), UTC)


def test_a_browser_is_told_a_file_of_its_owner_and_never_the_key(tmp_path):
    with doorway(tmp_path, "http://127.0.0.1:1/?key=abc&x=1") as opened:
        (file,) = tmp_path.iterdir()
        assert opened == file.as_uri()
        assert "abc" not in opened
        assert file.stat().st_mode & 0o077 == 0
        assert '0; url=http://127.0.0.1:1/?key=abc&amp;x=1"' in file.read_text()
    assert list(tmp_path.iterdir()) == []


def test_a_link_laid_in_the_place_of_a_secret_file_is_not_followed(tmp_path):
    private, elsewhere = tmp_path / "private", tmp_path / "elsewhere"
    private.mkdir()
    (private / "open.html.new").symlink_to(elsewhere)
    with doorway(private, "http://127.0.0.1:1/?key=abc"):
        assert not elsewhere.exists()


def test_a_home_that_is_not_made_yet_is_not_made_for_a_browser(tmp_path):
    with doorway(tmp_path / "none", "http://127.0.0.1:1/?key=abc") as opened:
        assert opened == "http://127.0.0.1:1/?key=abc"
    assert not (tmp_path / "none").exists()


def test_the_app_opens_at_the_port_that_calendars_know_and_elsewhere_where_it_is_taken(monkeypatch):
    with serve.listening(None) as free:
        known = free.getsockname()[1]
    monkeypatch.setattr(serve, "HOME_PORT", known)
    with serve.door(None, None) as first, serve.door(None, None) as second:
        assert first.getsockname() == ("127.0.0.1", known)
        assert second.getsockname()[1] != known
        with pytest.raises(Trouble, match=f"Port {known} is taken"):
            serve.door(known, None)


def test_the_calendar_can_be_downloaded_by_hand(finished):
    owner = client_of(finished, "key")
    page = owner.get("/calendar").text
    assert '<a class="button" href="/calendar/cal.me.ics" download="steadymile.ics">' in page
    assert owner.get("/calendar/cal.me.ics").content.startswith(b"BEGIN:VCALENDAR")


def test_other_devices_get_no_header_that_their_browser_would_complain_of(finished):
    far = client_of(finished, "key").get("/").headers
    assert ("cross-origin-opener-policy" in far, far["x-frame-options"]) == (False, "DENY")
    near = app_of(Desk(Settings(finished), lambda: NIGHT), PORT, "key").headers
    assert near["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(("word", "path"), [(None, "/"), ("share", "/files")])
def test_who_is_refused_reads_it_on_a_page_that_fits_a_phone(finished, word, path):
    answer = client_of(finished, word).get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert '<html lang="en">' in answer.text
    assert 'name="viewport"' in answer.text


def test_ctrl_c_closes_the_app_and_is_no_failure(home, monkeypatch):
    def closed(server, sockets):
        raise KeyboardInterrupt  # as uvicorn does once it has closed

    desks: list[Desk] = []
    monkeypatch.setattr(serve.uvicorn.Server, "run", closed)
    monkeypatch.setattr(serve, "Desk", lambda *given: desks.append(Desk(*given)) or desks[0])
    said: list[str] = []
    serve.open_app(Settings(home, workers=1), None, False, said.append)
    assert said[-1] == "Closed. What you entered is kept."
    assert desks[0].reader._con is None
    assert not any(thread.name.endswith("(kept_warm)") for thread in threading.enumerate())
