"""One table from what the bytes are to the reader that understands them. A file's name decides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from steadymile.ingest.archives.containers import GZIP, OFFICE, Limits, is_zip, unwrap
from steadymile.ingest.checkins import files as checkins
from steadymile.ingest.clocks import with_notes
from steadymile.ingest.door import through
from steadymile.ingest.exports import apple, diary, fitbit, garmin, google_fit, intervals, mi_fitness, strava, tables
from steadymile.ingest.fit import reader as fit
from steadymile.ingest.reading import Reading, Unreadable
from steadymile.ingest.recordings import (
    adidas,
    golden_cheetah,
    health_auto_export,
    huawei,
    nike,
    polar,
    polar_csv,
    polar_hrm,
    samsung,
    sml,
    suunto,
)
from steadymile.ingest.xml import gpx, gpx_fallback, kml, pwx, tcx

Reader = Callable[[bytes, str, Limits], Reading]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how its first bytes look, who reads it, and who tries where that reader fails. `rank` is how much
    the format keeps of a recording: of two copies the one that keeps more is preferred; `readers` sign its readings."""

    what: str
    looks: Callable[[bytes], bool]
    reader: Reader
    fallback: Reader | None = None
    rank: int = 0
    readers: tuple[str, ...] = ()


def _of(read: Callable[[bytes], Reading]) -> Reader:
    """A reader that needs the bytes alone."""
    return wraps(read)(lambda data, name, limits: read(data))


def _within(read: Callable[[bytes, int], Reading]) -> Reader:
    """A reader that is told how many points a recording may have."""
    return wraps(read)(lambda data, name, limits: read(data, limits.max_points))


_gpxpy = wraps(gpx_fallback.parse_gpx_by_gpxpy)(
    lambda data, name, limits: gpx.reading_of(gpx_fallback.parse_gpx_by_gpxpy(data))
)


def _ignored(what: str, why: str) -> Reader:
    def reader(data: bytes, name: str, limits: Limits) -> Reading:
        return Reading(what=what, reader="none", ignored=why)

    return reader


def _refused(why: str, what_to_do: str) -> Reader:
    def reader(data: bytes, name: str, limits: Limits) -> Reading:
        raise Unreadable(why, what_to_do)

    return reader


def _starts(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(marks)


_ROOT = re.compile(rb"<(?:[\w.\-]+:)?([A-Za-z][\w.\-]*)[\s/>]")
_DOCTYPE = re.compile(rb"\s*<!DOCTYPE\s+(?:[\w.\-]+:)?([A-Za-z][\w.\-]*)[\s\[>]")


def root_of(data: bytes) -> str | None:
    """The local name of an XML document's first element, lower-case; None where the bytes are no XML."""
    head = data[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:4] in (b"<\0?\0", b"\0<\0?"):
        head = head.replace(b"\0", b"")[0 if head[:1] in b"<\0" else 2 :]
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<"):
        return None
    head = re.sub(rb"<!--.*?-->|<[?].*?[?]>", b"", head, flags=re.S)
    found = _DOCTYPE.match(head) or _ROOT.search(head)  # a long document type stands in front of the root and names it
    return found.group(1).decode().lower() if found else None


def _root(*names: str) -> Callable[[bytes], bool]:
    return lambda data: root_of(data) in names


def _is_text(data: bytes) -> bool:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    control = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in head)
    return control == 0


def _is_json(data: bytes) -> bool:
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") or (re.match(rb"\[\s*([{\"\d\[\]-]|$)", head) is not None and b"=" not in data[:400])


def _json(known: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    return lambda data: _is_json(data) and known(data)


def _words(known: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    return lambda data: _is_text(data) and known(data)


_APPLE_HEALTH = (
    "Apple Health's own list of everything. The routes beside it come in as GPX; an app that exports workouts as FIT "
    "gives heart rate too"
)
_is_apple_health = _root("healthdata", "clinicaldocument")
_is_apple_list = _root("healthdata")
_apple = wraps(apple.read_apple)(lambda data: apple.read_apple(data, _APPLE_HEALTH))


def too_large_for_us(head: bytes) -> str | None:
    """Why a file beyond every limit that begins so holds nothing for us; None where it may. Apple Health's list of a
    few years has a gigabyte."""
    return _APPLE_HEALTH if _is_apple_health(head) else None


_PICTURES = _starts(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_AGAIN = "Export or copy it again from where it came from"

FORMATS: tuple[Format, ...] = (
    Format("empty file", lambda d: not d, _refused("The file is empty (0 bytes)", _AGAIN)),
    Format("blank file", lambda d: not d[:65536].strip(b"\0 \t\r\n"), _refused("The file holds only blanks", _AGAIN)),
    Format(
        "FIT",
        lambda d: d[8:12] == b".FIT" or (d[:1] in b"\x0c\x0e" and b".FIT" in d[:16]),
        _of(fit.read_fit),
        rank=3,
        readers=("columnar", "fitparse", "fit"),
    ),
    Format(
        "macOS resource fork",
        _starts(b"\x00\x05\x16\x07", b"\x00\x05\x16\x00"),
        _ignored("macOS resource fork", "macOS left this file beside the real one; it holds nothing of a session"),
    ),
    Format("GPX", _root("gpx"), _within(gpx.read_gpx), _gpxpy, rank=1, readers=("gpx",)),
    Format("TCX", _root("trainingcenterdatabase"), _within(tcx.read_tcx), rank=2, readers=("tcx",)),
    Format("KML", _root("kml"), _within(kml.read_kml), rank=1, readers=("kml",)),
    Format("PWX", _root("pwx"), _within(pwx.read_pwx), rank=1, readers=("pwx",)),
    Format("Suunto SML", _root("sml"), _within(sml.read_sml), rank=2, readers=("suunto",)),
    Format("Apple Health's list of workouts", _is_apple_list, _of(_apple)),
    Format("Apple Health data", _is_apple_health, _ignored("Apple Health data", _APPLE_HEALTH)),
    Format(
        "web page",
        _root("html", "svg", "rss", "plist"),
        _ignored("XML or web page", "Not a recorded session; export the session as FIT, GPX or TCX"),
    ),
    Format("XML", lambda d: root_of(d) is not None, _within(gpx.read_gpx)),
    Format(
        "spreadsheet",
        lambda d: is_zip(d) and OFFICE.encode() in d,
        _refused("It is a spreadsheet or document of an office program", "Save the table as CSV and drop that in"),
    ),
    Format("zip", is_zip, _refused("It is a zip inside another container", "Unpack it and drop the files in")),
    Format("picture", _PICTURES, _ignored("picture", "A picture, not a recorded session")),
    Format("media", lambda d: d[4:8] == b"ftyp", _ignored("photo or film", "A photo or film, not a recorded session")),
    Format("PDF", _starts(b"%PDF"), _ignored("PDF", "A PDF, not a recorded session")),
    Format(
        "database",
        lambda d: d.startswith((b"SQLite format 3", b"PAR1")) or d[8:12] == b"DUCK",
        _ignored("database", "A database, not a recorded session; export the sessions as FIT, GPX or TCX"),
    ),
    Format("tar", lambda d: d[257:262] == b"ustar", _refused("It is a tar archive", "Unpack it and drop the files in")),
    Format(
        "archive",
        _starts(b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
        _refused(
            "It is packed in a way that is not opened here (7z, rar, bz2, xz, zst)", "Unpack it and drop the files in"
        ),
    ),
    Format("Garmin export", _json(garmin.is_garmin), _of(garmin.read_garmin)),
    Format("Polar Flow export", _json(polar.is_polar), _of(polar.read_polar), rank=2, readers=("polar",)),
    Format("Fitbit list of exercises", _json(fitbit.is_fitbit), _of(fitbit.read_fitbit)),
    Format("Google Fit session", _json(google_fit.is_google_fit), _of(google_fit.read_google_fit)),
    Format("Suunto log", _json(suunto.is_suunto), _of(suunto.read_suunto), rank=2, readers=("suunto",)),
    Format("adidas Running export", _json(adidas.is_adidas), _of(adidas.read_adidas)),
    Format("Nike Run Club activity", _json(nike.is_nike), _of(nike.read_nike), rank=1, readers=("nike",)),
    Format("Huawei Health export", huawei.is_huawei, _of(huawei.read_huawei), rank=1, readers=("huawei",)),
    Format("Huawei HiTrack", huawei.is_hitrack, _of(huawei.read_hitrack), rank=1, readers=("huawei",)),
    Format(
        "GoldenCheetah activity",
        _json(golden_cheetah.is_golden_cheetah),
        _of(golden_cheetah.read_golden_cheetah),
        rank=1,
        readers=("golden_cheetah",),
    ),
    Format(
        "Health Auto Export",
        _json(health_auto_export.is_health_auto_export),
        _of(health_auto_export.read_health_auto_export),
        rank=1,
        readers=("health_auto_export",),
    ),
    Format("Samsung Health series", _json(samsung.is_samsung_series), _of(samsung.read_samsung_series)),
    Format("Polar HRM", polar_hrm.is_hrm, _of(polar_hrm.read_hrm), readers=("polar_hrm",)),
    Format(
        "JSON",
        _is_json,
        _ignored("JSON", "JSON holds an app's own data; the session itself comes as FIT, GPX or TCX"),
    ),
    Format(
        "Polar Flow session as CSV",
        _words(polar_csv.is_polar_csv),
        _of(polar_csv.read_polar_csv),
        readers=("polar_csv",),
    ),
    Format("Samsung Health table", _words(samsung.is_samsung), _of(samsung.read_samsung)),
    Format("Strava activities.csv", _words(strava.is_strava), _of(strava.read_strava)),
    Format("intervals.icu activities", intervals.is_intervals, _of(intervals.read_intervals)),
    Format("Mi Fitness table", _words(mi_fitness.is_mi_fitness), _of(mi_fitness.read_mi_fitness)),
    Format("list of sessions", _words(tables.is_table), _of(tables.read_table)),
    Format("diary of sessions", _words(diary.is_diary), _of(diary.read_diary)),
    Format("check-ins", _is_text, wraps(checkins.read_checkins)(lambda d, n, lim: checkins.read_checkins(d, n))),
)
"""In this order; the first that looks right reads."""

_RANKS = {reader: kind.rank for kind in FORMATS for reader in kind.readers}


def rank_of(reader: str) -> int:
    """How much the format of a reader keeps of a recording, for choosing among copies; 0 where that is not known."""
    return _RANKS.get(reader, 0)


def signs_recordings(reader: str | None) -> bool:
    """Whether a reader is that of a format for single recordings, not of tables or lists."""
    return reader in _RANKS


_NO_SESSION = frozenset({"web page", "JSON", "check-ins", "picture", "PDF"})
_SESSION_NAME = re.compile(r"\.(fit|gpx|tcx)(\.gz)?$|\.zip$", re.I)


def _attempt(kind: Format, data: bytes, name: str, limits: Limits) -> Reading:
    """The reader's answer. A fault of ours in it costs this file at most, and is said to be ours."""
    for reader in (kind.reader, kind.fallback):
        if reader is None:
            continue
        try:
            return reader(data, name, limits)
        except (Unreadable, MemoryError):
            raise
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"[:160]
    raise Unreadable(
        f"The reader for {kind.what} failed on it ({fault})",
        "This is a fault of steadymile, not yours: please report it. Nothing else is lost",
    )


def _bounded(kind: Format, reading: Reading) -> Reading:
    """The reading through the door. A fault of ours in it costs this file at most, and is said to be ours."""
    try:
        return with_notes(through(reading))
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(
            f"What the reader for {kind.what} found could not be bounded ({type(error).__name__}: {error})"[:300],
            "This is a fault of steadymile, not yours: please report it. Nothing else is lost",
        ) from error


def read(data: bytes, name: str, limits: Limits | None = None) -> Reading:
    """What a file holds, judged by its bytes; `name` decides nothing but how loudly it is said when
    a file that is named as a session holds none (an error page saved as run.gpx). Raises Unreadable in plain words."""
    limits = limits or Limits()
    if data[:2] == GZIP:
        data = unwrap(data, limits)
    for kind in FORMATS:
        if kind.looks(data):
            reading = _bounded(kind, _attempt(kind, data, name, limits))
            if reading.ignored and kind.what in _NO_SESSION and _SESSION_NAME.search(name):
                named = "zip" if name.lower().endswith(".zip") else "session"
                raise Unreadable(f"The file is named as a {named} and is {reading.what}", _AGAIN)
            return reading
    raise Unreadable(
        "The file is no format that steadymile knows",
        "It reads FIT, GPX, TCX, KML, PWX, HRM and SML, their .gz and .zip, makers' JSON, and check-ins as CSV or TOML",
    )
