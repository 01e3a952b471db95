"""Who may talk to Prefect: the password, the port, and servers of other machines."""

from __future__ import annotations

import http.server
import os
import socket
import stat
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from steadymile.pipelines.engine import access
from steadymile.pipelines.engine.access import auth_of, check_api_url, is_loopback, is_ours, password_file, port_is_free
from steadymile.pipelines.engine.flows import bounded, own
from steadymile.pipelines.engine.serve import deployment_name
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home


def test_the_password_is_made_once(tmp_path):
    assert auth_of(Home(tmp_path)) == auth_of(Home(tmp_path))


def test_an_empty_file_is_no_password(tmp_path):
    home = Home(tmp_path)
    password_file(home).parent.mkdir(parents=True)
    password_file(home).touch()
    assert auth_of(home).startswith("steadymile:")
    assert auth_of(home) == password_file(home).read_text()


def test_two_homes_have_two_passwords(tmp_path):
    assert auth_of(Home(tmp_path / "a")) != auth_of(Home(tmp_path / "b"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_the_password_is_readable_by_its_owner_alone(tmp_path):
    auth_of(Home(tmp_path))
    assert stat.S_IMODE(access.password_file(Home(tmp_path)).stat().st_mode) == 0o600


def test_the_server_asks_for_the_password_that_its_clients_give(tmp_path):
    found = access.server_environment(Home(tmp_path), 4200)
    assert found["PREFECT_SERVER_API_AUTH_STRING"] == found["PREFECT_API_AUTH_STRING"] == auth_of(Home(tmp_path))


def test_only_the_servers_own_pages_may_call_it(tmp_path):
    found = access.server_environment(Home(tmp_path), 4321)
    assert found["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4321"


def test_a_taken_port_is_not_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not port_is_free(taken.getsockname()[1])


@pytest.mark.skipif(not access.SOCKETS[0].exists(), reason="only Linux says whose a port is")
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::"])
def test_the_password_is_shown_to_no_server_of_another_user(monkeypatch, address):
    shown = []
    monkeypatch.setattr(access, "_status", lambda port, auth: shown.append(auth) or (200 if auth else 401))
    try:
        place = socket.create_server((address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET)
    except OSError:
        pytest.skip(f"no {address} here")
    with place:
        port = place.getsockname()[1]
        assert is_ours(port, "a:b")
        monkeypatch.setattr(os, "getuid", lambda: 54321)
        assert not is_ours(port, "a:b")
    assert shown == [None, "a:b", None]


def test_a_server_that_lets_anybody_in_is_not_ours():
    class Open(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Open) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            assert not is_ours(server.server_address[1], "steadymile:x")
        finally:
            server.shutdown()
            thread.join(5)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost", "::1"])
def test_loopback_names_mean_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["10.0.0.4", "example.org", "127.0.0.1.example.org", "localhost.example.org", ""])
def test_other_names_mean_another_machine(host):
    assert not is_loopback(host)


def test_a_server_on_another_machine_is_refused(monkeypatch):
    monkeypatch.delenv(access.REMOTE, raising=False)
    with pytest.raises(Trouble, match="another machine"):
        check_api_url("https://prefect.example.org/api")


def test_a_server_on_another_machine_can_be_allowed_in_words(monkeypatch):
    monkeypatch.setenv(access.REMOTE, "allowed")
    check_api_url("https://prefect.example.org/api")


def test_a_flow_takes_no_other_home_than_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("STEADYMILE_HOME", str(tmp_path / "mine"))
    with pytest.raises(Trouble, match="no other"):
        own(str(tmp_path / "theirs"))


def test_a_flow_takes_its_own_home_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("STEADYMILE_HOME", str(tmp_path / "mine"))
    assert own(str(tmp_path / "mine")).home == tmp_path / "mine"


def test_a_flow_takes_no_day_to_come_for_today():
    with pytest.raises(Trouble, match="out of range"):
        bounded((datetime.now(UTC).date() + timedelta(days=2)).isoformat())


def test_a_flow_takes_a_day_of_the_past_for_today():
    assert bounded("2026-06-28") == date(2026, 6, 28)


def test_a_flow_refuses_a_day_that_is_none():
    with pytest.raises(Trouble, match="not a day"):
        bounded("tomorrow")


def test_deployments_are_named_by_home(tmp_path):
    assert deployment_name(tmp_path / "a") != deployment_name(tmp_path / "b")


def test_the_name_of_a_deployment_shows_no_path(tmp_path):
    assert tmp_path.name not in deployment_name(tmp_path)
