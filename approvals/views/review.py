"""One approval: what is proposed, what it rests on, and how it was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.content import read
from approvals.errors import ApprovalError, ApprovalNotFound
from approvals.forms import FieldsForm
from approvals.models import Approval, Decision, ReasonCode
from approvals.people import deciders_of, name_of
from approvals.present import cards_of, is_decided, label_of, shown_of
from approvals.selectors import get_approval
from approvals.views.answering import is_part
from orchestrator_site.accounts.api import PageRequest, Permission, page


@require_safe
@page(Permission.APPROVAL_VIEW)
def review(request: PageRequest, approval_id: UUID) -> HttpResponse:
    approval = find(request, approval_id)
    context = context_of(request, approval)
    context["asks_reason"] = "reject" in request.GET
    return render(request, "approvals/review.html", context)


@require_safe
@page(Permission.APPROVAL_VIEW)
def status(request: PageRequest, approval_id: UUID) -> HttpResponse:
    """What others do with an approval, for the page that has it open."""
    approval = find(request, approval_id)
    if not is_part(request):
        return redirect("approvals:review", approval_id)
    return render_status(request, approval)


def render_status(
    request: PageRequest, approval: Approval, error: ApprovalError | None = None
) -> HttpResponse:
    """The parts of the page that change while somebody types."""
    context = head_of(request, approval) | {"error": error, "is_fragment": True}
    code = error.http_status if error else 200
    return render(request, "approvals/_status.html", context, status=code)


def find(request: PageRequest, approval_id: UUID) -> Approval:
    """The approval, if it is one of the workspace. Raises: Http404."""
    try:
        return get_approval(request.principal.workspace, approval_id)
    except ApprovalNotFound as error:
        raise Http404(error.message) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field as proposed and as decided, as text."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision as the page tells it."""

    name: str
    at: datetime
    outcome: str
    reason: dict[str, str] | None
    changes: list[Change]
    decision_hash: str


def head_of(request: PageRequest, approval: Approval) -> dict[str, Any]:
    """What the page says of the state of an approval."""
    (card,) = cards_of([approval], request.principal)
    return {
        "approval": approval,
        "card": card,
        "decided": _decided(approval) if is_decided(approval) else None,
        "can_decide": approval.is_open
        and not card.refusal
        and (card.is_mine or card.holder is None),
    }


def context_of(
    request: PageRequest,
    approval: Approval,
    *,
    form: FieldsForm | None = None,
    error: ApprovalError | None = None,
) -> dict[str, Any]:
    """Everything on the page; `form` holds what somebody typed."""
    shown = read(approval.pk, approval.shown)
    proposed = read(approval.pk, approval.fields)
    used = shown_of(shown, proposed)
    return head_of(request, approval) | {
        "form": form or FieldsForm(proposed, orjson.loads(bytes(approval.schema))),
        "is_typed": form is not None,
        "error": error,
        "question": used[0] if used else None,
        "evidence": used[1:],
        "reasons": ReasonCode.choices,
        "idempotency_key": str(uuid4()),
        "short_hash": approval.content_hash.removeprefix("sha256:")[:8],
        "run_url": _run_url("flows:run", approval),
        "run_drawing_url": _run_url("flows:run_drawing", approval),
        "starter": name_of(approval.started_by),
        "deciders": deciders_of(approval.terms.roles),
    }


def _decided(approval: Approval) -> Decided:
    decision: Decision = approval.decision
    reason = read(approval.pk, decision.reason) if decision.reason else None
    proposed = read(approval.pk, approval.fields)
    result = read(approval.pk, decision.result) if decision.result else proposed
    changes = [
        Change(label=label_of(name), before=_text(value), after=_text(result[name]))
        for name, value in proposed.items()
    ]
    return Decided(
        name=name_of(decision.actor),
        at=decision.decided_at,
        outcome=str(decision.outcome),
        reason=reason,
        changes=changes,
        decision_hash=decision.decision_hash,
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _run_url(name: str, approval: Approval) -> str:
    """Address of a page about the run, which belongs to another app."""
    try:
        return reverse(name, args=[approval.run_id])
    except NoReverseMatch:
        return ""
