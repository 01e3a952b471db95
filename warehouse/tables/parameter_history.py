"""What is believed of a body by the day from which it holds, and the estimates of what it can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import duckdb
from steadymile.models.assessment.estimates import Estimated
from steadymile.models.physiology.parameter_history import Held
from steadymile.warehouse.tables.replace import frame, of_athlete, replace

Con = duckdb.DuckDBPyConnection


def save_body(con: Con, athlete_id: str, held: Sequence[Held]) -> int:
    """Set all that is believed of the athlete's body. Returns how many days changed."""
    records = [
        {
            "athlete_id": athlete_id,
            "valid_from": h.valid_from,
            "heart_rate_max_bpm": h.maximum.mean,
            "heart_rate_max_sd_bpm": h.maximum.sd,
            "heart_rate_max_source": h.maximum.source,
            "heart_rate_rest_bpm": h.rest.mean,
            "heart_rate_rest_sd_bpm": h.rest.sd,
            "heart_rate_rest_source": h.rest.source,
            "vt1_mean": h.vt1_mean,
            "vt1_sd": h.vt1_sd,
            "note": h.note,
        }
        for h in held
    ]
    return replace(con, "body", frame(con, "body", records), ("valid_from",), of_athlete(athlete_id))


def save_estimates(con: Con, athlete_id: str, as_of: date, found: Sequence[Estimated]) -> int:
    """Set all estimates of the athlete as of a day. Returns how many changed."""
    about = {"athlete_id": athlete_id, "as_of": as_of}
    records = [{**about, "number": number, **asdict(e)} for number, e in enumerate(found)]
    return replace(con, "estimates", frame(con, "estimates", records), ("name",), of_athlete(athlete_id))
