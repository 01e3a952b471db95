"""The words for sports in files, exports and apps, in many languages, as steadymile's own."""

from __future__ import annotations

import re

STRAVA_NUMBERS = {
    "1": "ride", "2": "alpine_ski", "3": "backcountry_ski", "4": "hike", "5": "ice_skate", "6": "inline_skate",
    "7": "nordic_ski", "8": "roller_ski", "9": "run", "10": "walk", "11": "workout", "12": "snowboard",
    "13": "snowshoe", "14": "kitesurf", "15": "windsurf", "16": "swim", "17": "virtual_ride", "18": "e_bike_ride",
    "19": "velomobile", "21": "canoe", "22": "kayak", "23": "rowing", "24": "stand_up_paddle", "25": "surf",
    "26": "crossfit", "27": "elliptical", "28": "rock_climb", "29": "stair_stepper", "30": "weight_training",
    "31": "yoga", "51": "handcycle", "52": "wheelchair", "53": "virtual_run",
}  # fmt: skip
"""What the numbers mean that Strava's GPX exports wrote as the type. Strava publishes none; each agrees with the tables
in the public readers of these exports (looked up on 29 November 2026)."""

_WHOLE: dict[str, str] = {
    "car": "driving", "bus": "driving", "truck": "driving", "auto": "driving", "boat": "boating", "plane": "flying",
    "train": "driving", "trail": "running", "row": "rowing", "sup": "paddling", "mtb": "cycling", "vtt": "cycling",
    "bmx": "cycling", "rucking": "walking",
    "hiit": "hiit", "run": "running", "ran": "running", "foot": "walking", "laufband": "running",
    "ラン": "running", "løb": "running", "futás": "running", "séta": "walking", "túra": "hiking",
}  # fmt: skip
"""Words that mean a sport only where they stand alone."""

_STEMS: tuple[tuple[str, str], ...] = (
    ("wheelchair", "wheelchair rollstuhl"),
    ("driving", "driving vehicle motor motocross aircar autofahr conduite snowmobil atv_"),
    ("flying", "aircraft flying flight glid parachut hang_glid sky_div jumpmaster"),
    ("horseback_riding", "horse equestr reiten équitation 乗馬 骑马"),
    ("snowshoeing", "snowshoe snow_shoe schneeschuh raquettes ciaspol"),
    ("skating", "skat eislauf patinaj patinage rolschaats schaats スケート"),
    ("skiing", "ski snowboard langlauf esquí hiihto 滑雪 スキー 스키 лыж сноуборд narty"),
    (
        "cycling",
        "cycl bik ride radfahr radfahrt radtour biciclet ciclism ciclist bici vélo velo cykl cykel sykkel sykl "
        "fiets pedal rower kolo_ jízda_na_kole pyöräil pyörä bisiklet kerékpár bersepeda rad_ rennrad spin "
        "骑行 騎行 骑车 騎車 騎乘 自行车 サイクリング ライド 자전거 라이딩 вело заезд",
    ),
    (
        "swimming",
        "swim schwimm natac natat nataç natació nuoto nuot zwem simn svøm plav pływ yüzme úszás renang uinti плав "
        "游泳 水泳 スイム 수영",
    ),
    ("rowing", "rowing ruder rudern remo aviron canottaggio roeien гребл ローイング"),
    ("paddling", "paddl kayak canoe kanu kajak kano canoë piragü"),
    ("surfing", "surf kite wakeboard wingfoil"),
    ("sailing", "sail segel voile vela boating"),
    (
        "hiking",
        "hik wander_ wanderung wandern senderis randonn escursion excurs trek mountaineer trilha vandring vandret "
        "fjelltur wędr поход turist túráz vaell doğa_yürüyüşü mendaki 徒步 远足 健行 登山 ハイキング 하이킹 등산",
    ),
    (
        "walking",
        "walk spazier caminat caminh caminar camin marche camminat wandel promenad gåtur kävel spacer chůz yürüyüş "
        "jalan ходьб прогул 步行 散步 健走 走路 ウォーキング 散歩 걷기",
    ),
    (
        "running",
        "run orienteer jog lauf läuf correr carrera corrida corsa course hardlo löpning löp løpe løb juoks bieg běh "
        "koşu lari treadmill бег забег пробеж 跑 ランニング 달리기 러닝",
    ),
    ("elliptical", "ellipti crosstrainer cross_trainer"),
    ("stair_climbing", "stair step_ stepper"),
    ("climbing", "climb kletter escalad arramp boulder клайм"),
    ("strength_training", "strength weight kraft musculation pesas pesi musculaç core_ силов"),
    ("yoga", "yoga pilates mobility stretch meditat breathwork"),
    ("tennis", "tennis badminton squash racquet pickleball padel"),
    (
        "ball_game",
        "soccer football fußball fútbol futebol calcio basketball volleyball handball hockey rugby golf "
        "cricket baseball softball lacrosse frisbee ultimate_disc",
    ),
    ("martial_arts", "box_ boxing martial"),
    ("hiit", "high_intensity crossfit interval_training jump_rope cross_training"),
    ("dancing", "danc tanz"),
)  # fmt: skip
"""In this order, so that a ski run is no run and an inline skate no bike. An underscore at a stem's end is a word's."""

_SUB_SPORTS: tuple[tuple[str, str], ...] = (
    ("treadmill", "treadmill"), ("laufband", "treadmill"), ("indoor", "indoor"), ("virtual", "virtual_activity"),
    ("virtuel", "virtual_activity"), ("バーチャル", "virtual_activity"), ("虚拟", "virtual_activity"),
    ("виртуал", "virtual_activity"), ("trail", "trail"), ("track", "track"), ("mountain", "mountain"),
)  # fmt: skip
_ELECTRIC = re.compile(r"(^|_)e_?(bik|mountain|moun|mtb|mtn)|electr|eléctr|élec|elettr|elétr|電動|电动|elektr")


def sport_of(word: str | None, creator: str | None = None) -> tuple[str, str | None]:
    """Sport and sub-sport of a file's own word, `unknown` where it says nothing that is known here."""
    text = _plain(word or "")
    if text in STRAVA_NUMBERS:
        text = STRAVA_NUMBERS[text] if "strava" in (creator or "").lower() else ""
    if not text:
        return "unknown", None
    sport = _sport(text)
    if sport == "cycling" and _ELECTRIC.search(text):
        return sport, "e_bike"
    return sport, None if sport == "unknown" else _sub_sport(text)


def _plain(word: str) -> str:
    """Lower case with underscores for whatever divides words: `VirtualRun`, `Trail Run` and `trail-run` are alike."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word.strip())
    return re.sub(r"[\W_]+", "_", apart.lower()).strip("_")


def _sport(text: str) -> str:
    if text in _WHOLE:
        return _WHOLE[text]
    padded = f"{text}_"
    for sport, stems in _STEMS:
        if any(stem in padded for stem in stems.split()):
            return sport
    return next((_WHOLE[part] for part in text.split("_") if part in _WHOLE), "unknown")


def _sub_sport(text: str) -> str | None:
    return next((name for stem, name in _SUB_SPORTS if stem in text), None)
