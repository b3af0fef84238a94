"""Invitations, as those see them who were invited."""

from django.db import transaction
from django.utils import timezone

from orchestrator_site.accounts.errors import (
    InviteRevoked,
    InviteUsed,
    MemberSwitchedOff,
    NoMembership,
)
from orchestrator_site.accounts.models import Invite, Membership, User
from orchestrator_site.accounts.roles import Role
from orchestrator_site.accounts.services.invites import (
    record_for_invite,
    require_first_password,
)
from orchestrator_site.accounts.services.members import add_member
from orchestrator_site.accounts.services.users import note_password_changed


@transaction.atomic
def join(*, invite: Invite, user: User) -> Membership:
    """Let a person who is logged in come in by an invitation, once.

    The caller has seen that the invitation is the person's. A member stays what the
    member is.
    Raises: InviteUsed, InviteRevoked, MemberSwitchedOff, NoMembership for an account
    that is switched off.
    """
    _close(invite)
    return _enter(invite, user)


@transaction.atomic
def join_with_password(*, invite: Invite, name: str, password: str) -> User:
    """Let a person come in who has no password yet, and perhaps no account.

    Raises: InviteUsed also if the account has got a password meanwhile;
    InviteNeedsPassword, and what `join` raises.
    """
    _close(invite)
    user = User.objects.filter(email=invite.email).first()
    if user is None:
        user = User.objects.create_user(invite.email)
    elif user.has_usable_password():
        raise InviteUsed
    require_first_password(user, invite.workspace)
    user.name = name
    user.set_password(password)
    user.save(update_fields=["name", "password"])
    _enter(invite, user)
    note_password_changed(user=user)
    return user


def _enter(invite: Invite, user: User) -> Membership:
    if not user.is_active:
        raise NoMembership(user.email)
    actor = f"user:{user.pk}"
    membership = user.memberships.filter(workspace=invite.workspace).first()
    if membership is None:
        membership = add_member(
            workspace=invite.workspace, user=user, role=Role(invite.role), actor=actor
        )
    if not membership.is_active:
        raise MemberSwitchedOff(user.email)
    record_for_invite(invite, "invite.accepted", actor, user=str(user.pk))
    return membership


def _close(invite: Invite) -> None:
    """Two who open one link at the same moment: one comes in."""
    still_open = Invite.objects.filter(
        pk=invite.pk,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=timezone.now(),
    )
    if not still_open.update(accepted_at=timezone.now()):
        invite.refresh_from_db()
        raise InviteRevoked if invite.accepted_at is None else InviteUsed
