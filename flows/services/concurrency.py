"""Limits on how many runs go on at once, where a run is accepted.

Everything here runs in the transaction that accepts the run; it holds the key alone.
"""

from django.db import connection

from flows.conductor.admission import LOCK, admit
from flows.conductor.occupancy import is_full, unended_runs
from flows.conductor.slots import Need
from flows.errors import ConcurrencyLimitReached
from flows.graph.settings import Concurrency
from flows.models import Inbox, InboxKind, Run
from flows.services.statements import execute


def hold_key(need: Need) -> None:
    """Keep others from giving slots of this key away until the transaction ends."""
    if connection.vendor == "postgresql":
        execute(LOCK, [need.key])  # SQLite has one writer anyway


def refuse_if_full(need: Need) -> None:
    """Let a run in only if it need not wait. Raises: ConcurrencyLimitReached."""
    if is_full(need):
        raise ConcurrencyLimitReached(need.limit)


def settle(run: Run, concurrency: Concurrency) -> None:
    """Give a new run its slot, or its place among those that wait for one.

    With `replace` all older runs of its key are asked to end; it starts after them.
    """
    if concurrency.when_full == "replace":
        Inbox.objects.bulk_create(
            Inbox(run_id=run_id, kind=InboxKind.CANCEL, actor=run.started_by)
            for run_id in unended_runs(str(run.slot_key))
            if run_id != run.pk
        )
    on_server = connection.vendor == "postgresql"
    admit(execute, str(run.slot_key), skip_locked=on_server)
    run.refresh_from_db(fields=["blocked"])
