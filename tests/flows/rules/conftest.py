"""Whatever a rule needs to be shown: a model that waits, a hand-held run, workers."""

import pytest

from flows.conductor.store import open_store
from tests.faults.conftest import crew, effects, nursery_process
from tests.flows.conductor.conftest import fake_package, gate, service
from tests.flows.conductor.holding import Holder

__all__ = ["crew", "effects", "fake_package", "gate", "nursery_process", "service"]


@pytest.fixture
def store(transactional_db):
    store = open_store()
    yield store
    store.close()


@pytest.fixture
def holder(store):
    return Holder(store)
