"""The one conductor of this process."""

import sys

from flows.conductor.loop import Conductor

# Threads that compute hold the interpreter for this long before others get a turn;
# the default of 5 ms makes an innocent run wait for each of them.
SWITCH_INTERVAL_S = 0.0005


class Process:
    """Holds the conductor between the start and the end of a worker."""

    def __init__(self) -> None:
        self._conductor: Conductor | None = None

    def start(self) -> None:
        """Begin to run flows in this process."""
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


_PROCESS = Process()
start, wake, stop = _PROCESS.start, _PROCESS.wake, _PROCESS.stop
