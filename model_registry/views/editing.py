"""Changing what is said about a model, and what it may be used for."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from model_registry.errors import ManifestInvalid, RegistrationRefused
from model_registry.facts import GovernanceRecord, PersonFacts, Words
from model_registry.forms.fields import mark_errors, show_problems
from model_registry.forms.governing import (
    PERSON_PLACES,
    DescriptionForm,
    GovernanceForm,
    PersonFields,
    person_initial,
)
from model_registry.manifest import check_stated
from model_registry.models import Model
from model_registry.services.describing import (
    change_person,
    describe,
    govern,
    set_owner,
)
from model_registry.views.model import find_model
from orchestrator_site.accounts.api import PageRequest, Permission, page

METHODS = ["GET", "HEAD", "POST"]


class PersonForm(DescriptionForm, PersonFields):
    """What is said about a person or team, and whom it calls."""

    field_order = ("who", "rate", "wait", "accuracy")


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def edit(request: PageRequest, name: str) -> HttpResponse:
    """Description, tags, owner and card; of a person also whom it calls."""
    model = find_model(request, name)
    form = _form(request, model)
    if form.is_bound and form.is_valid() and _describe(request, model, form):
        messages.success(request, _("Saved: %s") % name)
        return redirect("models:model", name)
    mark_errors(form)
    return _answer(request, "models/edit.html", model, form)


@require_http_methods(METHODS)
@page(Permission.MODEL_APPROVE)
def record(request: PageRequest, name: str) -> HttpResponse:
    """The governance record."""
    model = find_model(request, name)
    first = {field: getattr(model, field) for field in GovernanceForm.base_fields}
    form = GovernanceForm(request.POST or None, initial=first)
    if form.is_bound and form.is_valid():
        try:
            stated = check_stated(GovernanceRecord, form.record())
        except ManifestInvalid as error:
            show_problems(form, error.problems, {name: name for name in form.fields})
        else:
            govern(model, stated, actor=request.principal.actor)
            messages.success(request, _("Governance record of %s changed") % name)
            return redirect("models:model", name)
    mark_errors(form)
    return _answer(request, "models/govern.html", model, form)


def _form(request: PageRequest, model: Model) -> DescriptionForm:
    first: dict[str, Any] = {
        "description": model.description,
        "tags": [tag.name for tag in model.tags.all()],
        "owner": model.owner,
        "card": model.card,
    }
    workspace, data = request.principal.workspace, request.POST or None
    if model.kind == Model.Kind.MODEL:
        return DescriptionForm(data, initial=first, workspace=workspace)
    first |= person_initial(model)
    return PersonForm(data, initial=first, workspace=workspace)


def _describe(request: PageRequest, model: Model, form: DescriptionForm) -> bool:
    """Write what the form holds; False if the form now says why nothing was."""
    asked, actor = form.cleaned_data, request.principal.actor
    stated = {
        "description": asked["description"].replace("\r\n", "\n"),
        "card": asked["card"].replace("\r\n", "\n"),
        "tags": asked["tags"],
    }
    try:
        check_stated(Words, stated)
        facts = None
        if isinstance(form, PersonForm):
            facts = check_stated(PersonFacts, form.person())
        with transaction.atomic():
            describe(model, actor=actor, **stated)
            set_owner(model, asked["owner"], actor=actor)
            if facts is not None:
                change_person(model, facts, actor=actor)
    except ManifestInvalid as error:
        places = {name: name for name in form.fields}
        people = {p.removeprefix("person."): f for p, f in PERSON_PLACES.items()}
        show_problems(form, error.problems, {**places, **people})
        return False
    except RegistrationRefused as error:
        form.add_error("owner", error.message)
        return False
    return True


def _answer(
    request: PageRequest,
    template: str,
    model: Model,
    form: Any,  # noqa: ANN401
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"model": model, "form": form}, status=status)
