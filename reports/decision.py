"""What was decided, in words: the headline and its lead, beside the model's own choice where somebody set the week."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from steadymile.models.explain import leads
from steadymile.models.weekplan import Action
from steadymile.reports import formats
from steadymile.reports.view_model import Row, Story, lead_code, strongest


def override(target: Row | None) -> Mapping[str, Any]:
    """What a coach or the runner set instead, with who, why and the model's own choice; empty where nobody did."""
    found = (target or {}).get("override")
    if isinstance(found, str):
        found = json.loads(found) if found.strip() else None
    return found if isinstance(found, Mapping) else {}


def changed_by(target: Row | None) -> str:
    """Why a week was changed after it was published, the words of whoever set it by hand in quotes."""
    reason, found = str((target or {}).get("revision_reason") or ""), override(target)
    return set_by(found) if found and reason == leads.by_hand(found) else reason


def set_by(found: Mapping[str, Any]) -> str:
    """Who set a week by hand, and why in their own words, quoted."""
    return leads.by_hand({**found, "why": formats.quoted(str(found["why"]))} if found.get("why") else found)


def is_stop(target: Row | None) -> bool:
    """Whether a week has no running in it until what stopped it is lifted."""
    return (target or {}).get("action") == Action.STOP.word


def model_of(target: Row | None) -> Mapping[str, Any]:
    """The model's own choice, that an override replaced; empty without one."""
    found = override(target).get("model")
    return found if isinstance(found, Mapping) else {}


def own_headline(target: Row | None) -> str:
    """The headline without that of the model's own choice, which an override has beside its own."""
    return leads.without_model(str((target or {}).get("headline") or ""), str(model_of(target).get("headline"))).strip()


def model_line(told: Story) -> str:
    """The model's own choice, to stand beside an override; empty without one."""
    model = model_of(told.target)
    action = formats.ACTIONS.get(str(model.get("action")), "")
    code = leads.code_of(model.get("lead"), str(model.get("headline") or ""))
    words = "" if code == leads.WELCOME else leads.WORDS.get(code, "")
    action = words.rstrip(".") if action and words else action
    amount = formats.listing(
        [
            formats.count(int(model.get("sessions") or 0), "run"),
            f"{formats.minutes(model.get('run_min'))} of running",
        ]
    )
    return f"steadymile's own choice was: {action.lower()}, with {amount}." if action else ""


def headline(told: Story) -> tuple[str, str]:
    """The decision in a few words, and what follows it; reasons that are named beside it are not said twice."""
    target = told.target or {}
    action = str(target.get("action") or "")
    text = own_headline(target)
    code = lead_code(target)
    if code == leads.BY_HAND:
        who = leads.by_hand(override(target))
        return formats.sentence(set_by(override(target))), formats.sentence(text.removeprefix(who).lstrip(". "))
    for reason in strongest(told):
        text = text.replace(formats.sentence(reason["sentence"]), "")
    lead = leads.WORDS.get(code) or formats.sentence(formats.ACTIONS.get(action, action))
    return lead, formats.sentence(leads.after(code, " ".join(text.split())))


def decision_name(told: Story) -> str:
    """The decision by its name, for a table: how its headline begins, or by its action where somebody else's words do;
    of a first plan, which repeats nothing, that it is one. Empty without a plan."""
    code = lead_code(told.target or {})
    if code == leads.WELCOME:
        return "A first week"
    return leads.WORDS.get(code, "").rstrip(".") or formats.ACTIONS.get(str((told.target or {}).get("action")), "")
