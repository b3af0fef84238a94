"""Invitations, as those see them who invite."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from orchestrator_site.accounts.errors import (
    AlreadyMember,
    EmailInvalid,
    InviteExpired,
    InviteNeedsPassword,
    InviteRevoked,
    InviteUnknown,
    InviteUsed,
    MemberSwitchedOff,
)
from orchestrator_site.accounts.models import Invite, User, Workspace
from orchestrator_site.accounts.roles import Role
from orchestrator_site.ledger.api import Subject, record

LIFE = timedelta(days=7)


@transaction.atomic
def create_invite(
    *,
    workspace: Workspace,
    email: str,
    role: Role,
    invited_by: User | None = None,
    actor: str,
) -> tuple[Invite, str]:
    """Invite a person; the second value is the link's secret, which is kept nowhere.

    An earlier invitation of the same person is taken back. A member who has no
    password yet can be invited, with the role the member has.
    Raises: EmailInvalid, AlreadyMember, MemberSwitchedOff, InviteNeedsPassword.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise EmailInvalid(email) from error
    _require_invitable(workspace, email, role)
    revoke_invites(workspace=workspace, email=email, actor=actor)
    secret = secrets.token_urlsafe(32)
    invite = Invite.objects.create(
        workspace=workspace,
        email=email,
        role=role.value,
        digest=_digest(secret),
        invited_by=invited_by,
        expires_at=timezone.now() + LIFE,
    )
    record_for_invite(invite, "invite.created", actor, role=role.value)
    return invite, secret


@transaction.atomic
def revoke_invites(
    *, workspace: Workspace, actor: str, email: str | None = None
) -> int:
    """Take back the open invitations of a person, or all of them; returns how many."""
    invites = Invite.objects.in_workspace(workspace).filter(
        accepted_at=None, revoked_at=None
    )
    if email is not None:
        invites = invites.filter(email=email)
    return sum(revoke_invite(invite=invite, actor=actor) for invite in invites)


@transaction.atomic
def revoke_invite(*, invite: Invite, actor: str) -> bool:
    """Take an invitation back; returns whether it was open until now."""
    still_open = Invite.objects.filter(pk=invite.pk, accepted_at=None, revoked_at=None)
    revoked = bool(still_open.update(revoked_at=timezone.now()))
    if revoked:
        record_for_invite(invite, "invite.revoked", actor)
    return revoked


def find_invite(secret: str) -> Invite:
    """The invitation behind a link, if it still opens the door.

    Raises: InviteUnknown, InviteUsed, InviteRevoked, InviteExpired.
    """
    invite = (
        Invite.objects.filter(digest=_digest(secret))
        .select_related("workspace", "invited_by")
        .first()
    )
    if invite is None:
        raise InviteUnknown
    if invite.accepted_at is not None:
        raise InviteUsed
    if invite.revoked_at is not None or invite.workspace.closed_at is not None:
        raise InviteRevoked
    if invite.expires_at <= timezone.now():
        raise InviteExpired
    return invite


def require_first_password(user: User, workspace: Workspace) -> None:
    """Ask that a link of this workspace may set the password of this account.

    Raises: InviteNeedsPassword if the account opens more than this workspace.
    """
    elsewhere = user.memberships.filter(is_active=True).exclude(workspace=workspace)
    if user.is_staff or user.is_superuser or elsewhere.exists():
        raise InviteNeedsPassword(user.email)


def record_for_invite(invite: Invite, kind: str, actor: str, **data: str) -> None:
    """Append to the ledger's chain of this invitation."""
    record(
        workspace_id=invite.workspace_id,
        subject=Subject("invite", invite.id),
        kind=kind,
        actor=actor,
        data=data,
    )


def _require_invitable(workspace: Workspace, email: str, role: Role) -> None:
    user = User.objects.filter(email=email).first()
    if user is None:
        return
    membership = user.memberships.filter(workspace=workspace).first()
    if membership is not None and not membership.is_active:
        raise MemberSwitchedOff(email)
    if not user.has_usable_password():
        require_first_password(user, workspace)
    if membership is None:
        return
    if user.has_usable_password() or membership.role != role:
        raise AlreadyMember(email, workspace.slug)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
