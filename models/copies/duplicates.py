"""Which recordings are the same run: the maker's identity, the same time, or the same track under a wrong clock.

Both copies stay. The richer one is preferred, the other names it and the rule. Nothing here is certain knowledge of
intent, so each match carries its evidence in plain words and can be overruled by `keep`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from steadymile.models.copies.seen_running import ON_FOOT, RIDE_M_S, VAGUE, rest_m_s, seen_running
from steadymile.models.copies.signature import (
    ENOUGH,
    SHIFT_TOLERANCE_S,
    STEP_S,
    apart_m,
    gaps_m,
    heart_gap,
    same_course,
)
from steadymile.models.measured import Recording, Signature

CLOCK_SHIFT_S = 14 * 3600.0 + 120.0  # the furthest that a local time can be from UTC
CLOCK_SET_YEAR = 1990  # before that, times count from when the device was switched on
SMALL_SHIFT_S = 10 * 60.0  # a watch that lost its time
SAME_OVERLAP = 0.8  # of both together: one session recorded twice
PART_OVERLAP = 0.8  # of the shorter: a part of the longer; what sticks out is a quarter of what would count twice
WHOLE_DISTANCE = 0.95  # of the longer recording: a part with so much of it is the run, the rest a watch left on
WHOLE_TIME = 0.95  # of the longer copy of one recording: a shorter one was cut off, however rich
LEFT_ON_M_S = 0.3  # slower than anyone walks: the rest of a recording that nobody stopped
ONE_PLACE_M = 40.0  # at the same moments all along: one body, whatever two devices call what it does
BOTH_ENDS_S = 60.0  # started and stopped together: one session even where an app lost its distance
PLACE_TOLERANCE_M = 200.0  # same moment, two devices
ELSEWHERE_M = 1000.0  # at nearly every moment in common: two bodies
ONE_HEART_BPM = 2.0  # between two recordings of one body at the same moments


@dataclass(frozen=True, slots=True)
class Match:
    """`activity_id` is the same run as `duplicate_of`, the preferred copy; `rule` its name, `detail` the evidence."""

    activity_id: str
    duplicate_of: str
    rule: str  # same recording | same time | part | shifted clock
    detail: str


@dataclass(frozen=True, slots=True)
class _Edge:
    a: int
    b: int
    rule: str
    detail: str
    counts: int | None = None  # the one that must be preferred, where only that tells the whole run and nothing else


def unranked(reader: str) -> int:
    """The rank of a format where nothing is known of formats."""
    return 0


def duplicates(
    recordings: Sequence[Recording], keep: frozenset[str] = frozenset(), rank_of: Callable[[str], int] = unranked
) -> list[Match]:
    """Every recording of one athlete that is a copy, with the preferred one it copies, by the time of its start.

    `rank_of` says how much the format of a reader keeps of a recording, more being better. `keep` names recordings
    that a person has declared to be runs of their own: they are never matched away, and nothing is matched to a
    copy. The result does not depend on the order of `recordings`.
    """
    ordered = sorted(recordings, key=lambda r: (r.started_at, r.activity_id))
    edges = _by_named_parts(ordered, list(_edges(ordered)))
    pairs = [(place, edge.a, edge.b) for place, edge in enumerate(edges) if edge.rule in ("same time", "part")]
    for place, run in seen_running(ordered, pairs).items():
        edges[place] = replace(edges[place], counts=run)
    neighbours: dict[int, list[_Edge]] = {}
    contained: set[int] = set()
    for edge in edges:
        neighbours.setdefault(edge.a, []).append(edge)
        neighbours.setdefault(edge.b, []).append(edge)
        if edge.counts is not None:
            contained.add(edge.a if edge.counts == edge.b else edge.b)
    ranked = sorted(neighbours, key=lambda i: (i in contained, *_poorness(ordered[i], rank_of)))
    settled: set[int] = set()
    matches: dict[int, Match] = {}
    for i in ranked:
        if i in matches:
            continue
        settled.add(i)
        for edge in neighbours[i]:
            other = edge.b if edge.a == i else edge.a
            if other in matches or other in settled or ordered[other].activity_id in keep or edge.counts == other:
                continue
            matches[other] = Match(ordered[other].activity_id, ordered[i].activity_id, edge.rule, edge.detail)
    return [matches[i] for i in sorted(matches)]


def _by_named_parts(ordered: Sequence[Recording], edges: list[_Edge]) -> list[_Edge]:
    """Edges in which a long recording that names no sport gives way to the sessions within it, where there are several
    that do and none shares time with another: a logger that ran all day knows less of each than its own recording."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for place, edge in enumerate(edges):
        if edge.rule == "part" and edge.counts in (edge.a, edge.b) and ordered[edge.counts].sport in VAGUE:
            other = edge.b if edge.counts == edge.a else edge.a
            if ordered[other].sport not in VAGUE:
                parts.setdefault(edge.counts, []).append((place, other))
    for found in parts.values():
        inside = sorted((ordered[other] for _, other in found), key=lambda r: r.started_at)
        if len(inside) > 1 and all(a.ended_at <= b.started_at for a, b in pairwise(inside)):
            for place, other in found:
                edges[place] = replace(edges[place], counts=other)
    return edges


def _poorness(r: Recording, rank_of: Callable[[str], int]) -> tuple[object, ...]:
    """Ascending from the richest copy: samples, heart rate, place, other sensors, format, detail, then the name."""
    sensors = r.has_altitude + r.has_cadence
    return (
        r.n_samples == 0,
        r.sport in VAGUE,
        not r.has_heart_rate,
        not r.has_position,
        -sensors,
        -rank_of(r.reader),
        -r.n_samples,
        r.activity_id,
    )


def _edges(ordered: Sequence[Recording]) -> Iterable[_Edge]:
    starts = [r.started_at.timestamp() for r in ordered]
    ends = [max(r.ended_at.timestamp(), start) for r, start in zip(ordered, starts)]
    for i, first in enumerate(ordered):
        reach = max(ends[i], starts[i] + CLOCK_SHIFT_S)
        for j in range(i + 1, len(ordered)):
            if starts[j] > reach:
                break
            if not _sports_agree(first.sport, ordered[j].sport):
                edge = _one_place(first, ordered[j], i, j)
                if edge is not None:
                    yield edge
                continue
            edge = _compare(first, ordered[j], i, j, (starts[i], ends[i]), (starts[j], ends[j]))
            if edge is not None:
                yield edge


def elsewhere(recordings: Sequence[Recording]) -> list[tuple[Recording, Recording, float]]:
    """Pairs that no one person can have recorded: four minutes or more at the same time, in places far apart all along;
    each with the middle distance between them, in metres."""
    found = []
    ordered = sorted(recordings, key=lambda r: (r.started_at, r.activity_id))
    for i, a in enumerate(ordered):
        for b in ordered[i + 1 :]:
            if b.started_at >= a.ended_at:
                break
            gaps = gaps_m(a.signature, b.signature, -(b.started_at - a.started_at).total_seconds())
            if len(gaps) >= ENOUGH and np.percentile(gaps, 10) > ELSEWHERE_M:
                found.append((a, b, float(np.median(gaps))))
    return found


def _sports_agree(a: str, b: str) -> bool:
    if a == b or a in VAGUE or b in VAGUE:
        return True
    return a in ON_FOOT and b in ON_FOOT


def _one_place(a: Recording, b: Recording, i: int, j: int) -> _Edge | None:
    """The edge between recordings of different sports where one person cannot have done both: at the same moments in
    the same place for most of the shorter one. The sport that the speed fits counts."""
    start_a, start_b = a.started_at.timestamp(), b.started_at.timestamp()
    end_a, end_b = a.ended_at.timestamp(), b.ended_at.timestamp()
    shorter = min(end_a - start_a, end_b - start_b)
    overlap = min(end_a, end_b) - max(start_a, start_b)
    if shorter <= 0 or overlap < SAME_OVERLAP * shorter:
        return None
    shift = start_b - start_a
    apart = apart_m(a.signature, b.signature, shift)
    if apart is None or apart > ONE_PLACE_M or len(gaps_m(a.signature, b.signature, -shift)) < ENOUGH:
        return None
    together = overlap / (end_a - start_a + end_b - start_b - overlap)
    on_foot = [r.sport in ON_FOOT for r in (a, b)]
    counts = None
    if together < SAME_OVERLAP:
        counts = i if end_a - start_a >= end_b - start_b else j
    elif on_foot[0] != on_foot[1]:
        speeds = [(r.distance_m or 0.0) / r.moving_s for r in (a, b) if r.moving_s]
        ridden = bool(speeds) and max(speeds) > RIDE_M_S
        counts = i if on_foot[0] != ridden else j
    detail = f"{100 * overlap / shorter:.0f}% of the shorter at the same moments in the same place, {apart:.0f} m apart"
    return _Edge(i, j, "same time" if together >= SAME_OVERLAP else "part", detail, counts)


def _compare(
    a: Recording, b: Recording, i: int, j: int, span_a: tuple[float, float], span_b: tuple[float, float]
) -> _Edge | None:
    length_a, length_b = span_a[1] - span_a[0], span_b[1] - span_b[0]
    shorter, longest = min(length_a, length_b), max(length_a, length_b)
    overlap = min(span_a[1], span_b[1]) - max(span_a[0], span_b[0])
    shift = span_b[0] - span_a[0]
    unset = a.started_at.year < CLOCK_SET_YEAR or b.started_at.year < CLOCK_SET_YEAR
    if unset:  # the times say nothing: only the course itself can tell
        overlap, shift = 0.0, SMALL_SHIFT_S
    same_maker = a.identity is not None and a.identity == b.identity
    if same_maker and (overlap > 0.5 * shorter > 0 or abs(shift) < 1):
        counts = None if shorter >= WHOLE_TIME * longest else i if length_a > length_b else j
        return _Edge(i, j, "same recording", f"both files carry the recording's own identity {a.identity}", counts)
    if shorter <= 0:
        return None
    if overlap > 0:
        together = overlap / (length_a + length_b - overlap)
        apart = apart_m(a.signature, b.signature, shift)
        here = apart is None or apart <= PLACE_TOLERANCE_M
        place = "" if apart is None else f", {apart:.0f} m apart"
        ends = max(abs(shift), abs(span_b[1] - span_a[1])) <= BOTH_ENDS_S
        if together >= SAME_OVERLAP and here and (ends or _distances_agree(a, b, 0.4)):
            return _Edge(i, j, "same time", f"{100 * together:.0f}% of the time in common{place}")
        side_by_side = apart is not None and apart <= ONE_PLACE_M
        alike = a.sport == b.sport or a.sport in VAGUE or b.sport in VAGUE or side_by_side
        longer, other = (i, j) if length_a >= length_b else (j, i)
        whole, part = (a, b) if longer == i else (b, a)
        inside = overlap >= PART_OVERLAP * shorter and together < SAME_OVERLAP
        if inside and here and alike:
            left_on = rest_m_s(whole, part, longest - shorter) < LEFT_ON_M_S
            one_heart = left_on and _one_heart(a.signature, b.signature, -shift)
            if apart is not None or one_heart or _part_agrees(whole, part, shorter / longest):
                heart = ", the same heart rate at the same moments" if one_heart else ""
                detail = f"{100 * overlap / shorter:.0f}% of the shorter lies within the longer recording{place}{heart}"
                return _Edge(i, j, "part", detail, other if left_on else None if _all_of_it(whole, part) else longer)
    if _clock_shift(shift) and longest - shorter <= max(30.0, 0.02 * longest) and _distances_agree(a, b, 0.03):
        evidence = same_course(a.signature, b.signature)
        if evidence is not None:
            how = "under a clock that was not set" if unset else f"{_spoken(shift)} apart"
            return _Edge(i, j, "shifted clock", f"the same course {how}: {evidence}")
    return None


def _part_agrees(whole: Recording, part: Recording, share: float) -> bool:
    """Without places: the whole covers about the part's distance in the part's time, so that a forgotten watch does
    not swallow the next run; of a whole that knows little but its total, by its mean speed. Where distances say
    nothing, the part must be at least half of the whole."""
    covered, own = whole.signature.distance_m, part.signature.distance_m
    begin = (part.started_at - whole.started_at).total_seconds()
    end = (part.ended_at - whole.started_at).total_seconds()
    known = np.flatnonzero(np.isfinite(covered))
    distance = part.distance_m or (float(np.nanmax(own)) if np.isfinite(own).any() else None)
    if not distance:
        return share >= 0.5
    if np.count_nonzero((known * STEP_S >= begin) & (known * STEP_S <= end)) * STEP_S >= 0.5 * (end - begin):
        at = np.interp([begin, end], known * STEP_S, covered[known])
        there = float(at[1] - at[0])
    elif whole.distance_m:
        there = whole.distance_m * share
    else:
        return share >= 0.5
    return abs(there - distance) <= max(0.4 * distance, 200.0)


def _one_heart(a: Signature, b: Signature, lag_s: float) -> bool:
    gap = heart_gap(a, b, lag_s)
    return gap is not None and gap <= ONE_HEART_BPM


def _all_of_it(whole: Recording, part: Recording) -> bool:
    """Whether the part has the whole distance, so that the longer recording only ran on (a watch left on all night)."""
    if not whole.distance_m or not part.distance_m:
        return False
    return part.distance_m >= WHOLE_DISTANCE * whole.distance_m


def _distances_agree(a: Recording, b: Recording, tolerance: float) -> bool:
    if not a.distance_m or not b.distance_m:
        return True
    return abs(a.distance_m - b.distance_m) <= tolerance * max(a.distance_m, b.distance_m)


def _clock_shift(shift: float) -> bool:
    """A difference that wrong zones (whole and half hours, up to 14) or a lost watch time (minutes) explain."""
    if abs(shift) <= SMALL_SHIFT_S:
        return True
    return abs(shift) <= CLOCK_SHIFT_S and abs(shift - round(shift / 1800) * 1800) <= SHIFT_TOLERANCE_S


def _spoken(shift: float) -> str:
    minutes = round(abs(shift) / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
