"""Tables of flows and runs: fields, constraints, tiny predicates."""

from flows.models.flow import Flow, FlowVersion
from flows.models.remote import Remote
from flows.models.run import Inbox, InboxKind, Run, RunStatus
from flows.models.sharing import FlowCopy, FlowGrant
from flows.models.step import Step, StepStatus
from flows.models.waiting import Delivery, Signal, Slot, Wait, WaitKind
from flows.models.worker import Worker, WorkerKind

__all__ = [
    "Delivery",
    "Flow",
    "FlowCopy",
    "FlowGrant",
    "FlowVersion",
    "Inbox",
    "InboxKind",
    "Remote",
    "Run",
    "RunStatus",
    "Signal",
    "Slot",
    "Step",
    "StepStatus",
    "Wait",
    "WaitKind",
    "Worker",
    "WorkerKind",
]
