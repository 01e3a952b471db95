"""FIT facts younger than fitparse's profile (March 2019), limited to what a runner's files hold.

Numbers, names and scales as Garmin's public FIT profile documents them. A field is
`number: (name, type, scale, offset, units)`.
"""

from __future__ import annotations

from collections.abc import Mapping

Fields = Mapping[int, tuple[str, str, float | None, float | None, str | None]]

_TIME = ("timestamp", "date_time", None, None, "s")

MESSAGES: Mapping[int, str] = {
    211: "monitoring_hr_data",
    216: "time_in_zone",
    229: "max_met_data",
    269: "spo2_data",
    273: "sleep_data_info",
    275: "sleep_level",
    297: "respiration_rate",
    306: "hsa_stress_data",
    308: "hsa_heart_rate_data",
    312: "split",
    313: "split_summary",
    314: "hsa_body_battery_data",
    346: "sleep_assessment",
    370: "hrv_status_summary",
    371: "hrv_value",
    382: "sleep_restless_moments",
    398: "skin_temp_overnight",
}

FIELDS: Mapping[int, Fields] = {
    18: {
        33: ("num_lengths", "uint16", None, None, "lengths"),
        38: ("end_position_lat", "sint32", None, None, "semicircles"),
        39: ("end_position_long", "sint32", None, None, "semicircles"),
        110: ("sport_profile_name", "string", None, None, None),
        147: ("avg_respiration_rate", "uint8", None, None, "breaths/min"),
        148: ("max_respiration_rate", "uint8", None, None, "breaths/min"),
        149: ("min_respiration_rate", "uint8", None, None, "breaths/min"),
        150: ("min_temperature", "sint8", None, None, "C"),
        168: ("training_load_peak", "sint32", 65536, None, None),
        169: ("enhanced_avg_respiration_rate", "uint16", 100, None, "breaths/min"),
        170: ("enhanced_max_respiration_rate", "uint16", 100, None, "breaths/min"),
        180: ("enhanced_min_respiration_rate", "uint16", 100, None, "breaths/min"),
        192: ("workout_feel", "uint8", None, None, None),
        193: ("workout_rpe", "uint8", None, None, None),
        195: ("avg_stress", "uint8", None, None, "percent"),
        197: ("sdrr_hrv", "uint8", None, None, "ms"),
        198: ("rmssd_hrv", "uint8", None, None, "ms"),
        199: ("total_fractional_ascent", "uint8", 100, None, "m"),
        200: ("total_fractional_descent", "uint8", 100, None, "m"),
        208: ("avg_core_temperature", "uint16", 100, None, "C"),
        209: ("min_core_temperature", "uint16", 100, None, "C"),
        210: ("max_core_temperature", "uint16", 100, None, "C"),
    },
    20: {
        87: ("cycle_length16", "uint16", 100, None, "m"),
        99: ("respiration_rate", "uint8", None, None, "breaths/min"),
        108: ("enhanced_respiration_rate", "uint16", 100, None, "breaths/min"),
        116: ("current_stress", "uint16", 100, None, None),
        139: ("core_temperature", "uint16", 100, None, "C"),
    },
    30: {13: ("bmi", "uint16", 10, None, "kg/m^2")},
    211: {
        0: ("resting_heart_rate", "uint8", None, None, "bpm"),
        1: ("current_day_resting_heart_rate", "uint8", None, None, "bpm"),
        253: _TIME,
    },
    229: {
        0: ("update_time", "date_time", None, None, None),
        2: ("vo2_max", "uint16", 10, None, "mL/kg/min"),
        5: ("sport", "sport", None, None, None),
        6: ("sub_sport", "sub_sport", None, None, None),
    },
    269: {
        0: ("reading_spo2", "uint8", None, None, "percent"),
        1: ("reading_confidence", "uint8", None, None, None),
        253: _TIME,
    },
    275: {0: ("sleep_level", "sleep_level", None, None, None), 253: _TIME},
    297: {0: ("respiration_rate", "sint16", 100, None, "breaths/min"), 253: _TIME},
    306: {
        0: ("processing_interval", "uint16", None, None, "s"),
        1: ("stress_level", "sint8", None, None, None),
        253: _TIME,
    },
    308: {
        0: ("processing_interval", "uint16", None, None, "s"),
        1: ("status", "uint8", None, None, None),
        2: ("heart_rate", "uint8", None, None, "bpm"),
        253: _TIME,
    },
    312: {
        0: ("split_type", "split_type", None, None, None),
        1: ("total_elapsed_time", "uint32", 1000, None, "s"),
        2: ("total_timer_time", "uint32", 1000, None, "s"),
        3: ("total_distance", "uint32", 100, None, "m"),
        9: ("start_time", "date_time", None, None, None),
        27: ("end_time", "date_time", None, None, None),
    },
    314: {
        0: ("processing_interval", "uint16", None, None, "s"),
        1: ("level", "sint8", None, None, "percent"),
        2: ("charged", "sint16", None, None, None),
        3: ("uncharged", "sint16", None, None, None),
        253: _TIME,
    },
    346: {
        0: ("combined_awake_score", "uint8", None, None, None),
        3: ("deep_sleep_score", "uint8", None, None, None),
        4: ("sleep_duration_score", "uint8", None, None, None),
        5: ("light_sleep_score", "uint8", None, None, None),
        6: ("overall_sleep_score", "uint8", None, None, None),
        7: ("sleep_quality_score", "uint8", None, None, None),
        8: ("sleep_recovery_score", "uint8", None, None, None),
        9: ("rem_sleep_score", "uint8", None, None, None),
        10: ("sleep_restlessness_score", "uint8", None, None, None),
        11: ("awakenings_count", "uint8", None, None, None),
        14: ("interruptions_score", "uint8", None, None, None),
        15: ("average_stress_during_sleep", "uint16", 100, None, None),
    },
    370: {
        0: ("weekly_average", "uint16", 128, None, "ms"),
        1: ("last_night_average", "uint16", 128, None, "ms"),
        2: ("last_night_5_min_high", "uint16", 128, None, "ms"),
        3: ("baseline_low_upper", "uint16", 128, None, "ms"),
        4: ("baseline_balanced_lower", "uint16", 128, None, "ms"),
        5: ("baseline_balanced_upper", "uint16", 128, None, "ms"),
        6: ("status", "hrv_status", None, None, None),
        253: _TIME,
    },
    371: {0: ("value", "uint16", 128, None, "ms"), 253: _TIME},
    398: {
        0: ("local_timestamp", "local_date_time", None, None, None),
        4: ("nightly_value", "float32", None, None, "C"),
        253: _TIME,
    },
}

WORDS: Mapping[str, Mapping[int, str]] = {}
