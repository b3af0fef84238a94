"""Starting a run from the builder."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from flows.builder.run_form import blank_form, read_input, with_error
from flows.errors import FlowError, GraphInvalid, InputInvalid
from flows.models import Flow, Run
from flows.selectors import has_live_worker
from flows.services.publishing import snapshot_draft
from flows.services.runs import RunRequest, start_run, version_document
from flows.views.editor import find_flow
from orchestrator_site.accounts.api import PageRequest, Permission, new_id, page


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.RUN_START)
def start(request: PageRequest, slug: str) -> HttpResponse:
    """A form made from the input schema; starts the draft or the published version."""
    flow = find_flow(request, slug)
    of_draft = _is_of_draft(request, flow)
    schema = _input_schema(flow, of_draft=of_draft)
    context: dict[str, Any] = {
        "flow": flow,
        "of_draft": of_draft,
        "has_worker": has_live_worker(),
        # Sent twice, the form starts one run.
        "key": request.POST.get("key") or str(new_id()),
    }
    if request.method != "POST":
        return _answer(request, {**context, "form": blank_form(schema)})
    value, form = read_input(schema, request.POST)
    if "add" in request.POST or "remove" in request.POST:
        return _answer(request, {**context, "form": form})
    try:
        run = _start(request, flow, value, of_draft=of_draft)
    except InputInvalid as error:
        form = with_error(form, error)
        return _answer(request, {**context, "form": form, "error": error}, status=422)
    except GraphInvalid as error:
        shown = {"form": form, "graph_error": error}
        return _answer(request, {**context, **shown}, status=422)
    except FlowError as error:
        shown = {"form": form, "refusal": error.message}
        return _answer(request, {**context, **shown}, status=error.http_status)
    return _started(request, flow, run)


def _is_of_draft(request: PageRequest, flow: Flow) -> bool:
    """What is asked for; a flow that is not published has only its draft."""
    asked = request.POST.get("of") or request.GET.get("of")
    return asked == "draft" or flow.published is None


def _input_schema(flow: Flow, *, of_draft: bool) -> dict[str, Any]:
    if of_draft or flow.published is None:
        document = flow.draft_document
    else:
        document = version_document(flow.published)
    schema: dict[str, Any] = document["input_schema"]
    return schema


def _start(request: PageRequest, flow: Flow, value: object, *, of_draft: bool) -> Run:
    return start_run(
        RunRequest(
            flow=flow,
            input=value,
            actor=request.principal.actor,
            snapshot=snapshot_draft(flow).pk if of_draft else None,
            idempotency_key=request.POST.get("key") or None,
        )
    ).run


def _started(request: PageRequest, flow: Flow, run: Run) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        response = HttpResponse(status=204)
        return trigger_client_event(response, "flow:run-started", {"id": str(run.pk)})
    return redirect("flows:run", run.pk)


def _answer(
    request: PageRequest, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "flows/_run_form.html" if is_part else "flows/run_form.html"
    return render(request, template, context, status=status)
