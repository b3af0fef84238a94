"""The list of runs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from flows.describe import name_of
from flows.models import Flow, Run
from flows.selectors import (
    accepted_between,
    actor_names,
    count_asking,
    count_standing,
    list_flows,
    list_whole_runs,
    requests_of,
    standing_of,
)
from flows.views.answering import answer
from flows.views.filters import (
    PERIODS,
    STATES,
    address,
    chosen,
    read_uuid,
    since,
)
from orchestrator_site.accounts.api import PageRequest, Permission, Workspace, page

PAGE_ROWS = 50
MANY_NEW = 99
# A list shows neither what went in and out nor the drawings.
LARGE = ("input", "result", "flow__draft", "version__document")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run as a row: who started it, how long it took or has taken.

    `state` is a key of `shell.states.LOOKS`; `asked` what somebody wants of it that no
    worker has done yet: `cancel`, `pause`, `resume` or nothing.
    """

    run: Run
    starter: str
    duration: timedelta | None
    state: str
    asked: str
    may_cancel: bool


@require_safe
@page(Permission.RUN_VIEW)
def runs(request: PageRequest) -> HttpResponse:
    """Runs, newest first, fifty at a time."""
    context = _list(request)
    return answer(request, "flows/runs.html", "flows/_runs.html", context)


@require_safe
@page(Permission.RUN_VIEW)
def changes(request: PageRequest) -> HttpResponse:
    """The rows that a page shows as they are now, and how many have come since."""
    workspace = request.principal.workspace
    flows = _flows(workspace)
    filters = _filters(request.GET, flows)
    shown = [
        found for text in request.GET.getlist("shown") if (found := read_uuid(text))
    ]
    rows = _light(list_whole_runs(workspace)).filter(pk__in=shown[:PAGE_ROWS])
    newest = _filtered(workspace, filters, flows)
    if shown:
        newest = newest.filter(pk__gt=max(shown))
    context = {
        "rows": rows_of(request, list(rows.order_by("-id"))),
        "new_count": newest[: MANY_NEW + 1].count() if _is_first(request) else 0,
        "many_new": MANY_NEW,
        "newest_url": address(reverse("flows:runs"), filters),
        **_standing(workspace),
    }
    return render(request, "flows/_runs_changes.html", context)


def rows_of(request: PageRequest, runs: list[Run]) -> list[RunRow]:
    """Runs as rows, in their order."""
    names = actor_names({run.started_by for run in runs})
    states = standing_of((run.pk, run.status) for run in runs)
    asked = requests_of(runs)
    may_cancel = request.principal.can(Permission.RUN_CANCEL)
    return [
        RunRow(
            run=run,
            starter=name_of(run.started_by, names),
            duration=duration_of(run),
            state=states[run.pk],
            asked=_strongest(asked.get(run.pk, set())),
            may_cancel=may_cancel and run.ended_at is None,
        )
        for run in runs
    ]


# Of several things that are asked of a run, the first that stands here is told.
WANTED = ("cancel", "release", "resume", "pause")


def _strongest(asked: set[str]) -> str:
    return next((each for each in WANTED if each in asked), "")


def duration_of(run: Run) -> timedelta | None:
    """How long it took, or has taken so far."""
    if run.started_at is None:
        return None
    return (run.ended_at or timezone.now()) - run.started_at


def _list(request: PageRequest) -> dict[str, Any]:
    workspace = request.principal.workspace
    flows = _flows(workspace)
    filters = _filters(request.GET, flows)
    found = _filtered(workspace, filters, flows)
    cursor = read_uuid(request.GET.get("before", ""))
    asked = found.filter(pk__lt=cursor) if cursor else found
    page_of_runs = list(_light(asked).order_by("-id")[: PAGE_ROWS + 1])
    shown, path = page_of_runs[:PAGE_ROWS], reverse("flows:runs")
    older = (
        {**filters, "before": str(shown[-1].pk)}
        if len(page_of_runs) > PAGE_ROWS
        else {}
    )
    return {
        "rows": rows_of(request, shown),
        "filters": filters,
        "is_filtered": any(filters.values()),
        "flows": flows.values(),
        "states": STATES,
        "periods": PERIODS,
        "count": found.count(),
        "first_url": address(path, filters) if cursor else "",
        "older_url": address(path, older) if older else "",
        "changes_url": address(
            reverse("flows:runs_changes"), {**filters, "before": str(cursor or "")}
        ),
        **_standing(workspace),
    }


def _is_first(request: PageRequest) -> bool:
    return not request.GET.get("before")


def _flows(workspace: Workspace) -> dict[str, Flow]:
    flows = list_flows(workspace).select_related(None).only("slug", "name")
    return {flow.slug: flow for flow in flows.order_by("name")}


def _filters(query: QueryDict, flows: dict[str, Flow]) -> dict[str, str]:
    return {
        "flow": chosen(query, "flow", flows),
        "state": chosen(query, "state", STATES),
        "period": chosen(query, "period", PERIODS),
    }


def _filtered(
    workspace: Workspace, filters: dict[str, str], flows: dict[str, Flow]
) -> QuerySet[Run]:
    found = list_whole_runs(workspace)
    if filters["flow"]:
        found = found.filter(flow=flows[filters["flow"]])
    if filters["state"]:
        found = found.filter(status__in=STATES[filters["state"]].statuses)
    return accepted_between(found, since(filters["period"]), None)


def _light(found: QuerySet[Run]) -> QuerySet[Run]:
    return found.defer(*LARGE)


def _standing(workspace: Workspace) -> dict[str, int]:
    """What the sentence at the top says: what is open, and how the last day went."""
    since = timezone.now() - timedelta(days=1)
    counted = count_standing(workspace, since)
    asking = count_asking(workspace) if counted["waiting"] else 0
    others = counted["open"] + max(counted["waiting"] - asking, 0)
    return {**counted, "open": others, "asking": asking}
