"""Everything that is saved and loaded, in one place to import from.

Each save is safe to repeat, compares before it writes, runs in one transaction (joining the caller's) and returns how
many keys changed: 0 means that nothing did.
"""

from steadymile.warehouse.tables.assess_checkpoint import load_past, save_past
from steadymile.warehouse.tables.days import save_days
from steadymile.warehouse.tables.files import (
    ZIP,
    ZIP_IN_PART,
    complaints,
    first_seen,
    judged_again,
    judged_otherwise,
    kept_paths,
    known_contents,
    known_files,
    note_read,
    read_otherwise,
    replaced_paths,
    save_files,
    save_seen,
)
from steadymile.warehouse.tables.health import (
    last_file_day,
    load_days,
    load_session_checkins,
    remove_answers,
    save_checkins,
    save_wellness,
    undated_files,
)
from steadymile.warehouse.tables.learned import save_learned
from steadymile.warehouse.tables.parameter_history import save_body, save_estimates
from steadymile.warehouse.tables.people import (
    erase_athlete,
    load_athletes,
    remove_athletes,
    save_athletes,
    save_cards,
    save_run_log,
)
from steadymile.warehouse.tables.person_stage import (
    load_standing,
    load_stated_sports,
    save_answers,
    save_matches,
    save_person_metrics,
    save_standing,
)
from steadymile.warehouse.tables.plans import as_loaded, load_weeks, remove_weeks, save_week, save_weeks, unsaved
from steadymile.warehouse.tables.recordings import (
    load_recordings,
    outdated,
    remove_recordings,
    save_kinds,
    save_places,
    save_recordings,
)
from steadymile.warehouse.tables.rows import Answers, FileRow, MatchRow, NewRecording, Placed, RunRow

__all__ = [
    "ZIP",
    "ZIP_IN_PART",
    "Answers",
    "FileRow",
    "MatchRow",
    "NewRecording",
    "Placed",
    "RunRow",
    "as_loaded",
    "complaints",
    "erase_athlete",
    "first_seen",
    "judged_again",
    "judged_otherwise",
    "kept_paths",
    "known_contents",
    "known_files",
    "last_file_day",
    "load_athletes",
    "load_days",
    "load_past",
    "load_recordings",
    "load_session_checkins",
    "load_standing",
    "load_stated_sports",
    "load_weeks",
    "note_read",
    "outdated",
    "read_otherwise",
    "remove_answers",
    "remove_athletes",
    "remove_recordings",
    "remove_weeks",
    "replaced_paths",
    "save_answers",
    "save_athletes",
    "save_body",
    "save_cards",
    "save_checkins",
    "save_days",
    "save_estimates",
    "save_files",
    "save_kinds",
    "save_learned",
    "save_matches",
    "save_past",
    "save_person_metrics",
    "save_places",
    "save_recordings",
    "save_run_log",
    "save_seen",
    "save_standing",
    "save_week",
    "save_weeks",
    "save_wellness",
    "undated_files",
    "unsaved",
]
