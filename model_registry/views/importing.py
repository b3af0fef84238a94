"""Taking models over from a server that lists them: look, choose, register."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from model_registry.errors import ImportRefused, RegistrationRefused
from model_registry.forms.fields import mark_errors
from model_registry.forms.importing import SourceForm
from model_registry.selectors import list_credentials
from model_registry.served import Source, read_source
from model_registry.services.importing import (
    Imported,
    ImportKind,
    Offer,
    import_models,
    list_offers,
)
from orchestrator_site.accounts.api import PageRequest, Permission, page

CHOICE = "as:"


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MODEL_REGISTER)
def import_page(request: PageRequest) -> HttpResponse:
    """Ask for the server, show what it has, register what was chosen."""
    workspace = request.principal.workspace
    names = [each.name for each in list_credentials(workspace)]
    form = SourceForm(request.POST or None, credentials=names)
    offers: list[Offer] | None = None
    if form.is_valid():
        try:
            source = read_source(**form.cleaned_data)
            if "register" in request.POST:
                return _done(request, _import(request, source))
            offers = list_offers(workspace, source)
        except ImportRefused as error:
            is_field = error.place in form.fields
            form.add_error(error.place if is_field else None, error.message)
        except RegistrationRefused as error:
            form.add_error(None, error.message)
    mark_errors(form)
    context = {"form": form, "offers": offers, "kinds": ImportKind, "choice": CHOICE}
    status = 422 if form.errors else 200
    return render(request, "models/import.html", context, status=status)


def _import(request: PageRequest, source: Source) -> list[Imported]:
    principal = request.principal
    return import_models(
        principal.workspace,
        source,
        _chosen(request.POST),
        actor=principal.actor,
        owner=principal.user,
    )


def _chosen(sent: QueryDict) -> dict[str, ImportKind | None]:
    """What was chosen, by the server's names."""
    return {
        name.removeprefix(CHOICE): ImportKind(str(value))
        for name, value in sent.items()
        if name.startswith(CHOICE) and value in ImportKind.values
    }


def _done(request: PageRequest, came: list[Imported]) -> HttpResponse:
    new = sum(each.is_new for each in came)
    if new:
        said = ngettext("Registered %d draft.", "Registered %d drafts.", new) % new
        messages.success(request, said)
    if there := [each.model for each in came if not each.is_new]:
        messages.info(request, _("There already: %s") % ", ".join(there[:10]))
    return redirect("models:list")
