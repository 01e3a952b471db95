"""The words for sports in files, exports and apps, in many languages, as steadymile's own."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

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
    "train": "driving", "tram": "driving", "taxi": "driving", "subway": "driving", "ferry": "boating",
    "fähre": "boating",
    "zug": "driving", "voiture": "driving", "coche": "driving", "macchina": "driving", "carro": "driving",
    "trail": "running", "row": "rowing", "sup": "paddling", "mtb": "cycling", "vtt": "cycling", "btt": "cycling",
    "bmx": "cycling", "moto": "driving", "rucking": "walking", "sci": "skiing", "nage": "swimming", "nado": "swimming",
    "hiit": "hiit", "run": "running", "ran": "running", "foot": "walking", "tek": "running", "lari": "running",
    "cursa": "running", "cinta": "running", "ラン": "running", "gehen": "walking", "freizeitgehen": "walking",
    "andar": "walking", "gang": "walking", "gange": "walking", "gång": "walking", "ganga": "walking", "tur": "walking",
    "mers": "walking", "hoja": "walking", "stroll": "walking", "rodd": "rowing", "roing": "rowing", "sculls": "rowing",
    "gravel": "cycling", "peloton": "cycling", "машина": "driving", "런": "running", "rith": "running",
    "sund": "swimming", "vae": "cycling", "roller": "skating", "steppen": "skating",
}  # fmt: skip
"""Words that mean a sport only where they stand alone, or where no stem is found."""
_ALONE = {"rit": "cycling", "giro": "cycling", "volta": "cycling", "vuelta": "cycling", "езда": "horseback_riding"}
"""Words that mean a sport only where nothing else is said: elsewhere one goes any round on foot. The Dutch "lopen" is a
run in Belgium and a walk in the Netherlands, so what was recorded decides."""

_STEMS: tuple[tuple[str, str], ...] = (
    (
        "wheelchair",
        "wheelchair rollstuhl fauteuil_roulant silla_de_ruedas sedia_a_rotelle cadeira_de_rodas rolstoel 轮椅 輪椅 "
        "車いす 車椅子 휠체어 wózek_inw инвалидн rullestol kørestol rullstol pyörätuol tekerlekli",
    ),
    (
        "driving",
        "driving vehicle motor motocross aircar autofahr conduite snowmobil _atv_ _kart_ автомобил на_машине поезд "
        "автопробег мотопробег samochod autorijd мотоцик bilkör bilkjør _autem 驾车 駕車 开车 開車 _overland_",
    ),
    (
        "flying",
        "aircraft flying _flight_ glid _flug fliegen parachut hang_glid sky_div jumpmaster parapent parapend "
        "paralot _drone_",
    ),
    (
        "horseback_riding",
        "horse equestr reiten équitation equitazione equitación à_cheval a_cavallo a_caballo a_cavalo konna_ "
        "ridning ridetur ridtur 乗馬 骑马 騎馬 승마 na_kon верхов hipism paardrij lovagl călări jahanj _ježa_ "
        "ratsast ratsuta jāšan jodinėj ιππασ hestaíþr лошад _конн konny_ te_paard călare s_konjem",
    ),
    ("hiit", "kreislauf jump_rope rope_skip skipping seilspring corde_à_sauter 跳绳 跳繩 縄跳び 줄넘기"),
    (
        "elliptical",
        "ellipti ellitti elípti crosstrainer cross_trainer eliptik orbitrek ellips эллип 椭圆 橢圓 滑步機 "
        "エリプティカル 일립티컬",
    ),
    (
        "snowshoeing",
        "snowshoe snow_shoe schneeschuh raquettes ciaspol raquetas_de_nieve rakiety_śnież снегоступ lumikenk "
        "snöskor _truger_ sneeuwscho",
    ),
    (
        "skating",
        "skat _eislauf eisschnell eiskunst schlittschuh rollschuh _inline pattin patina patins rolschaats schaats "
        "rolk łyżw bruslen luistel skøjt skøyt skridsko løbehjul scooter trottinette monopattino patinete patines "
        "tretroller коньк ролик 滑冰 轮滑 輪滑 直排轮 直排輪 溜冰 スケート 스케이트 _patin_ skeeler rolkach "
        "hulajnog самокат korcsoly korčuľ klizanj rolanj drsanj кънки ковзан πατινάζ uisut slidošan skrituļ čiuož "
        "riedučia _paten_ _pateni_ potkulau koloběžk kolobežk tõukerat sparkcyk sparkesyk",
    ),
    (
        "skiing",
        "_ski _sci_ skiing skifahr rollerski country_ski nordic_ski alpine_ski snowboard langlauf langrenn esquí "
        "hiihto narciar biegówk _lyž běžky längdskid rullskid rollski rulleski rullski waterski wasserski síel "
        "滑雪 スキー 스키 лыж сноуборд nart_ narty nartach nartoro スノーボード スノボ 스노보드 alpinski _alpint_ "
        "skiën utförsåk laskettel lumilaut langren _schi_ skijan skijaš smuč _ски_ лиж _σκι_ suusa schiuri slidėm "
        "slēpoš slidinėj _סקי_ تزلج _skíð kır_kayağı sífut snow_sport",
    ),
    ("climbing", "leo_núi_đá"),
    ("running", "corrida_em_trilha corrida_de_trilha corrida_na_trilha corrida_por_trilha"),
    (
        "cycling",
        "cycl bike biking _ride bikeride lride_ _riding _mtb_ radfahr radfahrt radtour biciclet ciclism ciclist "
        "cicloturis bici_ _bicis_ bicik bicyk _vélo _velo_ velofahr velotour cykl cykel sykkel sykl fiets wielren "
        "pedal rower kolarst kolesar _kolo_ na_kole pyöräil pyörä bisiklet kerékpár bersepeda _rad_ _radeln "
        "fahrrad rennrad liegerad bergrad lastenrad heimrad standrad _spin dvirat rattas riteņ jalgratta ποδηλα "
        "骑行 騎行 骑车 騎車 騎乘 騎自行 自行车 自行車 单车 單車 サイクリング ライド 自転車 バイク 자전거 라이딩 "
        "사이클 вело заезд колоезд колело دراج רכיבה אופני साइकिल đạp_xe xe_đạp จักรยาน jazda jízda vožnj "
        "przejażdżk 라이드 그래블 elektrokol giro_virtual virtuele_rit bringá _bringa_ kolesom dvirač sürüş "
        "velomobil velobrauk hjólr دوچرخ _gowes_ rattasõit поездк",
    ),
    (
        "swimming",
        "swim schwimm aquajog aqua_jog aquarun aqua_run aqualauf aqua_lauf water_run natac natat nataç natació "
        "_nage_ nuoto nuot zwem simn svøm plav pláv plivanj pływ yüzme úszás renang uinti ujumi peldēš plauki înot "
        "плав плуван κολύμβ κολύμπ 游泳 水泳 スイム スイミング 수영 سباح שחי तैराकी bơi ว่ายน้ำ _شنا_ заплыв "
        "water_polo snorkel",
    ),
    (
        "diving",
        "diving tauchen plongée _buceo mergulho _immersioni freedive nurkow potápě _duiken sukell _dykning _dykk_ "
        "дайвинг дайвінг 潜水 潛水 ダイビング 다이빙",
    ),
    (
        "paddling",
        "paddl paddel kayak canoe canoa _kanu kajak _kano_ kanoën canoë piragü melont байдар 皮划艇 皮艇 独木舟 "
        "獨木舟 桨板 槳 カヤック カヌー パドル 카약 카누 패들 каякин каяк каноэ каное kanoe _padling_ _suppen_ "
        "rafting",
    ),
    (
        "rowing",
        "rowing ruder rudern _remo_ _rameur aviron canottaggio vogator roeien wioślar veslov kürek evez _soutu "
        "гребл гребан веслув 划船 ローイング ボート 로잉 조정 _roning_ veslan sõudm airēš irklav mendayung "
        "chèo_thuyền พายเรือ חתירה تجديف κωπηλ _rem_ canotaj",
    ),
    (
        "surfing",
        "surfing surfen _surf_ windsurf kitesurf _kite wakeboard wingfoil サーフィン 서핑 冲浪 衝浪 selancar "
        "water_sport",
    ),
    (
        "sailing",
        "_sail segeln segelt _voile _vela_ boating zeilen żeglar парус セーリング 세일링 帆船 seiling sejlad "
        "segling purjeh yelken plachtě vitorl jedrenj",
    ),
    (
        "ball_game",
        "soccer football fußball fútbol futebol calcio basketball volleyball handball hockey rugby golf cricket "
        "baseball softball lacrosse frisbee ultimate_disc disc_golf disc_sport curling bowling футбол баскетбол "
        "волейбол гольф サッカー ゴルフ バスケ 축구 골프 농구 足球 高尔夫 高爾夫 篮球 籃球 jalkapall piłka_nożn "
        "futbol nogomet fotbal fotboll labdarúg ποδόσφαιρ sepak_bola bóng_đá כדורגל",
    ),
    (
        "hiking",
        "hik wander_ wanderung wandern senderis randonn escursion excurs _trek trekking mountaineer bergsteig "
        "alpinis montañis trilha vandring vandret fjelltur fottur wędr turyst поход похід туризм хайк turist túra "
        "túráz vaell drumeț planinar pohodni matkami doğa_yürüyüşü mendaki leo_núi πεζοπορ 徒步 远足 遠足 健行 "
        "登山 爬山 ハイキング トレッキング ハイク 하이킹 하이크 등산 patikoi retkeil turgå göngutúr fjallgang žygi "
        "pārgāj туризъ",
    ),
    (
        "running",
        "run_walk walk_run walk_jog jog_walk walking_running running_walking marszobieg course_marche "
        "marche_course correr_caminar caminar_correr correr_y_caminar caminar_y_correr correr_e_caminhar "
        "caminhar_e_correr corsa_camminata camminata_corsa 走跑 跑走",
    ),
    (
        "walking",
        "walk spazier gassi hunderunde caminat caminh caminar camin marche marcha_ _marsz camminat camminar "
        "cammino passeggi paseo passeio wandel promenad gåtur gångtur kävel spacer chůz choden chodz chód_ chôdz "
        "procházk prechádzk yürüyüş yürüm gyalog plimb jalan_ berjalan šetnj hodanj kõnd ėjim séta ходьб прогул "
        "ходен περπάτημ βάδισμ 步行 散步 走路 走步 健走 快走 行走 暴走 竞走 ウォーキング ウォーク 競歩 散歩 徒歩 "
        "歩行 걷기 산책 مشي پیاده הליכה चलना टहलना đi_bộ เดิน kijki kijkam stavgang stavgång pješač _хода_ _iešan "
        "nūjoš vaikščioj",
    ),
    ("yoga", "yoga _joga_ _jóga_ pilates mobility stretch meditat breathwork йога 瑜伽 瑜珈 ヨガ 요가"),
    (
        "running",
        "run_ running runnen _runs_ _runner orienteer _jog_ _jogs_ _jogg lauf läuf correr córrer carrera corrida "
        "corsa _course footing trote_ trotar marathon maratón maratona hardlo löpning löpband löprund löp løpe løp "
        "løb juoks hölkk bieg bieżn _běh_ běhán běžec _beh_ bežeck koşu koşma _lari_ berlari treadmill tapis "
        "loopband passadeira esteira tredemølle futás futó kocog alerga trčanj jooks skrieš bėgim hlaup бег забег "
        "пробеж бяган біг трейл мараф τρέξιμ 跑 马拉松 馬拉松 ランニング トレイルラン トレッドミル ジョギング "
        "ジョグ マラソン 走る 走り 走っ ス走 プ走 離走 持久走 달리기 러닝 런닝 러너 조깅 트레드밀 마라톤 "
        "バーチャルラン トレイルラン loopje_ veldloop loopsessie looptraining duurloop lenkkei tekašk pagtakbo "
        "korrika جري ركض دوید ריצה दौड़ chạy วิ่ง",
    ),
    ("walking", "a_piedi a_pé_"),
    ("stair_climbing", "stair step_ stepper treppen escalier escalera 계단 楼梯 樓梯 踏步 爬梯 ステアス"),
    (
        "climbing",
        "climb kletter klatr lezení lezenie plezanj penjanj escalad arramp boulder klimm wspin klättr kiipeil "
        "horolez клайм скалолаз 攀岩 クライミング 클라이밍 암벽 катерене скелелаз αναρρίχ ronimi kāpšan laipioj "
        "mászás tırman panjat",
    ),
    (
        "strength_training",
        "strength weight kraft kracht musculation renforcement pesas _pesi_ _fuerza _forza_ musculaç _core_ "
        "siłowni posilov posilň kuvvet styrke voimaharj erősít силов тежест 力量 重量 举重 舉重 筋トレ 筋力 근력 重訓 "
        "重训 ウエイト ウェイト 웨이트 gewicht ciężar _peso_ _pesos_ kuntosal ağırlık angkat_beban súlyz _βάρη_ "
        "jõutre gymnast",
    ),
    (
        "tennis",
        "tennis badminton squash racquet racket_ pickleball padel テニス 테니스 网球 網球 теннис тенис tenis tênis",
    ),
    ("martial_arts", "_box_ boxing boxen martial fencing wrestl tai_chi karate"),
    ("hiit", "high_intensity crossfit 크로스핏 interval_training cross_training"),
    ("dancing", "danc _tanz ダンス 댄스 舞蹈 танц"),
    ("fishing", "fishing angeln _pesca_ рыбал 钓鱼 釣り 낚시"),
    ("hunting", "hunting _jagd_"),
    ("archery", "archery bogenschie tir_à_l_arc"),
)  # fmt: skip
"""In this order, so that a ski run is no run and an inline skate no bike. An underscore at a stem's start or end is a
word's: a trunk and a brunch hold no run."""

_SUB_SPORTS: tuple[tuple[str, str], ...] = (
    (
        "treadmill",
        "treadmill laufband 러닝머신 tapis _cinta_ esteira passadeira loopband löpband tredemølle løbebånd juoksumatto "
        "futópad bieżn běžecký_pás na_páse koşu_band дорожк доріжк 跑步机 跑步機 トレッドミル 트레드밀",
    ),
    ("indoor", "indoor 室内 室內 실내 en_salle"),
    (
        "virtual_activity",
        "virtual virtuel virtuell wirtual virtuál virtuaal _sanal_ バーチャル 버추얼 가상 虚拟 虛擬 виртуал",
    ),
    ("trail", "trail"),
    ("track", "track"),
    ("mountain", "mountain"),
)  # fmt: skip
_ELECTRIC = re.compile(
    r"(^|_)e_?(bik|mountain|moun|mtb|mtn)|electr|eléctr|élec|elettr|elétr|電動|电动|전기|eバイク|e_바이크|elektr"
)


@lru_cache(maxsize=4096)  # a list of ten years has a dozen words
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
    """Lower case with underscores for whatever divides words: `VirtualRun`, `Trail Run` and `trail-run` are alike.
    Vowel signs and accents are part of their letters."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", unicodedata.normalize("NFC", word.strip()[:200]))
    letters = (c if unicodedata.category(c)[0] in "LMN" else "_" for c in apart.lower())
    return re.sub("_+", "_", "".join(letters)).strip("_")


def _bare(text: str) -> str:
    """Without the accents that Latin and Greek keyboards leave out; those of other scripts make other letters."""
    apart = unicodedata.normalize("NFD", text)
    pairs = zip(apart, f" {apart}", strict=False)
    return unicodedata.normalize(
        "NFC", "".join(c for c, before in pairs if not (unicodedata.combining(c) and before < "\u0400"))
    )


LONG_ENOUGH = 5
"""Letters from which a stem means the same without its accents: `caminao` is a typing error, `lop` another word."""
_LOOKED_FOR = tuple((sport, stem) for sport, stems in _STEMS for stem in stems.split())
_BARE = {stem: _bare(stem) for _, stem in _LOOKED_FOR if len(stem.strip("_")) >= LONG_ENOUGH}


def _sport(text: str) -> str:
    if found := _WHOLE.get(text) or _ALONE.get(text):
        return found
    padded, bare = f"_{text}_", f"_{_bare(text)}_"
    for sport, stem in _LOOKED_FOR:
        if stem in padded or (stem in _BARE and _BARE[stem] in bare):
            return sport
    return next((_WHOLE[part] for part in text.split("_") if part in _WHOLE), "unknown")


def _sub_sport(text: str) -> str | None:
    padded = f"_{text}_"
    return next((name for name, stems in _SUB_SPORTS if any(stem in padded for stem in stems.split())), None)
