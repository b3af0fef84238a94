"""Who is asking, in which workspace, and what that allows."""

from dataclasses import dataclass
from typing import Literal, Self

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

    @property
    def is_authenticated(self) -> Literal[True]:
        """What REST framework asks of `request.user`."""
        return True

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
