"""A FIT encoder: definitions, data, checksums, developer fields. It writes activities and structured workouts.

Everything is little-endian; an unknown value is written as its type's invalid number, never as 0.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from steadymile.models.checksum import crc16
from steadymile.models.weekplan import Step
from steadymile.reports.workouts.fit_profile import ENUMS, FLOAT32, MESSAGES, STRING, Field, raw

FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
HEADER_BYTES = 14
PROTOCOL = 0x20  # 2.0: developer fields are allowed
PROFILE = 2132
DEVELOPMENT = 255  # the profile's manufacturer number for software without one of its own
HEART_RATE_BPM_OFFSET = 100  # workout targets: 0-100 are percent of maximum, 100 + bpm is absolute

_DATETIMES = {"timestamp", "time_created", "start_time", "local_timestamp"}


def fit_time(moment: datetime) -> int:
    """Seconds since the FIT epoch, 1989-12-31 UTC."""
    return round((moment - FIT_EPOCH).total_seconds())


def _scalar(name: str, field: Field, value: Any) -> bytes:
    if field.base is STRING:
        return str(value).encode()[:254] + b"\0"
    if name in _DATETIMES and isinstance(value, datetime):
        value = fit_time(value)
    if isinstance(value, str):
        value = ENUMS[name][value]
    return raw(field, np.array([np.nan if value is None else value])).tobytes()


class FitWriter:
    """Builds one FIT file message by message. `finish()` gives the whole file, headers and checksums included."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._developer: dict[str, int] = {}
        self._layout = b""

    def _define(self, number: int, fields: bytes, count: int, developer: bytes = b"") -> None:
        """Write the definition of local message 0 unless it is the one already in force."""
        header = 0x60 if developer else 0x40
        layout = struct.pack("<BBBHB", header, 0, 0, number, count) + fields
        if developer:
            layout += struct.pack("<B", len(developer) // 3) + developer
        if layout != self._layout:
            self._parts.append(layout)
            self._layout = layout

    def message(self, name: str, **values: Any) -> None:
        """Write one message. Values are physical (metres, seconds, bpm), enumerations by name; None is unknown."""
        number, known = MESSAGES[name]
        cells = [(known[key], _scalar(key, known[key], value)) for key, value in values.items()]
        fields = b"".join(struct.pack("<BBB", f.number, len(cell), f.base.code) for f, cell in cells)
        self._define(number, fields, len(cells))
        self._parts.append(b"\0" + b"".join(cell for _, cell in cells))

    def developer_field(self, name: str, units: str) -> None:
        """Declare a developer field of float32 that `records` may then carry by this name."""
        if not self._developer:
            self.message("developer_data_id", developer_data_index=0, application_version=1)
        index = self._developer[name] = len(self._developer)
        self.message(
            "field_description",
            developer_data_index=0,
            field_definition_number=index,
            fit_base_type_id=FLOAT32.code,
            field_name=name,
            units=units,
        )

    def records(self, timestamps_s: np.ndarray, columns: Mapping[str, np.ndarray]) -> None:
        """Write one `record` message a row. `timestamps_s` whole seconds since the FIT epoch; NaN is unknown."""
        number, known = MESSAGES["record"]
        named = {"timestamp": timestamps_s, **columns}
        own = [key for key in named if key in known]
        extra = [key for key in named if key in self._developer]
        unknown = set(named) - set(own) - set(extra)
        if unknown:
            raise ValueError(f"not a record field: {', '.join(sorted(unknown))}; declare it with developer_field")
        kind = np.dtype([("header", "u1"), *((k, known[k].base.dtype) for k in own), *((k, "<f4") for k in extra)])
        block = np.zeros(len(timestamps_s), dtype=kind)
        for key in own:
            block[key] = raw(known[key], named[key])
        for key in extra:
            block[key] = named[key]
        fields = b"".join(struct.pack("<BBB", known[k].number, kind[k].itemsize, known[k].base.code) for k in own)
        developer = b"".join(struct.pack("<BBB", self._developer[k], 4, 0) for k in extra)
        self._define(number, fields, len(own), developer)
        self._parts.append(block.tobytes())

    def finish(self) -> bytes:
        """The file: 14-byte header with its checksum, messages, checksum of all of it."""
        body = b"".join(self._parts)
        head = struct.pack("<BBHI4s", HEADER_BYTES, PROTOCOL, PROFILE, len(body), b".FIT")
        whole = head + struct.pack("<H", crc16(head)) + body
        return whole + struct.pack("<H", crc16(whole))


def encode(messages: Iterable[tuple[str, Mapping[str, Any]]]) -> bytes:
    """A FIT file of (message name, values) pairs, in order."""
    writer = FitWriter()
    for name, values in messages:
        writer.message(name, **values)
    return writer.finish()


def _file_id(writer: FitWriter, kind: str, created: datetime, serial: int, product: str) -> None:
    writer.message(
        "file_id",
        type=kind,
        manufacturer=DEVELOPMENT,
        product=0,
        serial_number=serial,
        time_created=created,
        product_name=product,
    )


def _device_info(writer: FitWriter, start: float, serial: int, product: str) -> None:
    writer.message(
        "device_info",
        timestamp=start,
        device_index=0,
        manufacturer=DEVELOPMENT,
        serial_number=serial,
        product=0,
        software_version=1.0,
        product_name=product,
    )


def _timed_records(
    writer: FitWriter,
    start: float,
    t_s: np.ndarray,
    table: Mapping[str, np.ndarray],
    timer: Sequence[tuple[float, float]],
) -> None:
    """The samples between the events that start and stop the timer."""
    stopped = -np.inf
    for number, (begin, stop) in enumerate(timer):
        inside = (t_s >= begin) & (t_s <= stop) & (t_s > stopped)
        stopped = stop
        writer.message("event", timestamp=start + begin, event="timer", event_type="start")
        writer.records(start + t_s[inside], {k: v[inside] for k, v in table.items()})
        last = number == len(timer) - 1
        writer.message("event", timestamp=start + stop, event="timer", event_type="stop_all" if last else "stop")


def _end(writer: FitWriter, at: float, timer_s: float, utc_offset_s: int | None) -> None:
    local = {} if utc_offset_s is None else {"local_timestamp": at + utc_offset_s}
    writer.message(
        "activity",
        timestamp=at,
        total_timer_time=timer_s,
        num_sessions=1,
        type=0,
        event="activity",
        event_type="stop",
        **local,
    )


def activity_file(
    started_at: datetime,
    t_s: np.ndarray,
    columns: Mapping[str, np.ndarray],
    *,
    totals: Mapping[str, float | None],
    timer: Sequence[tuple[float, float]],
    laps: Sequence[Mapping[str, Any]] = (),
    sport: str = "running",
    sub_sport: str = "generic",
    rpe: float | None = None,
    feel: float | None = None,
    utc_offset_s: int | None = None,
    workout: str | None = None,
    serial: int = 1,
    product: str = "steadymile",
    developer: Mapping[str, tuple[str, np.ndarray]] | None = None,
) -> bytes:
    """One recorded session as a FIT activity file.

    `t_s` seconds since `started_at` of each row of `columns` (names of the FIT record message, NaN unknown); `timer`
    the stretches in which the timer ran; `totals` and `laps` fields of the session and lap messages; `developer`
    maps a name to (units, values).
    """
    start = fit_time(started_at)
    end_s = max(stop for _, stop in timer)
    writer = FitWriter()
    _file_id(writer, "activity", started_at, serial, product)
    _device_info(writer, start, serial, product)
    if workout is not None:
        writer.message("workout", sport=sport, wkt_name=workout)
    for name, (units, _) in (developer or {}).items():
        writer.developer_field(name, units)
    table = {**columns, **{name: values for name, (_, values) in (developer or {}).items()}}
    _timed_records(writer, start, t_s, table, timer)
    for number, lap in enumerate(laps):
        writer.message("lap", message_index=number, event="lap", event_type="stop", sport=sport, **lap)
    running = sum(stop - begin for begin, stop in timer)
    felt = {"workout_rpe": rpe, "workout_feel": feel}
    writer.message(
        "session",
        message_index=0,
        timestamp=start + end_s,
        event="lap",
        event_type="stop",
        start_time=start,
        sport=sport,
        sub_sport=sub_sport,
        total_elapsed_time=end_s,
        total_timer_time=running,
        first_lap_index=0,
        num_laps=len(laps),
        **{**totals, **{name: value for name, value in felt.items() if value is not None}},
    )
    _end(writer, start + end_s, running, utc_offset_s)
    return writer.finish()


def _workout_steps(steps: Sequence[Step], ceiling_bpm: float | None, running: str) -> list[dict[str, Any]]:
    """The watch's steps, repeats included. A block of several reps becomes run, walk, repeat."""
    out: list[dict[str, Any]] = []

    def add(name: str, seconds: int, intensity: str, ceiling: float | None) -> None:
        # A custom target of zone 0; the low end is far below any effort so that only "too high" ever beeps.
        target: dict[str, Any] = {"target_type": "open", "target_value": 0}
        if ceiling is not None:
            target = {
                "target_type": "heart_rate",
                "target_value": 0,
                "custom_target_value_low": HEART_RATE_BPM_OFFSET + 40,
                "custom_target_value_high": HEART_RATE_BPM_OFFSET + round(ceiling),
            }
        duration = {"duration_type": "time", "duration_value": seconds * 1000}
        out.append({"wkt_step_name": name, **duration, **target, "intensity": intensity})

    for number, step in enumerate(steps):
        if step.reps < 1 or step.run_s < 0 or step.walk_s < 0 or step.run_s + step.walk_s == 0:
            raise ValueError(f"a workout step needs at least one repetition and some time, not {step}")
        first = len(out)
        if step.run_s:
            add(running, step.run_s, "active", ceiling_bpm)
        if step.walk_s:
            ends = {0: "warmup", len(steps) - 1: "cooldown"}
            add("Walk", step.walk_s, "rest" if step.run_s else ends.get(number, "rest"), None)
        if step.reps > 1:
            repeat = {"duration_type": "repeat_until_steps_cmplt", "duration_value": first}
            out.append({"wkt_step_name": "Repeat", **repeat, "target_type": "open", "target_value": step.reps})
    return out


def workout_file(
    name: str,
    steps: Sequence[Step],
    *,
    created: datetime,
    heart_rate_ceiling_bpm: float | None = None,
    sport: str = "running",
    serial: int = 1,
    running: str = "Run",
) -> bytes:
    """A structured workout to copy to a watch: timed run and walk steps, repeats, a heart-rate ceiling on the runs.

    `running` is what the watch shows while running. ValueError when there is no step.
    `created` is given by the caller so that the same plan gives the same bytes.
    """
    if not steps:
        raise ValueError("a workout needs at least one step")
    watch_steps = _workout_steps(steps, heart_rate_ceiling_bpm, running)
    writer = FitWriter()
    _file_id(writer, "workout", created, serial, "steadymile")
    writer.message("workout", sport=sport, num_valid_steps=len(watch_steps), wkt_name=name)
    for index, step in enumerate(watch_steps):
        writer.message("workout_step", message_index=index, **step)
    return writer.finish()
