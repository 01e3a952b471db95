"""The made runner's files look like a watch's, faults included, and follow from the seed alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np

from models.decision import Step
from pipelines.made import MadeRunner
from pipelines.made_body import RecordedSession

MONDAY = date(2026, 3, 2)
START = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
EIGHT_MINUTES = (Step(1, 0, 300), Step(8, 60, 90), Step(1, 0, 300))


def recorded(seed: int = 3, **extra: object) -> RecordedSession:
    return MadeRunner(np.random.default_rng(seed)).run_session(MONDAY, START, EIGHT_MINUTES, **extra)  # type: ignore[arg-type]
