"""A process's lease on the runs it holds, and the sweep for processes that died.

One row for each process, renewed every second, never one for each run. The sweep is
the only recovery: it frees the runs of dead workers and rings for whatever is ready.
"""

import logging
import math
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from flows.conductor import clock
from flows.conductor.certificate import DeathCertificate
from flows.conductor.pulse import Pulse
from flows.conductor.store import DATABASE_ERRORS, Store, open_store
from flows.models import WorkerKind
from orchestrator_site.accounts.api import new_id

if TYPE_CHECKING:
    from uuid import UUID

LEASE_S = 15.0
SWEEP_S = 0.5
SIGNALS_S = 5.0

logger = logging.getLogger(__name__)


class Lease:
    """Keeps one worker alive in the database, from a thread of its own.

    `on_sweep` is called after every sweep; without it this process only beats. `kind`
    and `queues` are what its row says of it.
    `worker_id` changes when this process was declared dead and had to enter itself anew;
    `has_siblings` says whether the last sweep has seen other processes.
    """

    def __init__(
        self,
        on_sweep: Callable[[], None] | None,
        *,
        kind: WorkerKind = WorkerKind.WORKER,
        queues: str = "",
    ) -> None:
        self.worker_id: UUID = new_id()
        self._kind, self._queues = kind, queues
        self._on_sweep = on_sweep
        # Told after every beat, by way of the connection that this thread has anyway.
        self.on_beat: Callable[[Store], None] | None = None
        self.has_siblings = False
        self._last_good = -math.inf
        self._pulse = Pulse()
        self._signals_due = 0.0
        self._stopping = threading.Event()
        self._entered = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def start(self) -> None:
        """Enter this worker; returns once it counts as alive."""
        self._thread.start()
        self._entered.wait()

    def stop(self) -> None:
        """Leave in order: nothing has to be swept up after this worker."""
        self._stopping.set()
        self._thread.join()

    def is_safe(self) -> bool:
        """Whether effects may start: nobody can have taken our runs over yet."""
        return time.monotonic() - self._last_good < LEASE_S / 2

    def still_holds(self, worker_id: "UUID") -> bool:
        """Whether effects may start for runs that this process took as `worker_id`."""
        return self.is_safe() and self.worker_id == worker_id

    def _keep(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve(open_store())
            except DATABASE_ERRORS as error:
                # The certificate has ended with the connection: others may bury this
                # worker from now on.
                self._last_good = -math.inf
                logger.warning("The lease lost its database: %s", error)
                self._stopping.wait(SWEEP_S)

    def _serve(self, store: Store) -> None:
        """Enter and beat until told to stop; the certificate dies with the connection."""
        try:
            certificate = self._enter(store)
            while not self._stopping.wait(SWEEP_S):
                asked = time.monotonic()
                if now := store.beat(self.worker_id):
                    clock.follow(now)
                else:
                    logger.warning("Worker %s was declared dead", self.worker_id)
                    certificate.drop()
                    certificate = self._enter(store)
                self._last_good = asked
                if self.on_beat:
                    self.on_beat(store)
                if self._on_sweep:
                    self._sweep(store)
                    self._on_sweep()
            store.bury(self.worker_id)
            certificate.drop()
        finally:
            store.close()

    def _enter(self, store: Store) -> DeathCertificate:
        worker_id, asked = new_id(), time.monotonic()
        certificate = store.certificate(worker_id)
        certificate.hold()
        name = f"{socket.gethostname()}:{os.getpid()}"
        clock.follow(store.register(worker_id, name, self._kind, self._queues))
        # From here on runs may be claimed: not before the row that owns them is there.
        self.worker_id, self._last_good = worker_id, asked
        self._entered.set()
        return certificate

    def _sweep(self, store: Store) -> None:
        others = self._pulse.silences(store.other_workers(self.worker_id))
        self.has_siblings = bool(others)
        for worker_id, silent_s in others.items():
            certificate = store.certificate(worker_id)
            if silent_s > LEASE_S or certificate.is_issued():
                freed = store.bury(worker_id)
                certificate.drop()
                logger.warning("Worker %s is dead; %d runs are free", worker_id, freed)
        store.free_orphans()
        store.free_remotes()
        store.discard_late_mail()
        store.move_due()
        store.admit_blocked()
        self._sweep_signals(store)

    def _sweep_signals(self, store: Store) -> None:
        """Only a net: whoever stores an event or a wait looks for its other half."""
        now = time.monotonic()
        if now >= self._signals_due:
            self._signals_due = now + SIGNALS_S
            store.forget_expired()
            store.deliver("all")
