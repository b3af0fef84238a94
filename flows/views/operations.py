"""The operator's page: who works, what is stuck and what to do, which limits hold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from flows.describe import step_name
from flows.engine.addresses import read_address
from flows.models import Run, RunStatus, Step, Wait, WorkerKind
from flows.selectors import labels_of_versions
from flows.selectors.operations import (
    Limit,
    key_words,
    list_doubtful_steps,
    list_due,
    list_limits,
    list_stopped_runs,
    list_stranded_runs,
    list_workers,
    measure_load,
)
from flows.selectors.queues import list_queues
from flows.views.answering import answer
from flows.views.filters import address
from orchestrator_site.accounts.api import PageRequest, Permission, Workspace, page

MOST_NEEDS, MOST_LIMITS, MOST_DUE, MOST_HOLDERS = 25, 20, 10, 3
Words = str | Promise
ADVICE: dict[str, Words] = {
    "in_doubt": _(
        "Its worker stopped after the call may have been sent. Look at the other side, "
        "then say what you found."
    ),
    "poisoned": _(
        "It stopped several workers. Read the log of a worker and mend the cause, then "
        "let it be tried again from where it stands, or cancel it."
    ),
    "paused": _("Nothing more starts until somebody resumes it."),
    "stranded": _(
        "Its worker is silent. Another one takes it over as soon as it notices, within "
        "15 seconds; if none is alive, start one."
    ),
}
KINDS: dict[str, Words] = {
    "timer": _("Wait ends"),
    "retry": _("Tried again"),
    "deadline": _("Deadline of the run"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A run that needs an operator; `step` and `step_name` where it is one step.

    `state` is a key of `shell.states.LOOKS`, `asked` what somebody wants of the run that
    no worker has done yet.
    """

    state: str
    run: Run
    since: datetime | None
    advice: Words
    url: str
    asked: str = ""
    step: str = ""
    step_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A moment that comes: what it ends, and where."""

    wait: Wait
    run: Run
    kind: Words
    step_name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """A limit in force, with its first holders; `more` are not named."""

    limit: Limit
    value: str
    holders: list[Run]
    more: int


@require_safe
@page(Permission.WORKSPACE_OPERATE)
def operations(request: PageRequest) -> HttpResponse:
    """The whole page; as a fragment, all of it below the bar."""
    context = _board(request.principal.workspace)
    return answer(request, "flows/operations.html", "flows/_operations.html", context)


def _board(workspace: Workspace) -> dict[str, Any]:
    doubtful = list_doubtful_steps(workspace, MOST_NEEDS)
    stopped = list_stopped_runs(workspace, MOST_NEEDS)
    due = list_due(workspace, MOST_DUE)
    workers = list_workers(workspace)
    load = measure_load(workspace)
    alive = [state for state in workers if state.is_alive]
    is_safe = load.held == sum(state.holds for state in alive)
    stranded = [] if is_safe else list_stranded_runs(workspace, MOST_NEEDS)
    named: list[Step | Wait] = [*doubtful, *(wait for wait in due if wait.address)]
    labels = labels_of_versions(row.run.version_id for row in named)
    needs = [
        *(_doubt(step, _name(labels, step)) for step in doubtful),
        *(_stopped(run) for run in stopped),
        *(_need("stranded", run) for run in stranded),
    ]
    paused = sum(need.state == RunStatus.PAUSED for need in needs)
    return {
        "needs": needs,
        # What somebody paused on purpose stands in the list, but calls for nobody.
        "urgent": len(needs) - paused,
        "paused": paused,
        "load": load,
        "workers": workers,
        "queues": list_queues(workspace, [state.worker for state in alive]),
        "alive": sum(state.worker.kind == WorkerKind.WORKER for state in alive),
        "limits": [_limit(limit) for limit in list_limits(workspace, MOST_LIMITS)],
        "due": [_due(wait, _name(labels, wait)) for wait in due],
        "here": reverse("flows:operations"),
    }


def _need(state: str, run: Run, since: datetime | None = None, asked: str = "") -> Need:
    return Need(
        state="running" if state == "stranded" else state,
        run=run,
        since=since or run.started_at,
        advice=ADVICE[state],
        url=reverse("flows:run", args=[run.pk]),
        asked=asked,
    )


def _doubt(step: Step, name: str) -> Need:
    need = _need("in_doubt", step.run, step.started_at)
    url = address(need.url, {"step": step.address})
    return replace(need, url=url, step=step.address, step_name=name)


def _stopped(run: Any) -> Need:  # noqa: ANN401  with what is asked of it
    asked = {
        "cancel": run.is_cancelling,
        "resume": run.is_resuming,
        "release": run.is_releasing,
    }
    wanted = next((kind for kind, is_asked in asked.items() if is_asked), "")
    return _need(run.status, run, run.paused_at, wanted)


def _name(labels: Mapping[UUID, Mapping[str, str]], row: Step | Wait) -> str:
    if not row.address:
        return ""
    return step_name(read_address(row.address), labels.get(row.run.version_id, {}))


def _due(wait: Wait, name: str) -> Due:
    path = reverse("flows:run", args=[wait.run_id])
    return Due(
        wait=wait,
        run=wait.run,
        kind=KINDS[wait.kind],
        step_name=name,
        url=address(path, {"step": wait.address}),
    )


def _limit(limit: Limit) -> LimitRow:
    shown = list(limit.holders[:MOST_HOLDERS])
    return LimitRow(
        limit=limit,
        value=key_words(limit.value) if limit.value else "",
        holders=shown,
        more=len(limit.holders) - len(shown),
    )
