"""Chains, payloads and commitments, without a database."""

import os
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator_site.ledger.chain import GENESIS, Fact, event, link
from orchestrator_site.ledger.payloads import (
    PayloadBroken,
    blob_digest,
    commitment,
    load,
    store,
)

CHAIN, WORKSPACE = UUID(int=1), UUID(int=2)
HASH = "fb1cbb5a8ad3dff97aae8b4fd4ae497d1b3720f197c555b104fe70c5b556e2f8"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
).filter(lambda value: "\ud800" not in repr(value))


def make_event(**data):
    return event(
        Fact("thing.happened", "user:1", data),
        workspace_id=WORKSPACE,
        chain_id=CHAIN,
        seq=1,
        head=GENESIS,
        at=NOON,
    )


def test_stored_chains_stay_what_they_are():
    row = make_event(code="a")
    assert row.body == (
        b'{"actor":"user:1","at":"2026-01-01T12:00:00.000000Z","data":{"code":"a"},'
        b'"kind":"thing.happened","workspace":"00000000-0000-0000-0000-000000000002"}'
    )
    assert row.hash.hex() == HASH


def test_the_hash_covers_every_part():
    row = make_event(code="a")
    others = {
        link(bytes([1]) * 32, CHAIN, 1, row.body),
        link(GENESIS, WORKSPACE, 1, row.body),
        link(GENESIS, CHAIN, 2, row.body),
        link(GENESIS, CHAIN, 1, row.body + b" "),
    }
    assert row.hash == link(GENESIS, CHAIN, 1, row.body)
    assert row.hash not in others
    assert len(others) == 4


@given(json_values)
def test_what_is_stored_can_be_loaded(value):
    stored = store(value)
    assert load(stored.blob or stored.cell) == value


@pytest.mark.parametrize(("size", "is_blob"), [(4000, False), (5000, True)])
def test_large_payloads_become_blobs(size, is_blob):
    stored = store(os.urandom(size // 2).hex())
    assert (stored.blob is not None) is is_blob
    assert (blob_digest(stored.cell) == stored.digest) is is_blob


def test_equal_values_have_different_commitments():
    assert store("yes").digest != store("yes").digest


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_every_changed_byte_changes_the_commitment(place, difference):
    stored = store("kettle " * 50)
    sealed = bytearray(stored.cell)
    sealed[place % len(sealed)] ^= difference
    assert commitment(bytes(sealed)) != stored.digest


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"\x09" + bytes(20),
        b"\x00" + bytes(16) + b"{",
        b"\x01" + bytes(16) + b"\xff" * 8,  # says that it is larger than can be
    ],
)
def test_a_broken_payload_is_named(sealed):
    with pytest.raises(PayloadBroken):
        load(sealed)
