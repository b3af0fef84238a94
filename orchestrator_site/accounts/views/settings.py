"""What a person chooses for herself or himself."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orchestrator_site.accounts.forms import ProfileForm
from orchestrator_site.accounts.models import ApiToken
from orchestrator_site.accounts.models.role_field import ROLE_CHOICES
from orchestrator_site.accounts.pages import PageRequest, page
from orchestrator_site.accounts.services.users import change_profile


@require_http_methods(["GET", "HEAD", "POST"])
@page()
def settings(request: PageRequest) -> HttpResponse:
    """Name, time zone and theme; the way to the password; API tokens."""
    user = request.user
    initial = {"name": user.name, "time_zone": user.time_zone, "theme": user.theme}
    form = ProfileForm(request.POST or None, initial=initial)
    if form.is_valid():
        change_profile(user=user, **form.cleaned_data)
        messages.success(request, _("Saved: your settings"))
        return redirect("accounts:settings")
    status = 422 if form.is_bound else 200
    context = {"form": form, "role": _role_word(request), **_tokens(request)}
    return render(request, "accounts/settings.html", context, status=status)


def _tokens(request: PageRequest) -> dict[str, Any]:
    mine = ApiToken.objects.in_workspace(request.principal.workspace)
    return {
        "tokens": mine.filter(user=request.user, revoked_at=None),
        "now": timezone.now(),
    }


def _role_word(request: PageRequest) -> str:
    return str(dict(ROLE_CHOICES)[request.principal.role.value])
