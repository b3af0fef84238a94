"""Approvals for tests; every value has a default that works."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

from approvals.models import Approval
from approvals.services.deciding import Verdict
from approvals.services.opening import ApprovalRequest, open_request
from orchestrator_site.accounts.models import Workspace
from orchestrator_site.accounts.principal import Principal
from orchestrator_site.accounts.roles import Role
from tests.factories.accounts import make_membership, make_user, make_workspace

MESSAGE = "The lamp arrived with a cracked shade. What now?"
ANSWER = "We send you a new shade within 5 working days."
SCHEMA = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "title": "Answer", "maxLength": 2000},
        "copies": {"type": "integer", "minimum": 0},
        "urgent": {"type": "boolean"},
        "channel": {"enum": ["mail", "phone"]},
    },
    "required": ["answer"],
    "additionalProperties": False,
}
_numbers = count(1)


def make_request(
    *,
    workspace: Workspace | None = None,
    run_id: UUID | None = None,
    address: str = "ask",
    title: str = "",
    shown: dict[str, Any] | None = None,
    fields: dict[str, Any] | None = None,
    schema: dict[str, Any] | None = None,
    started_by: str = "system:test",
    **keys: Any,
) -> ApprovalRequest:
    return ApprovalRequest(
        workspace_id=(workspace or make_workspace()).pk,
        run_id=run_id or uuid4(),
        address=address,
        flow=keys.pop("flow", "support"),
        flow_name=keys.pop("flow_name", "Support answers"),
        node_label="Ask a person",
        title=title or f"Answer a complaint, no. {next(_numbers)}",
        shown={"message": MESSAGE} if shown is None else shown,
        fields={"answer": ANSWER} if fields is None else fields,
        schema=SCHEMA if schema is None else schema,
        started_by=started_by,
        **keys,
    )


def make_approval(**keys: Any) -> Approval:
    """An approval that waits."""
    return Approval.objects.get(pk=open_request(make_request(**keys)))


def make_verdict(approval: Approval, **keys: Any) -> Verdict:
    """An approval of the proposal as it stands, unless told otherwise."""
    keys.setdefault("outcome", "approved")
    keys.setdefault("content_hash", approval.content_hash)
    keys.setdefault("idempotency_key", f"key-{next(_numbers)}")
    return Verdict(**keys)


def make_reviewer(
    workspace: Workspace, *, name: str = "Theo Okafor", role: Role = Role.REVIEWER
) -> Principal:
    member = make_membership(workspace=workspace, user=make_user(name=name), role=role)
    return Principal.of_member(member)
