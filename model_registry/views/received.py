"""A model that another workspace shares with this one: to look at, and to copy."""

from typing import Any

import yaml
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from model_registry.card import card_html
from model_registry.documents import manifest_document
from model_registry.errors import CopyRefused, ManifestInvalid, UnknownModel
from model_registry.forms.evaluating import CopyForm
from model_registry.forms.fields import mark_errors
from model_registry.models import Grant, Model, ModelVersion
from model_registry.present import in_order, review_of, scale_of, state_of
from model_registry.received import get_received, is_hidden, list_callable
from model_registry.services.copying import copy_model
from model_registry.services.describing import set_owner
from model_registry.views.model import pretty
from model_registry.views.tabs import RECEIVED_TABS, links_of
from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    Question,
    ask,
    page,
)

METHODS = ["GET", "HEAD", "POST"]


def find_received(request: PageRequest, name: str) -> Grant:
    """What the active workspace may use of another. Raises: Http404."""
    try:
        return get_received(request.principal.workspace, name)
    except UnknownModel as error:
        raise Http404(error.message) from error


def received_context(request: PageRequest, grant: Grant) -> dict[str, Any]:
    """What models/_page.html needs of a model that is another workspace's."""
    model, principal = grant.model, request.principal
    aliases = in_order(model.aliases.all())
    may_copy = grant.access == Grant.Access.COPY and model.kind == Model.Kind.MODEL
    return {
        "model": model,
        "grant": grant,
        "is_person": model.kind != Model.Kind.MODEL,
        "aliases": aliases,
        "state": state_of(aliases[0].version.standing.status) if aliases else "",
        "tabs": links_of(model, principal, request.path, RECEIVED_TABS),
        "may_copy": may_copy and principal.can(Permission.MODEL_REGISTER),
    }


@require_safe
@page(Permission.MODEL_VIEW)
def overview(request: PageRequest, name: str) -> HttpResponse:
    """What it does, what it may be used for, and what its aliases point at."""
    grant = find_received(request, name)
    model = grant.model
    context = received_context(request, grant) | {
        "rows": [_row(grant, version) for version in list_callable(model)],
        "review": review_of(model),
        "scale": scale_of(model),
        "is_hidden": is_hidden(grant),
    }
    return render(request, "models/received.html", context)


@require_safe
@page(Permission.MODEL_VIEW)
def card(request: PageRequest, name: str) -> HttpResponse:
    """What its people say about it."""
    grant = find_received(request, name)
    context = received_context(request, grant) | {"card": card_html(grant.model.card)}
    return render(request, "models/card.html", context)


@require_safe
@page(Permission.MODEL_VIEW)
def schemas(request: PageRequest, name: str) -> HttpResponse:
    """What it takes and gives."""
    grant = find_received(request, name)
    context = received_context(request, grant) | {
        "input_schema": pretty(grant.model.input_schema),
        "output_schema": pretty(grant.model.output_schema),
    }
    return render(request, "models/schemas.html", context)


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def copy(request: PageRequest, name: str) -> HttpResponse:
    """Ask what the copy is called, then register it."""
    grant = find_received(request, name)
    aliases = [alias.name for alias in in_order(grant.model.aliases.all())]
    form = CopyForm(request.POST or None, aliases=aliases, name=f"{name[:59]}-copy")
    question = _copy_question(grant, form)
    if request.method != "POST" or not form.is_valid():
        mark_errors(form)
        return ask(request, question)
    principal = request.principal
    try:
        version = copy_model(grant, actor=principal.actor, **form.cleaned_data)
    except (CopyRefused, ManifestInvalid) as error:
        form.add_error("name", error.message)
        mark_errors(form)
        return ask(request, question)
    set_owner(version.model, principal.user, actor=principal.actor)
    messages.success(request, _("Copied as %s: a draft") % version.model.name)
    return redirect("models:version", version.model.name, version.number)


def _row(grant: Grant, version: ModelVersion) -> dict[str, Any]:
    """A version as far as the workspace may see it."""
    version.model = grant.model
    settings = ""
    if grant.access == Grant.Access.COPY and version.adapter:
        document = manifest_document(version)
        settings = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return {
        "version": version,
        "aliases": in_order(version.aliases.all()),
        "state": state_of(version.standing.status),
        "manifest": settings,
    }


def _copy_question(grant: Grant, form: CopyForm) -> Question:
    credentials = {
        str(version.settings["credential"])
        for version in list_callable(grant.model)
        if version.settings.get("credential")
    }
    text = _("It becomes a draft here, which a second person approves.")
    if credentials and grant.access == Grant.Access.COPY:
        said = _("Its credential does not come with it: set one named %s here.")
        text = f"{text} {said % ', '.join(sorted(credentials))}"
    return Question(
        title=_("Copy %(name)s of %(workspace)s?")
        % {"name": grant.name, "workspace": grant.model.workspace.name},
        text=text,
        verb=_("Copy"),
        keep=_("Not now"),
        back=reverse("shared_models:model", args=[grant.name]),
        form=form,
    )
