"""What flows tell on the page of a model."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from flows.selectors.uses import list_uses
from flows.views.trying import find_model
from orchestrator_site.accounts.api import PageRequest, Permission, page


@require_safe
@page(Permission.MODEL_VIEW)
def uses(request: PageRequest, name: str) -> HttpResponse:
    """The flows that call a model: a section for its page, or a page of its own."""
    model = find_model(request, name)
    context = {"model": model, "uses": list_uses(request.principal.workspace, name)}
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "flows/_model_uses.html" if is_part else "flows/model_uses.html"
    return render(request, template, context)
