"""Trying a model: a form from its input schema, and what a worker brought back."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from flows.builder.run_form import blank_form, read_input
from flows.builder.schema_form import Form
from flows.selectors import has_live_worker
from flows.views.json_text import JsonText
from model_registry import api as registry
from orchestrator_site.accounts.api import PageRequest, Permission, page
from orchestrator_site.shell.figures import duration, money


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.RUN_START)
def form(request: PageRequest, name: str) -> HttpResponse:
    """Ask a version; a worker answers, and this page never computes anything."""
    model = registry.find_model(request, name)
    if model.kind != registry.Model.Kind.MODEL:
        raise Http404
    versions = list(registry.list_versions(model))
    version = _version(request, versions)
    asked = {"version": version, "versions": versions}
    shown = partial(_shown, request, model, asked)
    schema = model.input_schema
    if request.method != "POST":
        return shown(blank_form(schema))
    value, filled = read_input(schema, request.POST)
    if "add" in request.POST or "remove" in request.POST:
        return shown(filled)
    try:
        trial = registry.order_trial(
            version, value, _data_class(request), actor=request.principal.actor
        )
    except registry.OrderRefused as error:
        return shown(filled, error)
    if request.htmx:  # type: ignore[attr-defined]
        return shown(filled, trial=trial)
    return redirect("flows:model_trial", model.name, trial.pk)


@require_safe
@page(Permission.RUN_START)
def trial(request: PageRequest, name: str, trial_id: UUID) -> HttpResponse:
    """How a trial stands; asked again until it is over. It is for who asked."""
    principal = request.principal
    found = registry.find_trial(principal.workspace, trial_id, principal.actor)
    if found is None or found.version.model.name != name:
        raise Http404
    if request.htmx:  # type: ignore[attr-defined]
        context = {"model": found.version.model, **_told(found)}
        return render(request, "flows/_trial.html", context)
    model = registry.find_model(request, name)
    context = registry.page_context(request, model) | _told(found)
    return render(request, "flows/model_trial.html", context)


def _version(
    request: PageRequest, versions: Sequence[registry.ModelVersion]
) -> registry.ModelVersion:
    """The version that is asked for; else the champion, else the newest."""
    asked = request.POST.get("version") or request.GET.get("version", "")
    if asked:
        found = [each for each in versions if str(each.number) == asked]
    else:
        found = [each for each in versions if _is_champion(each)] or list(versions)
    if not found:
        raise Http404
    return found[0]


def _is_champion(version: registry.ModelVersion) -> bool:
    return any(alias.name == "champion" for alias in version.aliases.all())


def _data_class(request: PageRequest) -> str:
    """How sensitive the input is; empty where it was not said."""
    said = request.POST.get("data_class", "")
    return said if said in list(registry.DataClass) else ""


def _shown(
    request: PageRequest,
    model: registry.Model,
    asked: Mapping[str, Any],
    filled: Form,
    error: registry.OrderRefused | None = None,
    *,
    trial: registry.Trial | None = None,
) -> HttpResponse:
    context = registry.page_context(request, model) | {
        **asked,
        "form": filled,
        "data_class": _data_class(request),
        "data_classes": list(registry.DataClass),
        "error": error,
        "problems": error.detail.get("problems", ()) if error else (),
        "has_worker": has_live_worker(),
        **(_told(trial) if trial else {}),
    }
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "flows/_try_form.html" if is_part else "flows/model_try.html"
    return render(
        request, template, context, status=error.http_status if error else 200
    )


def _told(trial: registry.Trial) -> dict[str, Any]:
    return {
        "trial": trial,
        "answer": None if trial.output is None else JsonText(trial.output),
        "asked": JsonText(trial.input),
        "cost": money(trial.cost_usd_micros),
        "took": duration(trial.latency_ms / 1000),
    }
