"""What this process does for runs: it drives them, or takes their steps from queues."""

import atexit
import gc
import sys
import threading
from uuid import UUID

from flows.conductor.guest import GuestConductor
from flows.conductor.lease import Lease
from flows.conductor.loop import Conductor
from flows.conductor.remote.served import Served
from flows.conductor.remote.taker import Taker
from flows.dispatch import send_bell
from flows.models import Run, WorkerKind
from model_registry.api import start_desk, start_keeping, stop_desk, stop_keeping

# Threads that compute hold the interpreter for this long before others get a turn;
# the default of 5 ms makes an innocent run wait for each of them.
SWITCH_INTERVAL_S = 0.0005


class Process:
    """Holds conductor and taker between the start and the end of a process."""

    def __init__(self) -> None:
        self._conductor: Conductor | None = None
        self._taker: Taker | None = None
        self._lease: Lease | None = None
        self._guest: GuestConductor | None = None
        self._starting = threading.Lock()
        self.served = Served()
        self.may_drive = False

    def start(self) -> None:
        """Begin to work in this process, which is a worker of what is `served`."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        served = self.served
        if served.runs:
            self._conductor = Conductor(served.text)
            self._conductor.start()
            lease, tell = self._conductor.lease, self._conductor.wake
        else:
            kind = WorkerKind.REMOTE
            self._lease = lease = Lease(None, kind=kind, queues=served.text)
            lease.start()
            # Also where one is awake: it looks for runs that are ready, not for mail.
            tell = send_bell
        if not served.is_empty:
            self._taker = Taker(lease, served, tell)
            self._taker.start()
        start_desk(lambda queue: served.serves(queue) if queue else served.runs)
        start_keeping(probes=True)

    def wake(self) -> None:
        """Look for work now; nothing happens in a process that is no worker."""
        if self._conductor:
            self._conductor.wake()
        if self._taker:
            self._taker.wake()

    def stop(self) -> None:
        """Finish what is nearly done and let go of the rest."""
        stop_desk()
        if self._taker:
            self._taker.stop()
        if self._conductor:
            self._conductor.stop()
        stop_keeping()
        if self._lease:
            self._lease.stop()
        self._taker = self._conductor = self._lease = None

    def allow_driving(self) -> None:
        """Let this process, which answers requests, drive the runs these wait for."""
        if not self.may_drive:
            self.may_drive = True
            start_keeping(probes=False)
            atexit.register(self.stop_driving)

    def find_driver(self) -> UUID | None:
        """Whose a run is to be that this process will drive; None while it may not."""
        return self._find_guest().owner_id

    def drive(self, run: Run) -> threading.Event:
        """Drive a run here; the event is set once this process does so no longer."""
        return self._find_guest().drive(run)

    def stop_driving(self) -> None:
        """Let go of what requests wait for, so that a worker goes on at once."""
        self.may_drive = False
        if self._guest:
            self._guest.stop()
            self._guest = None
        stop_keeping()

    def _find_guest(self) -> GuestConductor:
        """The conductor for requests, started by the first of them."""
        with self._starting:
            if self._guest is None:
                guest = GuestConductor()
                guest.start()
                self._guest = guest
            return self._guest


def spare_what_is_loaded() -> None:
    """Let the garbage collector pass over all that is there by now, and stays.

    Once a process has made as much again, a full collection walks through it, which
    stops every run for 0.2 s.
    """
    gc.collect()
    gc.freeze()


PROCESS = Process()
start, wake, stop = PROCESS.start, PROCESS.wake, PROCESS.stop
