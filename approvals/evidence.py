"""What the ledger's verification reads of approvals: what was shown and decided."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from approvals.models import Approval, Decision
from orchestrator_site.ledger.api import Blob, Flaw, Head, blob_digest

PREFIX = "approval "
CELLS = ("shown", "fields", "result", "patch", "reason")


class ApprovalContent:
    """The cells that the events of an approval commit to."""

    def heads(self) -> Iterator[Head]:
        """The ledger keeps the heads of the chains of approvals itself."""
        yield from ()

    def check(self, head: Head, events: list[dict[str, Any]]) -> Flaw | None:
        """Compare an approval's stored content with its events."""
        if not head.name.startswith(PREFIX):
            return None
        approval_id = UUID(head.name.removeprefix(PREFIX))
        rows = {
            "approval.opened": Approval.objects.filter(pk=approval_id).first(),
            "approval.decided": Decision.objects.filter(approval=approval_id).first(),
        }
        for seq, event in enumerate(events, start=1):
            if event["kind"] in rows:
                reason = _flaw_of(approval_id, rows[event["kind"]], event["data"])
                if reason:
                    return Flaw(head.name, seq, reason)
        return None


def _flaw_of(
    approval_id: UUID, row: Approval | Decision | None, data: dict[str, Any]
) -> str | None:
    """What differs between a row and the event that tells of it."""
    if row is None:
        return "the row it tells of is missing"
    if row.content_hash != data["content"]:
        return "the hash of the content it names has been changed"
    if isinstance(row, Decision) and row.outcome != data["outcome"]:
        return "the outcome it names has been changed"
    for name in CELLS:
        if name not in data:
            continue
        sealed = _find_sealed(approval_id, getattr(row, name))
        if sealed is None:
            return f"the {name} it commits to is missing"
        if hashlib.sha256(sealed).hexdigest() != data[name]["sha256"]:
            return f"the {name} it commits to has been changed"
    return None


def _find_sealed(approval_id: UUID, cell: bytes | memoryview | None) -> bytes | None:
    if cell is None:
        return None
    digest = blob_digest(bytes(cell))
    if digest is None:
        return bytes(cell)
    blob = Blob.objects.filter(owner_id=approval_id, digest=digest).first()
    return bytes(blob.data) if blob else None
