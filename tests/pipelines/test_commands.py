"""Commands that look or decide: refused with the next step where they cannot be, and in nobody's way."""

from __future__ import annotations

import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.pipelines.cli.main import main
from steadymile.pipelines.cli.table import WHERE, app, commands_of
from steadymile.pipelines.commands.explain import preview_plan
from steadymile.pipelines.commands.log import log_checkin
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.lock import HomeLock
from typer.main import get_command

from tests.pipelines.conftest import AS_OF, NIGHT, settings_of
from tests.pipelines.test_nightly import command

WEEK = "2026-W27"
WHO = ("--who", "Ada", "--why", "travel")


def status(home: Path, *words: str) -> tuple[int, str]:
    """Exit code and what was said, of the command as people run it."""
    argv = ["steadymile", "--home", str(home), *words]
    with (
        patch.object(sys, "argv", argv),
        pytest.raises(SystemExit) as ended,
        redirect_stdout(StringIO()) as out,
        redirect_stderr(out),
    ):
        main()
    return int(ended.value.code or 0), " ".join(out.getvalue().split())


def overrides_of(home: Path) -> int:
    return len(list(Journal(home / "journal").read(kinds=("override",))))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["2026-W99", "level=J3", *WHO], "There is no week 2026-W99"),
        ([WEEK, "level=J99", *WHO], "There is no level J99"),
        ([WEEK, "sessions=nan", *WHO], "sessions=nan is not a number"),
        ([WEEK, "run_min=inf", *WHO], "run_min=inf is not a number"),
        ([WEEK, "sessions=1.5", *WHO], "not a whole number"),
        ([WEEK, "share=-1", *WHO], "below 0"),
        ([WEEK, "share=0.5", "--who", " ", "--why", "travel"], "Who changes the week"),
    ],
)
def test_an_override_that_cannot_be_is_refused_and_not_recorded(home, words, why):
    code, said = status(home, "override", *words)
    assert code == 2
    assert why in said
    assert overrides_of(home) == 0


def test_minutes_given_after_another_override_are_minutes(home):
    command(home, "override", WEEK, "share=0.5", *WHO)
    asked = command(home, "override", WEEK, "run_min=12", *WHO)
    assert asked.exit_code == 0
    held = float(asked.output.split("-> ")[1].split(" min")[0])
    assert abs(held - 12) <= 0.5


def test_an_answer_about_an_activity_that_there_is_not_is_refused(home):
    code, said = status(home, "log", "rpe=4", "--activity", "zzz")
    assert (code, "There is no activity zzz" in said) == (2, True)


def test_an_export_for_somebody_unknown_is_refused(home, tmp_path):
    code, said = status(home, "export", "activities", str(tmp_path / "a.csv"), "--athlete", "zz")
    assert (code, "Nobody here is called zz" in said) == (2, True)


def test_an_empty_question_is_refused(home):
    assert status(home, "sql", " ")[0] == 2


def test_looking_makes_no_home(tmp_path):
    nowhere = tmp_path / "nowhere"
    for words in (["replay", WEEK], ["plan"], ["explain"]):
        status(nowhere, *words)
    assert not nowhere.exists()


def test_looking_waits_for_nobody(home):
    with HomeLock(home / ".steadymile" / "lock", since=NIGHT):
        for words in (["plan", "--as-of", AS_OF.isoformat()], ["replay", WEEK], ["explain", WEEK]):
            assert command(home, *words).exit_code == 0


def test_a_look_ahead_knows_what_was_said_since_the_last_night(home):
    day = AS_OF + timedelta(days=7)
    now = NIGHT + timedelta(days=7)
    before = preview_plan(settings_of(home), None, now, day)[0][1]
    log_checkin(settings_of(home), None, ["pain=8"], day, None, now)
    after = preview_plan(settings_of(home), None, now, day)[0][1]
    assert (before.action.word != "stop", after.action.word) == (True, "stop")


def test_a_replay_tells_machines_which_policy_decided(home):
    told = json.loads(command(home, "replay", WEEK, "--json").output)
    assert told["policy_version"] == told["replayed_with"]


def test_the_version_names_the_policy_too():
    code, said = status(Path(), "--version")
    assert code == 0
    assert said.startswith("steadymile ")
    assert f"policy {IN_FORCE.version}" in said


@pytest.mark.parametrize("name", ["", *sorted(name for names in WHERE.values() for name in names)])
def test_the_help_names_what_is_meant_and_no_type_of_python(name):
    group = get_command(app)
    command = group.get_command(None, name) if name else group
    said = command.get_help(command.context_class(command, info_name=name))
    assert not re.search(r"<[a-z]|[{}]|<=", said)
    unexplained = [p.name for p in command.get_params(command.context_class(command)) if not p.help]
    assert unexplained == []


def test_what_must_be_given_stands_bare_in_the_usage_and_several_with_dots():
    usage = {}
    for name in ("doctor", "export"):
        command = commands_of("looking")[name]
        usage[name] = command.collect_usage_pieces(command.context_class(command))
    assert usage == {"doctor": ["[OPTIONS]", "FILE..."], "export": ["[OPTIONS]", "[VIEW]", "[FILE]"]}
