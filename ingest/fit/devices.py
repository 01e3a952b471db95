"""Who recorded a FIT file: maker, model, serial number, software.

Garmin model numbers younger than fitparse's profile are listed here, by the product list of Garmin's FIT profile; a
model's edition for another part of the world has its name.
"""

from __future__ import annotations

import numpy as np
from steadymile.ingest.barometers import has_barometer
from steadymile.ingest.fit.protocol.columns import Part
from steadymile.ingest.fit.protocol.profile import words
from steadymile.ingest.fit.protocol.types import CLOCK_SET_S
from steadymile.models.recording import Device

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
    3542: "descent_mk2s",
    3558: "edge_130_plus",
    3570: "edge_1030_plus",
    3589: "fr745",
    3596: "venusq_music",
    3599: "venusq_music",
    3600: "venusq",
    3638: "enduro",
    3652: "fr945_lte",
    3703: "venu2",
    3704: "venu2s",
    3794: "fr745",
    3837: "venusq",
    3843: "edge_1040",
    3851: "venu2_plus",
    3869: "fr55",
    3872: "enduro",
    3888: "instinct_2",
    3889: "instinct_2s",
    3905: "fenix7s",
    3906: "fenix7",
    3907: "fenix7x",
    3908: "fenix7s",
    3909: "fenix7",
    3910: "fenix7x",
    3943: "epix_gen2",
    3944: "epix_gen2",
    3949: "venu2s",
    3950: "venu2",
    3978: "fr945_lte",
    3990: "fr255_music",
    3991: "fr255_small_music",
    3992: "fr255",
    3993: "fr255_small",
    4005: "descent_g1",
    4017: "venu2_plus",
    4024: "fr955",
    4033: "fr55",
    4061: "edge_540",
    4062: "edge_840",
    4071: "instinct_2",
    4105: "marq_gen2",
    4115: "venusq2",
    4116: "venusq2_music",
    4135: "tactix7",
    4155: "instinct_crossover",
    4169: "edge_explore2",
    4222: "descent_mk3",
    4223: "descent_mk3i",
    4257: "fr265_large",
    4258: "fr265_small",
    4260: "venu3",
    4261: "venu3s",
    4305: "edge_1040",
    4312: "epix_gen2_pro_42",
    4313: "epix_gen2_pro_47",
    4314: "epix_gen2_pro_51",
    4315: "fr965",
    4341: "enduro2",
    4374: "fenix7s_pro_solar",
    4375: "fenix7_pro_solar",
    4376: "fenix7x_pro_solar",
    4394: "instinct_2x",
    4426: "vivoactive5",
    4432: "fr165",
    4433: "fr165_music",
    4440: "edge_1050",
    4532: "fenix8_solar",
    4533: "fenix8_solar_large",
    4534: "fenix8_small",
    4536: "fenix8",
    4575: "enduro3",
    4583: "instinct_e",
    4584: "instinct_e",
    4585: "instinct3_solar",
    4586: "instinct3_amoled",
    4587: "instinct3_amoled",
    4588: "descent_g2",
    4603: "venu_x1",
    4625: "vivoactive6",
    4631: "fenix8_pro",
    4633: "edge_550",
    4634: "edge_850",
    4643: "venu4",
    4644: "venu4s",
    4655: "edge_mtb",
    4666: "fenix_e",
    4678: "instinct_crossover_amoled",
    4759: "instinct3_solar",
    4775: "tactix8_amoled",
    4776: "tactix8_solar",
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
