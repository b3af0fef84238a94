"""What waits for the reader, and how long people take to decide."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from approvals.api import (
    Approval,
    Decision,
    Filters,
    Risk,
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
    waiting = list_waiting(principal.workspace, Filters())
    mine = for_principal(waiting, principal)
    is_mine = Q(pk__in=mine.order_by().values("pk"))
    counted = waiting.order_by().aggregate(
        all=Count("pk"),
        mine=Count("pk", filter=is_mine),
        first_due_at=Min("due_at", filter=is_mine),
    )
    shown = list(mine[:limit]) if counted["mine"] else []
    return Waiting(
        **counted,
        shown=[(approval, RISKS[Risk(approval.risk)]) for approval in shown],
        can_decide=principal.can(Permission.APPROVAL_DECIDE),
    )


def decision_times(workspace: Workspace) -> DecisionTimes:
    """From the moment somebody was asked to the decision."""
    decided = Decision.objects.filter(
        approval__workspace=workspace, approval__ended_at__gte=timezone.now() - WEEK
    )
    took = ExpressionWrapper(
        F("decided_at") - F("approval__created_at"), output_field=DurationField()
    )
    place = Window(RowNumber(), order_by=[F("took"), F("pk")])
    # The one in the middle, or the two beside it.
    middle = (
        decided.annotate(took=took, twice=place * 2, count=Window(Count("pk")))
        .filter(twice__gte=F("count"), twice__lte=F("count") + 2)
        .values_list("count", "took")
    )
    found = list(middle)
    if not found:
        return DecisionTimes(count=0, median=None)
    spans = [span for _count, span in found]
    return DecisionTimes(count=found[0][0], median=sum(spans, timedelta()) / len(spans))
