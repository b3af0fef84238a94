"""What the conductor asks of a database, and how a broken connection shows."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import psycopg
from django.db import DatabaseError, connections

from flows.conductor.certificate import DeathCertificate
from flows.conductor.matching import Scope
from flows.conductor.postgresql.store import PostgresqlStore
from flows.conductor.rows import (
    ClaimedRun,
    InboxRow,
    Landed,
    Meanwhile,
    OpenWait,
    RecordedStep,
    RunCommit,
    idle,
)
from flows.conductor.sqlite.store import SqliteStore

# The stores talk to the drivers themselves, Django's wrapper only opens connections.
DATABASE_ERRORS = (DatabaseError, psycopg.Error, sqlite3.Error, OSError)
# What the rows themselves are to blame for: trying again would bring the same answer.
REFUSALS = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.ProgrammingError,
    sqlite3.DataError,
    sqlite3.IntegrityError,
    OverflowError,
    UnicodeError,
)


class Store(Protocol):
    """The hot path's statements, on a connection of its own. Not thread-safe."""

    def claim(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        """Take up to `limit` runs that are ready and nobody's.

        The most urgent come first, then the oldest; those without a slot wait.
        """

    def claim_these(self, worker_id: UUID, run_ids: Sequence[UUID]) -> list[ClaimedRun]:
        """Take those of these runs that are ready and nobody's."""

    def claim_addressed(self, worker_id: UUID, limit: int) -> list[ClaimedRun]:
        """Take runs that are nobody's and have mail, whatever state they are in.

        Runs without a slot only for a cancel, poisoned ones for that or a release, paused
        ones for that or a resume.
        """

    def certificate(self, worker_id: UUID) -> DeathCertificate:
        """The death certificate of a worker, on this connection."""

    def recorded_steps(self, run_ids: Sequence[UUID]) -> list[RecordedStep]:
        """Steps of these runs, in the order of their recording."""

    def open_waits(self, run_ids: Sequence[UUID]) -> list[OpenWait]:
        """What these runs wait for; what was due already is in their inbox."""

    def commit(
        self, worker_id: UUID, batch: Sequence[RunCommit], meanwhile: Meanwhile = idle
    ) -> list[Landed]:
        """Store a joined commit; a run that is not returned was fenced off.

        `meanwhile` is called once, if it can be while the database is at work; it must
        not use this store.
        """

    def seq_of(self, run_id: UUID, epoch: int) -> int | None:
        """The run's recorded place, if nobody has claimed it since `epoch`."""

    def release(self, worker_id: UUID) -> None:
        """Let go of every run of this worker, so that any process may claim them."""

    def release_run(self, worker_id: UUID, run_id: UUID) -> None:
        """Let go of one run."""

    def release_strays(
        self, worker_id: UUID, held: Sequence[UUID], before: datetime
    ) -> int:
        """Let go of this worker's runs made before then that it does not hold; how many."""

    def inbox(self, worker_id: UUID) -> list[InboxRow]:
        """What has reached the runs of this worker from outside, oldest first."""

    def blob(self, run_id: UUID, digest: bytes) -> bytes:
        """A payload kept outside its row. Raises: LookupError if it is gone."""

    def register(
        self, worker_id: UUID, name: str, kind: str = "worker", queues: str = ""
    ) -> datetime:
        """Enter a worker; its death certificate is held already.

        Returns: the database's time.
        """

    def beat(self, worker_id: UUID) -> datetime | None:
        """Renew a worker's lease.

        Returns: the database's time; None if the worker was declared dead.
        """

    def other_workers(self, worker_id: UUID) -> list[tuple[UUID, object]]:
        """The other workers, each with what it wrote at its last beat."""

    def bury(self, worker_id: UUID) -> int:
        """Remove a dead worker and free its runs, which count a crash; how many."""

    def free_orphans(self) -> int:
        """Free runs whose owner no longer exists; how many."""

    def has_remotes(self, queues: Sequence[str] | None) -> bool:
        """Whether steps wait in these queues, or in any if that is None."""

    def taken_remotes(self, worker_id: UUID) -> set[UUID]:
        """The steps of queues that this worker has taken and still has."""

    def free_remotes(self) -> int:
        """Let others take the steps of dead workers from their queues; how many.

        Those that must not happen twice, and those that three workers died of, are
        answered as lost. What belongs to a run that has ended is dropped.
        """

    def discard_late_mail(self) -> None:
        """Drop what reached a run after its end."""

    def move_due(self) -> int:
        """Turn up to 1,000 waits that are due into mail; how many."""

    def deliver(self, scope: Scope, ids: Sequence[UUID] = ()) -> int:
        """Bring events to the steps that wait for them; how many found one.

        `runs`: to the waits of these runs, after the commit that opened them or sent
        events back. `signals`: these events, after the commit that stored them. `all`
        is the net.
        """

    def forget_expired(self) -> None:
        """Drop events whose time is over."""

    def admit(self, keys: Sequence[str]) -> int:
        """Give free slots of these keys to runs that wait for them; how many."""

    def admit_blocked(self) -> int:
        """Take the slots of ended runs back, and give away all free ones; how many."""

    def close(self) -> None:
        """Give the connection back."""


def open_store() -> Store:
    """Connect to Django's default database, apart from Django's own connection."""
    wrapper = connections.create_connection("default")
    if wrapper.vendor == "sqlite":
        return SqliteStore(wrapper)
    return PostgresqlStore(wrapper)


__all__ = ["DATABASE_ERRORS", "REFUSALS", "Store", "open_store"]
