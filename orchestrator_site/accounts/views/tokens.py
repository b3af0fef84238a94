"""A person's own API tokens."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orchestrator_site.accounts.errors import AccountsError
from orchestrator_site.accounts.forms import TokenForm
from orchestrator_site.accounts.models import ApiToken
from orchestrator_site.accounts.pages import PageRequest, page
from orchestrator_site.accounts.roles import Scope
from orchestrator_site.accounts.services.tokens import (
    TokenHolder,
    create_token,
    revoke_token,
)
from orchestrator_site.accounts.views.questions import Question, ask


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page()
def create(request: PageRequest) -> HttpResponse:
    """Ask what the token may do; answer with its text, which is shown only now."""
    form = TokenForm(request.POST or None, principal=request.principal)
    if not form.is_valid():
        return ask(request, _question(form))
    try:
        token, text = create_token(
            holder=TokenHolder(
                workspace=request.principal.workspace, user=request.user
            ),
            name=form.cleaned_data["name"],
            scopes=[Scope(scope) for scope in form.cleaned_data["scopes"]],
            days=form.cleaned_data["days"],
            actor=request.principal.actor,
        )
    except AccountsError as error:
        return ask(request, _question(form), error=error)
    context = {"token": token, "text": text}
    return render(request, "accounts/token_text.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page()
def revoke(request: PageRequest, token_id: UUID) -> HttpResponse:
    """Ask, then stop one of the person's own tokens."""
    mine = ApiToken.objects.in_workspace(request.principal.workspace)
    token = get_object_or_404(mine, user=request.user, pk=token_id)
    if request.method != "POST":
        return ask(request, _revocation(token))
    revoke_token(token=token, actor=request.principal.actor)
    messages.success(request, _("Revoked: token %s") % token.name)
    return redirect("accounts:settings")


def _question(form: TokenForm) -> Question:
    return Question(
        title=_("New API token"),
        text=_(
            "A program that carries it acts as you in this workspace. It can never do "
            "more than your role allows, also when the role changes."
        ),
        verb=_("Create token"),
        keep=_("Not now"),
        back=reverse("accounts:settings"),
        form=form,
    )


def _revocation(token: ApiToken) -> Question:
    return Question(
        title=_("Revoke token %s?") % token.name,
        text=_(
            "Programs that use it are refused from now on. This cannot be undone; "
            "make a new token instead."
        ),
        verb=_("Revoke token"),
        keep=_("Keep it"),
        back=reverse("accounts:settings"),
        is_harmful=True,
    )
