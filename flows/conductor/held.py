"""A run in the hands of this process: its state in memory and what is not stored yet."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from flows.conductor import clock
from flows.conductor.compiled import CompiledFlow, CompiledNode
from flows.conductor.rows import ClaimedRun, RunCommit
from flows.conductor.scoping import ScopedSteps, scope_variables
from flows.engine.events import Command
from flows.engine.state import RunState, Scope
from flows.nodes.base import Data, Fetch, Request
from orchestrator_site.ledger.api import blob_digest, load

WORKER = "system:worker"
DEFAULT_TIMEOUT_S = 60.0


@dataclass(slots=True)
class Flight:
    """A call under way; `shown` says whether its start has been recorded.

    `limit_s` is how long it may take.

    Nobody needs the result of a detached one, but what it did is still recorded.
    """

    limit_s: float
    started_at: datetime = field(default_factory=partial(datetime.now, UTC))
    started: float = field(default_factory=time.monotonic)
    shown: bool = False
    is_detached: bool = False


@dataclass(slots=True)
class Outcome:
    """How a step ended: an output by a port, or an error.

    With `is_in_doubt` nobody knows whether its effect has happened; with `was_sent` the
    other side has answered, so that it may have.
    """

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
    is_in_doubt: bool = False
    was_sent: bool = False

    @property
    def status(self) -> str:
        """The state its step is in."""
        return "failed" if self.error else "completed"


def failed(code: str, message: str) -> Outcome:
    """An outcome that is an error."""
    return Outcome(error={"code": code, "message": message})


class StepValues(Mapping[str, Any]):
    """Outputs of completed steps by address, read from their cells when asked for."""

    def __init__(
        self, cells: Mapping[str, bytes], read: Callable[[bytes], Any]
    ) -> None:
        self._cells = cells
        self._read = read
        self._values: dict[str, Any] = {}

    def __getitem__(self, address: str) -> Any:  # noqa: ANN401  any JSON value
        if address not in self._values:
            self._values[address] = self._read(self._cells[address])
        return self._values[address]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def remember(self, address: str, value: Any) -> None:  # noqa: ANN401
        """Keep a value that has just been made, so that it need not be read back."""
        self._values[address] = value

    def forget_all(self) -> None:
        """Drop all values; each is read back when somebody asks for it."""
        self._values.clear()


@dataclass(slots=True)
class HeldRun:
    """Everything this process knows of a run it holds.

    `seq` and `head` run ahead of `stored_seq` by what is staged; a refused commit
    throws the whole value away. By address: `waiting` are steps that something outside
    moves on (those in `doubtful` a person), `interrupted` those that an earlier holder recorded as started, `attempts`
    the attempt under way where it is not the first, `items` the lists of open maps,
    `mapping` when these began.
    `remote` are steps that a queue has: they wait, or nobody needs them any more; those
    in `untouched` are out of it again before any worker had them.
    While the run is paused, `paused_by` says who holds it: a person, its parent, or both.
    `context` lists the steps that set the context, in their order. A run for one item
    has from its parent the variables `around` and the outputs `outer`, by node id.
    """

    id: UUID
    workspace_id: UUID
    epoch: int
    seq: int
    head: bytes
    stored_seq: int
    stored_head: bytes
    claimed: ClaimedRun
    flow: CompiledFlow
    state: RunState
    input: Any
    cells: dict[str, bytes]
    values: StepValues
    fetch: Callable[[UUID, bytes], bytes]
    around: dict[str, Any] = field(default_factory=dict)
    outer: dict[str, Any] = field(default_factory=dict)
    agenda: deque[Command] = field(default_factory=deque)
    calls: list[tuple[str, Request]] = field(default_factory=list)
    flights: dict[str, Flight] = field(default_factory=dict)
    waiting: dict[str, datetime] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    remote: set[str] = field(default_factory=set)
    untouched: set[str] = field(default_factory=set)
    interrupted: dict[str, datetime] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    items: dict[str, list[Any]] = field(default_factory=dict)
    mapping: dict[str, datetime] = field(default_factory=dict)
    context: list[str] = field(default_factory=list)
    mail_taken: set[int] = field(default_factory=set)
    is_poisoned: bool = False
    paused_at: datetime | None = None
    paused_by: set[str] = field(default_factory=set)
    decided: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    failures: dict[str, dict[str, str]] = field(default_factory=dict)
    staged: RunCommit | None = None
    cancelled_by: str = ""
    _id_text: str = field(init=False)

    def __post_init__(self) -> None:
        """Write the id once, which takes longer than one would think."""
        self._id_text = str(self.id)

    @property
    def is_paused(self) -> bool:
        """Whether somebody has asked the run to begin nothing more for now."""
        return self.paused_at is not None

    @property
    def is_idle(self) -> bool:
        """Whether only something outside can move this run on."""
        if self.flights or self.state.is_over or self.is_poisoned:
            return False
        if self.is_paused:
            return True
        return bool(self.waiting) and not self.agenda and not self.calls

    @property
    def stands_on_input(self) -> bool:
        """Whether all that is staged says no more than the acceptance of the run."""
        if self.staged is None or self.staged.has_rare or self.agenda:
            return False
        steps = self.staged.by_step.values()
        only_inputs = all(step.type == "input" for step in steps)
        return only_inputs and len(steps) == len(self.staged.events)

    @property
    def due_moments(self) -> list[datetime]:
        """When the waits are due that the next commit opens."""
        waits = self.staged.new_waits if self.staged else ()
        return [wait.due_at for wait in waits if wait.due_at]

    def node(self, address: str) -> CompiledNode:
        """The node of a step; the map of an item that is a run of its own."""
        nodes = self.flow.nodes
        if (direct := nodes.get(address)) is not None:
            return direct  # it stands in no loop and no map, as most do
        return nodes[address.rpartition("/")[2].partition("[")[0]]

    def attempt(self, address: str) -> int:
        """Which attempt at a step is under way, from 1."""
        return self.attempts.get(address, 1)

    def name_by(self, key: UUID) -> None:
        """Let others know its steps by another key than its id."""
        self._id_text = str(key)

    def key(self, address: str) -> str:
        """The same for every attempt at the same step: what others know it by."""
        return f"{self._id_text}/{address}"

    def data(self, address: str) -> Data:
        """What the node at `address`, whose step is under way, may refer to."""
        scope, node_id = self.state.active[address]
        return Data(
            input=self.input,
            steps=ScopedSteps(self, scope),
            arrived=_arrived(scope, node_id),
            scope=scope_variables(self, scope, self.flow.nodes[node_id].names),
            key=self.key(address),
            now=clock.now(),
        )


def limit_of(run: HeldRun, address: str, asked: Request) -> float:
    """Seconds that a step may take: its node's limit, else that of what it asks for."""
    own = asked.timeout_s if isinstance(asked, Fetch) else DEFAULT_TIMEOUT_S
    return run.node(address).node.timeout_s or own


def _arrived(scope: Scope, node_id: str) -> tuple[str, ...]:
    """The nodes whose ways to this one were taken; into a loop they lead from outside."""
    if scope.region.key == node_id and scope.parent is not None:
        scope = scope.parent
    sources = scope.arrived.get(node_id, ())
    return tuple(address.rpartition("/")[2] for address in sources)


class CellReader:
    """Reads payload cells of one run, fetching blobs when a cell refers to one."""

    def __init__(self, run_id: UUID, fetch: Callable[[UUID, bytes], bytes]) -> None:
        self._run_id = run_id
        self._fetch = fetch

    def __call__(self, cell: bytes) -> Any:  # noqa: ANN401  any JSON value
        digest = blob_digest(cell)
        return load(self._fetch(self._run_id, digest) if digest else cell)
