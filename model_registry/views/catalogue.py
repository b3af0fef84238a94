"""The list of models, people and teams."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from model_registry.governance import Status
from model_registry.listing import (
    count_drafts,
    list_tags,
    page_of_models,
    summarise,
)
from model_registry.models import Grant, Model
from model_registry.present import model_row
from model_registry.present_figures import glances_of
from model_registry.received import grants_by_model
from model_registry.selectors import EVERYTHING, ModelFilter
from model_registry.services.registering import register_builtin
from orchestrator_site.accounts.api import PageRequest, Permission, page

PAGE = 50
LONGEST = 64
KINDS: dict[str, str | Promise] = {
    Model.Kind.MODEL: gettext_lazy("Models"),
    Model.Kind.PERSON: gettext_lazy("People"),
    Model.Kind.TEAM: gettext_lazy("Teams"),
}
STATUSES: dict[str, str | Promise] = {
    Status.DRAFT: gettext_lazy("Needs approval"),
    Status.APPROVED: gettext_lazy("Approved"),
    Status.SUSPENDED: gettext_lazy("Suspended"),
    Status.RETIRED: gettext_lazy("Retired"),
}


@require_safe
@page(Permission.MODEL_VIEW)
@vary_on_headers("HX-Request")
def models(request: PageRequest) -> HttpResponse:
    """All entries of the workspace; as a fragment, without the frame."""
    htmx = HtmxDetails(request)
    is_part = bool(htmx) and not htmx.history_restore_request
    template = "models/_list.html" if is_part else "models/list.html"
    return render(request, template, _context(request))


@require_POST
@page(Permission.MODEL_REGISTER)
def use_shipped(request: PageRequest) -> HttpResponse:
    """Register the models that come with Baton."""
    principal = request.principal
    versions = register_builtin(principal.workspace, principal.actor)
    messages.success(request, _("Registered: %d models that ship") % len(versions))
    return redirect("models:list")


def _context(request: PageRequest) -> dict[str, Any]:
    workspace = request.principal.workspace
    asked = _read(request.GET)
    number = request.GET.get("page")
    there = summarise(workspace)
    shown = page_of_models(
        workspace, asked, number=number, size=PAGE, total=there.total
    )
    return {
        "asked": asked,
        "is_filtered": asked != EVERYTHING,
        "page": shown,
        **_rows(shown, grants_by_model(workspace, shown)),
        "total": there.total,
        "drafts": count_drafts(workspace),
        "capabilities": there.capabilities,
        "tags": list_tags(workspace),
        "kinds": KINDS,
        "statuses": STATUSES,
        "query": _rest(request.GET),
        "may_register": request.principal.can(Permission.MODEL_REGISTER),
    }


def _rows(shown: Iterable[Model], grants: Mapping[UUID, Grant]) -> dict[str, Any]:
    """The rows, and of own ones what was called and how it is; three queries for all."""
    rows = [model_row(model, grants.get(model.pk)) for model in shown]
    own = [row for row in rows if row.grant is None]
    return {"rows": rows, "glances": glances_of(own)}


def _read(query: QueryDict) -> ModelFilter:
    kind, status = query.get("kind", ""), query.get("status", "")
    return ModelFilter(
        search=query.get("q", "").strip()[:LONGEST],
        capability=query.get("capability", "")[:LONGEST],
        kind=kind if kind in KINDS else "",
        tag=query.get("tag", "")[:LONGEST],
        status=status if status in STATUSES else "",
    )


def _rest(query: QueryDict) -> str:
    """The filters, for the addresses of other pages of the list."""
    given = {k: v for k, v in query.items() if v and k != "page"}
    return f"&{urlencode(given)}" if given else ""
