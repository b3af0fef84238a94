"""Steering a run from its page: what is asked is done by the worker that holds it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from flows.describe import step_name
from flows.engine.addresses import read_address
from flows.errors import FlowError, RunNotFound
from flows.forms import ResolutionForm, SignalForm
from flows.graph.parse import parse
from flows.models import Run
from flows.nodes.registry import NODE_TYPES
from flows.selectors import get_run
from flows.selectors.steps import list_waits
from flows.services.runs import version_document
from flows.services.signals import Event, signal_run
from flows.services.steering import (
    request_cancel,
    request_cancel_step,
    request_pause,
    request_release,
    request_resume,
    resolve_doubt,
)
from flows.views.answering import answer, is_fragment
from flows.views.boxes import label_of
from orchestrator_site.accounts.api import PageRequest, Permission, new_id, page

Words = str | Promise
FORM = "question_form"
ASKING = ["GET", "HEAD", "POST"]


@require_POST
@page(Permission.RUN_STEER)
def pause(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Ask the worker to start nothing more for now."""
    run = find_run(request, run_id)
    said = _("Asked the worker to pause the run. What is under way still ends.")
    return _steer(request, run, request_pause, said)


@require_POST
@page(Permission.RUN_STEER)
def resume(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Ask the worker to let a paused run go on."""
    run = find_run(request, run_id)
    return _steer(
        request, run, request_resume, _("Asked the worker to let the run go on.")
    )


@require_POST
@page(Permission.RUN_STEER)
def release(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Let workers try a run again that was set aside."""
    run = find_run(request, run_id)
    said = _("Released the run. A worker takes it up again.")
    return _steer(request, run, request_release, said)


@require_http_methods(ASKING)
@page(Permission.RUN_CANCEL)
def cancellation(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Ask whether to cancel a run, then ask its worker to."""
    run = find_run(request, run_id)
    context = {FORM: "flows/_run_cancellation_form.html"}
    if request.method != "POST":
        return _ask(request, run, context)
    try:
        request_cancel(run, actor=request.principal.actor)
    except FlowError as error:
        return _refuse(request, run, context, error)
    return _done(request, run, _("Asked the worker to cancel the run."))


@require_http_methods(ASKING)
@page(Permission.RUN_STEER)
def step_cancellation(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Ask whether to give up one step, or all of an item or round."""
    run = find_run(request, run_id)
    context = {FORM: "flows/_step_cancellation_form.html", **_step(request, run)}
    if request.method != "POST":
        return _ask(request, run, context)
    try:
        request_cancel_step(run, context["step"], actor=request.principal.actor)
    except FlowError as error:
        return _refuse(request, run, context, error)
    return _done(request, run, _("Asked the worker to give up the step."))


@require_http_methods(ASKING)
@page(Permission.RUN_STEER)
def resolution(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Ask whether a step in doubt took effect, and go on from the answer."""
    run = find_run(request, run_id)
    context = {FORM: "flows/_step_resolution_form.html", **_step(request, run)}
    posted = request.POST if request.method == "POST" else None
    attempts = run.steps.filter(address=context["step"]).order_by("-attempt")
    initial = {
        "output": _skeleton(run, context["step"]),
        "attempt": attempts.values_list("attempt", flat=True).first(),
    }
    context["form"] = form = ResolutionForm(posted, initial=initial)
    if posted is None:
        return _ask(request, run, context)
    if not form.is_valid():
        return _ask(request, run, context, status=422)
    try:
        resolve_doubt(
            run, context["step"], **form.cleaned_data, actor=request.principal.actor
        )
    except FlowError as error:
        return _refuse(request, run, context, error)
    return _done(request, run, _("Told the worker what happened. The run goes on."))


@require_http_methods(ASKING)
@page(Permission.RUN_SIGNAL)
def signal(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Send an event to this run, for a step that waits for it now or later."""
    run = find_run(request, run_id)
    names = sorted({wait.name for wait in list_waits(run) if wait.name})
    first = {"name": names[0]} if names else {}
    posted = request.POST if request.method == "POST" else None
    form = SignalForm(posted, initial=first)
    context = {
        FORM: "flows/_run_signal_form.html",
        "form": form,
        "awaited": names,
        "key": request.POST.get("key") or str(new_id()),
    }
    if posted is None:
        return _ask(request, run, context)
    if not form.is_valid():
        return _ask(request, run, context, status=422)
    try:
        # The form's own key: sent twice, it is one event.
        event = Event(
            name=form.cleaned_data["name"],
            data=form.cleaned_data["payload"],
            message_id=request.POST.get("key") or None,
        )
        signal_run(run, event, actor=request.principal.actor)
    except FlowError as error:
        return _refuse(request, run, context, error)
    return _done(request, run, _("Sent the event to the run."))


def find_run(request: PageRequest, run_id: UUID) -> Run:
    """The workspace's run. Raises: Http404."""
    try:
        return get_run(request.principal.workspace, run_id)
    except RunNotFound as error:
        raise Http404(str(error)) from error


def way_back(request: PageRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else ""


def _steer(
    request: PageRequest, run: Run, ask: Callable[..., None], said: Words
) -> HttpResponse:
    try:
        ask(run, actor=request.principal.actor)
    except FlowError as error:
        messages.error(request, error.message)
        return redirect(_next(request, run))
    return _done(request, run, said)


def _step(request: PageRequest, run: Run) -> dict[str, Any]:
    """The step that the question is about, and what people call it."""
    asked = request.POST.get("step") or request.GET.get("step") or ""
    asked = asked.replace("\0", "")  # PostgreSQL does not even compare it
    graph = parse(version_document(run.version))
    labels = {node.id: label_of(node) for node in graph.nodes}
    return {"step": asked, "step_name": step_name(read_address(asked), labels)}


def _skeleton(run: Run, address: str) -> str:
    """The output that the step's type would give, without its values, as JSON."""
    graph = parse(version_document(run.version))
    node_id = read_address(address).node_id
    if not graph.has_node(node_id):
        return ""
    node = graph.node(node_id)
    kind = NODE_TYPES[node.type]
    config = kind.config.model_validate(dict(node.config))
    schema = kind.output_schema(config, graph.input_schema)
    names = list(schema.get("properties", {}))
    inside = ",\n".join(f'  "{name}": null' for name in names)
    return f"{{\n{inside}\n}}" if names else "{}"


def _ask(
    request: PageRequest, run: Run, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = answer(
        request,
        "flows/run_question.html",
        "flows/_run_question.html",
        {"run": run, "next": way_back(request), **context},
    )
    response.status_code = status
    return response


def _refuse(
    request: PageRequest, run: Run, context: dict[str, Any], error: FlowError
) -> HttpResponse:
    refused = {**context, "refusal": error.message}
    return _ask(request, run, refused, status=error.http_status)


def _done(request: PageRequest, run: Run, said: Words) -> HttpResponse:
    messages.success(request, str(said))
    url = _next(request, run)
    return HttpResponseClientRedirect(url) if is_fragment(request) else redirect(url)


def _next(request: PageRequest, run: Run) -> str:
    return way_back(request) or reverse("flows:run", args=[run.pk])
