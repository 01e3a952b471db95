"""The home folder: where things are, and who is in it."""

from __future__ import annotations

import os
import re
import shlex
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from steadymile.ingest.checkins.months import plain
from steadymile.models.athlete import Athlete
from steadymile.pipelines.errors import HomeError, Trouble
from steadymile.pipelines.facts import (
    LEFT,
    ONE_PERSON,
    blank_document,
    check_id,
    parse_athletes,
    read_toml,
    refuse_contradictions,
    with_facts,
)
from steadymile.pipelines.outcome.writing import keep_private, write_whole
from steadymile.warehouse.archive import REFUSED, make_way
from steadymile.warehouse.journal import Journal
from steadymile.warehouse.lock import locked

DEMO_MARK = ".steadymile-demo"
"""The file by which the home of a demo is told from somebody's own."""


@dataclass(frozen=True, slots=True)
class Home:
    """Paths of one home folder (docs/guides/home.md)."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    def inbox_of(self, athlete_id: str) -> Path:
        """Where an athlete's files go: the inbox, or their folder in it where several run here."""
        return self.inbox / athlete_id if len(self.athletes()) > 1 else self.inbox

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def journal(self) -> Path:
        return self.archive / "journal.jsonl"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def originals(self) -> Path:
        return self.archive / "objects"

    @property
    def refused(self) -> Path:
        """Originals that were refused, or wait for their owner; kept within a bound for a later reader."""
        return self.archive / REFUSED

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def calendar(self) -> Path:
        return self.root / "calendar"

    @property
    def published_calendar(self) -> Path:
        return self.private / "calendar"

    @property
    def workouts(self) -> Path:
        return self.root / "workouts"

    @property
    def audio(self) -> Path:
        return self.root / "audio"

    @property
    def athletes_file(self) -> Path:
        return self.root / "athletes.toml"

    @property
    def private(self) -> Path:
        return self.root / ".steadymile"

    @property
    def work(self) -> Path:
        return self.private / "work.duckdb"

    @property
    def lock(self) -> Path:
        return self.private / "lock"

    def foreign(self) -> list[Path]:
        """What lies beside the files and folders of a home and is none of them, hidden ones aside."""
        paths = [getattr(self, name) for name, found in vars(Home).items() if isinstance(found, property)]
        ours = {path.name for path in paths if path.parent == self.root}
        ours |= {f"{self.warehouse.name}.{ending}" for ending in ("wal", "tmp")}  # what DuckDB puts there as it writes
        return [p for p in sorted(self.root.iterdir()) if p.name[0] != "." and p.name not in ours]

    def identity(self) -> str:
        """A random name of this home, made once and kept with the archive: what is published under it can be told from
        what another home publishes."""
        file = self.archive / "home-id"
        found = file.read_text(encoding="ascii", errors="replace").strip() if file.exists() else ""
        if not re.fullmatch(r"[0-9a-f]{12}", found):
            found = uuid.uuid4().hex[:12]
            self.archive.mkdir(parents=True, exist_ok=True)
            write_whole(file, (found + "\n").encode())
        return found

    def make(self) -> None:
        """Create the folders and, where there is none, an athletes.toml: as the journal knows it, else for one person.
        What is there stays. A new home can be read by its owner alone, and so can all that is written from here on.
        The inbox is made with the home and never again: one that is gone lies on a drive that is away."""
        keep_private()
        if not self.root.exists():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.archive.exists() and not self.inbox.is_symlink():
            self.inbox.mkdir(parents=True, exist_ok=True)
        for folder in (self.archive, self.reports, self.calendar, self.workouts, self.private):
            if not folder.is_symlink():  # a link is its owner's, also where nothing is behind it at the moment
                make_way(folder, folder=True)
                folder.mkdir(parents=True, exist_ok=True)
        if not self.athletes_file.exists():
            restore_athletes(self)

    def check_inbox(self) -> None:
        """Raise Trouble where the inbox is not there, for it may lie on a drive that is away for a moment, and where it
        is no folder or none that can be opened: then nothing is known of what lies in it."""
        inbox = self.inbox
        try:
            os.scandir(inbox).close()
        except FileNotFoundError:
            if inbox.is_symlink():
                why, what_to_do = f"It is a link to {inbox.readlink()}, and nothing is there.", "mend the link"
            else:
                why, what_to_do = f"The folder {inbox} is not there.", "make the folder anew"
            raise Trouble(why, f"Connect its disk, or {what_to_do}.") from None
        except NotADirectoryError:
            raise Trouble(f"{inbox} is a file, not a folder.", "Move it away and make a folder of that name.") from None
        except OSError as error:
            why = f"The folder {inbox} cannot be opened ({error.strerror})."
            raise Trouble(why, "Check its permissions.") from None

    def athletes(self) -> dict[str, Athlete]:
        """Everyone in athletes.toml by id, checked. Where that file is at fault, everyone as the journal last knew
        them: a slip in an editor keeps no stop from counting. HomeError names what to mend where nobody is known."""
        return self.known_athletes()[0]

    def stated_athletes(self) -> dict[str, Athlete]:
        """Everyone in athletes.toml, for those who change it; HomeError names the line to mend."""
        if not self.athletes_file.exists():
            return {ONE_PERSON: Athlete(ONE_PERSON)}
        return parse_athletes(read_toml(self.athletes_file))

    def known_athletes(self) -> tuple[dict[str, Athlete], HomeError | None]:
        """`athletes`, and what is wrong with athletes.toml where the journal stands in for it."""
        try:
            return self.stated_athletes(), None
        except HomeError as fault:
            try:
                known = parse_athletes(journaled_facts(self))
            except HomeError:
                known = {}
            if not known:
                raise fault from None
            return known, fault


def check_home(root: Path) -> None:
    """Raise HomeError where there is nothing: a home whose path was mistyped is refused, not made."""
    if not root.exists():
        there = shlex.quote(str(root))
        raise HomeError(f"There is no home at {root}.", f"Check the path, or make one: steadymile init --home {there}")


def restore_athletes(home: Home) -> None:
    """athletes.toml from the journal: a file that is gone is not taken for an athlete without facts."""
    write_whole(home.athletes_file, (journaled_facts(home) or tomlkit.dumps(blank_document(ONE_PERSON))).encode())


def journaled_facts(home: Home) -> str:
    """athletes.toml as the journal knows it, without those who left it; empty where it knows nobody. What was once read
    is written as it was, contradictions too: they are for `athlete set` to refuse, not for a night to end over."""
    said = {e.athlete_id: e.payload for e in Journal(home.journal).read(kinds=("facts",)) if e.athlete_id}
    text = ""
    for athlete_id, payload in said.items():
        if payload.get(LEFT):
            continue
        named = {name: payload[name] for name in ("name", "units") if payload.get(name)}
        text = with_facts(text, athlete_id, {**payload["base"], **named}, None, create=True)
        for day, facts in payload["dated"].items():
            text = with_facts(text, athlete_id, facts, date.fromisoformat(day))
    return text


@contextmanager
def facts_held(home: Home) -> Iterator[None]:
    """Nobody else changes athletes.toml meanwhile: of two who each set a fact, neither loses theirs."""
    home.private.mkdir(parents=True, exist_ok=True)
    with (home.private / "facts.lock").open("a") as file, locked(file):
        yield


def set_facts(
    home: Home, athlete_id: str, facts: Mapping[str, Any], since: date | None, create: bool = False
) -> Athlete:
    """Write facts into athletes.toml, keeping its comments; dated from `since`, else for always. Returns the athlete as
    they are then. Raises HomeError, and writes nothing, where the facts cannot all be right."""
    with facts_held(home):
        text = read_toml(home.athletes_file) if home.athletes_file.exists() else ""
        new = with_facts(text, athlete_id, facts, since, create)
        athlete = parse_athletes(new)[check_id(athlete_id)]
        refuse_contradictions(athlete, facts)
        write_whole(home.athletes_file, new.encode())
    return athlete


def drop_athlete(home: Home, athlete_id: str) -> None:
    """Take a person's table out of athletes.toml; the last one is replaced by an empty default."""
    with facts_held(home):
        document = tomlkit.parse(read_toml(home.athletes_file))
        document.remove(athlete_id)
        tables = [name for name in document if isinstance(document[name], dict)]
        write_whole(home.athletes_file, tomlkit.dumps(document if tables else blank_document(ONE_PERSON)).encode())


def word(text: str) -> str:
    """A header or name for comparing: lower case, no accents, words joined by underscores."""
    return re.sub(r"\W+", "_", plain(text)).strip("_")


def known_as(athletes: Mapping[str, Athlete]) -> dict[str, set[str]]:
    """All whom somebody may mean, by what people write of themselves: id, name, first name."""
    found: dict[str, set[str]] = {}
    for athlete_id, athlete in athletes.items():
        name = athlete.name or ""
        for said in (athlete_id, name, name.split(" ")[0]):
            if key := word(said):
                found.setdefault(key, set()).add(athlete_id)
    return found


def called(athletes: Mapping[str, Athlete]) -> dict[str, str]:
    """Ids by what people write of themselves, where only one has it; an id means its own, whoever shares that name."""
    ids = Counter(map(word, athletes))
    exact = {word(i): i for i in athletes if ids[word(i)] == 1}
    return {key: next(iter(of)) for key, of in known_as(athletes).items() if len(of) == 1} | exact
