"""Nothing leaves the machine: the line works where every connection is refused."""

from __future__ import annotations

import socket
from typing import NoReturn

import pytest
from steadymile.pipelines.nightly import run

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of


def test_a_night_from_folder_to_page_asks_for_no_connection(tmp_path, monkeypatch):
    asked: list[object] = []

    def refuse(*where: object, **more: object) -> NoReturn:
        asked.append(where)
        raise OSError("no network")

    for owner, name in ((socket.socket, "connect"), (socket, "create_connection"), (socket, "getaddrinfo")):
        monkeypatch.setattr(owner, name, refuse)
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("localhost", 9))
    asked.clear()
    home = tmp_path / "runner"
    fill(home / "inbox", weeks=1)
    assert run(settings_of(home), NIGHT, as_of=AS_OF).published
    assert asked == []
    assert (home / "reports" / "index.html").exists()
