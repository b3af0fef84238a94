"""What a step asks of the workers of a queue, and what they answer, as JSON."""

from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from flows.conductor.held import HeldRun, Outcome, failed
from flows.nodes.base import CallModel, Fetch
from model_registry import api as registry
from orchestrator_site.ledger.api import Stored, store


class Addressed(NamedTuple):
    """A request with the queue that it goes to; `computes` if it is for a model that does."""

    queue: str
    computes: bool
    request: dict[str, Any]


def find_queue(
    run: HeldRun, address: str, asked: CallModel | Fetch
) -> Addressed | None:
    """Address what the node, or the version of its model, sends to a queue.

    The version is settled here: that is the one whose queue it is.
    """
    named = run.node(address).node.queue
    if isinstance(asked, Fetch):
        request = {"fetch": _written(asked)}
        return Addressed(named, computes=False, request=request) if named else None
    try:
        found = registry.resolve(run.workspace_id, asked.model, asked.alias)
    except registry.ModelError:
        return None  # the call itself says what is wrong
    queue = named or found.queue
    if not queue:
        return None
    call = {
        "model": found.model,
        "version": found.version,
        "input": asked.input,
        "use": asdict(run.flow.use),
        "tag": run.flow.tag_of(asked),
    }
    return Addressed(queue, computes=found.runs == "cpu", request={"call": call})


def read_fetch(written: dict[str, Any]) -> Fetch:
    """The request that `_written` wrote."""
    body = b64decode(written["body"])
    ok_statuses = tuple(written["ok_statuses"])
    return Fetch(**{**written, "body": body, "ok_statuses": ok_statuses})


def answer_of(outcome: Outcome) -> tuple[dict[str, Any], Stored]:
    """What the mail says of an outcome, and the payload that it refers to."""
    try:
        stored = store(outcome.error or outcome.output)
    except TypeError:
        outcome = failed(
            "output_not_json", "The output holds a value that is not JSON."
        )
        stored = store(outcome.error)
    answer = {
        "cell": stored.cell.hex(),
        "is_error": outcome.error is not None,
        "port": outcome.port,
        "model": outcome.model,
        "model_version": outcome.model_version,
        "cost_usd_micros": outcome.cost_usd_micros,
        "started_at": outcome.started_at.isoformat() if outcome.started_at else None,
        "duration_ms": outcome.duration_ms,
        "facts": outcome.facts,
        "is_in_doubt": outcome.is_in_doubt,
        "was_sent": outcome.was_sent,
    }
    return answer, stored


def outcome_of(answer: dict[str, Any], value: Any) -> Outcome:  # noqa: ANN401  any JSON
    """The outcome that a mail tells of; `value` is what its cell holds."""
    started_at = answer["started_at"]
    return Outcome(
        output=None if answer["is_error"] else value,
        port=answer["port"],
        error=value if answer["is_error"] else None,
        model=answer["model"],
        model_version=answer["model_version"],
        cost_usd_micros=answer["cost_usd_micros"],
        started_at=datetime.fromisoformat(started_at) if started_at else None,
        duration_ms=answer["duration_ms"],
        facts=answer.get("facts", {}),
        is_in_doubt=answer["is_in_doubt"],
        was_sent=answer["was_sent"],
    )


def _written(asked: Fetch) -> dict[str, Any]:
    return {
        "method": asked.method,
        "url": asked.url,
        "headers": dict(asked.headers),
        "body": b64encode(asked.body).decode(),
        "timeout_s": asked.timeout_s,
        "max_bytes": asked.max_bytes,
        "ok_statuses": list(asked.ok_statuses),
    }
