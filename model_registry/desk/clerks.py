"""The worker's threads that take orders; they look when told to, and now and then."""

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

from model_registry.desk.orders import take
from model_registry.desk.trying import answer
from model_registry.models import Evaluation, Trial
from orchestrator_site.accounts.api import new_id

# A lost bell costs this long.
PATIENCE_S = 2.0
STOP_S = 5.0
# Measuring needs numpy, which only a process that takes orders should carry.
EVALUATE = "model_registry.desk.evaluating.evaluate"
Serves = Callable[[str], bool]

logger = logging.getLogger(__name__)


class Clerk:
    """Does one kind of work on a thread of its own, one order after the other."""

    def __init__(self, name: str, work: Callable[[], bool]) -> None:
        self._work = work
        self._bell, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look for an order now."""
        self._bell.set()

    def is_stopping(self) -> bool:
        """Whether to leave what is under way to others."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Take nothing more; who is in the middle of a call is not waited for long."""
        self._stopping.set()
        self._bell.set()
        self._thread.join(STOP_S)

    def _serve(self) -> None:
        while not self.is_stopping():
            self._bell.clear()
            while not self.is_stopping() and self._do():
                pass
            self._bell.wait(0 if self.is_stopping() else PATIENCE_S)

    def _do(self) -> bool:
        try:
            return self._work()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Orders wait for the database: %s", error)
        except Exception:  # on a thread of its own an error is seen by nobody
            logger.exception("An order was not carried out")
        finally:
            connection.close()
        return False


class Desk:
    """The clerks of this process. Trials do not wait for evaluations."""

    def __init__(self) -> None:
        self._clerks: list[Clerk] = []

    def start(self, serves: Serves) -> None:
        """Take orders for the queues that `serves` names; without a name, of runs."""
        if self._clerks:
            return
        worker_id, evaluate = new_id(), import_string(EVALUATE)

        def try_one() -> bool:
            trial = take(Trial, worker_id, serves)
            if trial:
                answer(trial)
            return trial is not None

        def evaluate_one() -> bool:
            evaluation = take(Evaluation, worker_id, serves)
            if evaluation is None:
                return False
            went_on: bool = evaluate(evaluation, evaluator.is_stopping)
            return went_on

        evaluator = Clerk("evaluations", evaluate_one)
        self._clerks = [Clerk("trials", try_one), evaluator]
        for clerk in self._clerks:
            clerk.start()

    def wake(self) -> None:
        """Look for orders now; nothing happens in a process that is no worker."""
        for clerk in self._clerks:
            clerk.wake()

    def stop(self) -> None:
        """Leave what is not done to others."""
        clerks, self._clerks = self._clerks, []
        for clerk in clerks:
            clerk.stop()


_DESK = Desk()
start_desk, wake_desk, stop_desk = _DESK.start, _DESK.wake, _DESK.stop
