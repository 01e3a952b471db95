"""One budget a dropped file: plenty for sound recordings of any size, and an end for what unfolds without measure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.inbox import one_file
from steadymile.pipelines.reading.budget import NOTHING, Budget, budget_of
from steadymile.pipelines.reading.intake import in_place
from steadymile.pipelines.reading.worker import Job, process


@pytest.mark.parametrize(
    ("bytes_on_disk", "spent"),
    [
        (1_641_785, Budget(5.0, 1_641_785.0, 86_401.0, 86_400.0, 1.0)),
        (8_467_348, Budget(5.0, 8_467_348.0, 86_400.0, 86_399.0, 1.0)),
        (1_787_290, Budget(90.0, 3_975_000.0, 183_000.0, 180_000.0, 3_000.0)),
    ],
    ids=["24 h in FIT", "24 h in GPX", "a zip of 3,000 recordings of a minute, on a slow machine"],
)
def test_what_is_sound_is_far_from_the_end_of_its_budget(bytes_on_disk, spent):
    assert budget_of(bytes_on_disk).less(spent).lacking() is None


def test_a_few_bytes_that_unfold_to_millions_of_samples_end_their_budget():
    assert budget_of(46_000).less(replace(NOTHING, samples=7_900_000.0)).lacking() == "samples"


@pytest.mark.parametrize("named", [True, False])
def test_a_refused_member_is_kept_only_where_it_has_a_row_of_its_own(tmp_path, named):
    broken = tmp_path / "broken.fit"
    broken.write_bytes(b"\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT and nothing more")
    candidate = one_file(broken, Limits()).candidates[0]
    job = Job(candidate, "me", "UTC", named=named)
    outcome = process(job, frozenset(), tmp_path / "objects", Limits())
    assert outcome.status == "quarantined"
    in_place([outcome])
    assert bool(list((tmp_path / "refused").rglob("*.gz"))) is named
