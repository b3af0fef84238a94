"""What a process does for the registry beside its calls, on threads of its own.

Every process that calls models adds what it has counted to the figures, stores how its
breakers stand and deletes old copies of files. Workers also look after the health of
versions, look for drift and forget what is old.
"""

import logging
import random
import threading
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection

from model_registry.artefact_store import delete_old_copies
from model_registry.drifting.counting import ANSWERS, flush_answers
from model_registry.guarding.health import BREAKER_NEWS, probe_due
from model_registry.guarding.tally import TALLY, flush
from model_registry.guarding.upkeep import keep_up

FLUSH_S = 5.0
PROBE_S = 5.0
UPKEEP_S = 60.0
COPIES_S = 60.0
STOP_S = 5.0

logger = logging.getLogger(__name__)


class Rounds:
    """Does the same work again and again, every `every_s` seconds or when `bell` rings.

    Not quite on the second, so that workers started together do not work together. With
    `at_last` it is done for the last time at the end.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], object],
        every_s: float,
        bell: threading.Event,
        *,
        at_last: bool,
    ) -> None:
        self._work, self._every_s, self._bell = work, every_s, bell
        self._at_last = at_last
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; wait for that a while."""
        self._stopping.set()
        self._bell.set()
        self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(self._every_s * random.uniform(0.8, 1.2))  # noqa: S311  no secret
            if self._at_last or not self._stopping.is_set():
                self._do()

    def _do(self) -> None:
        try:
            self._work()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The registry's rows are not kept up now: %s", error)
        except Exception:  # on a thread of its own an error is seen by nobody
            logger.exception("The registry's rows are not kept up")
        finally:
            connection.close()


class Keeper:
    """The rounds of this process."""

    def __init__(self) -> None:
        self._rounds: list[Rounds] = []

    def start(self, *, probes: bool) -> None:
        """Begin to keep the registry's rows; with `probes` do what workers do, too."""
        if self._rounds:
            return
        news = BREAKER_NEWS.has_some
        self._rounds.append(Rounds("figures", keep_rows, FLUSH_S, news, at_last=True))
        quiet_ones: list[tuple[str, Callable[[], object], float]] = [
            ("copies", delete_old_copies, COPIES_S)
        ]
        if probes:
            quiet_ones += [
                ("health", probe_due, PROBE_S),
                ("upkeep", keep_up, UPKEEP_S),
            ]
        for name, work, every_s in quiet_ones:
            quiet = threading.Event()
            self._rounds.append(Rounds(name, work, every_s, quiet, at_last=False))
        for each in self._rounds:
            each.start()

    def stop(self) -> None:
        """Store what is left."""
        rounds, self._rounds = self._rounds, []
        for each in rounds:
            each.stop()


def keep_rows() -> None:
    """Store how breakers stand and what has been counted."""
    try:
        BREAKER_NEWS.store()
    finally:
        try:
            flush(TALLY)
        finally:
            flush_answers(ANSWERS)


_KEEPER = Keeper()
start_keeping, stop_keeping = _KEEPER.start, _KEEPER.stop
