"""The documentation says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from steadymile.studies.reference_docs import metrics_page, pages

ROOT = Path(__file__).resolve().parents[2]
PAGES = [str(p.relative_to(ROOT / "docs")) for p in sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize(
    "name", ["reference/metrics.md", "reference/policy.md", "reference/schema.md", "reference/words.md"]
)
def test_a_generated_page_is_up_to_date(name):
    assert (ROOT / "docs" / name).read_text() == pages(ROOT / "docs")[name], "run: make docs"


def test_every_metric_card_says_what_it_cannot_tell():
    rows = [line for line in metrics_page().splitlines() if line.startswith("| `")]
    assert len(rows) > 20
    assert [row for row in rows if any(not cell.strip() for cell in row.split("|")[1:6])] == []


@pytest.mark.parametrize("page", [*PAGES, "../README.md", "../CONTRIBUTING.md"])
def test_links_between_pages_lead_somewhere(page):
    text = (ROOT / "docs" / page).read_text()
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t and not t.startswith("#")]
    base = (ROOT / "docs" / page).parent
    assert [t for t in targets if t and not (base / t).exists()] == []


def test_the_index_names_every_page():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert [page for page in PAGES if page != "index.md" and f"]({page})" not in index] == []
