"""Lists of sessions as tables: Garmin Connect's web page, Runkeeper, Zepp (Amazfit, Mi Fit).

Garmin's table has its columns' names in the account's language and its first nine columns in one order: type, date,
favourite, title, distance, calories, time, mean and highest heart rate. Whether a distance is kilometres or miles it
does not say; the length of a run's steps in metres, their number and its time do. Runkeeper writes the units into its
columns' names, Zepp writes metres and seconds. Garmin's and Runkeeper's times are local, Zepp's in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from itertools import product
from statistics import median

from steadymile.ingest.checkins.text import text_of
from steadymile.ingest.exports.lengths import clock_s
from steadymile.ingest.exports.listed import Listing, one_line, stated
from steadymile.ingest.exports.rows import Row, named, rows_of, table_of
from steadymile.ingest.reading import Reading
from steadymile.ingest.sports import sport_of
from steadymile.models.units import FOOT_M, MILE_M

_KM_M = 1000.0
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_ORDER = 9
CADENCES, STRIDES_M = (120.0, 220.0), (0.4, 2.2)
FEWEST_RUNS, ALIKE, AGREE = 3, 0.05, 0.8
"""Three runs, of which four in five agree within 5 %, say what unit a distance has (design values)."""
_RUNKEEPER = frozenset({"activity id", "date", "type", "duration", "gpx file"})
_ZEPP = frozenset({"type", "starttime", "sporttime(s)", "distance(m)"})
_ZEPP_SPORTS = {"1": "running", "6": "walking", "8": "treadmill running", "9": "cycling", "10": "indoor cycling",
                "14": "swimming"}  # fmt: skip
_ASCENT = frozenset({"total ascent", "elev gain", "positiver höhenunterschied", "anstieg gesamt", "ascension totale"})
_MOVING = frozenset({"moving time", "zeit in bewegung", "temps de déplacement"})
_ELAPSED = frozenset({"elapsed time", "verstrichene zeit", "temps écoulé"})


def is_table(data: bytes) -> bool:
    """Whether a text is one of these lists: by its columns' names, or by what stands in Garmin's first nine."""
    return _kind(list(rows_of(text_of(data[:20_000]), most=2))) is not None


def read_table(data: bytes) -> Reading:
    """One session a row; those without a start or a length are counted. Raises Unreadable where it is no table."""
    rows = table_of(text_of(data))
    kind = _kind(rows)
    if kind == "garmin_list":
        listing, note = _garmin(rows)
    else:
        listing, note = (_runkeeper if kind == "runkeeper" else _zepp)(rows), ()
    maker = {"garmin_list": "Garmin Connect", "runkeeper": "Runkeeper"}.get(kind or "", "Zepp")
    return listing.reading(f"{maker} list of sessions", note, wall_clock=kind != "zepp")


def _kind(rows: Sequence[Row]) -> str | None:
    if not rows:
        return None
    names = {cell.strip().lower() for cell in rows[0]}
    if names >= _RUNKEEPER:
        return "runkeeper"
    if names >= _ZEPP:
        return "zepp"
    if len(rows) < 2 or min(len(rows[0]), len(rows[1])) < _ORDER:
        return None
    _, date, favourite, _, _, _, time, *_ = (cell.strip() for cell in rows[1])
    looks = _LOCAL.fullmatch(date) and favourite.lower() in ("true", "false") and (clock_s(time) or time == "--")
    return "garmin_list" if looks else None


def _garmin(rows: Sequence[Row]) -> tuple[Listing, tuple[str, ...]]:
    header = [cell.strip().lower() for cell in rows[0]]
    runs = [row for row in rows[1:] if len(row) >= _ORDER and sport_of(row[0])[0] == "running"]
    unit_m = _unit_m(runs) or (None if header[0] == "activity type" else _KM_M)
    height_m = FOOT_M if unit_m == MILE_M else 1.0
    at = {name: next((i for i, cell in enumerate(header) if cell in known), None)
          for name, known in (("ascent", _ASCENT), ("moving", _MOVING), ("elapsed", _ELAPSED))}  # fmt: skip
    listing = Listing("garmin_list")
    for row in rows[1:]:
        if len(row) < _ORDER:
            listing.missed.append(row[3] if len(row) > 3 else row[0])
            continue
        sport = sport_of(row[0])
        title, at_local, distance, ascent = one_line(row[3]), _local(row[1]), _decimal(row[4]), _cell(row, at["ascent"])
        far = None if sport[0] == "swimming" else _times(distance, unit_m)
        listing.add(
            at_local,
            sport,
            stated(
                distance_m=far,
                elapsed_s=clock_s(_text(row, at["elapsed"])),
                timer_s=clock_s(row[6]),
                moving_s=clock_s(_text(row, at["moving"])),
                elevation_gain_m=None if unit_m is None else _times(ascent, height_m),
                heart_rate_mean_bpm=_decimal(row[7]),
                heart_rate_max_bpm=_decimal(row[8]),
                calories_kcal=_decimal(row[5]),
            ),
            title,
            None,
        )
    if unit_m is None and listing.sessions:
        return listing, ("The list does not say whether its distances are kilometres or miles, so none was taken.",)
    return listing, ()


def _unit_m(runs: Sequence[Row]) -> float | None:
    """Metres in the unit of the distances, by two columns that are cadence and step length; None where none are."""
    known = [(far, lasted, row) for row in runs if (far := _decimal(row[4])) and (lasted := clock_s(row[6]))]
    width = min((len(row) for _, _, row in known), default=0)

    def columns(low: float, high: float) -> list[int]:
        values = {i: [v for _, _, row in known if (v := _decimal(row[i])) is not None] for i in range(_ORDER, width)}
        return [i for i, some in values.items() if len(some) >= FEWEST_RUNS and low <= median(some) <= high]

    for steps, stride in product(columns(*CADENCES), columns(*STRIDES_M)):
        found = [
            lasted / 60.0 * a * b / far
            for far, lasted, row in known
            if (a := _decimal(row[steps])) is not None and (b := _decimal(row[stride])) is not None
        ]
        for unit in (_KM_M, MILE_M):
            agree = sum(abs(value / unit - 1.0) <= ALIKE for value in found)
            if len(found) >= FEWEST_RUNS and agree >= AGREE * len(found):
                return unit
    return None


def _runkeeper(rows: Sequence[Row]) -> Listing:
    listing = Listing("runkeeper")
    for row in named(rows):
        miles, feet = _decimal(row.get("distance (mi)", "")), _decimal(row.get("climb (ft)", ""))
        km, metres = _decimal(row.get("distance (km)", "")), _decimal(row.get("climb (m)", ""))
        listing.add(
            _local(row["date"]),
            sport_of(row["type"]),
            stated(
                distance_m=km * _KM_M if km else miles * MILE_M if miles else None,
                timer_s=clock_s(row["duration"]),
                elevation_gain_m=metres if metres else feet * FOOT_M if feet else None,
                heart_rate_mean_bpm=_decimal(row.get("average heart rate (bpm)", "")),
                calories_kcal=_decimal(row.get("calories burned", "")),
            ),
            one_line(row.get("route name", "")) or one_line(row["type"]),
            row["activity id"].strip() or None,
        )
    return listing


def _zepp(rows: Sequence[Row]) -> Listing:
    listing = Listing("zepp")
    for row in named(rows):
        begun = _moment(row["starttime"])
        listing.add(
            begun,
            sport_of(_ZEPP_SPORTS.get(row["type"].strip())),
            stated(
                distance_m=_decimal(row["distance(m)"]),
                timer_s=_decimal(row["sporttime(s)"]),
                calories_kcal=_decimal(row.get("calories(kcal)", "")),
            ),
            None,
            None,
        )
    return listing


def _text(row: Row, at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""


def _cell(row: Row, at: int | None) -> float | None:
    return _decimal(_text(row, at))


def _decimal(text: str) -> float | None:
    """A number in any of the languages: the last sign divides the fraction, unless three digits follow it alone."""
    text = re.sub(r"[\s\u202f\xa0']", "", text)
    if not re.fullmatch(r"-?\d+([.,]\d+)*", text):
        return None
    divided = re.fullmatch(r"(-?[\d.,]*)[.,](\d+)", text)
    if divided is None or (len(divided[2]) == 3 and divided[1] not in ("0", "-0")):
        return float(re.sub("[.,]", "", text))
    return float(f"{re.sub('[.,]', '', divided[1])}.{divided[2]}")


def _times(value: float | None, unit: float | None) -> float | None:
    """A value in metres, None where it or its unit is not known."""
    return None if value is None or unit is None else value * unit


def _local(text: str) -> datetime | None:
    """A time of the clock on the wall; None for one whose order of day and month is not certain."""
    return _moment(text, UTC) if _LOCAL.fullmatch(text.strip()) else None


def _moment(text: str, zone: tzinfo | None = None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None and zone is not None else at
    return at.astimezone(UTC) if at.tzinfo is not None and 1990 <= at.year < 2100 else None
