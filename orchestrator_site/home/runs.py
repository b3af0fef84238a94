"""Runs of a workspace, counted and picked; one look at the table for all counts."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from approvals.api import Approval
from flows.models import Run, RunStatus
from flows.selectors import list_whole_runs, standing_of
from orchestrator_site.accounts.api import Workspace, actor_names
from orchestrator_site.shell.actors import name_of

WEEK, DAY = timedelta(days=7), timedelta(days=1)
BROKEN = (RunStatus.FAILED, RunStatus.POISONED)
# A list shows neither what went in and out nor the drawings.
LARGE = ("input", "result", "flow__draft", "version__document")


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFigures:
    """Counts of a workspace; a week is the last 7 days.

    `handled` ended within a week, in whichever way. `alone` are those of `succeeded` for
    which nobody was asked. The mean cost is None without an ended run.
    """

    handled: int
    succeeded: int
    alone: int
    mean_cost_usd_micros: int | None
    under_way: int
    broken_week: int
    broken_day: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRow:
    """`state` is a key of `shell.states.LOOKS`."""

    run: Run
    state: str
    starter: str
    duration: timedelta | None


def count_runs(workspace: Workspace) -> RunFigures:
    """One look at the runs that have not ended, one at those that ended in a week."""
    runs, now = list_whole_runs(workspace).select_related(None), timezone.now()
    is_done = Q(status=RunStatus.COMPLETED)
    asked = Q(Exists(Approval.objects.filter(run_id=OuterRef("pk"))))
    broken = Q(status__in=BROKEN)
    ended = runs.filter(ended_at__gte=now - WEEK).aggregate(
        handled=Count("pk"),
        succeeded=Count("pk", filter=is_done),
        alone=Count("pk", filter=is_done & ~asked),
        mean_cost=Avg("cost_usd_micros"),
        broken_week=Count("pk", filter=broken),
        broken_day=Count("pk", filter=broken & Q(ended_at__gte=now - DAY)),
    )
    mean_cost = ended.pop("mean_cost")
    return RunFigures(
        mean_cost_usd_micros=None if mean_cost is None else round(mean_cost),
        under_way=runs.filter(ended_at=None).count(),
        **ended,
    )


def recent_runs(workspace: Workspace, limit: int) -> list[RunRow]:
    return _rows(_newest(workspace)[:limit])


def runs_under_way(workspace: Workspace, limit: int) -> list[RunRow]:
    return _rows(_newest(workspace).filter(ended_at=None)[:limit])


def broken_runs(workspace: Workspace, limit: int) -> list[RunRow]:
    """Those of the last 7 days."""
    since = timezone.now() - WEEK
    broken = _newest(workspace).filter(status__in=BROKEN, ended_at__gte=since)
    return _rows(broken[:limit])


def _newest(workspace: Workspace) -> QuerySet[Run]:
    return list_whole_runs(workspace).defer(*LARGE).order_by("-id")


def _rows(runs: QuerySet[Run]) -> list[RunRow]:
    names = actor_names({run.started_by for run in runs})
    states = standing_of((run.pk, run.status) for run in runs)
    return [
        RunRow(
            run=run,
            state=states[run.pk],
            starter=name_of(run.started_by, names),
            duration=_duration_of(run),
        )
        for run in runs
    ]


def _duration_of(run: Run) -> timedelta | None:
    if run.started_at is None:
        return None
    return (run.ended_at or timezone.now()) - run.started_at
