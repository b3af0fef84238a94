"""People, workspaces and tokens for tests; every value has a default that works."""

from collections.abc import Collection
from itertools import count

from orchestrator_site.accounts.models import ApiToken, Membership, User, Workspace
from orchestrator_site.accounts.principal import Principal
from orchestrator_site.accounts.roles import Role, Scope
from orchestrator_site.accounts.services.tokens import TokenHolder, create_token

PASSWORD = "kettle-drum-orchard-9"

_numbers = count(1)


def make_workspace(*, slug: str = "", name: str = "Fernhill") -> Workspace:
    return Workspace.objects.create(
        slug=slug or f"fernhill-{next(_numbers)}", name=name
    )


def make_user(
    *,
    email: str = "",
    name: str = "Mara Ibsen",
    password: str | None = PASSWORD,
    is_active: bool = True,
    is_staff: bool = False,
) -> User:
    email = email or f"mara-{next(_numbers)}@fernhill.example"
    user = User.objects.create_user(email, password, name=name)
    user.is_active = is_active
    user.is_staff = user.is_superuser = is_staff
    user.save()
    return user


def make_membership(
    *,
    workspace: Workspace | None = None,
    user: User | None = None,
    role: Role = Role.BUILDER,
    is_active: bool = True,
) -> Membership:
    return Membership.objects.create(
        workspace=workspace or make_workspace(),
        user=user or make_user(),
        role=role.value,
        is_active=is_active,
    )


def make_token(
    *,
    workspace: Workspace | None = None,
    user: User | None = None,
    role: Role = Role.SERVICE,
    scopes: Collection[Scope] = (Scope.READ, Scope.RUN),
    days: int = 30,
) -> tuple[ApiToken, str]:
    """Returns the row and the token's text."""
    holder = TokenHolder(workspace=workspace or make_workspace(), user=user, role=role)
    return create_token(
        holder=holder, name="Night job", scopes=scopes, days=days, actor="system:cli"
    )


def make_principal(
    *, workspace: Workspace | None = None, role: Role = Role.OWNER
) -> Principal:
    return Principal.of_member(make_membership(workspace=workspace, role=role))
