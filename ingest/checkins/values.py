"""One check-in answer at a time: what people write, to the value that the fields mean, or why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from steadymile.ingest.checkins.answers import NO, illness, yes_or_no
from steadymile.ingest.checkins.months import plain
from steadymile.models.recording import CHECKIN_FIELDS
from steadymile.models.units import POUND_KG

Parsed = float | str | bool

RANGES: Mapping[str, tuple[float, float]] = {
    "rpe": (0, 10), "feel": (0, 100), "pain": (0, 10), "fatigue": (1, 7), "soreness": (1, 7), "stress": (1, 7),
    "sleep_quality": (1, 7), "sleep_h": (0, 24), "resting_heart_rate_bpm": (25, 150), "hrv_rmssd_ms": (2, 400),
    "weight_kg": (20, 400), "strength_min": (0, 600), "pack_kg": (0, 100), "boots_g": (0, 8000),
    "walk_min": (0, 1440), "run_min": (0, 1440),
}  # fmt: skip

WORDS: Mapping[str, Mapping[str, str]] = {
    "talk_test": {
        "yes": "full_sentences sentences easy easily comfortable comfortably could_talk",
        "equivocal": "equivocal unsure maybe partly a_few_words few_words short_sentences barely kind_of not_sure "
        "kaum gerade_so teilweise a_peine en_partie apenas a_medias appena in_parte mal em_parte nauwelijks deels",
        "no": "could_not not_at_all single_words out_of_breath gasping",
    },
    "pain_next_morning": {
        "better": "better less gone none improved no_pain", "same": "same equal unchanged", "worse": "worse more",
    },
    "after_effort": {
        "fine": "fine ok okay good normal same none", "worse": "worse crash crashed exhausted wiped_out bad",
    },
    "surface": {
        "road": "road asphalt tarmac pavement street concrete strasse route carretera asfalto strada estrada weg",
        "track": "track tartan bahn piste pista baan",
        "trail": "trail gravel forest dirt path forest_path waldweg wald feldweg sentier sendero sentiero trilha",
        "grass": "grass lawn meadow wiese rasen herbe cesped erba grama gras",
        "sand_soft": "sand_soft soft_sand sand dunes", "sand_firm": "sand_firm firm_sand wet_sand beach",
        "treadmill": "treadmill indoor belt laufband tapis cinta tapis_roulant esteira loopband",
    },
    "red_flag": {
        "chest_pain": "chest_pain chest chest_pressure",
        "fainting": "fainting faint fainted collapse collapsed dizzy dizziness",
        "palpitations": "palpitations palpitation irregular_heartbeat",
        "breathless": "breathless breathlessness short_of_breath", "headache": "headache sudden_headache",
        "fever": "fever feverish", "calf": "calf calf_pain swollen_calf calf_swelling",
        "bone_pain": "bone_pain bone", "limping": "limping limp", "numbness": "numbness numb",
        "injury": "injury injured", "other": "other",
    },
}  # fmt: skip
"""What people write for each word of a field, with blanks as underscores."""

SCALES = ("rpe", "pain", "fatigue", "soreness", "stress", "sleep_quality")
"""Numbers of a scale, which a form may offer each with its meaning."""

UNCLEAR, NO_FLAG = "unclear", "none"
"""Of a warning sign in a file whose word is not known: it stops the plan like one until its owner answers. The answer
that it was none is stored too, and takes back nothing but that."""

MEANT: Mapping[str, tuple[Parsed, Parsed | None]] = {
    "ill": (True, False), "cleared": (True, False), "talk_test": ("yes", "no"), "after_effort": ("worse", "fine"),
    "red_flag": ("other", None),
}  # fmt: skip
"""What yes and no mean to the fields that take them."""
FREE_TEXT = frozenset(CHECKIN_FIELDS) - RANGES.keys() - WORDS.keys() - MEANT.keys()
"""The fields that hold what a person wrote, as written."""
NOTHING = NO | {"none", "kein", "keine", "keiner", "aucune", "ninguno", "nessuno", "geen"}
"""No pain, in words."""
EFFORTS = {
    "rest": 0.0, "very_very_easy": 1.0, "very_easy": 1.0, "easy": 2.0, "light": 2.0, "moderate": 3.0,
    "somewhat_hard": 4.0, "hard": 5.0, "heavy": 5.0, "very_hard": 7.0, "very_heavy": 7.0, "maximal": 10.0,
}  # fmt: skip
"""The words of the session effort scale (Foster et al. 2001; Borg CR10)."""
EMPTY = frozenset({"", "-", "--", "n/a", "na", "nan", "none", "null", "?"})

SYNONYMS: Mapping[str, str] = {
    "effort": "rpe", "exertion": "rpe", "perceived_exertion": "rpe", "borg": "rpe", "session_rpe": "rpe", "srpe": "rpe",
    "talk": "talk_test", "talktest": "talk_test", "feeling": "feel", "pain_score": "pain", "pain_where": "pain_place",
    "where": "pain_place", "pain_location": "pain_place", "place": "pain_place", "pain_morning": "pain_next_morning",
    "next_morning": "pain_next_morning", "morning_after": "pain_next_morning", "sick": "ill", "illness": "ill",
    "unwell": "ill", "warning": "red_flag", "warning_sign": "red_flag", "symptom": "red_flag", "redflag": "red_flag",
    "cleared_by_doctor": "cleared", "tired": "fatigue", "tiredness": "fatigue", "muscle_soreness": "soreness",
    "sore": "soreness", "sleepquality": "sleep_quality", "sleep_hours": "sleep_h", "hours_slept": "sleep_h",
    "sleep_duration": "sleep_h", "sleep": "sleep_h",
    "resting_hr": "resting_heart_rate_bpm", "restinghr": "resting_heart_rate_bpm", "rhr": "resting_heart_rate_bpm",
    "resting_heart_rate": "resting_heart_rate_bpm", "resting_pulse": "resting_heart_rate_bpm", "hrv": "hrv_rmssd_ms",
    "rmssd": "hrv_rmssd_ms", "hrv_rmssd": "hrv_rmssd_ms", "hrv_ms": "hrv_rmssd_ms",
    "weight": "weight_kg", "body_weight": "weight_kg",
    "body_mass": "weight_kg", "strength": "strength_min", "strength_minutes": "strength_min", "ground": "surface",
    "terrain": "surface", "pack": "pack_kg", "ruck": "pack_kg", "backpack": "pack_kg", "load_kg": "pack_kg",
    "boots": "boots_g",
    "walk": "walk_min", "walked": "walk_min", "walk_minutes": "walk_min", "run": "run_min", "ran": "run_min",
    "run_minutes": "run_min", "notes": "note", "comment": "note", "comments": "note", "remark": "note", "name": "title",
}  # fmt: skip
"""Names that people give to the fields."""

ELSEWHERE: Mapping[str, str] = {
    "rpe": "anstrengung gefuhlte_anstrengung effort_percu esfuerzo sforzo esforco inspanning",
    "talk_test": "sprechtest test_de_parole prueba_del_habla test_della_parola teste_da_fala praattest spreektest",
    "pain": "schmerz schmerzen douleur dolor dolore dor pijn",
    "pain_place": "schmerzort wo ort lieu lugar luogo waar plek",
    "ill": "krank krankheit malade enfermo enfermedad malato doente ziek",
    "fatigue": "mudigkeit muedigkeit mude cansancio fatiga stanchezza cansaco fadiga vermoeidheid moe",
    "soreness": "muskelkater courbatures agujetas indolenzimento dor_muscular spierpijn",
    "stress": "estres estresse",
    "sleep_quality": "schlafqualitat schlafqualitaet qualite_du_sommeil calidad_del_sueno qualita_del_sonno "
    "qualidade_do_sono slaapkwaliteit",
    "sleep_h": "schlaf schlafdauer sommeil sueno sonno sono slaap",
    "resting_heart_rate_bpm": "ruhepuls ruheherzfrequenz fc_repos fc_de_repos frequence_cardiaque_au_repos fc_reposo "
    "pulso_en_reposo fc_a_riposo fc_riposo fc_repouso rustpols rusthartslag",
    "hrv_rmssd_ms": "hfv vfc",
    "weight_kg": "gewicht korpergewicht poids peso",
    "strength_min": "kraft krafttraining renforcement musculation fuerza forza forca kracht krachttraining",
    "surface": "untergrund superficie ondergrond",
    "pack_kg": "rucksack mochila zaino rugzak",
    "note": "notiz notizen bemerkung kommentar remarque commentaire nota notas comentario commento opmerking",
    "title": "titel titre titulo titolo",
}
"""Names in German, French, Spanish, Italian, Portuguese and Dutch, without accents."""
_ELSEWHERE = {word: key for key, words in ELSEWHERE.items() for word in words.split()}

TEXT_LIMIT = 2_000


def key_of(name: str) -> str | None:
    """The field that a column or option means, None where it is none: case, blanks and units do not matter."""
    word = re.sub(r"\W+", "_", plain(re.sub(r"[(\[].*?[)\]]", "", name))).strip("_")
    if word in CHECKIN_FIELDS:
        return word
    return SYNONYMS.get(word) or _ELSEWHERE.get(word)


def parse_value(key: str, text: str, unit: str = "") -> Parsed | None:
    """The value of one answer, None for an empty one. Raises ValueError that says what may be written."""
    text = text.strip()
    word = re.sub(r"[\W_]+", "_", plain(text)).strip("_")
    if key == "pain" and word in NOTHING:
        return 0.0
    if text.lower() in EMPTY and not (key == "pain_next_morning" and text.lower() == "none"):
        return None
    if key == "rpe" and word in EFFORTS:
        return EFFORTS[word]
    if key in RANGES:
        return _number(key, text, unit)
    if key in MEANT and (answer := yes_or_no(text, key)) is not None:
        return MEANT[key][not answer]
    if key in ("ill", "cleared"):
        if key == "ill" and (answer := illness(text)) is not None:
            return answer
        raise ValueError(f"{key} is yes or no, not “{_short(text)}”")
    if key in WORDS:
        return _word(key, word, text)
    return " ".join(text.split())[:TEXT_LIMIT]


def _word(key: str, word: str, text: str) -> str | None:
    for value, spellings in WORDS[key].items():
        if word == value or word in spellings.split():
            return value
    raise ValueError(f"{key} is one of {', '.join(WORDS[key])}, not “{_short(text)}”")


def _number(key: str, text: str, unit: str) -> float:
    low, high = RANGES[key]
    clock = re.fullmatch(r"(\d{1,2})(?::(?=\d\d)|\s*(?:h|std\.?)\s*)(\d{1,2})(?:\s*(?:m|min)\.?)?", text)
    if key == "sleep_h" and clock:
        return _inside(key, int(clock.group(1)) + int(clock.group(2)) / 60, text)
    if key in SCALES and (worded := re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*[-\u2013\u2014:=(]\s*[^\d\W]\D*", text)):
        text = worded[1]  # a choice of a form, with its meaning: 5 - hard
    found = re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)\s*(?:/\s*(\d+)|([a-zA-Z%]*))", text)
    if found is None:
        raise ValueError(f"{key} is a number {low:g} to {high:g}, not “{_short(text)}”")
    number, out_of, suffix = found.groups()
    value = float(number.replace(",", "."))
    if out_of and float(out_of) != high:
        raise ValueError(f"{key} is {low:g} to {high:g}, not out of {out_of}")
    return _inside(key, value * _scale(key, (suffix or unit).lower()), text)


_UNITS = {"kg": {"": 1.0, "kg": 1.0, "lb": POUND_KG, "lbs": POUND_KG, "g": 0.001},
          "min": {"": 1.0, "min": 1.0, "m": 1.0, "mins": 1.0, "minutes": 1.0, "h": 60.0, "s": 1 / 60},
          "h": {"": 1.0, "h": 1.0, "hours": 1.0, "hrs": 1.0, "min": 1 / 60, "s": 1 / 3600},
          "bpm": {"": 1.0, "bpm": 1.0}, "ms": {"": 1.0, "ms": 1.0, "s": 1000.0},
          "g": {"": 1.0, "g": 1.0, "kg": 1000.0}}  # fmt: skip


def _scale(key: str, unit: str) -> float:
    known = _UNITS.get(key.rpartition("_")[2], {"": 1.0})
    if unit not in known:
        raise ValueError(f"{key} does not come in {unit}")
    return known[unit]


def _inside(key: str, value: float, text: str) -> float:
    low, high = RANGES[key]
    if not low <= value <= high:
        raise ValueError(f"{key} is {low:g} to {high:g}, not {_short(text)}")
    return value


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def unit_of(header: str) -> str:
    """The unit that a column's header names in brackets, empty where it names none that we know."""
    found = re.search(r"[(\[]\s*([a-zA-Z]+)\s*[)\]]", header)
    unit = found.group(1).lower() if found else ""
    return unit if any(unit in units for units in _UNITS.values()) else ""


def parse_values(pairs: Mapping[str, str]) -> tuple[dict[str, Parsed], list[str]]:
    """Named answers as a person typed them: the values that hold, and one plain line for each that does not."""
    values: dict[str, Parsed] = {}
    problems: list[str] = []
    for name, text in pairs.items():
        key = key_of(name)
        if key is None:
            near = get_close_matches(name.lower(), list(CHECKIN_FIELDS), 1)
            hint = f"; did you mean {near[0]}?" if near else f"; the fields are {', '.join(CHECKIN_FIELDS)}"
            problems.append(f"{name} is not a check-in field{hint}")
            continue
        try:
            value = parse_value(key, text)
        except ValueError as error:
            problems.append(str(error))
            continue
        if value is not None:
            values[key] = value
    return values, problems
