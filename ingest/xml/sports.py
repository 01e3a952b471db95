"""Whether the cadence of a GPX or TCX file counts the steps of one foot."""

from __future__ import annotations

import numpy as np

ON_FOOT = frozenset({"running", "walking", "hiking"})


def steps_per_minute(cadence: np.ndarray, sport: str) -> bool:
    """True where cadence counts one foot and is to be doubled: on foot, and the middle of what is not 0 below 120.

    Garmin's files count strides of one leg; runners take 140 steps a minute and more, walkers 90 to 130, so a
    middle value below 120 on a run can only be one leg. For walks the border is 75.
    """
    if sport not in ON_FOOT:
        return False
    moving = cadence[cadence > 0]
    return len(moving) > 0 and bool(np.median(moving) < (120 if sport == "running" else 75))
