"""Values that travel between the conductor and the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from orchestrator_site.ledger.api import EventRow

# Who holds a paused run.
BY_PERSON, BY_PARENT = "person", "parent"


class ClaimedRun(NamedTuple):
    """A run that now belongs to this process, in the order of the columns."""

    id: UUID
    workspace_id: UUID
    version_id: UUID
    status: str
    epoch: int
    seq: int
    head: bytes
    crashes: int
    input: bytes
    parent_id: UUID | None
    parent_address: str
    depth: int
    body: str
    priority: int
    slot_key: str | None
    created_at: datetime
    paused_at: datetime | None
    flow_id: UUID
    started_by: str
    paused_by: str


class RecordedStep(NamedTuple):
    """A step of a claimed run that an earlier holder recorded."""

    run_id: UUID
    address: str
    status: str
    port: str | None
    result: bytes | None
    started_at: datetime | None
    attempt: int = 1
    seq: int = 0
    type: str = ""
    ended_at: datetime | None = None


class OpenWait(NamedTuple):
    """A wait of a claimed run that is still open."""

    run_id: UUID
    id: int
    address: str
    attempt: int
    kind: str
    due_at: datetime | None
    name: str
    key: str
    port: str


class InboxRow(NamedTuple):
    """Something that reached a held run from outside."""

    id: int
    run_id: UUID
    kind: str
    actor: str
    address: str
    body: bytes


class StepRow(NamedTuple):
    """A step as it is stored, in the order of the columns."""

    run_id: UUID
    address: str
    attempt: int
    node_id: str
    type: str
    status: str
    port: str | None
    result: bytes | None
    model: str | None
    model_version: int | None
    cost_usd_micros: int
    duration_ms: int | None
    started_at: datetime | None
    ended_at: datetime | None
    seq: int


class BlobRow(NamedTuple):
    """A payload too large for its row."""

    owner_id: UUID
    digest: bytes
    data: bytes


class WaitRow(NamedTuple):
    """A moment (`due_at`) or an event (`name`, `key`) that a step waits for.

    `kind` is one of WaitKind; `port` is what the step leaves by.
    """

    run_id: UUID
    workspace_id: UUID
    address: str
    attempt: int
    kind: str
    due_at: datetime | None = None
    name: str = ""
    key: str = ""
    port: str = ""


class RemoteRow(NamedTuple):
    """An attempt at a step for the workers of a queue; see `flows.models.Remote`."""

    id: UUID
    run_id: UUID
    workspace_id: UUID
    address: str
    attempt: int
    queue: str
    computes: bool
    is_once: bool
    priority: int
    timeout_ms: int
    request: bytes
    lost: int
    created_at: datetime


class OutboxRow(NamedTuple):
    """Mail from one run to another; dropped if that run is gone."""

    run_id: UUID
    kind: str
    actor: str
    address: str
    body: bytes


class SignalRow(NamedTuple):
    """An event that a run sends; `body` is a sealed payload, never a blob's cell.

    The same `message_id` again in the same workspace is the same event.
    """

    id: UUID
    workspace_id: UUID
    name: str
    key: str
    message_id: str
    actor: str
    body: bytes
    expires_at: datetime
    created_at: datetime


class ChildRow(NamedTuple):
    """A run that another one starts; nothing happens if it exists already.

    `seq` is 1 and `head` the hash of its first event, which goes into `first` of the
    commit. With a `slot_key` it waits for a slot, unless an ancestor has that key.
    """

    id: UUID
    parent_id: UUID
    parent_address: str
    workspace_id: UUID
    flow_id: UUID
    version_id: UUID
    started_by: str
    input: bytes
    depth: int
    body: str
    priority: int
    slot_key: str | None
    slot_limit: int | None
    head: bytes
    created_at: datetime


class Child(NamedTuple):
    """A run that another one starts, with its first event and what belongs to it."""

    run: ChildRow
    first: EventRow
    blob: BlobRow | None = None
    deadline: datetime | None = None


class RunRow(NamedTuple):
    """What one commit changes on a run, and the fence it must pass.

    The commit counts only if the run still has `epoch`, `old_seq` and this owner.
    """

    id: UUID
    epoch: int
    old_seq: int
    new_seq: int
    head: bytes
    status: str
    result: bytes | None
    cost_usd_micros: int
    progressed: bool
    started_at: datetime
    ended_at: datetime | None
    frees_slot: bool
    paused_by: str


@dataclass(slots=True)
class RunCommit:
    """Everything that one run puts into a joined commit.

    `waits` are inserted, after all waits of the addresses in `waits_closed` are gone,
    `remotes` likewise with those of `remotes_withdrawn`, of which what must not happen
    twice stays once it was taken. `undelivered` are addresses whose event goes back to
    whoever else waits for it. A run that ends loses its waits, its deliveries and its
    slot by itself; one that parks with `frees_slot` needs a slot again before it goes
    on. One that goes on after a pause has its deadline moved by the time `paused_for`;
    one with a `paused_by` may still be running, until the calls under way have ended.
    """

    id: UUID
    epoch: int
    old_seq: int
    new_seq: int
    head: bytes
    started_at: datetime
    status: str = "running"
    result: bytes | None = None
    cost_usd_micros: int = 0
    progressed: bool = False
    ended_at: datetime | None = None
    by_step: dict[tuple[str, int], StepRow] = field(default_factory=dict)
    events: list[EventRow] = field(default_factory=list)
    blobs: list[BlobRow] = field(default_factory=list)
    inbox_ids: list[int] = field(default_factory=list)
    waits: list[WaitRow] = field(default_factory=list)
    waits_closed: list[str] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)
    remotes: list[RemoteRow] = field(default_factory=list)
    remotes_withdrawn: list[str] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    signals: list[SignalRow] = field(default_factory=list)
    frees_slot: bool = False
    paused_for: timedelta | None = None
    paused_by: str = ""

    def close_waits(self, address: str) -> None:
        """Close the waits of a step, those that this same commit opened included."""
        self.waits = [wait for wait in self.waits if wait.address != address]
        self.waits_closed.append(address)

    def bears(self, run_id: UUID) -> bool:
        """Whether this commit starts that run."""
        return any(child.run.id == run_id for child in self.children)

    def withdraw_remote(self, address: str) -> None:
        """Take a step back from its queue, also one that this same commit puts there."""
        self.remotes = [row for row in self.remotes if row.address != address]
        self.remotes_withdrawn.append(address)

    @property
    def has_rare(self) -> bool:
        """Whether there is more to store than steps, events and the run's own row."""
        return bool(self.blobs) or self.reaches_others

    @property
    def reaches_others(self) -> bool:
        """Whether more has happened than that steps of the run have begun or ended."""
        return bool(
            self.inbox_ids
            or self.waits
            or self.waits_closed
            or self.undelivered
            or self.remotes
            or self.remotes_withdrawn
            or self.children
            or self.outbox
            or self.signals
            or self.paused_for
        )

    @property
    def new_waits(self) -> list[WaitRow]:
        """What is waited for from now on; a run that is over waits for nothing."""
        return [] if self.ended_at else self.waits

    @property
    def steps(self) -> list[StepRow]:
        """One row for each step: PostgreSQL refuses to insert and update one at once."""
        return list(self.by_step.values())

    def put(self, step: StepRow) -> None:
        """Store a step as it is now, whatever the same commit held of it before."""
        self.by_step[step.address, step.attempt] = step

    @property
    def run(self) -> RunRow:
        """The change of the run's own row."""
        return RunRow(
            self.id,
            self.epoch,
            self.old_seq,
            self.new_seq,
            self.head,
            self.status,
            self.result,
            self.cost_usd_micros,
            self.progressed,
            self.started_at,
            self.ended_at,
            self.frees_slot,
            self.paused_by,
        )


class Landed(NamedTuple):
    """A run whose part of a joined commit counted."""

    run_id: UUID
    has_mail: bool


# What is done while a database is at work.
Meanwhile = Callable[[], None]


def idle() -> None:
    """Do nothing meanwhile."""
