"""People: opening an approval for a step, and taking in what they decide."""

import logging
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import transaction

from approvals import api as approvals
from flows.conductor.advancing import cancel, finish_step
from flows.conductor.held import HeldRun, Outcome
from flows.conductor.rows import InboxRow
from flows.conductor.staging import stage_taken_mail
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
    schema = {
        "type": "object",
        "properties": {name: _schema_of(value) for name, value in asked.fields.items()},
        "required": list(asked.fields),
        "additionalProperties": False,
    }
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
        schema=schema,
        started_by=run.started_by,
        exclude_starter=asked.exclude_starter,
        roles=asked.roles,
        due_at=None,
        risk=asked.risk,
    )


def _schema_of(value: object) -> dict[str, object]:
    """What may stand where `value` was proposed: the same kind of value."""
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int | float):
        return {"type": "number"}
    if value is None or isinstance(value, str):
        return {"type": "string", "minLength": 1}
    return {}


def close_approvals(run_id: UUID, decided: list[str], *, is_over: bool) -> None:
    """Say which decisions are taken in, and withdraw what a finished run still asks."""
    for approval_id in decided:
        approvals.mark_applied(UUID(approval_id))
    if is_over:
        approvals.withdraw_run(run_id, reason="run_over")


def withdraw_leftovers() -> None:
    """Withdraw what runs still ask that have ended, when their worker died in between."""
    over = Run.objects.filter(ended_at__isnull=False).values("pk")
    for run_id in approvals.open_runs().filter(run_id__in=over):
        approvals.withdraw_run(run_id, reason="run_over")


def take_mail(run: HeldRun, mail: InboxRow) -> None:
    """Take in what reached a held run; what comes too early stays in the inbox.

    A poisoned run can only be cancelled.
    """
    if mail.id in run.mail_taken or (run.is_poisoned and mail.kind != "cancel"):
        return
    if mail.kind == "cancel":
        if not run.state.is_over:
            cancel(run, mail.actor)
    elif mail.address in run.waiting:
        _decide(run, mail)
    elif mail.address in run.state.active:
        return  # the approval was decided before its opening is recorded
    stage_taken_mail(run, mail.id)


def _decide(run: HeldRun, mail: InboxRow) -> None:
    started_at = run.waiting.pop(mail.address)
    body = orjson.loads(bytes(mail.body))
    facts = {"approval": body["approval_id"], "decision": body.pop("decision")}
    run.decided.append(body["approval_id"])
    outcome = Outcome(
        output={**body, "decided_by": mail.actor},
        port=body["outcome"],
        started_at=started_at,
        facts=facts,
        actor=mail.actor,
    )
    finish_step(run, mail.address, outcome)
