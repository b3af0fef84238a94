"""The one way in which an approval is decided, whoever asks and however."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Self
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from approvals.content import check_fields, commit_to, hash_of, keep, read
from approvals.errors import ApprovalChanged, KeyReused, ReasonMissing
from approvals.models import Approval, ApprovalState, Decision, Outcome, ReasonCode
from approvals.patch import Operation, difference
from approvals.selectors import get_approval
from approvals.services.access import (
    require_may_decide,
    require_open,
    require_unclaimed,
)
from approvals.services.moving import move, note
from approvals.signals import approval_decided
from orchestrator_site.accounts.api import Principal, new_id
from orchestrator_site.ledger.api import Stored, canonical

LONGEST_DWELL_MS = 24 * 3600 * 1000


class Reason(NamedTuple):
    """Why a proposal is rejected."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody wants to decide.

    `content_hash` is that of the approval as it was shown; `fields` are the fields as
    edited, None for the proposal as it stands. `dwell_ms` is how long it was looked at.
    """

    outcome: Literal["approved", "rejected"]
    content_hash: str
    idempotency_key: str
    fields: Mapping[str, Any] | None = None
    reason: Reason | None = None
    dwell_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was recorded; the same for each repetition of a request."""

    id: UUID
    approval_id: UUID
    outcome: str
    decided_by: str
    decided_at: datetime
    content_hash: str
    decision_hash: str

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """The receipt of a stored decision."""
        return cls(
            id=decision.pk,
            approval_id=decision.approval_id,
            outcome=str(decision.outcome),
            decided_by=decision.actor,
            decided_at=decision.decided_at,
            content_hash=decision.content_hash,
            decision_hash=decision.decision_hash,
        )


class Settled(NamedTuple):
    """A verdict held against the approval: what will be stored."""

    outcome: Outcome
    fields: dict[str, Any]
    patch: list[Operation]
    reason: Reason | None


@transaction.atomic
def decide(approval_id: UUID, verdict: Verdict, *, principal: Principal) -> Receipt:
    """Decide once and for ever, and tell the receivers of `approval_decided`.

    The same idempotency key gives the same receipt, however often it is sent.
    Raises: ApprovalNotFound, AlreadyDecided, ApprovalWithdrawn, KeyReused,
    MayNotDecide, ClaimedByOther, ApprovalChanged, FieldsInvalid, ReasonMissing; RunOver
    from a receiver.
    """
    fingerprint = _fingerprint(verdict, principal.actor)
    while True:
        approval = get_approval(principal.workspace, approval_id)
        earlier = _find_earlier(approval, verdict, fingerprint)
        if earlier:
            return Receipt.of(earlier)
        require_open(approval)
        require_may_decide(approval, principal)
        require_unclaimed(approval, principal)
        settled = _settle(approval, verdict)
        if move(approval, ApprovalState.DECIDED, ended_at=timezone.now()):
            break
    decision = _build(verdict, settled, approval, principal.actor)
    decision.request_hash = fingerprint
    _store(decision, settled)
    _tell_receivers(approval, settled, decision)
    return Receipt.of(decision)


def _fingerprint(verdict: Verdict, actor: str) -> bytes:
    """What two requests with one idempotency key must have in common.

    The dwell time is left out: a request that is sent again was looked at longer.
    """
    asked = [
        actor,
        verdict.outcome,
        verdict.content_hash,
        None if verdict.fields is None else dict(verdict.fields),
        None if verdict.reason is None else list(verdict.reason),
    ]
    return hashlib.sha256(canonical(asked)).digest()


def _find_earlier(
    approval: Approval, verdict: Verdict, fingerprint: bytes
) -> Decision | None:
    earlier = Decision.objects.filter(
        approval=approval, idempotency_key=verdict.idempotency_key
    ).first()
    if earlier and bytes(earlier.request_hash) != fingerprint:
        raise KeyReused
    return earlier


def _settle(approval: Approval, verdict: Verdict) -> Settled:
    if verdict.content_hash != approval.content_hash:
        raise ApprovalChanged(approval.content_hash)
    if verdict.outcome == "rejected":
        return Settled(Outcome.REJECTED, {}, [], _complete(verdict.reason))
    proposed = read(approval.pk, approval.fields)
    fields = proposed if verdict.fields is None else dict(verdict.fields)
    check_fields(approval.schema, proposed, fields)
    patch = difference(proposed, fields)
    outcome = Outcome.EDITED if patch else Outcome.APPROVED
    return Settled(outcome, fields, patch, None)


def _complete(reason: Reason | None) -> Reason:
    """A reason whose text says something. Raises: ReasonMissing."""
    codes = tuple(ReasonCode.values)
    if reason is None or reason.code not in codes:
        raise ReasonMissing(codes)
    text = reason.text.strip()
    if not text and reason.code == ReasonCode.OTHER:
        raise ReasonMissing(codes)
    return Reason(reason.code, text or str(ReasonCode(reason.code).label))


def _build(
    verdict: Verdict, settled: Settled, approval: Approval, actor: str
) -> Decision:
    return Decision(
        id=new_id(),
        approval=approval,
        idempotency_key=verdict.idempotency_key,
        actor=actor,
        outcome=settled.outcome,
        reason_code=settled.reason.code if settled.reason else None,
        content_hash=approval.content_hash,
        dwell_ms=min(max(verdict.dwell_ms, 0), LONGEST_DWELL_MS),
        decided_at=timezone.now(),
    )


def _store(decision: Decision, settled: Settled) -> None:
    """Store a decision with its content, and record it."""
    cells = _keep_content(decision.approval_id, settled)
    for name, stored in cells.items():
        setattr(decision, name, stored.cell)
    facts = {
        "decision": str(decision.pk),
        "outcome": settled.outcome.value,
        "reason_code": decision.reason_code,
        "content": decision.content_hash,
        "patch_operations": len(settled.patch),
        "dwell_ms": decision.dwell_ms,
        **{name: commit_to(stored) for name, stored in cells.items()},
    }
    decision.decision_hash = hash_of({"approval": str(decision.approval_id), **facts})
    decision.save(force_insert=True)
    facts["hash"] = decision.decision_hash
    note(decision.approval, "decided", decision.actor, facts)


def _keep_content(approval_id: UUID, settled: Settled) -> dict[str, Stored]:
    """Cells of what was decided, by column."""
    content: dict[str, object] = {}
    if settled.reason:
        content["reason"] = settled.reason._asdict()
    if settled.patch:
        content |= {"result": settled.fields, "patch": settled.patch}
    return {name: keep(approval_id, value) for name, value in content.items()}


def _tell_receivers(approval: Approval, settled: Settled, decision: Decision) -> None:
    is_rejected = settled.outcome == Outcome.REJECTED
    approval_decided.send(
        sender=Decision,
        approval_id=approval.pk,
        run_id=approval.run_id,
        address=approval.address,
        workspace_id=approval.workspace_id,
        actor=decision.actor,
        outcome="rejected" if is_rejected else "approved",
        edited=settled.outcome == Outcome.EDITED,
        fields=settled.fields,
        reason=settled.reason._asdict() if settled.reason else None,
        dwell_ms=decision.dwell_ms,
        decision_hash=decision.decision_hash,
    )
