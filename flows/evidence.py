"""What the ledger's verification reads of flows: heads of runs, payloads, documents."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flows.graph.document import graph_hash
from flows.models import FlowVersion, Run, Step
from orchestrator_site.ledger.api import Blob, Flaw, Head, blob_digest

if TYPE_CHECKING:
    from django.db.models import QuerySet

PREFIX = "run "
Cell = bytes | memoryview | None
HeadRow = tuple[UUID, UUID, int, bytes | memoryview]


class RunChains:
    """Runs keep the head of their chain on their own row."""

    def heads(self) -> Iterator[Head]:
        """Ends of the chains of all runs."""
        for row in _run_heads().iterator():
            yield _head_of(row)

    def check(self, head: Head, events: list[dict[str, Any]]) -> Flaw | None:
        """Compare a run's payloads with the commitments in its events."""
        if not head.name.startswith(PREFIX):
            return None
        cells = Cells(head.chain_id)
        for seq, event in enumerate(events, start=1):
            reason = cells.flaw_of(event["kind"], event["data"])
            if reason:
                return Flaw(head.name, seq, reason)
        return None


def find_run_head(run_id: UUID) -> Head | None:
    """The end of a run's chain."""
    row = _run_heads().filter(pk=run_id).first()
    return _head_of(row) if row else None


def _run_heads() -> "QuerySet[Run, HeadRow]":
    return Run.objects.order_by("pk").values_list("workspace_id", "pk", "seq", "head")


def _head_of(row: HeadRow) -> Head:
    workspace_id, run_id, seq, head = row
    return Head(workspace_id, run_id, seq, bytes(head), f"{PREFIX}{run_id}")


class Cells:
    """The payload cells of one run, as they are stored."""

    def __init__(self, run_id: UUID) -> None:
        self._run_id = run_id
        run = Run.objects.get(pk=run_id)
        self._run = {"input": run.input, "result": run.result}
        rows = Step.objects.filter(run_id=run_id)
        self._steps = {
            (address, attempt): result
            for address, attempt, result in rows.values_list(
                "address", "attempt", "result"
            )
        }

    def flaw_of(self, kind: str, data: dict[str, Any]) -> str | None:
        """What is wrong with the payload that an event commits to, if anything."""
        for field in ("input", "result"):
            if field in data:
                cell = self._cell(kind, field, data)
                reason = self._compare(field, cell, data[field]["sha256"])
                if reason:
                    return reason
        return None

    def _cell(self, kind: str, field: str, data: dict[str, Any]) -> Cell:
        if kind.startswith("run."):
            return self._run[field]
        return self._steps.get((data["address"], data["attempt"]))

    def _compare(self, field: str, cell: Cell, expected: str) -> str | None:
        if cell is None:
            return f"the {field} it commits to is missing"
        sealed = bytes(cell)
        digest = blob_digest(sealed)
        if digest is not None:
            blob = Blob.objects.filter(owner_id=self._run_id, digest=digest).first()
            if blob is None:
                return f"the {field} it commits to is missing"
            sealed = bytes(blob.data)
        if hashlib.sha256(sealed).hexdigest() != expected:
            return f"the {field} it commits to has been changed"
        return None


class VersionDocuments:
    """Published versions: their event names the hash of the document."""

    def heads(self) -> Iterator[Head]:
        """The ledger keeps the heads of the chains of flows itself."""
        yield from ()

    def check(self, head: Head, events: list[dict[str, Any]]) -> Flaw | None:
        """Compare the documents of published versions with their hashes."""
        del head
        for seq, event in enumerate(events, start=1):
            if event["kind"] != "flow.published":
                continue
            data = event["data"]
            version = FlowVersion.objects.filter(pk=data["version"]).first()
            if version is None:
                return Flaw(f"flow {data['flow']}", seq, "its version is missing")
            if graph_hash(bytes(version.document)) != data["hash"]:
                return Flaw(f"flow {data['flow']}", seq, "its document was changed")
        return None
