"""The rounds of a process, on threads of their own."""

import threading

import pytest
from django.db import connection

from model_registry.guarding import calls as calls_module
from model_registry.guarding import keeping
from model_registry.guarding.keeping import Keeper, Rounds
from model_registry.guarding.tally import Called, Tally
from model_registry.models import ModelFigures, ModelHealth
from tests.factories.models import make_model_version
from tests.fixtures.stack import wait_until

PATIENCE_S = 30


@pytest.fixture
def tally(monkeypatch):
    tally = Tally()
    monkeypatch.setattr(keeping, "TALLY", tally)
    monkeypatch.setattr(calls_module, "TALLY", tally)
    return tally


@pytest.fixture
def keeper(transactional_db):
    keeper = Keeper()
    yield keeper
    keeper.stop()
    connection.close()


def test_what_was_counted_is_stored_at_the_end(keeper, tally):
    keeper.start(probes=False)
    tally.add(Called(make_model_version().pk, "", 0.1))
    keeper.stop()
    assert ModelFigures.objects.get().calls == 1


def test_worker_looks_after_health(keeper, tally, monkeypatch):
    monkeypatch.setattr(keeping, "PROBE_S", 0.01)
    version = make_model_version()
    keeper.start(probes=True)
    well = ModelHealth.objects.filter(pk=version.pk, is_well=True)
    wait_until(well.exists, "a probe")


def test_process_that_drives_only_looks_after_nobody(keeper, tally, monkeypatch):
    monkeypatch.setattr(keeping, "FLUSH_S", 0.01)
    monkeypatch.setattr(keeping, "PROBE_S", 0.01)
    version = make_model_version()
    keeper.start(probes=False)
    tally.add(Called(version.pk, "", 0.1))
    wait_until(ModelFigures.objects.exists, "the figures")
    assert not ModelHealth.objects.exists()


def test_rounds_go_on_after_an_error(transactional_db, caplog):
    done, bell = threading.Event(), threading.Event()

    def work():
        if not caplog.records:
            raise RuntimeError("a bug")
        done.set()

    rounds = Rounds("test", work, 0.01, bell, at_last=False)
    rounds.start()
    assert done.wait(PATIENCE_S)
    rounds.stop()
    assert "a bug" in caplog.text


def test_bell_is_heard_at_once(transactional_db):
    done, bell = threading.Event(), threading.Event()
    rounds = Rounds("test", done.set, 3600, bell, at_last=False)
    rounds.start()
    bell.set()
    assert done.wait(PATIENCE_S)
    rounds.stop()
