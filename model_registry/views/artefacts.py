"""Files of models that the workspace keeps: listed, uploaded and deleted."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from model_registry.errors import RegistrationRefused
from model_registry.forms.artefacts import ArtefactForm
from model_registry.forms.fields import mark_errors
from model_registry.selectors import list_artefacts, versions_by_digest
from model_registry.services.uploading import add_artefact, delete_artefact, too_large
from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    Question,
    actor_names,
    ask,
    page,
)
from orchestrator_site.bodies import MEGABYTE, declared_bytes, most_in_form
from orchestrator_site.shell.actors import name_of

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page(Permission.MODEL_VIEW)
def files(request: PageRequest) -> HttpResponse:
    """What is kept, who brought it when, and which versions need it."""
    workspace = request.principal.workspace
    found = list_artefacts(workspace)
    names = actor_names({each.created_by for each in found})
    users = versions_by_digest(workspace)
    context = {
        "rows": [
            (each, name_of(each.created_by, names), users.get(each.sha256, []))
            for each in found
        ],
        "used": found.aggregate(sum=Sum("size"))["sum"] or 0,
        "quota": settings.UPLOAD_QUOTA_MB * MEGABYTE,
        "may_register": request.principal.can(Permission.MODEL_REGISTER),
    }
    return render(request, "models/files.html", context)


# The token stands in the form, which is read only if it is small enough.
@csrf_exempt
@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def upload(request: PageRequest) -> HttpResponse:
    """Ask for a file; one that is too large is refused before any of it is read."""
    if declared_bytes(request) <= most_in_form(settings.UPLOAD_MB):
        return _upload(request)
    form = ArtefactForm({}, {})
    form.errors.clear()
    form.add_error("file", too_large(_("The file")))
    mark_errors(form)
    return render(request, "models/upload_file.html", {"form": form}, status=413)


@csrf_protect
def _upload(request: PageRequest) -> HttpResponse:
    """Keep the file, or say what is wrong with it."""
    form = ArtefactForm(request.POST or None, request.FILES or None)
    principal = request.principal
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            artefact, is_new = add_artefact(
                principal.workspace, given.name, given.chunks(), actor=principal.actor
            )
        except RegistrationRefused as error:
            form.add_error("file", error.message)
        else:
            said = _("Uploaded: %s") if is_new else _("There already: %s")
            messages.success(request, said % artefact.name)
            return redirect("models:files")
    mark_errors(form)
    status = 422 if form.errors else 200
    return render(request, "models/upload_file.html", {"form": form}, status=status)


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def delete(request: PageRequest, sha256: str) -> HttpResponse:
    """Ask, then delete a file that no version names."""
    workspace = request.principal.workspace
    artefact = get_object_or_404(list_artefacts(workspace), sha256=sha256)
    question = Question(
        title=_("Delete the file %s?") % artefact.name,
        text=_("No version can be registered with it until somebody uploads it again."),
        verb=_("Delete"),
        keep=_("Keep it"),
        back=reverse("models:files"),
        is_harmful=True,
    )
    if request.method != "POST":
        return ask(request, question)
    try:
        delete_artefact(workspace, sha256, actor=request.principal.actor)
    except RegistrationRefused as error:
        return ask(request, question, error=error)
    messages.success(request, _("Deleted: file %s") % artefact.name)
    return redirect("models:files")
