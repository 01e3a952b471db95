"""Series that a recording holds side by side, each on its own times, joined to the columns of one track."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from steadymile.ingest.reading import Unreadable
from steadymile.ingest.xml.samples import Sampled, Track, sampled
from steadymile.ingest.xml.times import NO_TIME, parse_times
from steadymile.models.recording import Activity

MOST_ENTRIES = 2_000_000
SECOND_US = 1_000_000
PAUSES_AGREE_S = 5.0
COLUMNS = (
    "latitude", "longitude", "altitude", "heart_rate", "cadence", "power", "temperature", "speed", "distance",
)  # fmt: skip
"""The columns of a track that a series can be: degrees, m, bpm, per minute, W, Celsius, m/s, m since the start."""

Series = Mapping[str, tuple[np.ndarray, np.ndarray]]
"""Times in microseconds since 1970 and values, by column; NO_TIME and NaN where there are none."""


def document_of(data: bytes) -> Any:
    """What a JSON file holds. Raises Unreadable where it is no JSON, in words for who exported it."""
    try:
        return json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The JSON of the export cannot be read ({error})", "Unpack the export again") from None


def entries_of(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; empty for anything else. Raises Unreadable where there are more than any recording has."""
    if not isinstance(value, list):
        return []
    if len(value) > MOST_ENTRIES:
        raise Unreadable(f"The session holds more than {MOST_ENTRIES:,} samples of one kind", "It cannot be read")
    return [entry for entry in value if isinstance(entry, dict)]


def values_of(entries: Sequence[Mapping[str, Any]], name: str) -> np.ndarray:
    """One field of every entry, NaN where it is missing or no number."""
    return numbers_of([entry.get(name) for entry in entries])


def numbers_of(values: Sequence[Any]) -> np.ndarray:
    """Numbers of a JSON list, NaN for everything else, true and false included."""
    found = np.full(len(values), np.nan)
    for i, value in enumerate(values):
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
            found[i] = float(value)
    return found


def times_of(words: Sequence[Any]) -> np.ndarray:
    """ISO 8601 times as UTC microseconds; those without a zone as if they were UTC."""
    return parse_times([word.encode("utf-8", "replace") if isinstance(word, str) else None for word in words]).us


def epoch_ms(values: np.ndarray) -> np.ndarray:
    """Milliseconds since 1970 as microseconds, NO_TIME where there are none."""
    known = np.isfinite(values) & (np.abs(values) < 4.2e12)
    us = np.full(len(values), NO_TIME, np.int64)
    us[known] = np.rint(values[known] * 1000.0).astype(np.int64)
    return us


def moment_at(ms: float | None) -> datetime | None:
    """The time of milliseconds since 1970; None where nobody recorded anything then (before 1990, after 2099)."""
    if ms is None or not 6.4e11 <= ms < 4.1e12:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def moment_us(at: datetime) -> int:
    """Microseconds since 1970 of a time."""
    return int((at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1e6)


def joined(series: Series, sport: str) -> Sampled | None:
    """The series on the seconds that any of them names: those of one second differ by milliseconds. Of two values of a
    series in one second the later stands. None where there is no value with a usable time."""
    on_seconds = {}
    for column, (at, values) in series.items():
        known = (at != NO_TIME) & np.isfinite(values)
        if known.any():
            on_seconds[column] = at[known] // SECOND_US * SECOND_US, values[known]
    if not on_seconds:
        return None
    us = np.unique(np.concatenate([at for at, _ in on_seconds.values()]))

    def laid(column: str) -> np.ndarray | None:
        if column not in on_seconds:
            return None
        at, values = on_seconds[column]
        order = np.argsort(at, kind="stable")
        found = np.full(us.size, np.nan)
        found[np.searchsorted(us, at[order])] = values[order]
        return found

    return sampled(Track(us=us, **{column: laid(column) for column in COLUMNS}), sport)


def unnamed(result: Sampled, reader: str) -> Activity:
    """A session of which this file holds the samples alone: its sport stands in another one."""
    return Activity(
        started_at=result.started_at,
        sport="unknown",
        samples=result.samples,
        reader=reader,
        left_out=int((~result.kept).sum()),
        notes=result.notes,
    )


def since(result: Sampled, start: datetime) -> pl.DataFrame:
    """The samples with their seconds counted from the start of the session, where that is before them."""
    early = (result.started_at - start).total_seconds()
    return result.samples.with_columns(pl.col("t_s") + early) if early > 0 else result.samples


def stretches(
    pauses: Sequence[tuple[float, float]], elapsed_s: float | None, timer_s: float | None
) -> tuple[tuple[float, float], ...] | None:
    """When the timer ran, in seconds since the start, between the pauses that a file states. None where it states
    none, or pauses that do not add up to what its own timer left out."""
    if not elapsed_s or not pauses:
        return None
    inside = sorted((max(begin, 0.0), min(end, elapsed_s)) for begin, end in pauses if end > begin)
    if timer_s is not None and abs(elapsed_s - sum(end - begin for begin, end in inside) - timer_s) > PAUSES_AGREE_S:
        return None
    edges = [0.0, *(edge for pause in inside for edge in pause), elapsed_s]
    return tuple((start, stop) for start, stop in zip(edges[::2], edges[1::2]) if stop > start) or None
