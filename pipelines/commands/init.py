"""Making a home, and asking the few facts that matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from steadymile.pipelines.home import (
    ONE_PERSON,
    Home,
    HomeError,
    parse_fact,
    set_facts,
)
from steadymile.pipelines.settings import Settings, at_home

QUESTIONS = (
    ("birth_year", "Year you were born (sharpens the heart-rate estimates)"),
    ("sex", "Sex, female or male (the load formula has two sets of constants)"),
    ("experience", "Running so far: never, walker, active or runner"),
    ("weight_kg", "Weight in kg"),
    ("height_cm", "Height in cm"),
    ("goal", "Goal: walk, mile, 5k, 10k or half"),
    ("days_free", "Days that suit running, like tue,thu,sat"),
    (
        "screening",
        "Do you have a known heart, metabolic or kidney disease, symptoms such as chest pain or fainting, "
        "or are you pregnant? yes or no",
    ),
)


def init_home(settings: Settings, given: Mapping[str, str], *, ask: bool, prompt: Callable[..., str]) -> list[str]:
    """Make the home and write the facts given or asked for; returns what to tell."""
    home = Home(settings.home)
    fresh = not home.athletes_file.exists()
    home.make()
    athletes = home.athletes()
    who = next(iter(athletes))
    answers = {k: v for k, v in given.items() if v}
    if ask and fresh:
        for name, question in QUESTIONS:
            if name not in answers and (answer := ask_fact(name, question, prompt)):
                answers[name] = answer
    if answers:
        set_facts(home, who, answers, None)
    then = f"steadymile nightly{at_home(home.root)}"
    lines = [
        f"Your home folder is {home.root}.",
        f"Drop your watch's files (FIT, GPX, TCX, zip) into {home.inbox}, then run: {then}",
    ]
    if answers.get("screening") in ("yes", "true"):
        lines.append(
            "Please ask a doctor before you start to run. Until then steadymile plans walks; "
            f"`steadymile athlete set cleared=yes{at_home(home.root)}` tells it that the doctor agreed."
        )
    return lines


def ask_fact(name: str, question: str, prompt: Callable[..., str]) -> str | None:
    """Ask until the answer is right or skipped with Enter."""
    asked = f"{question} [Enter skips]"
    while True:
        answer = str(prompt(asked, default="", show_default=False)).strip()
        if not answer:
            return None
        try:
            parse_fact(name, answer, ONE_PERSON)
        except HomeError as error:
            asked = f"{str(error).replace(f'{name} of {ONE_PERSON}', 'That')}\n{question} [Enter skips]"
        else:
            return answer
