"""A made beginner: realistic FIT and GPX files and check-ins, the same for the same seed.

`MadeRunner` can be played in a closed loop (each week's files depend on the plan it was given) or `season` writes
months at once.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from steadymile.models.athlete import Facts
from steadymile.models.weekplan import PlannedSession, Step
from steadymile.reports.workouts.fit_writer import activity_file, fit_time
from steadymile.studies.synthetic.body import (
    TIMEZONE,
    UTC_OFFSET_S,
    Body,
    RecordedSession,
    go,
    heart_rate,
    pieces,
    positions,
    wander,
)

WARM = Step(1, 0, 300)
SERIAL = 4_200_001
PRODUCT = "steadymile demo watch"


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file to drop into an inbox: a name and its bytes."""

    name: str
    data: bytes


@dataclass(slots=True)
class Diary:
    """What the runner writes down, one row a day."""

    rows: dict[date, dict[str, str]]

    def add(self, day: date, **values: object) -> None:
        """Add answers to a day."""
        self.rows.setdefault(day, {}).update({k: str(v) for k, v in values.items()})


CHECKIN_COLUMNS = (
    "rpe",
    "talk_test",
    "pain",
    "pain_place",
    "fatigue",
    "soreness",
    "stress",
    "sleep_quality",
    "sleep_h",
    "resting_heart_rate_bpm",
    "strength_min",
    "walk_min",
    "note",
)


def checkin_csv(diary: Diary, since: date | None = None) -> str:
    """The diary as a check-in file: a date column and one column a question, empty where nothing was said."""
    lines = ["date," + ",".join(CHECKIN_COLUMNS)]
    for day in sorted(diary.rows):
        if since is None or day >= since:
            lines.append(f"{day.isoformat()}," + ",".join(diary.rows[day].get(c, "") for c in CHECKIN_COLUMNS))
    return "\n".join(lines) + "\n"


class MadeRunner:
    """A beginner who follows a plan as people do: mostly, a little too fast, sometimes not at all.

    `rng` decides everything, so equal generators and equal plans give equal files.
    """

    timezone = TIMEZONE

    def __init__(self, rng: np.random.Generator, body: Body | None = None) -> None:
        self.rng = rng
        self.body = body or Body()
        self.diary = Diary({})
        self._count = 0

    @property
    def facts(self) -> Facts:
        """What the runner would answer when asked; maximal heart rate is not among it."""
        return Facts(
            birth_year=1989,
            sex="female",
            height_cm=169.0,
            weight_kg=71.0,
            resting_heart_rate_bpm=67.0,
            timezone=self.timezone,
            experience="walker",
            screening=False,
            goal="mile",
            days_free=(2, 4, 6),
        )

    def run_session(
        self,
        day: date,
        start_utc: datetime,
        steps: Sequence[Step],
        kind: str = "run",
        indoor: bool = False,
        title: str | None = None,
    ) -> RecordedSession:
        """Do one session and give back what the watch stored."""
        rng, body = self.rng, self.body
        self._count += 1
        body.rest_until(day)
        plan = pieces(tuple(steps))
        if not plan:
            raise ValueError("a session needs at least one step with some time in it")
        effort = go(body, rng, plan, float(np.clip(rng.normal(1.02, 0.05), 0.9, 1.15)), indoor)
        n = effort.speed_m_s.size
        cadence = np.where(effort.running, 158.0, 112.0) + wander(rng, n, 2.5, 20.0)
        bpm, faults = self._wrist(heart_rate(body, rng, effort), cadence, effort.running)
        latitude, longitude = (None, None) if indoor else positions(rng, effort.along_m)
        hours = np.arange(n) / 3600.0
        weather = rng.normal(0.0, 2.0) * np.sqrt(hours)
        barometer = effort.height_m + weather + wander(rng, n, 0.4, 25.0) + rng.normal(0.0, 0.2, n)
        satellites = effort.height_m + rng.normal(0.0, 4.0) + wander(rng, n, 2.5, 90.0) + rng.normal(0.0, 0.5, n)
        keep = ~effort.paused
        t = np.arange(n, dtype=np.float64)
        calibration = rng.normal(1.0, 0.05 if indoor else 0.008)
        ran = float(effort.running[keep].sum())
        asked = float(effort.asked[keep].sum())
        rpe, talk, feel = self._feeling(effort.share, effort.running, asked - ran)
        body.train(float(np.clip(effort.share - 0.3, 0.0, None).sum() / 60.0 * 2.0))
        stretches = _stretches(keep)
        return RecordedSession(
            day=day,
            started_at=start_utc,
            kind=kind,
            indoor=indoor,
            title=title,
            t_s=t[keep],
            latitude_deg=None if latitude is None else latitude[keep],
            longitude_deg=None if longitude is None else longitude[keep],
            altitude_m=None if indoor else barometer[keep],
            gps_altitude_m=None if indoor else satellites[keep],
            distance_m=np.round(np.cumsum(effort.speed_m_s) * calibration, 2)[keep],
            speed_m_s=np.clip(effort.speed_m_s * calibration + rng.normal(0.0, 0.05, n), 0.0, None)[keep],
            heart_rate_bpm=np.round(bpm)[keep],
            cadence_spm=np.where(effort.speed_m_s > 0.3, np.round(cadence), 0.0)[keep],
            timer=stretches,
            rpe=rpe,
            talk_test=talk,
            feel=feel,
            ran_s=ran,
            asked_s=asked,
            faults=faults,
        )

    def _wrist(self, bpm: np.ndarray, cadence: np.ndarray, running: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
        """What the wrist sensor makes of the heart: drop-outs, and in the sixth session a lock on the step rate."""
        rng, faults = self.rng, []
        n = bpm.size
        if rng.random() < 0.35:
            at = int(rng.integers(0, max(n - 60, 1)))
            bpm[at : at + int(rng.integers(5, 40))] = np.nan
            faults.append("dropout")
        if self._count == 6 and running.any():
            at = int(np.flatnonzero(running)[0])
            lock = slice(at, min(at + 240, n))
            bpm[lock] = cadence[lock] + rng.normal(0.0, 0.8, bpm[lock].size)
            faults.append("cadence_lock")
        return np.clip(bpm, 40.0, 215.0), tuple(faults)

    def _feeling(self, share: np.ndarray, running: np.ndarray, missed_s: float) -> tuple[int, str, int]:
        """Effort 0-10, talk test and feel as the runner would answer after the session."""
        rng, body = self.rng, self.body
        hard = float(share[running].mean()) if running.any() else float(share.mean())
        over = hard - body.threshold
        minutes = float(running.sum()) / 60.0
        effort = 2.2 + 12.0 * over + 0.05 * minutes + 0.9 * body.tiredness + (1.5 if missed_s > 30 else 0.0)
        if not running.any():
            effort = 1.5 + 0.5 * body.tiredness
        rpe = int(np.clip(round(effort + rng.normal(0.0, 0.6)), 1, 10))
        spoken = over + rng.normal(0.0, 0.05) if running.any() else -1.0
        talk = "yes" if spoken < 0.12 else "equivocal" if spoken < 0.20 else "no"
        feel = int(np.clip(round((9.5 - effort) / 6.0 * 4.0) * 25, 0, 100))
        return rpe, talk, feel

    def morning(self, day: date) -> None:
        """Write the morning's answers into the diary: sleep, tiredness, soreness, resting heart rate."""
        rng, tired = self.rng, self.body.tiredness
        if rng.random() < 0.25:
            return

        def item(base: float) -> int:
            return int(np.clip(round(base + rng.normal(0.0, 0.6)), 1, 7))

        self.diary.add(
            day,
            fatigue=item(2.2 + 1.3 * tired),
            soreness=item(2.0 + 1.2 * tired),
            stress=item(2.8),
            sleep_quality=item(2.5 + 0.4 * tired),
            sleep_h=round(float(np.clip(rng.normal(7.3 - 0.2 * tired, 0.6), 4.0, 10.0)), 1),
            resting_heart_rate_bpm=round(self.body.heart_rate_rest + 2.5 * tired + rng.normal(0.0, 1.2)),
        )

    def do_week(self, monday: date, planned: Sequence[PlannedSession]) -> list[MadeFile]:
        """One week as it really went, given the plan: the week's files, a check-in file last."""
        rng, files = self.rng, []
        by_day: dict[date, list[PlannedSession]] = {}
        for session in planned:
            late = session.kind == "run" and session.day.isoweekday() == 2 and rng.random() < 0.10
            by_day.setdefault(session.day + timedelta(days=late), []).append(session)
        for day in (monday + timedelta(days=i) for i in range(7)):
            self.body.rest_until(day)
            self.morning(day)
            for session in by_day.get(day, []):
                files += self._do(day, session)
        files.append(MadeFile(f"checkins-{monday.isoformat()}.csv", checkin_csv(self.diary, monday).encode()))
        return files

    def _do(self, day: date, session: PlannedSession) -> list[MadeFile]:
        rng = self.rng
        if session.kind == "strength":
            if rng.random() < 0.7:
                self.diary.add(day, strength_min=round(session.minutes))
            return []
        if session.kind == "rest" or rng.random() < (0.06 if session.kind != "walk" else 0.15):
            return []
        if session.kind == "walk" and rng.random() < 0.3:
            self.diary.add(day, walk_min=round(session.minutes))
            return []
        steps = session.steps or (Step(1, 0, max(round(session.minutes * 60), 60)),)
        done = self.run_session(
            day, local_morning(day, rng), steps, session.kind, rng.random() < 0.05, session.title or None
        )
        self.after(done)
        if rng.random() < 0.15 and not done.indoor:
            return [MadeFile(file_name(done, "gpx"), to_gpx(done))]
        return [MadeFile(file_name(done, "fit"), to_fit(done, self.rng.random() < 0.6))]

    def after(self, done: RecordedSession) -> None:
        """Write what the runner says after a session into the diary; a hard week now and then leaves a sore shin."""
        self.diary.add(done.day, rpe=done.rpe)
        if done.kind != "walk":
            self.diary.add(done.day, talk_test=done.talk_test)
            pain = int(np.clip(round(self.rng.normal(0.3, 0.6) + max(self.body.tiredness - 1.4, 0.0)), 0, 4))
            self.diary.add(done.day, pain=pain, **({"pain_place": "shin"} if pain else {}))

    def weeks(
        self, start: date, count: int, decide: Callable[[date], Sequence[PlannedSession]]
    ) -> Iterator[tuple[date, list[MadeFile]]]:
        """Play `count` weeks in a closed loop: before each Monday `decide(monday)` gives that week's sessions.

        Store a week's files before asking for the next: `decide` is called when the iterator is advanced.
        """
        for week in range(count):
            monday = start - timedelta(days=start.weekday()) + timedelta(weeks=week)
            yield monday, self.do_week(monday, decide(monday))


def _stretches(keep: np.ndarray) -> tuple[tuple[float, float], ...]:
    """Seconds in which the timer ran, as (start, stop) pairs."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], keep.astype(np.int8), [0]])))
    return tuple((float(a), float(b - 1)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def local_morning(day: date, rng: np.random.Generator) -> datetime:
    """UTC time of a start between 6:10 and 7:30 local time."""
    local = datetime(day.year, day.month, day.day, 6, 10, tzinfo=UTC) + timedelta(seconds=int(rng.integers(0, 4800)))
    return local - timedelta(seconds=UTC_OFFSET_S)


def file_name(done: RecordedSession, suffix: str) -> str:
    """A name as watches and web sites give: local date, time and kind."""
    local = done.started_at + timedelta(seconds=UTC_OFFSET_S)
    return f"{local:%Y-%m-%d-%H%M%S}-{done.kind}.{suffix}"


def to_fit(done: RecordedSession, with_effort: bool = True) -> bytes:
    """The session as a FIT activity file, with barometric altitude; `with_effort` stores the runner's answers too."""
    half = done.cadence_spm / 2.0
    columns = {
        "heart_rate": done.heart_rate_bpm,
        "cadence": np.floor(half),
        "fractional_cadence": half - np.floor(half),
        "distance": done.distance_m,
        "enhanced_speed": done.speed_m_s,
    }
    if done.latitude_deg is not None and done.longitude_deg is not None and done.altitude_m is not None:
        columns |= {
            "position_lat": done.latitude_deg,
            "position_long": done.longitude_deg,
            "enhanced_altitude": done.altitude_m,
        }
    totals: dict[str, float | None] = {
        "total_distance": float(done.distance_m[-1]),
        "avg_heart_rate": round(float(np.nanmean(done.heart_rate_bpm))),
        "max_heart_rate": float(np.nanmax(done.heart_rate_bpm)),
    }
    if done.altitude_m is not None:
        climbs = np.diff(done.altitude_m[::20])
        totals |= {"total_ascent": float(climbs[climbs > 0].sum()), "total_descent": float(-climbs[climbs < 0].sum())}
    return activity_file(
        done.started_at,
        done.t_s,
        columns,
        totals=totals,
        timer=done.timer,
        laps=_laps(done),
        sport="walking" if done.kind == "walk" else "running",
        sub_sport="treadmill" if done.indoor else "generic",
        rpe=done.rpe if with_effort else None,
        feel=done.feel if with_effort else None,
        utc_offset_s=UTC_OFFSET_S,
        workout=done.title,
        serial=SERIAL,
        product=PRODUCT,
    )


def _laps(done: RecordedSession) -> list[dict[str, object]]:
    """One lap a kilometre, the last one shorter, as watches cut them."""
    start = fit_time(done.started_at)
    cuts = np.searchsorted(done.distance_m, np.arange(1000.0, done.distance_m[-1], 1000.0))
    edges = [0, *[int(c) for c in cuts if 0 < c < done.t_s.size - 1], done.t_s.size - 1]
    laps: list[dict[str, object]] = []
    for a, b in itertools.pairwise(edges):
        last = b == edges[-1]
        heart = done.heart_rate_bpm[a : b + 1]
        laps.append(
            {
                "timestamp": start + float(done.t_s[b]),
                "start_time": start + float(done.t_s[a]),
                "total_elapsed_time": float(done.t_s[b] - done.t_s[a]),
                "total_timer_time": float(b - a),
                "total_distance": float(done.distance_m[b] - done.distance_m[a]),
                "avg_heart_rate": None if np.isnan(heart).all() else round(float(np.nanmean(heart))),
                "lap_trigger": "session_end" if last else "distance",
            }
        )
    return laps


def to_gpx(done: RecordedSession) -> bytes:
    """The session as GPX 1.1 with satellite altitude, heart rate and cadence; a pause starts a new segment."""
    if done.latitude_deg is None or done.longitude_deg is None or done.gps_altitude_m is None:
        raise ValueError("an indoor session has no track to write as GPX")
    name = done.title or done.kind
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="steadymile demo" '
        'xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n'
        f"<metadata><time>{done.started_at:%Y-%m-%dT%H:%M:%SZ}</time></metadata>\n"
        f"<trk><name>{name}</name><type>{'walking' if done.kind == 'walk' else 'running'}</type>\n<trkseg>\n"
    ]
    stamp = np.datetime_as_string(
        np.datetime64(done.started_at.replace(tzinfo=None), "s") + done.t_s.astype("timedelta64[s]"), "s"
    )
    starts = {begin for begin, _ in done.timer[1:]}
    rows = zip(
        done.t_s.tolist(),
        stamp.tolist(),
        done.latitude_deg.tolist(),
        done.longitude_deg.tolist(),
        done.gps_altitude_m.tolist(),
        done.heart_rate_bpm.tolist(),
        (done.cadence_spm / 2.0).tolist(),
        strict=True,
    )
    for t, time, lat, lon, height, heart, cadence in rows:
        if t in starts:
            out.append("</trkseg>\n<trkseg>\n")
        beat = f"<gpxtpx:hr>{heart:.0f}</gpxtpx:hr>" if heart == heart else ""
        out.append(
            f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><ele>{height:.1f}</ele><time>{time}Z</time><extensions>'
            f"<gpxtpx:TrackPointExtension>{beat}<gpxtpx:cad>{cadence:.0f}</gpxtpx:cad>"
            "</gpxtpx:TrackPointExtension></extensions></trkpt>\n"
        )
    out.append("</trkseg></trk></gpx>\n")
    return "".join(out).encode()


def _simple_week(monday: date, week: int) -> list[PlannedSession]:
    """A plan for open-loop seasons: running time grows by a little every week, whatever happens."""
    run_s = min(60 + 35 * week, 900)
    reps = max(2, round(min(8 + week, 24) * 60 / run_s))
    steps = (WARM, Step(reps, run_s, 90), WARM)
    minutes = 10 + reps * (run_s + 90) / 60
    runs = [PlannedSession(monday + timedelta(days=d), "run", minutes, "", steps, title="Jog-walk") for d in (1, 3, 5)]
    walk = (Step(1, 0, 1500),)
    return [*runs, PlannedSession(monday + timedelta(days=6), "walk", 25, "", walk, title="Walk")]


def season(rng: np.random.Generator, start: date, weeks: int = 16) -> Iterator[MadeFile]:
    """Months of files at once, with the faults that real folders have.

    Among them: one run as FIT and GPX, a treadmill day, a missed week, the same bytes under two names, two files in
    a zip, a FIT file cut in the middle, and a text file that is no recording.
    """
    runner = MadeRunner(rng)
    monday = start - timedelta(days=start.weekday())
    for week in range(weeks):
        first = monday + timedelta(weeks=week)
        if week == 7:
            continue  # a week away: no file at all
        files = runner.do_week(first, _simple_week(first, week))
        if week == 3:
            files = [_zip(f"export-{first.isoformat()}.zip", files[:2]), *files[2:]]
        yield from files
        if week in (2, 5, 9):
            yield from _odd_ones(runner, first, week)


def _odd_ones(runner: MadeRunner, monday: date, week: int) -> Iterator[MadeFile]:
    """One more session on Sunday evening, stored the way that goes wrong in real life."""
    day = monday + timedelta(days=6)
    evening = local_morning(day, runner.rng) + timedelta(hours=11)
    done = runner.run_session(day, evening, (WARM, Step(4, 120, 90), WARM), "run", indoor=week == 5)
    if week == 2:
        yield MadeFile(file_name(done, "fit"), to_fit(done))
        yield MadeFile("from-the-web/" + file_name(done, "gpx"), to_gpx(done))
    elif week == 5:
        yield MadeFile(file_name(done, "fit"), to_fit(done))
        yield MadeFile("copies/" + file_name(done, "fit"), to_fit(done))
    else:
        whole = to_fit(done)
        yield MadeFile("cut-" + file_name(done, "fit"), whole[: len(whole) * 2 // 3])
        yield MadeFile("notes.gpx", b"this is no recording\n")


def _zip(name: str, files: Sequence[MadeFile]) -> MadeFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name, (2026, 1, 1, 0, 0, 0)), file.data)
    return MadeFile(name, buffer.getvalue())
