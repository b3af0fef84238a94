"""What waits for the reader, and how long people take to decide."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min
from django.utils import timezone

from approvals.api import (
    Approval,
    Decision,
    Filters,
    Risk,
    count_waiting,
    for_principal,
    list_waiting,
)
from orchestrator_site.accounts.api import Permission, Principal, Workspace
from orchestrator_site.home.runs import WEEK

RISKS = {Risk.LOW: "low", Risk.MEDIUM: "medium", Risk.HIGH: "high"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """`mine` is how many of `all` the reader may decide; `shown` are the first of them."""

    all: int
    mine: int
    first_due_at: datetime | None
    shown: list[tuple[Approval, str]]
    can_decide: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionTimes:
    """Of the last 7 days; `median` is None without a decision."""

    count: int
    median: timedelta | None


def find_waiting(principal: Principal, limit: int) -> Waiting:
    """Open approvals: the riskiest first, then what is due, then the oldest."""
    workspace = principal.workspace
    mine = for_principal(list_waiting(workspace, Filters()), principal)
    counted = mine.order_by().aggregate(n=Count("pk"), due=Min("due_at"))
    shown = list(mine[:limit]) if counted["n"] else []
    return Waiting(
        all=count_waiting(workspace.pk),
        mine=counted["n"] or 0,
        first_due_at=counted["due"],
        shown=[(approval, RISKS[Risk(approval.risk)]) for approval in shown],
        can_decide=principal.can(Permission.APPROVAL_DECIDE),
    )


def decision_times(workspace: Workspace) -> DecisionTimes:
    """From the moment somebody was asked to the decision."""
    decided = Decision.objects.filter(
        approval__workspace=workspace, approval__ended_at__gte=timezone.now() - WEEK
    )
    count = decided.count()
    if not count:
        return DecisionTimes(count=0, median=None)
    took = ExpressionWrapper(
        F("decided_at") - F("approval__created_at"), output_field=DurationField()
    )
    spans = decided.annotate(took=took).order_by("took").values_list("took", flat=True)
    middle = list(spans[(count - 1) // 2 : count // 2 + 1])
    return DecisionTimes(
        count=count, median=sum(middle, timedelta()) / max(1, len(middle))
    )
