"""The conductor of a web process: it drives the runs that its own requests wait for.

Such a run is claimed where it was accepted, so that no message and no other process lies
between. It is handed to a worker as soon as a model has to compute for it, and whenever it
parks. Source: ADR 0003.
"""

import threading
from collections import defaultdict
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from flows.conductor.executor import look_up
from flows.conductor.held import HeldRun
from flows.conductor.lease import Lease
from flows.conductor.loop import Bell, Conductor
from flows.dispatch import ring
from flows.models import WorkerKind
from flows.nodes.base import CallModel
from model_registry import api as registry

if TYPE_CHECKING:
    from uuid import UUID

ROOM = 100


class Invitation(NamedTuple):
    """A run to drive; `is_left` is set once this process does so no longer."""

    run_id: "UUID"
    is_left: threading.Event


class GuestConductor(Conductor):
    """Claims the runs it is invited to, and no others."""

    def __init__(self) -> None:
        super().__init__()
        self._invitations: SimpleQueue[Invitation] = SimpleQueue()
        self._invited: list[UUID] = []
        self._waiting: defaultdict[UUID, list[threading.Event]] = defaultdict(list)

    def drive(self, run_id: "UUID") -> threading.Event:
        """Drive a run; the event is set once it has ended, parked or is for a worker."""
        invitation = Invitation(run_id, threading.Event())
        self._invitations.put(invitation)
        self._mailbox.put(Bell())
        return invitation.is_left

    def _make_lease(self, queues: str) -> Lease:
        return Lease(on_sweep=None, kind=WorkerKind.WEB, queues=queues)

    def _hear(self, bell: Bell) -> None:
        """Take in invitations; nobody else rings here."""
        self._mail_due = 0.0
        while not self._invitations.empty():
            run_id, is_left = self._invitations.get()
            self._waiting[run_id].append(is_left)
            if not self._runs.holds(run_id):
                self._invited.append(run_id)

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
        if taken:
            self._hold(self._committer.store.claim_these(self._worker_id, taken))
        for run_id in invited:
            if not self._runs.holds(run_id):
                self._hand_over(run_id)

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

    def _let_go(self) -> None:
        held = [run.id for run in self._runs]
        super()._let_go()
        for run_id in held:
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
