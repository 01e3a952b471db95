"""What Prefect's database in a home says in words, and taking it out. It needs no Prefect."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home

EMPTIED = ("log", "artifact", "artifact_collection", "events", "event_resources")
"""Tables of lines, pages and events, which name people and files."""
SILENCED = ("flow_run_state", "task_run_state")
WORDS = {"message", "data", "result_artifact_id"}
"""Their columns of text; the tables stay: when each run was, and how it ended."""
PATIENCE_S = 30.0


def forget_words(home: Home) -> bool:
    """Delete every text that runs left in the home's Prefect database, of everybody, and their bytes; runs, times and
    outcomes stay. False where there is none. Raises Trouble where a server keeps it busy."""
    folder = home.private / "prefect"
    shutil.rmtree(folder / "storage", ignore_errors=True)  # results of runs
    database = folder / "prefect.db"
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(database, timeout=PATIENCE_S)) as con:
            there = {name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table in there.intersection(EMPTIED):
                con.execute(f"DELETE FROM {table}")
            for table in there.intersection(SILENCED):
                columns = [column[1] for column in con.execute(f"PRAGMA table_info({table})")]
                con.execute(f"UPDATE {table} SET {', '.join(f'{name} = NULL' for name in columns if name in WORDS)}")
            con.commit()
            con.execute("VACUUM")
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        what = f"Prefect's history cannot be cleaned ({error})."
        raise Trouble(what, "Stop steadymile serve, then erase again.") from None
    return True
