"""The Prefect flow and the plain command are one line: same steps, same result."""

from __future__ import annotations

import shutil
from datetime import timedelta
from hashlib import sha256

import pytest
from steadymile.pipelines.engine.access import home_key
from steadymile.pipelines.errors import HomeError, Trouble
from steadymile.pipelines.nightly import run

from tests.pipelines.conftest import AS_OF, NIGHT, fill, settings_of
from tests.pipelines.test_nightly import hashes


@pytest.fixture(scope="module")
def prefect_server(tmp_path_factory):
    """A throw-away Prefect server for this module, with its own folder."""
    import os

    from steadymile.pipelines.settings import quiet_prefect

    quiet_prefect()
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.mark.filterwarnings("ignore")
def test_the_flow_and_the_plain_command_give_the_same_warehouse(tmp_path, prefect_server, monkeypatch):
    plain, flow = tmp_path / "plain", tmp_path / "flow"
    monkeypatch.setenv("STEADYMILE_HOME", str(flow))
    fill(plain / "inbox", weeks=2)
    shutil.copytree(plain, flow)
    run(settings_of(plain), NIGHT, as_of=AS_OF)
    from steadymile.pipelines.engine.flows import nightly

    result = nightly(home=str(flow), as_of=AS_OF.isoformat())
    assert result["activities_new"] > 0
    skipped = {"files"}  # when each file was first seen differs by the clock
    before, after = hashes(plain), hashes(flow)
    assert {v for v in before if before[v] != after[v]} - skipped == set()


@pytest.mark.filterwarnings("ignore")
def test_each_run_of_the_flow_leaves_the_week_and_the_refused_files(tmp_path, prefect_server, monkeypatch):
    monkeypatch.setenv("STEADYMILE_HOME", str(tmp_path))
    fill(tmp_path / "inbox", weeks=1)
    (tmp_path / "inbox" / "broken.fit").write_bytes(b"\x0e\x10 nothing that a watch wrote")
    from prefect.artifacts import Artifact
    from steadymile.pipelines.engine.flows import nightly

    for _ in range(2):  # the second run finds nothing new and says the same
        nightly(home=str(tmp_path), as_of=AS_OF.isoformat())
        key = home_key(tmp_path)
        weeks, refused = (
            Artifact.get(f"week-{key}-{sha256(b'me').hexdigest()[:8]}"),
            Artifact.get(f"refused-files-{key}"),
        )
        assert weeks is not None
        assert weeks.data.startswith("**me 20")
        assert refused is not None
        assert "broken.fit" in refused.data
    assert refused.flow_run_id == weeks.flow_run_id


def states(home):
    """The states of the runs from the command line in this home, the newest first."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        runs = [run for run in client.read_flow_runs() if run.parameters.get("home") == str(home)]
    return [run.state.name for run in sorted(runs, key=lambda run: run.start_time, reverse=True)]


@pytest.mark.filterwarnings("ignore")
def test_a_run_from_the_command_line_ends_in_the_state_that_its_exit_code_says(tmp_path, prefect_server, monkeypatch):
    from steadymile.pipelines import steps
    from steadymile.pipelines.engine.flows import run_nightly

    fill(tmp_path / "inbox", weeks=1)
    assert not run_nightly(settings_of(tmp_path), AS_OF).failed
    assert states(tmp_path) == ["Completed"]

    def faulty(opened, athlete):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(steps, "measure_athlete", faulty)
    result = run_nightly(settings_of(tmp_path), AS_OF + timedelta(days=1))
    assert list(result.failed) == ["me"]
    assert states(tmp_path)[0] == "Failed"


@pytest.mark.filterwarnings("ignore")
def test_what_ends_a_run_from_the_command_line_is_raised_there(tmp_path, prefect_server):
    from steadymile.pipelines.engine.flows import run_nightly

    with pytest.raises(HomeError, match="no home"):
        run_nightly(settings_of(tmp_path / "nowhere"), AS_OF)
    assert states(tmp_path / "nowhere") == ["Failed"]


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "a/b", "..", ".hidden", "", "a" * 100, "a\n"])
def test_a_study_is_written_below_the_home_and_nowhere_else(tmp_path, monkeypatch, name):
    from steadymile.pipelines.engine.flows import study_folder

    monkeypatch.setenv("STEADYMILE_HOME", str(tmp_path))
    with pytest.raises(Trouble, match="cannot name a folder"):
        study_folder(name)
    assert study_folder("2026-11.a") == tmp_path / "reports" / "studies" / "2026-11.a"


@pytest.mark.parametrize(("athletes", "weeks"), [(9, 26), (10**9, 26), (600, 3), (600, 10**6)])
def test_a_study_that_would_never_end_is_refused(athletes, weeks):
    from steadymile.pipelines.engine.flows import study

    with pytest.raises(Trouble, match="out of range"):
        study.fn(athletes=athletes, weeks=weeks)
