"""Recording that a step goes to the workers of a queue."""

from django.utils import timezone

from flows.conductor.held import HeldRun
from flows.conductor.remote.requests import Addressed
from flows.conductor.rows import RemoteRow
from flows.conductor.staging.record import about, commit_of, keep, record, step_row
from orchestrator_site.accounts.api import new_id
from orchestrator_site.ledger.api import store


def stage_remote(
    run: HeldRun, address: str, addressed: Addressed, limit_s: float
) -> None:
    """Record that a step waits for a worker of a queue, which finds it there.

    For a step that must not happen twice this is the intent: it is stored before anybody
    can take the row.
    """
    now = timezone.now()
    run.waiting[address] = now
    run.remote.add(address)
    facts = about(run, address) | {"queue": addressed.queue}
    seq = record(run, "step.queued", facts)
    commit = commit_of(run)
    commit.progressed = True  # this far no worker has died of it
    commit.put(step_row(run, address, "waiting", seq, started_at=now))
    row = RemoteRow(
        id=new_id(),
        run_id=run.id,
        workspace_id=run.workspace_id,
        address=address,
        attempt=run.attempt(address),
        queue=addressed.queue,
        computes=addressed.computes,
        is_once=run.node(address).effect == "at_most_once",
        priority=run.claimed.priority,
        timeout_ms=round(limit_s * 1000),
        request=keep(run, store(addressed.request)),
        lost=0,
        created_at=now,
    )
    commit.remotes.append(row)
