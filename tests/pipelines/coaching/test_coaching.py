"""A coach brings a roster and a form's answers in, and hands one zip to each athlete."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime

import pytest
from steadymile.pipelines.coaching.bundle import bundles
from steadymile.pipelines.coaching.forms import field_of, take_answers
from steadymile.pipelines.coaching.roster import add_roster
from steadymile.pipelines.commands.log import log_checkin
from steadymile.pipelines.commands.people import athlete_command
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home, called
from steadymile.pipelines.published import choose

from tests.pipelines.conftest import settings_of

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)

ROSTER = "Name;ID;Birth year;Goal\nAnna Berg;anna;1985;mile\nBen Orr;ben;;5k\nCem;;1890;mile\n"
GOOGLE = (
    '"Timestamp","Your name","How hard was it? (0-10)","Did it hurt? (0-10)","Where does it hurt?","Shoe"\n'
    '"11/25/2026 18:02:11","Anna Berg","4","2","left knee","blue"\n'
    '"11/26/2026 07:15:00","ben","6","0","",""\n"11/26/2026 09:00:00","Zoe","3","1","",""\n'
)
MICROSOFT = (
    "ID,Start time,Completion time,Email,Name,Minutes you ran,Effort\n"
    "1,11/25/26 8:00:00,11/25/2026 8:01:00,x@example.org,Anna Berg,12,4\n"
)


def table(place, text, name="table.csv"):
    path = place / name
    path.write_text(text, encoding="utf-8-sig")
    return path


@pytest.fixture
def club(tmp_path):
    add_roster(settings_of(tmp_path / "home"), table(tmp_path, ROSTER))
    return tmp_path / "home"


def test_a_roster_adds_who_is_new_and_names_the_row_that_is_wrong(tmp_path):
    path, settings = table(tmp_path, ROSTER), settings_of(tmp_path / "home")
    lines = add_roster(settings, path)
    assert lines[0] == "2 added: anna, ben."
    assert any(line.startswith("Row 4: birth_year of cem is 1890.") for line in lines)
    people = Home(tmp_path / "home").athletes()
    assert {i: (a.name, a.base.birth_year, a.base.goal) for i, a in people.items()} == {
        "anna": ("Anna Berg", 1985, "mile"),
        "ben": ("Ben Orr", None, "5k"),
    }
    assert "2 are here already" in add_roster(settings, path)[1]


def test_a_pause_and_a_new_name_are_given_by_first_name_and_change_nothing_else(club):
    settings = settings_of(club)
    before = Home(club).athletes()["anna"].base
    assert (
        "Anna Berg is paused until Thursday, 2026-12-10"
        in athlete_command(settings, "pause", ["anna", "until", "2026-12-10"], None, NOW).lines[0]
    )
    athlete_command(settings, "rename", ["Anna", "Anna", "Bell"], None)
    anna = Home(club).athletes()["anna"]
    assert (anna.name, anna.base.paused_until) == ("Anna Bell", date(2026, 12, 10))
    athlete_command(settings, "resume", ["anna bell"], None)
    assert Home(club).athletes()["anna"].base == before


@pytest.mark.parametrize("words", [["Zoe", "2026-12-10"], ["anna"], []])
def test_a_pause_of_nobody_or_without_a_day_is_refused(club, words):
    with pytest.raises(Trouble):
        athlete_command(settings_of(club), "pause", words, None)


def test_two_people_of_one_name_need_ids_of_their_own(tmp_path):
    lines = add_roster(settings_of(tmp_path / "home"), table(tmp_path, "name,goal\nAnna Bell,mile\nAnna Bell,5k\n"))
    assert "Row 3: the table has name anna_bell twice. Give each person an id." in lines


def test_the_answers_of_a_google_form_reach_their_people_and_strangers_are_named(club, tmp_path):
    lines = take_answers(settings_of(club), table(tmp_path, GOOGLE))
    (anna,), (ben,) = (list((club / "inbox" / i).glob("form-*.csv")) for i in ("anna", "ben"))
    assert anna.read_text() == "date,rpe,pain,pain_place\n2026-11-25,4,2,left knee\n"
    assert ben.read_text() == "date,rpe,pain,pain_place\n2026-11-26,6,0,\n"
    assert lines[-2:] == [
        "Not used: Shoe.",
        "Nobody here is called: Zoe. Correct the names and take the table again.",
    ]


def test_taking_the_same_answers_again_adds_no_file(club, tmp_path):
    for _ in range(2):
        take_answers(settings_of(club), table(tmp_path, GOOGLE))
    assert len(list((club / "inbox").rglob("form-*.csv"))) == 2


def test_a_microsoft_form_is_read_by_its_own_columns(club, tmp_path):
    take_answers(settings_of(club), table(tmp_path, MICROSOFT))
    (anna,) = (club / "inbox" / "anna").glob("form-*.csv")
    assert anna.read_text() == "date,run_min,rpe\n2026-11-25,12,4\n"


def test_a_table_without_names_or_answers_is_refused_with_its_columns(club, tmp_path):
    with pytest.raises(Trouble, match="no column with the name"):
        take_answers(settings_of(club), table(tmp_path, "Timestamp,Effort\n2026-11-25,4\n"))
    with pytest.raises(Trouble, match="no column with an answer"):
        take_answers(settings_of(club), table(tmp_path, "Timestamp,Your name,Shoe\n2026-11-25,anna,blue\n"))


@pytest.mark.parametrize(
    ("header", "field"),
    [("RPE", "rpe"), ("Pain the next morning", "pain_next_morning"), ("Could you talk in full sentences?", "talk_test"),
     ("Any warning sign?", "red_flag"), ("Favourite shoe", None), ("Name", None)],
)  # fmt: skip
def test_questions_are_known_by_what_they_ask(header, field):
    assert field_of(header) == field


def test_a_first_name_that_two_people_share_is_nobody_s(club, tmp_path):
    add_roster(settings_of(club), table(tmp_path, "id,name\nab2,Anna Bell\n"))
    people = called(Home(club).athletes())
    assert people["anna"] == "anna"  # her id
    assert (people["anna_bell"], people.get("ben")) == ("ab2", "ben")


@pytest.mark.parametrize(
    ("header", "field"),
    [("Wie anstrengend war es (0-10)?", "rpe"), ("Hast du Schmerzen?", "pain"), ("Wo tut es weh?", "pain_place"),
     ("Hattest du Muskelkater?", "soreness"), ("Konntest du in ganzen Sätzen sprechen?", "talk_test"),
     ("Minuten gelaufen", "run_min"), ("Où as-tu mal ?", "pain_place"), ("As-tu eu mal ?", "pain"),
     ("Combien de minutes as-tu couru ?", "run_min"), ("¿Te duele algo?", "pain"), ("¿Dónde?", "pain_place"),
     ("Quante ore hai dormito?", "sleep_h"), ("Sei stanco?", "fatigue"), ("Está doente?", "ill"),
     ("Hoe zwaar was het?", "rpe"), ("Heb je een vraag?", "note"), ("Heb je spierpijn?", "soreness"),
     ("Lieblingsschuh", None), ("Wie gut hast du geschlafen?", None), ("E-Mail-Adresse", None)],
)  # fmt: skip
def test_questions_are_known_in_other_languages(header, field):
    assert field_of(header) == field


GERMAN = (
    "Zeitstempel;Wie heißt du?;Wann bist du geboren?;Wie anstrengend, von 0 bis 10?;Schmerzen, 0 bis 10?;Bemerkung\n"
    '28.11.2026 18:22:10;Anna Berg;1.2.1985;4;2;"Knie; links"\n29.11.2026 08:01:00;ben;3.4.1990;3,5;0;\n'
)


@pytest.mark.parametrize("renamed", [("Zeitstempel", "Zeitstempel"), ("Zeitstempel", "Abgeschickt")])
def test_day_and_person_are_found_by_what_the_cells_hold(club, tmp_path, renamed):
    lines = take_answers(settings_of(club), table(tmp_path, GERMAN.replace(*renamed)))
    (anna,), (ben,) = (list((club / "inbox" / i).glob("form-*.csv")) for i in ("anna", "ben"))
    assert anna.read_text() == "date,rpe,pain,note\n2026-11-28,4,2,Knie; links\n"
    assert ben.read_text() == 'date,rpe,pain,note\n2026-11-29,"3,5",0,\n'
    assert "Not used: Wann bist du geboren?." in lines


def test_of_two_columns_of_one_name_the_one_that_says_something_counts(club, tmp_path):
    take_answers(settings_of(club), table(tmp_path, "Timestamp,Name,Effort,Effort\n2026-11-25,anna,4,\n"))
    (anna,) = (club / "inbox" / "anna").glob("form-*.csv")
    assert anna.read_text() == "date,rpe\n2026-11-25,4\n"


def test_a_roster_of_a_german_spreadsheet_joins_first_and_last_names(tmp_path):
    settings = settings_of(tmp_path / "home")
    text = "sep=;\nVorname;Nachname;Geburtsjahr;Geschlecht;Gewicht\nAnna;Müller;1988;w;61,5\nAnna;Weiß;1971;weiblich;\n"
    add_roster(settings, table(tmp_path, text))
    people = Home(settings.home).athletes()
    assert {i: (a.name, a.base.birth_year, a.base.sex, a.base.weight_kg) for i, a in people.items()} == {
        "anna_muller": ("Anna Müller", 1988, "female", 61.5),
        "anna_weiss": ("Anna Weiß", 1971, "female", None),
    }


@pytest.mark.parametrize(
    "asked",
    [
        "Anything you want to tell or ask your coach?", "Möchtest du mir etwas sagen?", "Anything else?", "Remarks",
        "Message to your coach", "What would you tell us?",
    ],
)  # fmt: skip
def test_what_people_write_freely_is_a_note(asked):
    assert field_of(asked) == "note"


def test_a_roster_takes_the_headers_that_people_write_and_names_those_it_cannot_use(tmp_path):
    settings = settings_of(tmp_path / "home")
    lines = add_roster(settings, table(tmp_path, 'Name,Born,Days,E-mail\nAnna,1988,"Tue, Thu",a@example.org\n'))
    facts = Home(settings.home).athletes()["anna"].base
    assert (facts.birth_year, facts.days_free) == (1988, (2, 4))
    assert "Not used: E-mail." in lines


def test_each_athlete_s_zip_holds_their_own_things_only(club, tmp_path):
    home = Home(club)
    for athlete in ("anna", "ben"):
        home.reports.mkdir(parents=True, exist_ok=True)
        home.calendar.mkdir(exist_ok=True)
        (home.workouts / athlete).mkdir(parents=True)
        (home.reports / f"{athlete}.html").write_text(athlete)
        (home.calendar / f"{athlete}.ics").write_text(athlete)
        (home.workouts / athlete / "2026-W48-2-tue-run.fit").write_bytes(athlete.encode())
    (home.reports / "coach.html").write_text("all")
    bundles(settings_of(club), tmp_path / "out", NOW)
    with zipfile.ZipFile(tmp_path / "out" / "ben.zip") as packed:
        assert packed.namelist() == ["READ-ME.txt", "ben.ics", "ben.html", "workouts/2026-W48-2-tue-run.fit"]
        assert {packed.read(name) for name in packed.namelist()[1:]} == {b"ben"}
        told = packed.read("READ-ME.txt").decode()
    assert [line.partition(":")[0] for line in told.split("\r\n")[2:-3]] == ["ben.html", "ben.ics", "workouts/"]
    assert "do not run, and ask a doctor" in told


def test_workouts_and_sounds_of_a_week_that_is_over_are_not_handed_on(club, tmp_path):
    home = Home(club)
    for week in ("2026-W47-6-sat-run", "2026-W48-2-tue-run"):
        for place, kind in ((home.workouts, "fit"), (club / "audio", "wav")):
            (place / "ben").mkdir(parents=True, exist_ok=True)
            (place / "ben" / f"{week}.{kind}").write_bytes(b"ben")
    lines = bundles(settings_of(club), tmp_path / "out", NOW)
    assert lines[0].startswith("ben: 2 workouts of a week that is over left out.")
    with zipfile.ZipFile(tmp_path / "out" / "ben.zip") as packed:
        assert sorted(packed.namelist()) == [
            "READ-ME.txt", "audio/2026-W48-2-tue-run.wav", "workouts/2026-W48-2-tue-run.fit",
        ]  # fmt: skip


def test_without_pages_there_is_nothing_to_hand_out(club, tmp_path):
    with pytest.raises(Trouble, match="no pages yet"):
        bundles(settings_of(club), tmp_path / "out", NOW)


def test_a_pause_that_is_over_is_refused_with_a_day_that_is_not(club):
    with pytest.raises(Trouble, match="2026-06-30 is over"):
        athlete_command(settings_of(club), "pause", ["anna", "2026-06-30"], None, datetime(2026, 7, 1, 12, tzinfo=UTC))


def test_a_roster_asks_about_what_is_unusual_and_takes_it(tmp_path):
    lines = add_roster(settings_of(tmp_path / "home"), table(tmp_path, "name,weight\nAnna,168\nBen,80\n"))
    (asked,) = [line for line in lines if line.startswith("Row")]
    assert asked.startswith("Row 2: 168 kg would be unusual")
    assert Home(tmp_path / "home").athletes()["anna"].base.weight_kg == 168


def test_a_roster_takes_the_questions_that_the_app_asks(tmp_path):
    text = "Name,Running so far,Home time zone\nAnna Berg,walker,Europe/Berlin\n"
    lines = add_roster(settings_of(tmp_path / "home"), table(tmp_path, text))
    base = Home(tmp_path / "home").athletes()["anna_berg"].base
    assert (base.experience, base.timezone) == ("walker", "Europe/Berlin")
    assert not any(line.startswith("Not used") for line in lines)


def test_an_answer_that_no_night_can_read_is_named_when_the_table_is_taken(club, tmp_path):
    text = "Timestamp,Your name,Effort,Pain\n2026-11-25,anna,5 - hard,two\n2026-11-26,ben,4,0\n"
    lines = take_answers(settings_of(club), table(tmp_path, text))
    assert lines[-2:] == [
        "Row 2, anna: pain is a number 0 to 10, not “two”.",
        "Correct these answers in the table and take it again.",
    ]


def test_everybody_is_found_by_id_name_or_first_name_where_it_is_one_person(club):
    settings, now = settings_of(club), datetime(2026, 11, 26, 12, tzinfo=UTC)
    said = [log_checkin(settings, who, ["rpe=4"], None, None, now)[0] for who in ("anna", "Anna Berg", "ANNA")]
    assert said == ["Noted for Anna Berg, Thursday, 2026-11-26: effort (0-10) 4."] * 3
    add_roster(settings, table(club, "id,name\nab2,Ben Bell\nab3,Cem Orr\n"))
    assert choose(Home(club), "cem").athlete_id == "ab3"
    assert choose(Home(club), "ben").athlete_id == "ben"
    add_roster(settings, table(club, "id,name\nab4,Cem Ito\n"))
    with pytest.raises(Trouble, match="Several are called cem: ab3, ab4"):
        choose(Home(club), "cem")


def test_a_name_that_is_the_id_of_one_and_the_first_name_of_another_is_asked_about(club):
    add_roster(settings_of(club), table(club, "id,name\nab2,Anna Ito\n"))
    with pytest.raises(Trouble, match="Several are called Anna: ab2, anna"):
        choose(Home(club), "Anna")
    assert [choose(Home(club), who).athlete_id for who in ("anna", "Anna Ito")] == ["anna", "ab2"]
    assert called(Home(club).athletes())["anna"] == "anna"


def test_two_ids_that_read_alike_are_nobody_by_another_spelling(club):
    add_roster(settings_of(club), table(club, "id,name\nx-y,Uma Orr\nx_y,Vic Orr\n"))
    with pytest.raises(Trouble, match="Several are called x y: x-y, x_y"):
        choose(Home(club), "x y")
    assert choose(Home(club), "x-y").athlete_id == "x-y"
    assert "x_y" not in called(Home(club).athletes())
