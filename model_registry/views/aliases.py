"""Moving aliases, and which version was live when."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from model_registry.errors import RegistrationRefused
from model_registry.forms.fields import mark_errors
from model_registry.forms.questions import AliasForm
from model_registry.models import AliasMove, Model, StandingChange
from model_registry.present import CHAMPION, state_of
from model_registry.selectors import list_moves, list_standing_changes, version_at
from model_registry.services.aliases import move_alias
from model_registry.views.model import find_model, page_context
from orchestrator_site.accounts.api import (
    PageRequest,
    Permission,
    Question,
    actor_names,
    ask,
    page,
)
from orchestrator_site.shell.actors import name_of

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MODEL_MOVE_ALIAS)
def move(request: PageRequest, name: str) -> HttpResponse:
    """Ask which alias goes where and why, then move it."""
    model = find_model(request, name)
    form = AliasForm(request.POST or None, model=model, initial=_first(request, model))
    question = _question(model, form)
    if request.method != "POST" or not form.is_valid():
        mark_errors(form)
        return ask(request, question)
    asked = form.cleaned_data
    principal = request.principal
    try:
        alias = move_alias(
            principal.workspace,
            name,
            asked["alias"],
            asked["version"],
            actor=principal.actor,
            reason=asked["reason"],
        )
    except RegistrationRefused as error:
        return ask(request, question, error=error)
    said = {"alias": alias.name, "number": asked["version"], "name": name}
    messages.success(request, _("Moved: %(alias)s of %(name)s to v%(number)s") % said)
    return redirect("models:model", name)


@require_safe
@page(Permission.MODEL_VIEW)
def history(request: PageRequest, name: str) -> HttpResponse:
    """Every move of an alias and every change of a standing, the last one first."""
    model = find_model(request, name)
    number = _number(request.GET.get("page", ""))
    entries = _entries(model, number)
    names = actor_names({_actor(entry) for entry in entries})
    rows = [
        {
            "entry": entry,
            "is_move": isinstance(entry, AliasMove),
            "state": "" if isinstance(entry, AliasMove) else state_of(entry.new),
            "who": name_of(_actor(entry), names),
        }
        for entry in entries
    ]
    context = page_context(request, model) | {
        "rows": rows[:PAGE],
        "newer": f"?page={number - 1}" if number > 1 else "",
        "older": f"?page={number + 1}" if len(entries) > PAGE else "",
        "answer": _answer(request, model),
        "now": timezone.localtime().replace(second=0, microsecond=0),
    }
    return render(request, "models/history.html", context)


def _question(model: Model, form: AliasForm) -> Question:
    return Question(
        title=_("Move an alias of %s") % model.name,
        text=_(
            "Flows that ask for the alias get the other version from their next call "
            "on, also in runs that are under way."
        ),
        verb=_("Move alias"),
        keep=_("Leave it as it is"),
        back=reverse("models:model", args=[model.name]),
        form=form,
    )


def _first(request: PageRequest, model: Model) -> dict[str, Any]:
    """What the form begins with: the champion, and the version that was clicked."""
    names = [alias.name for alias in model.aliases.all()]
    alias = names[0] if names and CHAMPION not in names else CHAMPION
    return {"alias": alias, "version": request.GET.get("version", "")}


def _entries(model: Model, number: int) -> list[AliasMove | StandingChange]:
    """One page of both, and one more if there are more."""
    end = number * PAGE + 1
    entries: list[AliasMove | StandingChange] = [
        *list_moves(model)[:end],
        *list_standing_changes(model)[:end],
    ]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return entries[end - PAGE - 1 : end]


def _actor(entry: AliasMove | StandingChange) -> str:
    return entry.moved_by if isinstance(entry, AliasMove) else entry.changed_by


def _answer(request: PageRequest, model: Model) -> dict[str, Any] | None:
    """Which version an alias pointed at, if the address asks."""
    alias, moment = request.GET.get("alias", ""), _moment(request.GET.get("at", ""))
    if not alias or moment is None:
        return None
    return {"alias": alias, "at": moment, "version": version_at(model, alias, moment)}


def _moment(text: str) -> datetime | None:
    """A moment in the person's zone; None for what is none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(moment) if moment and not moment.tzinfo else moment


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 and int(text) else 1
