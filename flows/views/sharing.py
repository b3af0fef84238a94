"""Who else may read and copy a flow, and the flows that others let this workspace copy."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from flows.errors import FlowGrantRefused
from flows.forms import FlowForm
from flows.models import Flow, FlowGrant
from flows.nodes.registry import NODE_TYPES
from flows.selectors.sharing import (
    find_origin,
    find_shared_flow,
    list_flow_copies,
    list_flow_grants,
)
from flows.services.publishing import problems_of
from flows.services.runs import version_document
from flows.services.sharing import (
    copy_flow,
    grant_flow,
    published_of,
    withdraw_flow_grant,
)
from flows.views.editor import find_flow
from flows.views.json_text import JsonText
from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    Question,
    ShareForm,
    ask,
    page,
)

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page(Permission.FLOW_VIEW)
def sharing(request: PageRequest, slug: str) -> HttpResponse:
    """Who may copy it, who did, and where it was copied from itself."""
    flow = find_flow(request, slug)
    context = {
        "flow": flow,
        "grants": list_flow_grants(flow),
        "copies": list_flow_copies(flow),
        "origin": find_origin(flow),
        "may_share": request.principal.can(Permission.FLOW_SHARE),
    }
    return render(request, "flows/flow_sharing.html", context)


@require_http_methods(METHODS)
@page(Permission.FLOW_SHARE)
def grant(request: PageRequest, slug: str) -> HttpResponse:
    """Ask whom, then let them."""
    flow = find_flow(request, slug)
    form = ShareForm(request.POST or None, principal=request.principal)
    question = Question(
        title=_("Share %s") % flow.name,
        text=_("They read and copy what is published, also later versions."),
        verb=_("Share"),
        keep=_("Not now"),
        back=_back(flow),
        form=form,
    )
    if not form.is_valid():
        return ask(request, question)
    try:
        to = form.cleaned_data["workspace"]
        grant_flow(flow, to, actor=request.principal.actor)
    except FlowGrantRefused as error:
        form.add_error("workspace", error.message)
        return ask(request, question)
    return redirect(_back(flow))


@require_http_methods(METHODS)
@page(Permission.FLOW_SHARE)
def withdraw(request: PageRequest, slug: str, grant_id: UUID) -> HttpResponse:
    """Ask, then stop it."""
    flow = find_flow(request, slug)
    found = get_object_or_404(list_flow_grants(flow), pk=grant_id)
    if request.method == "POST":
        withdraw_flow_grant(found, actor=request.principal.actor)
        return redirect(_back(flow))
    question = Question(
        title=_("Stop sharing with %s?") % found.workspace.name,
        text=_("They no longer read the flow. What they copied stays with them."),
        verb=_("Stop"),
        keep=_("Keep it"),
        back=_back(flow),
        is_harmful=True,
    )
    return ask(request, question)


@require_safe
@page(Permission.FLOW_VIEW)
def shared(request: PageRequest, grant_id: UUID) -> HttpResponse:
    """What another workspace shares, and what a copy of it would lack here."""
    found = _find(request, grant_id)
    document = version_document(published_of(found))
    workspace = request.principal.workspace
    context = {
        "grant": found,
        "flow": found.flow,
        "version": published_of(found),
        "nodes": [_row(node) for node in document["nodes"]],
        "problems": problems_of(workspace.pk, document, is_draft=True),
        "document": JsonText(document),
        "may_copy": request.principal.can(Permission.FLOW_EDIT),
    }
    return render(request, "flows/shared_flow.html", context)


@require_http_methods(METHODS)
@page(Permission.FLOW_EDIT)
def copy(request: PageRequest, grant_id: UUID) -> HttpResponse:
    """Ask for a short name, then make a flow of it."""
    found, principal = _find(request, grant_id), request.principal
    form = FlowForm(request.POST or None, workspace=principal.workspace)
    question = Question(
        title=_("Copy %(name)s of %(workspace)s?")
        % {"name": found.flow.name, "workspace": found.flow.workspace.name},
        text=_(
            "It becomes a draft here. Models, people and services are those of here."
        ),
        verb=_("Copy"),
        keep=_("Not now"),
        back=reverse("flows:shared_flow", args=[grant_id]),
        form=form,
    )
    if request.method != "POST" or not form.is_valid():
        return ask(request, question)
    try:
        slug = form.free_slug(found.flow.name)
        made = copy_flow(found, slug=slug, actor=principal.actor)
    except IntegrityError:
        form.add_error(
            "slug", _("The short name was taken just now. Choose another one.")
        )
        return ask(request, question)
    messages.success(request, _("Copied as a draft: %s") % made.name)
    return redirect("flows:editor", made.slug)


def _find(request: PageRequest, grant_id: UUID) -> FlowGrant:
    found = find_shared_flow(request.principal.workspace, grant_id)
    if found is None:
        raise Http404
    return found


def _row(node: dict[str, Any]) -> dict[str, Any]:
    """A node, and what of its workspace it names."""
    config = node.get("config", {})
    kind = NODE_TYPES.get(node["type"])
    return {
        "label": node.get("label") or node["id"],
        "type": kind.label if kind else node["type"],
        "names": config.get("model") or config.get("flow") or config.get("url") or "",
    }


def _back(flow: Flow) -> str:
    return reverse("flows:sharing", args=[flow.slug])
