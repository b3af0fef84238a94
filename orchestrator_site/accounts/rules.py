"""Who may manage whom, beyond what the table of roles says."""

from orchestrator_site.accounts.errors import OwnersOnly
from orchestrator_site.accounts.principal import Principal
from orchestrator_site.accounts.roles import PERSON_ROLES, Permission, Role


def assignable_roles(principal: Principal) -> list[Role]:
    """Roles that this principal may give to a person."""
    return [role for role in PERSON_ROLES if _may_touch(principal, role)]


def require_may_manage(principal: Principal, role: str) -> None:
    """Raises: OwnersOnly for an owner's role in the hands of somebody who is none."""
    if not _may_touch(principal, Role(role)):
        raise OwnersOnly


def _may_touch(principal: Principal, role: Role) -> bool:
    return role is not Role.OWNER or principal.can(Permission.WORKSPACE_MANAGE)
