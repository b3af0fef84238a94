"""Payloads: salted, committed to by events, small ones in their row, others as blobs.

A stored payload is one format byte, 16 bytes of salt and the JSON bytes, compressed
with LZ4 where that is shorter. An event commits to the SHA-256 of exactly these bytes:
a single changed byte shows, and once payload and salt are erased the commitment tells
nothing about what stood there. Pure but for the salt.

Source: ADR 0006.
"""

import hashlib
import os
import threading
from typing import NamedTuple

import lz4.block
import orjson

RAW, LZ4, BLOB = 0, 1, 2
SALT_BYTES = 16
INLINE_BYTES = 4096
COMPRESS_FROM_BYTES = 256


class PayloadBroken(Exception):
    """A stored payload cannot be read."""


class Stored(NamedTuple):
    """A payload ready to store.

    `cell` goes into the row: the payload itself, or a reference to `blob`, which then
    goes into the blob table under `digest`.
    """

    cell: bytes
    digest: bytes
    size_bytes: int
    blob: bytes | None


def store(value: object) -> Stored:
    """Turn a JSON value into its stored form.

    Raises: TypeError if the value is not JSON.
    """
    content = orjson.dumps(value)
    sealed = _seal(content)
    digest = hashlib.sha256(sealed).digest()
    if len(content) <= INLINE_BYTES:
        return Stored(sealed, digest, len(content), None)
    return Stored(bytes([BLOB]) + digest, digest, len(content), sealed)


class Salts:
    """Salts from the system's generator, fetched by the hundred since a call is dear."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unused: list[bytes] = []

    def take(self) -> bytes:
        """A salt that nobody else gets."""
        with self._lock:
            if not self._unused:
                pool = os.urandom(SALT_BYTES * 128)
                self._unused = [
                    pool[at : at + SALT_BYTES] for at in range(0, len(pool), SALT_BYTES)
                ]
            return self._unused.pop()


_SALTS = Salts()


def _seal(content: bytes) -> bytes:
    salt = _SALTS.take()
    if len(content) >= COMPRESS_FROM_BYTES:
        packed: bytes = lz4.block.compress(content)
        if len(packed) < len(content):
            return bytes([LZ4]) + salt + packed
    return bytes([RAW]) + salt + content


def blob_digest(cell: bytes) -> bytes | None:
    """Digest of the blob that a cell refers to; None where the cell is the payload."""
    if cell[:1] != bytes([BLOB]):
        return None
    return cell[1:]


def load(sealed: bytes) -> object:
    """The JSON value of a stored payload.

    Raises: PayloadBroken if the bytes are not a stored payload.
    """
    kind, content = sealed[:1], sealed[1 + SALT_BYTES :]
    try:
        if kind == bytes([LZ4]):
            content = lz4.block.decompress(content)
        elif kind != bytes([RAW]):
            raise PayloadBroken("The payload has an unknown format.")
        return orjson.loads(content)
    # An impossible size is a ValueError, as is what is no JSON.
    except (lz4.block.LZ4BlockError, ValueError) as error:
        raise PayloadBroken(f"The payload cannot be read: {error}") from error


def commitment(sealed: bytes) -> bytes:
    """What an event holds of a stored payload."""
    return hashlib.sha256(sealed).digest()
