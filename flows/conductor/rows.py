"""Values that travel between the conductor and the database."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from orchestrator_site.ledger.api import EventRow


class ClaimedRun(NamedTuple):
    """A run that now belongs to this process."""

    id: UUID
    workspace_id: UUID
    version_id: UUID
    status: str
    epoch: int
    seq: int
    head: bytes
    crashes: int
    input: bytes


class RecordedStep(NamedTuple):
    """A step of a claimed run that an earlier holder recorded."""

    run_id: UUID
    address: str
    status: str
    port: str | None
    result: bytes | None
    started_at: datetime | None


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


@dataclass(slots=True)
class RunCommit:
    """Everything that one run puts into a joined commit."""

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
        )


class Landed(NamedTuple):
    """A run whose part of a joined commit counted."""

    run_id: UUID
    has_mail: bool
