"""The page of a model: its versions and its record, its card, its schemas."""

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from model_registry.card import card_html
from model_registry.errors import UnknownModel
from model_registry.governance import Status
from model_registry.live import topic_of
from model_registry.models import Model
from model_registry.present import (
    VersionRow,
    in_order,
    review_of,
    scale_of,
    state_of,
    version_rows,
    who_of,
)
from model_registry.selectors import get_model, list_moves, list_versions
from model_registry.views.figures import model_context
from model_registry.views.tabs import links_of
from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    actor_names,
    page,
)
from orchestrator_site.shell.actors import name_of

VERSIONS = 25
MOVES = 5


def find_model(request: PageRequest, name: str) -> Model:
    """An own model of the active workspace. Raises: Http404."""
    try:
        return get_model(request.principal.workspace, name)
    except UnknownModel as error:
        raise Http404(error.message) from error


def page_context(request: PageRequest, model: Model) -> dict[str, Any]:
    """What models/_page.html needs, whatever the tab."""
    aliases = in_order(model.aliases.all())
    status = (
        aliases[0].version.standing.status if aliases else model.last_status  # type: ignore[attr-defined]
    )
    can = request.principal.can
    return {
        "model": model,
        "is_person": model.kind != Model.Kind.MODEL,
        "aliases": aliases,
        "state": state_of(status),
        "tabs": links_of(model, request.principal, request.path),
        "topic": topic_of(model.pk),
        "may_register": can(Permission.MODEL_REGISTER),
        "may_approve": can(Permission.MODEL_APPROVE),
        "may_move": can(Permission.MODEL_MOVE_ALIAS),
    }


@require_safe
@page(Permission.MODEL_VIEW)
def overview(request: PageRequest, name: str) -> HttpResponse:
    """Versions, the governance record, and where the aliases went."""
    model = find_model(request, name)
    versions = Paginator(list_versions(model), VERSIONS)
    shown = versions.get_page(request.GET.get("page"))
    rows = version_rows(shown, request.principal)
    moves = list(list_moves(model)[:MOVES])
    names = actor_names({move.moved_by for move in moves})
    context = page_context(request, model)
    context |= model_context(request, model, context["aliases"])
    context |= {
        "page": shown,
        "rows": rows,
        "waiting": _waiting(request, rows),
        "moves": [(move, name_of(move.moved_by, names)) for move in moves],
        "review": review_of(model),
        "scale": scale_of(model),
        "who": who_of(model),
        "today": timezone.localdate(),
    }
    return render(request, "models/overview.html", context)


@require_safe
@page(Permission.MODEL_VIEW)
def card(request: PageRequest, name: str) -> HttpResponse:
    """What people say about a model."""
    model = find_model(request, name)
    context = page_context(request, model) | {"card": card_html(model.card)}
    return render(request, "models/card.html", context)


@require_safe
@page(Permission.MODEL_VIEW)
def schemas(request: PageRequest, name: str) -> HttpResponse:
    """What a model takes and gives, which never changes."""
    model = find_model(request, name)
    context = page_context(request, model) | {
        "input_schema": pretty(model.input_schema),
        "output_schema": pretty(model.output_schema),
    }
    return render(request, "models/schemas.html", context)


def pretty(value: object) -> str:
    """JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def _waiting(request: PageRequest, rows: list[VersionRow]) -> dict[str, Any] | None:
    """The newest version if it waits for a second person, and who that may be."""
    if not rows or rows[0].version.standing.status != Status.DRAFT:
        return None
    principal = request.principal
    return {
        "row": rows[0],
        "is_own": rows[0].version.created_by == principal.actor,
        "may": any(way.status == Status.APPROVED for way in rows[0].ways),
    }
