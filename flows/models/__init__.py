"""Tables of flows and runs: fields, constraints, tiny predicates."""

from flows.models.flow import Flow, FlowVersion
from flows.models.run import Inbox, Run, RunStatus
from flows.models.step import Step, StepStatus
from flows.models.worker import Worker

__all__ = [
    "Flow",
    "FlowVersion",
    "Inbox",
    "Run",
    "RunStatus",
    "Step",
    "StepStatus",
    "Worker",
]
