"""All children of one stack, kept alive until someone says stop."""

import time
from collections.abc import Callable, Sequence
from threading import Event

from orchestrator_site.supervisor.child import Child, Patience

TICK_S = 0.1
LOG_CHECK_TICKS = 100


class Crew:
    """Children in the order in which they start; they stop the other way round."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._children: list[Child] = []

    def add(self, child: Child) -> None:
        """Start a child and keep it alive from now on."""
        self._children.append(child)
        child.start()

    def tend_until(self, done: Callable[[], bool], stop: Event) -> None:
        """Restart what dies, until `done` says so or `stop` is set."""
        ticks = 0
        while not stop.is_set() and not done():
            for child in self._children:
                child.tend()
                if ticks % LOG_CHECK_TICKS == 0:
                    child.log.bound()
            ticks += 1
            stop.wait(TICK_S)

    def stop(self) -> None:
        """Stop all: the first one, on which the others rest, after the others."""
        self._stop_together(self._children[1:])
        self._stop_together(self._children[:1])

    def _stop_together(self, children: Sequence[Child]) -> None:
        deadline = time.monotonic() + self._patience.stop_s
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait_stopped(deadline)
