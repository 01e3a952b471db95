"""What an update of steadymile does to numbers that an older one measured: they are measured anew, and only they."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from steadymile.models.metrics.found import CATALOGUE
from steadymile.pipelines.cli.progress import silent
from steadymile.pipelines.commands.rebuild import rebuild_home, recompute_home
from steadymile.pipelines.home import Home
from steadymile.pipelines.reading import remeasure

from tests.pipelines.conftest import AS_OF, NIGHT, settings_of
from tests.pipelines.test_nightly import ask, hashes, nightly

NUMBERED = "SELECT definition, count(*) FROM metrics WHERE metric = 'running_s' GROUP BY 1 ORDER BY 1"


def age(home: Path, where: str = "true") -> list[str]:
    """Make the home one that an older version left: other numbers of running, by an older definition. Returns the
    paths concerned; `where` says of which activities."""
    of_them = f"activity_no IN (SELECT activity_no FROM base.activities WHERE {where})"
    by_an_older_version(
        home,
        f"UPDATE base.metrics SET definition = 1, value = value + 60 WHERE metric = 'running_s' AND {of_them}",
        f"UPDATE base.activities SET running_s = running_s + 60 WHERE {of_them}",
    )
    with duckdb.connect(str(Home(home).work), read_only=True) as con:
        found = con.execute(
            f"SELECT DISTINCT path FROM base.activities WHERE {where} AND source <> 'logged' ORDER BY 1"
        ).fetchall()
    return [path for (path,) in found]


def by_an_older_version(home: Path, *statements: str) -> None:
    """Leave the work database, and the fingerprint of what it was measured by, as an older version would."""
    with duckdb.connect(str(Home(home).work)) as con:
        for statement in statements:
            con.execute(statement)
    state = Home(home).private / "state.json"
    left = json.loads(state.read_text())
    state.write_text(json.dumps(left | {"fingerprints": dict.fromkeys(left["fingerprints"], "older")}))


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that were read during the test."""
    seen: list[str] = []
    read = remeasure.read_again

    def noting(run, originals):
        seen.extend(original.path for original in originals)
        return read(run, originals)

    monkeypatch.setattr(remeasure, "read_again", noting)
    return seen


def test_a_night_measures_anew_what_follows_an_older_definition(home, read_again):
    before = hashes(home)
    paths = age(home)
    nightly(home)
    assert sorted(read_again) == paths
    assert hashes(home) == before
    assert [d for d, _ in ask(home, NUMBERED)] == [CATALOGUE["running_s"].definition]


def test_only_files_with_older_numbers_are_read_again(home, read_again):
    before = hashes(home)
    paths = age(home, "local_day < DATE '2026-05-20'")
    nightly(home)
    assert 0 < len(paths) < ask(home, "SELECT count(DISTINCT path) FROM activities")[0][0]
    assert sorted(read_again) == paths
    assert hashes(home) == before


def test_a_night_without_older_numbers_reads_no_file_again(home, read_again):
    nightly(home)
    recompute_home(settings_of(home), everything=False, now=NIGHT, progress=silent, as_of=AS_OF)
    assert read_again == []


def test_recompute_measures_older_numbers_anew_and_a_rebuild_equals_it(home):
    age(home)
    recompute_home(settings_of(home), everything=False, now=NIGHT, progress=silent, as_of=AS_OF)
    after = hashes(home)
    rebuild_home(settings_of(home), NIGHT, silent)
    assert {v for v, h in hashes(home).items() if after[v] != h} == set()


def test_a_metric_that_is_new_is_measured_for_every_recording(home, read_again):
    before = hashes(home)
    by_an_older_version(home, "DELETE FROM base.metrics WHERE metric = 'mile_done'")
    nightly(home)
    assert len(read_again) == ask(home, "SELECT count(DISTINCT path) FROM activities")[0][0]
    assert hashes(home) == before


def test_where_the_original_is_gone_the_number_stays_with_its_definition_and_is_told(home):
    (path, *_) = age(home, "local_day < DATE '2026-05-20'")
    (sha,) = ask(home, f"SELECT sha256 FROM files WHERE path = '{path}'")[0]
    next((home / "archive" / "objects").rglob(f"{sha}*")).unlink()
    result = nightly(home)
    assert [(where, why[:26]) for where, why, _ in result.lost] == [(path, "The archive has no object ")]
    assert ask(home, NUMBERED)[0] == (1, 1)
    assert ask(home, "SELECT note FROM runs_log WHERE note IS NOT NULL") == [(f"not measured again: {path}",)]
