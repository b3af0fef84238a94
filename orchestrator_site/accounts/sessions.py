"""The workspace in which a logged-in person works at the moment."""

from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from orchestrator_site.accounts.errors import NoMembership
from orchestrator_site.accounts.models import User, Workspace
from orchestrator_site.accounts.principal import Principal

WORKSPACE_KEY = "workspace_id"


def set_active_workspace(session: SessionBase, workspace: Workspace) -> None:
    session[WORKSPACE_KEY] = str(workspace.id)


def principal_of_session(user: User, session: SessionBase) -> Principal:
    """The person in the session's active workspace, in one query.

    Where the session names none, or one the person has left, it is the workspace the
    person joined first.
    Raises: NoMembership if no active membership is left or the user is inactive.
    """
    if not user.is_active:
        raise NoMembership(user.email)
    memberships = list(
        user.memberships.filter(is_active=True).select_related("workspace", "user")
    )
    if not memberships:
        raise NoMembership(user.email)
    chosen = session.get(WORKSPACE_KEY)
    active = [m for m in memberships if m.workspace_id == (chosen and UUID(chosen))]
    return Principal.of_member((active or memberships)[0])
