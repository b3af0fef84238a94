"""What every change by a person asks first: is it still open, and may they."""

from django.utils import timezone

from approvals.errors import (
    AlreadyDecided,
    ApprovalWithdrawn,
    ClaimedByOther,
    MayNotDecide,
)
from approvals.models import Approval, ApprovalState, Decision
from approvals.people import name_of
from approvals.rules import Decider, Refusal, blocker_of, refusal_of
from orchestrator_site.accounts.api import Permission, Principal


def find_refusal(approval: Approval, principal: Principal) -> Refusal | None:
    """The rule that keeps a principal from deciding, from stored ids only."""
    decider = Decider(
        actor=principal.actor,
        user_id=principal.user.pk if principal.user else None,
        role=principal.role.value,
        has_permission=principal.can(Permission.APPROVAL_DECIDE),
    )
    return refusal_of(approval.terms, decider)


def require_may_decide(approval: Approval, principal: Principal) -> None:
    """Raises: MayNotDecide."""
    rule = find_refusal(approval, principal)
    if rule is not None:
        raise MayNotDecide(rule, approval.terms.roles)


def require_open(approval: Approval) -> None:
    """Raises: AlreadyDecided, ApprovalWithdrawn."""
    if approval.is_open:
        return
    if approval.state == ApprovalState.OBSOLETE:
        raise ApprovalWithdrawn
    decision = Decision.objects.get(approval=approval)
    raise AlreadyDecided(
        actor=decision.actor,
        name=name_of(decision.actor),
        at=decision.decided_at,
        outcome=decision.outcome,
    )


def require_unclaimed(approval: Approval, principal: Principal) -> None:
    """Raises: ClaimedByOther if somebody else's claim holds."""
    blocker = blocker_of(approval.claim, principal.actor, timezone.now())
    if blocker:
        raise ClaimedByOther(blocker, name_of(blocker.actor))
