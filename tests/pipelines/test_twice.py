"""Everything that a person can run twice, run twice: the second time changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from steadymile.pipelines.cli.table import app
from typer.testing import CliRunner

from tests.pipelines.conftest import AS_OF
from tests.pipelines.test_nightly import ask, hashes

DAY = AS_OF.isoformat()


def products(home: Path) -> dict[str, str]:
    """Every file that people or a rebuild rely on, by the hash of its bytes."""
    return {
        str(p.relative_to(home)): hashlib.sha256(p.read_bytes()).hexdigest()
        for folder in ("archive", "reports", "calendar", "workouts", "inbox")
        for p in sorted((home / folder).rglob("*"))
        if p.is_file()
    }


def command(home: Path, words: tuple[str, ...]) -> int:
    return CliRunner().invoke(app, ["--home", str(home), *words]).exit_code


@pytest.mark.parametrize(
    "words",
    [
        ("nightly", "--as-of", DAY),
        ("ingest",),
        ("plan", "--as-of", DAY),
        ("report", "--as-of", DAY, "--no-png"),
        ("athlete", "set", "weight_kg=70"),
        ("forget", "{activity}"),
        ("init",),
    ],
    ids=lambda words: words[0],
)
def test_the_second_time_changes_no_view_and_no_file(home, monkeypatch, words):
    monkeypatch.setenv("STEADYMILE_SETTLE_S", "0")
    activity = ask(home, "SELECT activity_id FROM activities WHERE preferred ORDER BY started_at")[0][0]
    words = tuple(word.format(activity=activity) for word in words)
    seen: list[tuple[int, dict[str, str], dict[str, str]]] = []
    for _ in range(2):
        code = command(home, words)
        seen.append((code, hashes(home), products(home)))
    (first, views, files), (second, views_again, files_again) = seen
    assert (first, second) == (0, 0)
    assert {v for v in views if views[v] != views_again[v]} == set()
    assert {f for f in {*files, *files_again} if files.get(f) != files_again.get(f)} == set()


def test_a_folder_synced_twice_is_copied_once(home, tmp_path):
    watch = tmp_path / "watch" / "GARMIN" / "ACTIVITY"
    watch.mkdir(parents=True)
    (watch / "new.fit").write_bytes(b"\x0e\x10\xd9\x07" + bytes(40))
    words = ("watch-sync", str(tmp_path / "watch"))

    def look() -> list[str]:
        return sorted(p.name for p in (home / "inbox").rglob("*"))

    command(home, words)
    before = look()
    command(home, words)
    assert look() == before
