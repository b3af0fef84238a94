"""Approvals as JSON, for programs."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone

from approvals.content import read
from approvals.models import Approval, Decision, Outcome, Risk
from approvals.present import is_decided
from approvals.rules import holder_of
from approvals.services.deciding import Receipt


def approval_summary(approval: Approval) -> dict[str, Any]:
    """An approval as a row of a list; `claimed_by` is whose claim holds now."""
    claim = approval.claim if approval.is_open else None
    holder = holder_of(claim, timezone.now())
    return {
        "id": str(approval.pk),
        "run_id": str(approval.run_id),
        "flow": approval.flow,
        "title": approval.title,
        "risk": Risk(approval.risk).name.lower(),
        "state": _state_of(approval),
        "outcome": str(approval.decision.outcome) if is_decided(approval) else None,
        "claimed_by": holder,
        "claimed_until": _text(claim.until) if claim and holder else None,
        "roles": list(approval.terms.roles),
        "created_at": _text(approval.created_at),
        "due_at": _text(approval.due_at),
        "content_hash": approval.content_hash,
    }


def approval_document(approval: Approval) -> dict[str, Any]:
    """An approval with all that is decided on, and the decision if there is one."""
    proposed = read(approval.pk, approval.fields)
    decided = is_decided(approval)
    return {
        **approval_summary(approval),
        "shown": read(approval.pk, approval.shown),
        "fields": proposed,
        "schema": orjson.loads(bytes(approval.schema)),
        "decision": _decision(approval.decision, proposed) if decided else None,
    }


def receipt_document(receipt: Receipt) -> dict[str, Any]:
    """What was recorded of a decision."""
    return {
        **asdict(receipt),
        "id": str(receipt.id),
        "approval_id": str(receipt.approval_id),
        "decided_at": _text(receipt.decided_at),
    }


def _decision(decision: Decision, proposed: dict[str, Any]) -> dict[str, Any]:
    owner_id, result, reason = decision.approval_id, decision.result, decision.reason
    fields = read(owner_id, result) if result else proposed
    return {
        **receipt_document(Receipt.of(decision)),
        "fields": None if decision.outcome == Outcome.REJECTED else fields,
        "reason": read(owner_id, reason) if reason else None,
    }


def _state_of(approval: Approval) -> str:
    if approval.is_open:
        return "waiting"
    return "decided" if is_decided(approval) else "withdrawn"


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
