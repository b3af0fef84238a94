"""The people of a workspace, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from orchestrator_site.accounts.errors import AccountsError
from orchestrator_site.accounts.forms import RoleForm
from orchestrator_site.accounts.models import Invite, Membership, Workspace
from orchestrator_site.accounts.pages import PageRequest, page
from orchestrator_site.accounts.roles import Permission, Role
from orchestrator_site.accounts.rules import require_may_manage
from orchestrator_site.accounts.services.members import (
    change_role,
    deactivate_member,
    reactivate_member,
    remove_member,
)
from orchestrator_site.accounts.views.questions import Question, ask


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """What can be done to a member; the texts name the person as `name`."""

    title: Promise
    text: Promise
    verb: Promise
    done: Promise
    is_harmful: bool = False
    has_role: bool = False


ACTIONS: Mapping[str, Action] = {
    "role": Action(
        title=gettext_lazy("Change the role of %(name)s?"),
        text=gettext_lazy(
            "The role says what a person may do. The new one holds from the next click "
            "on, also for the person's API tokens."
        ),
        verb=gettext_lazy("Change role"),
        done=gettext_lazy("Changed: role of %(name)s"),
        has_role=True,
    ),
    "deactivate": Action(
        title=gettext_lazy("Deactivate %(name)s?"),
        text=gettext_lazy(
            "%(name)s is out at once: sessions and API tokens stop working here. What "
            "the person did stays. You can reactivate the membership at any time."
        ),
        verb=gettext_lazy("Deactivate"),
        done=gettext_lazy("Deactivated: %(name)s"),
        is_harmful=True,
    ),
    "reactivate": Action(
        title=gettext_lazy("Reactivate %(name)s?"),
        text=gettext_lazy(
            "%(name)s can sign in and use API tokens again, with the role as it was."
        ),
        verb=gettext_lazy("Reactivate"),
        done=gettext_lazy("Reactivated: %(name)s"),
    ),
    "remove": Action(
        title=gettext_lazy("Remove %(name)s from this workspace?"),
        text=gettext_lazy(
            "%(name)s is out at once and the person's API tokens for this workspace are "
            "revoked. What the person did stays in the ledger. Coming back takes a new "
            "invitation."
        ),
        verb=gettext_lazy("Remove"),
        done=gettext_lazy("Removed: %(name)s"),
        is_harmful=True,
    ),
}


@require_safe
@page(Permission.MEMBER_VIEW)
def members(request: PageRequest) -> HttpResponse:
    """Everybody in the workspace, and who has been invited."""
    workspace = request.principal.workspace
    found = list(_members_of(workspace))
    context = {
        "members": found,
        "active": sum(member.is_active for member in found),
        "invites": _open_invites(workspace),
        "now": timezone.now(),
        "can_manage": request.principal.can(Permission.MEMBER_MANAGE),
    }
    return render(request, "accounts/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MEMBER_MANAGE)
def change(request: PageRequest, member_id: UUID, action: str) -> HttpResponse:
    """Ask whether one of ACTIONS shall be done to a member, then do it."""
    if action not in ACTIONS:
        raise Http404
    membership = get_object_or_404(
        _members_of(request.principal.workspace), pk=member_id
    )
    form = _role_form(request, membership) if ACTIONS[action].has_role else None
    question = _question(ACTIONS[action], membership, form)
    if request.method != "POST" or (form is not None and not form.is_valid()):
        return ask(request, question)
    try:
        _carry_out(request, membership, action, form)
    except AccountsError as error:
        return ask(request, question, error=error)
    except Membership.DoesNotExist as error:  # somebody else was faster
        raise Http404 from error
    name = {"name": membership.user.get_full_name()}
    messages.success(request, ACTIONS[action].done % name)
    return redirect(
        "home" if _is_out(request, membership, action) else "accounts:members"
    )


def _members_of(workspace: Workspace) -> QuerySet[Membership]:
    members = Membership.objects.in_workspace(workspace)
    return members.select_related("user", "workspace").order_by(
        "-is_active", "user__name", "user__email"
    )


def _open_invites(workspace: Workspace) -> QuerySet[Invite]:
    """Those that could still be used, and those that ran out unseen."""
    invites = Invite.objects.in_workspace(workspace).select_related("invited_by")
    return invites.filter(accepted_at=None, revoked_at=None)


def _role_form(request: PageRequest, membership: Membership) -> RoleForm:
    return RoleForm(
        request.POST or None,
        principal=request.principal,
        initial={"role": membership.role},
    )


def _question(
    action: Action, membership: Membership, form: RoleForm | None
) -> Question:
    name = {"name": membership.user.get_full_name()}
    return Question(
        title=action.title % name,
        text=action.text % name,
        verb=str(action.verb),
        keep=_("Leave it as it is"),
        back=reverse("accounts:members"),
        is_harmful=action.is_harmful,
        form=form,
    )


def _carry_out(
    request: PageRequest, membership: Membership, action: str, form: RoleForm | None
) -> None:
    """Raises: OwnersOnly, LastOwner."""
    require_may_manage(request.principal, membership.role)
    actor = request.principal.actor
    if form is not None:
        role = Role(form.cleaned_data["role"])
        change_role(membership=membership, role=role, actor=actor)
    elif action == "deactivate":
        deactivate_member(membership=membership, actor=actor)
    elif action == "reactivate":
        reactivate_member(membership=membership, actor=actor)
    else:
        remove_member(membership=membership, actor=actor)


def _is_out(request: PageRequest, membership: Membership, action: str) -> bool:
    """Whether people have just shut themselves out."""
    is_own = membership.user_id == request.user.pk
    return is_own and action in {"deactivate", "remove", "role"}
