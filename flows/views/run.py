"""The page of one run."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from flows.evidence import find_run_head
from flows.models import Run, RunStatus
from flows.selectors import Payloads
from flows.services.runs import RunRequest, start_run
from flows.views.answering import answer, is_fragment
from flows.views.run_address import VIEWS, RunAddress
from flows.views.run_page import RunPage
from flows.views.runs import rows_of
from flows.views.steering import find_run
from orchestrator_site.accounts.api import PageRequest, Permission, new_id, page
from orchestrator_site.ledger.api import PayloadBroken, verify_chain


@require_safe
@page(Permission.RUN_VIEW)
def run(request: PageRequest, run_id: UUID) -> HttpResponse:
    """A run: drawing, steps, the selected step, values and story."""
    context = _context(request, find_run(request, run_id))
    return answer(request, "flows/run.html", "flows/_run_changes.html", context)


@require_safe
@page(Permission.RUN_VIEW)
def drawing(request: PageRequest, run_id: UUID) -> HttpResponse:
    """The drawing alone, for a page about one step of the run."""
    found = find_run(request, run_id)
    here = RunAddress.read(reverse("flows:run", args=[found.pk]), request.GET)
    [row] = rows_of(request, [found])
    context = {"page": RunPage(found, here), "run": found, "row": row}
    return render(request, "flows/_run_so_far.html", context)


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


def _context(request: PageRequest, found: Run) -> dict[str, Any]:
    here = RunAddress.read(reverse("flows:run", args=[found.pk]), request.GET)
    shown = RunPage(found, here)
    [row] = rows_of(request, [found])
    principal, is_open = request.principal, found.ended_at is None
    may_steer = is_open and principal.can(Permission.RUN_STEER)
    is_paused = found.status == RunStatus.PAUSED
    can_pause = found.status not in (RunStatus.PAUSED, RunStatus.POISONED)
    return {
        "page": shown,
        "run": found,
        "row": row,
        "view": here.shown,
        "url": str(here),
        "view_urls": {name: str(here.show(name)) for name in VIEWS},
        "closed_url": str(here.select("")),
        "review_url": _review_url(shown.approvals, here.step),
        "may_run": principal.can(Permission.RUN_START),
        "may_steer": may_steer,
        "may_pause": may_steer and can_pause and row.asked == "",
        "may_resume": may_steer and is_paused and row.asked in ("", "pause"),
        "may_release": may_steer
        and found.status == RunStatus.POISONED
        and row.asked == "",
        "may_signal": is_open and principal.can(Permission.RUN_SIGNAL),
        "may_verify": principal.can(Permission.AUDIT_VERIFY),
        "key": f"again-{new_id()}",
    }


def _review_url(approvals: dict[str, str], selected: str) -> str:
    """Where the selected step's approval, or the first, is decided; empty without one."""
    asked = approvals.get(selected) or next(iter(approvals.values()), "")
    if not asked:
        return ""
    try:
        return reverse("approvals:review", args=[asked])
    except NoReverseMatch:
        return ""
