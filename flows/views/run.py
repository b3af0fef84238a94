"""The page of one run, and what can be done to it there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from flows.describe import name_of
from flows.errors import RunEnded, RunNotFound
from flows.evidence import find_run_head
from flows.models import Run
from flows.selectors import Payloads, actor_names, get_run, runs_being_cancelled
from flows.services.runs import RunRequest, start_run
from flows.services.steering import request_cancel
from flows.views.answering import answer, is_fragment
from flows.views.filters import address
from flows.views.run_page import RunPage
from flows.views.runs import row_of
from orchestrator_site.accounts.api import PageRequest, Permission, new_id, page
from orchestrator_site.ledger.api import PayloadBroken, verify_chain

VIEWS = ("steps", "values", "events")


@require_safe
@page(Permission.RUN_VIEW)
def run(request: PageRequest, run_id: UUID) -> HttpResponse:
    """A run: drawing, steps, the selected step, values and story."""
    context = _context(request, find_run(request, run_id))
    return answer(request, "flows/run.html", "flows/_run_changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.RUN_CANCEL)
def cancellation(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Ask whether to cancel a run, then ask its worker to."""
    found = find_run(request, run_id)
    refusal = ""
    if request.method == "POST":
        try:
            request_cancel(found, actor=request.principal.actor)
        except RunEnded:
            refusal = _("The run had ended before. Nothing was cancelled.")
        else:
            messages.success(request, _("Asked the worker to cancel the run."))
            return redirect(_way_back(request) or reverse("flows:run", args=[run_id]))
    context = {"run": found, "refusal": refusal, "next": _way_back(request)}
    response = answer(
        request, "flows/run_cancellation.html", "flows/_run_cancellation.html", context
    )
    response.status_code = 409 if refusal else 200
    return response


@require_POST
@page(Permission.RUN_START)
def repetition(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Start a run of the same version with the same input."""
    found = find_run(request, run_id)
    try:
        value = Payloads(found.pk, [found.input]).value(found.input)
    except (PayloadBroken, KeyError) as error:
        raise Http404(_("The input of this run was erased or damaged.")) from error
    started = start_run(
        RunRequest(
            flow=found.flow,
            input=value,
            actor=request.principal.actor,
            snapshot=found.version_id,
            # The button's own key: pressed twice, it starts one run.
            idempotency_key=request.POST.get("key") or None,
        )
    )
    messages.success(request, _("Started the run again with the same input."))
    return redirect("flows:run", started.run.pk)


@require_POST
@page(Permission.AUDIT_VERIFY)
def verification(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Read the run's chain again and say whether it holds."""
    found = find_run(request, run_id)
    verified = verify_chain(found.pk, find_run_head)
    context = {"verified": verified, "verified_at": timezone.now(), "run": found}
    if is_fragment(request):
        return render(request, "flows/_run_verified.html", context)
    return render(request, "flows/run.html", {**_context(request, found), **context})


def find_run(request: PageRequest, run_id: UUID) -> Run:
    """The workspace's run. Raises: Http404."""
    try:
        return get_run(request.principal.workspace, run_id)
    except RunNotFound as error:
        raise Http404(str(error)) from error


def _context(request: PageRequest, found: Run) -> dict[str, Any]:
    asked = request.GET
    view = asked.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    attempt = asked.get("attempt", "")
    shown = RunPage(
        found,
        selected=asked.get("step", ""),
        attempt=int(attempt) if attempt.isdecimal() else None,
    )
    names = {**shown.names, **actor_names([found.started_by])}
    cancelling = found.pk in runs_being_cancelled([found.pk])
    path = reverse("flows:run", args=[found.pk])
    selection = {"step": asked.get("step", ""), "attempt": attempt}
    starter = name_of(found.started_by, names)
    return {
        "page": shown,
        "run": found,
        "row": row_of(request, found, starter, cancelling=cancelling),
        "view": view,
        "url": address(path, {**selection, "view": asked.get("view", "")}),
        "view_urls": {
            name: address(path, {**selection, "view": name}) for name in VIEWS
        },
        "closed_url": address(path, {"view": asked.get("view", "")}),
        "kept_view": asked.get("view", ""),
        "review_url": _review_url(shown.waiting_approval),
        "may_run": request.principal.can(Permission.RUN_START),
        "may_verify": request.principal.can(Permission.AUDIT_VERIFY),
        "key": f"again-{new_id()}",
    }


def _review_url(approval_id: str) -> str:
    """Where the approval is decided; empty as long as there is no such page."""
    if not approval_id:
        return ""
    try:
        return reverse("approvals:review", args=[approval_id])
    except NoReverseMatch:
        return ""


def _way_back(request: PageRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else ""
