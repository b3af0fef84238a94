"""The tab of a model's evaluations, and what is asked before one is made."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from model_registry.errors import RegistrationRefused
from model_registry.evaluations.selectors import (
    find_evaluation,
    list_evaluations,
    list_results,
    list_rules,
    list_sets,
    result_of,
)
from model_registry.forms.evaluating import EvaluationForm, RuleForm, UploadForm
from model_registry.models import Evaluation, Model
from model_registry.services.evaluation_sets import SetTerms, upload_set
from model_registry.services.gates import remove_rule, rule_text, set_rule, shown_for
from model_registry.services.ordering import cancel_evaluation, order_evaluation
from model_registry.views.model import find_model, page_context
from orchestrator_site.accounts.api import PageRequest, Permission, Question, ask, page

METHODS = ["GET", "HEAD", "POST"]
SHOWN = 20
CASES = 50


@require_safe
@page(Permission.MODEL_VIEW)
def evaluations(request: PageRequest, name: str) -> HttpResponse:
    """What its versions achieved, on which sets, and what its aliases ask for."""
    model = find_model(request, name)
    found = list(list_evaluations(model)[:SHOWN])
    can = request.principal.can
    context = page_context(request, model) | {
        "results": [result_of(each) for each in found],
        "is_waiting": any(not each.is_over for each in found),
        "rules": _rules(model),
        "sets": list_sets(request.principal.workspace, model.capability),
        "may_evaluate": can(Permission.MODEL_REGISTER),
        "may_rule": can(Permission.MODEL_APPROVE),
    }
    return render(request, "models/evaluations.html", context)


@require_safe
@page(Permission.MODEL_VIEW)
def evaluation(request: PageRequest, name: str, evaluation_id: UUID) -> HttpResponse:
    """One evaluation with its cases, the worst first."""
    found = _find(request, name, evaluation_id)
    cases = Paginator(list_results(found), CASES).get_page(request.GET.get("page"))
    context = page_context(request, find_model(request, name)) | {
        "result": result_of(found),
        "page": cases,
        "may_evaluate": request.principal.can(Permission.MODEL_REGISTER),
    }
    return render(request, "models/evaluation.html", context)


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def begin(request: PageRequest, name: str) -> HttpResponse:
    """Ask which version on which set, then order it."""
    model = find_model(request, name)
    sets = list_sets(request.principal.workspace, model.capability)
    initial = {"version": request.GET.get("version")}
    form = EvaluationForm(request.POST or None, model=model, sets=sets, initial=initial)
    question = Question(
        title=_("Evaluate a version"),
        text=_("A worker asks it every case of the set. Calls cost what they cost."),
        verb=_("Evaluate"),
        keep=_("Not now"),
        back=_back(model),
        form=form,
    )
    if not form.is_valid():
        return ask(request, question)
    try:
        order_evaluation(**form.cleaned_data, actor=request.principal.actor)
    except RegistrationRefused as error:
        form.add_error("evaluation_set", error.message)
        return ask(request, question)
    return redirect(_back(model))


@require_POST
@page(Permission.MODEL_REGISTER)
def cancel(request: PageRequest, name: str, evaluation_id: UUID) -> HttpResponse:
    """Stop an evaluation before its next case."""
    cancel_evaluation(_find(request, name, evaluation_id))
    return redirect("model_work:evaluation", name, evaluation_id)


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def upload(request: PageRequest, name: str) -> HttpResponse:
    """Make a set out of a file; every problem is shown with its line."""
    model = find_model(request, name)
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if form.is_valid():
        given = form.cleaned_data.pop("file")
        try:
            upload_set(
                model,
                SetTerms(**form.cleaned_data),
                given.read(),
                is_csv=given.name.lower().endswith(".csv"),
                actor=request.principal.actor,
            )
        except RegistrationRefused as error:
            problems = error.message.split("\n")
        else:
            return redirect(_back(model))
    context = page_context(request, model) | {"form": form, "problems": problems}
    status = 422 if request.method == "POST" else 200
    return render(request, "models/upload_set.html", context, status=status)


@require_http_methods(METHODS)
@page(Permission.MODEL_APPROVE)
def add_rule(request: PageRequest, name: str) -> HttpResponse:
    """Ask what an alias should ask for."""
    model = find_model(request, name)
    sets = list_sets(request.principal.workspace, model.capability)
    form = RuleForm(request.POST or None, sets=sets)
    question = Question(
        title=_("A rule for an alias"),
        text=_("The alias then points at no version that has not shown this."),
        verb=_("Set the rule"),
        keep=_("Not now"),
        back=_back(model),
        form=form,
    )
    if not form.is_valid():
        return ask(request, question)
    try:
        set_rule(model, **form.cleaned_data, actor=request.principal.actor)
    except RegistrationRefused as error:
        form.add_error("metric", error.message)
        return ask(request, question)
    return redirect(_back(model))


@require_POST
@page(Permission.MODEL_APPROVE)
def drop_rule(request: PageRequest, name: str, rule_id: UUID) -> HttpResponse:
    """Ask for it no longer."""
    model = find_model(request, name)
    rule = get_object_or_404(list_rules(model).select_related("model"), pk=rule_id)
    remove_rule(rule, actor=request.principal.actor)
    return redirect(_back(model))


def _find(request: PageRequest, name: str, evaluation_id: UUID) -> Evaluation:
    found = find_evaluation(request.principal.workspace, evaluation_id)
    if found is None or found.version.model.name != name:
        raise Http404
    return found


def _rules(model: Model) -> list[dict[str, Any]]:
    """Each rule, with what the version that the alias points at has shown."""
    live = {
        each.name: each.version
        for each in model.aliases.select_related("version__model")
    }
    missed = {
        shown.rule.pk: shown.problem
        for alias, version in live.items()
        for shown in shown_for(version, alias)
    }
    return [
        {"rule": rule, "text": rule_text(rule), "problem": missed.get(rule.pk, "")}
        for rule in list_rules(model)
    ]


def _back(model: Model) -> str:
    return reverse("model_work:evaluations", args=[model.name])
