"""Telling the pages that runs have moved on; what happened they fetch themselves."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from flows.models import Run
from orchestrator_site.live.api import Announcement, announce, announce_now

RUNS = "runs"


class Moved(Protocol):
    """A run that has a new place in its chain."""

    id: UUID
    workspace_id: UUID
    seq: int


def announce_runs(runs: Iterable[Moved]) -> None:
    """Tell the pages at once, after a joined commit: each run and each list of runs."""
    moved = list(runs)
    messages = [
        Announcement(run.workspace_id, topic_of(run.id), run.seq) for run in moved
    ]
    workspaces = {run.workspace_id for run in moved}
    announce_now([*messages, *(Announcement(item, RUNS) for item in workspaces)])


def announce_new_run(workspace_id: UUID) -> None:
    """Tell the lists of runs, once this transaction is in."""
    announce(workspace_id, RUNS)


def topic_of(run_id: UUID) -> str:
    """The topic of one run."""
    return f"run:{run_id}"


def current_run(workspace_id: UUID, run_id: str) -> int | None:
    """The newest id of a run's topic; None if the workspace has no such run."""
    found = Run.objects.filter(pk=run_id, workspace_id=workspace_id)
    return found.values_list("seq", flat=True).first()
