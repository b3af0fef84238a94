"""Taking in what the threads deliver: ended calls, opened approvals, ready children."""

from flows.conductor.advancing import give_up_cancelled
from flows.conductor.asking import Opened
from flows.conductor.children import Prepared
from flows.conductor.ending import finish_detached, finish_step
from flows.conductor.executor import Delivery
from flows.conductor.held import HeldRun
from flows.conductor.rows import OutboxRow
from flows.conductor.staging.waits import send, stage_asked, stage_child
from flows.engine.events import StartStep

__all__ = ["Delivery", "take_delivery"]


def take_delivery(run: HeldRun, delivery: Delivery) -> None:
    """Record what came of a step's call; nothing, if the step was given up."""
    address = delivery.address
    give_up_cancelled(run)
    flight = run.flights.pop(address, None)
    if flight is None:
        return
    if isinstance(delivery, Opened):
        run.waiting[address] = flight.started_at
        stage_asked(run, address, str(delivery.approval_id))
    elif isinstance(delivery, Prepared) and run.is_paused:
        run.agenda.append(StartStep(address))  # the child begins once the run goes on
    elif isinstance(delivery, Prepared):
        stage_child(run, address, delivery.child)
        for run_id in delivery.replaces:
            starter = delivery.child.run.started_by
            send(run, OutboxRow(run_id, "cancel", starter, "", b""))
    elif flight.is_detached:
        finish_detached(run, address, delivery.outcome)
    else:
        finish_step(run, address, delivery.outcome)
