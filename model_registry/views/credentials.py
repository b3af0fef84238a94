"""Secrets that models are called with: set, exchanged and deleted, never shown."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from model_registry.errors import RegistrationRefused
from model_registry.forms.fields import mark_errors
from model_registry.forms.questions import CredentialForm, SecretForm
from model_registry.models import Credential
from model_registry.selectors import list_credentials, models_by_credential
from model_registry.services.credentials import delete_credential, set_credential
from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    Question,
    actor_names,
    ask,
    page,
)
from orchestrator_site.shell.actors import name_of

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page(Permission.CREDENTIAL_VIEW)
def credentials(request: PageRequest) -> HttpResponse:
    """Names, and who set them when."""
    workspace = request.principal.workspace
    found = list(list_credentials(workspace))
    names = actor_names({each.set_by for each in found})
    users = models_by_credential(workspace)
    rows = [
        (each, name_of(each.set_by, names), users.get(each.name, [])) for each in found
    ]
    missing = sorted(set(users) - {each.name for each in found})
    context = {
        "rows": rows,
        "missing": [(name, users[name]) for name in missing],
        "may_manage": request.principal.can(Permission.CREDENTIAL_MANAGE),
    }
    return render(request, "models/credentials.html", context)


@sensitive_post_parameters("value")
@require_http_methods(METHODS)
@page(Permission.CREDENTIAL_MANAGE)
def new(request: PageRequest) -> HttpResponse:
    """Ask for a name and a value, then keep them."""
    first = {"name": request.GET.get("name", "")}
    form = CredentialForm(request.POST or None, initial=first)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        if _all(request).filter(name=name).exists():
            form.add_error("name", _("There is one of this name. Exchange its value."))
        elif _set(request, form, name):
            messages.success(request, _("Set: credential %s") % name)
            return redirect("credentials:list")
    mark_errors(form)
    question = Question(
        title=_("Add a credential"),
        text=_(
            "Models refer to it by name; the value is decrypted for each call. Nothing "
            "shows it again."
        ),
        verb=_("Set"),
        keep=_("Not now"),
        back=reverse("credentials:list"),
        form=form,
    )
    return ask(request, question)


@sensitive_post_parameters("value")
@require_http_methods(METHODS)
@page(Permission.CREDENTIAL_MANAGE)
def exchange(request: PageRequest, name: str) -> HttpResponse:
    """Ask for another value, then keep that."""
    credential = get_object_or_404(_all(request), name=name)
    form = SecretForm(request.POST or None)
    if form.is_bound and form.is_valid() and _set(request, form, credential.name):
        messages.success(request, _("Exchanged: credential %s") % name)
        return redirect("credentials:list")
    mark_errors(form)
    question = Question(
        title=_("Exchange the value of %s?") % name,
        text=_(
            "Calls use the new value from now on, also in runs that are under way. The "
            "old one is forgotten."
        ),
        verb=_("Exchange"),
        keep=_("Leave it as it is"),
        back=reverse("credentials:list"),
        form=form,
    )
    return ask(request, question)


@require_http_methods(METHODS)
@page(Permission.CREDENTIAL_MANAGE)
def delete(request: PageRequest, name: str) -> HttpResponse:
    """Ask, then forget a value."""
    credential = get_object_or_404(_all(request), name=name)
    users = models_by_credential(request.principal.workspace).get(name, [])
    text = _("No model refers to it.")
    if users:
        text = _("From their next call on these models fail: %s.") % ", ".join(users)
    question = Question(
        title=_("Delete the credential %s?") % name,
        text=text,
        verb=_("Delete"),
        keep=_("Keep it"),
        back=reverse("credentials:list"),
        is_harmful=True,
    )
    if request.method != "POST":
        return ask(request, question)
    try:
        delete_credential(
            request.principal.workspace, credential.name, actor=request.principal.actor
        )
    except RegistrationRefused as error:
        return ask(request, question, error=error)
    messages.success(request, _("Deleted: credential %s") % name)
    return redirect("credentials:list")


def _all(request: PageRequest) -> QuerySet[Credential]:
    return list_credentials(request.principal.workspace)


def _set(request: PageRequest, form: SecretForm, name: str) -> bool:
    """Keep the value; False if the form now says why it is none."""
    principal = request.principal
    value = form.cleaned_data["value"]
    try:
        set_credential(principal.workspace, name, value, actor=principal.actor)
    except RegistrationRefused as error:
        form.add_error("value", error.message)
        return False
    return True
