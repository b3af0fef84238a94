"""Flows as rows of a page, with how their runs go."""

from datetime import timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from flows.models import Flow, Run
from flows.selectors.flows import list_flows
from flows.selectors.runs import accepted_between
from orchestrator_site.accounts.api import Workspace


def list_flows_with_runs(workspace: Workspace) -> QuerySet[Flow]:
    """By name; adds `last_run_id`, `last_status`, `last_run_at` and `runs_of_day`."""
    runs = Run.objects.filter(flow=OuterRef("pk"))
    last = runs.order_by("-id")
    day_ago = timezone.now() - timedelta(days=1)
    of_day = accepted_between(runs, day_ago, None).order_by().values("flow")
    return (
        list_flows(workspace)
        .defer("draft", "published__document")
        .annotate(
            last_run_id=Subquery(last.values("pk")[:1]),
            last_status=Subquery(last.values("status")[:1]),
            last_run_at=Subquery(last.values("created_at")[:1]),
            runs_of_day=Coalesce(
                Subquery(of_day.annotate(n=Count("pk")).values("n")), 0
            ),
        )
        .order_by("name", "slug")
    )
