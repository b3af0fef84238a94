"""What a stored commit means for others: waiting steps, other runs, queued runs."""

from collections.abc import Sequence

from flows.conductor.held import HeldRun
from flows.conductor.rows import RunCommit
from flows.conductor.store import Store
from flows.dispatch import ring_queue


def spread(store: Store, landed: Sequence[HeldRun]) -> bool:
    """Bring events to their waits, and free slots and queues to whoever waits for them.

    Each is one idempotent statement, and the sweep is its net. Returns: whether there
    may be new runs or mail to take in.
    """
    commits = [
        (run, run.staged) for run in landed if run.staged and _spreads(run.staged)
    ]
    if not commits:
        return False
    waiting = [
        run.id
        for run, commit in commits
        if commit.undelivered or any(wait.kind == "event" for wait in commit.waits)
    ]
    signals = [signal.id for _, commit in commits for signal in commit.signals]
    keys = [
        run.claimed.slot_key
        for run, commit in commits
        if run.claimed.slot_key and (commit.ended_at or commit.frees_slot)
    ]
    keys += [
        child.run.slot_key
        for _, commit in commits
        for child in commit.children
        if child.run.slot_key
    ]
    if waiting:
        store.deliver("runs", waiting)
    if signals:
        store.deliver("signals", signals)
    if keys:
        store.admit(keys)
    for queue in {row.queue for _, commit in commits for row in commit.remotes}:
        ring_queue(queue)
    sent = any(commit.outbox or commit.children for _, commit in commits)
    return bool(waiting or signals or keys or sent)


def _spreads(commit: RunCommit) -> bool:
    return bool(commit.reaches_others or commit.ended_at or commit.frees_slot)
