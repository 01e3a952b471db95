"""Questions to the warehouse and to the published weeks. Nothing here changes anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs
from pyarrow.parquet import ParquetWriter
from steadymile.pipelines.commands.log import text_of
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.outcome.writing import beside
from steadymile.pipelines.published import choose, opened_published
from steadymile.pipelines.settings import Settings
from steadymile.pipelines.versions import package
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.queries import VIEWS, query
from steadymile.warehouse.queries import view as read_view


def run_sql(settings: Settings, sql: str) -> pl.DataFrame:
    """The reader's own SQL on the published warehouse."""

    if not sql.strip():
        raise Trouble("Nothing was asked.", 'Ask like: steadymile sql "SELECT * FROM weeks"', exit_code=2)
    with opened_published(settings) as con:
        try:
            return query(con, text_of(sql))
        except WarehouseError as error:
            said, *hints = error.why.rstrip(".! \n").splitlines()
            more = "\n".join([f"{said.rstrip('.!')}.", *(hint for hint in hints if hint.strip())])
            raise Trouble(more, f"{error.what_to_do}.", exit_code=2) from None


def asked(query: str | None, file: Path | None, piped: Callable[[], str] | None) -> str:
    """The question: given, in a file (`-` is standard input), or piped in."""
    if file is not None and query is not None:
        raise Trouble("A question and a file were given.", "Leave one of them out.", exit_code=2)
    if file is not None and str(file) != "-":
        try:
            return file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(
                f"{file} cannot be read ({error}).", "Name a text file with SQL in it.", exit_code=2
            ) from None
    if query is not None and query != "-":
        return query
    return piped() if piped is not None else ""


def export_view(settings: Settings, view: str, to: Path, athlete_id: str | None) -> str:
    """Write a contract view to a file by its ending."""

    if not to.absolute().parent.is_dir():
        raise Trouble(f"There is no folder {to.parent}.", "Make it, or name another one.", exit_code=2)
    if view not in VIEWS:
        raise Trouble(f"There is no view {view}.", f"Views: {', '.join(VIEWS)}.", exit_code=2)
    if athlete_id is not None:
        athlete_id = choose(Home(settings.home), athlete_id).athlete_id
    with opened_published(settings) as con:
        frame = read_view(con, view, athlete_id)
    kind = to.suffix.lower()
    if kind not in (".csv", ".parquet", ".json"):
        raise Trouble(f"{to.name} is of a kind not known here.", "End it in .csv, .parquet or .json.", exit_code=2)
    with beside(to.resolve()) as new:
        if kind == ".csv":
            flat(frame).write_csv(new)
        elif kind == ".parquet":
            frame.write_parquet(new)
        else:
            frame.write_json(new)
    return f"{frame.height} rows of {view} written to {to}."


def export_all(settings: Settings, folder: Path, athlete_id: str | None) -> str:
    """Write every contract view into a folder as Parquet, rows streamed, and `schema.json` with the type and meaning of
    each column. Files of these names are replaced; nothing else there is touched."""
    if athlete_id is not None:
        athlete_id = choose(Home(settings.home), athlete_id).athlete_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise Trouble(f"{folder} is a file, and --all needs a folder.", "Name a folder; it may be new.", 2) from None
    schema: dict[str, dict[str, Any]] = {}
    with opened_published(settings) as con:
        for name in VIEWS:
            columns = described(con, name)
            whose = athlete_id is not None and "athlete_id" in columns
            asked = f"SELECT * FROM {name}{' WHERE athlete_id = ?' if whose else ''}"
            found = con.sql(asked, params=[athlete_id] if whose else []).to_arrow_reader(100_000)
            place = folder / f"{name}.parquet"
            count = 0
            with beside(place) as new, ParquetWriter(new, found.schema, compression="zstd") as writer:
                for batch in found:
                    writer.write_batch(batch)
                    count += batch.num_rows
            schema[name] = {"file": place.name, "rows": count, "columns": columns}
    text = json.dumps({"steadymile": package(), "views": schema}, indent=1, ensure_ascii=False)
    (folder / "schema.json").write_text(f"{text}\n", encoding="utf-8")
    return f"{len(schema)} views written to {folder} as Parquet; schema.json says what each column means."


def described(con: Any, view: str) -> dict[str, dict[str, str]]:
    """The columns of a view with DuckDB's type and the comment, which ends in the unit."""
    asked = "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = ?"
    found = con.execute(f"{asked} ORDER BY column_index", [view]).fetchall()
    return {name: {"type": kind, "meaning": comment or ""} for name, kind, comment in found}


FORMULA = r"^([=+\-@\t\r])"
"""How text begins that a spreadsheet would run."""


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame as CSV can hold it: lists become JSON text, bytes hexadecimal, and text that a spreadsheet would run as a
    formula has an apostrophe before it. Numbers are left alone."""

    nested = [
        pl.Series(
            name, [json.dumps(v, default=str) if v is not None else None for v in frame[name].to_list()], pl.String
        )
        for name, kind in frame.schema.items()
        if kind.is_nested()
    ]
    plain = frame.with_columns(nested).with_columns(cs.binary().bin.encode("hex"))
    return plain.with_columns(cs.string().str.replace(FORMULA, "'$1"))
