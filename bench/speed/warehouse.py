"""The warehouse on ten years of one runner: 3,000 activities, 10 million samples, made up but of real shape.

Prints seconds to save, milliseconds of each view for one athlete and year (median), seconds to publish, megabytes.
Run: python -m bench.speed.warehouse [activities]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from steadymile.models.measured import Signature
from steadymile.models.metrics.catalogue import Digest, Measured, Segment, Value
from steadymile.models.recording import BOUTS, LAPS, SAMPLES, Activity, CheckIn, Device, Stored, Wellness
from steadymile.models.weekplan import Action, PlannedSession, Reason, Step, WeekPlan
from steadymile.warehouse import queries, store
from steadymile.warehouse.database import open_published, open_work, rows
from steadymile.warehouse.publish import publish

FIRST = date(2016, 1, 4)
ME, OTHER = "me", "other"
N_METRICS = 60
N_PERSON = 25
BATCH = 200


def recording(rng: np.random.Generator, number: int, athlete_id: str, seconds: int = 3333) -> store.NewRecording:
    """One hour or so on a hilly round, a sample a second, with the resolution of a watch."""
    day = FIRST + timedelta(days=int(number * 1.2))
    start = datetime(day.year, day.month, day.day, 7, 5, tzinfo=UTC)
    t = np.arange(seconds, dtype=float)
    speed = np.clip(2.4 + np.cumsum(rng.normal(0, 0.02, seconds)) % 1.0, 0, 5)
    angle = np.cumsum(speed) / 400
    samples = pl.DataFrame(
        {
            "time": np.datetime64(start.replace(tzinfo=None), "us") + (t * 1e6).astype("timedelta64[us]"),
            "t_s": t,
            "latitude_deg": np.round((-30.5 + 0.003 * np.sin(angle)) * 2**31 / 180) * 180 / 2**31,
            "longitude_deg": np.round((127.1 + 0.003 * np.cos(angle)) * 2**31 / 180) * 180 / 2**31,
            "altitude_m": np.round((100 + 8 * np.sin(angle / 2) + rng.normal(0, 0.3, seconds)) * 5) / 5,
            "distance_m": np.round(np.cumsum(speed), 2),
            "speed_m_s": np.round(speed, 3),
            "heart_rate_bpm": np.round(140 + 20 * np.sin(angle / 3) + rng.normal(0, 1, seconds)),
            "cadence_spm": np.round(164 + rng.normal(0, 3, seconds)),
            "power_w": np.full(seconds, np.nan),
            "temperature_c": np.round(18 + t / 2000),
            "flags": np.zeros(seconds, dtype=np.int32),
        }
    )
    samples = samples.with_columns(
        pl.col("time").dt.replace_time_zone("UTC"), pl.col("power_w").fill_nan(None), pl.col("flags").cast(pl.Int32)
    ).select(list(SAMPLES))
    bouts = pl.DataFrame(
        [(i, "run" if i % 2 else "walk", 60.0 * i, 60.0, 140.0, 2.3, 150.0) for i in range(40)],
        schema=BOUTS,
        orient="row",
    )
    laps = pl.DataFrame(
        [(i, start, 400.0, 400.0, 1000.0, 150.0, 160.0, 5.0, "distance") for i in range(8)], schema=LAPS, orient="row"
    )
    metrics = {f"made_{i}": Value(float(i)) for i in range(N_METRICS - 3)}
    metrics |= {"distance_m": Value(8000.0), "running_s": Value(1800.0), "elevation_gain_m": Value(50.0, sd=5.0)}
    digest = Digest(
        rng.random(256), rng.random(256), rng.random(200), 0.97, 0.0, 171.0, 2.4, 150.0,
        (Segment("run", 200.0, 150.0, 2.4),) * 3,
    )  # fmt: skip
    return store.NewRecording(
        activity_id=f"{athlete_id}-{number:x}", athlete_id=athlete_id, sha256=f"{number:064x}", path=f"{number}.fit",
        activity=Activity(
            start, "running", samples, "columnar", laps=laps, device=Device("made", "watch"),
            stored=Stored(8010.0, 3400.0, 3333.0, 3300.0, 52.0, 50.0, 149.0, 172.0),
        ),
        measured=Measured(samples, bouts, metrics, {}, "barometric", digest),
        local_day=day, timezone="Australia/Eucla", timezone_source="place", kind="run",
        signature=Signature(distance_m=np.arange(40.0)),
    )  # fmt: skip


def plans(athlete_id: str) -> Iterator[WeekPlan]:
    """A plan a week for ten years."""
    for n in range(520):
        monday = FIRST + timedelta(days=7 * n)
        session = PlannedSession(monday, "run", 30.0, "Walk, then jog.", (Step(1, 0, 300), Step(8, 60, 90)))
        reason = Reason("earned", "You did it.", 2.0, 2.0, activity_ids=("a", "b"))
        yield WeekPlan(
            athlete_id, monday.strftime("%G-W%V"), monday, Action.HOLD, "J3", "J3", 24.0, 1.0, 60.0, 9000.0, 50.0,
            100.0, 140.0, 155.0, 3, "As last week.", (session,) * 7, (reason,) * 12, {"level": 3},
        )  # fmt: skip


def daily(n_days: int) -> pl.DataFrame:
    """Daily rows."""
    days = [FIRST + timedelta(days=i) for i in range(n_days)]
    columns = ("load", "fitness", "fatigue", "form", "monotony", "strain", "fatigue_index", "coverage")
    return pl.DataFrame({"day": days, **{c: np.linspace(1, 60, n_days) for c in columns}})


def clock(what: Callable[[], object], times: int = 1) -> float:
    """Median seconds of a call."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        what()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def main(n: int = 3000) -> None:
    """Build, measure, print."""
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        work, target = Path(folder) / "work.duckdb", Path(folder) / "warehouse.duckdb"
        con = open_work(work)
        save = 0.0
        for athlete_id, count in ((OTHER, n // 10), (ME, n)):
            for start in range(0, count, BATCH):
                batch = [recording(rng, i, athlete_id) for i in range(start, min(start + BATCH, count))]
                save += clock(partial(store.save_recordings, con, batch))
        n_days = int(n * 1.2)
        person = {f"{ME}-{i:x}": {f"person_{k}": Value(1.0 * k) for k in range(N_PERSON)} for i in range(n)}
        readings = [
            (FIRST + timedelta(days=i), Wellness(q, 50.0, "watch"))
            for i in range(n_days)
            for q in ("resting_heart_rate_bpm", "sleep_h", "steps", "stress")
        ]
        said = [CheckIn(FIRST + timedelta(days=i), {"fatigue": 2.0, "soreness": 3.0}, "log") for i in range(n_days)]
        weeks = list(plans(ME))
        print(f"save {n} activities, {n * 3333:,} samples: {save:.2f} s")
        for label, call in {
            "person metrics": lambda: store.save_person_metrics(con, ME, person),
            "days": lambda: store.save_days(con, ME, daily(n_days)),
            "wellness": lambda: store.save_wellness(con, ME, "f" * 64, 1, readings),
            "check-ins": lambda: store.save_checkins(con, ME, "journal:2", 2, said),
            "520 weeks": lambda: store.save_weeks(con, weeks),
        }.items():
            print(f"save {label}: {clock(call):.3f} s, again unchanged: {clock(call):.3f} s")
        print(f"load recordings: {clock(lambda: store.load_recordings(con, ME)):.3f} s")
        print(f"load sessions: {clock(lambda: queries.sessions(con, ME)):.3f} s")
        print(f"load days: {clock(lambda: store.load_days(con, ME)):.3f} s")
        print(f"load weeks: {clock(lambda: store.load_weeks(con, ME)):.3f} s")
        con.close()
        print(f"publish {publish(work, target)}, {work.stat().st_size / 1e6:.0f} MB")
        print(f"nothing new: {clock(lambda: publish(work, target)) * 1000:.1f} ms")
        con = open_published(target)
        year = FIRST + timedelta(days=365 * 4)
        until = year + timedelta(days=365)
        for name, (day, _) in queries.VIEWS.items():
            who = "" if name in queries.OF_NOBODY else f"AND athlete_id = '{ME}'"
            when = f"AND {day} BETWEEN DATE '{year}' AND DATE '{until}'" if day else ""
            sql = f"SELECT count(*), sum(hash(t)) FROM {name} t WHERE true {who} {when}"
            fetch = f"SELECT * FROM {name} WHERE true {who} {when}"
            counted = clock(partial(rows, con, sql), 7) * 1000
            framed = clock(partial(queries.query, con, fetch), 5) * 1000
            print(f"{name:26s} {counted:7.1f} ms   as a frame {framed:7.1f} ms")
        one = f"SELECT avg(heart_rate_bpm) FROM samples WHERE activity_id = '{ME}-{n // 2:x}'"
        print(f"one activity's samples     {clock(lambda: con.execute(one).fetchall(), 7) * 1000:7.1f} ms")
        print(f"contract hash: {clock(lambda: queries.contract_hash(con)):.2f} s")
        con.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
