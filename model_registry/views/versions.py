"""The page of a version, and what is asked before it stands or costs differently."""

import yaml
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from model_registry.documents import manifest_document
from model_registry.errors import (
    PriceTaken,
    RegistrationRefused,
    UnknownModel,
    UnknownVersion,
)
from model_registry.facts import PriceTerms
from model_registry.forms.fields import mark_errors
from model_registry.forms.questions import PriceForm, StandingForm
from model_registry.governance import Status
from model_registry.models import ModelVersion
from model_registry.present import state_of, version_rows
from model_registry.received import missing_credential
from model_registry.selectors import get_version
from model_registry.services.prices import set_price
from model_registry.services.standing import set_standing
from model_registry.views.figures import version_context
from model_registry.views.model import page_context, pretty
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
LONG = 80
TITLES: dict[Status, str | Promise] = {
    Status.APPROVED: gettext_lazy("Approve version %(number)s of %(name)s?"),
    Status.SUSPENDED: gettext_lazy("Suspend version %(number)s of %(name)s?"),
    Status.RETIRED: gettext_lazy("Retire version %(number)s of %(name)s?"),
    Status.DRAFT: gettext_lazy("Make version %(number)s of %(name)s a draft again?"),
}
TEXTS: dict[Status, str | Promise] = {
    Status.APPROVED: gettext_lazy(
        "Flows may call it from now on, with data up to the class that the governance "
        "record states."
    ),
    Status.SUSPENDED: gettext_lazy(
        "From the next call on it is refused, also in runs that are under way. It can "
        "be approved again."
    ),
    Status.RETIRED: gettext_lazy(
        "From the next call on it is refused, also in runs that are under way. To call "
        "it again, make it a draft and have it approved."
    ),
    Status.DRAFT: gettext_lazy("It is not called before a second person approves it."),
}
VERBS: dict[Status, str | Promise] = {
    Status.APPROVED: gettext_lazy("Approve"),
    Status.SUSPENDED: gettext_lazy("Suspend"),
    Status.RETIRED: gettext_lazy("Retire"),
    Status.DRAFT: gettext_lazy("Make it a draft"),
}
DONE: dict[Status, str | Promise] = {
    Status.APPROVED: gettext_lazy("Approved: version %(number)s of %(name)s"),
    Status.SUSPENDED: gettext_lazy("Suspended: version %(number)s of %(name)s"),
    Status.RETIRED: gettext_lazy("Retired: version %(number)s of %(name)s"),
    Status.DRAFT: gettext_lazy("A draft again: version %(number)s of %(name)s"),
}


def find_version(request: PageRequest, name: str, number: int) -> ModelVersion:
    """A version of an own model. Raises: Http404."""
    try:
        return get_version(request.principal.workspace, name, number)
    except (UnknownModel, UnknownVersion) as error:
        raise Http404(error.message) from error


@require_safe
@page(Permission.MODEL_VIEW)
def version(request: PageRequest, name: str, number: int) -> HttpResponse:
    """How a version is called, what it costs, and where it stood."""
    found = find_version(request, name, number)
    [row] = version_rows([found], request.principal)
    changes = list(found.standing_changes.all())
    prices = list(reversed(found.prices.all()))
    names = actor_names(
        {change.changed_by for change in changes} | {p.set_by for p in prices}
    )
    document = manifest_document(found)
    context = page_context(request, found.model) | version_context(request, found)
    context |= {
        "row": row,
        "version": found,
        "state": row.state,
        "values": _values(found),
        "texts": _texts(found),
        "missing": _missing(found),
        "prices": [(price, name_of(price.set_by, names)) for price in prices],
        "changes": [
            (change, state_of(change.new), name_of(change.changed_by, names))
            for change in changes
        ],
        "manifest": yaml.safe_dump(document, sort_keys=False, allow_unicode=True),
    }
    return render(request, "models/version.html", context)


@require_http_methods(METHODS)
@page(Permission.MODEL_APPROVE)
def standing(request: PageRequest, name: str, number: int, status: str) -> HttpResponse:
    """Ask for the reason, then let a version stand somewhere else."""
    found = find_version(request, name, number)
    wanted = _status(status)
    form = StandingForm(request.POST or None)
    question = _standing_question(found, wanted, form)
    if request.method != "POST" or not form.is_valid():
        mark_errors(form)
        return ask(request, question)
    reason = form.cleaned_data["reason"]
    try:
        set_standing(found, wanted, actor=request.principal.actor, reason=reason)
    except RegistrationRefused as error:
        return ask(request, question, error=error)
    said = {"number": number, "name": name}
    messages.success(request, str(DONE[wanted]) % said)
    return redirect("models:model", name)


@require_http_methods(METHODS)
@page(Permission.MODEL_REGISTER)
def price(request: PageRequest, name: str, number: int) -> HttpResponse:
    """Ask what calls cost, then let them cost that."""
    found = find_version(request, name, number)
    if not found.adapter:
        raise Http404
    first = {"valid_from": PriceForm.first_moment()}
    form = PriceForm(request.POST or None, initial=first)
    question = _price_question(found, form)
    if request.method != "POST" or not form.is_valid():
        mark_errors(form)
        return ask(request, question)
    try:
        terms = PriceTerms.model_validate(form.cleaned_data)
        set_price(found, terms, actor=request.principal.actor)
    except PriceTaken as error:
        form.add_error("valid_from", error.message)
        mark_errors(form)
        return ask(request, question)
    except ValueError:
        form.add_error(None, _("Amounts are at most a million dollars."))
        return ask(request, question)
    said = {"number": number, "name": name}
    messages.success(request, _("Price set: version %(number)s of %(name)s") % said)
    return redirect("models:version", name, number)


def _status(word: str) -> Status:
    try:
        return Status(word)
    except ValueError as error:
        raise Http404 from error


def _standing_question(
    found: ModelVersion, status: Status, form: StandingForm
) -> Question:
    said = {"number": found.number, "name": found.model.name}
    return Question(
        title=str(TITLES[status]) % said,
        text=str(TEXTS[status]),
        verb=str(VERBS[status]),
        keep=_("Leave it as it is"),
        back=reverse("models:model", args=[found.model.name]),
        is_harmful=status in {Status.SUSPENDED, Status.RETIRED},
        form=form,
    )


def _price_question(found: ModelVersion, form: PriceForm) -> Question:
    return Question(
        title=_("What does version %(number)s of %(name)s cost?")
        % {"number": found.number, "name": found.model.name},
        text=_(
            "A call has the price that holds when it starts. What was booked stays; a "
            "price is never changed, only followed by another."
        ),
        verb=_("Set price"),
        keep=_("Not now"),
        back=reverse("models:version", args=[found.model.name, found.number]),
        form=form,
    )


def _values(found: ModelVersion) -> list[tuple[str, str]]:
    """Short settings, as they stand in the manifest."""
    return [
        (key, value if isinstance(value, str) else pretty(value))
        for key, value in found.settings.items()
        if value is not None and not _is_long(value)
    ]


def _texts(found: ModelVersion) -> list[tuple[str, str]]:
    """Long settings: prompts, schemas."""
    return [
        (key, value if isinstance(value, str) else pretty(value))
        for key, value in found.settings.items()
        if _is_long(value)
    ]


def _missing(found: ModelVersion) -> str:
    """The credential that did not come with a copy, until somebody sets it."""
    return missing_credential(found) if hasattr(found, "origin") else ""


def _is_long(value: object) -> bool:
    if isinstance(value, str):
        return len(value) > LONG or "\n" in value
    return isinstance(value, dict | list) and bool(value)
