"""Inviting people, and taking invitations back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from orchestrator_site.accounts.errors import AccountsError
from orchestrator_site.accounts.forms import InviteForm
from orchestrator_site.accounts.models import Invite, Membership
from orchestrator_site.accounts.pages import PageRequest, page
from orchestrator_site.accounts.roles import Permission, Role
from orchestrator_site.accounts.rules import require_may_manage
from orchestrator_site.accounts.services.invites import create_invite, revoke_invite
from orchestrator_site.accounts.views.questions import Question, ask


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MEMBER_MANAGE)
def invite(request: PageRequest) -> HttpResponse:
    """Ask whom to invite; answer with the link, which is shown only now."""
    form = InviteForm(request.POST or None, principal=request.principal)
    if not form.is_valid():
        return ask(request, _question(form))
    try:
        return _show_link(
            request, form.cleaned_data["email"], Role(form.cleaned_data["role"])
        )
    except AccountsError as error:
        return ask(request, _question(form), error=error)


@never_cache
@require_POST
@page(Permission.MEMBER_MANAGE)
def first_link(request: PageRequest, member_id: UUID) -> HttpResponse:
    """A link with which a member who has no password yet chooses one."""
    members = Membership.objects.in_workspace(request.principal.workspace)
    member = get_object_or_404(members.select_related("user"), pk=member_id)
    try:
        require_may_manage(request.principal, member.role)
        return _show_link(request, member.user.email, Role(member.role))
    except AccountsError as error:
        return ask(request, _first_question(member), error=error)


@require_POST
@page(Permission.MEMBER_MANAGE)
def revoke(request: PageRequest, invite_id: UUID) -> HttpResponse:
    invites = Invite.objects.in_workspace(request.principal.workspace)
    found = get_object_or_404(invites, pk=invite_id)
    revoke_invite(invite=found, actor=request.principal.actor)
    messages.success(request, _("Taken back: invitation of %s") % found.email)
    return redirect("accounts:members")


def _show_link(request: PageRequest, email: str, role: Role) -> HttpResponse:
    principal = request.principal
    made, secret = create_invite(
        workspace=principal.workspace,
        email=email,
        role=role,
        invited_by=principal.user,
        actor=principal.actor,
    )
    link = request.build_absolute_uri(reverse("accounts:join", args=[secret]))
    return render(request, "accounts/invite_link.html", {"invite": made, "link": link})


def _first_question(member: Membership) -> Question:
    name = {"name": member.user.get_full_name()}
    return Question(
        title=_("Sign-in link for %(name)s") % name,
        text=_("With it %(name)s chooses a password, once and within 7 days.") % name,
        verb=_("Make the link"),
        keep=_("Back to members"),
        back=reverse("accounts:members"),
    )


def _question(form: InviteForm) -> Question:
    return Question(
        title=_("Invite somebody"),
        text=_(
            "You get a link that works once and for 7 days. Whoever opens it chooses "
            "a name and a password, or signs in."
        ),
        verb=_("Make the link"),
        keep=_("Not now"),
        back=reverse("accounts:members"),
        form=form,
    )
