"""Yes and no in many languages, and whether somebody says that they are ill."""

from __future__ import annotations

import re
from collections.abc import Mapping

from steadymile.ingest.checkins.months import plain

YES = frozenset({
    "yes", "y", "ja", "oui", "si", "sim", "true", "1", "jo", "tak", "ano", "igen", "kylla", "evet",
    "da", "да", "так", "ναι", "はい", "是",
})  # fmt: skip
NO = frozenset({
    "no", "n", "nein", "non", "nao", "nee", "false", "0", "nope", "never", "nothing",
    "nichts", "rien", "nada", "niente", "nej", "nei", "nie", "ne", "nem", "nu", "ei", "hayır", "hayir", "нет", "ні",
    "не", "οχι", "いいえ", "否", "没有",
})  # fmt: skip
"""A plain answer to whatever asks yes or no, in every field and fact."""
AS_WELL: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "ill": (frozenset({"x"}), frozenset({"well", "healthy", "gesund"})),
    "cleared": (frozenset({"x", "cleared"}), frozenset()),
    "red_flag": (frozenset({"x"}), frozenset({"well", "healthy", "gesund"})),
}
"""What is a yes or a no to one question alone: a box that was ticked, or the answer in a word of its own."""
SICK = frozenset({"ill", "sick", "unwell", "krank", "malade", "enfermo", "malato", "doente", "ziek"})
ILLNESSES = frozenset({
    "fever", "feverish", "flu", "influenza", "cold", "headcold", "covid", "corona", "infection", "cough", "coughing",
    "sniffles", "bronchitis", "stomach_bug", "sore_throat", "fieber", "erkaltung", "erkaltet", "grippe", "infekt",
    "husten", "schnupfen", "halsschmerzen", "fievre", "rhume", "toux", "fiebre", "gripe", "resfriado", "catarro", "tos",
    "febbre", "raffreddore", "tosse", "febre", "gripado", "constipado", "koorts", "griep", "verkouden", "hoesten",
})  # fmt: skip
"""What people name when they are asked whether they are ill: it is a yes."""
GOOD_WORDS = frozenset({
    "ok", "okay", "fine", "good", "great", "fit", "better", "recovered", "gut", "bien", "bene", "bem", "goed", "well",
    "wohl", "healthy", "gesund",
})  # fmt: skip
"""No plain answer to whether somebody is ill, and no illness either, unless they are denied: `not well`."""
NEGATIONS = frozenset({"no", "not", "nicht", "kein", "keine", "keinen", "pas", "sin", "senza", "sem", "geen", "niet"})
_BESIDE_NO = frozenset({
    "at", "all", "really", "longer", "more", "anymore", "yet", "today", "now", "bad", "problem", "problems", "symptoms",
    "mehr", "heute", "schlecht", "schlimm", "probleme", "symptome", "plus", "du", "tout", "mal", "problemas",
})  # fmt: skip
"""What leaves a no a no: `not really`, `no problem`, `nicht schlecht`."""
_UNSURE = frozenset({"sure", "know", "sicher", "weiss", "seguro", "sicuro", "sur", "sais"})


def yes_or_no(text: str, key: str = "") -> bool | None:
    """Whether a text says yes or no, in whatever language; `key` the question, which may know further words. None
    where it says neither."""
    word = re.sub(r"[\W_]+", "_", plain(text)).strip("_")
    yes, no = AS_WELL.get(key, (frozenset(), frozenset()))
    return True if word in YES | yes else False if word in NO | no else None


_CLAUSES = re.compile(r"[,.;:!?()/]+|\b(?:but|aber|mais|pero|mas|maar)\b")


def illness(text: str) -> bool | None:
    """Whether more than one word says that somebody is ill, None where they do not say. One clause that says it is
    enough: a no before it denies its own clause alone."""
    clauses = [words for clause in _CLAUSES.split(plain(text)) if (words := re.findall(r"[^\W_]+", clause))]
    answers = [_clause(words) for words in clauses]
    if True in answers:
        return True
    unwell = any(set(words) & NEGATIONS and set(words) & (GOOD_WORDS | _UNSURE) for words in clauses)
    return False if False in answers and not unwell else None


def _clause(words: list[str]) -> bool | None:
    joined = "_".join(words)
    named = [n for n, one in enumerate(words) if one in ILLNESSES or one in SICK]
    named += [joined[: joined.index(two)].count("_") for two in ILLNESSES if "_" in two and two in joined]
    denials = [n for n, one in enumerate(words) if one in NEGATIONS or (n == 0 and one in NO)]
    if denials and set(words) & _UNSURE:
        return None
    if named:
        return len(named) > len(denials) or min(denials) > min(named)
    if not denials or denials[0] > 0:
        return True if set(words) & YES else None
    return False if set(words[1:]) <= _BESIDE_NO else None


def means_illness(text: str) -> bool:
    """Whether an answer to `ill` that is not understood is to count as illness: a word, and none of feeling well that
    is not denied."""
    words = set(re.split(r"[\W_\d]+", plain(text))) - {""}
    return bool(words) and (not words & GOOD_WORDS or bool(words & NEGATIONS))
