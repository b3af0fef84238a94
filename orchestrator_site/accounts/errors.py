"""What can go wrong with accounts.

AccountsError
├── WorkspaceNotFound, WorkspaceNotChosen, WorkspaceExists
├── UserNotFound, EmailTaken, EmailInvalid, AlreadyMember, LastOwner, NoMembership
├── MemberSwitchedOff, OwnersOnly
├── InviteRefused
│   └── InviteUnknown, InviteExpired, InviteUsed, InviteRevoked, InviteNeedsPassword
├── TokenLifeOutOfRange, ScopesMissing, ScopeBeyondRole
└── TokenRefused
    └── TokenUnknown, TokenExpired, TokenRevoked, TokenOwnerInactive
"""

from collections.abc import Iterable
from typing import ClassVar


class AccountsError(Exception):
    code: ClassVar[str]
    http_status: ClassVar[int] = 422


class WorkspaceNotFound(AccountsError):
    code, http_status = "workspace_not_found", 404

    def __init__(self, slug: str, slugs: Iterable[str]) -> None:
        known = ", ".join(slugs) or "none yet"
        super().__init__(f"There is no workspace {slug!r}. Workspaces: {known}.")


class WorkspaceNotChosen(AccountsError):
    code = "workspace_not_chosen"

    def __init__(self, slugs: Iterable[str]) -> None:
        known = ", ".join(slugs)
        super().__init__(
            f"There are several workspaces. Choose one with --workspace: {known}."
            if known
            else "There is no workspace yet. Run manage.py up once: it makes the first."
        )


class WorkspaceExists(AccountsError):
    code, http_status = "workspace_exists", 409

    def __init__(self, slug: str) -> None:
        super().__init__(f"A workspace {slug!r} exists already. Choose another slug.")


class UserNotFound(AccountsError):
    code, http_status = "user_not_found", 404

    def __init__(self, email: str) -> None:
        super().__init__(
            f"There is no user {email!r}. "
            "Look at the spelling, or add the person with manage.py create_user."
        )


class EmailTaken(AccountsError):
    code, http_status = "email_taken", 409

    def __init__(self, email: str) -> None:
        super().__init__(
            f"A user {email!r} exists already. "
            "For a new password run manage.py reset_password."
        )


class EmailInvalid(AccountsError):
    code = "email_invalid"

    def __init__(self, email: str) -> None:
        super().__init__(f"{email!r} is not an e-mail address. Write name@host.")


class AlreadyMember(AccountsError):
    code, http_status = "already_member", 409

    def __init__(self, email: str, slug: str) -> None:
        super().__init__(
            f"{email} is a member of {slug!r} already. Change the role instead."
        )


class LastOwner(AccountsError):
    code, http_status = "last_owner", 409

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"Workspace {slug!r} has no other owner. Make someone else owner first."
        )


class NoMembership(AccountsError):
    """A person who is logged in and belongs to no workspace, or not any more."""

    code, http_status = "no_membership", 403

    def __init__(self, email: str) -> None:
        super().__init__(
            f"{email} is an active member of no workspace. "
            "Ask an owner of the workspace to add you."
        )


class MemberSwitchedOff(AccountsError):
    code, http_status = "member_switched_off", 409

    def __init__(self, email: str) -> None:
        super().__init__(
            f"{email} is a member who is switched off. Reactivate the person instead."
        )


class OwnersOnly(AccountsError):
    """An admin who would make an owner, or change what an owner is."""

    code, http_status = "owners_only", 403

    def __init__(self) -> None:
        super().__init__(
            "Only an owner makes owners or changes what an owner is. Ask an owner."
        )


class InviteRefused(AccountsError):
    http_status = 410


class InviteUnknown(InviteRefused):
    code, http_status = "invite_unknown", 404

    def __init__(self) -> None:
        super().__init__(
            "There is no such invitation. Look whether the link was copied whole, "
            "or ask whoever invited you for a new one."
        )


class InviteExpired(InviteRefused):
    code = "invite_expired"

    def __init__(self) -> None:
        super().__init__(
            "This invitation has expired. Ask whoever invited you for a new link."
        )


class InviteUsed(InviteRefused):
    code = "invite_used"

    def __init__(self) -> None:
        super().__init__(
            "This invitation was used already. If it was you, sign in; "
            "if not, tell whoever invited you."
        )


class InviteRevoked(InviteRefused):
    code = "invite_revoked"

    def __init__(self) -> None:
        super().__init__(
            "This invitation was taken back. Ask whoever invited you for a new link."
        )


class InviteNeedsPassword(InviteRefused):
    """A link of one workspace must not open an account that works in another."""

    code, http_status = "invite_needs_password", 409

    def __init__(self, email: str) -> None:
        super().__init__(
            f"{email} works elsewhere on this installation and has no password yet. "
            "Whoever runs it gives one with manage.py reset_password; then sign in."
        )


class TokenLifeOutOfRange(AccountsError):
    code = "token_life_out_of_range"

    def __init__(self, days: int, longest: int) -> None:
        super().__init__(
            f"A token cannot last {days} days. Give it 1 to {longest} days."
        )


class ScopesMissing(AccountsError):
    code = "token_scopes_missing"

    def __init__(self, scopes: Iterable[str]) -> None:
        super().__init__(
            f"A token needs at least one scope. Scopes: {', '.join(scopes)}."
        )


class ScopeBeyondRole(AccountsError):
    code = "token_scope_beyond_role"

    def __init__(self, scope: str, role: str, roles: Iterable[str]) -> None:
        super().__init__(
            f"The role {role} allows nothing of the scope {scope}. "
            f"Leave the scope out, or take one of these roles: {', '.join(roles)}."
        )


class TokenRefused(AccountsError):
    http_status = 401


class TokenUnknown(TokenRefused):
    code = "token_unknown"

    def __init__(self) -> None:
        super().__init__(
            "This is not a token of this installation. Look whether it was copied "
            "whole, or make one with manage.py create_token."
        )


class TokenExpired(TokenRefused):
    code = "token_expired"

    def __init__(self, prefix: str) -> None:
        super().__init__(f"Token baton_{prefix}_… has expired. Make a new one.")


class TokenRevoked(TokenRefused):
    code = "token_revoked"

    def __init__(self, prefix: str) -> None:
        super().__init__(f"Token baton_{prefix}_… was revoked. Make a new one.")


class TokenOwnerInactive(TokenRefused):
    code = "token_owner_inactive"

    def __init__(self, prefix: str) -> None:
        super().__init__(
            f"Token baton_{prefix}_… belongs to a person who is not an active member "
            "of its workspace any more. Use a token of someone who is."
        )
