from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.utils import timezone

from orchestrator_site.accounts.errors import (
    NoMembership,
    ScopeBeyondRole,
    ScopesMissing,
    TokenExpired,
    TokenLifeOutOfRange,
    TokenOwnerInactive,
    TokenRevoked,
    TokenUnknown,
)
from orchestrator_site.accounts.models import ApiToken, Membership, User, Workspace
from orchestrator_site.accounts.principal import Principal
from orchestrator_site.accounts.roles import Role, Scope, permissions_of
from orchestrator_site.accounts.token_text import new_token_text, parse_token_text
from orchestrator_site.ledger.api import Subject, record
from orchestrator_site.prepared import Given, Prepared

LONGEST_LIFE_DAYS = 365
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenHolder:
    """Whom a token speaks for: a person with the person's role, or a service."""

    workspace: Workspace
    user: User | None = None
    role: Role = Role.SERVICE


@transaction.atomic
def create_token(
    *,
    holder: TokenHolder,
    name: str,
    scopes: Collection[Scope],
    days: int = 90,
    actor: str,
) -> tuple[ApiToken, str]:
    """Make a token; the second value is its text, which is kept nowhere.

    Raises: ScopesMissing, TokenLifeOutOfRange, NoMembership if the person is not an
    active member, ScopeBeyondRole for a scope of which the role may do nothing.
    """
    if not 1 <= days <= LONGEST_LIFE_DAYS:
        raise TokenLifeOutOfRange(days, LONGEST_LIFE_DAYS)
    _require_scopes(_role_of(holder), scopes)
    text = new_token_text()
    token = ApiToken.objects.create(
        workspace=holder.workspace,
        user=holder.user,
        role="" if holder.user else holder.role.value,
        name=name,
        prefix=text.prefix,
        digest=text.digest,
        scopes=sorted(scope.value for scope in set(scopes)),
        expires_at=timezone.now() + timedelta(days=days),
    )
    _record(token, "token.created", actor, scopes=" ".join(token.scopes))
    return token, str(text)


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: str) -> None:
    """Stop a token at once; doing it again changes nothing."""
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if revoked:
        _record(token, "token.revoked", actor)


def authenticate_token(text: str) -> Principal:
    """Say who comes with this token, in one query.

    Raises: TokenUnknown (also for a wrong secret), TokenRevoked, TokenExpired,
    TokenOwnerInactive.
    """
    parsed = parse_token_text(text)
    if parsed is None:
        raise TokenUnknown
    token: Any = TOKEN.first(prefix=parsed.prefix)
    if token is None or not parsed.matches(token.digest):
        raise TokenUnknown
    now = timezone.now()
    _require_usable(token, now)
    role = token.owner_role if token.user_id else token.role
    if role is None:
        raise TokenOwnerInactive(token.prefix)
    _note_use(token, now)
    return Principal.of_token(token, Role(role))


def _token_with_owner() -> QuerySet[ApiToken]:
    """The token of a prefix, with `owner_role`: that of its person at this moment."""
    owner = Membership.objects.filter(
        workspace=OuterRef("workspace"),
        user=OuterRef("user"),
        is_active=True,
        user__is_active=True,
    )
    return (
        ApiToken.objects.filter(prefix=Given("prefix", CharField()))
        .select_related("workspace", "user")
        .annotate(owner_role=Subquery(owner.values("role")))
        .order_by()
    )


TOKEN = Prepared(_token_with_owner)


def _role_of(holder: TokenHolder) -> Role:
    if holder.user is None:
        return holder.role
    membership = holder.user.memberships.filter(
        workspace=holder.workspace, is_active=True
    ).first()
    if membership is None or not holder.user.is_active:
        raise NoMembership(holder.user.email)
    return Role(membership.role)


def _require_scopes(role: Role, scopes: Collection[Scope]) -> None:
    if not scopes:
        raise ScopesMissing(Scope)
    for scope in scopes:
        if not permissions_of(role, [scope]):
            fitting = [r for r in Role if permissions_of(r, [scope])]
            raise ScopeBeyondRole(scope, role, fitting)


def _require_usable(token: ApiToken, now: datetime) -> None:
    if token.revoked_at is not None:
        raise TokenRevoked(token.prefix)
    if token.expires_at <= now:
        raise TokenExpired(token.prefix)


def _note_use(token: ApiToken, now: datetime) -> None:
    """At most once a minute: a busy token must not write on every request.

    Of several requests that find the same old value, one writes.
    """
    seen = token.last_used_at
    if seen is None or now - seen >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk, last_used_at=seen).update(last_used_at=now)


def _record(token: ApiToken, kind: str, actor: str, **data: str) -> None:
    record(
        workspace_id=token.workspace_id,
        subject=Subject("token", token.id),
        kind=kind,
        actor=actor,
        data={"prefix": token.prefix, **data},
    )
