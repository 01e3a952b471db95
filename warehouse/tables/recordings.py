"""Activities: samples, laps, bouts, file metrics and digest in; what the person stage and identity need out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import duckdb
import polars as pl
from steadymile.models.measured import ANSWERS, Recording
from steadymile.models.recording import BOUTS, LAPS, SAMPLES, SPLITS, Activity, Device, Stored
from steadymile.warehouse.database import bump, rows, transaction
from steadymile.warehouse.tables.metric_rows import finite, long_form
from steadymile.warehouse.tables.packing import pack, pack_signature, unpack, unpack_signature
from steadymile.warehouse.tables.replace import append, arriving, frame, replace
from steadymile.warehouse.tables.rows import NewRecording, Placed

Con = duckdb.DuckDBPyConnection

WIDE = (
    "elapsed_s",
    "timer_s",
    "moving_s",
    "running_s",
    "walking_s",
    "distance_m",
    "pace_s_per_km",
    "grade_adjusted_pace_s_per_km",
    "longest_run_s",
    "longest_run_m",
    "elevation_gain_m",
    "elevation_loss_m",
    "heart_rate_mean_bpm",
    "heart_rate_max_bpm",
    "heart_rate_coverage",
    "decoupling_pct",
    "cadence_mean_spm",
    "cadence_max_spm",
    "stride_length_m",
    "calories_kcal",
    "power_mean_w",
    "power_normalized_w",
    "temperature_mean_c",
    "gap_share",
    "jump_share",
    "position_coverage",
)
"""File metrics that the activities view shows as columns; stored beside the long form, from the same values."""

DECIMALS = {
    "t_s": 3,
    "latitude_deg": 7,
    "longitude_deg": 7,
    "altitude_m": 2,
    "distance_m": 2,
    "speed_m_s": 3,
    "heart_rate_bpm": 1,
    "cadence_spm": 1,
    "power_w": 1,
    "temperature_c": 1,
}
"""Samples are kept to what devices resolve (a centimetre of latitude), which halves the file; metrics were computed
from the full values, and the original is in the archive."""


def save_recordings(con: Con, records: Sequence[NewRecording]) -> int:
    """Save activities with samples, laps, bouts, file metrics and digest: one insert a table for the whole batch.

    Give batches of hundreds. Returns how many activities are new or differ from what was there.
    """
    latest = {r.activity_id: r for r in records}
    ordered = sorted(latest.values(), key=lambda r: (r.athlete_id, r.activity.started_at, r.activity_id))
    if not ordered:
        return 0
    with transaction(con):
        known = dict(
            rows(
                con,
                "SELECT activity_id, activity_no FROM base.activities WHERE activity_id IN (SELECT unnest(?))",
                [list(latest)],
            )
        )
        first = rows(con, "SELECT coalesce(max(activity_no), 0) + 1 FROM base.activities")[0][0]
        fresh = [(first + i, r) for i, r in enumerate(r for r in ordered if r.activity_id not in known)]
        again = [(known[r.activity_id], r) for r in ordered if r.activity_id in known]
        for table, new in _frames(con, fresh):
            append(con, table, new)
        if fresh:
            bump(con)
        return len(fresh) + _resave(con, again)


def _resave(con: Con, numbered: list[tuple[int, NewRecording]]) -> int:
    if not numbered:
        return 0
    scope = pl.DataFrame({"activity_no": [n for n, _ in numbered]}, schema={"activity_no": pl.Int32})
    return max(replace(con, table, new, ("activity_no",), within=scope) for table, new in _frames(con, numbered))


def _frames(con: Con, numbered: list[tuple[int, NewRecording]]) -> Iterable[tuple[str, pl.DataFrame]]:
    if not numbered:
        return
    yield "activities", frame(con, "activities", [_row(n, r) for n, r in numbered])
    yield "samples", _samples(numbered)
    yield "laps", _joined(numbered, [r.activity.laps for _, r in numbered], LAPS)
    yield "bouts", _joined(numbered, [r.measured.bouts for _, r in numbered], BOUTS)
    yield "splits", _joined(numbered, [r.measured.splits for _, r in numbered], SPLITS)
    yield (
        "metrics",
        long_form((({"activity_no": n}, r.measured.metrics) for n, r in numbered), {"activity_no": pl.Int32}),
    )


def _samples(numbered: list[tuple[int, NewRecording]]) -> pl.DataFrame:
    joined = _joined(numbered, [r.measured.samples for _, r in numbered], SAMPLES)
    return joined.with_columns(pl.col(name).round(places) for name, places in DECIMALS.items())


def _joined(numbered: list[tuple[int, NewRecording]], parts: list[pl.DataFrame], schema: pl.Schema) -> pl.DataFrame:
    """The parts under one another, each row with the number of its activity."""
    names = list(schema)
    one = pl.concat([p.select(names).cast(schema) if p.schema != schema else p for p in parts])
    numbers = pl.DataFrame(
        {"activity_no": [n for n, _ in numbered], "rows": [p.height for p in parts]},
        schema={"activity_no": pl.Int32, "rows": pl.UInt32},
    )
    column = numbers.select(pl.col("activity_no").repeat_by("rows").explode(empty_as_null=False)).to_series()
    return one.insert_column(0, column)


def _ended(activity: Activity, samples: pl.DataFrame) -> datetime:
    """The last sample that cleaning believed: one absurd time in a file must not stretch its session by decades."""
    last = samples["time"].max() if samples.height else None
    return last if isinstance(last, datetime) else activity.ended_at


def _row(number: int, record: NewRecording) -> dict[str, Any]:
    activity, measured = record.activity, record.measured
    device, stored, samples = activity.device, activity.stored, measured.samples
    values = {name: finite(measured.metrics.get(name)) for name in WIDE}
    gain = measured.metrics.get("elevation_gain_m")
    return {
        "activity_no": number,
        "activity_id": record.activity_id,
        "athlete_id": record.athlete_id,
        "sha256": record.sha256,
        "path": record.path,
        "index": record.index,
        "started_at": activity.started_at,
        "ended_at": _ended(activity, samples),
        "local_day": record.local_day,
        "timezone": record.timezone,
        "timezone_source": record.timezone_source,
        "sport": activity.sport,
        "sub_sport": activity.sub_sport,
        "kind": record.kind,
        "reader": activity.reader,
        "title": activity.title,
        "workout": activity.workout,
        "manufacturer": device.manufacturer,
        "product": device.product,
        "serial": device.serial,
        "software": device.software,
        "barometer": device.barometer,
        **values,
        "elevation_gain_sd_m": gain.sd if gain else None,
        "elevation_source": measured.elevation_source,
        **{f"device_{name}": getattr(stored, name) for name in Stored.__dataclass_fields__},
        "device_rpe": activity.rpe,
        "device_feel": activity.feel,
        "identity": activity.identity,
        "external_id": activity.external_id,
        "n_samples": samples.height,
        "has_heart_rate": _any(samples, "heart_rate_bpm"),
        "has_position": _any(samples, "latitude_deg"),
        "has_altitude": _any(samples, "altitude_m"),
        "has_cadence": _any(samples, "cadence_spm"),
        "counts": json.dumps(measured.counts, sort_keys=True),
        "notes": json.dumps(list(activity.notes), ensure_ascii=False),
        "digest": pack(measured.digest),
        "signature": None if record.signature is None else pack_signature(record.signature),
        "source": activity.source,
        "sport_source": activity.sport_source,
    }


def _any(samples: pl.DataFrame, column: str) -> bool:
    return samples.height > samples[column].null_count()


def remove_recordings(con: Con, athlete_id: str, activity_ids: Sequence[str]) -> int:
    """Remove these activities of the athlete with all that was measured of them. Returns how many there were."""
    numbers = rows(
        con,
        "SELECT activity_no FROM base.activities WHERE athlete_id = ? AND activity_id IN (SELECT unnest(?))",
        [athlete_id, list(activity_ids)],
    )
    if not numbers:
        return 0
    gone = [number for (number,) in numbers]
    with transaction(con):
        for table in ("samples", "laps", "bouts", "splits", "metrics", "activities"):
            con.execute(f"DELETE FROM base.{table} WHERE activity_no IN (SELECT unnest(?))", [gone])
        bump(con)
    return len(gone)


def save_places(con: Con, athlete_id: str, places: Sequence[Placed]) -> int:
    """Set local day, zone and its source of these activities of the athlete; nothing else of them is touched. Returns
    how many differ from what was there."""
    return _amend(con, athlete_id, pl.DataFrame([asdict(p) for p in places])) if places else 0


def save_kinds(con: Con, athlete_id: str, kinds: Mapping[str, str]) -> int:
    """Set what these activities of the athlete count as. Returns how many differ from what was there."""
    return _amend(con, athlete_id, pl.DataFrame({"activity_id": list(kinds), "kind": list(kinds.values())}))


def _amend(con: Con, athlete_id: str, coming: pl.DataFrame) -> int:
    """Set the columns of a frame, beside its activity_id, in the athlete's activities; returns how many differ."""
    names = [name for name in coming.columns if name != "activity_id"]
    differs = " OR ".join(f"a.{name} IS DISTINCT FROM c.{name}" for name in names)
    where = f"a.activity_id = c.activity_id AND a.athlete_id = ? AND ({differs})"
    if not coming.height:
        return 0
    with transaction(con), arriving(con, coming=coming):
        count = rows(con, f"SELECT count(*) FROM base.activities a, coming c WHERE {where}", [athlete_id])[0][0]
        if count:
            changed = ", ".join(f"{name} = c.{name}" for name in names)
            con.execute(f"UPDATE base.activities a SET {changed} FROM coming c WHERE {where}", [athlete_id])
            bump(con)
    return int(count)


def load_recordings(con: Con, athlete_id: str, *, forgotten: bool = False) -> list[Recording]:
    """All activities of an athlete, ascending by start, without samples; `forgotten` includes the hidden ones."""
    hidden = (
        "" if forgotten else "AND a.activity_id NOT IN (SELECT activity_id FROM base.standing WHERE word = 'forgotten')"
    )
    found = con.execute(
        f"""SELECT a.* REPLACE (timezone('UTC', started_at) AS started_at, timezone('UTC', ended_at) AS ended_at),
            m.duplicate_of, x.names, x.numbers,
            hash(a, x.names, x.numbers) AS fingerprint
        FROM base.activities a
        LEFT JOIN base.matches m ON m.activity_id = a.activity_id
        LEFT JOIN (
            SELECT activity_no, string_agg(metric, ' ') AS names, list(value) AS numbers
            FROM base.metrics
            WHERE activity_no IN (SELECT activity_no FROM base.activities WHERE athlete_id = $1) GROUP BY activity_no
        ) x ON x.activity_no = a.activity_no
        WHERE a.athlete_id = $1 {hidden} ORDER BY a.started_at, a.activity_id""",
        [athlete_id],
    )
    names = [column[0] for column in found.description]
    split: dict[str, list[str]] = {}  # recordings share a few lists of names: one word each is cheaper than sixty
    return [_recording(dict(zip(names, row)), split) for row in found.fetchall()]


_MADE = {"started_at", "ended_at", "device", "stored", "metrics", "digest", "notes", "signature", *ANSWERS}
_PLAIN = [name for name in Recording.__dataclass_fields__ if name not in _MADE]


def _recording(row: dict[str, Any], split: dict[str, list[str]]) -> Recording:
    words = row["names"] or ""
    if words not in split:
        split[words] = words.split()
    return Recording(
        **{name: row[name] for name in _PLAIN},
        started_at=row["started_at"].replace(tzinfo=UTC),
        ended_at=row["ended_at"].replace(tzinfo=UTC),
        device=Device(row["manufacturer"], row["product"], row["serial"], row["software"], row["barometer"]),
        stored=Stored(**{name: row[f"device_{name}"] for name in Stored.__dataclass_fields__}),
        metrics=dict(zip(split[words], row["numbers"] or ())),
        digest=unpack(row["digest"]),
        signature=unpack_signature(row["signature"]),
        rpe=row["device_rpe"],
        feel=row["device_feel"],
        notes=() if row["notes"] == "[]" else tuple(json.loads(row["notes"])),
    )


def outdated(con: Con, athlete_ids: Sequence[str], definitions: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """Originals whose file metrics are not exactly these, each by this definition: (athlete, sha256, path)."""
    cards = pl.DataFrame({"metric": list(definitions), "definition": list(definitions.values())})
    with arriving(con, cards=cards):
        return rows(
            con,
            """SELECT athlete_id, sha256, min(path) AS place FROM base.activities WHERE activity_no NOT IN (
                SELECT m.activity_no FROM base.metrics m LEFT JOIN cards c USING (metric, definition)
                GROUP BY m.activity_no HAVING count(*) = $1 AND count(c.metric) = $1
            ) AND source IS DISTINCT FROM 'logged'
            AND athlete_id IN (SELECT unnest($2)) GROUP BY athlete_id, sha256 ORDER BY athlete_id, place, sha256""",
            [len(definitions), list(athlete_ids)],
        )
