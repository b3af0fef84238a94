from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from approvals.rules import (
    LEASE,
    Claim,
    Decider,
    Refusal,
    Terms,
    blocker_of,
    holder_of,
    refusal_of,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MARA, THEO = UUID(int=1), UUID(int=2)


def terms(started_by="system:cli", starter=None, *, exclude=True, roles=("reviewer",)):
    return Terms(
        roles=roles, exclude_starter=exclude, started_by=started_by, starter_id=starter
    )


def decider(actor=f"user:{MARA}", user=MARA, role="reviewer", *, permitted=True):
    return Decider(actor=actor, user_id=user, role=role, has_permission=permitted)


BY_MARA = terms(f"user:{MARA}", MARA)
BY_MARAS_TOKEN = terms("token:t1", MARA)
BY_SERVICE = terms("token:t2")


@pytest.mark.parametrize(
    ("asked", "who", "refusal"),
    [
        (terms(), decider(), None),
        (terms(), decider(permitted=False), Refusal.PERMISSION),
        (terms(), decider(role="admin"), Refusal.ROLE),
        (terms(roles=("admin", "owner")), decider(role="owner"), None),
        (terms(roles=()), decider(), Refusal.ROLE),
        # Whoever started the run, by whichever door.
        (BY_MARA, decider(), Refusal.STARTER),
        (BY_MARA, decider("token:t1", MARA), Refusal.STARTER),
        (BY_MARAS_TOKEN, decider(), Refusal.STARTER),
        (BY_MARAS_TOKEN, decider("token:t1", MARA), Refusal.STARTER),
        (BY_SERVICE, decider("token:t2", None), Refusal.STARTER),
        # Somebody else, and services that are nobody's.
        (BY_MARA, decider(f"user:{THEO}", THEO), None),
        (BY_SERVICE, decider("token:t3", None), None),
        (BY_SERVICE, decider(), None),
        # Where the flow does not mind.
        (terms(f"user:{MARA}", MARA, exclude=False), decider(), None),
    ],
)
def test_who_may_decide(asked, who, refusal):
    assert refusal_of(asked, who) == refusal


@pytest.mark.parametrize(
    ("age", "holder"),
    [
        (timedelta(0), "user:theo"),
        (LEASE - timedelta(microseconds=1), "user:theo"),
        (LEASE, None),
        (LEASE + timedelta(days=1), None),
    ],
)
def test_claim_holds_until_its_lease_ends(age, holder):
    assert holder_of(Claim("user:theo", NOW + LEASE), NOW + age) == holder


@pytest.mark.parametrize(
    ("claim", "is_blocked"),
    [
        (None, False),
        (Claim("user:mara", NOW + LEASE), False),
        (Claim("user:theo", NOW + LEASE), True),
        (Claim("user:theo", NOW), False),
    ],
)
def test_only_a_living_claim_of_another_blocks(claim, is_blocked):
    assert bool(blocker_of(claim, "user:mara", NOW)) == is_blocked
