"""A model node whose model is a person or a team: what they are asked, and their answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flows.conductor.held import Outcome, failed
from flows.nodes.base import AskPerson
from model_registry import api as registry


def question_for(
    resolved: registry.ResolvedModel,
    value: dict[str, Any],
    label: str,
    workspace_id: UUID,
) -> AskPerson | None:
    """Show the input, and ask for what the entry promises; None if nobody may answer."""
    deciders = registry.deciders_of(resolved, workspace_id)
    if not deciders:
        return None
    return AskPerson(
        title=f"{label}: {resolved.model}",
        shown=value,
        fields=dict.fromkeys(registry.asked_of(resolved)),
        roles=deciders,
        exclude_starter=False,
        risk="medium",
        schema=resolved.output_schema,
    )


def answer_of(
    person: registry.ResolvedModel | None, decided: Mapping[str, Any]
) -> Outcome:
    """The step's output is what was answered; a rejection is an error of the step.

    The step took the time for which somebody looked, which is booked at the person's
    rate, whatever they decided. `person` is None if the entry is gone.
    """
    if decided["outcome"] == "approved":
        outcome = Outcome(output=decided["fields"], port="out")
    else:
        reason = (decided["reason"] or {}).get("text", "")
        outcome = failed("person_declined", f"Nobody answered this: {reason}")
    outcome.duration_ms = decided.get("dwell_ms", 0)
    if person is not None:
        outcome.model, outcome.model_version = person.model, person.version
        outcome.cost_usd_micros = _cost(person, outcome.duration_ms)
    return outcome


def _cost(person: registry.ResolvedModel, dwell_ms: int) -> int:
    rate = person.person.rate_usd_micros_per_minute if person.person else None
    return round((rate or 0) * dwell_ms / 60_000)
