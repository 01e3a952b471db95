"""The columns of a recording while they are cleaned, with a flag for every touch."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray
from steadymile.models.recording import SAMPLES, Flag
from steadymile.models.signal.series import Bools, Floats

Flags = NDArray[np.int32]


@dataclass(slots=True)
class Cleaned:
    """Samples in time order as numpy columns named as in SAMPLES, NaN where unknown, with what was done to them.

    `altitude_broken` and `distance_broken` mark samples whose step from the one before is not travel; `bridged` those
    before which nothing was recorded for a while although the runner moved on (models/signal/gaps.py); `ridden` those
    reached in a vehicle, `ridden_m` how far; `recorded_share` that of the time without wide gaps, where these are more
    than half of it and nothing says that the timer stood still: then only totals are known.
    `scatter_m` is how far the places scatter, where that is more than a receiver's do and the way goes through smoothed
    ones. `distance_source` is `file`, `positions`, `speed` or None. `dropped` counts samples with absurd times.
    """

    ordered: pl.DataFrame
    t_s: Floats
    columns: dict[str, Floats]
    flags: Flags
    altitude_broken: Bools
    distance_broken: Bools
    bridged: Bools
    ridden: Bools
    ridden_m: float = 0.0
    recorded_share: float | None = None
    scatter_m: float | None = None
    distance_source: str | None = None
    dropped: int = 0
    touched: set[str] = field(default_factory=set)

    def put(self, name: str, values: Floats) -> None:
        """Replace a column."""
        self.columns[name] = values
        self.touched.add(name)

    def frame(self) -> pl.DataFrame:
        """The samples as a frame in the schema SAMPLES; NaN becomes null."""
        series = []
        for name in SAMPLES:
            if name == "t_s":
                series.append(pl.Series(name, self.t_s))
            elif name == "flags":
                series.append(pl.Series(name, self.flags))
            elif name in self.touched:
                series.append(pl.Series(name, self.columns[name], nan_to_null=True))
            else:
                series.append(self.ordered[name])
        return pl.DataFrame(series)

    def counts(self) -> dict[str, int]:
        """How many samples each flag touched, by the flag's name; flags that touched none are left out."""
        used = int(np.bitwise_or.reduce(self.flags)) if self.flags.size else 0
        found = {str(flag.name): int(np.count_nonzero(self.flags & int(flag))) for flag in Flag if used & int(flag)}
        if self.dropped:
            found[str(Flag.TIME_ABSURD.name)] = self.dropped
        return found
