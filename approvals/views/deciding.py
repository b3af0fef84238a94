"""Deciding, claiming and releasing: POST only."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from approvals.content import read
from approvals.errors import (
    ApprovalError,
    FieldsInvalid,
    MayNotDecide,
    ReasonMissing,
)
from approvals.forms import FieldsForm
from approvals.models import Approval, Outcome
from approvals.selectors import find_next
from approvals.services import claiming
from approvals.services.deciding import Reason, Receipt, Verdict, decide
from approvals.views.answering import is_part
from approvals.views.review import context_of, find, render_status
from orchestrator_site.accounts.api import PageRequest, Permission, page

Change = Callable[[PageRequest, UUID], None]
DONE = {
    Outcome.APPROVED: gettext_lazy("Approved: %(title)s"),
    Outcome.EDITED: gettext_lazy("Approved with changes: %(title)s"),
    Outcome.REJECTED: gettext_lazy("Rejected: %(title)s"),
}


class DecisionForm(forms.Form):
    """What the buttons of the page send beside the fields."""

    outcome = forms.ChoiceField(choices=[("approved", ""), ("rejected", "")])
    content_hash = forms.CharField(max_length=71)
    idempotency_key = forms.CharField(max_length=200)
    dwell_ms = forms.IntegerField(required=False, min_value=0)
    reason_code = forms.CharField(required=False, max_length=20)
    reason_text = forms.CharField(required=False, max_length=2000)


@require_POST
@page(Permission.APPROVAL_DECIDE)
def decision(request: PageRequest, approval_id: UUID) -> HttpResponseBase:
    approval = find(request, approval_id)
    sent = DecisionForm(request.POST)
    if not sent.is_valid():
        return HttpResponse(
            _("This is not a decision. Load the page again."), status=400
        )
    proposed = read(approval.pk, approval.fields)
    form = FieldsForm(proposed, orjson.loads(bytes(approval.schema)), request.POST)
    is_approval = sent.cleaned_data["outcome"] == "approved"
    if is_approval and not form.is_valid():
        return _refuse(request, approval, form, None)
    fields = form.changed() if is_approval else None
    try:
        verdict = _verdict(sent.cleaned_data, fields)
        receipt = decide(approval.pk, verdict, principal=request.principal)
    except ApprovalError as error:
        return _refuse(request, find(request, approval_id), form, error)
    return _go_on(request, approval, receipt)


def _verdict(sent: dict[str, Any], fields: dict[str, Any] | None) -> Verdict:
    reason = Reason(sent["reason_code"], sent["reason_text"])
    return Verdict(
        outcome=sent["outcome"],
        content_hash=sent["content_hash"],
        idempotency_key=sent["idempotency_key"],
        fields=fields,
        reason=reason if sent["outcome"] == "rejected" else None,
        dwell_ms=sent["dwell_ms"] or 0,
    )


def _refuse(
    request: PageRequest,
    approval: Approval,
    form: FieldsForm,
    error: ApprovalError | None,
) -> HttpResponse:
    """The page again, with what was typed and what to do."""
    if isinstance(error, MayNotDecide):
        raise PermissionDenied(error.message)
    if isinstance(error, FieldsInvalid):
        form.show_error(error)
    is_in_place = isinstance(error, FieldsInvalid | ReasonMissing)
    context = context_of(
        request, approval, form=form, error=None if is_in_place else error
    )
    context["asks_reason"] = isinstance(error, ReasonMissing)
    context["is_fragment"] = is_part(request)
    template = "approvals/_review.html" if is_part(request) else "approvals/review.html"
    code = error.http_status if error else 422
    return render(request, template, context, status=code)


def _go_on(
    request: PageRequest, approval: Approval, receipt: Receipt
) -> HttpResponseBase:
    """To the next one that waits, or back to the queue."""
    text = str(DONE[Outcome(receipt.outcome)])
    messages.success(request, text % {"title": approval.title})
    following = find_next(request.principal, approval.pk)
    url = (
        resolve_url("approvals:review", following)
        if following
        else resolve_url("approvals:queue")
    )
    return HttpResponseClientRedirect(url) if is_part(request) else redirect(url)


@require_POST
@page(Permission.APPROVAL_DECIDE)
def claim(request: PageRequest, approval_id: UUID) -> HttpResponse:
    return _answer(request, approval_id, _claim)


@require_POST
@page(Permission.APPROVAL_DECIDE)
def release(request: PageRequest, approval_id: UUID) -> HttpResponse:
    return _answer(request, approval_id, _release)


def _claim(request: PageRequest, approval_id: UUID) -> None:
    take_from = request.POST.get("take_from") or None
    claiming.claim(approval_id, principal=request.principal, take_from=take_from)


def _release(request: PageRequest, approval_id: UUID) -> None:
    claiming.release(approval_id, principal=request.principal)


def _answer(request: PageRequest, approval_id: UUID, change: Change) -> HttpResponse:
    find(request, approval_id)
    error = None
    try:
        change(request, approval_id)
    except ApprovalError as refused:
        error = refused
    if not is_part(request):
        if error:
            messages.error(request, error.message)
        return redirect("approvals:review", approval_id)
    return render_status(request, find(request, approval_id), error)
