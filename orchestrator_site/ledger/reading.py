"""Reading many payloads at once."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from orchestrator_site.ledger.models import Blob
from orchestrator_site.ledger.payloads import blob_digest, load

Cell = bytes | memoryview | None


def read_cells(cells: Iterable[tuple[UUID, Cell]]) -> list[Any]:
    """The JSON values of cells, each beside the id of what owns it; at most one query.

    An empty cell is None. Raises: PayloadBroken, KeyError if a blob is gone.
    """
    sealed = [(owner_id, bytes(cell or b"")) for owner_id, cell in cells]
    keys = [(owner_id, blob_digest(cell)) for owner_id, cell in sealed]
    wanted = [(owner_id, digest) for owner_id, digest in keys if digest]
    blobs: dict[tuple[UUID, bytes | None], bytes] = {}
    if wanted:
        owners, digests = zip(*wanted, strict=True)
        found = Blob.objects.filter(owner_id__in=set(owners), digest__in=set(digests))
        blobs = {
            (blob.owner_id, bytes(blob.digest)): bytes(blob.data) for blob in found
        }
    contents = (
        blobs[key] if key[1] else cell
        for key, (_owner_id, cell) in zip(keys, sealed, strict=True)
    )
    return [load(content) if content else None for content in contents]
