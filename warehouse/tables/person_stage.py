"""What is said and computed of activities once the person is known: copies, standing, answers, load and comfort."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import duckdb
import polars as pl
from steadymile.models.metrics.catalogue import Value
from steadymile.warehouse.database import rows, transaction
from steadymile.warehouse.tables.metric_rows import finite, long_form
from steadymile.warehouse.tables.replace import frame, of_athlete, replace
from steadymile.warehouse.tables.rows import Answers, MatchRow

Con = duckdb.DuckDBPyConnection


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


SPORT = "sport:"
"""How a stated sport begins in the table of what was said of activities."""


def save_standing(
    con: Con,
    athlete_id: str,
    *,
    kept: Iterable[str],
    forgotten: Iterable[str],
    sports: Mapping[str, str] | None = None,
) -> int:
    """Set which activities the athlete keeps as their own (`keep`), which are hidden everywhere (`forget`), and which
    sport they state of one."""
    words = {(i, "kept") for i in kept} | {(i, "forgotten") for i in forgotten}
    words |= {(i, SPORT + sport) for i, sport in (sports or {}).items()}
    records = [{"athlete_id": athlete_id, "activity_id": i, "word": word} for i, word in sorted(words)]
    return replace(con, "standing", frame(con, "standing", records), ("activity_id",), of_athlete(athlete_id))


def load_stated_sports(con: Con, athlete_id: str) -> dict[str, str]:
    """The sports that the athlete states, by activity id."""
    found = rows(con, "SELECT activity_id, word FROM base.standing WHERE athlete_id = ?", [athlete_id])
    return {i: word.removeprefix(SPORT) for i, word in found if word.startswith(SPORT)}


def load_standing(con: Con, athlete_id: str) -> tuple[frozenset[str], frozenset[str]]:
    """(kept, forgotten) activity ids."""
    found = rows(con, "SELECT word, activity_id FROM base.standing WHERE athlete_id = ?", [athlete_id])
    return (
        frozenset(i for word, i in found if word == "kept"),
        frozenset(i for word, i in found if word == "forgotten"),
    )


def save_answers(con: Con, athlete_id: str, answers: Mapping[str, Answers]) -> int:
    """Set the session answers by activity_id (rpe, talk_test, feel, surface, pack_kg, boots_g, title), check-ins and
    what the watch stored already merged by the caller. Activities not named have none."""
    known = ("rpe", "talk_test", "feel", "surface", "pack_kg", "boots_g", "title")
    records = [
        {"athlete_id": athlete_id, "activity_id": i, **{name: said.get(name) for name in known}}
        for i, said in answers.items()
        if any(said.get(name) is not None for name in known)
    ]
    return replace(con, "answers", frame(con, "answers", records), ("activity_id",), of_athlete(athlete_id))


def save_person_metrics(
    con: Con, athlete_id: str, metrics: Mapping[str, Mapping[str, Value]], kept: Collection[str] = ()
) -> int:
    """Set the person-stage metrics of all the athlete's activities: activity_id -> metric -> Value. Those of `kept`
    activities stay as they are."""
    scope = of_athlete(athlete_id)
    if kept:
        known = rows(con, "SELECT activity_id FROM base.session_loads WHERE athlete_id = ?", [athlete_id])
        anew = sorted({*metrics, *(i for (i,) in known if i not in kept)})
        if not anew:
            return 0
        scope = scope.join(pl.DataFrame({"activity_id": pl.Series(anew, dtype=pl.String)}), how="cross")
    grouped = (({"athlete_id": athlete_id, "activity_id": i}, values) for i, values in metrics.items())
    long = long_form(grouped, {"athlete_id": pl.String, "activity_id": pl.String})
    loads = [_session_load(athlete_id, i, values) for i, values in metrics.items()]
    with transaction(con):
        changed = replace(con, "person_metrics", long, ("activity_id",), scope)
        wide = replace(con, "session_loads", frame(con, "session_loads", loads), ("activity_id",), scope)
    return max(changed, wide)


def _session_load(athlete_id: str, activity_id: str, values: Mapping[str, Value]) -> dict[str, Any]:
    load = values.get("load", Value())
    return {
        "athlete_id": athlete_id,
        "activity_id": activity_id,
        "load": finite(load),
        "load_sd": load.sd,
        "load_source": load.source,
        "comfort": finite(values.get("comfort")),
    }
