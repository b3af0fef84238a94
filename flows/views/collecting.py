"""Collecting evaluation cases from runs: what there would be, then a set of it."""

import json
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from flows.forms import CasesForm, SetForm
from flows.services.collecting import collect, found_cases, last_runs
from model_registry import api as registry
from orchestrator_site.accounts.api import PageRequest, Permission, page

SHOWN = 5


class ShownCase(NamedTuple):
    """A case as names and values; a value that is no text is JSON."""

    input: list[tuple[str, str]]
    expected: list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MODEL_REGISTER)
def cases(request: PageRequest, name: str) -> HttpResponse:
    """Show what chosen runs give, and store it once it has a name.

    Which runs stands in the address; what is posted is how the set is called.
    """
    model = registry.find_model(request, name)
    if model.kind != registry.Model.Kind.MODEL:
        raise Http404
    chosen = CasesForm(request.GET or None, workspace=request.principal.workspace)
    terms = SetForm(request.POST if request.method == "POST" else None)
    context = registry.page_context(request, model) | {"chosen": chosen, "terms": terms}
    if chosen.is_valid():
        runs = last_runs(chosen.cleaned_data["flow"], chosen.cleaned_data["limit"])
        source = registry.EvaluationSet.Source(chosen.cleaned_data["source"])
        if terms.is_valid():
            stated = registry.SetTerms(**terms.cleaned_data, source=source)
            try:
                collect(model, runs, stated, actor=request.principal.actor)
            except registry.RegistrationRefused as error:
                is_taken = isinstance(error, registry.SetTaken)
                terms.add_error("name" if is_taken else None, error.message)
            else:
                return redirect("model_work:evaluations", model.name)
        found = found_cases(model, runs, source)
        context |= {
            "runs": len(runs),
            "count": len(found),
            "cases": [_shown(case) for case in found[:SHOWN]],
            "is_decided": source == registry.EvaluationSet.Source.DECISIONS,
        }
    status = 422 if request.method == "POST" or chosen.errors else 200
    return render(request, "flows/model_collect.html", context, status=status)


def _shown(case: registry.CaseDraft) -> ShownCase:
    return ShownCase(_pairs(case.input), _pairs(case.expected))


def _pairs(value: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, each if isinstance(each, str) else json.dumps(each, ensure_ascii=False))
        for name, each in value.items()
    ]
