"""The words for sports that files, apps and exports use."""

from __future__ import annotations

import pytest
from steadymile.ingest.sports import sport_of

from tests.conftest import ROOT

LANGUAGES = {  # the same word in some thirty languages
    "running": (
        "Run|Lauf|Course à pied|Carrera|Corsa|Corrida|Hardlopen|Løpetur|Bieg|Забег|ランニング|跑步|달리기|Koşu|"
        "Laufen|Straßenlauf|Strassenlauf|Laufband|Laufband-Laufen|Trailrun|Trail-Laufen|Bahnlauf|Hallenlauf|"
        "Virtueller Lauf|Dauerlauf|Waldlauf|Joggen|Intervalllauf|Geländelauf|Berglauf|Halbmarathon|Marathon|"
        "Course à pied sur tapis roulant|Trail|Course sur piste|Course virtuelle|Tapis de course|Tapis roulant|"
        "Footing|Sortie longue course|Corsa su tapis roulant|Corsa campestre|Corsa in montagna|Corsa su strada|"
        "Correr|Carrera en cinta|Cinta de correr|Trail running|Carrera en pista|Carrera virtual|Trote|Trotar|"
        "Corrida em esteira|Corrida de rua|Corrida na esteira|Passadeira|Loopband|Hardlopen op loopband|Trailrunnen|"
        "Бег|Бег на дорожке|Беговая дорожка|Пробежка|Трейл|Трейлраннинг|户外跑步|室内跑步|跑步机|越野跑|跑步機|"
        "操场跑步|戶外跑步|慢跑|路跑|ラン|トレッドミル|トレイルランニング|トレイルラン|ジョギング|室内ランニング|"
        "러닝|트레드밀|조깅|런닝|트레일 러닝|실내 달리기|Bieganie|Bieżnia|Bieg na bieżni|Bieganie na bieżni|"
        "Bieg przełajowy|Běh|Běhání|Běžecký pás|Beh|Beh na páse|Koşma|Koşu bandı|Patika koşusu|Löpning|Löpband|"
        "Löprunda|Traillöpning|Løping|Tredemølle|Terrengløp|Løb|Løbetur|Løbebånd|Juoksu|Juoksumatto|Polkujuoksu|"
        "Hölkkä|Futás|Terepfutás|Futópad|Kocogás|Alergare|Alergare pe bandă|Τρέξιμο|Біг|Бігова доріжка|جري|ركض|"
        "الجري|ריצה|दौड़|दौड़ना|Chạy bộ|Chạy|วิ่ง|Lari|Berlari|Córrer|Cursa|Бягане|Trčanje|Tek|Jooks|Jooksmine|"
        "Skriešana|Bėgimas|دویدن|Treadmill|Treadmill Running|Track Running|Indoor Running|Street Running|Ultra Run|"
        "Obstacle Run|Virtual Run|Parkrun|Jogging|Road Running|Cross Country Running|Laufrunde|RUN|outdoor_running|"
        "INDOOR_RUN|running_treadmill|HKWorkoutActivityTypeRunning|Hlaup"
    ),
    "walking": (
        "Walk|Spaziergang|Marche|Caminata|Camminata|Caminhada|Wandeling|Spacer|Ходьба|ウォーキング|步行|Gehen|"
        "Freizeitgehen|Spazieren|Nordic Walking|Walking|Marche à pied|Marche sportive|Marche nordique|Promenade|"
        "Passeggiata|Camminare|Cammino|Caminar|Marcha|Marcha nórdica|Andar|Paseo|Paseo con el perro|Andar a pé|"
        "Passeio a pé|Wandelen|Прогулка|Пешая прогулка|Скандинавская ходьба|健走|走路|散步|行走|户外步行|散歩|徒歩|"
        "歩行|걷기|산책|Chód|Marsz|Chůze|Procházka|Chôdza|Prechádzka|Yürüyüş|Yürüme|Promenad|Gång|Gåtur|Gange|Gang|"
        "Kävely|Sauvakävely|Séta|Gyaloglás|Mers|Plimbare|Περπάτημα|Βάδισμα|Прогулянка|مشي|المشي|הליכה|चलना|टहलना|"
        "Đi bộ|เดิน|Jalan|Jalan kaki|Berjalan|Ходене|Hodanje|Šetnja|Hoja|Kõnd|Kõndimine|Ėjimas|Walk the dog|Dog walk|"
        "Gassi|Speed Walking|Casual Walking|Powerwalk|پیاده‌روی|Hundespaziergang|Stroll|ganga"
    ),
    "hiking": (
        "Hike|Wanderung|Randonnée|Senderismo|Escursione|Trilha|Vandring|Поход|ハイキング|徒步|Wandern|Bergwandern|"
        "Bergsteigen|Randonnée pédestre|Escursionismo|Trekking|Excursión|Montañismo|Хайкинг|Пеший туризм|远足|健行|"
        "登山|爬山|トレッキング|하이킹|등산|Wędrówka|Turystyka piesza|Turistika|Pěší turistika|Doğa yürüyüşü|"
        "Vandretur|Fottur|Fjelltur|Vaellus|Túra|Túrázás|Drumeție|Πεζοπορία|Похід|Leo núi|Mendaki|Hiking|Senderisme|"
        "Planinarenje|Pohodništvo|Matkamine"
    ),
    "cycling": (
        "Ride|Radfahrt|Vélo|Bicicleta|Pedalada|Fietsrit|Cykling|Sykkeltur|Jazda na rowerze|Заезд|ライド|骑行|"
        "Radfahren|Rennrad|Rennradfahren|Mountainbiken|Gravel/Unbefestigtes Radfahren|Indoor Rad|Fahrrad|E-Bike|"
        "Radtour|Heimtrainer Rad|Ergometer Rad|Cyclisme|VTT|Vélo d'appartement|Vélo électrique|Sortie vélo|Ciclismo|"
        "Bici|Bicicletta|Ciclismo su strada|Cyclette|Ciclismo indoor|Bicicleta estática|BTT|Bicicleta de montaña|"
        "Fietsen|Fietstocht|Wielrennen|Spinning|Велосипед|Велоспорт|Велотренажёр|Езда на велосипеде|室内骑行|"
        "騎自行車|單車|自行車|自行车|サイクリング|自転車|バイク|사이클링|자전거|Rower|Kolarstwo|Cyklistika|Kolo|"
        "Jízda na kole|Bicykel|Bisiklet|Bisiklete binme|Cykel|Sykling|Sykkel|Pyöräily|Kerékpározás|Kerékpár|Bicikli|"
        "Ciclism|Bicicletă|Ποδηλασία|Їзда на велосипеді|دراجة|ركوب الدراجات|רכיבה|רכיבה על אופניים|साइकिल चलाना|"
        "Đạp xe|ปั่นจักรยาน|Bersepeda|Ciclisme|Колоездене|Biciklizam|Bicikl|Kolesarjenje|Jalgrattasõit|Rattasõit|"
        "Riteņbraukšana|Dviratis|Peloton|Gravel ride|Road Biking|BIKING"
    ),
    "swimming": (
        "Swim|Schwimmen|Natation|Natación|Nuoto|Zwemmen|Simning|Плавание|水泳|游泳|Freiwasserschwimmen|"
        "Schwimmbadschwimmen|Natation en piscine|Nage|Nage en eau libre|Nuoto in piscina|Nado|Natação|泳池游泳|"
        "公开水域游泳|プールスイム|スイミング|수영|Pływanie|Plavání|Plávanie|Yüzme|Svømming|Svømning|Uinti|Úszás|"
        "Înot|Κολύμβηση|Κολύμπι|Плавання|سباحة|السباحة|שחייה|שחיה|तैराकी|Bơi|Bơi lội|ว่ายน้ำ|Renang|Berenang|Natació|"
        "Плуване|Plivanje|Ujumine|Peldēšana|Plaukimas|Lap Swimming|Open Water Swimming|pool swim"
    ),
    "elliptical": (
        "Ellipsentrainer|Crosstrainer|Vélo elliptique|Elliptique|Ellittica|Elíptica|Elíptico|Эллипс|"
        "Эллиптический тренажер|椭圆机|滑步機|エリプティカル|일립티컬|Orbitrek|Eliptik|Elliptical|"
        "Crosstrainer training|橢圓機|elliptische trainer"
    ),
    "rowing": (
        "Rudern|Indoor-Rudern|Rameur|Aviron|Vogatore|Canottaggio|Remo|Remo en máquina|Remo indoor|Roeien|Гребля|"
        "划船机|划船|ローイング|Wioślarstwo|Veslování|Kürek|Rodd|Roing|Soutu|Evezés|Ergometr wioślarski|"
        "Indoor Rowing|Rowing machine"
    ),
    "skiing": (
        "Skilanglauf|Ski de fond|Ski alpin|Sci|Sci di fondo|Sci alpinismo|Esquí|Esquí de fondo|Langlaufen|Skifahren|"
        "Лыжи|Беговые лыжи|Лыжные гонки|滑雪|越野滑雪|スキー|스키|Narciarstwo|Narciarstwo biegowe|Biegówki|Lyžování|"
        "Běžky|Běžecké lyžování|Längdskidor|Skidor|Langrenn|Hiihto|Síelés|Snowboard|Snowboarden|"
        "クロスカントリースキー"
    ),
    "skating": (
        "Inline-Skating|Inlineskaten|Eislaufen|Patinage|Patins|Pattinaggio|Patinaje|Patinação|Schaatsen|Коньки|"
        "Ролики|滑冰|轮滑|スケート|스케이트|Rolki|Łyżwy|Bruslení|Luistelu|Skøjter|Rollschuhlaufen|"
        "Schlittschuhlaufen|Skateboard|Eisschnelllauf"
    ),
    "strength_training": (
        "Krafttraining|Musculation|Renforcement musculaire|Pesi|Fuerza|Entrenamiento de fuerza|Musculação|"
        "Krachttraining|Силовая тренировка|力量训练|筋トレ|근력 운동|Siłownia|Posilování|Kuvvet|Styrketräning|"
        "Styrketrening|Styrketræning|Voimaharjoittelu|Erősítés|Forza|Strength|Weights|Kracht|重訓|筋力トレーニング"
    ),
    "yoga": ("Yoga|瑜伽|ヨガ|요가|Йога|Joga|Jóga|Pilates"),
    "paddling": (
        "Kajak|Kayak|Canoë|Kanu|Piragüismo|Canoagem|Stand Up Paddling|SUP|Байдарка|皮划艇|カヤック|카약|Kajakarstwo|"
        "Kajakk|Melonta"
    ),
    "climbing": (
        "Klettern|Bouldern|Escalade|Arrampicata|Escalada|Klimmen|Скалолазание|攀岩|クライミング|클라이밍|Wspinaczka|"
        "Klättring|Kiipeily|Horolezectví"
    ),
    "unknown": (
        "Andere|Autre|Altro|Otro|Outro|Anders|Другое|其他|その他|기타|Inne|Jiné|Diğer|Övrigt|Annet|Multisport|"
        "Cardio|Workout|Training|Rest|Rest day|Ruhetag|Repos|Descanso|Other|Atemübungen|Sauna|Physio"
    ),
}


@pytest.mark.parametrize("sport", LANGUAGES)
def test_a_sport_is_known_in_the_languages_of_exports(sport):
    assert {word: sport_of(word)[0] for word in LANGUAGES[sport].split("|") if sport_of(word)[0] != sport} == {}


def test_a_sport_is_known_without_the_accents_that_a_keyboard_lacks():
    words = {
        "Slope": "unknown",
        "Lopning": "running",
        "Course a pied": "running",
        "Randonnee": "hiking",
        "Kerekparozas": "cycling",
    }
    assert {word: sport_of(word)[0] for word in words} == words


def test_a_run_on_a_belt_is_one_in_every_language():
    words = "Laufband|Tapis roulant|Carrera en cinta|Corrida em esteira|Loopband|跑步机|Беговая дорожка|Futópad"
    assert {sport_of(word) for word in words.split("|")} == {("running", "treadmill")}


@pytest.mark.parametrize("word", ["brunch", "trunk rotation", "Volcano", "golf course", "Skipping", "aqua jogging"])
def test_part_of_another_word_makes_no_run(word):
    assert sport_of(word)[0] != "running"


RUNS_IN_OTHER_WORDS = (
    "Rollskilaufen|Inline-Marathon|Paddelmarathon|Skøyteløp|Skridskolöpning|Løbehjul|Kreislauftraining|Aqua running|"
    "Eiskunstlauf|Jogo|Jogar tênis|Chạy xe đạp|автопробег|Treadmill walk|Walking marathon"
)
RIDES_IN_OTHER_WORDS = (
    "Gravel run|Peloton run|Pride run|Belgrad Marathon|Strides run|走る|ペース走|ジョグ|走り込み|Runner|Run/Walk|"
    "walk-run|Marszobieg|走跑|Caminar y correr"
)


@pytest.mark.parametrize("word", RUNS_IN_OTHER_WORDS.split("|"))
def test_a_word_for_running_within_another_sport_makes_no_run(word):
    assert sport_of(word)[0] != "running"


@pytest.mark.parametrize("word", RIDES_IN_OTHER_WORDS.split("|"))
def test_a_run_stays_one_beside_a_word_of_another_sport(word):
    assert sport_of(word)[0] == "running"


@pytest.mark.parametrize("word", ["Aerobik", "bicipiti", "Strides", "Distanz", "Herz-Kreislauf", "flights of stairs"])
def test_part_of_another_word_makes_no_ride_flight_or_dance(word):
    assert sport_of(word)[0] not in ("cycling", "flying", "dancing", "skating")


@pytest.mark.parametrize("word", ["Promenade à cheval", "Passeggiata a cavallo", "Paseo a caballo", "Ridetur"])
def test_an_outing_on_a_horse_is_no_walk(word):
    assert sport_of(word)[0] == "horseback_riding"


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


WORDS = (ROOT / "tests" / "data" / "sport_words.txt").read_text(encoding="utf-8").splitlines()
NAMES = [line.split(" ", 1) for line in WORDS if line[0] != "#"]
ON_FOOT = {"run": {"running"}, "walk": {"walking", "hiking", "snowshoeing"}}


@pytest.mark.parametrize("kind", ["run", "walk"])
def test_what_is_done_on_foot_is_known_by_its_name(kind):
    found = {name: sport_of(name)[0] for said, name in NAMES if said == kind}
    assert len(found) > 150
    assert {name: sport for name, sport in found.items() if sport not in ON_FOOT[kind]} == {}


def test_what_is_not_done_on_foot_is_known_as_something_else():
    found = {name: sport_of(name)[0] for said, name in NAMES if said == "off"}
    on_foot_or_not_known = {"unknown", *ON_FOOT["run"], *ON_FOOT["walk"]}
    assert len(found) > 700
    assert {name: sport for name, sport in found.items() if sport in on_foot_or_not_known} == {}


def test_a_horse_is_ridden_and_skates_are_too_where_the_word_for_a_ride_is_the_same():
    words = {
        "Jazda": "cycling",
        "Jazda konna": "horseback_riding",
        "Jazda na rolkach": "skating",
        "Jazda na nartach": "skiing",
        "Jazda samochodem": "driving",
        "Езда": "horseback_riding",
        "Езда на велосипеде": "cycling",
        "Bieg na rolkach": "skating",
    }
    assert {word: sport_of(word)[0] for word in words} == words


def test_a_word_that_is_a_run_here_and_a_walk_there_names_neither():
    assert sport_of("Lopen") == ("unknown", None)


@pytest.mark.parametrize("title", ["Giro del lago", "Volta ao parque", "Vuelta al pueblo", "Rondje rit"])
def test_a_round_in_a_title_is_no_ride(title):
    assert sport_of(title)[0] != "cycling"


def test_a_virtual_ride_is_one_in_every_language():
    words = "가상 라이드|버추얼 라이드|Virtuálna jazda|Jazda wirtualna|虛擬騎乘|Sanal Sürüş|Virtuelle Radfahrt"
    assert {sport_of(word) for word in words.split("|")} == {("cycling", "virtual_activity")}


@pytest.mark.parametrize(
    ("words", "sport"),
    [
        ("Corsa a piedi|Corrida a pé|Corrida a pé leve", "running"),
        ("Giro a piedi|Caminhada a pé", "walking"),
        ("Smučarski tek|Bėgimas slidėmis|Alergare pe schiuri|Suusajooks", "skiing"),
        ("Tek na rolkah|Rolkarski tek|Carrera con patines", "skating"),
        ("Прогулка на лошади|Конная прогулка|Spacer konny|Wandeltocht te paard|Šetnja s konjem", "horseback_riding"),
    ],
)
def test_a_word_that_names_two_sports_is_the_one_that_is_done(words, sport):
    assert {sport_of(word)[0] for word in words.split("|")} == {sport}
