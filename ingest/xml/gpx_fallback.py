"""GPX through gpxpy: the reference that tests compare with, and what reads on where our own reader fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
from steadymile.ingest.reading import Unreadable
from steadymile.ingest.xml.columns import Columns
from steadymile.ingest.xml.gpx import GpxFile, GpxTrack, field_of
from steadymile.ingest.xml.lift import local
from steadymile.ingest.xml.points import Walked, utf8


def parse_gpx_by_gpxpy(data: bytes) -> GpxFile:
    """The same document as `ingest.gpx.parse_gpx` gives, read by gpxpy. Raises Unreadable where that gives up."""
    import gpxpy
    import gpxpy.gpx

    clean = utf8(data)
    if b"<!DOCTYPE" in clean:
        raise Unreadable("The file declares a document type, which track files never need", "Export it again")
    try:
        document = gpxpy.parse(clean.decode("utf-8", "replace"))
    except (gpxpy.gpx.GPXException, ValueError, TypeError, OverflowError) as error:
        raise Unreadable(f"The GPX file cannot be read ({str(error)[:120]})", "Export it again") from None
    file = GpxFile(root="gpx", creator=document.creator)
    file.route_points = sum(len(route.points) for route in document.routes)
    file.waypoints = len(document.waypoints)
    columns = Columns()
    for track in document.tracks:
        made = GpxTrack(name=track.name, type=track.type)
        for segment in track.segments:
            first = columns.count
            for point in segment.points:
                columns.add(_values(point))
            made.segments.append([(first, len(segment.points))] if segment.points else [])
        file.tracks.append(made)
    file.columns = columns
    file.walked = Walked(columns, notes=("read by gpxpy",))
    return file


def _values(point: Any) -> dict[str, bytes]:
    values = {"lat": repr(point.latitude), "lon": repr(point.longitude)}
    if point.elevation is not None:
        values["ele"] = repr(point.elevation)
    if point.time is not None:
        values["time"] = _instant(point.time)
    if getattr(point, "speed", None) is not None:
        values["speed"] = repr(point.speed)
    for path, text in _leaves(point.extensions, ("extensions",)):
        known = field_of(path)
        if known is not None and text.strip():
            values.setdefault(known, text.strip())
    return {key: value.encode() for key, value in values.items() if value not in ("nan", str(np.nan))}


def _instant(moment: datetime) -> str:
    return moment.isoformat() if moment.tzinfo is None else moment.astimezone(UTC).isoformat()


def _leaves(elements: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for element in elements:
        here = (*path, local(str(element.tag).rpartition("}")[2]))
        if len(element):
            yield from _leaves(element, here)
        elif element.text:
            yield here, element.text
