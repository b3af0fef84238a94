"""The page on which a flow is drawn, and the forms beside the canvas."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from flows.builder import palette
from flows.builder.canvas import canvas_data
from flows.builder.completion import completion_of
from flows.builder.inspector import inspect_flow, inspect_node
from flows.errors import FlowNotFound, GraphInvalid
from flows.graph.document import graph_hash
from flows.graph.parse import parse_text
from flows.models import Flow
from flows.selectors import get_flow
from flows.selectors.sharing import find_origin
from orchestrator_site.accounts.api import PageRequest, Permission, Principal, page


def find_flow(request: PageRequest, slug: str) -> Flow:
    """The flow in the reader's workspace. Raises: Http404."""
    try:
        return get_flow(request.principal.workspace, slug)
    except FlowNotFound as error:
        raise Http404(error.message) from error


@require_safe
@page(Permission.FLOW_VIEW)
def editor(request: PageRequest, slug: str) -> HttpResponse:
    """Palette, canvas and inspector; read only for those who may not edit."""
    flow = find_flow(request, slug)
    principal = request.principal
    data = {
        **canvas_data(flow.draft_document),
        "revision": flow.draft_revision,
        "urls": _urls(slug),
        "key": f"{principal.workspace.pk}:{slug}",
    }
    context = {
        "flow": flow,
        "data": data,
        "is_changed": _is_changed(flow),
        "groups": palette.groups(),
        "can_edit": principal.can(Permission.FLOW_EDIT),
        "can_run": principal.can(Permission.RUN_START),
        "origin": find_origin(flow),
        "refusal": _publish_refusal(principal),
    }
    return render(request, "flows/editor.html", context)


def _is_changed(flow: Flow) -> bool:
    """Whether the draft says something else than the published version."""
    published = flow.published
    return published is not None and graph_hash(bytes(flow.draft)) != published.hash


def _urls(slug: str) -> dict[str, str]:
    return {
        "draft": reverse("api:flow", args=[slug]),
        "validate": reverse("api:document-validation"),
        "publish": reverse("api:publication", args=[slug]),
        "flows": reverse("api:flows"),
        "list": reverse("flows:list"),
        "runs": reverse("api:runs"),
        "runPage": reverse("flows:runs"),
        "inspector": reverse("flows:inspector", args=[slug]),
        "names": reverse("flows:names", args=[slug]),
        "run": reverse("flows:start", args=[slug]),
    }


def _publish_refusal(principal: Principal) -> str:
    """Why this person cannot publish; nothing if they can."""
    if principal.can(Permission.FLOW_PUBLISH):
        return ""
    return _(
        "Your role %(role)s changes flows but does not publish them. Ask a publisher, "
        "an admin or an owner of the workspace."
    ) % {"role": principal.role}


@require_POST
@page(Permission.FLOW_VIEW)
def inspector(request: PageRequest, slug: str) -> HttpResponse:
    """The form of a node or of the flow, from the draft as it is in the browser.

    Nothing is stored: the page takes the result into its draft, which it saves itself.
    """
    flow = find_flow(request, slug)
    document = _posted_document(request)
    if document is None:
        return HttpResponse(status=400)
    posted = request.POST if "edited" in request.POST else None
    workspace_id = request.principal.workspace.pk
    can_edit = request.principal.can(Permission.FLOW_EDIT)
    context: dict[str, Any] = {"flow": flow, "can_edit": can_edit}
    node_id = request.POST.get("node", "")
    if not node_id:
        context["settings"] = inspect_flow(workspace_id, document, posted)
        return render(request, "flows/_flow_settings.html", context)
    context["node"] = inspect_node(workspace_id, document, node_id, posted)
    if context["node"] is None:
        raise Http404
    return render(request, "flows/_inspector.html", context)


@require_POST
@page(Permission.FLOW_EDIT)
def names(request: PageRequest, slug: str) -> HttpResponse:
    """What an expression may name at a place of the draft as it is in the browser.

    `reads` says how the field is read, as its attribute data-reads does.
    """
    flow = find_flow(request, slug)
    document = _posted_document(request)
    if document is None:
        return HttpResponse(status=400)
    asked = (request.POST.get("node", ""), request.POST.get("reads", ""))
    found = completion_of(flow.workspace_id, document, *asked)
    if found is None:
        raise Http404
    return JsonResponse(found)


def _posted_document(request: PageRequest) -> dict[str, Any] | None:
    try:
        document = parse_text(request.POST.get("document", "").encode())
    except GraphInvalid:
        return None
    return document if isinstance(document, dict) else None
