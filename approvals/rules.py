"""Who may decide, and whose claim holds. Pure: stored ids in, an answer out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LEASE = timedelta(minutes=10)


class Refusal(StrEnum):
    """Why somebody may not decide."""

    PERMISSION = "permission_missing"
    ROLE = "role_not_asked"
    STARTER = "started_the_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an approval asks of whoever decides.

    `roles` may hold `user:<id>` too, for one person. `starter_id` is the person behind
    `started_by`, who may have used a token.
    """

    roles: tuple[str, ...]
    exclude_starter: bool
    started_by: str
    starter_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Somebody who wants to decide; `user_id` is None for a service."""

    actor: str
    user_id: UUID | None
    role: str
    has_permission: bool


def refusal_of(terms: Terms, decider: Decider) -> Refusal | None:
    """The rule that keeps `decider` from deciding; None if there is none."""
    if not decider.has_permission:
        return Refusal.PERMISSION
    if not {decider.role, f"user:{decider.user_id}"} & set(terms.roles):
        return Refusal.ROLE
    if terms.exclude_starter and _is_starter(terms, decider):
        return Refusal.STARTER
    return None


def _is_starter(terms: Terms, decider: Decider) -> bool:
    if decider.actor == terms.started_by:
        return True
    return decider.user_id is not None and decider.user_id == terms.starter_id


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody works on an approval until the lease ends."""

    actor: str
    until: datetime


def holder_of(claim: Claim | None, now: datetime) -> str | None:
    """Whose claim holds at `now`."""
    if claim is None or claim.until <= now:
        return None
    return claim.actor


def blocker_of(claim: Claim | None, actor: str, now: datetime) -> Claim | None:
    """The claim that keeps `actor` from claiming or deciding at `now`."""
    if claim is None or holder_of(claim, now) in (None, actor):
        return None
    return claim
