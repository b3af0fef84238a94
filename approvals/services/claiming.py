"""Claims: who works on an approval, until a lease ends."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from approvals.errors import ClaimedByOther
from approvals.models import Approval, ApprovalState
from approvals.people import name_of
from approvals.rules import LEASE, Claim, blocker_of, holder_of
from approvals.selectors import get_approval
from approvals.services.access import require_may_decide, require_open
from approvals.services.moving import move, note
from orchestrator_site.accounts.api import Principal


@transaction.atomic
def claim(
    approval_id: UUID, *, principal: Principal, take_from: str | None = None
) -> Claim:
    """Claim an approval, or renew a claim; the lease is ten minutes.

    `take_from` is the actor whose claim is taken over knowingly.
    Raises: ApprovalNotFound, AlreadyDecided, ApprovalWithdrawn, MayNotDecide;
    ClaimedByOther if anybody else than `take_from` holds it.
    """
    while True:
        approval = get_approval(principal.workspace, approval_id)
        require_open(approval)
        require_may_decide(approval, principal)
        held = _require_free(approval, principal, take_from)
        wanted = Claim(principal.actor, timezone.now() + LEASE)
        if held == principal.actor:
            if _renew(approval, wanted):
                return wanted
        elif _take(approval, wanted, held):
            return wanted


@transaction.atomic
def release(approval_id: UUID, *, principal: Principal) -> None:
    """Give a claim back; without one of one's own nothing happens.

    Raises: ApprovalNotFound.
    """
    while True:
        approval = get_approval(principal.workspace, approval_id)
        if not approval.is_open or approval.claimed_by != principal.actor:
            return
        if move(approval, ApprovalState.READY, claimed_by=None, claimed_until=None):
            note(approval, "released", principal.actor)
            return


def _require_free(
    approval: Approval, principal: Principal, take_from: str | None
) -> str | None:
    """Whose claim holds, if it may be replaced. Raises: ClaimedByOther."""
    now = timezone.now()
    blocker = blocker_of(approval.claim, principal.actor, now)
    if blocker and blocker.actor != take_from:
        raise ClaimedByOther(blocker, name_of(blocker.actor))
    return holder_of(approval.claim, now)


def _renew(approval: Approval, wanted: Claim) -> bool:
    """Move the end of a lease, which nobody needs to be told of."""
    as_read = Approval.objects.filter(pk=approval.pk, version=approval.version)
    return bool(as_read.update(claimed_until=wanted.until))


def _take(approval: Approval, wanted: Claim, held: str | None) -> bool:
    changed = move(
        approval,
        ApprovalState.CLAIMED,
        claimed_by=wanted.actor,
        claimed_until=wanted.until,
    )
    if changed:
        note(approval, "claimed", wanted.actor, {"taken_from": held})
    return changed
