"""The only module of the ledger that other apps import."""

from orchestrator_site.ledger.chain import GENESIS, EventRow, Fact, canonical, event
from orchestrator_site.ledger.models import Blob, Event
from orchestrator_site.ledger.payloads import (
    PayloadBroken,
    Stored,
    blob_digest,
    commitment,
    load,
    store,
)
from orchestrator_site.ledger.reading import read_cells
from orchestrator_site.ledger.recording import Subject, insert, record, rows_of
from orchestrator_site.ledger.verification import (
    Flaw,
    Head,
    Verified,
    verify,
    verify_chain,
    verify_workspace,
)

__all__ = [
    "GENESIS",
    "Blob",
    "Event",
    "EventRow",
    "Fact",
    "Flaw",
    "Head",
    "PayloadBroken",
    "Stored",
    "Subject",
    "Verified",
    "blob_digest",
    "canonical",
    "commitment",
    "event",
    "insert",
    "load",
    "read_cells",
    "record",
    "rows_of",
    "store",
    "verify",
    "verify_chain",
    "verify_workspace",
]
