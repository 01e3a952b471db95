"""The track: one recording as 1-s cells inside its running timer, with everything the file metrics are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from steadymile.models.physiology import energy
from steadymile.models.recording import Activity, Flag
from steadymile.models.signal import elevation, gait, gaps, lifts
from steadymile.models.signal.cleaned import Cleaned
from steadymile.models.signal.grid import Sampler, Timer, cells, gap_limit_s, trusted_timer, usual_steps_s
from steadymile.models.signal.series import Bools, Floats, Ints, Pieces, rolling_mean
from steadymile.models.sport import SLOWEST_WALK_M_S, beyond_runners, is_indoors, is_run, is_unknown, is_walk

LONGEST_HEART_RATE_GAP_S, LONGEST_SPARSE_HEART_RATE_GAP_S = 10.0, 60.0
USUAL_STEPS = 2.0
"""A step of up to twice the recording's usual spacing is how it samples, not a hole (design value)."""
SPEED_WINDOW_S = 5
TREADMILL_SD = 0.08
DENSE = 0.8
WHOLE_WAY = 0.98
"""Samples without holes that cover so much of the device's own distance saw all of it: what the timer ran before or
after them was rest."""
FASTEST_AVERAGE_M_S = 7.0
AVERAGE_SD, AVERAGE_PACE = 0.10, "average pace"
LEAPS = int(Flag.POSITION_JUMP | Flag.POSITION_INVALID | Flag.ALTITUDE_JUMP | Flag.DISTANCE_RESET)


@dataclass(frozen=True, slots=True)
class Average:
    """A session known by its totals alone: entered by hand, or sampled too rarely to see what happened within.

    `kind` is `run` for a run above 2.2 m/s on average, which nobody walks, `walk` for a walk or hike below that, None
    where neither can be said: a slow average may be walking, or running with long stops.
    """

    moving_s: float
    distance_m: float
    kind: str | None

    @property
    def speed_m_s(self) -> float:
        """Mean speed."""
        return self.distance_m / self.moving_s


@dataclass(slots=True)
class Track:
    """One recording in cells of 1 s (the last cell of a piece may be shorter). NaN is unknown, inside numpy only.

    Each cell begins at `t_s` and lasts `dt_s`; pieces end where the timer stopped or the recording has a gap of more
    than 60 s that was not moved through; `unseen` are the cells of gaps that were. `ridden_m` were left out as a
    vehicle's. `step_m` metres covered in the cell (0 where unknown), `speed_m_s` over a centred 5 s, `altitude_m`
    smoothed and joined across pieces, `grade` as rise over run, `gap_speed_m_s` speed on the level at equal heart
    rate. `hr` is filled in after cleaning. `power_w` and `temperature_c` are empty where no sample has one, `placed`
    where none has a place; `jumps` of all `samples` leap in place, height or distance. `running` is all False where
    `gait_reason` says that nobody can tell. `bout_start` and `bout_stop` index cells, `bout_kind` is 0 stand, 1 walk,
    2 run.
    """

    activity: Activity
    span_s: float
    timer: Timer | None
    t_s: Floats
    dt_s: Floats
    pieces: Pieces
    step_m: Floats
    speed_m_s: Floats
    cadence_spm: Floats
    altitude_m: Floats
    grade: Floats
    gap_speed_m_s: Floats
    moving: Bools
    running: Bools
    bout_start: Ints
    bout_stop: Ints
    bout_kind: Ints
    hr: Floats = field(default_factory=lambda: np.zeros(0))
    distance_source: str | None = None
    moving_basis: str = "distance"
    gait_reason: str | None = None
    gait_basis: str = ""
    on_foot: bool = True
    indoors: bool = False
    unseen: Bools = field(default_factory=lambda: np.zeros(0, np.bool_))
    ridden_m: float = 0.0
    scatter_m: float | None = None
    climb: elevation.Climb | None = None
    elevation_reason: str | None = None
    counted_m: float | None = None
    sampled_share: float = 1.0
    whole: bool = False
    sampled_t_s: Floats | None = None
    average: Average | None = None
    power_w: Floats = field(default_factory=lambda: np.zeros(0))
    temperature_c: Floats = field(default_factory=lambda: np.zeros(0))
    placed: Bools = field(default_factory=lambda: np.zeros(0, np.bool_))
    samples: int = 0
    jumps: int = 0
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of cells."""
        return int(self.t_s.size)

    @property
    def gait_known(self) -> bool:
        """True where running can be told from walking."""
        return self.on_foot and not self.sparse and self.gait_reason is None and self.moving_basis != "timer"

    @property
    def sparse(self) -> bool:
        """True where the samples cover less than four fifths of the timer's time and not all of the way, or there are
        none."""
        return self.size == 0 or (self.sampled_share < DENSE and not self.whole)

    @property
    def moving_total_s(self) -> float:
        """Moving time of the whole session, also where most of it was not sampled."""
        return self.average.moving_s if self.average else self.seconds(self.moving)

    @property
    def walking(self) -> Bools:
        """Moving and not running."""
        return self.moving & ~self.running

    def bout_sums(self, values: Floats) -> Floats:
        """Sum of a cell quantity over each bout."""
        total = np.concatenate(([0.0], np.cumsum(values)))
        return total[self.bout_stop] - total[self.bout_start]

    def seconds(self, where: Bools) -> float:
        """Total time of some cells."""
        return float(self.dt_s[where].sum())


def lay(cleaned: Cleaned, activity: Activity) -> Track:
    """Lay the cleaned samples on 1-s cells and find out what moved, ran and climbed."""
    timer = trusted_timer(cleaned.t_s, activity)
    longest_gap_s = gap_limit_s(cleaned.t_s)
    paused = _unseen_pauses(cleaned, activity, timer, longest_gap_s)
    t_s, dt_s, starts = cells(cleaned.t_s, timer, longest_gap_s, cleaned.bridged, paused)
    sampler = Sampler.of(cleaned.t_s, t_s)
    span_s = float(cleaned.t_s[-1] - cleaned.t_s[0]) if cleaned.t_s.size else 0.0
    pieces = Pieces.from_starts(starts)
    indoors = is_indoors(activity.sport, activity.sub_sport)
    unseen = _unseen(cleaned, t_s)
    step_m, counted_m = _steps(cleaned, t_s, dt_s, activity.stored.distance_m)
    step_m, counted_m = _calibrate(step_m, counted_m, activity, indoors)
    has_distance = cleaned.distance_source is not None and t_s.size > 0
    speed = _speed(step_m, dt_s, pieces) if has_distance else np.full(t_s.size, np.nan)
    cadence = _across(sampler.read(cleaned.columns["cadence_spm"], longest_gap_s), unseen, t_s)
    on_foot = _on_foot(activity, speed, dt_s)
    moves, basis = _moving(speed, cadence, pieces, on_foot)
    track = Track(
        activity, span_s, timer, t_s, dt_s, pieces, step_m, speed, cadence,
        altitude_m=np.full(t_s.size, np.nan), grade=np.full(t_s.size, np.nan),
        gap_speed_m_s=np.full(t_s.size, np.nan), moving=moves, running=np.zeros(t_s.size, np.bool_),
        bout_start=np.zeros(0, np.int64), bout_stop=np.zeros(0, np.int64), bout_kind=np.zeros(0, np.int64),
        hr=np.full(t_s.size, np.nan), distance_source=cleaned.distance_source if has_distance else None,
        moving_basis=basis, on_foot=on_foot, indoors=indoors, counted_m=counted_m if has_distance else None,
        sampled_t_s=cleaned.t_s[~np.isnan(cleaned.columns["distance_m"])] if has_distance else None,
        unseen=unseen, ridden_m=cleaned.ridden_m, scatter_m=cleaned.scatter_m,
    )  # fmt: skip
    timer_total = sum(b - a for a, b in timer) if timer else activity.stored.timer_s
    if timer_total and track.ridden_m:
        timer_total = max(timer_total - _ridden_unseen_s(cleaned, longest_gap_s), float(dt_s.sum()))
    track.sampled_share = min(1.0, float(dt_s.sum()) / timer_total) if timer_total else 1.0
    if cleaned.recorded_share is not None:
        track.sampled_share = min(track.sampled_share, cleaned.recorded_share)
    whole_m, dense = activity.stored.distance_m, float(dt_s.sum()) >= DENSE * span_s
    all_of_it = whole_m and has_distance and dense and float(step_m.sum()) >= WHOLE_WAY * whole_m
    track.whole = bool(all_of_it and track.sampled_share < DENSE and activity.stored.moving_s is None)
    if (track.sparse and not track.ridden_m) or track.distance_source is None:
        track.average = _average(track, timer_total)
    _lay_sensors(track, cleaned, sampler, longest_gap_s)
    _lay_gait(track, cleaned, sampler, longest_gap_s)
    _lay_terrain(track, cleaned, sampler, longest_gap_s)
    return track


def fill_heart_rate(track: Track, t_s: Floats, heart_rate_bpm: Floats, dropped: Bools) -> None:
    """Put the cleaned heart rate of the samples on the cells, across gaps of at most 10 s.

    Where the recording itself is sparse, the step between two neighbouring samples that both have a heart rate is
    bridged too: up to twice the usual spacing, at most 60 s. A reading stands for the 10 s after it where the next one
    comes later, but not beyond a reading that was `dropped`.
    """
    sampler = Sampler.of(t_s, track.t_s)
    track.hr = sampler.read(heart_rate_bpm, LONGEST_HEART_RATE_GAP_S)
    _fill_steps(track, sampler, heart_rate_bpm)
    lacks = np.flatnonzero(np.isnan(track.hr))
    good = np.flatnonzero(~np.isnan(heart_rate_bpm))
    if lacks.size == 0 or good.size == 0:
        return
    heard_s, bad_s = t_s[good], t_s[np.isnan(heart_rate_bpm) & dropped]
    last = np.searchsorted(heard_s, track.t_s[lacks], side="right") - 1
    begun = last >= 0
    since = heard_s[np.maximum(last, 0)]
    fresh = begun & (track.t_s[lacks] - since < LONGEST_HEART_RATE_GAP_S)
    between = np.searchsorted(bad_s, track.t_s[lacks], side="right") - np.searchsorted(bad_s, since, side="right")
    held = fresh & (between == 0)
    track.hr[lacks[held]] = heart_rate_bpm[good[last[held]]]


def _fill_steps(track: Track, sampler: Sampler, heart_rate_bpm: Floats) -> None:
    """Straight lines between neighbouring samples with a heart rate, as far apart as this recording usually samples."""
    limit_s = min(usual_steps_s(sampler.t_s, LONGEST_HEART_RATE_GAP_S, USUAL_STEPS), LONGEST_SPARSE_HEART_RATE_GAP_S)
    if limit_s <= LONGEST_HEART_RATE_GAP_S or track.size == 0:
        return
    before = np.minimum(sampler.before, sampler.t_s.size - 2)
    after = before + 1
    wide_s = sampler.t_s[after] - sampler.t_s[before]
    line = np.interp(track.t_s, sampler.t_s, heart_rate_bpm)  # NaN beside a sample without one
    fits = np.isnan(track.hr) & (track.t_s < sampler.t_s[after]) & (wide_s <= limit_s)
    track.hr[fits] = line[fits]


def at_samples(track: Track, t_s: Floats) -> tuple[Floats, Bools]:
    """(speed, moving) at the time of each sample; NaN and False outside the running timer."""
    if track.size == 0:
        return np.full(t_s.size, np.nan), np.zeros(t_s.size, np.bool_)
    cell = np.clip(np.searchsorted(track.t_s, t_s, side="right") - 1, 0, track.size - 1)
    # The last sample of a piece lies on the end of its last cell.
    inside = (t_s >= track.t_s[cell]) & (t_s <= track.t_s[cell] + track.dt_s[cell] + 1e-6)
    return np.where(inside, track.speed_m_s[cell], np.nan), track.moving[cell] & inside


def _unseen_pauses(cleaned: Cleaned, activity: Activity, timer: Timer | None, longest_gap_s: float) -> Bools | None:
    """Steps between samples in which the timer must have stood still, where only its total is known."""
    stored = activity.stored.timer_s
    if timer is not None or not stored or cleaned.t_s.size < 3:
        return None
    recorded = (np.diff(cleaned.t_s) <= longest_gap_s) | cleaned.bridged[1:]
    d = cleaned.columns["distance_m"]
    known = ~np.isnan(d)
    along = d if known.all() or not known.any() else np.interp(cleaned.t_s, cleaned.t_s[known], d[known])
    return gaps.pauses(cleaned.t_s, along, recorded, stored)


def _ridden_unseen_s(cleaned: Cleaned, longest_gap_s: float) -> float:
    """Seconds in a vehicle of which there are no samples: what was done on foot lacks nothing by them."""
    step_s = np.diff(cleaned.t_s, prepend=cleaned.t_s[:1])
    return float(step_s[cleaned.ridden & (step_s > longest_gap_s)].sum())


def _unseen(cleaned: Cleaned, t_s: Floats) -> Bools:
    """Cells of gaps that were moved through."""
    found = np.zeros(t_s.size, np.bool_)
    for i in np.flatnonzero(cleaned.bridged).tolist():
        found |= (t_s > cleaned.t_s[i - 1]) & (t_s < cleaned.t_s[i])
    return found


def _across(values: Floats, unseen: Bools, t_s: Floats) -> Floats:
    """Cell values with straight lines over the gaps that were moved through."""
    known = ~np.isnan(values)
    lacks = unseen & ~known
    if not lacks.any() or not known.any():
        return values
    return np.where(lacks, np.interp(t_s, t_s[known], values[known]), values)


def _steps(cleaned: Cleaned, t_s: Floats, dt_s: Floats, stored_m: float | None = None) -> tuple[Floats, float | None]:
    """(metres in each cell, total metres): the total also holds what the counter saw between pieces and in leaps, and
    what it had counted at the first sample of a session that began at 0."""
    d = cleaned.columns["distance_m"]
    known = np.flatnonzero(~np.isnan(d))
    if known.size < 2 or t_s.size == 0:
        return np.zeros(t_s.size), None
    t, v = cleaned.t_s[known], d[known]
    total = float(v[-1] - v[0])
    begun_s, begun_m = float(t[0]), float(v[0])
    if cleaned.distance_source == "file" and begun_m > 0 and not cleaned.ridden_m:
        whole = stored_m is not None and abs(float(v[-1]) - stored_m) <= min(0.02 * stored_m, begun_m / 2)
        if whole or (stored_m is None and begun_s > 1.0 and begun_m <= gaps.MOST * 2.0 * begun_s):
            total = float(v[-1])
    leaps = cleaned.distance_broken[known]
    if leaps.any():
        v = v - np.cumsum(np.where(leaps, np.diff(v, prepend=v[0]), 0.0))
    step = np.maximum(np.interp(t_s + dt_s, t, v) - np.interp(t_s, t, v), 0.0)
    return step, total


def _calibrate(
    step_m: Floats, counted_m: float | None, activity: Activity, indoors: bool
) -> tuple[Floats, float | None]:
    """On a treadmill the distance that the runner entered at the end is the true one: all steps scale to it."""
    stored = activity.stored.distance_m
    if not indoors or not stored or not counted_m or counted_m <= 0:
        return step_m, counted_m
    factor = stored / counted_m
    if not 0.5 <= factor <= 2.0:
        return step_m, counted_m
    return step_m * factor, stored


def _speed(step_m: Floats, dt_s: Floats, pieces: Pieces) -> Floats:
    """Metres a second over a centred window of 5 s."""
    return rolling_mean(step_m, pieces, SPEED_WINDOW_S) / rolling_mean(dt_s, pieces, SPEED_WINDOW_S)


def _moving(speed: Floats, cadence: Floats, pieces: Pieces, on_foot: bool) -> tuple[Bools, str]:
    """(moving, what it was told from): distance, else steps, else only that the timer ran.

    A counter that stays at 0 is one that was not there; one that counts by the length of a pool tells nothing of the
    seconds between.
    """
    if speed.size and np.nanmax(speed, initial=0.0) > 0 and (on_foot or np.count_nonzero(speed) > speed.size / 2):
        return gait.moving(speed, pieces), "distance"
    if cadence.size and np.count_nonzero(cadence > 0) >= 0.1 * cadence.size:
        return gait.moving(np.where(cadence >= (40.0 if on_foot else 15.0), 1.0, 0.0), pieces), "cadence"
    return np.ones(speed.size, np.bool_), "timer"


def _on_foot(activity: Activity, speed: Floats, dt_s: Floats) -> bool:
    """Runs, walks and hikes; a file that names no sport counts as on foot unless it is too fast as a whole."""
    if is_run(activity.sport) or is_walk(activity.sport):
        return True
    if not is_unknown(activity.sport) or (activity.sub_sport and "cycling" in activity.sub_sport):
        return False
    return not beyond_runners(speed, dt_s)


def _average(track: Track, timer_total: float | None) -> Average | None:
    """The session by its totals, None where the device's totals are unknown or no runner's."""
    stored = track.activity.stored
    seconds = stored.moving_s or timer_total or stored.elapsed_s or track.span_s
    metres = stored.distance_m or track.counted_m
    if not track.on_foot or not seconds or not metres or not 0.2 <= metres / seconds <= FASTEST_AVERAGE_M_S:
        return None
    speed = metres / seconds
    kind = None
    if is_walk(track.activity.sport) and SLOWEST_WALK_M_S <= speed < gait.HIGHEST_THRESHOLD_M_S:
        kind = "walk"
    elif is_run(track.activity.sport) and speed >= gait.HIGHEST_THRESHOLD_M_S:
        kind = "run"
    return Average(float(seconds), float(metres), kind)


def _lay_sensors(track: Track, cleaned: Cleaned, sampler: Sampler, longest_gap_s: float) -> None:
    """What only some recordings have: power, temperature, places; and how many samples leap."""
    for name in ("power_w", "temperature_c"):
        values = cleaned.columns[name]
        if not np.isnan(values).all():
            setattr(track, name, sampler.read(values, longest_gap_s))
    latitude = cleaned.columns["latitude_deg"]
    if not np.isnan(latitude).all():
        track.placed = ~np.isnan(sampler.read(latitude, longest_gap_s))
    track.samples = int(cleaned.t_s.size)
    track.jumps = int(np.count_nonzero(cleaned.flags & LEAPS))


def _lay_gait(track: Track, cleaned: Cleaned, sampler: Sampler, longest_gap_s: float) -> None:
    """Running or walking, and the bouts."""
    kind = np.where(track.moving, gait.WALK, gait.STAND).astype(np.int64)
    if track.on_foot and track.moving_basis != "timer":
        speed = track.speed_m_s if track.moving_basis == "distance" else np.zeros(track.size)
        if track.distance_source == "positions":
            lat = sampler.read(cleaned.columns["latitude_deg"], longest_gap_s)
            lon = sampler.read(cleaned.columns["longitude_deg"], longest_gap_s)
            straight = gait.straight_speed(lat, lon, track.t_s, track.pieces)
            speed = steady = np.where(np.isnan(straight), speed, straight)
        else:
            steady = gait.steady_speed(speed, track.pieces)
        walks = is_walk(track.activity.sport)
        found = gait.classify(speed, steady, track.cadence_spm, track.moving, track.pieces, walks)
        track.gait_reason, track.gait_basis = found.reason, found.basis
        if found.basis == "cadence":
            track.cadence_spm = gait.of_both_feet(track.cadence_spm, speed, track.moving)
        if found.running is not None:
            track.running = found.running
            kind[found.running] = gait.RUN
    starts, stops = gait.bouts(kind, track.t_s, track.dt_s)
    # A stretch's gait is that of most of its seconds: short ones of another gait were taken in.
    kinds = np.array(
        [int(np.argmax(np.bincount(kind[a:b], weights=track.dt_s[a:b], minlength=3))) for a, b in zip(starts, stops)],
        dtype=np.int64,
    )
    track.bout_start, track.bout_stop, track.bout_kind = starts, stops, kinds
    if track.gait_known and track.size:
        label = np.repeat(kinds, stops - starts)
        track.running = (label == gait.RUN) & track.moving


def _lay_terrain(track: Track, cleaned: Cleaned, sampler: Sampler, longest_gap_s: float) -> None:
    """Altitude, climb, grade and grade-adjusted speed; with the reason where there is none."""
    if track.indoors:
        track.elevation_reason = "recorded indoors, no altitude is meaningful"
        return
    heights, barometer = cleaned.columns["altitude_m"], track.activity.device.barometer
    z = sampler.read(heights, longest_gap_s)  # what was climbed in a gap that was moved through is not known
    steps = elevation.not_climbed(cleaned.t_s, heights, cleaned.altitude_broken, barometer)
    for before, after in steps:
        z[(track.t_s > before) & (track.t_s < after)] = np.nan  # a straight line between them would climb
    known = ~np.isnan(z)
    track.elevation_reason = _why_no_altitude(track, known)
    if track.elevation_reason:
        return
    if track.on_foot:
        known &= ~lifts.at_rest(track.step_m, track.cadence_spm, track.moving, track.pieces)
        if barometer:
            known &= ~lifts.riding(z, track.step_m, track.pieces)
    if not known.any():
        track.elevation_reason = "all the time was spent at rest, or carried"
        return
    begins = track.pieces.first == np.arange(track.size)
    for _, after in steps:
        begins[min(int(np.searchsorted(track.t_s, after, side="left")), track.size - 1)] = True
    begins[1:] |= track.unseen[:-1] & ~track.unseen[1:]
    pieces = elevation.pieces_of(known, begins)
    raw = z[known]
    lat = sampler.read(cleaned.columns["latitude_deg"], longest_gap_s)[known]
    lon = sampler.read(cleaned.columns["longitude_deg"], longest_gap_s)[known]
    light = elevation.smooth(raw, pieces, elevation.BAROMETRIC.window)
    sigma = elevation.high_frequency_sigma_m(raw, pieces)
    again = elevation.revisits(lat, lon, light, track.t_s[known])
    method = elevation.method_of(barometer, sigma)
    smoothed = light if method.window == elevation.BAROMETRIC.window else elevation.smooth(raw, pieces, method.window)
    joined = elevation.join(smoothed, pieces)
    track.climb = elevation.climb(joined, method, again)
    track.altitude_m[known] = joined
    _lay_grade(track, known, joined, method)


def _why_no_altitude(track: Track, known: Bools) -> str | None:
    """The reason why the altitude cannot be used, None where it can."""
    if not known.any():
        return "no altitude was recorded"
    if np.count_nonzero(known) < 30:
        return "altitude was recorded for less than half a minute"
    if np.count_nonzero(known) * track.sampled_share < DENSE * np.count_nonzero(~track.unseen):
        return "altitude was recorded for less than four fifths of the time"
    return None


def _lay_grade(track: Track, known: Bools, joined: Floats, method: elevation.Method) -> None:
    """Slope and the speed on the level that would cost the same heart rate."""
    if track.distance_source is None:
        return
    by_pressure = method.source.startswith("barometric")
    along = np.cumsum(track.step_m[known]) - track.step_m[known]
    half, limit = (20.0, 0.45) if by_pressure else (30.0, 0.30)
    slope = elevation.grade(joined, along, half, limit)
    track.grade[known] = slope
    track.gap_speed_m_s[known] = track.speed_m_s[known] * energy.heart_rate_grade_factor(slope)
