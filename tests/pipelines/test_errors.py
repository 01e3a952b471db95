"""What goes wrong around the program is told in plain words, on any terminal."""

from __future__ import annotations

import errno
import io
import subprocess
import sys

import duckdb
import pytest
from steadymile.pipelines.cli.main import main
from steadymile.pipelines.errors import plain
from steadymile.pipelines.home import Home, set_facts


def said(monkeypatch, *words: str, encoding: str = "utf-8") -> tuple[int, str]:
    """Exit code and all that the command says on a terminal of that encoding."""
    terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, terminal)
    monkeypatch.setattr(sys, "argv", ["steadymile", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    terminal.flush()
    return int(ended.value.code or 0), terminal.buffer.getvalue().decode(encoding)


def test_a_terminal_that_lacks_a_letter_shows_a_question_mark(tmp_path, monkeypatch):
    home = Home(tmp_path)
    home.make()
    set_facts(home, "me", {"name": "走 Jürgen"}, None)
    code, text = said(monkeypatch, "athlete", "--home", str(tmp_path), encoding="latin-1")
    assert (code, text.splitlines()[0]) == (0, "me (? Jürgen)")


def test_a_home_that_is_a_file_is_named(tmp_path, monkeypatch):
    place = tmp_path / "home"
    place.write_text("")
    code, text = said(monkeypatch, "nightly", "--home", str(place))
    assert (code, text) == (
        3,
        f"A file is where a folder should be: {place / 'inbox'}.\nMove it away, or name another --home.\n",
    )


@pytest.mark.parametrize(
    "words",
    [
        ("nightly", "--as-of", "2999-01-01"),
        ("plan", "--as-of", "0001-01-01"),
        ("log", "rpe=3", "--day", "1926-11-25"),
        ("athlete", "set", "weight_kg=70", "--from", "9999-12-31"),
    ],
)
def test_a_day_of_another_age_is_refused(tmp_path, monkeypatch, words):
    code, text = said(monkeypatch, *words, "--home", str(tmp_path))
    assert (code, text) == (2, f"{words[-1]} is out of range.\nGive a day from 1990 to 2100.\n")


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "warehouse.duckdb"), "The disk is full."),
        (RuntimeError("Could not write file: No space left on device"), "The disk is full."),
        (OSError(errno.EROFS, "Read-only file system", "journal"), "Nothing can be written here: journal."),
        (
            ModuleNotFoundError("No module named 'distributed'", name="distributed"),
            "The package distributed is missing.",
        ),
        (RuntimeError("Failed to reach API at x"), "No Prefect server answers (Failed to reach API at x)."),
        (PermissionError(errno.EACCES, "Permission denied", "inbox"), "No permission: inbox."),
        (
            duckdb.BinderException('Binder Error: Referenced column "code" not found in FROM clause!'),
            "What the last night published was written by another version of steadymile.",
        ),
    ],
)
def test_what_the_machine_refuses_is_told_in_plain_words(error, what):
    assert plain(error)[0] == what


def test_the_process_ends_with_the_code_of_its_command_and_all_that_was_said(tmp_path):
    command = [sys.executable, "-m", "steadymile.pipelines.cli.main", "status", "--home", str(tmp_path / "none")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith(f"{tmp_path / 'none'} has no warehouse yet.\nRun steadymile nightly")
