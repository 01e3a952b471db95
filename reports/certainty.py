"""How sure a decision is and what is missing, in sentences with numbers."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from steadymile.models.policy.parameters import IN_FORCE
from steadymile.reports import formats
from steadymile.reports.agreement import told_by_device
from steadymile.reports.learned import expectation
from steadymile.reports.view_model import Row, Story, activities, decisive, evidence, frame, remarks

REFUSED = ("quarantined", "waiting")


def without_it(reason: Row) -> str:
    """How much more running the week would hold without this reason, in words; empty where it would hold no more."""
    before, after = reason.get("before"), reason.get("after")
    if before is None or after is None or not formats.known(before) or not formats.known(after) or before <= after:
        return ""
    more = f"about {formats.number(before - after)} min" if before - after >= 1 else "less than a minute"
    return f"{more} more of running in the week"


def certainty(told: Story) -> list[str]:
    """Sentences on what the numbers rest on and how far off they may be."""
    return [
        line
        for line in (
            _amount_known(told),
            _sources(told),
            _heart(told),
            _tired(told),
            _felt(told),
            *told_by_device(told),
            _grades(told),
        )
        if line
    ]


def _amount_known(told: Story) -> str:
    found = activities(told.tables, None, told.as_of)
    if found.is_empty():
        return "No recording yet: the plan starts from what you said about yourself."
    days = (told.as_of - found["local_day"][0]).days + 1
    recent = found.filter(pl.col("local_day") > told.as_of - timedelta(days=28)).height
    sessions = formats.count(recent, "session")
    silent = (told.as_of - found["local_day"][-1]).days
    newest = f"; the newest is {formats.count(silent, 'day')} old" if silent >= 7 else ""
    return f"It rests on {formats.count(days, 'day')} of training, {sessions} in the last four weeks{newest}."


def _sources(told: Story) -> str:
    found = activities(told.tables, told.as_of - timedelta(days=27), told.as_of)
    if "load_source" not in found.columns:
        return ""
    counted = found["load_source"].drop_nulls().value_counts(sort=True)
    parts = [f"by {formats.LOAD_SOURCES.get(source, source)} in {n}" for source, n in counted.iter_rows()]
    judged = "How hard a session was is judged"
    return f"{judged} {formats.listing(parts)} of the last four weeks' sessions." if parts else ""


def _heart(told: Story) -> str:
    body = told.body
    if body is None or body.heart_rate_max_bpm is None:
        return ""
    spread = f" ± {body.heart_rate_max_sd_bpm:.0f}" if body.heart_rate_max_sd_bpm else ""
    return (
        f"Your maximal heart rate is taken as {body.heart_rate_max_bpm:.0f}{spread} beats a minute "
        f"({body.heart_rate_max_source}), so heart-rate limits are a guide; being able to talk counts more."
    )


def _tired(told: Story) -> str:
    days = frame(told.tables, "days")
    if not {"fatigue_index", "fatigue_index_upper", "coverage"} <= set(days.columns):
        return ""
    known = days.filter((pl.col("day") <= told.as_of) & pl.col("fatigue_index").is_not_null()).sort("day")
    if known.is_empty():
        return ""
    row = known.row(-1, named=True)
    share, index, upper = row["coverage"], row["fatigue_index"], row["fatigue_index_upper"]
    if not formats.known(share) or not formats.known(upper):
        return ""
    return (
        f"Tiredness is {index:.2f} on a scale from 0 to 1, or {upper:.2f} when what is not known counts against "
        f"you; above {IN_FORCE.fatigue_block:.2f} nothing goes up. {formats.percent(share)} of what it looks at was "
        "known."
    )


def _felt(told: Story) -> str:
    """How hard the longest run is expected to feel, where that was worked out for the level of this very week."""
    found = frame(told.tables, "learned")
    decided = told.decided_on
    if not {"name", "level", "as_of"} <= set(found.columns) or decided is None or told.target is None:
        return ""
    here = found.filter(pl.col("name") == "effort_here")
    if here.is_empty() or here["level"][0] != told.target.get("level"):
        return ""
    about = here["as_of"][0]
    if not decided <= about <= decided + timedelta(days=6):
        return ""
    return expectation(found.to_dicts()) or ""


def _grades(told: Story) -> str:
    grades = dict.fromkeys(formats.EVIDENCE.get(str(evidence(r)), "") for r in decisive(told.reasons))
    named = [grade for grade in grades if grade]
    return f"What decided this week rests on {formats.listing(named)}." if named else ""


def remarked(told: Story) -> list[str]:
    """What the plan itself notes as unknown, believed or wished, each with what would settle it."""
    return [
        " ".join(formats.sentence(text) for text in (note["sentence"], note.get("what_would_change_it") or "") if text)
        for note in remarks(told)
    ]


def notes(told: Story) -> list[str]:
    """Sentences on refused files, recordings without heart rate, missing answers and silence."""
    return [line for line in (*_files(told), _silence(told), _no_heart_rate(told), _no_answers(told)) if line]


def _files(told: Story) -> list[str]:
    found = frame(told.tables, "files")
    if "status" not in found.columns:
        return []
    counts = dict(found["status"].value_counts().iter_rows())
    refused = sum(counts.get(status, 0) for status in REFUSED)
    lines = []
    if refused:
        them = "it" if refused == 1 else "them"
        lines.append(
            f"{formats.count(refused, 'file')} could not be read: `steadymile status` names {them} and what to do."
        )
    if counts.get("salvaged"):
        n = formats.count(counts["salvaged"], "damaged file")
        lines.append(f"From {n} everything before the break was kept.")
    return lines


def _silence(told: Story) -> str:
    found = activities(told.tables, None, told.as_of)
    if found.is_empty():
        return ""
    days = (told.as_of - found["local_day"][-1]).days
    return f"The newest recording is {days} days old. Has the watch been synced?" if days >= 7 else ""


def _no_heart_rate(told: Story) -> str:
    found = activities(told.tables, told.as_of - timedelta(days=27), told.as_of)
    if "heart_rate_mean_bpm" not in found.columns or found.is_empty():
        return ""
    without = found["heart_rate_mean_bpm"].null_count()
    return (
        f"{without} of {formats.count(found.height, 'session')} in the last four weeks had no usable heart rate."
        if without
        else ""
    )


def _no_answers(told: Story) -> str:
    if any(reason.get("rule") == "no_pain_report" for reason in remarks(told)):
        return ""  # the plan itself says so
    found = frame(told.tables, "health")
    if "pain" not in found.columns:
        return "Nothing was said about pain or illness. A missing answer counts as no report, never as a good sign."
    recent = found.filter(pl.col("day").is_between(told.as_of - timedelta(days=6), told.as_of))
    answered = recent["pain"].drop_nulls().len()
    if answered >= 7:
        return ""
    return (
        f"You answered about pain on {formats.count(answered, 'day')} of the last 7. "
        "A missing answer counts as no report, never as a good sign."
    )
