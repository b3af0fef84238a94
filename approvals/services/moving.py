"""Changing the state of an approval: compare-and-set, recorded, announced."""

from collections.abc import Mapping
from typing import Any

from approvals.models import Approval, ApprovalState
from orchestrator_site.ledger.api import Subject, record
from orchestrator_site.live.api import announce


def move(approval: Approval, state: ApprovalState, **changes: Any) -> bool:  # noqa: ANN401
    """Change what was read; False if somebody else changed it in between.

    After a success `approval` is as stored.
    """
    changes |= {"state": state.value, "version": approval.version + 1}
    as_read = Approval.objects.filter(
        pk=approval.pk, version=approval.version, state=approval.state
    )
    if not as_read.update(**changes):
        return False
    for name, value in changes.items():
        setattr(approval, name, value)
    tell(approval)
    return True


def tell(approval: Approval) -> None:
    """Let open pages look again once this transaction is in."""
    announce(approval.workspace_id, "approvals")
    announce(approval.workspace_id, f"approval:{approval.pk}", approval.version)


def note(
    approval: Approval, verb: str, actor: str, data: Mapping[str, Any] | None = None
) -> None:
    """Append to the approval's chain in the ledger."""
    facts = {"run": str(approval.run_id), "address": approval.address, **(data or {})}
    record(
        workspace_id=approval.workspace_id,
        subject=Subject("approval", approval.pk),
        kind=f"approval.{verb}",
        actor=actor,
        data=facts,
    )
