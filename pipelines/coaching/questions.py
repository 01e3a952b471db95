"""Questions as forms put them, in English, German, French, Spanish, Italian, Portuguese and Dutch."""

from __future__ import annotations

import re
from collections.abc import Sequence

RAN = r"(run|ran|jog\w*|gelaufen|gejoggt|gerannt|cour[ui]\w*|corr\w+|corso|hardgelopen|gerend)"
WALKED = r"(walk\w*|gegangen|spazier\w*|march\w+|camin\w+|cammin\w+|gewandeld)"

ASKED: Sequence[tuple[str, str]] = (
    ("pain_next_morning", r"\bnext morning\b|\bmorgen (danach|darauf)\b|nachsten morgen|\blendemain\b"),
    ("pain_next_morning", r"\bmanana siguiente\b|\bmattina (dopo|seguente)\b|\bmanha seguinte\b|\bvolgende ochtend\b"),
    ("pain_place", r"\bwhere\b|^wo\b|^ou\b|\bdonde\b|\bdove\b|\bonde\b|\bwaar\b"),
    ("soreness", r"muskelkater|\bcourbatur|\bagujetas|\bdor muscular|\bindolenzi|\bspierpijn"),
    ("pain", r"\bpain\b|\bhurt|schmerz|\bweh\b|\bdouleur|\bavez vous mal\b|\bas tu (eu )?mal\b"),
    ("pain", r"\bdolor|\bduele|\bfa(tto)? male\b|\bdor(es)?\b|\bdoeu\b|\bpijn"),
    ("rpe", r"\brpe\b|\bhow hard\b|\beffort\b|anstreng|\bwie hart\b|\bdifficile\b"),
    ("rpe", r"\besfuerzo|\bduro\b|\bsforzo|\bfaticos|\besforco|\binspanning|\bhoe zwaar\b"),
    ("talk_test", r"\btalk\b|\bsentences\b|\bsatzen\b|\bsprechen\b|\bphrases\b|\bparler\b"),
    ("talk_test", r"\bfrases\b|\bhablar\b|\bfrasi\b|\bparlare\b|\bfalar\b|\bzinnen\b|\bpraten\b"),
    ("sleep_quality", r"\bsleep quality\b"),
    ("sleep_h", r"\bhours\b.*\bsleep\b|\bsleep\b.*\bhours\b|\bstunden\b.*(schlaf|schlief)|\bheures\b.*(dormi|sommeil)"),
    ("sleep_h", r"\bhoras\b.*(dormi|durm|sueno|sono)|\bore\b.*(dormi|sonno)|\buren\b.*(slaap|slapen)"),
    ("soreness", r"\bsore"),
    ("fatigue", r"\btired\b|\bfatigue|\bmude\b|\bmudigkeit|erschopf|\bcansa(d|n|c)|\bstanc|\bvermoeid|\bmoe\b"),
    ("stress", r"\bstress|\bestres"),
    ("red_flag", r"\bwarning sign\b|\bwarnzeichen|\balarmzeichen|\bsignes? d alerte|\bsenal(es)? de alarma"),
    ("red_flag", r"\bsegnal[ei] d|\bsina(l|is) de alerta|\bwaarschuwing"),
    ("ill", r"\bill\b|\bsick\b|\bkrank|\bmalade|\benferm|\bmalat|\bdoente|\bziek"),
    ("run_min", rf"\bminut\w*\b.*\b{RAN}\b|\b{RAN}\b.*\bminut"),
    ("walk_min", rf"\bminut\w*\b.*\b{WALKED}\b|\b{WALKED}\b.*\bminut"),
    ("note", r"\bnote|\bcomment|\bquestion|\bremark|\bmessage|\banything (else|more)\b|\btell (me|us|your coach)\b"),
    ("note", r"\bnotiz|\bbemerk|\banmerk|\bkommentar|\bfragen?\b|\bnachricht|\bsonst noch\b|\bremarque"),
    ("note", r"\bcomentario|\bpregunta|\bmensaje|\bosserva|\bdomand|\bmessaggi|\bpergunta|\bmensage|\bobservac"),
    ("note", r"\bopmerking|\bvra(ag|gen)\b|\bbericht"),
    ("note", r"\banything\b|\btell\b|\bask\b|\bmitteilen\b|\bsagen\b|\bdire\b|\bsignaler\b|\braccontare\b"),
    ("note", r"\bdecir\w*\b|\bcontar\w*\b|\bdizer\b|\bvertellen\b|\bzeggen\b"),
)
"""Answers with the words that ask for them, without accents; the first that fits counts. How well somebody slept is
asked in English only: elsewhere a larger number may be the better night."""


def asked_for(question: str) -> str | None:
    """The answer that a question asks for; `question` in lower case, without accents and marks."""
    return next((name for name, words in ASKED if re.search(words, question)), None)
