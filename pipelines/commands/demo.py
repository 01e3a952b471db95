"""The demo: a simulated beginner trains for months, each week planned by the real pipeline from the files so far."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from steadymile.models.athlete import Athlete
from steadymile.models.weekplan import PlannedSession
from steadymile.pipelines.cli.progress import Progress
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import athlete_payload
from steadymile.pipelines.home import DEMO_MARK as MARK
from steadymile.pipelines.home import Home, set_facts
from steadymile.pipelines.nightly import NightlyResult, run
from steadymile.pipelines.published import published_weeks
from steadymile.pipelines.settings import Settings
from steadymile.studies.synthetic.runner import MadeFile, MadeRunner


def run_demo(settings: Settings, *, weeks: int, seed: int, progress: Progress, now: datetime) -> NightlyResult:
    """Play `weeks` weeks and the one under way in closed loop, up to the day of `now`, and return the last nightly's
    result. The home must be new or a demo's. Equal seeds give equal weeks, whatever their date."""

    home = Home(settings.home)
    fresh_home(home)
    settings = replace(settings, settle_s=0.0)
    runner = MadeRunner(np.random.default_rng(seed))
    facts = athlete_payload_of(runner)
    set_facts(home, "me", {"name": "Demo", **facts}, None)
    today = now.astimezone(ZoneInfo(runner.timezone)).date()
    this_monday = today - timedelta(days=today.weekday())
    start = this_monday - timedelta(weeks=weeks)
    last: list[NightlyResult] = []

    def decide(monday: date) -> list[PlannedSession]:
        """Sunday night: the real pipeline reads the inbox and publishes the week that begins on `monday`."""
        sunday = monday - timedelta(days=1)
        night = datetime.combine(sunday, time(20, 0), UTC)
        result = run(settings, night, as_of=sunday, steps=("ingest", "measure", "plan"))
        last.append(result)
        progress(len(last), weeks + 2, f"A simulated beginner trains, week {len(last)} of {weeks + 1}")
        return sessions_of(settings, monday)

    for monday, files in runner.weeks(start, weeks + 1, decide):
        for file in so_far(files, today):
            put(home, f"{monday:%Y-%m}/{file.name}", file.data)
    put(home, "broken-download.fit", b"\x0e\x10\xd9\x07" + b"\x00" * 4 + b".FIT" + b"\x00" * 20)
    result = run(settings, now)
    progress(weeks + 2, weeks + 2, "")
    total: dict[str, int] = {}
    for part in [*last, result]:
        for status, count in part.counts.items():
            total[status] = total.get(status, 0) + count
    result.counts = total
    for earlier in last:  # what went wrong on the way is no secret of a good last night
        result.problems = [*earlier.problems, *result.problems]
        result.failed = {**earlier.failed, **result.failed}
    result.activities_new = sum(part.activities_new for part in [*last, result])
    result.seconds = round(sum(part.seconds for part in [*last, result]), 1)
    return result


def so_far(files: Sequence[MadeFile], today: date) -> list[MadeFile]:
    """What a week's files hold by now: recordings up to yesterday, on a Sunday up to today, and the rows of the
    check-ins of those days."""
    last = (today if today.isoweekday() == 7 else today - timedelta(days=1)).isoformat()
    done = []
    for file in files:
        if file.name.endswith(".csv"):
            header, *rows = file.data.decode().splitlines(keepends=True)
            rows = [row for row in rows if row[:10] <= last]
            if rows:
                done.append(replace(file, data="".join([header, *rows]).encode()))
        elif file.name[:10] <= last:
            done.append(file)
    return done


def put(home: Home, name: str, data: bytes) -> None:
    """A made file into the inbox, and its name into the mark, by which it is told from somebody's own."""
    with (home.root / MARK).open("a", encoding="utf-8") as mark:
        mark.write(f"{name}\n")
    place = home.inbox / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def not_made(home: Home) -> list[str]:
    """What no demo put there: files of its inbox, and what lies beside the folders that a home has."""
    _, *made = (home.root / MARK).read_text(encoding="utf-8").splitlines()
    there = [p for p in sorted(home.inbox.rglob("*")) if not p.is_dir()]
    theirs = [p for p in there if p.relative_to(home.inbox).as_posix() not in made]
    return [p.relative_to(home.root).as_posix() for p in (*theirs, *home.foreign()) if p.name != ".DS_Store"]


def fresh_home(home: Home) -> None:
    """An empty home; only a demo's own home is ever cleared, and only of what demos made."""
    if home.root.exists() and any(home.root.iterdir()):
        if not (home.root / MARK).exists():
            raise Trouble(
                f"{home.root} is not empty and not a demo's home.", "Name another folder with --home.", exit_code=2
            )
        if theirs := not_made(home):
            raise Trouble(
                f"{home.root} holds what no demo made: {theirs[0]}{' and more' if len(theirs) > 1 else ''}.",
                "Move it away, or name another folder with --home.",
                exit_code=2,
            )
        shutil.rmtree(home.root)
    home.make()
    (home.root / MARK).write_text("Made by `steadymile demo`, which may delete and remake this folder.\n")


def athlete_payload_of(runner: MadeRunner) -> dict[str, object]:
    """The simulated runner's facts as athletes.toml takes them."""

    payload = athlete_payload(Athlete("me", base=runner.facts))
    return dict(payload["base"])


def sessions_of(settings: Settings, monday: date) -> list[PlannedSession]:
    """The published sessions of the week that begins on `monday`."""

    year, week, _ = monday.isocalendar()
    name = f"{year}-W{week:02d}"
    for plan in published_weeks(settings, "me"):
        if plan.week == name:
            return list(plan.planned)
    return []


def example(place: Path) -> str:
    """One line that tells where the demo's numbers are."""
    return f'Ask it anything: steadymile sql --home {place} "SELECT local_day, miles(distance_m) FROM activities"'
