"""The one conductor of this process."""

import atexit
import sys
import threading
from uuid import UUID

from flows.conductor.guest import GuestConductor
from flows.conductor.loop import Conductor

# Threads that compute hold the interpreter for this long before others get a turn;
# the default of 5 ms makes an innocent run wait for each of them.
SWITCH_INTERVAL_S = 0.0005


class Process:
    """Holds the conductor between the start and the end of a process."""

    def __init__(self) -> None:
        self._conductor: Conductor | None = None
        self._guest: GuestConductor | None = None
        self._starting = threading.Lock()
        self.may_drive = False

    def start(self) -> None:
        """Begin to run flows in this process, which is a worker."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._conductor = Conductor()
        self._conductor.start()

    def wake(self) -> None:
        """Look for runs now; nothing happens in a process without a conductor."""
        if self._conductor:
            self._conductor.wake()

    def stop(self) -> None:
        """Finish what is nearly done and let go of the rest."""
        if self._conductor:
            self._conductor.stop()
            self._conductor = None

    def allow_driving(self) -> None:
        """Let this process, which answers requests, drive the runs these wait for."""
        self.may_drive = True
        atexit.register(self.stop_driving)

    def drive(self, run_id: UUID) -> threading.Event:
        """Drive a run here; the event is set once this process does so no longer."""
        return self._find_guest().drive(run_id)

    def stop_driving(self) -> None:
        """Let go of what requests wait for, so that a worker goes on at once."""
        self.may_drive = False
        if self._guest:
            self._guest.stop()
            self._guest = None

    def _find_guest(self) -> GuestConductor:
        """The conductor for requests, started by the first of them."""
        with self._starting:
            if self._guest is None:
                guest = GuestConductor()
                guest.start()
                self._guest = guest
            return self._guest


PROCESS = Process()
start, wake, stop = PROCESS.start, PROCESS.wake, PROCESS.stop
