"""Metric values as rows: long form, each with the definition and unit of its card; never NaN."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from steadymile.models.metrics.catalogue import Value
from steadymile.models.metrics.found import CATALOGUE


def long_form(
    grouped: Iterable[tuple[dict[str, Any], Mapping[str, Value]]], keys: dict[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    """Values in long form, each with the definition and unit of its card."""
    groups = [(ids, metrics) for ids, metrics in grouped]
    values = [value for _, metrics in groups for value in metrics.values()]
    out: dict[str, list[Any]] = {
        **{key: [word for ids, metrics in groups for word in [ids[key]] * len(metrics)] for key in keys},
        "metric": [name for _, metrics in groups for name in metrics],
        "value": [value.value for value in values],
        "reason": [value.reason for value in values],
        "sd": [value.sd for value in values],
        "source": [value.source for value in values],
    }
    schema = {
        **keys,
        "metric": pl.String,
        "value": pl.Float64,
        "reason": pl.String,
        "sd": pl.Float64,
        "source": pl.String,
    }
    cards = pl.DataFrame(
        [(c.name, c.definition, c.unit) for c in CATALOGUE.values()],
        schema={"metric": pl.String, "definition": pl.Int32, "unit": pl.String},
        orient="row",
    )
    broken = pl.col("value").is_finite().not_()
    long = pl.DataFrame(out, schema=schema, strict=False).with_columns(
        reason=pl.when(broken).then(pl.lit("not a number")).otherwise("reason"),
        value=pl.when(broken.not_()).then("value"),
        sd=pl.when(pl.col("sd").is_finite()).then("sd"),
    )
    return long.join(cards, on="metric", how="left", maintain_order="left")


def finite(value: Value | None) -> float | None:
    """The value as a finite number, else None."""
    return value.value if value and value.value is not None and math.isfinite(value.value) else None
