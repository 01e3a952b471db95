"""Activities: samples, laps, bouts, file metrics and digest in; what the person stage and identity need out."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import polars as pl

from models.activity import BOUTS, LAPS, SAMPLES, Device, Stored
from models.metric import CATALOGUE, Value
from warehouse.database import bump, rows, transaction
from warehouse.packing import pack, unpack
from warehouse.replace import append, frame, of_athlete, replace
from warehouse.rows import Answers, MatchRow, Recording, Remembered

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

PARTS = ("samples", "laps", "bouts", "metrics")


def save_recordings(con: Con, records: Sequence[Recording]) -> int:
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


def _resave(con: Con, numbered: list[tuple[int, Recording]]) -> int:
    if not numbered:
        return 0
    scope = pl.DataFrame({"activity_no": [n for n, _ in numbered]}, schema={"activity_no": pl.Int32})
    return max(replace(con, table, new, ("activity_no",), within=scope) for table, new in _frames(con, numbered))


def _frames(con: Con, numbered: list[tuple[int, Recording]]) -> Iterable[tuple[str, pl.DataFrame]]:
    if not numbered:
        return
    yield "activities", frame(con, "activities", [_row(n, r) for n, r in numbered])
    yield "samples", _samples(numbered)
    yield "laps", _joined(numbered, [r.activity.laps for _, r in numbered], LAPS)
    yield "bouts", _joined(numbered, [r.measured.bouts for _, r in numbered], BOUTS)
    yield (
        "metrics",
        _metrics((({"activity_no": n}, r.measured.metrics) for n, r in numbered), {"activity_no": pl.Int32}),
    )


def _samples(numbered: list[tuple[int, Recording]]) -> pl.DataFrame:
    joined = _joined(numbered, [r.measured.samples for _, r in numbered], SAMPLES)
    return joined.with_columns(pl.col(name).round(places) for name, places in DECIMALS.items())


def _joined(numbered: list[tuple[int, Recording]], parts: list[pl.DataFrame], schema: pl.Schema) -> pl.DataFrame:
    """The parts under one another, each row with the number of its activity."""
    names = list(schema)
    one = pl.concat([p.select(names).cast(schema) if p.schema != schema else p for p in parts])
    numbers = pl.DataFrame(
        {"activity_no": [n for n, _ in numbered], "rows": [p.height for p in parts]},
        schema={"activity_no": pl.Int32, "rows": pl.UInt32},
    )
    column = numbers.select(pl.col("activity_no").repeat_by("rows").explode(empty_as_null=False)).to_series()
    return one.insert_column(0, column)


def _metrics(
    grouped: Iterable[tuple[dict[str, Any], Mapping[str, Value]]], keys: dict[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    """Values in long form, each with the definition and unit of its card."""
    out: dict[str, list[Any]] = {name: [] for name in (*keys, "metric", "value", "reason", "sd", "source")}
    for ids, metrics in grouped:
        for name, value in metrics.items():
            for key, word in ids.items():
                out[key].append(word)
            out["metric"].append(name)
            out["value"].append(value.value)
            out["reason"].append(value.reason)
            out["sd"].append(value.sd)
            out["source"].append(value.source)
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


def _row(number: int, record: Recording) -> dict[str, Any]:
    activity, measured = record.activity, record.measured
    device, stored, samples = activity.device, activity.stored, measured.samples
    values = {name: _number(measured.metrics.get(name)) for name in WIDE}
    gain = measured.metrics.get("elevation_gain_m")
    return {
        "activity_no": number,
        "activity_id": record.activity_id,
        "athlete_id": record.athlete_id,
        "sha256": record.sha256,
        "path": record.path,
        "index": record.index,
        "started_at": activity.started_at,
        "ended_at": activity.ended_at,
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
        "signature": record.signature,
    }


def _any(samples: pl.DataFrame, column: str) -> bool:
    return samples.height > samples[column].null_count()


def _number(value: Value | None) -> float | None:
    return value.value if value and value.value is not None and math.isfinite(value.value) else None


def load_recordings(con: Con, athlete_id: str, *, forgotten: bool = False) -> list[Remembered]:
    """All activities of an athlete, ascending by start, without samples; `forgotten` includes the hidden ones."""
    hidden = (
        "" if forgotten else "AND a.activity_id NOT IN (SELECT activity_id FROM base.standing WHERE word = 'forgotten')"
    )
    found = con.execute(
        f"""SELECT a.*, m.duplicate_of, x.names, x.numbers
        FROM base.activities a
        LEFT JOIN base.matches m ON m.activity_id = a.activity_id
        LEFT JOIN (
            SELECT activity_no, list(metric) AS names, list(value) AS numbers FROM base.metrics
            WHERE activity_no IN (SELECT activity_no FROM base.activities WHERE athlete_id = $1) GROUP BY activity_no
        ) x ON x.activity_no = a.activity_no
        WHERE a.athlete_id = $1 {hidden} ORDER BY a.started_at, a.activity_id""",
        [athlete_id],
    )
    names = [column[0] for column in found.description]
    return [_remembered(dict(zip(names, row))) for row in found.fetchall()]


_PLAIN = [
    name for name in Remembered.__dataclass_fields__ if name not in {"device", "stored", "metrics", "digest", "notes"}
]


def _remembered(row: dict[str, Any]) -> Remembered:
    row |= {"rpe": row["device_rpe"], "feel": row["device_feel"]}
    return Remembered(
        **{name: row[name] for name in _PLAIN},
        device=Device(row["manufacturer"], row["product"], row["serial"], row["software"], row["barometer"]),
        stored=Stored(**{name: row[f"device_{name}"] for name in Stored.__dataclass_fields__}),
        metrics=dict(zip(row["names"] or (), row["numbers"] or ())),
        digest=unpack(row["digest"]),
        notes=tuple(json.loads(row["notes"])),
    )


def save_matches(con: Con, athlete_id: str, matches: Sequence[MatchRow]) -> int:
    """Set the athlete's duplicates: those not named are preferred again."""
    records = [
        {
            "athlete_id": athlete_id,
            "activity_id": m.activity_id,
            "duplicate_of": m.duplicate_of,
            "rule": m.rule,
            "detail": m.detail,
        }
        for m in matches
    ]
    return replace(con, "matches", frame(con, "matches", records), ("activity_id",), of_athlete(athlete_id))


def save_standing(con: Con, athlete_id: str, *, kept: Iterable[str], forgotten: Iterable[str]) -> int:
    """Set which activities the athlete keeps as their own (`keep`) and which are hidden everywhere (`forget`)."""
    words = {(i, "kept") for i in kept} | {(i, "forgotten") for i in forgotten}
    records = [{"athlete_id": athlete_id, "activity_id": i, "word": word} for i, word in sorted(words)]
    return replace(con, "standing", frame(con, "standing", records), ("activity_id",), of_athlete(athlete_id))


def load_standing(con: Con, athlete_id: str) -> tuple[frozenset[str], frozenset[str]]:
    """(kept, forgotten) activity ids."""
    found = rows(con, "SELECT word, activity_id FROM base.standing WHERE athlete_id = ?", [athlete_id])
    return (
        frozenset(i for word, i in found if word == "kept"),
        frozenset(i for word, i in found if word == "forgotten"),
    )


def save_answers(con: Con, athlete_id: str, answers: Mapping[str, Answers]) -> int:
    """Set the session answers by activity_id (rpe, talk_test, feel, surface, pack_kg, boots_g), check-ins and what the
    watch stored already merged by the caller. Activities not named have none."""
    known = ("rpe", "talk_test", "feel", "surface", "pack_kg", "boots_g")
    records = [
        {"athlete_id": athlete_id, "activity_id": i, **{name: said.get(name) for name in known}}
        for i, said in answers.items()
        if any(said.get(name) is not None for name in known)
    ]
    return replace(con, "answers", frame(con, "answers", records), ("activity_id",), of_athlete(athlete_id))


def save_person_metrics(con: Con, athlete_id: str, metrics: Mapping[str, Mapping[str, Value]]) -> int:
    """Set the person-stage metrics of all the athlete's activities: activity_id -> metric -> Value."""
    grouped = (({"athlete_id": athlete_id, "activity_id": i}, values) for i, values in metrics.items())
    long = _metrics(grouped, {"athlete_id": pl.String, "activity_id": pl.String})
    loads = [_session_load(athlete_id, i, values) for i, values in metrics.items()]
    scope = of_athlete(athlete_id)
    with transaction(con):
        changed = replace(con, "person_metrics", long, ("activity_id",), scope)
        wide = replace(con, "session_loads", frame(con, "session_loads", loads), ("activity_id",), scope)
    return max(changed, wide)


def _session_load(athlete_id: str, activity_id: str, values: Mapping[str, Value]) -> dict[str, Any]:
    load = values.get("load", Value())
    return {
        "athlete_id": athlete_id,
        "activity_id": activity_id,
        "load": _number(load),
        "load_sd": load.sd,
        "load_source": load.source,
        "comfort": _number(values.get("comfort")),
    }
