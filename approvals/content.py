"""Content of approvals: payload cells, their blobs, and the hash of what is decided."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from approvals.errors import FieldsInvalid
from approvals.patch import escape
from orchestrator_site.ledger.api import Blob, Stored, blob_digest, canonical, load
from orchestrator_site.ledger.api import store as seal
from orchestrator_site.schemas.api import validator

MASK = "the value"


def keep(approval_id: UUID, value: object) -> Stored:
    """Turn a value into a cell, and store its blob where it is too large for one."""
    stored = seal(value)
    if stored.blob is not None:
        Blob.objects.create(
            owner_id=approval_id, digest=stored.digest, data=stored.blob
        )
    return stored


def read(approval_id: UUID, cell: bytes | memoryview) -> Any:  # noqa: ANN401 - JSON
    """The value of a cell. Raises: PayloadBroken if it cannot be read."""
    sealed = bytes(cell)
    digest = blob_digest(sealed)
    if digest is not None:
        blob = Blob.objects.get(owner_id=approval_id, digest=digest)
        sealed = bytes(blob.data)
    return load(sealed)


def commit_to(stored: Stored) -> dict[str, Any]:
    """What an event says of a cell."""
    return {"sha256": stored.digest.hex(), "bytes": stored.size_bytes}


def hash_of(members: Mapping[str, Any]) -> str:
    """Hash of facts and of commitments to content.

    The commitments are salted, so the hash tells nothing about content once that has
    been erased.
    """
    return "sha256:" + hashlib.sha256(canonical(members)).hexdigest()


def check_fields(
    schema: bytes | memoryview, proposed: Mapping[str, Any], fields: object
) -> None:
    """Hold edited fields against their schema; they are those of the proposal.

    Raises: FieldsInvalid with the JSON Pointer of the first that does not fit.
    """
    if not isinstance(fields, dict):
        raise FieldsInvalid("", "the fields are not an object")
    for name in sorted(proposed.keys() ^ fields.keys()):
        what = "is missing" if name in proposed else "was not proposed"
        raise FieldsInvalid(f"/{escape(name)}", f"the field {what}")
    # Messages do not repeat the value: it may be long, and is somebody's content.
    error = next(validator(bytes(schema), MASK).iter_errors(fields), None)
    if error is not None:
        parts = [escape(str(part)) for part in error.instance_path]
        raise FieldsInvalid("".join(f"/{part}" for part in parts), error.message)
