"""Who is asking, in which workspace, and what that allows."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from orchestrator_site.accounts.errors import NoMembership
from orchestrator_site.accounts.models import ApiToken, Membership, User, Workspace
from orchestrator_site.accounts.roles import Permission, Role, Scope, permissions_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """`scopes` is None for a session: the role alone decides.

    `actor` is the name under which the ledger knows the principal. `user` is None
    for a service.
    """

    actor: str
    workspace: Workspace
    role: Role
    scopes: frozenset[Scope] | None
    user: User | None

    def can(self, permission: Permission) -> bool:
        return permission in permissions_of(self.role, self.scopes)

    @classmethod
    def of_member(cls, membership: Membership) -> Self:
        return cls(
            actor=f"user:{membership.user_id}",
            workspace=membership.workspace,
            role=Role(membership.role),
            scopes=None,
            user=membership.user,
        )

    @classmethod
    def of_token(cls, token: ApiToken, role: Role) -> Self:
        return cls(
            actor=f"token:{token.id}",
            workspace=token.workspace,
            role=role,
            scopes=frozenset(Scope(scope) for scope in token.scopes),
            user=token.user,
        )


def principal_for_user(user: User, workspace_id: UUID | None = None) -> Principal:
    """The principal of a logged-in person.

    Takes the membership of `workspace_id` (the session's active workspace), else the
    person's oldest active one.
    Raises: NoMembership if no active membership is left or the user is inactive.
    """
    memberships = [
        membership
        for membership in user.memberships.filter(is_active=True).select_related(
            "workspace"
        )
        if user.is_active
    ]
    if not memberships:
        raise NoMembership(user.email)
    chosen = [m for m in memberships if m.workspace_id == workspace_id]
    return Principal.of_member((chosen or memberships)[0])
