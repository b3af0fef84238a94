from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from orchestrator_site.accounts.errors import (
    UserNotFound,
    WorkspaceNotChosen,
    WorkspaceNotFound,
)
from orchestrator_site.accounts.models import ApiToken, Membership, User, Workspace
from orchestrator_site.accounts.roles import ROLE_PERMISSIONS, Permission


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


def workspaces_of(user: User) -> QuerySet[Workspace]:
    """The open workspaces in which the person is an active member."""
    members = user.memberships.filter(is_active=True)
    return Workspace.objects.filter(closed_at=None, pk__in=members.values("workspace"))


def get_user(email: str) -> User:
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise UserNotFound(email)
    return user


def find_decider(workspace_id: UUID, email: str) -> UUID | None:
    """Id of the member with this address, if they may decide approvals."""
    roles = [
        r for r, may in ROLE_PERMISSIONS.items() if Permission.APPROVAL_DECIDE in may
    ]
    members = Membership.objects.filter(
        workspace_id=workspace_id, is_active=True, role__in=roles
    )
    found = members.filter(user__email=email.lower(), user__is_active=True)
    return found.values_list("user_id", flat=True).first()


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """What people call them; the system's own actors and the unknown are left out.

    At most two queries.
    """
    ids: dict[str, set[UUID]] = {"user": set(), "token": set()}
    for actor in actors:
        prefix, _colon, rest = actor.partition(":")
        if prefix in ids and (found := _read_id(rest)):
            ids[prefix].add(found)
    names: dict[str, str] = {}
    if ids["user"]:
        for user in User.objects.filter(pk__in=ids["user"]):
            names[f"user:{user.pk}"] = user.get_full_name()
    if ids["token"]:
        for token in ApiToken.objects.filter(pk__in=ids["token"]):
            names[f"token:{token.pk}"] = token.name
    return names


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
