"""Who recorded a FIT file: maker, model, serial number, software, and whether the model is known to have a barometer.

Garmin model numbers younger than fitparse's profile are listed here for watches that runners wear. `BAROMETER` says
what makers publish; a model that is in neither set stays unknown (None), never guessed.
"""

from __future__ import annotations

import numpy as np

from ingest.fit_columns import Part
from ingest.fit_profile import words
from ingest.fit_types import CLOCK_SET_S
from models.activity import Device

_GARMIN = frozenset({1, 13, 15, 89})  # garmin, dynastream_oem, dynastream, tacx share one model list

_MODELS: dict[int, str] = {
    2158: "fr735xt",
    2503: "fr35",
    2700: "vivoactive3",
    2713: "edge_1030",
    2772: "vivo_move_hr",
    2886: "fr645",
    2888: "fr645m",
    2891: "fr30",
    2900: "fenix5s_plus",
    3076: "fr245",
    3077: "fr245_music",
    3110: "fenix5_plus",
    3111: "fenix5x_plus",
    3113: "fr945",
    3121: "edge_530",
    3122: "edge_830",
    3224: "vivoactive4_small",
    3225: "vivoactive4_large",
    3226: "venu",
    3258: "descent_mk2",
    3282: "fr45",
    3287: "fenix6s_sport",
    3288: "fenix6s",
    3289: "fenix6_sport",
    3290: "fenix6",
    3291: "fenix6x",
    3405: "swim2",
    3466: "instinct_solar",
    3570: "edge_1030_plus",
    3589: "fr745",
    3600: "venusq",
    3638: "enduro",
    3652: "fr945_lte",
    3703: "venu2",
    3704: "venu2s",
    3843: "edge_1040",
    3851: "venu2_plus",
    3869: "fr55",
    3888: "instinct_2",
    3889: "instinct_2s",
    3905: "fenix7s",
    3906: "fenix7",
    3907: "fenix7x",
    3943: "epix_gen2",
    3990: "fr255_music",
    3991: "fr255_small_music",
    3992: "fr255",
    3993: "fr255_small",
    4024: "fr955",
    4115: "venusq2",
    4257: "fr265_large",
    4258: "fr265_small",
    4260: "venu3",
    4261: "venu3s",
    4315: "fr965",
    4341: "enduro2",
    4374: "fenix7s_pro_solar",
    4375: "fenix7_pro_solar",
    4376: "fenix7x_pro_solar",
    4426: "vivoactive5",
    4432: "fr165",
    4433: "fr165_music",
    4532: "fenix8_solar",
    4534: "fenix8_small",
    4536: "fenix8",
    4575: "enduro3",
}

_MAKERS: dict[int, str] = {
    41: "shimano",
    294: "coros",
    303: "greenteg",
    305: "whoop",
    307: "onelap",
    310: "decathlon",
    331: "mywhoosh",
}

_WITH = (
    "fenix",
    "epix",
    "enduro",
    "descent",
    "instinct",
    "marq",
    "tactix",
    "d2",
    "fr910xt",
    "fr920xt",
    "fr935",
    "fr945",
    "fr955",
    "fr965",
    "fr745",
    "fr255",
    "fr265",
    "fr165",
    "fr645",
    "vivoactive3",
    "vivoactive4",
    "vivo_active_hr",
    "venu",
    "vivo_smart_hr",
    "edge500",
    "edge510",
    "edge520",
    "edge_520",
    "edge_530",
    "edge_540",
    "edge705",
    "edge800",
    "edge810",
    "edge_820",
    "edge_830",
    "edge_840",
    "edge1000",
    "edge_1030",
    "edge_1040",
    "edge_1050",
    "coros pace 2",
    "coros pace 3",
    "coros apex",
    "coros vertix",
    "suunto vertical",
    "suunto race",
    "suunto 9 baro",
    "suunto 9 peak",
)
_WITHOUT = (
    "fr10",
    "fr15",
    "fr25",
    "fr30",
    "fr35",
    "fr45",
    "fr50",
    "fr55",
    "fr60",
    "fr70",
    "fr110",
    "fr210",
    "fr220",
    "fr225",
    "fr230",
    "fr235",
    "fr245",
    "fr310xt",
    "fr405",
    "fr610",
    "fr620",
    "fr630",
    "fr735xt",
    "venusq",
    "vivoactive5",
    "edge20",
    "edge25",
    "edge200",
    "swim2",
)


def has_barometer(product: str | None) -> bool | None:
    """Whether the model measures height by air pressure; None where it is not known."""
    if not product:
        return None
    name = product.lower()
    # The longest name that fits decides, so that venusq is not taken for a venu.
    fits = [(len(n), True) for n in _WITH if name.startswith(n)] + [(len(n), False) for n in _WITHOUT if _is(name, n)]
    return max(fits)[1] if fits else None


def _is(name: str, model: str) -> bool:
    rest = name[len(model) :]
    return name.startswith(model) and not (rest[:1].isdigit() or rest.startswith("xt"))


def identity(part: Part) -> str | None:
    """Serial number and creation time of the recording, None unless both are known; a clock that was not set gives
    many recordings the same time."""
    table = part.table(0)
    if table is None:
        return None
    serial, created = table.numbers(3)[0], table.numbers(4)[0]
    if np.isnan(serial) or np.isnan(created) or created < CLOCK_SET_S:
        return None
    return f"{int(serial)}:{int(created)}"


def device(part: Part) -> Device:
    """The device that made the recording, from file_id and its own device_info (the creator is index 0)."""
    maker = product = serial = software = None
    name: str | None = None
    own = part.table(0)
    if own is not None:
        maker, product, serial = (_first(own.numbers(key)) for key in (1, 2, 3))
        name = own.texts(8)[0]
    info = part.table(23)
    if info is not None:
        index = info.numbers(0)
        rows = np.flatnonzero((index == 0) | np.isnan(index))
        if len(rows):
            maker = maker if maker is not None else _first(info.numbers(2)[rows])
            product = product if product is not None else _first(info.numbers(4)[rows])
            serial = serial if serial is not None else _first(info.numbers(3)[rows])
            software = _first(info.numbers(5)[rows])
            names = info.texts(27)
            name = name or next((names[r] for r in rows if names[r]), None)
    if software is None and (creator := part.table(49)) is not None:
        version = _first(creator.numbers(0))
        software = None if version is None else version / 100
    model = name or _model(maker, product)
    brand = _maker(maker)
    return Device(
        manufacturer=brand,
        product=_without_brand(model, brand),
        serial=None if serial is None else str(int(serial)),
        software=None if software is None else f"{software:g}",
        barometer=has_barometer(model),
    )


def _without_brand(model: str | None, brand: str | None) -> str | None:
    """The model's name without the maker's in front of it, so that the two read well together."""
    if model and brand and model.lower().startswith(brand.lower() + " "):
        return model[len(brand) + 1 :]
    return model


def _maker(number: float | None) -> str | None:
    if number is None:
        return None
    known = words("manufacturer") or {}
    return _MAKERS.get(int(number)) or known.get(int(number)) or f"maker {int(number)}"


def _model(maker: float | None, product: float | None) -> str | None:
    if product is None:
        return None
    number = int(product)
    if maker is not None and int(maker) in _GARMIN:
        known = words("garmin_product") or {}
        return _MODELS.get(number) or known.get(number) or str(number)
    return str(number)


def _first(values: np.ndarray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known[0]) if len(known) else None
