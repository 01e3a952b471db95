"""numpy columns into frames of the vocabulary: unknown is null, never NaN."""

from __future__ import annotations

import numpy as np
import polars as pl
from steadymile.models.recording import LAPS, SAMPLES

_UNKNOWN = {name: pl.Series(name, [None], dtype=dtype) for name, dtype in {**LAPS, **SAMPLES}.items()}


def frame(data: dict[str, np.ndarray], schema: pl.Schema) -> pl.DataFrame:
    """A frame of this schema; NaN and infinity become null, naive times UTC."""
    series = []
    for name, dtype in schema.items():
        values = data[name]
        if values.dtype.kind == "f":
            bad = ~np.isfinite(values)
            if bad.all():
                series.append(_UNKNOWN[name].new_from_index(0, len(values)))
                continue
            made = pl.Series(name, np.where(bad, np.nan, values) if bad.any() else values, nan_to_null=True)
            series.append(made)
        elif values.dtype.kind == "M":
            series.append(pl.Series(name, values.view(np.int64)).cast(dtype))
        else:
            series.append(pl.Series(name, values.tolist() if values.dtype == object else values, dtype=dtype))
    return pl.DataFrame(series)
