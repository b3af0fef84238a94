"""The conductor: one thread that advances every run this process holds.

A turn takes in what has happened, claims runs while there is room, advances all of
them as far as they go without waiting, stores that in one joined commit, and only then
starts the calls that wait. Source: ADR 0003.
"""

import logging
import os
import threading
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from django.db import close_old_connections, connections

from flows.conductor.advancing import advance
from flows.conductor.arriving import Delivery, take_delivery
from flows.conductor.calls import Calls
from flows.conductor.flushing import Committer
from flows.conductor.held import HeldRun
from flows.conductor.holdings import Holdings
from flows.conductor.lease import Lease
from flows.conductor.mail import take_mail
from flows.conductor.parked import Parked
from flows.conductor.rows import ClaimedRun
from flows.conductor.spreading import spread
from flows.conductor.staging.waits import stage_parked
from flows.conductor.store import DATABASE_ERRORS
from flows.conductor.timers import Alarm
from flows.conductor.wakefulness import Wakefulness
from flows.live import RunNews

if TYPE_CHECKING:
    from uuid import UUID

ROOM = 500
# Runs claimed in one turn: the first of many should not wait for the claim of the last,
# and a sibling that has been told should find some.
PORTION = 50
MAIL_S = 0.25
TIDY_S = 30.0
STOP_GRACE_S = 5.0

logger = logging.getLogger(__name__)


class Bell(NamedTuple):
    """Somebody rang; `glance` if it was only the sweep, on the off chance."""

    glance: bool = False


Message = Delivery | Bell


class Conductor:
    """Runs flows until told to stop; `wake` and `stop` may come from any thread."""

    def __init__(self, queues: str = "") -> None:
        self._mailbox: SimpleQueue[Message] = SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="conductor", daemon=True)
        self.lease = self._lease = self._make_lease(queues)
        self._calls = Calls(self._mailbox.put, self._lease)
        self._alarm = Alarm()
        self._parked = Parked()
        self._wakefulness = Wakefulness()
        self._runs = Holdings()
        self._answered: set[UUID] = set()
        self._news = RunNews()
        self._worker_id = self._lease.worker_id
        self._is_full = False
        self._mail_due = 0.0
        self._tidy_due = 0.0

    def _make_lease(self, queues: str) -> Lease:
        return Lease(lambda: self._mailbox.put(Bell(glance=True)), queues=queues)

    def start(self) -> None:
        """Begin to claim and advance runs; returns once this worker counts as alive."""
        self._lease.start()
        self._thread.start()

    def wake(self) -> None:
        """Look for runs and for mail now."""
        self._mailbox.put(Bell())

    def stop(self) -> None:
        """Claim nothing more, finish what is nearly done, let go of the rest."""
        self._stopping.set()
        self.wake()
        self._thread.join()
        self._calls.stop()
        self._news.close()
        self._lease.stop()

    def _run(self) -> None:
        try:
            self._committer = Committer(self._stopping)
            self._play()
        except Exception:
            # A conductor that has lost its mind must not keep its lease: the process
            # ends, the kernel frees its runs, and a run at fault counts a crash.
            logger.critical("The conductor crashed; this worker ends", exc_info=True)
            os._exit(1)
        finally:
            connections.close_all()

    def _play(self) -> None:
        stop_at: float | None = None
        while not _is_done(self._runs, stop_at):
            try:
                self._turn()
            except DATABASE_ERRORS as error:
                logger.warning("A turn lost the database: %s", error)
                self._start_over()
            if self._stopping.is_set() and stop_at is None:
                stop_at = time.monotonic() + STOP_GRACE_S
        try:
            self._let_go()
            self._committer.store.close()
        except DATABASE_ERRORS as error:
            logger.warning("The end of the lease frees what is held: %s", error)

    def _start_over(self) -> None:
        """Drop what is in memory; what is stored is claimed again, by whomever."""
        while True:
            close_old_connections()
            try:
                self._committer.reconnect()
                self._let_go()
                return
            except DATABASE_ERRORS as error:
                logger.warning("The database is still away: %s", error)
                if self._stopping.is_set():
                    self._runs.clear()  # the lease ends, and frees them
                    return

    def _turn(self) -> None:
        self._receive()
        self._check_lease()
        self._sweep_soon_due()
        self._read_mail()
        self._calls.fire_timers(self._runs)
        self._claim()
        self._advance()
        self._begin_early()
        self._flush()
        self._launch()
        self._tidy()

    def _receive(self) -> None:
        """Wait for something to happen, then take in everything that has."""
        try:
            self._take_in(self._next_message())
            while True:
                self._take_in(self._mailbox.get_nowait())
        except Empty:
            return

    def _next_message(self) -> Message:
        """The next message; nobody waits for what is done before this waits for it.

        Raises: queue.Empty if something else is due before there is one.
        """
        try:
            return self._mailbox.get_nowait()
        except Empty:
            self._news.tell()
        if self._runs.has_more:
            raise Empty
        patience = min(
            self._calls.patience(MAIL_S),
            self._alarm.patience(MAIL_S),
            self._wakefulness.patience(),
            self._news.patience(MAIL_S),
        )
        return self._mailbox.get(timeout=patience)

    def _take_in(self, message: Message) -> None:
        if isinstance(message, Bell):
            self._hear(message)
            return
        run = self._runs.stir(message.run_id, message.epoch)
        if run is not None:
            take_delivery(run, message)

    def _hear(self, bell: Bell) -> None:
        if bell.glance:
            self._wakefulness.glance()
        else:
            self._wakefulness.wake()
            self._mail_due = 0.0

    def _check_lease(self) -> None:
        """Forget everything if this process was declared dead: others hold it now."""
        if self._worker_id != self._lease.worker_id:
            self._runs.clear()
            self._worker_id = self._lease.worker_id

    def _sweep_soon_due(self) -> None:
        if self._alarm.rings() and self._committer.store.move_due():
            self._hear_of_work()

    def _read_mail(self) -> None:
        now = time.monotonic()
        if now < self._mail_due:
            return
        self._mail_due = now + MAIL_S
        self._claim_addressed()
        if not self._runs:
            return
        for mail in self._committer.store.inbox(self._worker_id):
            run = self._runs.stir(mail.run_id)
            if run is not None:
                take_mail(run, mail)

    def _claim_addressed(self) -> None:
        self._hold(self._committer.store.claim_addressed(self._worker_id, self._room()))

    def _room(self) -> int:
        return 0 if self._stopping.is_set() else ROOM - len(self._runs)

    def _portion(self) -> int:
        """How many runs to claim now: as many as there is room and threads for.

        A glance claims without threads too, since not every run has to wait for one.
        """
        room = min(self._room(), PORTION)
        return room if self._wakefulness.is_last_look else min(room, self._calls.free)

    def _claim(self) -> None:
        portion = self._portion()
        if self._is_full and portion > 0:
            self._is_full = False
            self._wakefulness.wake()
        if not self._wakefulness.is_looking():
            return
        if portion <= 0:
            self._fill_up(pass_on=False)
            return
        claimed = self._committer.store.claim(self._worker_id, portion)
        self._hold(claimed)
        if len(claimed) == portion < PORTION:
            self._fill_up(pass_on=True)
            return
        self._wakefulness.looked(found=bool(claimed))
        if len(claimed) == PORTION and self._lease.has_siblings:
            self._wakefulness.share()

    def _fill_up(self, *, pass_on: bool) -> None:
        self._is_full = True
        self._wakefulness.fill_up(pass_on=pass_on)

    def _hold(self, claimed: list[ClaimedRun]) -> None:
        if claimed:
            recorded_steps = self._committer.store.recorded_steps
            for run in self._parked.take_up(claimed, recorded_steps, self._blob):
                self._runs.add(run)

    def _blob(self, run_id: "UUID", digest: bytes) -> bytes:
        """Read a payload; by whatever connection there is when it is asked for."""
        return self._committer.store.blob(run_id, digest)

    def _advance(self) -> None:
        for run in self._runs.stirred:
            advance(run)
            if run.is_idle:
                stage_parked(run)

    def _begin_early(self) -> None:
        """Start the calls that stand on nothing but what the acceptance has stored.

        The commit of their run then passes beside them; of a run whose calls have
        ended already, it is the commit that they need anyway.
        """
        self._answered.clear()
        if not self._may_launch():
            return
        for run in self._runs.stirred:
            if run.calls and run.stands_on_input and self._begin_calls(run):
                self._answered.add(run.id)

    def _flush(self) -> None:
        stirred, early = self._runs.stirred, self._answered
        staged = [run for run in stirred if run.staged and run.id not in early]
        if not staged:
            return
        landed = self._committer.flush(self._worker_id, staged, self._news.tell)
        stored = [run for run in staged if run.id in landed]
        if spread(self._committer.store, stored):
            self._hear_of_work()
        self._alarm.set([moment for run in stored for moment in run.due_moments])
        for run in staged:
            if run.id not in landed:
                logger.warning("Run %s was taken over by another worker", run.id)
                self._drop(run)
            else:
                goes_on = self._settle(run, has_mail=landed[run.id])
                self._news.note(run, is_gone=not goes_on)

    def _hear_of_work(self) -> None:
        """A commit of this process has made new runs or mail."""
        self._mail_due = 0.0
        self._wakefulness.wake()

    def _drop(self, run: HeldRun) -> None:
        """Hold a run no longer."""
        self._runs.drop(run)

    def _settle(self, run: HeldRun, *, has_mail: bool) -> bool:
        """Go on from what is now stored. Returns: whether this process still holds it."""
        commit, run.staged = run.staged, None
        run.stored_seq, run.stored_head = run.seq, run.head
        is_over = bool(commit and commit.ended_at)
        if run.decided or run.unasked or (is_over and run.flow.may_ask):
            self._calls.close_approvals(run, is_over=is_over)
        goes_on = commit is None or commit.status == "running"
        if not goes_on:
            if not is_over and not run.is_poisoned:
                self._parked.keep(run)
            self._drop(run)
            has_mail = True  # let go, then look at the inbox again
        if has_mail:
            self._mail_due = 0.0
        return goes_on

    def _launch(self) -> None:
        """Start calls whose ancestors are stored; none while the lease is doubtful."""
        if self._may_launch():
            for run in self._runs.stirred:
                if run.calls:
                    self._begin_calls(run)
            self._runs.calm()

    def _may_launch(self) -> bool:
        return not self._stopping.is_set() and self._lease.is_safe()

    def _begin_calls(self, run: HeldRun) -> bool:
        """Start what the run has collected. Returns: whether all of it has ended."""
        return self._calls.launch(run)

    def _tidy(self) -> None:
        now = time.monotonic()
        if now >= self._tidy_due:
            self._tidy_due = now + TIDY_S
            self._calls.withdraw_leftovers()

    def _let_go(self) -> None:
        """Release what is held, so that another worker goes on at once.

        That includes runs whose claim was stored but never answered.
        """
        self._committer.store.release(self._worker_id)
        self._runs.clear()


def _is_done(runs: Holdings, stop_at: float | None) -> bool:
    """Tell whether nothing is under way that is worth waiting for."""
    if stop_at is None:
        return False
    in_flight = any(run.flights for run in runs)
    return not in_flight or time.monotonic() > stop_at
