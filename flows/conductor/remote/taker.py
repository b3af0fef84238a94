"""The thread of a worker that takes steps from queues and has them carried out.

What it takes it holds under its process's lease; whoever finds that lease over frees it.
Bells only save time: the lease's thread looks twice a second, so that this one needs no
connection while there is nothing.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from flows.conductor.executor import LOST, RETRY_S, in_own_connection
from flows.conductor.fetching import HoldingInDoubt
from flows.conductor.held import Outcome, failed
from flows.conductor.lease import Lease
from flows.conductor.remote.performing import carry_out, key_of
from flows.conductor.remote.served import Served
from flows.conductor.remote.taking import answer_step, give_back, take_steps
from flows.conductor.store import DATABASE_ERRORS, Store
from flows.dispatch import awake_for, ears
from flows.models import Remote
from model_registry import api as registry

# The process has one child for models that compute, and it does one thing at a time.
COMPUTING = 1
WAITING = 32
TICK_S = 0.5
STOP_GRACE_S = 3.0
# Whoever carries a step out ends it at its limit; this is for what cannot be ended.
OVERDUE_S = 5.0
Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A step that is being carried out here, for the worker that this process was."""

    step: Remote
    worker_id: UUID
    overdue_at: float


class Taker:
    """Takes steps while there is room; `hear` and `stop` may come from any thread.

    `tell` wakes a conductor once an answer lies in an inbox.
    """

    def __init__(self, lease: Lease, served: Served, tell: Callable[[], None]) -> None:
        self._lease, self._served, self._tell = lease, served, tell
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._jobs: dict[UUID, Job] = {}
        self._lock = threading.Lock()
        threads = COMPUTING + WAITING
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="remote")
        self._thread = threading.Thread(target=self._run, name="taker", daemon=True)

    def start(self) -> None:
        """Begin to take steps; the lease has been entered."""
        ears.append(self.hear)
        self._thread.start()
        self._lease.on_beat = self._glance

    def wake(self) -> None:
        """Look for steps now."""
        self._bell.set()

    def hear(self, queue: str) -> bool:
        """Look for steps now if they are in a queue of ours; whether they are."""
        if not self._served.serves(queue):
            return False
        self.wake()
        return True

    def stop(self) -> None:
        """Take nothing more, finish what is nearly done, give the rest back."""
        ears.remove(self.hear)
        self._lease.on_beat = None
        self._stopping.set()
        self.wake()
        self._thread.join()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _glance(self, store: Store) -> None:
        names = self._served.names
        if store.has_remotes(None if names is None else sorted(names)):
            self.wake()
        self._end_withdrawn(store)

    def _end_withdrawn(self, store: Store) -> None:
        """Stop what computes for nobody: its run has taken it out of the queue.

        A thread that waits for an answer cannot be stopped; it ends at its limit.
        """
        with self._lock:
            jobs = [job for job in self._jobs.values() if job.step.computes]
        wanted = store.taken_remotes(self._lease.worker_id) if jobs else set()
        for job in jobs:
            if job.step.pk not in wanted:
                registry.stop_call(key_of(job.step))

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._bell.wait(TICK_S):
                self._bell.clear()
                self._turn()
            self._end_overdue()
        self._finish_up()

    def _lower_flags(self) -> None:
        """Whoever rings from now on has to ring again."""
        for queue in self._served.names or ():
            awake_for(queue).lower()

    def _turn(self) -> None:
        self._lower_flags()
        try:
            in_own_connection(self._look)
        except DATABASE_ERRORS as error:
            logger.warning("Steps cannot be taken: %s", error)

    def _look(self) -> None:
        if self._stopping.is_set() or not self._lease.is_safe():
            return
        worker_id = self._lease.worker_id
        for computes, most in ((True, COMPUTING), (False, WAITING)):
            room = most - self._count(computes=computes)
            if room > 0:
                for step in take_steps(
                    worker_id, self._served, computes=computes, limit=room
                ):
                    self._begin(step, worker_id)

    def _count(self, *, computes: bool) -> int:
        with self._lock:
            jobs = list(self._jobs.values())
        return sum(job.step.computes == computes for job in jobs)

    def _begin(self, step: Remote, worker_id: UUID) -> None:
        limit_s = step.timeout_ms / 1000
        job = Job(step, worker_id, time.monotonic() + limit_s + OVERDUE_S)
        with self._lock:
            self._jobs[step.pk] = job
        self._pool.submit(self._do, job)

    def _do(self, job: Job) -> None:
        try:
            outcome = self._when_possible(
                job, partial(carry_out, job.step, job.worker_id, self._lease)
            )
            if outcome is not None:
                self._answer(job, outcome)
        except Exception:  # on a pool's thread an error is seen by nobody
            logger.exception("%s was not answered", job.step)
        finally:
            with self._lock:
                self._jobs.pop(job.step.pk, None)
            self.wake()

    def _answer(self, job: Job, outcome: Outcome) -> None:
        answer = partial(answer_step, job.step, job.worker_id, outcome)
        if self._when_possible(job, answer):
            self._tell()
        else:
            logger.info("Nobody asks for %s any more", job.step)

    def _when_possible(self, job: Job, work: Callable[[], Result]) -> Result | None:
        """Do it as soon as the database lets us, while the step is ours."""
        while self._lease.worker_id == job.worker_id:
            try:
                if self._lease.is_safe():
                    return in_own_connection(work)
            except (*LOST, HoldingInDoubt) as error:
                logger.warning("That has to wait: %s", error)
            if self._stopping.wait(RETRY_S):
                return None
        return None

    def _end_overdue(self) -> None:
        """Answer for what cannot be ended; a model that computes ends by itself."""
        now = time.monotonic()
        with self._lock:
            jobs = list(self._jobs.values())
        for job in jobs:
            if job.overdue_at < now and not job.step.computes:
                limit_s = job.step.timeout_ms / 1000
                outcome = failed(
                    "step_timed_out",
                    f"The step took longer than its limit of {limit_s:g} s.",
                )
                outcome.is_in_doubt = job.step.is_once
                self._answer(job, outcome)
                with self._lock:
                    self._jobs.pop(job.step.pk, None)

    def _finish_up(self) -> None:
        """Wait a while for what is under way; others begin the rest again."""
        ends = time.monotonic() + STOP_GRACE_S
        while self._jobs and time.monotonic() < ends:
            self._bell.wait(0.05)
            self._bell.clear()
        try:
            in_own_connection(partial(give_back, self._lease.worker_id))
        except DATABASE_ERRORS as error:
            logger.warning("The end of the lease frees what was taken: %s", error)
