"""Starting a run and waiting for it, in a process that may drive it itself."""

import time

from django.db import connection

from flows.conductor.process import PROCESS
from flows.dispatch import ring
from flows.selectors import wait_for_run
from flows.services.runs import RunRequest, Started, start_run

# Most runs that somebody waits for are shorter; a longer one costs this request a
# connection, and others theirs for as long.
KEEP_S = 0.05


def start_and_wait(request: RunRequest, *, seconds: float) -> Started:
    """Start a run and read it once no process drives it any more, or after `seconds`.

    Raises: what `start_run` raises.
    """
    if not seconds:
        return start_run(request)
    end = time.monotonic() + seconds
    drives_here = PROCESS.may_drive
    started = start_run(request, rings=not drives_here)
    if started.run.ended_at is not None:
        return started
    if drives_here and started.is_new:
        _drive(started, seconds)
    workspace = request.flow.workspace
    run = wait_for_run(workspace, started.run.pk, seconds=end - time.monotonic())
    return Started(run, started.is_new)


def _drive(started: Started, seconds: float) -> None:
    """Let this process's conductor drive the run."""
    if connection.in_atomic_block:
        ring()  # it cannot be seen yet, by any conductor
        return
    driving = PROCESS.drive(started.run.pk)
    if not driving.wait(min(KEEP_S, seconds)):
        connection.close()
        driving.wait(seconds)
