"""The part of the FIT profile that steadymile writes: message numbers, field numbers, types, scales.

Numbers as in the public FIT profile; `scale` and `offset` so that raw = (value + offset) * scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Base:
    """A FIT base type: its code in a definition, numpy type and the raw value that means unknown."""

    code: int
    dtype: str
    invalid: int | float


ENUM = Base(0x00, "u1", 0xFF)
SINT8 = Base(0x01, "i1", 0x7F)
UINT8 = Base(0x02, "u1", 0xFF)
SINT16 = Base(0x83, "<i2", 0x7FFF)
UINT16 = Base(0x84, "<u2", 0xFFFF)
SINT32 = Base(0x85, "<i4", 0x7FFFFFFF)
UINT32 = Base(0x86, "<u4", 0xFFFFFFFF)
STRING = Base(0x07, "S", 0)
FLOAT32 = Base(0x88, "<f4", float("nan"))
UINT32Z = Base(0x8C, "<u4", 0)
BYTE = Base(0x0D, "u1", 0xFF)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: number, base type, scale and offset."""

    number: int
    base: Base
    scale: float = 1.0
    offset: float = 0.0


SEMICIRCLES_PER_DEGREE = 2**31 / 180.0

MESSAGES: dict[str, tuple[int, dict[str, Field]]] = {
    "file_id": (
        0,
        {
            "type": Field(0, ENUM),
            "manufacturer": Field(1, UINT16),
            "product": Field(2, UINT16),
            "serial_number": Field(3, UINT32Z),
            "time_created": Field(4, UINT32),
            "product_name": Field(8, STRING),
        },
    ),
    "device_info": (
        23,
        {
            "timestamp": Field(253, UINT32),
            "device_index": Field(0, UINT8),
            "manufacturer": Field(2, UINT16),
            "serial_number": Field(3, UINT32Z),
            "product": Field(4, UINT16),
            "software_version": Field(5, UINT16, 100),
            "product_name": Field(27, STRING),
        },
    ),
    "event": (
        21,
        {
            "timestamp": Field(253, UINT32),
            "event": Field(0, ENUM),
            "event_type": Field(1, ENUM),
            "event_group": Field(4, UINT8),
        },
    ),
    "record": (
        20,
        {
            "timestamp": Field(253, UINT32),
            "position_lat": Field(0, SINT32, SEMICIRCLES_PER_DEGREE),
            "position_long": Field(1, SINT32, SEMICIRCLES_PER_DEGREE),
            "heart_rate": Field(3, UINT8),
            "cadence": Field(4, UINT8),
            "distance": Field(5, UINT32, 100),
            "temperature": Field(13, SINT8),
            "fractional_cadence": Field(53, UINT8, 128),
            "enhanced_speed": Field(73, UINT32, 1000),
            "enhanced_altitude": Field(78, UINT32, 5, 500),
        },
    ),
    "lap": (
        19,
        {
            "timestamp": Field(253, UINT32),
            "event": Field(0, ENUM),
            "event_type": Field(1, ENUM),
            "start_time": Field(2, UINT32),
            "total_elapsed_time": Field(7, UINT32, 1000),
            "total_timer_time": Field(8, UINT32, 1000),
            "total_distance": Field(9, UINT32, 100),
            "avg_heart_rate": Field(15, UINT8),
            "max_heart_rate": Field(16, UINT8),
            "total_ascent": Field(21, UINT16),
            "lap_trigger": Field(24, ENUM),
            "sport": Field(25, ENUM),
            "message_index": Field(254, UINT16),
        },
    ),
    "session": (
        18,
        {
            "timestamp": Field(253, UINT32),
            "event": Field(0, ENUM),
            "event_type": Field(1, ENUM),
            "start_time": Field(2, UINT32),
            "sport": Field(5, ENUM),
            "sub_sport": Field(6, ENUM),
            "total_elapsed_time": Field(7, UINT32, 1000),
            "total_timer_time": Field(8, UINT32, 1000),
            "total_distance": Field(9, UINT32, 100),
            "avg_heart_rate": Field(16, UINT8),
            "max_heart_rate": Field(17, UINT8),
            "avg_cadence": Field(18, UINT8),
            "total_ascent": Field(22, UINT16),
            "total_descent": Field(23, UINT16),
            "first_lap_index": Field(25, UINT16),
            "num_laps": Field(26, UINT16),
            "trigger": Field(28, ENUM),
            "workout_feel": Field(192, UINT8),
            "workout_rpe": Field(193, UINT8, 10),
            "message_index": Field(254, UINT16),
        },
    ),
    "activity": (
        34,
        {
            "timestamp": Field(253, UINT32),
            "total_timer_time": Field(0, UINT32, 1000),
            "num_sessions": Field(1, UINT16),
            "type": Field(2, ENUM),
            "event": Field(3, ENUM),
            "event_type": Field(4, ENUM),
            "local_timestamp": Field(5, UINT32),
        },
    ),
    "workout": (
        26,
        {
            "sport": Field(4, ENUM),
            "num_valid_steps": Field(6, UINT16),
            "wkt_name": Field(8, STRING),
        },
    ),
    "workout_step": (
        27,
        {
            "message_index": Field(254, UINT16),
            "wkt_step_name": Field(0, STRING),
            "duration_type": Field(1, ENUM),
            "duration_value": Field(2, UINT32),
            "target_type": Field(3, ENUM),
            "target_value": Field(4, UINT32),
            "custom_target_value_low": Field(5, UINT32),
            "custom_target_value_high": Field(6, UINT32),
            "intensity": Field(7, ENUM),
            "notes": Field(8, STRING),
        },
    ),
    "field_description": (
        206,
        {
            "developer_data_index": Field(0, UINT8),
            "field_definition_number": Field(1, UINT8),
            "fit_base_type_id": Field(2, UINT8),
            "field_name": Field(3, STRING),
            "units": Field(8, STRING),
        },
    ),
    "developer_data_id": (
        207,
        {
            "developer_data_index": Field(3, UINT8),
            "application_version": Field(4, UINT32),
        },
    ),
}

ENUMS: dict[str, dict[str, int]] = {
    "type": {"activity": 4, "workout": 5},
    "sport": {"generic": 0, "running": 1, "cycling": 2, "walking": 11, "hiking": 17},
    "sub_sport": {"generic": 0, "treadmill": 1, "street": 2, "trail": 3, "track": 4},
    "event": {"timer": 0, "workout": 3, "workout_step": 4, "session": 8, "lap": 9, "activity": 26},
    "event_type": {"start": 0, "stop": 1, "stop_all": 4},
    "lap_trigger": {"manual": 0, "time": 1, "distance": 2, "session_end": 7},
    "duration_type": {"time": 0, "distance": 1, "open": 5, "repeat_until_steps_cmplt": 6},
    "target_type": {"heart_rate": 1, "open": 2},
    "intensity": {"active": 0, "rest": 1, "warmup": 2, "cooldown": 3},
}
"""Names of the enumerated values that are written, by field name."""


def raw(field: Field, values: np.ndarray) -> np.ndarray:
    """Physical values (NaN unknown) as the file's raw numbers. ValueError when one does not fit its type."""
    if field.base is FLOAT32:
        return np.asarray(values, dtype="<f4")
    numbers = np.asarray(values, dtype=np.float64)
    unknown = np.isnan(numbers)
    scaled = np.rint((np.where(unknown, 0.0, numbers) + field.offset) * field.scale)
    limits = np.iinfo(field.base.dtype)
    if scaled.size and (scaled.min() < limits.min or scaled.max() > limits.max):
        worst = numbers[~unknown][np.argmax(np.abs(scaled[~unknown]))]
        raise ValueError(f"{worst:g} does not fit a FIT {field.base.dtype} field with scale {field.scale:g}")
    scaled[unknown] = field.base.invalid
    return scaled.astype(field.base.dtype)
