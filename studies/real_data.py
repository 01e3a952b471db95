"""What the signals and the policy say on real logs: false alarms, flips, injuries, readiness, missing answers.

`python -m steadymile.studies.real_data docs/results/evidence.md PMDATA_FOLDER RUN_LOG_FOLDER [HOME ...]`
writes its parts of the page.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from steadymile.models.athlete import Athlete, Facts
from steadymile.models.physiology.fatigue_index import fatigue_of
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.models.session import History
from steadymile.models.week.plan import plan
from steadymile.models.weekplan import Action, WeekPlan
from steadymile.pipelines.facts import parse_athletes
from steadymile.studies.evidence import replace_blocks
from steadymile.studies.research_logs import ResearchLog, read_pmdata, read_run_log
from steadymile.warehouse.database import open_work
from steadymile.warehouse.queries import sessions
from steadymile.warehouse.store import load_days

Array = np.ndarray
SETTLED_DAYS = 28
BEFORE_INJURY_DAYS = 14
PEOPLE = tuple(f"p{i:02d}" for i in range(1, 17))


def history_of(log: ResearchLog, facts: Facts | None = None) -> History:
    """A log as the planner's history."""
    last = max([s.local_day for s in log.sessions[-1:]] + [d.day for d in log.days[-1:]])
    return History(Athlete(log.person, base=facts or Facts()), log.sessions, log.days, last_file_day=last)


def sundays(log: ResearchLog, settled_days: int = SETTLED_DAYS) -> list[date]:
    """The Sundays of a log on which there is a past to compare with."""
    days = [d.day for d in log.days] + [s.local_day for s in log.sessions]
    first, last = min(days) + timedelta(days=settled_days), max(days)
    first += timedelta(days=(6 - first.weekday()) % 7)
    return [first + timedelta(days=7 * i) for i in range((last - first).days // 7 + 1)]


def events(injuries: Sequence[date]) -> list[date]:
    """Injury reports with none in the two weeks before: the beginnings."""
    out: list[date] = []
    last: date | None = None
    for day in injuries:
        if last is None or (day - last).days > BEFORE_INJURY_DAYS:
            out.append(day)
        last = day
    return out


def replayed(log: ResearchLog, facts: Facts | None = None) -> list[WeekPlan]:
    """The policy's week on every Sunday of a log, each seeing only its past and the weeks published before."""
    history = history_of(log, facts)
    weeks: list[WeekPlan] = []
    for day in sundays(log, 0):
        seen = replace(history, weeks=tuple(weeks), last_file_day=min(day, history.last_file_day or day))
        weeks.append(plan(seen, day))
    return weeks


def flips(actions: Sequence[Action]) -> tuple[float, float]:
    """Share of weeks whose action differs from the week before, and share that go there and straight back."""
    if len(actions) < 3:
        return float("nan"), float("nan")
    changed = [a != b for a, b in itertools.pairwise(actions)]
    back = [a == c != b for a, b, c in zip(actions[:-2], actions[1:-1], actions[2:], strict=True)]
    return float(np.mean(changed)), float(np.mean(back))


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean over people with its 95 % interval from resampling people."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ({self.low:.3f} to {self.high:.3f})"


def over_people(values: Sequence[float], rng: np.random.Generator, draws: int = 2000) -> Spread:
    """The mean over people; people without a value are left out."""
    known = np.array([v for v in values if np.isfinite(v)])
    if known.size == 0:
        return Spread(np.nan, np.nan, np.nan)
    means = known[rng.integers(0, known.size, (draws, known.size))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Spread(float(known.mean()), float(low), float(high))


def alarms(log: ResearchLog) -> tuple[int, int, int, int]:
    """Sundays outside the two weeks before an injury: how many, blocked, back-off, strong back-off."""
    history, starts = history_of(log), events(log.injuries)
    upper = [
        float(fatigue_of(history, day).upper)
        for day in sundays(log)
        if not any(0 <= (e - day).days <= BEFORE_INJURY_DAYS for e in starts)
    ]
    u = np.array(upper)
    return (
        u.size,
        int((u > IN_FORCE.fatigue_block).sum()),
        int((u >= IN_FORCE.fatigue_back_off).sum()),
        int((u >= IN_FORCE.fatigue_high).sum()),
    )


def before_injury(log: ResearchLog) -> float:
    """Mean fatigue index in the two weeks before injuries less the mean of all other days; NaN without an injury."""
    history, starts = history_of(log), events(log.injuries)
    days = [d.day for d in log.days]
    first, last = min(days) + timedelta(days=SETTLED_DAYS), max(days)
    near: list[float] = []
    far: list[float] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        soon = any(0 < (e - day).days <= BEFORE_INJURY_DAYS for e in starts)
        (near if soon else far).append(float(fatigue_of(history, day).index))
    return float(np.mean(near) - np.mean(far)) if near and far else float("nan")


def readiness_errors(log: ResearchLog) -> dict[str, float]:
    """Mean absolute error of tomorrow's readiness: persistence, 7-day mean, and a ridge line on both and the fatigue
    index, refitted every day on the past alone."""
    ready = log.readiness or {}
    history = history_of(log)
    rows: list[tuple[float, float, float, float]] = []
    errors: dict[str, list[float]] = {"persistence": [], "7-day mean": [], "ridge with fatigue index": []}
    for day in sorted(ready):
        past = [ready[d] for d in (day - timedelta(days=i) for i in range(1, 8)) if d in ready]
        yesterday = ready.get(day - timedelta(days=1))
        if yesterday is None or len(past) < 3:
            continue
        index = float(fatigue_of(history, day - timedelta(days=1)).index)
        row = (yesterday, float(np.mean(past)), index, ready[day])
        if len(rows) >= SETTLED_DAYS:
            errors["persistence"].append(abs(row[0] - row[3]))
            errors["7-day mean"].append(abs(row[1] - row[3]))
            errors["ridge with fatigue index"].append(abs(_ridge(np.array(rows), row[:3]) - row[3]))
        rows.append(row)
    return {k: float(np.mean(v)) if v else float("nan") for k, v in errors.items()}


def _ridge(rows: Array, now: Sequence[float], strength: float = 5.0) -> float:
    x, y = rows[:, :3], rows[:, 3]
    centre, scale, level = x.mean(axis=0), x.std(axis=0) + 1e-9, y.mean()
    z = (x - centre) / scale
    weights = np.linalg.solve(z.T @ z + strength * np.eye(3), z.T @ (y - level))
    return float(level + ((np.array(now) - centre) / scale) @ weights)


def thinned(log: ResearchLog, share: float, rng: np.random.Generator) -> ResearchLog:
    """The log with a share of its answers left out: whole days, and efforts of sessions."""
    days = tuple(d for d in log.days if rng.random() >= share)
    sessions = tuple(
        replace(s, rpe=None, load=None) if s.rpe is not None and rng.random() < share else s for s in log.sessions
    )
    return replace(log, days=days or log.days[:1], sessions=sessions)


def agreement(
    log: ResearchLog, share: float, rng: np.random.Generator, full: Sequence[WeekPlan]
) -> tuple[float, float]:
    """Share of weeks in which the policy's action is the same without a share of the answers, and in which it asks
    for more running than with all of them."""
    less = {w.week: w for w in replayed(replace(thinned(log, share, rng), injuries=log.injuries))}
    both = [(w, less[w.week]) for w in full if w.week in less]
    same = float(np.mean([a.action == b.action for a, b in both]))
    more = float(np.mean([b.run_min > a.run_min + 0.5 for a, b in both]))
    return same, more


def pmdata(folder: Path, seed: int = 10_000, say: Callable[[str], None] = lambda _: None) -> Iterator[str]:
    """The PMData part of the evidence, in markdown."""
    rng = np.random.default_rng(seed)
    logs = [read_pmdata(folder, p) for p in PEOPLE if (folder / f"{p}__pmsys__wellness.csv").exists()
            or (folder / p / "pmsys" / "wellness.csv").exists()]  # fmt: skip
    counts = np.array([alarms(log) for log in logs])
    shares = counts[:, 1:] / np.maximum(counts[:, :1], 1)
    yield f"{len(logs)} people, {counts[:, 0].sum()} Sundays outside the two weeks before an injury.\n"
    yield "| what the fatigue index said | share of Sundays, mean over people (95 % interval) |\n|---|---|"
    for name, column in zip(("blocks an advance", "back-off", "strong back-off"), shares.T, strict=True):
        yield f"| {name} | {over_people(column.tolist(), rng)} |"
    full = {log.person: replayed(log, Facts(goal="10k")) for log in logs}
    turned = [flips([w.action for w in weeks]) for weeks in full.values()]
    differs, back = (over_people([t[i] for t in turned], rng) for i in (0, 1))
    yield f"\nWeekly action differs from the week before: {differs}; there and straight back: {back}."
    near = [before_injury(log) for log in logs]
    number = sum(len(events(log.injuries)) for log in logs)
    known = f"{number} beginnings of injury, {sum(np.isfinite(near))} people"
    yield f"\nFatigue index in the two weeks before an injury less other days ({known}): {over_people(near, rng)}.\n"
    yield "| tomorrow's readiness (0-10) | mean absolute error |\n|---|---|"
    errors = [readiness_errors(log) for log in logs]
    for name in errors[0]:
        yield f"| {name} | {over_people([e[name] for e in errors], rng)} |"
    gain = [e["ridge with fatigue index"] - e["7-day mean"] for e in errors]
    yield f"\nRidge less 7-day mean, paired over people: {over_people(gain, rng)}.\n"
    yield "| answers left out | same action | asks for more running |\n|---|---|---|"
    plain = {log.person: replayed(log) for log in logs}
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        pairs = [agreement(log, share, rng, plain[log.person]) for log in logs]
        cells = [over_people([p[i] for p in pairs], rng) for i in (0, 1)]
        yield f"| {share:.0%} | {cells[0]} | {cells[1]} |"


def year_table(log: ResearchLog, facts: Facts | None = None) -> Iterator[str]:
    """What the policy would have asked for, year by year, beside what was done, in markdown."""
    weeks = replayed(log, facts)
    years: dict[str, list[WeekPlan]] = {}
    for w in weeks:
        years.setdefault(w.week[:4], []).append(w)
    yield f"{len(log.sessions)} sessions, {len(weeks)} weeks.\n"
    yield "| year | weeks | advance | hold | rebuild | back off | run min a week: done | planned | above plan by half |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for year, of_year in years.items():
        count = Counter(w.action.word for w in of_year)
        ran = np.array([_ran(log, w) for w in of_year])
        asked = np.array([w.run_min for w in of_year])
        cells = [str(count[a]) for a in ("advance", "hold", "rebuild", "back_off")]
        over = float(np.mean(ran > 1.5 * asked + 1.0))
        row = [year, str(len(of_year)), *cells, f"{ran.mean():.0f}", f"{asked.mean():.0f}", f"{over:.0%}"]
        yield "| " + " | ".join(row) + " |"


def read_home(home: Path) -> tuple[ResearchLog, Facts]:
    """The one athlete of a home folder as a log, from its warehouse."""

    athlete = next(iter(parse_athletes((home / "athletes.toml").read_text()).values()))
    con = open_work(home / ".steadymile" / "work.duckdb")
    try:
        log = ResearchLog(athlete.athlete_id, sessions(con, athlete.athlete_id), load_days(con, athlete.athlete_id))
    finally:
        con.close()
    return log, athlete.facts(log.sessions[-1].local_day)


def _ran(log: ResearchLog, week: WeekPlan) -> float:
    monday = date.fromisocalendar(int(week.week[:4]), int(week.week[6:]), 1)
    inside = [s for s in log.sessions if 0 <= (s.local_day - monday).days < 7]
    return sum((s.running_s or 0.0) for s in inside) / 60.0


def main(arguments: Sequence[str]) -> None:
    """Write the real-log parts of a page: page, PMData folder, run log folder, then any home folders."""
    page = Path(arguments[0])
    blocks = {
        "real-pmdata": "\n".join(pmdata(Path(arguments[1]))),
        "real-log": "\n".join(year_table(read_run_log(Path(arguments[2])), Facts(goal="half"))),
    }
    for number, home in enumerate(arguments[3:], 1):
        blocks[f"real-home-{number}"] = "\n".join(year_table(*read_home(Path(home))))
    page.write_text(replace_blocks(page.read_text(), blocks))


if __name__ == "__main__":
    main(sys.argv[1:])
