"""Reading approvals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from approvals.errors import ApprovalNotFound
from approvals.models import Approval, ApprovalState
from orchestrator_site.accounts.api import Permission, Principal, Workspace

PAGE = 50
DUE_SOON = timedelta(hours=1)
HEAVY = ("shown", "fields", "schema")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which approvals of a list; empty means all."""

    flow: str = ""
    risk: int | None = None

    def apply(self, approvals: QuerySet[Approval]) -> QuerySet[Approval]:
        """Keep what fits."""
        if self.flow:
            approvals = approvals.filter(flow=self.flow)
        if self.risk is not None:
            approvals = approvals.filter(risk=self.risk)
        return approvals


def get_approval(workspace: Workspace, approval_id: UUID) -> Approval:
    """One approval of a workspace. Raises: ApprovalNotFound."""
    approval = Approval.objects.in_workspace(workspace).filter(pk=approval_id).first()
    if approval is None:
        raise ApprovalNotFound(approval_id)
    return approval


def find_version(workspace_id: UUID, approval_id: str) -> int | None:
    """How often an approval has changed, for pages that watch it."""
    asked = Approval.objects.filter(workspace_id=workspace_id, pk=approval_id)
    return asked.values_list("version", flat=True).first()


def list_waiting(workspace: Workspace, filters: Filters) -> QuerySet[Approval]:
    """Open approvals: the riskiest first, then what is due, then the oldest."""
    waiting = Approval.objects.in_workspace(workspace).filter(ended_at__isnull=True)
    order = ("-risk", F("due_at").asc(nulls_last=True), "id")
    return filters.apply(waiting).defer(*HEAVY).order_by(*order)


def open_runs() -> QuerySet[Approval, UUID]:
    """Ids of the runs of all workspaces that ask a person."""
    asked = Approval.objects.filter(ended_at__isnull=True)
    return asked.order_by().values_list("run_id", flat=True).distinct()


def list_ended(workspace: Workspace, filters: Filters) -> QuerySet[Approval]:
    """Approvals that were decided or withdrawn, the latest first."""
    ended = Approval.objects.in_workspace(workspace).filter(ended_at__isnull=False)
    return (
        filters.apply(ended)
        .defer(*HEAVY)
        .select_related("decision")
        .order_by("-ended_at")
    )


def list_decided(workspace: Workspace) -> QuerySet[Approval]:
    """Approvals that somebody decided, the latest first."""
    return list_ended(workspace, Filters()).exclude(state=ApprovalState.OBSOLETE)


def list_some(workspace: Workspace, ids: Iterable[UUID]) -> QuerySet[Approval]:
    """The approvals of these ids, in whichever state and order."""
    some = Approval.objects.in_workspace(workspace).filter(pk__in=ids)
    return some.defer(*HEAVY).select_related("decision")


def for_principal(
    approvals: QuerySet[Approval], principal: Principal
) -> QuerySet[Approval]:
    """Keep what this principal may decide: the rules of `rules.py` as a query."""
    if not principal.can(Permission.APPROVAL_DECIDE):
        return approvals.none()
    own = Q(started_by=principal.actor)
    if principal.user:
        own |= Q(starter_id__isnull=False, starter_id=principal.user.pk)
    is_asked = Q(roles__contains=f" {principal.role.value} ")
    if principal.user:
        is_asked |= Q(roles__contains=f" user:{principal.user.pk} ")
    asked = approvals.filter(is_asked)
    return asked.exclude(Q(exclude_starter=True) & own)


def count_waiting(workspace_id: UUID, *, principal: Principal | None = None) -> int:
    """How many approvals wait, for anybody or for this principal."""
    waiting = Approval.objects.filter(workspace_id=workspace_id, ended_at__isnull=True)
    return (for_principal(waiting, principal) if principal else waiting).count()


def count_due(principal: Principal) -> int:
    """How many approvals this principal may decide are due within the hour, or were."""
    waiting = for_principal(list_waiting(principal.workspace, Filters()), principal)
    return waiting.filter(due_at__lt=timezone.now() + DUE_SOON).count()


def list_flows(workspace: Workspace) -> list[tuple[str, str]]:
    """Slug and name of the flows that have asked somebody, by name."""
    asked = Approval.objects.in_workspace(workspace).order_by("flow_name", "flow")
    return list(asked.values_list("flow", "flow_name").distinct())


def find_next(principal: Principal, after: UUID) -> UUID | None:
    """The first approval, other than `after`, that this principal can decide now."""
    waiting = for_principal(list_waiting(principal.workspace, Filters()), principal)
    held_by_others = Q(claimed_until__gt=timezone.now()) & ~Q(
        claimed_by=principal.actor
    )
    free = waiting.exclude(pk=after).exclude(held_by_others)
    return free.values_list("pk", flat=True).first()
