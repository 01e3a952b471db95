"""Reading: one function a question, one SQL file each where it is longer than a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import polars as pl
from steadymile.models.session import Session
from steadymile.warehouse.database import SQL, rows
from steadymile.warehouse.errors import WarehouseError

Con = duckdb.DuckDBPyConnection

VIEWS = {
    "files": ("CAST(first_seen_at AS DATE)", "first_seen_at, path, sha256"),
    "activities": ("local_day", "started_at, activity_id"),
    "samples": ("local_day", "time, activity_id, t_s"),
    "laps": ("local_day", "local_day, activity_id, index"),
    "bouts": ("local_day", "local_day, activity_id, index"),
    "splits": ("local_day", "local_day, activity_id, unit, index"),
    "metrics": ("local_day", "local_day, activity_id, metric"),
    "metric_cards": (None, "metric"),
    "health": ("day", "athlete_id, day"),
    "days": ("day", "athlete_id, day"),
    "body": (None, "athlete_id, valid_from"),
    "estimates": (None, "athlete_id, number"),
    "learned": (None, "athlete_id, number"),
    "checkins": ("local_day", "athlete_id, local_day, number"),
    "choices": ("as_of", "athlete_id, week"),
    "weeks": ("monday + 6", "athlete_id, week"),
    "targets": ("as_of", "athlete_id, week"),
    "targets_history": ("as_of", "athlete_id, week, revision"),
    "planned_sessions": ("day", "athlete_id, week, number"),
    "planned_sessions_history": ("day", "athlete_id, week, revision, number"),
    "reasons": (None, "athlete_id, week, number"),
    "reasons_history": (None, "athlete_id, week, revision, number"),
    "agreement": ("local_day", "local_day, activity_id"),
    "runs_log": ("CAST(started_at AS DATE)", "started_at, run_id"),
}
"""The views that are contracts: each with the day that `since` looks at and its natural order."""

OF_NOBODY = {"metric_cards", "runs_log"}
"""Views that are about no athlete."""

EXEMPT = {"runs_log"}
"""What running twice or rebuilding may change."""

_OPTIONAL = (
    "run_speed_m_s",
    "walk_speed_m_s",
    "share_above_ceiling",
    "efficiency",
    "best_mile_s",
    "impact_ratio",
)


def view(con: Con, name: str, of: str | Sequence[str] | None = None, since: date | None = None) -> pl.DataFrame:
    """A contract view as a frame in its natural order: of one or some athletes by their ids (None: all), from a local
    day on (None: ever)."""
    day, order = VIEWS[name]
    wanted: list[str] = []
    params: list[object] = []
    if of is not None and name not in OF_NOBODY:
        people = [of] if isinstance(of, str) else of
        wanted.append(f"athlete_id IN ({', '.join('?' * len(people)) or 'NULL'})")
        params += people
    if since is not None and day is not None:
        wanted.append(f"{day} >= CAST(? AS DATE)")
        params.append(since.isoformat())
    where = f"WHERE {' AND '.join(wanted)}" if wanted else ""
    return con.sql(f"SELECT * FROM {name} {where} ORDER BY {order}", params=params).pl()


def sessions(con: Con, athlete_id: str, until: date | None = None, since: date | None = None) -> tuple[Session, ...]:
    """The preferred, unforgotten activities of an athlete from one local day to another (None: ever) as the planner
    sees them, ascending."""
    found = con.execute(_sql("sessions"), [athlete_id, until or date.max, since or date.min])
    names = [column[0] for column in found.description]
    return tuple(_session(dict(zip(names, row))) for row in found.fetchall())


def query(con: Con, sql: str, most: int | None = None) -> pl.DataFrame:
    """A reader's own SQL (`steadymile sql`) as a frame, at most `most` rows of it; WarehouseError with what the
    database said. Only what reads is run: a database that is opened read-only still writes files, even its own, where
    it is told to COPY."""
    try:
        if not all(_reads(con, statement) for statement in con.extract_statements(sql)):
            raise WarehouseError(
                "Only questions are answered here", "Begin with SELECT, FROM, WITH, DESCRIBE or EXPLAIN"
            )
        relation = con.sql(sql)
        if relation is None:
            return pl.DataFrame()
        return framed(relation if most is None else relation.limit(most))
    except duckdb.Error as error:
        raise WarehouseError(
            str(error).strip(), "The views and their columns are listed in docs/reference/schema.md"
        ) from None


NO_FRAME = re.compile(r"INTERVAL|UNION|VARIANT|\bBIT\b|\bTIME WITH TIME ZONE")
"""Types that a frame cannot hold as they are, or only with loss."""
FIRST_DAY, LAST_DAY = (day.toordinal() - date(1970, 1, 1).toordinal() for day in (date.min, date.max))
"""The days that Python's calendar knows, counted from 1970."""


def framed(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """The rows of a relation as a frame. Columns of types or days that a frame cannot hold come as DuckDB's own text:
    intervals, unions, bits, the year 12000, infinity."""
    worded = {n for n, kind in enumerate(relation.types) if NO_FRAME.search(str(kind))}
    frame = (_worded(relation, worded) if worded else relation).pl()
    beyond = {n for n in range(frame.width) if n not in worded and _beyond(frame.to_series(n))}
    frame = _worded(relation, worded | beyond).pl() if beyond else frame
    whole = [c.name for c in frame if c.dtype == pl.Decimal(38, 0) and _fits(c)]  # a sum of whole numbers is one
    return frame.with_columns(pl.col(whole).cast(pl.Int64)) if whole else frame


def _fits(column: pl.Series) -> bool:
    """Whether every whole number of a column fits into 64 bits."""
    low, high = column.min(), column.max()
    return isinstance(low, Decimal) and isinstance(high, Decimal) and low >= -(2**63) and high < 2**63


def _worded(relation: duckdb.DuckDBPyRelation, columns: Collection[int]) -> duckdb.DuckDBPyRelation:
    """The relation with the columns at these places as text; columns may share a name."""
    kept = ", ".join(
        f'c{n}{"::VARCHAR" if n in columns else ""} AS "{name.replace(chr(34), chr(34) * 2)}"'
        for n, name in enumerate(relation.columns)
    )
    places = ", ".join(f"c{n}" for n in range(len(relation.columns)))
    worded = relation.query("answer", f"SELECT {kept} FROM answer AS answer({places})")
    assert worded is not None  # it is a SELECT
    return worded


def _beyond(column: pl.Series) -> bool:
    """Whether a column holds a day that Python has no word for."""
    days = {"us": 86_400_000_000, "ms": 86_400_000, "ns": 86_400_000_000_000}
    if isinstance(column.dtype, pl.Datetime):
        each = days[column.dtype.time_unit]
    elif column.dtype == pl.Date:
        each = 1
    else:
        return False
    low, high = column.to_physical().min(), column.to_physical().max()
    return isinstance(low, int) and isinstance(high, int) and (low < FIRST_DAY * each or high >= (LAST_DAY + 1) * each)


def _reads(con: Con, statement: duckdb.Statement) -> bool:
    """Whether a statement reads and nothing else. PIVOT is several statements in one; EXPLAIN ANALYZE runs what it
    explains."""
    if statement.type == duckdb.StatementType.SELECT:
        return True
    text = re.sub(r"^(\s+|--[^\n]*(\n|$)|/\*.*?\*/)+", "", statement.query, flags=re.DOTALL)
    if statement.type == duckdb.StatementType.MULTI:
        return re.match(r"(pivot|unpivot|select|from|with)\b|\(", text, re.IGNORECASE) is not None
    if statement.type == duckdb.StatementType.EXPLAIN:
        explained = re.sub(r"^explain\b\s*(analyze\b)?\s*(\([^()]*\))?", "", text, flags=re.IGNORECASE)
        return all(found.type == duckdb.StatementType.SELECT for found in con.extract_statements(explained))
    return False


def contract_hash(con: Con) -> dict[str, str]:
    """A hash of the rows of each contract view but runs_log, whatever their order: equal rows, equal hashes. Comparable
    between files within one version of DuckDB."""
    return {name: _hash(con, name) for name in VIEWS if name not in EXEMPT}


def _hash(con: Con, name: str) -> str:
    columns = rows(
        con,
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = ? ORDER BY column_index",
        [name],
    )
    listed = ", ".join(f'"{column}"' for (column,) in columns)
    count, total = rows(con, f"SELECT count(*), coalesce(sum(CAST(hash({listed}) AS HUGEINT)), 0) FROM {name}")[0]
    return f"{count}:{total}"


def _session(row: dict[str, Any]) -> Session:
    extra = dict(zip(row.pop("names") or (), row.pop("numbers") or ()))
    mile = extra.get("mile_done")
    row["started_at"] = row["started_at"].replace(tzinfo=UTC)
    for name in _OPTIONAL:
        row[name] = extra.get(name)
    if row["elapsed_s"] is None and row["moving_s"] is None:
        row["elapsed_s"] = extra.get("timer_s")  # of a list that states one time alone
    return Session(**row, mile_done=None if mile is None else mile > 0)


@cache
def _sql(name: str) -> str:
    return (SQL / "queries" / f"{name}.sql").read_text(encoding="utf-8")


class Views:
    """Some contract views of some people (None: everybody), each read once, when it is first asked for: asking for one
    person costs as much as asking for all of them. `con` is a connection, or what gives one when it is needed."""

    def __init__(
        self, con: Con | Callable[[], Con], names: Sequence[str], athlete_ids: Sequence[str] | None = None
    ) -> None:
        self._con = con
        self._names = tuple(names)
        self._athlete_ids = athlete_ids
        self._read: dict[str, tuple[pl.DataFrame, dict[object, pl.DataFrame]]] = {}  # what is of nobody, and parts

    def of(self, athlete_id: str) -> Mine:
        """The views of one athlete, read when they are first asked for."""
        return Mine(self, athlete_id)

    def names(self) -> tuple[str, ...]:
        """The views there are."""
        return self._names

    def on(self, con: Con | Callable[[], Con]) -> Views:
        """The same views on a later connection to the same file, without reading again what was read."""
        later = Views(con, self._names, self._athlete_ids)
        later._read = self._read
        return later

    def part(self, name: str, athlete_id: str) -> pl.DataFrame:
        """One athlete's rows of a view, in its natural order. Raises KeyError for a view that is none of these, and
        duckdb.Error for one that cannot be read: where that is so for all together, each is read alone."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            con = self._con() if callable(self._con) else self._con
            try:
                whole = view(con, name, self._athlete_ids)
            except duckdb.Error:
                if self._athlete_ids is None or len(self._athlete_ids) < 2:
                    raise
                return view(con, name, athlete_id)
            parts = {} if name in OF_NOBODY else whole.partition_by("athlete_id", as_dict=True)
            nobodys = whole if name in OF_NOBODY else whole.clear()  # the parts are copies: the whole goes
            self._read[name] = nobodys, {key[0]: part for key, part in parts.items()}
        nobodys, mine = self._read[name]
        return mine.get(athlete_id, nobodys)


class Mine(Mapping[str, pl.DataFrame]):
    """One athlete's share of views that are read for several."""

    def __init__(self, shared: Views, athlete_id: str) -> None:
        self._shared = shared
        self._athlete_id = athlete_id

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self._shared.part(name, self._athlete_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._shared.names())

    def __len__(self) -> int:
        return len(self._shared.names())

    def on(self, con: Con | Callable[[], Con]) -> Mine:
        """The same on a later connection to the same file, without reading again what was read."""
        return Mine(self._shared.on(con), self._athlete_id)
