from orchestrator_site.accounts.errors import (
    UserNotFound,
    WorkspaceNotChosen,
    WorkspaceNotFound,
)
from orchestrator_site.accounts.models import User, Workspace


def get_workspace(slug: str | None) -> Workspace:
    """The open workspace with this slug; None means the only one there is.

    Raises: WorkspaceNotFound; WorkspaceNotChosen if `slug` is None and there is none
    or more than one.
    """
    workspaces = list(Workspace.objects.filter(closed_at=None))
    slugs = [workspace.slug for workspace in workspaces]
    if slug is not None:
        workspaces = [w for w in workspaces if w.slug == slug]
        if not workspaces:
            raise WorkspaceNotFound(slug, slugs)
    if len(workspaces) != 1:
        raise WorkspaceNotChosen(slugs)
    return workspaces[0]


def get_user(email: str) -> User:
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise UserNotFound(email)
    return user
