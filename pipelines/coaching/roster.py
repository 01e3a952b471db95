"""People from a table: one row a person, with an id or a name and whatever facts are known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from steadymile.pipelines.coaching.tables import rows_of
from steadymile.pipelines.commands.people import doubts_of, drop_unused_default
from steadymile.pipelines.errors import HomeError, Trouble
from steadymile.pipelines.facts import FACT_NAMES
from steadymile.pipelines.home import Home, set_facts, word
from steadymile.pipelines.settings import Settings

IDS = ("id", "athlete_id", "athlete")
NAMES = ("name", "full_name", "vor_und_nachname", "nom_complet", "nombre_completo", "nome_completo", "naam")
FIRST = ("first_name", "given_name", "vorname", "prenom", "nombre", "nome", "voornaam")
LAST = ("last_name", "surname", "family_name", "nachname", "nom", "apellido", "apellidos", "cognome", "sobrenome",
        "achternaam")  # fmt: skip
"""What people call the whole name, and its two parts where a table keeps them apart."""
KNOWN = (*FACT_NAMES, "units")
ALSO = {
    "days": "days_free", "free_days": "days_free", "running_days": "days_free", "training_days": "days_free",
    "born": "birth_year", "year_of_birth": "birth_year", "gender": "sex", "weight": "weight_kg", "height": "height_cm",
    "geburtsjahr": "birth_year", "geschlecht": "sex", "gewicht": "weight_kg", "grosse": "height_cm", "ziel": "goal",
    "lauftage": "days_free", "annee_de_naissance": "birth_year", "sexe": "sex", "poids": "weight_kg",
    "taille": "height_cm", "objectif": "goal", "ano_de_nacimiento": "birth_year", "sexo": "sex", "peso": "weight_kg",
    "altura": "height_cm", "objetivo": "goal", "anno_di_nascita": "birth_year", "sesso": "sex", "altezza": "height_cm",
    "obiettivo": "goal", "ano_de_nascimento": "birth_year", "geboortejaar": "birth_year", "geslacht": "sex",
    "lengte": "height_cm", "doel": "goal",
    "running_so_far": "experience", "so_far": "experience", "running_experience": "experience",
    "days_for_running": "days_free", "days_that_suit_running": "days_free", "days_that_suit": "days_free",
    "time_zone": "timezone", "home_time_zone": "timezone", "distances_in": "units", "what_you_have": "equipment",
}  # fmt: skip
"""Headers that people write for a fact."""


def add_roster(settings: Settings, path: Path, now: datetime | None = None) -> list[str]:
    """Add each person of the table who is not here yet; facts of those who are stay as they are. A row that cannot be
    taken is named with its reason and costs no other. Returns what to say."""
    home = Home(settings.home)
    home.make()
    now = now or datetime.now(UTC)
    there = set(home.stated_athletes())
    added, kept, wrong, unusual = [], [], [], []
    rows = rows_of(path)
    for number, row in enumerate(rows, 2):
        cells = {ALSO.get(word(header), word(header)): value for header, value in row.items() if value}
        name = name_of(cells)
        stated = next((cells[n] for n in IDS if n in cells), "")
        own = stated or word(name)
        if not own:
            wrong.append(f"Row {number}: it has neither an id nor a name.")
        elif own in added:  # nobody's answers may go to somebody else of the same name
            wrong.append(
                f"Row {number}: the table has {'id' if stated else 'name'} {own} twice. Give each person an id."
            )
        elif own in there:
            kept.append(own)
        else:
            try:
                person = set_facts(home, own, facts_of(cells, name), None, create=True)
            except HomeError as error:
                wrong.append(f"Row {number}: {error} {error.what_to_do}")
                continue
            there.add(own)
            added.append(own)
            unusual += [f"Row {number}: {line}" for line in doubts_of(person, cells, None, now)]
    if added:
        drop_unused_default(home)
    if not added and not kept:
        raise Trouble(wrong[0], "A roster has columns like id, name, birth_year, sex, experience, goal.", 2)
    lines = [f"{len(added)} added{': ' + ', '.join(added) if added else ''}."]
    lines += [f"{len(kept)} are here already and stay as they are: {', '.join(kept)}."] if kept else []
    unused = [h for h in rows[0] if ALSO.get(word(h), word(h)) not in (*NAMES, *FIRST, *LAST, *IDS, *KNOWN)]
    lines += [f"Not used: {', '.join(unused)}."] if unused else []
    return [*lines, *wrong, *unusual, f"Their files go into {home.inbox}/ID. It counts from the next nightly."]


def name_of(cells: Mapping[str, str]) -> str:
    """The name that a row gives, whole or in two parts; empty where it gives none."""
    parts = (next((cells[n] for n in names if n in cells), "") for names in (FIRST, LAST))
    return next((cells[n] for n in NAMES if n in cells), "") or " ".join(part for part in parts if part)


def facts_of(cells: Mapping[str, str], name: str) -> dict[str, str]:
    """What a row says of a person."""
    return {**({"name": name} if name else {}), **{k: cells[k] for k in KNOWN if k in cells}}
