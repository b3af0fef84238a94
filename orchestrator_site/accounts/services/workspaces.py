from django.db import transaction
from django.utils import timezone

from orchestrator_site.accounts.errors import WorkspaceExists
from orchestrator_site.accounts.models import ApiToken, Membership, Workspace
from orchestrator_site.accounts.services.invites import revoke_invites
from orchestrator_site.accounts.services.members import record_for_member
from orchestrator_site.accounts.services.tokens import revoke_token
from orchestrator_site.ledger.api import Subject, record


@transaction.atomic
def create_workspace(*, slug: str, name: str, actor: str) -> Workspace:
    """Raises: WorkspaceExists if the slug is taken."""
    workspace, created = Workspace.objects.get_or_create(
        slug=slug, defaults={"name": name}
    )
    if not created:
        raise WorkspaceExists(slug)
    _record(workspace, "workspace.created", actor)
    return workspace


@transaction.atomic
def close_workspace(*, workspace: Workspace, actor: str) -> None:
    """End every membership, token and invitation of it; what it holds is kept.

    Closing it again changes nothing.
    """
    workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
    if workspace.closed_at is not None:
        return
    workspace.closed_at = timezone.now()
    workspace.save(update_fields=["closed_at"])
    revoke_invites(workspace=workspace, actor=actor)
    for token in ApiToken.objects.in_workspace(workspace).filter(revoked_at=None):
        revoke_token(token=token, actor=actor)
    for membership in Membership.objects.in_workspace(workspace).filter(is_active=True):
        membership.is_active = False
        membership.save(update_fields=["is_active"])
        record_for_member(membership, "membership.deactivated", actor)
    _record(workspace, "workspace.closed", actor)


def _record(workspace: Workspace, kind: str, actor: str) -> None:
    record(
        workspace_id=workspace.pk,
        subject=Subject("workspace", workspace.pk),
        kind=kind,
        actor=actor,
        data={"slug": workspace.slug},
    )
