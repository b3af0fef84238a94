"""Trying a model: a form from its input schema, and what a worker brought back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from flows.builder.run_form import blank_form, read_input
from flows.builder.schema_form import Form
from flows.selectors import has_live_worker
from flows.views.json_text import JsonText
from model_registry import api as registry
from orchestrator_site.accounts.api import PageRequest, Permission, page
from orchestrator_site.shell.figures import duration, money


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """A model that is tried, with what its page needs; a `grant` if it is another's.

    `at` is the address of the form, which those of answers begin with.
    """

    model: registry.Model
    context: dict[str, Any]
    at: str
    grant: registry.Grant | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.RUN_START)
def form(request: PageRequest, name: str) -> HttpResponse:
    """Ask a version; a worker answers, and this page never computes anything."""
    desk = _own(request, name)
    return _form(request, desk, list(registry.list_versions(desk.model)))


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.RUN_START)
def shared_form(request: PageRequest, name: str) -> HttpResponse:
    """Ask a version of another workspace's model, if an alias points at it."""
    desk = _shared(request, name)
    return _form(request, desk, list(registry.list_callable(desk.model)))


@require_safe
@page(Permission.RUN_START)
def trial(request: PageRequest, name: str, trial_id: UUID) -> HttpResponse:
    """How a trial stands; asked again until it is over. It is for who asked."""
    return _trial(request, _own(request, name), trial_id)


@require_safe
@page(Permission.RUN_START)
def shared_trial(request: PageRequest, name: str, trial_id: UUID) -> HttpResponse:
    """How a trial of another workspace's model stands."""
    return _trial(request, _shared(request, name), trial_id)


def _own(request: PageRequest, name: str) -> Desk:
    model = registry.find_model(request, name)
    return Desk(
        model=model,
        context=registry.page_context(request, model),
        at=reverse("flows:model_try", args=[name]),
    )


def _shared(request: PageRequest, name: str) -> Desk:
    grant = registry.find_received(request, name)
    return Desk(
        model=grant.model,
        context=registry.received_context(request, grant),
        at=reverse("flows:shared_model_try", args=[name]),
        grant=grant,
    )


def _form(
    request: PageRequest, desk: Desk, versions: list[registry.ModelVersion]
) -> HttpResponse:
    if desk.model.kind != registry.Model.Kind.MODEL:
        raise Http404
    version = _version(request, versions)
    asked = {"version": version, "versions": versions}
    shown = partial(_shown, request, desk, asked)
    schema = desk.model.input_schema
    if request.method != "POST":
        return shown(blank_form(schema))
    value, filled = read_input(schema, request.POST)
    if "add" in request.POST or "remove" in request.POST:
        return shown(filled)
    try:
        trial = registry.order_trial(
            version,
            value,
            _data_class(request),
            actor=request.principal.actor,
            grant=desk.grant,
        )
    except registry.OrderRefused as error:
        return shown(filled, error)
    if request.htmx:  # type: ignore[attr-defined]
        return shown(filled, trial=trial)
    return redirect(f"{desk.at}{trial.pk}/")


def _trial(request: PageRequest, desk: Desk, trial_id: UUID) -> HttpResponse:
    principal = request.principal
    found = registry.find_trial(principal.workspace, trial_id, principal.actor)
    if found is None or found.version.model_id != desk.model.pk:
        raise Http404
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "flows/_trial.html" if is_part else "flows/model_trial.html"
    return render(request, template, desk.context | _told(found, desk))


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
    desk: Desk,
    asked: Mapping[str, Any],
    filled: Form,
    error: registry.OrderRefused | None = None,
    *,
    trial: registry.Trial | None = None,
) -> HttpResponse:
    context = desk.context | {
        **asked,
        "at": desk.at,
        "form": filled,
        "data_class": _data_class(request),
        "data_classes": list(registry.DataClass),
        "error": error,
        "problems": error.detail.get("problems", ()) if error else (),
        "has_worker": has_live_worker(),
        **(_told(trial, desk) if trial else {}),
    }
    is_part = request.htmx  # type: ignore[attr-defined]
    template = "flows/_try_form.html" if is_part else "flows/model_try.html"
    return render(
        request, template, context, status=error.http_status if error else 200
    )


def _told(trial: registry.Trial, desk: Desk) -> dict[str, Any]:
    return {
        "trial": trial,
        "at": desk.at,
        "answer": None if trial.output is None else JsonText(trial.output),
        "asked": JsonText(trial.input),
        "cost": money(trial.cost_usd_micros),
        "took": duration(trial.latency_ms / 1000),
    }
