"""The columns of a person's own table: what each is, by its name in some twenty languages, and the unit it states."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steadymile.ingest.checkins.files import DAY_NAMES
from steadymile.ingest.checkins.makers import maker_of
from steadymile.ingest.checkins.months import plain
from steadymile.ingest.checkins.text import DAYS_ABROAD
from steadymile.ingest.checkins.values import key_of
from steadymile.ingest.exports.lengths import UNITS_S
from steadymile.models.stated.logged import MINUTES
from steadymile.models.units import MILE_M

ENGLISH: Mapping[str, str] = {
    "day": "workout_date activity_date run_date session_date workout_day workout_start_time workout_timestamp date day "
    "when local_day",
    "length": "duration moving_time elapsed_time workout_time total_time run_time time_taken minutes mins min hours "
    "seconds timer_time time_total work_time length",
    "time": "time start start_time",
    "distance": "distance km kms kilometers kilometres miles mi dist total_distance work_distance",
    "unit": "distance_unit distance_units",
    "sport": "sport activity_type workout_type fitness_discipline activity exercise_type exercise workout type "
    "activity_name",
    "heart": "avg_heart_rate average_heart_rate avg_hr average_hr mean_hr heart_rate_avg heart_rate_average "
    "avg_heartrate heart_rate hr pulse bpm",
    "highest": "max_heart_rate maximum_heart_rate max_hr heart_rate_max",
    "calories": "calories calories_burned kcal energy active_calories",
    "pace": "pace avg_pace average_pace min_km min_mi",
    "title": "title name workout_name",
    "steps": "steps step_count active_minutes",
    "done": "done completed status",
    "race": "place rank position bib",
}
ELSEWHERE: Mapping[str, str] = {
    "day": " ".join((*sorted(DAY_NAMES), *sorted(DAYS_ABROAD))),
    "length": "dauer laufzeit dauer_gesamt minuten durée temps duración durata duração duur czas_trwania "
    "длительность продолжительность тривалість 时长 時長 用时 用時 所要時間 운동_시간 소요_시간 süre toplam_süre "
    "doba_trvání varighed varighet kesto időtartam διάρκεια المدة مدة משך مدت مدت_زمان",
    "time": "zeit uhrzeit heure hora ora tijd tempo tiempo czas время час 时间 時間 タイム 시간 čas tid aika idő "
    "χρόνος الوقت זמן ساعت",
    "distance": "distanz strecke distancia distanza afstand kilometer kilometros chilometri quilometros dystans "
    "дистанция расстояние дистанція відстань 距离 距離 거리 mesafe vzdálenost vzdialenosť distans sträcka avstand "
    "matka táv távolság απόσταση المسافة مسافة מרחק مسافت فاصله",
    "sport": "sportart aktivität actividad activité attività atividade activiteit art aktywność вид_спорта "
    "вид_спорту спорт активность тип 运动 運動 类型 類型 种类 項目 种目 種目 種類 종목 종류 운동 tür spor "
    "aktivite typ rodzaj druh aktivita aktivitet aktivitetstyp laji típus άθλημα δραστηριότητα النوع نوع النشاط "
    "الرياضة סוג פעילות ورزش فعالیت نوع_فعالیت نوع_ورزش",
    "heart": "durchschnittspuls puls_avg puls hf fc_moyenne fc",
    "highest": "maximalpuls fc_max",
    "calories": "kalorien",
    "pace": "laufpace allure ritmo passo",
    "title": "titel",
    "steps": "schritte pas pasos passi",
    "done": "erledigt fait hecho fatto",
    "race": "platz rang",
}
"""The columns' names, without units, the surest of each role first; in the languages of some twenty countries, all of
which count a distance in kilometres."""
ROLES = {role: (*ENGLISH[role].split(), *(plain(word) for word in ELSEWHERE.get(role, "").split())) for role in ENGLISH}
NAMES = frozenset(name for names in ROLES.values() for name in names)
ABROAD = NAMES - frozenset(" ".join(ENGLISH.values()).split())
UNITS_M = {"km": 1000.0, "kms": 1000.0, "kilometer": 1000.0, "kilometers": 1000.0, "kilometre": 1000.0,
           "kilometres": 1000.0, "kilometros": 1000.0, "chilometri": 1000.0, "quilometros": 1000.0, "k": 1000.0,
           "км": 1000.0, "公里": 1000.0, "mi": MILE_M, "mile": MILE_M, "miles": MILE_M, "m": 1.0, "meter": 1.0,
           "meters": 1.0, "metres": 1.0}  # fmt: skip

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each role stands in a row, with the unit that the column's name states; `abroad` where names are in a
    language whose speakers count kilometres."""

    at: Mapping[str, int]
    units: Mapping[str, str]
    abroad: bool = False

    def cell(self, row: Row, role: str) -> str:
        """The text of a role in a row, empty where there is none."""
        i = self.at.get(role)
        return row[i].strip() if i is not None and i < len(row) else ""


def columns_of(header: Row) -> Columns | None:
    """The roles of a table's columns; None where it is no diary."""
    words = [_word(cell) for cell in header]
    plain_words = [re.sub(r"\W+", "_", plain(cell)).strip("_") for cell in header]
    if maker_of(plain_words) is not None or {key_of(cell) for cell in header} & set(MINUTES):
        return None
    at: dict[str, int] = {}
    units: dict[str, str] = {}
    for role, names in ROLES.items():
        found = next((i for name in names for i, word in enumerate(words) if _is(word, name)), None)
        if found is not None:
            word, unit = words[found]
            at[role], units[role] = found, unit or (word if word in UNITS_M or word in UNITS_S else "")
    effort = next((i for i, cell in enumerate(header) if key_of(cell) == "rpe"), None)
    if effort is not None:
        at["rpe"] = effort
    if "length" not in at and not {"time", "distance"} <= set(at):
        return None
    strange = "race" in at or ("steps" in at and "sport" not in at)
    if "day" not in at or not {"distance", "sport"} & set(at) or strange:
        return None
    used = {words[at[role]][0] for role in ("day", "length", "time", "distance", "sport") if role in at}
    return Columns(at, units, abroad=bool(used & ABROAD))


def _is(word: tuple[str, str], name: str) -> bool:
    """Whether a column is what a name says. A length is one of time only in a unit of time: else it is a pool's, or a
    distance."""
    return word[0] == name and (name != "length" or word[1] in UNITS_S)


def _word(header: str) -> tuple[str, str]:
    """A column's name without its unit, and the unit: `Distance (km)`, `distance_km`, `Distance [km]` and
    `DistanceInKilometers` are alike."""
    header = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header)
    bracket = re.search(r"[(\[]([^)\]]*)[)\]]", header)
    word = re.sub(r"\W+", "_", plain(re.sub(r"[(\[].*?[)\]]", "", header))).strip("_")
    unit = plain(bracket.group(1)).strip(". ") if bracket else ""
    base, _, last = word.rpartition("_")
    if not bracket and base and word not in NAMES and (last in UNITS_M or last in UNITS_S):
        return base.removesuffix("_in"), last
    return word, unit
