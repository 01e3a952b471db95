"""Best efforts of a session over standard distances and times."""

from __future__ import annotations

import numpy as np
from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.physiology.performance import WORLD_RECORDS_S, best_efforts, farthest_in
from steadymile.models.signal.series import Floats
from steadymile.models.signal.timeline import TREADMILL_SD, Track
from steadymile.models.units import MILE_M

DISTANCES = tuple(WORLD_RECORDS_S)
SOURCE = "fastest segment of the recorded distance, pauses counted"


def way(track: Track) -> tuple[Floats, Floats]:
    """(time, cumulative metres) at the edges of the track's cells, standing through its pauses."""
    if "way" not in track.cache:
        total = np.cumsum(track.step_m)
        edges = np.column_stack((track.t_s, track.t_s + track.dt_s)).ravel()
        metres = np.column_stack((total - track.step_m, total)).ravel()
        # Most cells begin where the one before ends: one edge is enough there.
        new = np.concatenate(([True], np.diff(edges) > 1e-6))
        track.cache["way"] = (edges[new], metres[new])
    found: tuple[Floats, Floats] = track.cache["way"]
    return found


def _why_not(track: Track) -> Value | None:
    """The reason why there is no effort to look for, None where there is."""
    if not track.on_foot:
        return missing("not a sport on foot")
    if track.sparse or track.distance_source is None or track.size < 2:
        return missing("no distance was recorded often enough")
    if track.scatter_m is not None:
        return missing("the places scatter too much to time a distance by them")
    return None


def _best(track: Track, distance_m: float) -> Value:
    """Least seconds over one distance."""
    no = _why_not(track)
    if no:
        return no
    if "efforts" not in track.cache:
        track.cache["efforts"] = dict(zip(DISTANCES, best_efforts(*way(track), DISTANCES, track.sampled_t_s)))
    efforts: dict[float, float | None] = track.cache["efforts"]
    seconds = efforts[distance_m]
    if seconds is None:
        return missing(f"the session is shorter than {distance_m:.0f} m")
    if not np.isfinite(seconds):
        return missing("too few samples, or a single step, lie behind its fastest segment")
    if seconds < WORLD_RECORDS_S[distance_m]:
        return missing("faster than the world record: the recorded distance cannot be right")
    return Value(seconds, sd=TREADMILL_SD * seconds if track.indoors else None, source=track.distance_source)


def _farthest(track: Track, minutes: float) -> Value:
    """Most metres within some minutes."""
    no = _why_not(track)
    if no:
        return no
    metres = farthest_in(*way(track), minutes * 60.0)
    if metres is None:
        return missing(f"the session is shorter than {minutes:.0f} minutes")
    return Value(metres, sd=TREADMILL_SD * metres if track.indoors else None, source=track.distance_source)


NEEDS = ("distance",)
CANNOT = "whether it was all that was in the legs: it is the fastest segment of this session, not a race"


@metric(unit="s", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_400m_s(track: Track) -> Value:
    """Fastest 400 m of the session."""
    return _best(track, 400.0)


@metric(unit="s", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_800m_s(track: Track) -> Value:
    """Fastest 800 m of the session."""
    return _best(track, 800.0)


@metric(unit="s", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_1km_s(track: Track) -> Value:
    """Fastest kilometre of the session."""
    return _best(track, 1000.0)


@metric(unit="s", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_mile_s(track: Track) -> Value:
    """Fastest mile of the session, run or walked."""
    return _best(track, MILE_M)


@metric(unit="s", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_2mile_s(track: Track) -> Value:
    """Fastest two miles of the session."""
    return _best(track, 2 * MILE_M)


@metric(unit="s", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_5km_s(track: Track) -> Value:
    """Fastest 5 km of the session."""
    return _best(track, 5000.0)


@metric(unit="s", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_10km_s(track: Track) -> Value:
    """Fastest 10 km of the session."""
    return _best(track, 10000.0)


@metric(unit="s", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_half_marathon_s(track: Track) -> Value:
    """Fastest half marathon of the session."""
    return _best(track, 21097.5)


@metric(unit="m", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_12min_m(track: Track) -> Value:
    """Farthest way within 12 minutes of the session."""
    return _farthest(track, 12.0)


@metric(unit="m", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_30min_m(track: Track) -> Value:
    """Farthest way within 30 minutes of the session."""
    return _farthest(track, 30.0)


@metric(unit="m", needs=NEEDS, source=SOURCE, evidence="strong", adds_up="none", cannot_tell=CANNOT, definition=2)
def best_60min_m(track: Track) -> Value:
    """Farthest way within 60 minutes of the session."""
    return _farthest(track, 60.0)
