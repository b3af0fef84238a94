"""The list of flows, and the ways to begin one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from flows.demo import read_demo_flows
from flows.forms import FlowForm, ImportForm, NewFlowForm
from flows.models import Flow
from flows.selectors import standing_of
from flows.selectors.overview import list_flows_with_runs
from flows.selectors.sharing import list_shared_flows
from flows.services.drafts import create_flow
from model_registry.api import register_builtin
from orchestrator_site.accounts.api import PageRequest, Permission, page

FLOWS_PER_PAGE = 50


@require_safe
@page(Permission.FLOW_VIEW)
def flow_list(request: PageRequest) -> HttpResponse:
    """All flows of the workspace; as a fragment, the table alone."""
    workspace = request.principal.workspace
    flows = list_flows_with_runs(workspace)
    asked = request.GET.get("q", "").strip()
    if asked:
        flows = flows.filter(name__icontains=asked)
    shown = Paginator(flows, FLOWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "flows": shown,
        "states": standing_of(_last_runs(shown)),
        "shared": list_shared_flows(workspace),
        "asked": asked,
        "can_edit": request.principal.can(Permission.FLOW_EDIT),
    }
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "flows/_flow_table.html" if is_part else "flows/flow_list.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.FLOW_EDIT)
def new(request: PageRequest) -> HttpResponse:
    """A flow with a request and an answer, to draw on."""
    form = NewFlowForm(request.POST or None, workspace=request.principal.workspace)
    if form.is_valid() and (flow := _create(request, form, form.document)):
        return redirect("flows:editor", flow.slug)
    return _form(request, "flows/flow_new.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.FLOW_EDIT)
def import_(request: PageRequest) -> HttpResponse:
    """A flow from a document; one that is no flow says why and stays on the page."""
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        workspace=request.principal.workspace,
    )
    if form.is_valid() and (flow := _create(request, form, form.document)):
        return redirect("flows:editor", flow.slug)
    return _form(request, "flows/flow_import.html", form)


@require_POST
@page(Permission.FLOW_EDIT)
def use_example(request: PageRequest, name: str) -> HttpResponse:
    """A copy of a flow that ships, with the models that it calls."""
    document = read_demo_flows().get(name)
    if document is None:
        raise Http404
    principal = request.principal
    if principal.can(Permission.MODEL_REGISTER):
        register_builtin(principal.workspace, principal.actor)
    form = FlowForm({"slug": ""}, workspace=principal.workspace)
    form.full_clean()
    flow = _create(request, form, document)
    if flow is None:
        return redirect("flows:list")
    return redirect("flows:editor", flow.slug)


def _last_runs(flows: Iterable[Any]) -> list[tuple[UUID, str]]:
    """Id and status of the last run of each flow that has one."""
    return [(flow.last_run_id, flow.last_status) for flow in flows if flow.last_run_id]


def _create(
    request: PageRequest, form: FlowForm, document: dict[str, Any]
) -> Flow | None:
    """Create the flow; None if somebody took its slug just now."""
    principal = request.principal
    slug = form.free_slug(str(document["name"]))
    try:
        return create_flow(
            principal.workspace, slug=slug, document=document, actor=principal.actor
        )
    except IntegrityError:
        form.add_error(
            "slug", _("The short name was taken just now. Choose another one.")
        )
        return None


def _form(request: PageRequest, template: str, form: FlowForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form}, status=status)
