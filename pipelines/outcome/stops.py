"""A stop that was said and that the published week does not know yet: what is said of it at once, and what a failed
night takes back. Where the warehouse cannot be written, the journal alone knows of the stop, and runs that were planned
before it must not be offered."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from steadymile.ingest.checkins.values import NO_FLAG
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.weekplan import RUN_KINDS, Action
from steadymile.pipelines.devices.sounds import AUDIO, audio_of
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.journaled import standing_answers
from steadymile.pipelines.outcome.notice import EVERYBODYS, last_failure
from steadymile.pipelines.outcome.writing import write_whole
from steadymile.pipelines.outputs import WORKOUTS, sheet_of, workouts_of
from steadymile.pipelines.published import opened_published
from steadymile.pipelines.run import State
from steadymile.pipelines.settings import Settings
from steadymile.reports.calendar import published
from steadymile.reports.pages import failed as failed_page
from steadymile.warehouse.database import rows
from steadymile.warehouse.errors import WarehouseError
from steadymile.warehouse.journal import Journal

ANSWERS = "FROM base.health_events WHERE athlete_id = ? AND starts_with(origin, 'journal:')"
STOPPED = "Your plan stops running: please do not run. What lifts the stop: steadymile explain."
DAYS_OF_EVENT = 7
"""So many days from today on the stop stands in a calendar whose night failed."""


def caution(values: Mapping[str, object]) -> str:
    """What to do at once about a warning sign or strong pain, whenever the plan follows; empty without either."""
    if values.get("red_flag") not in (None, NO_FLAG):
        return (
            "Please do not run, and see a doctor about this; with chest pain, fainting or breathlessness call for "
            "help at once."
        )
    if isinstance(pain := values.get("pain"), int | float) and pain > IN_FORCE.pain_stop:
        return f"With pain above {IN_FORCE.pain_stop:g} please do not run."
    return ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one athlete: whether the newest published week `stops` running; what an answer that it does not know yet
    `says` to do, empty where none stops it; whether one says `ill`."""

    stops: bool
    says: str
    ill: bool


def standing(settings: Settings, athlete_id: str) -> Standing:
    """What is published, and what was said since. What was said late of an earlier day, or on the day of the decision,
    may be unknown to it."""
    action, decided = "", date.min
    known: set[str] = set()
    with suppress(Trouble, WarehouseError), opened_published(settings) as con:
        asked = "SELECT action, as_of FROM targets WHERE athlete_id = ? ORDER BY week DESC LIMIT 1"
        action, decided = next(iter(rows(con, asked, [athlete_id])), (action, decided))
        known = {origin for (origin,) in rows(con, f"SELECT DISTINCT origin {ANSWERS}", [athlete_id])}
    stops, says, ill = action == "stop", "", False
    for seq, answer in standing_answers(Home(settings.home), athlete_id).items():
        unknown = f"journal:{seq}" not in known
        if unknown or answer.day >= decided:
            says = caution(answer.values) or says
            if unknown and "ill" in answer.values:
                ill = answer.values["ill"] not in (None, False)
            if answer.values.get("cleared"):
                stops, says = False, ""
    return Standing(stops, says, ill)


def stopped(settings: Settings, athlete_id: str) -> bool:
    """Whether running is stopped: by the newest week, or by an answer that it did not know yet."""
    found = standing(settings, athlete_id)
    return found.stops or bool(found.says)


def unpublished_stop(settings: Settings, athlete_id: str) -> str:
    """What to do, by an answer that the published week does not follow yet; empty where it follows all of them."""
    found = standing(settings, athlete_id)
    if found.stops:
        return ""
    return found.says or ("Please do not run while you are ill." if found.ill else "")


def unpublished_stops(settings: Settings) -> dict[str, str]:
    """The same by athlete, of those who said something since the last run, or of all where that run failed."""
    home = Home(settings.home)
    journal = Journal(home.journal)
    if last_failure(home):
        people = set(home.known_athletes()[0])
    else:
        new = journal.read({"checkin"}, start=journal.since(State.load(home.private / "state.json").journal))
        people = {entry.athlete_id for entry in new if entry.athlete_id}
    return {who: said for who in sorted(people) if (said := unpublished_stop(settings, who))}


def withhold(settings: Settings, now: datetime, unwritten: Collection[str] = ()) -> dict[str, str]:
    """After a night that failed: take what was planned before a stop from whoever reported one since, on page, sheet,
    calendar and watch, and say the stop there; of those `unwritten`, whose week stops running, what could not be
    written from it. On a full disk too: what takes no more room than before is written in its place, and what cannot be
    written is removed. The next good night writes all of it anew. Returns what was said, by athlete."""
    home = Home(settings.home)
    said: dict[str, str] = {}
    athletes, _ = home.known_athletes()
    alone = len(athletes) == 1
    for athlete_id in athletes:
        if words := unpublished_stop(settings, athlete_id):
            said[athlete_id] = words
            _withhold_of(home, athlete_id, words, now, alone=alone, known=False)
        elif athlete_id in unwritten and standing(settings, athlete_id).stops:
            _withhold_of(home, athlete_id, STOPPED, now, alone=alone, known=True)
    if said and not alone:
        everybody = " ".join(f"{athlete_id}: {words}" for athlete_id, words in said.items())
        for name in EVERYBODYS:
            _replace_page(home.reports / f"{name}.html", everybody)
    return said


def _withhold_of(home: Home, athlete_id: str, words: str, now: datetime, *, alone: bool, known: bool) -> None:
    """The same of one athlete. Where the published week is `known` to stop, what shows that stays."""
    page = home.reports / ("index.html" if alone else f"{athlete_id}.html")
    for place in (page, home.reports / f"{athlete_id}.html", sheet_of(home, athlete_id)):
        if not (known and _shows_a_stop(place)):
            _replace_page(place, words)
    runs = workouts_of(home, athlete_id, alone).glob(WORKOUTS)
    for path in (*runs, *audio_of(home, athlete_id, alone).glob(AUDIO)):
        with suppress(OSError):
            path.unlink()
    calendar = home.calendar / f"{athlete_id}.ics"
    with suppress(OSError):
        before = calendar.read_bytes()
        if not known or _offers_runs(before, now.date()):
            head = re.split(rb"BEGIN:VEVENT|END:VCALENDAR", before, maxsplit=1)[0]
            _replace(calendar, head + _event(athlete_id, words, now) + b"END:VCALENDAR\r\n")


def _shows_a_stop(page: Path) -> bool:
    """Whether a page was written from a week that stops running, by the class of its decision."""
    with suppress(OSError):
        return f'class="decision {Action.STOP.word}"' in page.read_text(encoding="utf-8", errors="replace")
    return True  # there is none


def _offers_runs(calendar: bytes, today: date) -> bool:
    """Whether a run of today or later stands in a calendar of ours."""
    coming = (uid for uid, e in published(calendar).items() if e.day >= today and e.status != "CANCELLED")
    return any(f"-{kind}-" in uid for uid in coming for kind in RUN_KINDS)


def _event(athlete_id: str, words: str, now: datetime) -> bytes:
    """The calendar's only event: the stop. Its identity is that of the failed run, which the next run takes out."""
    day = now.date()
    text = re.sub(r"([\\;,])", r"\\\1", words)
    lines = [
        "BEGIN:VEVENT",
        f"UID:run-failed@{athlete_id}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=DAYS_OF_EVENT):%Y%m%d}",
        "TRANSP:TRANSPARENT",
        "SUMMARY:No running: see what you reported",
        *(f"{' ' if at else 'DESCRIPTION:'}{text[at : at + 60]}" for at in range(0, len(text), 60)),
        "END:VEVENT",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _replace_page(path: Path, words: str) -> None:
    """A page or sheet that offered runs, by one that says the stop alone."""
    if path.exists():
        said = f"{words} The last run failed, so the plan could not follow yet what was reported."
        _replace(path, failed_page.page(said).encode())


def _replace(path: Path, content: bytes) -> None:
    """Write it whole; on a disk without room in the old one's place, and where that fails too remove the old one."""
    try:
        write_whole(path, content)
        return
    except OSError:
        pass
    try:
        with open(path, "r+b") as file:
            if len(content) > path.stat().st_size:
                raise OSError
            file.write(content)
            file.truncate()
    except OSError:
        with suppress(OSError):
            path.unlink()
