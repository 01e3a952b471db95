"""The words for sports that files, apps and exports use."""

from __future__ import annotations

import pytest
from steadymile.ingest.sports import sport_of

LANGUAGES = {  # the same word in a dozen languages
    "running": "Run|Lauf|Course à pied|Carrera|Corsa|Corrida|Hardlopen|Løpetur|Bieg|Забег|ランニング|跑步|달리기|Koşu",
    "walking": "Walk|Spaziergang|Marche|Caminata|Camminata|Caminhada|Wandeling|Spacer|Ходьба|ウォーキング|步行",
    "hiking": "Hike|Wanderung|Randonnée|Senderismo|Escursione|Trilha|Vandring|Поход|ハイキング|徒步",
    "cycling": "Ride|Radfahrt|Vélo|Bicicleta|Pedalada|Fietsrit|Cykling|Sykkeltur|Jazda na rowerze|Заезд|ライド|骑行",
    "swimming": "Swim|Schwimmen|Natation|Natación|Nuoto|Zwemmen|Simning|Плавание|水泳|游泳",
}


@pytest.mark.parametrize(("sport", "word"), [(s, w) for s, words in LANGUAGES.items() for w in words.split("|")])
def test_a_sport_is_known_in_the_languages_of_exports(sport, word):
    assert sport_of(word)[0] == sport


@pytest.mark.parametrize("word", ["E-Bike Ride", "EBikeRide", "E-Bike-Fahrt", "Vélo électrique", "e_bike_mountain"])
def test_an_electric_bike_is_a_bike(word):
    assert sport_of(word) == ("cycling", "e_bike")


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("Skilanglauf", "skiing"),
        ("Ice Skate", "skating"),
        ("motorcycling", "driving"),
        ("car", "driving"),
        ("Horseback Riding", "horseback_riding"),
        ("crosscountryskiing", "skiing"),
        ("HKWorkoutActivityTypeTraditionalStrengthTraining", "strength_training"),
    ],
)
def test_a_word_within_another_names_no_run(word, sport):
    assert sport_of(word)[0] == sport


@pytest.mark.parametrize("word", ["Workout", "Training", "other", "indoor_cardio", "", None, "fitness_equipment"])
def test_a_vague_word_names_no_sport(word):
    assert sport_of(word) == ("unknown", None)


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("wheelchair_push_run", "wheelchair"),
        ("HKWorkoutActivityTypeWheelchairRunPace", "wheelchair"),
        ("motocross", "driving"),
        ("snowmobiling_ws", "driving"),
        ("sky_diving", "flying"),
        ("baseball", "ball_game"),
        ("boxing", "martial_arts"),
        ("bouldering", "climbing"),
        ("stretching", "yoga"),
        ("bmx", "cycling"),
        ("rucking", "walking"),
        ("ORIENTEERING", "running"),
    ],
)
def test_the_makers_own_words_are_no_run_where_nobody_runs(word, sport):
    assert sport_of(word)[0] == sport


@pytest.mark.parametrize(
    ("number", "sport"),
    [("1", "cycling"), ("9", "running"), ("10", "walking"), ("16", "swimming"), ("17", "cycling"), ("53", "running")],
)
def test_stravas_numbers_are_sports_in_its_own_files_only(number, sport):
    assert sport_of(number, "StravaGPX")[0] == sport
    assert sport_of(number, "another program")[0] == "unknown"


def test_a_virtual_run_is_a_run_and_virtual():
    assert sport_of("VirtualRun") == ("running", "virtual_activity")
