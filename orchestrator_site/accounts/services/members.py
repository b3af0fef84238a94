from collections.abc import Mapping

from django.db import transaction

from orchestrator_site.accounts.errors import AlreadyMember, LastOwner
from orchestrator_site.accounts.models import ApiToken, Membership, User, Workspace
from orchestrator_site.accounts.roles import Role
from orchestrator_site.accounts.services.invites import revoke_invites
from orchestrator_site.accounts.services.tokens import revoke_token
from orchestrator_site.ledger.api import Subject, record


@transaction.atomic
def add_member(
    *, workspace: Workspace, user: User, role: Role, actor: str
) -> Membership:
    """Raises: AlreadyMember, also for a membership that was ended."""
    membership, created = Membership.objects.in_workspace(workspace).get_or_create(
        workspace=workspace, user=user, defaults={"role": role.value}
    )
    if not created:
        raise AlreadyMember(user.email, workspace.slug)
    record_for_member(
        membership,
        "membership.created",
        actor,
        {"user": str(user.id), "role": role.value},
    )
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: Role, actor: str) -> Membership:
    """Raises: LastOwner if nobody else owns the workspace."""
    membership = _lock(membership)
    previous = membership.role
    if role.value == previous:
        return membership
    _require_other_owner(membership)
    membership.role = role.value
    membership.save(update_fields=["role"])
    record_for_member(
        membership,
        "membership.role_changed",
        actor,
        {"from": previous, "to": role.value},
    )
    return membership


@transaction.atomic
def deactivate_member(*, membership: Membership, actor: str) -> Membership:
    """End a membership; the person's sessions and tokens stop working here at once.

    Raises: LastOwner if nobody else owns the workspace.
    """
    membership = _lock(membership)
    if not membership.is_active:
        return membership
    _require_other_owner(membership)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    _revoke_invites_of(membership, actor)
    record_for_member(membership, "membership.deactivated", actor)
    return membership


@transaction.atomic
def reactivate_member(*, membership: Membership, actor: str) -> Membership:
    """Take a deactivated membership up again, with the role it had."""
    membership = _lock(membership)
    if membership.is_active:
        return membership
    membership.is_active = True
    membership.save(update_fields=["is_active"])
    record_for_member(membership, "membership.reactivated", actor)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, actor: str) -> None:
    """Take a person out of the workspace and revoke the person's tokens in it.

    What the person did stays in the ledger under the person's name. Coming back takes
    a new invitation.
    Raises: LastOwner if nobody else owns the workspace.
    """
    membership = _lock(membership)
    _require_other_owner(membership)
    tokens = ApiToken.objects.in_workspace(membership.workspace)
    for token in tokens.filter(user=membership.user, revoked_at=None):
        revoke_token(token=token, actor=actor)
    _revoke_invites_of(membership, actor)
    record_for_member(membership, "membership.removed", actor)
    membership.delete()


def record_for_member(
    membership: Membership,
    kind: str,
    actor: str,
    data: Mapping[str, str] | None = None,
) -> None:
    """Append to the ledger's chain of this membership."""
    record(
        workspace_id=membership.workspace_id,
        subject=Subject("membership", membership.id),
        kind=kind,
        actor=actor,
        data=data or {},
    )


def _revoke_invites_of(membership: Membership, actor: str) -> None:
    """A link made before must not open the door again."""
    revoke_invites(
        workspace=membership.workspace, email=membership.user.email, actor=actor
    )


def _lock(membership: Membership) -> Membership:
    """Read the row again behind a lock on its workspace.

    Two owners who step down at the same moment must not both see the other one.
    SQLite has no row locks and needs none: its transactions write one at a time.
    """
    Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    return Membership.objects.select_related("workspace", "user").get(pk=membership.pk)


def _require_other_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER or not membership.is_active:
        return
    owners = Membership.objects.in_workspace(membership.workspace).filter(
        role=Role.OWNER, is_active=True, user__is_active=True
    )
    if not owners.exclude(pk=membership.pk).exists():
        raise LastOwner(membership.workspace.slug)
