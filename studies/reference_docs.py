"""Writes the generated pages: metrics from their cards, the policy's state, numbers and rules from their tables, schema
from the views' comments, the names in words.md."""

from __future__ import annotations

from pathlib import Path

from steadymile.models.metrics.found import CATALOGUE
from steadymile.models.policy.parameters import IN_FORCE, sources
from steadymile.models.policy.rules.found import RULES
from steadymile.models.policy.state import StateArrays, signals
from steadymile.models.recording import BOUTS, LAPS, SAMPLES, Flag
from steadymile.models.spelled import Spelled
from steadymile.pipelines.cli.table import WHERE
from steadymile.warehouse.queries import VIEWS
from steadymile.warehouse.schema_doc import current

EVIDENCE = {"strong": "strong", "moderate": "moderate", "weak": "weak", "practice": "practice only"}
STAGES = {"file": "From the recording alone", "person": "From the recording and what is known of you"}


def metrics_page() -> str:
    """docs/reference/metrics.md: one row a metric, for a runner."""

    lines = [
        "# Metrics",
        "",
        "Every number that steadymile computes for an activity, as the views `metrics` and `metric_cards` hold it. "
        "Generated from the cards in `models/metrics/`. Where a number cannot be had, its row holds the reason.",
        "",
        "How sure: `strong`, measured or well tested; `moderate`, supported, with errors that are known; `weak`, thin "
        "or disputed; `practice only`, a convention or this project's own choice. A single value may also bring its "
        "standard deviation (`sd`) and what it comes from (`source`). Adds up: how several become one, over a week "
        "say; `none` where no sum or mean of them means anything. au are arbitrary units, of use beside each other. "
        "The definition grows whenever the number could change.",
    ]
    for stage, title in STAGES.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| metric | unit | what it means | what it can't tell | how sure | adds up | how | definition |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for card in sorted((c for c in CATALOGUE.values() if c.stage == stage), key=lambda c: c.name):
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
            lines.append(_row(*cells))
    return "\n".join(lines) + "\n"


WORSE = {1: "higher", -1: "lower"}


def policy_page() -> str:
    """docs/reference/policy.md: what the policy sees, the numbers it decides by, and its rules."""
    version, said = IN_FORCE.version, Spelled(IN_FORCE)
    lines = [
        "# The policy's tables",
        "",
        "Generated from `models/policy/state.py`, `models/policy/parameters.py` and `models/policy/rules/`. How "
        "they work together: [policy.md](../policy.md).",
        "",
        "## State",
        "",
        "What is known of a runner when a week is planned. Default: what counts where nothing is known. Worse: the "
        "direction in which a target may only fall; where there is none, the reason. Remembered: carried from week to "
        "week; everything else is computed from the sessions and answers each time.",
        "",
        "| field | default | unit | what it means | worse | remembered |",
        "|---|---|---|---|---|---|",
        *(
            _row(
                f"`{f.name}`",
                f.default,
                f.unit,
                f.meaning.format(p=said),
                WORSE.get(f.worse, f.why),
                "yes" if f.remembered else "",
            )
            for f in signals(StateArrays).values()
        ),
        "",
        "## Numbers",
        "",
        f"Of version {version}. A number of `inf` switches its rule off. How sure: as for metrics.",
        "",
        "| group | number | value | unit | how sure | source |",
        "|---|---|---|---|---|---|",
        *(
            _row(n.group, f"`{n.name}`", _plain(n.value), n.unit, EVIDENCE[n.evidence], n.source)
            for n in sources(IN_FORCE)
        ),
        "",
        "## Rules",
        "",
        "The week is the lowest of what they ask for. In braces stand the observed value, the threshold that it is "
        "held against, and what is missing to it.",
        "",
        "| rule | what it does | what it says | looks at | how sure | what would change it |",
        "|---|---|---|---|---|---|",
        *(
            _row(
                f"`{r.id}`",
                " ".join((r.effect.__doc__ or "").split()),
                _filled(r.says),
                _filled(r.window),
                EVIDENCE[r.evidence],
                _filled(r.change),
            )
            for r in RULES
        ),
    ]
    return "\n".join(lines) + "\n"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


class _Open(str):
    """What is only known of a person, by its name in braces whatever its format."""

    def __format__(self, spec: str) -> str:
        return "{" + str(self) + "}"


def _filled(words: str) -> str:
    """A rule's words with the numbers of the version in force."""
    names = ("observed", "threshold", "missing")
    return words.format(p=Spelled(IN_FORCE), **{name: _Open(name) for name in names})


def _plain(value: object) -> str:
    """A number, or several, as people write them."""
    if isinstance(value, tuple):
        return ", ".join(_plain(x) for x in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


MARK = "<!-- generated: names -->"


def names_page(words: str) -> str:
    """docs/reference/words.md with its names written again below the mark: samples, metrics, views, commands."""

    groups = {
        "Columns of a sample": list(SAMPLES),
        "Flags of a sample": [flag.name.lower() for flag in Flag if flag.name],
        "Columns of a lap": list(LAPS),
        "Columns of a bout": list(BOUTS),
        "Metrics ([metrics.md](metrics.md))": sorted(CATALOGUE),
        "Views ([schema.md](schema.md))": list(VIEWS),
        "Commands": sorted(name for names in WHERE.values() for name in names),
    }
    lines = [f"**{title}**: {', '.join(f'`{name}`' for name in names)}." for title, names in groups.items()]
    return words.split(MARK)[0] + MARK + "\n\n" + "\n\n".join(lines) + "\n"


def pages(docs: Path) -> dict[str, str]:
    """Every generated page by name, as it should be."""

    words = (docs / "reference" / "words.md").read_text(encoding="utf-8")
    return {
        "reference/metrics.md": metrics_page(),
        "reference/policy.md": policy_page(),
        "reference/schema.md": current(),
        "reference/words.md": names_page(words),
    }


def write(docs: Path) -> list[Path]:
    """Write every generated page below `docs`; returns what was written."""
    made = pages(docs)
    for name, text in made.items():
        (docs / name).write_text(text, encoding="utf-8")
    return [docs / name for name in made]


if __name__ == "__main__":
    write(Path(__file__).resolve().parent.parent / "docs")
