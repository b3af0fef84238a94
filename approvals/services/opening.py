"""Opening approvals for a run, withdrawing them, and closing them behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone

from approvals.content import commit_to, hash_of, keep
from approvals.models import MAX_LINE, OPEN, Approval, ApprovalState, Risk
from approvals.people import find_person
from approvals.services.moving import move, note, tell
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import Stored
from orchestrator_site.schemas.api import check_schema

WORKER = "system:worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """What a run asks of a person.

    `shown` is read in its order; `fields` are proposed values that may be edited. What
    is approved fits `schema`, a JSON Schema of an object: a proposal that does not has
    to be edited. `roles` may decide, or `user:<id>` among them. `started_by` is the actor who started the run.
    """

    workspace_id: UUID
    run_id: UUID
    address: str
    flow: str
    flow_name: str
    node_label: str
    title: str
    shown: Mapping[str, Any]
    fields: Mapping[str, Any]
    schema: Mapping[str, Any]
    started_by: str
    exclude_starter: bool = False
    roles: tuple[str, ...] = ("reviewer", "admin", "owner")
    due_at: datetime | None = None
    risk: Literal["low", "medium", "high"] = "medium"


@transaction.atomic
def open_request(request: ApprovalRequest) -> UUID:
    """Put an approval into the queue, in the caller's transaction.

    The same run and address give the same approval, as it was first asked.
    Raises: SchemaInvalid
    """
    check_schema(request.schema)
    asked = Approval.objects.filter(run_id=request.run_id, address=request.address)
    earlier = asked.values_list("pk", flat=True).first()
    if earlier is not None:
        return earlier
    approval_id = new_id()
    shown = keep(approval_id, dict(request.shown))
    fields = keep(approval_id, dict(request.fields))
    approval = _build(approval_id, request, shown, fields)
    Approval.objects.bulk_create([approval], ignore_conflicts=True)
    stored = asked.get()
    if stored.pk == approval_id:
        facts = {"content": approval.content_hash, "risk": request.risk}
        payloads = {"shown": commit_to(shown), "fields": commit_to(fields)}
        note(stored, "opened", WORKER, facts | payloads)
        tell(stored)
    return stored.pk


def _build(
    approval_id: UUID, request: ApprovalRequest, shown: Stored, fields: Stored
) -> Approval:
    schema = orjson.dumps(dict(request.schema))
    approval = Approval(
        id=approval_id,
        workspace_id=request.workspace_id,
        run_id=request.run_id,
        address=request.address,
        flow=request.flow,
        flow_name=request.flow_name,
        node_label=request.node_label,
        title=_shorten(request.title),
        excerpt=_shorten(_first_text(request.shown)),
        shown=shown.cell,
        fields=fields.cell,
        schema=schema,
        risk=Risk[request.risk.upper()],
        due_at=request.due_at,
        roles=f" {' '.join(request.roles)} ",
        exclude_starter=request.exclude_starter,
        started_by=request.started_by,
        starter_id=find_person(request.started_by),
        created_at=timezone.now(),
    )
    approval.content_hash = hash_of(
        {
            "approval": str(approval_id),
            "title": approval.title,
            "shown": shown.digest.hex(),
            "fields": fields.digest.hex(),
            "schema": schema.decode(),
        }
    )
    return approval


def _first_text(shown: Mapping[str, Any]) -> str:
    return next((value for value in shown.values() if isinstance(value, str)), "")


def _shorten(text: str) -> str:
    line = " ".join(text.replace("\0", " ").split())  # no column takes a NUL
    return line if len(line) <= MAX_LINE else f"{line[: MAX_LINE - 1]}…"


@transaction.atomic
def withdraw_run(run_id: UUID, *, reason: str) -> int:
    """Make the open approvals of a run obsolete; `reason` is a code. Count them."""
    return sum(
        _withdraw(approval, reason)
        for approval in Approval.objects.filter(run_id=run_id, state__in=OPEN)
    )


@transaction.atomic
def withdraw_step(run_id: UUID, address: str, *, reason: str) -> int:
    """Make what one step of a run asks obsolete; `reason` is a code. Count them."""
    asked = Approval.objects.filter(run_id=run_id, address=address, state__in=OPEN)
    return sum(_withdraw(approval, reason) for approval in asked)


def _withdraw(approval: Approval, reason: str) -> bool:
    while approval.is_open:
        now = timezone.now()
        if move(approval, ApprovalState.OBSOLETE, ended_at=now):
            note(approval, "withdrawn", WORKER, {"reason": reason})
            return True
        approval.refresh_from_db()
    return False


@transaction.atomic
def mark_applied(approval_id: UUID) -> None:
    """Say that the run has taken the decision in; saying so again changes nothing."""
    approval = Approval.objects.get(pk=approval_id)
    if approval.state == ApprovalState.DECIDED:
        move(approval, ApprovalState.APPLIED)
