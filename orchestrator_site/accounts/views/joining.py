"""Coming in by an invitation. To open the link changes nothing."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orchestrator_site.accounts.errors import (
    AccountsError,
    InviteRefused,
)
from orchestrator_site.accounts.forms import JoinForm
from orchestrator_site.accounts.models import Invite, User
from orchestrator_site.accounts.services.invites import find_invite
from orchestrator_site.accounts.services.joining import join, join_with_password
from orchestrator_site.accounts.sessions import set_active_workspace

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_workspace(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what the link is, and on POST let the person in."""
    try:
        invite = find_invite(secret)
        if isinstance(request.user, User):
            return _join_as(request, request.user, invite)
        if _has_password(invite.email):
            return render(request, "accounts/join_login.html", {"invite": invite})
        return _join_anew(request, invite)
    except AccountsError as error:
        context = {"error": error, "is_invite": isinstance(error, InviteRefused)}
        return render(
            request, "accounts/join_refused.html", context, status=error.http_status
        )


def _join_as(request: HttpRequest, user: User, invite: Invite) -> HttpResponse:
    is_theirs = user.email == invite.email
    if request.method != "POST" or not is_theirs:
        context = {"invite": invite, "is_theirs": is_theirs}
        return render(request, "accounts/join_as.html", context)
    join(invite=invite, user=user)
    set_active_workspace(request.session, invite.workspace)
    return redirect("home")


def _join_anew(request: HttpRequest, invite: Invite) -> HttpResponse:
    form = JoinForm(request.POST or None, email=invite.email, initial=_known(invite))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        context = {"invite": invite, "form": form}
        return render(request, "accounts/join.html", context, status=status)
    user = join_with_password(
        invite=invite,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
    )
    login(request, user, backend=BACKEND)
    set_active_workspace(request.session, invite.workspace)
    return redirect("home")


def _has_password(email: str) -> bool:
    user = User.objects.filter(email=email).first()
    return user is not None and user.has_usable_password()


def _known(invite: Invite) -> dict[str, str]:
    user = User.objects.filter(email=invite.email).first()
    return {"name": user.name if user else ""}
