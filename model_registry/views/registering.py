"""New entries and versions: by form, and by manifest."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from model_registry.documents import manifest_document
from model_registry.errors import ManifestInvalid, RegistrationRefused
from model_registry.forms.fields import mark_errors, show_problems
from model_registry.forms.manifest import ManifestForm
from model_registry.forms.registering import (
    NewModelForm,
    NewPersonForm,
    NewVersionForm,
)
from model_registry.forms.settings_fields import initial_of
from model_registry.json_values import JsonObject
from model_registry.manifest import Manifest, check_manifest, parse_manifest
from model_registry.manifest_lines import line_of
from model_registry.models import Model, ModelVersion
from model_registry.selectors import (
    Similar,
    find_similar,
    list_capabilities,
    list_versions,
)
from model_registry.services.describing import set_owner
from model_registry.services.registering import register
from model_registry.views.model import find_model
from orchestrator_site.accounts.api import PageRequest, Permission, page

METHODS = ["GET", "HEAD", "POST"]
NewForm = NewModelForm | NewPersonForm


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def new(request: PageRequest) -> HttpResponse:
    """A model with its first version, or a person or team."""
    kind = _kind(request)
    form = _new_form(request, kind)
    similar: list[Similar] = []
    if form.is_bound and form.is_valid():
        manifest = _checked(form, {**form.document(), "kind": kind})
        if manifest is not None:
            _refuse_taken(request, form)
        if manifest is not None and form.is_valid():
            similar = _unseen_similar(request, manifest)
            version = None if similar else _register(request, form, manifest)
            if version is not None:
                owner = request.principal.user
                set_owner(version.model, owner, actor=request.principal.actor)
                return _done(request, version)
    mark_errors(form)
    context = {
        "form": form,
        "kind": kind,
        "kinds": Model.Kind,
        "similar": similar,
        "capabilities": list_capabilities(request.principal.workspace),
    }
    status = 422 if form.is_bound else 200
    return render(request, "models/new.html", context, status=status)


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def new_version(request: PageRequest, name: str) -> HttpResponse:
    """A further version, beginning with what the newest one has."""
    model = find_model(request, name)
    if model.kind != Model.Kind.MODEL:
        raise Http404
    newest = list_versions(model).first()
    form = _version_form(request, newest)
    if form.is_bound and form.is_valid():
        manifest = _checked(form, form.document(model), form.version_places())
        version = _register(request, form, manifest) if manifest else None
        if version is not None:
            return _done(request, version)
    mark_errors(form)
    context = {"form": form, "model": model, "newest": newest}
    status = 422 if form.is_bound else 200
    return render(request, "models/new_version.html", context, status=status)


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def manifest(request: PageRequest) -> HttpResponse:
    """An entry or a version from YAML; all that is wrong is listed with its line."""
    form = ManifestForm(request.POST or None, request.FILES or None)
    problems: list[tuple[int | None, str, str]] = []
    similar: list[Similar] = []
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            given = parse_manifest(text)
            similar = _unseen_similar(request, given)
            version = None if similar else _register(request, form, given)
        except ManifestInvalid as error:
            problems = [_problem(text, problem) for problem in error.problems]
        else:
            if version is not None:
                return _done(request, version)
    context = {"form": form, "problems": problems, "similar": similar}
    status = 422 if form.is_bound else 200
    return render(request, "models/manifest.html", context, status=status)


def _kind(request: PageRequest) -> str:
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    return asked if asked in Model.Kind.values else Model.Kind.MODEL.value


def _new_form(request: PageRequest, kind: str) -> NewForm:
    """`look` only shows the fields of another adapter."""
    is_look = "look" in request.POST
    data = None if is_look else request.POST or None
    given: dict[str, Any] = {
        "workspace": request.principal.workspace,
        "initial": request.POST.dict() if is_look else None,
    }
    if kind != Model.Kind.MODEL:
        return NewPersonForm(data, **given)
    return NewModelForm(data, chosen=request.POST.get("adapter", ""), **given)


def _version_form(request: PageRequest, newest: ModelVersion | None) -> NewVersionForm:
    workspace = request.principal.workspace
    if "look" in request.POST:
        return NewVersionForm(
            initial=request.POST.dict(),
            workspace=workspace,
            chosen=request.POST.get("adapter", ""),
        )
    first: JsonObject = {}
    if newest is not None:
        document = manifest_document(newest)["version"]
        first = {
            **initial_of(document["settings"]),
            "runs": document["runs"],
            "queue": document.get("queue", ""),
        }
    chosen = request.POST.get("adapter") or (newest.adapter if newest else "")
    return NewVersionForm(
        request.POST or None, initial=first, workspace=workspace, chosen=chosen
    )


def _checked(
    form: Any,  # noqa: ANN401 - one of the forms above
    document: JsonObject,
    places: dict[str, str] | None = None,
) -> Manifest | None:
    """The manifest of a form; None if the form now says what is wrong with it."""
    try:
        return check_manifest(document)
    except ManifestInvalid as error:
        show_problems(form, error.problems, places or form.places())
        return None


def _refuse_taken(request: PageRequest, form: NewForm) -> None:
    """The form is for new entries: what is there gets versions on its page."""
    name = form.cleaned_data["name"]
    if Model.objects.in_workspace(request.principal.workspace).filter(name=name):
        said = _(
            "There is a model %s already. Add a version on its page, or take another name."
        )
        form.add_error("name", said % name)


def _unseen_similar(request: PageRequest, given: Manifest) -> list[Similar]:
    """Models that do the same, for a new one, until somebody has said: all the same."""
    workspace = request.principal.workspace
    is_there = Model.objects.in_workspace(workspace).filter(name=given.model).exists()
    if is_there or "confirmed" in request.POST:
        return []
    return find_similar(workspace, given)


def _register(
    request: PageRequest,
    form: Any,  # noqa: ANN401 - one of the forms above
    given: Manifest,
) -> ModelVersion | None:
    """The new version; None if the form now says why there is none.

    Raises: ManifestInvalid for a manifest that is text, whose form has no fields for it.
    """
    principal = request.principal
    try:
        version, created = register(
            principal.workspace,
            given,
            principal.actor,
            may_govern=principal.can(Permission.MODEL_APPROVE),
            may_move=principal.can(Permission.MODEL_MOVE_ALIAS),
        )
    except ManifestInvalid as error:
        if isinstance(form, ManifestForm):
            raise
        is_version = isinstance(form, NewVersionForm)
        places = form.version_places() if is_version else form.places()
        show_problems(form, error.problems, places)
        return None
    except RegistrationRefused as error:
        form.add_error(None, error.message)
        return None
    if not created and isinstance(form, NewVersionForm):
        said = _("This is version %d already: nothing in it differs.")
        form.add_error(None, said % version.number)
        return None
    return version


def _done(request: PageRequest, version: ModelVersion) -> HttpResponse:
    said = {"name": version.model.name, "number": version.number}
    messages.success(request, _("Registered: %(name)s v%(number)s") % said)
    return redirect("models:model", version.model.name)


def _problem(text: str, problem: str) -> tuple[int | None, str, str]:
    """Line, place and sentence of a problem."""
    place, _colon, sentence = problem.partition(": ")
    return line_of(text, place), place, sentence.removeprefix("Value error, ")
