"""Reading what the ledger holds of runs."""

from typing import Any

import orjson

from flows.models import Run
from orchestrator_site.ledger.api import Event


def list_events(run: Run, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Events of a run's chain that follow `after`, in order, as JSON."""
    events = Event.objects.filter(chain_id=run.pk, seq__gt=after).order_by("seq")
    return [_event_document(event) for event in events[:limit]]


def _event_document(event: Event) -> dict[str, Any]:
    body = orjson.loads(bytes(event.body))
    return {
        "seq": event.seq,
        "at": body["at"],
        "kind": body["kind"],
        "actor": body["actor"],
        "data": body["data"],
        "hash": bytes(event.hash).hex(),
    }
