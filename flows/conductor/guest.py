"""The conductor of a web process: it drives the runs that its own requests wait for.

Such a run is stored as this process's own when it is accepted, so that no message, no
claim and no other process lies between. It is handed to a worker as soon as a model has to
compute for it, and whenever it parks. Source: ADR 0015.
"""

import threading
import time
from collections import defaultdict
from datetime import timedelta
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from flows.conductor.executor import look_up
from flows.conductor.held import HeldRun
from flows.conductor.lease import Lease
from flows.conductor.loop import Bell, Conductor
from flows.conductor.rows import ClaimedRun
from flows.dispatch import ring
from flows.models import Run, WorkerKind
from flows.nodes.base import CallModel
from model_registry import api as registry

if TYPE_CHECKING:
    from uuid import UUID

ROOM = 100
# Between the commit of a run that is this process's from the start and its invitation
# lie microseconds; one that is not invited by then never will be.
STRAY_S = 10.0


class Invitation(NamedTuple):
    """A run to drive; `is_left` is set once this process does so no longer.

    `owner_id` is the worker that it was stored as the run of, if any.
    """

    run: ClaimedRun
    owner_id: "UUID | None"
    is_left: threading.Event


class GuestConductor(Conductor):
    """Drives the runs it is invited to, and no others."""

    def __init__(self) -> None:
        super().__init__()
        self._invitations: SimpleQueue[Invitation] = SimpleQueue()
        self._invited: list[Invitation] = []
        self._waiting: defaultdict[UUID, list[threading.Event]] = defaultdict(list)
        self._strays_due = 0.0

    @property
    def owner_id(self) -> "UUID | None":
        """Whose a run is to be that is stored for this process; None while in doubt."""
        return self.lease.worker_id if self.lease.is_safe() else None

    def drive(self, run: Run) -> threading.Event:
        """Drive a run that has just been stored, by this process or as nobody's.

        The event is set once it has ended, parked or is for a worker.
        """
        claimed = ClaimedRun._make(getattr(run, name) for name in ClaimedRun._fields)
        invitation = Invitation(claimed, run.owner_id, threading.Event())
        self._invitations.put(invitation)
        self._mailbox.put(Bell())
        return invitation.is_left

    def _make_lease(self, queues: str) -> Lease:
        return Lease(on_sweep=None, kind=WorkerKind.WEB, queues=queues)

    def _hear(self, bell: Bell) -> None:
        """Take in invitations; nobody else rings here."""
        self._mail_due = 0.0
        while not self._invitations.empty():
            invitation = self._invitations.get()
            self._waiting[invitation.run.id].append(invitation.is_left)
            self._invited.append(invitation)

    def _hear_of_work(self) -> None:
        self._mail_due = 0.0
        ring()

    def _claim_addressed(self) -> None:
        """What has parked is for a worker."""

    def _room(self) -> int:
        return min(super()._room(), ROOM - len(self._runs))

    def _claim(self) -> None:
        if not self._invited:
            return
        invited, self._invited = self._invited, []
        taken = invited[: max(self._room(), 0)]
        self._hold([each.run for each in taken if each.owner_id == self._worker_id])
        if free := [each.run.id for each in taken if each.owner_id is None]:
            self._hold(self._committer.store.claim_these(self._worker_id, free))
        for run, owner_id, _ in invited:
            if not self._runs.holds(run.id):
                if owner_id is not None:
                    self._committer.store.release_run(owner_id, run.id)
                self._hand_over(run.id)

    def _begin_calls(self, run: HeldRun) -> bool:
        if not any(_computes(run, asked) for _, asked in run.calls):
            return super()._begin_calls(run)
        if not run.flights:
            self._committer.store.release_run(self._worker_id, run.id)
            self._drop(run)
            ring()
        return False

    def _drop(self, run: HeldRun) -> None:
        super()._drop(run)
        self._tell(run.id)

    def _tidy(self) -> None:
        """Let go of runs that were stored as this process's, but never came here.

        As where the answer to their commit was lost.
        """
        super()._tidy()
        now = time.monotonic()
        if now >= self._strays_due:
            self._strays_due = now + STRAY_S
            held = [run.id for run in self._runs]
            before = timezone.now() - timedelta(seconds=STRAY_S)
            if self._committer.store.release_strays(self._worker_id, held, before):
                ring()

    def _let_go(self) -> None:
        super()._let_go()
        for run_id in list(self._waiting):
            self._hand_over(run_id)

    def _hand_over(self, run_id: "UUID") -> None:
        self._tell(run_id)
        ring()

    def _tell(self, run_id: "UUID") -> None:
        for is_left in self._waiting.pop(run_id, ()):
            is_left.set()


def _computes(run: HeldRun, asked: object) -> bool:
    """Tell whether a call is for the models' own process, which only workers have."""
    if not isinstance(asked, CallModel):
        return False
    found = look_up(run.workspace_id, asked.model, asked.alias)
    return found is not None and registry.may_compute(found)
