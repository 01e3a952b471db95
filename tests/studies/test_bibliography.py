"""Every publication that a page, a metric card or a model cites has its reference in docs/bibliography.md."""

from __future__ import annotations

import re
import unicodedata
from calendar import month_name
from pathlib import Path

import pytest
from steadymile.models.metrics.found import CATALOGUE

ROOT = Path(__file__).parent.parent.parent
BIBLIOGRAPHY = ROOT / "docs" / "bibliography.md"
CITED = re.compile(
    r"(?P<author>\b[^\W\d_][\w'’-]*)(?:,? (?:and|&) [^\W\d_][\w-]+| et al\.?)?,? \(?(?P<year>(?:19|20)\d\d)\b(?!-\d)"
)
NO_AUTHOR = {
    *(name.lower() for name in month_name),
    *("nov", "in", "from", "since", "of", "the", "until", "by", "and", "to", "on", "before", "after", "garmin"),
}
"""Words that stand before a year and are no author: months, prepositions, a device's year of make."""


def plain(name: str) -> str:
    """A surname without accents and in small letters: Videbæk and Videbaek are one."""
    spread = unicodedata.normalize("NFKD", name.replace("æ", "ae").replace("ø", "o").removesuffix("'s").rstrip("'’"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).lower()


def citations(text: str) -> set[tuple[str, str]]:
    """Author and year of every citation: a capitalised name, an optional second author, a year."""
    found = ((plain(m["author"]), m["year"]) for m in CITED.finditer(re.sub(r"\s+", " ", text)) if m[0][0].isupper())
    return {(author, year) for author, year in found if author not in NO_AUTHOR}


def referenced() -> set[tuple[str, str]]:
    """Author and year of every entry: what stands in bold at the head of a list item."""
    heads = re.findall(r"^- \*\*(.+?)\*\*", BIBLIOGRAPHY.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {citation for head in heads for citation in citations(head)}


def citing() -> dict[str, str]:
    """The text of every page, card and model that may cite, by name."""
    pages = [
        ROOT / "docs" / "science.md",
        ROOT / "docs" / "policy.md",
        *sorted((ROOT / "docs" / "results").glob("*.md")),
    ]
    files = [*pages, *sorted((ROOT / "models").rglob("*.py"))]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}
    return texts | {"metric cards": "\n".join(card.source for card in CATALOGUE.values())}


def test_every_cited_publication_has_its_reference() -> None:
    known = referenced()
    missing = {name: sorted(citations(text) - known) for name, text in citing().items() if citations(text) - known}
    assert not missing, f"add these to docs/bibliography.md: {missing}"


def test_every_reference_is_cited_somewhere() -> None:
    cited = set().union(*(citations(text) for text in citing().values()))
    assert not referenced() - cited, "no page or model cites these any more"


def test_every_reference_has_an_address() -> None:
    entries = [line for line in BIBLIOGRAPHY.read_text(encoding="utf-8").splitlines() if line.startswith("- **")]
    assert entries
    assert [entry for entry in entries if "https://" not in entry] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("limits follow Frandsen 2025.", ("frandsen", "2025")),
        ("Edwards' (1993) five zones", ("edwards", "1993")),
        ("slopes (Minetti et al., 2002)", ("minetti", "2002")),
        ("Daniels and Gilbert, 1979", ("daniels", "1979")),
        ("(Thomeé 1997)", ("thomee", "1997")),
        ("van der Worp 2015", ("worp", "2015")),
    ],
)
def test_a_citation_is_recognised_in_each_of_its_forms(text: str, expected: tuple[str, str]) -> None:
    assert expected in citations(text)


def test_a_date_is_no_citation() -> None:
    assert citations("on 25 November 2026, in June 2024, `date FILE 2026-11-25T18:00`") == set()
