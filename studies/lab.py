"""The study on virtual athletes: runs the arms, writes tables and pictures. Simulated, not human, evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
from steadymile.models.lab.arms import ARMS, BEFORE, POLICY
from steadymile.models.lab.compare import REPORTING_SEED, Difference, Outcome, draw, outcome, paired, run_models, worlds
from steadymile.models.lab.hazards import HAZARDS, NAMES
from steadymile.models.lab.nulls import false_alarms
from steadymile.models.lab.study import Result
from steadymile.studies.lab_charts import differences, mile_curves

Arms = dict[str, dict[str, Result]]

SAID = (
    "Simulated athletes, not people: this shows how the policies compare under stated assumptions, "
    "not that any of them prevents injuries."
)
COLUMNS = {
    "mile": "mile",
    "mile_12": "mile by week 12",
    "median_week": "median week",
    "mile_active": "mile and active",
    "hurt": "injuries per athlete",
    "hurt_per_1000h": "per 1000 h",
    "mile_unhurt": "mile before any injury",
    "hours": "hours run",
    "quit": "gave up",
    "unpleasant": "unpleasant sessions",
    "mile_weeks": "weeks with a mile",
    "late_min": "min a week at the end",
}
CURVES = ("policy", "policy v1", "C25K calendar", "C25K with repeats", "ladder +1 a week", "stress balance")


def study(
    athletes: int = 600, weeks: int = 26, seed: int = REPORTING_SEED, out: Path | None = None
) -> Iterator[str]:  # fmt: skip
    """Run every arm under every injury model; yield lines to read, and write tables and pictures into `out`."""
    yield SAID
    people, luck = draw(seed, athletes, weeks)
    done: Arms = {}
    yield f"{athletes} athletes, {weeks} weeks, seed {seed}. Injury model A ({NAMES['A']}):"
    yield _row("", list(COLUMNS.values()))
    for name, make in ARMS.items():
        done[name] = run_models(make, people, luck)
        yield _row(name, _cells(outcome(done[name]["A"], weeks)))
    yield ""
    yield f"The policy less version 1, paired, 95 % intervals over athletes ({weeks} weeks):"
    yield from _against(done, weeks, seed)
    if out is not None:
        write(done, weeks, seed, out)
        yield f"Tables and pictures: {out}"


def _row(name: str, cells: list[str]) -> str:
    return f"{name:<20}" + " ".join(f"{c[:9]:>9}" for c in cells)


def _cells(o: Outcome) -> list[str]:
    values = asdict(o)
    return [_number(name, values[name]) for name in COLUMNS]


def _number(name: str, value: float) -> str:
    if name == "median_week":
        return "-" if np.isinf(value) else f"{value:.0f}"
    return f"{value:.1f}" if name in ("hurt_per_1000h", "hours", "mile_weeks", "late_min") else f"{value:.3f}"


def against(
    done: Arms, weeks: int, seed: int, ours: str = POLICY, other: str = BEFORE
) -> dict[str, dict[str, Difference]]:
    """Paired differences of two arms by injury model and outcome."""
    return {
        model: paired(done[ours][model], done[other][model], weeks, np.random.default_rng(seed + 2))
        for model in HAZARDS
    }  # fmt: skip


def _against(done: Arms, weeks: int, seed: int) -> Iterator[str]:
    for model, by_name in against(done, weeks, seed).items():
        parts = [f"{name} {d.value:+.3f} [{d.low:+.3f}, {d.high:+.3f}]" for name, d in by_name.items()]
        yield f"  {model} {NAMES[model]:<24} " + "  ".join(parts)


def outcome_table(done: Arms, weeks: int, model: str) -> str:
    """A markdown table of all arms under one injury model."""
    head = "| | " + " | ".join(COLUMNS.values()) + " |"
    rule = "|---" * (len(COLUMNS) + 1) + "|"
    rows = [f"| {n} | " + " | ".join(_cells(outcome(r[model], weeks))) + " |" for n, r in done.items()]
    return "\n".join([head, rule, *rows])


def difference_table(by_model: Mapping[str, Mapping[str, Difference]]) -> str:
    """A markdown table of paired differences, clear ones in bold."""
    names = {
        "median_week": "median weeks to the mile",
        "mile_active": "mile and active",
        "hurt": "injuries per athlete",
        "quit": "gave up",
        "hours": "hours run",
    }
    lines = ["| injury model | " + " | ".join(names.values()) + " |", "|---" * (len(names) + 1) + "|"]
    for model, row in by_model.items():
        cells = []
        for name in names:
            d = row[name]
            text = f"{d.value:+.3f} ({d.low:+.3f} to {d.high:+.3f})"
            if name in ("median_week", "hours"):
                text = f"{d.value:+.1f} ({d.low:+.1f} to {d.high:+.1f})"
            cells.append(f"**{text}**" if d.clear else text)
        lines.append(f"| {model} {NAMES.get(model, '')} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def world_table(seed: int, athletes: int, weeks: int) -> str:
    """The policy less version 1 in populations that it was not tuned on, injury model A and the null C."""
    people, luck = draw(seed, athletes, weeks)
    lines = [
        "| population | model | median weeks | mile and active | injuries per athlete |",
        "|---|---|---|---|---|",
    ]
    for name, others in worlds(people).items():
        done = {arm: run_models(ARMS[arm], others, luck) for arm in (POLICY, BEFORE)}
        by_model = against(done, weeks, seed)
        for model in ("A", "C"):
            d = by_model[model]
            cells = [f"{d[k].value:+.3f} ({d[k].low:+.3f} to {d[k].high:+.3f})" for k in ("mile_active", "hurt")]
            lines.append(f"| {name} | {model} | {d['median_week'].value:+.0f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def alarm_table(seed: int) -> str:
    """False alarms of the fatigue index by how long ordinary ups and downs of answers last."""
    lines = ["| day-to-day memory of answers | blocks an advance | back-off | strong back-off |", "|---|---|---|---|"]
    for memory in (0.0, 0.3, 0.6, 0.8):
        f = false_alarms(np.random.default_rng(seed), memory=memory)
        lines.append(f"| {memory:.1f} | {f.blocks:.1%} | {f.back_off:.1%} | {f.strong:.1%} |")
    return "\n".join(lines)


def write(done: Arms, weeks: int, seed: int, out: Path) -> None:
    """Tables as CSV and pictures as SVG into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "outcomes.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["arm", "injury_model", *[f.name for f in fields(Outcome)]])
        for name, by_model in done.items():
            for model, result in by_model.items():
                table.writerow([name, model, *asdict(outcome(result, weeks)).values()])
    pictures(done, weeks, seed, out)


def pictures(done: Arms, weeks: int, seed: int, out: Path) -> None:
    """The study's pictures."""
    curves = {n: done[n]["A"].mile_week for n in CURVES if n in done}
    title = "Who has run a continuous mile (simulated, injury model A)"
    (out / "mile.svg").write_text(mile_curves(weeks, curves, title))
    rows = {f"{m} {NAMES[m]}": d for m, d in against(done, weeks, seed).items()}
    for name, better in (
        ("hurt", "left: fewer injuries per athlete"),
        ("mile_active", "right: more with a mile and active"),
    ):
        title = f"Policy less version 1 after {weeks} weeks (simulated)"
        (out / f"{name}.svg").write_text(differences({k: d[name] for k, d in rows.items()}, title, better))  # fmt: skip
