"""Writes the generated pages: docs/metrics.md from the cards, docs/schema.md from the comments of the views."""

from __future__ import annotations

from pathlib import Path

EVIDENCE = {"strong": "strong", "moderate": "moderate", "weak": "weak", "practice": "practice only"}


def metrics_page() -> str:
    """docs/metrics.md: one row a metric, told to a runner."""
    import models.metrics  # noqa: F401  (importing it fills the catalogue)
    from models.metric import CATALOGUE

    lines = [
        "# Metrics",
        "",
        "Every number that steadymile computes for an activity, as the views `metrics` and `metric_cards` hold it. "
        "Generated from the cards in `models/metrics/`. Where a number cannot be had, its row holds the reason.",
        "",
        "| metric | unit | what it means | what it can't tell | evidence | adds up | source | definition |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for card in sorted(CATALOGUE.values(), key=lambda c: (c.stage, c.name)):
        cells = [
            f"`{card.name}`",
            card.unit,
            card.meaning,
            card.cannot_tell,
            EVIDENCE.get(card.evidence, card.evidence),
            card.adds_up,
            card.source,
            str(card.definition),
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def write(docs: Path) -> list[Path]:
    """Write every generated page below `docs`; returns what was written."""
    from warehouse.schema_doc import render

    pages = {"metrics.md": metrics_page(), "schema.md": render()}
    for name, text in pages.items():
        (docs / name).write_text(text, encoding="utf-8")
    return [docs / name for name in pages]


if __name__ == "__main__":
    write(Path(__file__).resolve().parent.parent / "docs")
