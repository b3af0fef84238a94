"""Starting a run and waiting for it, in a process that may drive it itself."""

import time
from uuid import UUID

from django.db import connection

from flows.conductor.process import PROCESS
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
    driver = _find_driver()
    started = start_run(request, driver=driver)
    if started.run.ended_at is not None:
        return started
    if driver and started.is_new:
        _drive(started, seconds)
    workspace = request.flow.workspace
    run = wait_for_run(workspace, started.run.pk, seconds=end - time.monotonic())
    return Started(run, started.is_new)


def _find_driver() -> UUID | None:
    """The conductor of this process, where it could see the run as soon as it is there."""
    if PROCESS.may_drive and not connection.in_atomic_block:
        return PROCESS.find_driver()
    return None


def _drive(started: Started, seconds: float) -> None:
    """Let this process's conductor drive the run."""
    driving = PROCESS.drive(started.run)
    if not driving.wait(min(KEEP_S, seconds)):
        connection.close()
        driving.wait(seconds)
