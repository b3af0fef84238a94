"""People: opening an approval for a step, and taking in what they decide."""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from approvals import api as approvals
from flows.models import Run
from flows.nodes.base import AskPerson

logger = logging.getLogger(__name__)


class Opened(NamedTuple):
    """An approval that now waits for a person."""

    run_id: UUID
    epoch: int
    address: str
    approval_id: UUID


def open_approval(
    run_id: UUID, epoch: int, address: str, label: str, asked: AskPerson
) -> Opened:
    """Open an approval in a transaction of its own, before its step is recorded.

    The same step opens the same approval, however often and by whomever it is asked.
    """
    run = Run.objects.select_related("flow").get(pk=run_id)
    with transaction.atomic():
        approval_id = approvals.open_request(_request(run, address, label, asked))
    # A run that ended in the meantime has withdrawn what was open before this was.
    if Run.objects.filter(pk=run_id, ended_at__isnull=False).exists():
        approvals.withdraw_run(run_id, reason="run_over")
    return Opened(run_id, epoch, address, approval_id)


def _request(
    run: Run, address: str, label: str, asked: AskPerson
) -> approvals.ApprovalRequest:
    return approvals.ApprovalRequest(
        workspace_id=run.workspace_id,
        run_id=run.pk,
        address=address,
        flow=run.flow.slug,
        flow_name=run.flow.name,
        node_label=label,
        title=asked.title,
        shown=asked.shown,
        fields=asked.fields,
        schema=asked.schema or _schema_like(asked.fields),
        started_by=run.started_by,
        exclude_starter=asked.exclude_starter,
        roles=asked.roles,
        due_at=None,
        risk=asked.risk,
    )


def _schema_like(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": {name: _schema_of(value) for name, value in fields.items()},
        "required": list(fields),
        "additionalProperties": False,
    }


def _schema_of(value: object) -> dict[str, object]:
    """What may stand where `value` was proposed: the same kind of value."""
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int | float):
        return {"type": "number"}
    if value is None or isinstance(value, str):
        return {"type": "string", "minLength": 1}
    return {}


def close_approvals(
    run_id: UUID, decided: list[str], unasked: list[str], *, is_over: bool
) -> None:
    """Say which decisions are taken in, and withdraw what is no longer asked."""
    for approval_id in decided:
        approvals.mark_applied(UUID(approval_id))
    for address in unasked:
        approvals.withdraw_step(run_id, address, reason="step_given_up")
    if is_over:
        approvals.withdraw_run(run_id, reason="run_over")


def withdraw_leftovers() -> None:
    """Withdraw what runs still ask that have ended, when their worker died in between."""
    over = Run.objects.filter(ended_at__isnull=False).values("pk")
    for run_id in approvals.open_runs().filter(run_id__in=over):
        approvals.withdraw_run(run_id, reason="run_over")
