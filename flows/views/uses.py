"""What uses a model, and what uses a flow."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from flows.selectors.uses import list_callers, list_uses
from flows.views.editor import find_flow
from model_registry import api as registry
from orchestrator_site.accounts.api import PageRequest, Permission, page


@require_safe
@page(Permission.MODEL_VIEW)
def of_model(request: PageRequest, name: str) -> HttpResponse:
    """The tab with the flows that call it, and the models that it stands in for."""
    model = registry.find_model(request, name)
    context = registry.page_context(request, model) | {
        "uses": list_uses(request.principal.workspace, name),
        "stands_in_for": registry.list_stood_in_for(model),
    }
    return render(request, "flows/model_uses.html", context)


@require_safe
@page(Permission.MODEL_VIEW)
def of_shared_model(request: PageRequest, name: str) -> HttpResponse:
    """The same of a model of another workspace, in this one."""
    grant = registry.find_received(request, name)
    uses = list_uses(request.principal.workspace, name)
    context = registry.received_context(request, grant) | {
        "uses": () if registry.is_hidden(grant) else uses
    }
    return render(request, "flows/model_uses.html", context)


@require_safe
@page(Permission.FLOW_VIEW)
def of_flow(request: PageRequest, slug: str) -> HttpResponse:
    """The flows that run it as a subflow."""
    flow = find_flow(request, slug)
    context = {"flow": flow, "uses": list_callers(flow)}
    return render(request, "flows/flow_uses.html", context)
