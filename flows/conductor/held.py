"""A run in the hands of this process: its state in memory and what is not stored yet."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from flows.conductor.compiled import CompiledFlow, CompiledNode
from flows.conductor.rows import RunCommit
from flows.engine.events import Command
from flows.engine.state import RunState
from flows.nodes.base import AskPerson, CallModel, Data
from orchestrator_site.ledger.api import blob_digest, load

WORKER = "system:worker"


@dataclass(slots=True)
class Flight:
    """A call under way; `shown` says whether its start has been recorded."""

    started_at: datetime = field(default_factory=timezone.now)
    started: float = field(default_factory=time.monotonic)
    shown: bool = False


@dataclass(slots=True)
class Outcome:
    """How a step ended: an output by a port, or an error."""

    output: Any = None
    port: str | None = None
    error: dict[str, str] | None = None
    model: str | None = None
    model_version: int | None = None
    cost_usd_micros: int = 0
    started_at: datetime | None = None
    duration_ms: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    actor: str = WORKER

    @property
    def status(self) -> str:
        """The state its step is in."""
        return "failed" if self.error else "completed"


def failed(code: str, message: str) -> Outcome:
    """An outcome that is an error."""
    return Outcome(error={"code": code, "message": message})


class StepValues(Mapping[str, Any]):
    """Outputs of completed steps by node, read from their cells when asked for."""

    def __init__(
        self, cells: Mapping[str, bytes], read: Callable[[bytes], Any]
    ) -> None:
        self._cells = cells
        self._read = read
        self._values: dict[str, Any] = {}

    def __getitem__(self, node_id: str) -> Any:  # noqa: ANN401  any JSON value
        if node_id not in self._values:
            self._values[node_id] = self._read(self._cells[node_id])
        return self._values[node_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def remember(self, node_id: str, value: Any) -> None:  # noqa: ANN401
        """Keep a value that has just been made, so that it need not be read back."""
        self._values[node_id] = value


@dataclass(slots=True)
class HeldRun:
    """Everything this process knows of a run it holds.

    `seq` and `head` run ahead of `stored_seq` by what is staged; a refused commit
    throws the whole value away. `interrupted` are steps that an earlier holder recorded
    as started.
    """

    id: UUID
    workspace_id: UUID
    epoch: int
    seq: int
    head: bytes
    stored_seq: int
    stored_head: bytes
    flow: CompiledFlow
    state: RunState
    input: Any
    cells: dict[str, bytes]
    values: StepValues
    agenda: deque[Command] = field(default_factory=deque)
    calls: list[tuple[str, CallModel | AskPerson]] = field(default_factory=list)
    flights: dict[str, Flight] = field(default_factory=dict)
    waiting: dict[str, datetime] = field(default_factory=dict)
    interrupted: dict[str, datetime] = field(default_factory=dict)
    mail_taken: set[int] = field(default_factory=set)
    is_poisoned: bool = False
    decided: list[str] = field(default_factory=list)
    failures: dict[str, dict[str, str]] = field(default_factory=dict)
    staged: RunCommit | None = None
    cancelled_by: str = ""

    @property
    def is_idle(self) -> bool:
        """Whether only people can move this run on."""
        busy = self.agenda or self.calls or self.flights or self.state.is_over
        return bool(self.waiting) and not busy and not self.is_poisoned

    def node(self, address: str) -> CompiledNode:
        """The node of a step."""
        return self.flow.nodes[address]

    def data(self, address: str) -> Data:
        """What the node at `address` may refer to."""
        arrived = tuple(self.state.arrived.get(address, ()))
        return Data(input=self.input, steps=self.values, arrived=arrived)


class CellReader:
    """Reads payload cells of one run, fetching blobs when a cell refers to one."""

    def __init__(self, run_id: UUID, fetch: Callable[[UUID, bytes], bytes]) -> None:
        self._run_id = run_id
        self._fetch = fetch

    def __call__(self, cell: bytes) -> Any:  # noqa: ANN401  any JSON value
        digest = blob_digest(cell)
        return load(self._fetch(self._run_id, digest) if digest else cell)
