"""What a watch thinks of a session: its own VO2max, training effect, recovery time, performance condition.

Message 140 and the records' field 90 are not in the published profile. Their meaning is taken from files in which
they stand beside the published fields of the session, and agree with them.
"""

from __future__ import annotations

import numpy as np
from steadymile.ingest.fit.protocol.columns import Part, Table

_SESSION, _RECORD, _METRICS = 18, 20, 140
_AEROBIC, _VO2MAX, _RECOVERY_MIN, _CONDITION = 4, 7, 9, 90
_MET = 3.5 / 65_536.0
"""Watches keep VO2max as metabolic equivalents of 3.5 mL/kg/min in 1/65,536."""
_VO2MAX_RANGE, _EFFECT_MOST, _CONDITION_MOST, _RECOVERY_MOST_H = (10.0, 100.0), 5.0, 20.0, 24.0 * 8


def scores(part: Part, row: int, start: float, end: float) -> dict[str, float | None]:
    """The device's scores of a session, by the names of Stored; None where it states none. `start` and `end` are FIT
    times, by which the performance condition is found among the records."""
    session, metrics = part.table(_SESSION), part.table(_METRICS)
    aerobic = _at(session, row, "total_training_effect")
    anaerobic = _at(session, row, "total_anaerobic_training_effect")
    found: dict[str, float | None] = {
        "aerobic_training_effect": aerobic if aerobic is not None and 0.0 <= aerobic <= _EFFECT_MOST else None,
        "anaerobic_training_effect": anaerobic if anaerobic is not None and 0.0 <= anaerobic <= _EFFECT_MOST else None,
        "performance_condition": _condition(part.table(_RECORD), start, end),
    }
    if metrics is None or session is None or len(metrics) != len(session):
        return found
    effect = _at(metrics, row, _AEROBIC)
    if aerobic is not None and effect is not None and round(10 * aerobic) != effect:
        return found  # another message under the same number
    vo2max, recovery = _at(metrics, row, _VO2MAX), _at(metrics, row, _RECOVERY_MIN)
    if vo2max is not None and _VO2MAX_RANGE[0] <= vo2max * _MET <= _VO2MAX_RANGE[1]:
        found["vo2max_ml_kg_min"] = vo2max * _MET
    if recovery is not None and 0.0 <= recovery / 60.0 <= _RECOVERY_MOST_H:
        found["recovery_time_h"] = recovery / 60.0
    return found


def _at(table: Table | None, row: int, name: str | int) -> float | None:
    if table is None:
        return None
    value = float(table.numbers(name)[row])
    return value if np.isfinite(value) else None


def _condition(records: Table | None, start: float, end: float) -> float | None:
    if records is None:
        return None
    values, t = records.numbers(_CONDITION), records.numbers(253)
    known = np.flatnonzero((np.abs(values) <= _CONDITION_MOST) & (t >= start) & (t <= end))
    return float(values[known[-1]]) if len(known) else None
