from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    change_profile,
    page,
)
from orchestrator_site.home.approvals import decision_times, find_waiting
from orchestrator_site.home.first_steps import first_steps
from orchestrator_site.home.runs import (
    RunFigures,
    broken_runs,
    count_runs,
    recent_runs,
    runs_under_way,
)
from orchestrator_site.home.words import lead, share, standing

NEEDS_ROWS, SIDE_ROWS, RECENT_ROWS = 5, 5, 8


@require_safe
@page()
def home(request: PageRequest) -> HttpResponse:
    """The whole page; as a fragment, all of it below the bar."""
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "home/_board.html" if is_part else "home/home.html"
    response = render(request, template, _board(request))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@page()
def hide_first_steps(request: PageRequest) -> HttpResponse:
    change_profile(user=request.user, hides_first_steps=True)
    return redirect("home")


def _board(request: PageRequest) -> dict[str, Any]:
    principal = request.principal
    workspace = principal.workspace
    figures, waiting = count_runs(workspace), find_waiting(principal, NEEDS_ROWS)
    return {
        "lead": lead(waiting),
        "standing": standing(figures),
        "waiting": waiting,
        "figures": figures,
        "alone_share": _alone_share(figures),
        "times": decision_times(workspace),
        "recent": recent_runs(workspace, RECENT_ROWS),
        "under_way": runs_under_way(workspace, SIDE_ROWS) if figures.under_way else [],
        "broken": broken_runs(workspace, SIDE_ROWS) if figures.broken_week else [],
        "first_steps": first_steps(principal, request.user),
        "can_edit": principal.can(Permission.FLOW_EDIT),
    }


def _alone_share(figures: RunFigures) -> str:
    return share(figures.alone, figures.succeeded) if figures.succeeded else ""
