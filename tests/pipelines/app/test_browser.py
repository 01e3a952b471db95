"""The local app in a real browser (Debian's Chromium by Playwright): what a person sees, taps and drops."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import numpy as np
import pytest
import uvicorn
from steadymile.models.weekplan import Step
from steadymile.pipelines.app.serve import create_app, listening
from steadymile.pipelines.settings import Settings
from steadymile.studies.synthetic.runner import MadeRunner, to_fit

from ..conftest import AS_OF, NIGHT

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (the dev extra has it)")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (the dev extra has it)")

PAGES = ("/", "/history", "/calendar", "/road", "/why", "/week", "/files", "/facts", "/coach")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1200, "height": 900}


@contextmanager
def served(home: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A server on a home, on loopback; its address with the key, and what ends it. It ends with the block at the
    latest."""
    with listening(None) as door:
        port = door.getsockname()[1]
        guard = create_app(Settings(home, workers=1, settle_s=0.0), port, lambda: NIGHT, "key")
        server = uvicorn.Server(uvicorn.Config(guard, log_level="error", lifespan="off", ws="none"))
        thread = Thread(target=lambda: server.run(sockets=[door]), daemon=True)
        thread.start()

        def end() -> None:
            server.should_exit = True
            thread.join(15)

        try:
            yield f"http://127.0.0.1:{port}", end
        finally:
            end()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    found = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium here to open a page with")
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=found, args=["--no-sandbox"] if os.name == "posix" else [])
        yield opened
        opened.close()


class Visit:
    """One browser window on one server, which remembers every complaint and every host that was asked."""

    def __init__(self, browser, address: str, **look) -> None:
        self.address = address
        self.context = browser.new_context(**look)
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.goto(f"{address}/?key=key")

    def go(self, path: str):
        self.page.goto(self.address + path)
        if path.startswith("/run/"):
            self.page.wait_for_selector(".uplot")
        return self.page

    def a_run(self) -> str:
        """The address of the newest run; walks may have been logged without a recording."""
        runs = self.go("/history?kind=run").locator(".sessions a")
        return runs.first.get_attribute("href").partition("?")[0]


@pytest.fixture(scope="module")
def reading(finished, browser) -> Iterator[Visit]:
    """A phone that only looks."""
    with served(finished) as (address, _):
        visit = Visit(browser, address, viewport=PHONE)
        yield visit
        visit.context.close()


@pytest.fixture
def writing(home, browser) -> Iterator[Visit]:
    """A phone on a home of its own."""
    with served(home) as (address, _):
        visit = Visit(browser, address, viewport=PHONE)
        yield visit
        visit.context.close()


@dataclass
class Seen:
    """What a browser found on one page in one window."""

    page: str
    wider_by: int
    violations: list[tuple[str, str]]


@pytest.fixture(scope="module")
def seen(finished, browser) -> tuple[list[Seen], list[str], set[str]]:
    """Every page in three windows, the written ones on a phone: what was found, all complaints, all hosts that were
    asked."""
    found, complaints, hosts = [], [], set()
    with served(finished) as (address, _):
        for look in (
            {"viewport": PHONE, "color_scheme": "light"},
            {"viewport": PHONE, "color_scheme": "dark"},
            {"viewport": DESK, "color_scheme": "light"},
        ):
            visit = Visit(browser, address, **look)
            for path in (*PAGES, visit.a_run()):
                page = visit.go(path)
                wider = page.evaluate("document.documentElement.scrollWidth") - look["viewport"]["width"]
                narrow = look["viewport"] is PHONE
                broken = axe.Axe().run(page).response["violations"] if narrow else []
                words = [(v["id"], v["nodes"][0]["html"]) for v in broken]
                found.append(Seen(f"{path} {look['color_scheme']} {'phone' if narrow else 'desk'}", wider, words))
            if look["viewport"] is PHONE:
                for file in sorted((finished / "reports").rglob("*.html")):
                    visit.page.goto(file.as_uri())
                    wider = visit.page.evaluate("document.documentElement.scrollWidth") - PHONE["width"]
                    words = [(v["id"], "") for v in axe.Axe().run(visit.page).response["violations"]]
                    found.append(Seen(f"{file.name} {look['color_scheme']}", wider, words))
            complaints += visit.complaints
            hosts |= visit.hosts - {urlsplit(address).netloc, ""}  # a written page has no host
            visit.context.close()
    return found, complaints, hosts


def test_axe_finds_nothing_on_any_page_light_or_dark(seen):
    assert [(page.page, page.violations) for page in seen[0] if page.violations] == []


def test_no_page_is_wider_than_its_window(seen):
    assert [(page.page, page.wider_by) for page in seen[0] if page.wider_by > 0] == []


def test_no_page_complains_to_the_console(seen):
    assert seen[1] == []


def test_no_page_asks_another_host(seen):
    assert seen[2] == set()


def test_a_run_has_three_charts_with_one_cursor(reading):
    page = reading.go(reading.a_run())
    page.wait_for_selector(".uplot")
    assert page.locator(".u-title").all_inner_texts() == ["Pace, min /km", "Heart rate, bpm", "Altitude, m"]
    page.locator(".u-over").first.hover()
    shown = page.locator(".u-legend .u-value").all_inner_texts()
    assert len([text for text in shown if text not in ("", "–", "--")]) == 6


def test_the_charts_of_a_run_zoom_by_keyboard_too(reading):
    page = reading.go(reading.a_run())
    whole = page.locator(".plot canvas").first.screenshot()
    page.get_by_role("button", name="Closer").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    near = page.locator(".plot canvas").first.screenshot()
    page.get_by_role("button", name="All", exact=True).press("Enter")
    page.wait_for_timeout(100)
    assert (near == whole, page.locator(".plot canvas").first.screenshot() == whole) == (False, True)


def test_a_dropped_recording_is_in_the_history_after_an_update(writing, tmp_path):
    start = datetime(2026, 6, 28, 6, tzinfo=UTC)
    done = MadeRunner(np.random.default_rng(5)).run_session(AS_OF, start, [Step(1, 0, 300), Step(2, 300, 60)])
    file = tmp_path / "Sunday.fit"
    file.write_bytes(to_fit(done))
    before = writing.go("/history").locator(".sessions tbody tr").count()
    page = writing.go("/files")
    page.set_input_files("#choose", str(file))
    page.wait_for_selector("text=It is in the inbox")
    page.get_by_role("button", name="Update now").click()
    page.wait_for_selector("text=1 new activity")
    assert writing.go("/history").locator(".sessions tbody tr").count() == before + 1


def test_pain_tapped_on_a_phone_stops_the_running_at_once(writing):
    page = writing.go("/")
    page.get_by_role("link", name="Something hurts").click()
    page.locator('[name=pain][value="7"]').check()
    page.locator('[name=pain_place][value="knee"]').check()
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector(".said")
    assert "please do not run" in page.locator(".said").inner_text()
    assert "No running for now" in page.locator("#decision").inner_text()
    assert "Pain 7 of 10 (knee)" in page.locator("#reported").inner_text()


def test_the_keyboard_alone_reaches_the_content_and_sends_a_check_in(writing):
    page = writing.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.locator("[name=rpe]").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said")
    assert "effort (0-10) 4" in page.locator(".said").inner_text()


def test_what_was_typed_comes_back_where_one_answer_was_wrong(writing):
    page = writing.go("/")
    page.locator("summary", has_text="without a watch").click()
    page.fill("input[name=run_min]", "abc")
    page.fill("textarea[name=note]", "knee fine on grass")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("section[role=alert]")
    assert "Minutes run: a number 0 to 1440" in page.locator("section[role=alert]").inner_text()
    page.go_back()
    assert page.input_value("textarea[name=note]") == "knee fine on grass"
    page.fill("input[name=run_min]", "12")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector(".said")
    assert page.input_value("textarea[name=note]") == ""


def test_a_form_on_another_site_changes_nothing(writing, home):
    before = (home / "archive" / "journal.jsonl").read_bytes()
    page = writing.context.new_page()
    page.set_content(
        f'<form method="post" action="{writing.address}/checkin"><input name="rpe" value="9"><button>Go</button></form>'
    )
    with page.expect_response(lambda answer: answer.url.endswith("/checkin")) as answered:
        page.get_by_role("button").click()
    assert answered.value.status == 403
    assert (home / "archive" / "journal.jsonl").read_bytes() == before


def test_the_last_page_can_be_read_while_the_server_is_not_running(finished, browser):
    with served(finished) as (address, end):
        visit = Visit(browser, address, viewport=PHONE)
        visit.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        heading = visit.go("/").locator("h1").inner_text()
        end()
        visit.page.reload()
        assert visit.page.locator("h1").inner_text() == heading
        visit.page.wait_for_selector("text=as it was last seen")
        assert visit.page.get_by_role("button", name="Send").is_disabled()
        visit.page.goto(f"{address}/history")  # never seen: the page that was leads on
        assert visit.page.url == f"{address}/"
        visit.context.close()


@pytest.mark.parametrize(("later_days", "begins"), [(0, "First comes "), (1, "Today: ")])
def test_the_written_page_names_what_is_planned_on_the_day_it_is_opened(finished, browser, later_days, begins):
    page = browser.new_page()
    page.clock.set_fixed_time(datetime.combine(AS_OF + timedelta(days=later_days), time(12)))
    page.goto((finished / "reports" / "index.html").as_uri())
    said = page.locator("#today").inner_text()
    assert said.startswith(begins)
    assert "undefined" not in said
    page.close()
