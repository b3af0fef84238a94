from django.db import transaction

from orchestrator_site.accounts.errors import WorkspaceExists
from orchestrator_site.accounts.models import Workspace
from orchestrator_site.ledger.api import Subject, record


@transaction.atomic
def create_workspace(*, slug: str, name: str, actor: str) -> Workspace:
    """Raises: WorkspaceExists if the slug is taken."""
    workspace, created = Workspace.objects.get_or_create(
        slug=slug, defaults={"name": name}
    )
    if not created:
        raise WorkspaceExists(slug)
    record(
        workspace_id=workspace.id,
        subject=Subject("workspace", workspace.id),
        kind="workspace.created",
        actor=actor,
        data={"slug": slug},
    )
    return workspace
