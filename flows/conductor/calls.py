"""Calls under way: their start, their limits, and showing that they have started."""

import time
from collections.abc import Callable

from flows.conductor.advancing import give_up_cancelled
from flows.conductor.children import Order, child_run_id
from flows.conductor.ending import finish_detached, finish_step
from flows.conductor.executor import THREADS, Delivery, Executor, Question, Ticket
from flows.conductor.fetching import Errand
from flows.conductor.held import Flight, HeldRun, failed, limit_of
from flows.conductor.holdings import Holdings
from flows.conductor.lease import Lease
from flows.conductor.staging.steps import stage_started
from flows.conductor.timers import Due, Timers
from flows.nodes.base import AskPerson, CallFlow, CallModel, Fetch, Request

# A call that takes longer than this is recorded as started; a shorter one is recorded
# once, when it has ended.
SHOW_S = 0.25
# Whoever performs a call ends it at its limit and knows best why it took so long.
TIMEOUT_GRACE_S = 0.5
# However many items a run maps at once, half of the threads are for others.
MOST_OF_A_RUN = THREADS // 2


class Calls:
    """Launches what runs have collected and ends what takes too long."""

    def __init__(self, deliver: Callable[[Delivery], None], lease: Lease) -> None:
        self._lease = lease
        self._executor = Executor(deliver, lease)
        self._timers = Timers()

    @property
    def free(self) -> int:
        """How many more calls may begin without waiting for another to end."""
        return self._executor.free

    def launch(self, run: HeldRun) -> bool:
        """Start the calls of a run; everything before them is stored.

        Those that are too many for one run begin as others of it end.
        Returns: whether all have ended already.
        """
        room = max(MOST_OF_A_RUN - len(run.flights), 0)
        calls, run.calls = run.calls[:room], run.calls[room:]
        has_ended = True
        for address, asked in calls:
            run.flights[address] = flight = Flight(limit_of(run, address, asked))
            has_ended = self._start(run, address, asked, flight) and has_ended
        return has_ended and not run.calls

    def close_approvals(self, run: HeldRun, *, is_over: bool) -> None:
        """Bring the run's approvals in line with what is now stored."""
        decided, run.decided = run.decided, []
        unasked, run.unasked = run.unasked, []
        self._executor.close_approvals(run.id, decided, unasked, is_over=is_over)

    def withdraw_leftovers(self) -> None:
        """Withdraw what runs still ask that have ended."""
        self._executor.withdraw_leftovers()

    def stop(self) -> None:
        """Start no more."""
        self._executor.stop()

    def patience(self, at_most_s: float) -> float:
        """Seconds until something is due, at most `at_most_s`."""
        return self._timers.patience(at_most_s)

    def fire_timers(self, runs: Holdings) -> None:
        """Show calls that take their time, and end the steps of those over their limit."""
        for due in self._timers.due():
            run = runs.stir(due.run_id, due.epoch)
            if run is None:
                continue
            give_up_cancelled(run)
            flight = run.flights.get(due.address)
            if flight is not None:
                self._fire(run, flight, due)

    def _fire(self, run: HeldRun, flight: Flight, due: Due) -> None:
        """Show or end a flight, unless the moment was that of an earlier attempt."""
        ends = flight.started + flight.limit_s + TIMEOUT_GRACE_S
        if due.at >= ends:
            self._time_out(run, due.address)
        elif due.at >= flight.started + SHOW_S and not flight.shown:
            flight.shown = True
            stage_started(run, due.address, flight.started_at)
            self._timers.add(due._replace(at=ends))

    def _start(
        self, run: HeldRun, address: str, asked: Request, flight: Flight
    ) -> bool:
        match asked:
            case AskPerson():
                self._ask(run, address, asked)
            case CallFlow():
                child_id = child_run_id(run, address)
                order = Order(
                    run.id, run.epoch, address, child_id, asked, run.flow.use.data_class
                )
                self._executor.prepare(order)
            case CallModel() | Fetch():
                return self._call(run, address, asked, flight)
        return False

    def _ask(self, run: HeldRun, address: str, asked: AskPerson) -> None:
        label = _label(run, address)
        self._executor.ask(Question(run.id, run.epoch, address, label, asked))

    def _call(
        self, run: HeldRun, address: str, call: CallModel | Fetch, flight: Flight
    ) -> bool:
        limit = flight.limit_s
        where = (run.id, run.epoch, address, run.workspace_id)
        if isinstance(call, CallModel):
            use, tag = run.flow.use, run.flow.tag_of(call)
            key, label = run.key(address), _label(run, address)
            ticket = Ticket(*where, call, use, limit, key, tag, label)
            has_ended = self._executor.start(ticket)
        else:
            once = run.node(address).effect == "at_most_once"
            holder, ends = self._lease.worker_id, flight.started + limit
            self._executor.fetch(Errand(*where, call, ends, holder, is_once=once))
            has_ended = False
        if not has_ended:
            due = Due(flight.started + SHOW_S, run.id, run.epoch, address)
            self._timers.add(due)
        return has_ended

    def _time_out(self, run: HeldRun, address: str) -> None:
        flight = run.flights.pop(address)
        outcome = failed(
            "step_timed_out",
            f"The step took longer than its limit of {flight.limit_s:g} s.",
        )
        outcome.started_at = flight.started_at
        outcome.duration_ms = round((time.monotonic() - flight.started) * 1000)
        outcome.is_in_doubt = run.node(address).effect == "at_most_once"
        if flight.is_detached:
            finish_detached(run, address, outcome)
        else:
            finish_step(run, address, outcome)


def _label(run: HeldRun, address: str) -> str:
    node = run.node(address)
    return node.node.label or node.type.label
