"""HTTP requests of steps, through the one egress client."""

from typing import NamedTuple
from uuid import UUID

from flows.conductor.held import Outcome, failed
from flows.nodes.base import CallModel, Fetch


class Errand(NamedTuple):
    """A request of one step; `is_once` if it must never be sent twice."""

    run_id: UUID
    epoch: int
    address: str
    workspace_id: UUID
    call: CallModel | Fetch
    timeout_s: float
    is_once: bool


def fetch(errand: Errand) -> Outcome:
    return failed("egress_failed", "x")
