"""Who else may use a model, and which models are like it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from model_registry.alike import list_alike
from model_registry.errors import GrantRefused
from model_registry.forms.evaluating import GrantForm
from model_registry.models import Grant, Model
from model_registry.received import list_copies
from model_registry.selectors import list_given
from model_registry.services.sharing import grant_model, withdraw_grant
from model_registry.views.model import find_model, page_context
from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    Question,
    ask,
    page,
)

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page(Permission.MODEL_VIEW)
def sharing(request: PageRequest, name: str) -> HttpResponse:
    """The tab."""
    model = find_model(request, name)
    context = page_context(request, model) | {
        "grants": list_given(model),
        "alike": list_alike(model),
        "copies": list_copies(model),
        "may_share": request.principal.can(Permission.MODEL_SHARE),
    }
    return render(request, "models/sharing.html", context)


@require_http_methods(METHODS)
@page(Permission.MODEL_SHARE)
def grant(request: PageRequest, name: str) -> HttpResponse:
    """Ask whom, then let them."""
    model = find_model(request, name)
    form = GrantForm(request.POST or None, principal=request.principal)
    question = Question(
        title=_("Share %s") % model.name,
        text=_("Calls from there use this workspace's credentials."),
        verb=_("Share"),
        keep=_("Not now"),
        back=_back(model),
        form=form,
    )
    if not form.is_valid():
        return ask(request, question)
    to, access = form.cleaned_data["workspace"], form.cleaned_data["access"]
    try:
        grant_model(model, to, Grant.Access(access), actor=request.principal.actor)
    except GrantRefused as error:
        form.add_error("workspace", error.message)
        return ask(request, question)
    return redirect(_back(model))


@require_http_methods(METHODS)
@page(Permission.MODEL_SHARE)
def withdraw(request: PageRequest, name: str, grant_id: UUID) -> HttpResponse:
    """Ask, then stop it."""
    model = find_model(request, name)
    found = get_object_or_404(list_given(model), pk=grant_id)
    if request.method == "POST":
        withdraw_grant(found, actor=request.principal.actor)
        return redirect(_back(model))
    question = Question(
        title=_("Stop sharing with %s?") % found.workspace.name,
        text=_("From the next call on, flows there no longer find the model."),
        verb=_("Stop"),
        keep=_("Keep it"),
        back=_back(model),
        is_harmful=True,
    )
    return ask(request, question)


def _back(model: Model) -> str:
    return reverse("model_work:sharing", args=[model.name])
