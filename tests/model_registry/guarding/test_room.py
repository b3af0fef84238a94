"""Room in a real Valkey; two rooms of one model are two workers."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from model_registry.errors import ModelBusy
from model_registry.guarding import room as room_module
from model_registry.guarding.limits import Limits
from model_registry.guarding.room import Room
from orchestrator_site.accounts.api import new_id
from orchestrator_site.live.api import Valkey
from orchestrator_site.supervisor.valkey import free_port
from tests.fixtures.stack import wait_until

PATIENCE_S = 30


@pytest.fixture
def workers(patient_valkey):
    model_id = new_id()
    return Room(model_id), Room(model_id)


@pytest.fixture
def away(monkeypatch):
    absent = Valkey(f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setattr(room_module, "valkey", lambda: absent)


def enter(room, limits):
    return room.entered("model", limits, time.monotonic() + PATIENCE_S)


def has_room(room, **limits):
    try:
        with enter(room, Limits(wait_s=0, **limits)):
            return True
    except ModelBusy:
        return False


@pytest.mark.parametrize("other", [0, 1])
def test_only_so_many_calls_are_under_way_over_all_workers(workers, other):
    with enter(workers[0], Limits(max_concurrency=2)):
        assert has_room(workers[other], max_concurrency=2)
        with enter(workers[1], Limits(max_concurrency=2)):
            assert not has_room(workers[other], max_concurrency=2)
        assert has_room(workers[other], max_concurrency=2)


@pytest.mark.parametrize("other", [0, 1])
def test_only_so_many_calls_begin_in_a_minute_over_all_workers(workers, other):
    assert has_room(workers[0], rate_per_minute=3)
    assert has_room(workers[1], rate_per_minute=3)
    assert has_room(workers[0], rate_per_minute=3)
    assert not has_room(workers[other], rate_per_minute=3)


def test_call_that_found_no_room_does_not_count(workers):
    with enter(workers[0], Limits(max_concurrency=1, rate_per_minute=2)):
        for _ in range(5):
            assert not has_room(workers[1], max_concurrency=1, rate_per_minute=2)
    assert has_room(workers[1], max_concurrency=1, rate_per_minute=2)


def test_failed_call_makes_room(workers):
    with pytest.raises(RuntimeError), enter(workers[0], Limits(max_concurrency=1)):
        raise RuntimeError
    assert has_room(workers[1], max_concurrency=1)


@pytest.mark.parametrize("other", [0, 1])
def test_call_waits_for_room_and_gets_it(workers, other):
    limits, entered = Limits(max_concurrency=1, wait_s=PATIENCE_S), threading.Event()

    def second():
        with enter(workers[other], limits):
            entered.set()

    with enter(workers[0], limits):
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.05)
    assert entered.wait(PATIENCE_S)
    thread.join()


def test_never_more_at_once_however_many_ask(workers):
    limits = Limits(max_concurrency=3, wait_s=PATIENCE_S)
    lock, seen, now = threading.Lock(), [], []

    def work(number):
        with enter(workers[number % 2], limits):
            with lock:
                now.append(number)
                seen.append(len(now))
            threading.Event().wait(0.005)
            with lock:
                now.remove(number)

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(work, range(48)))
    assert len(seen) == 48
    assert max(seen) <= 3


def test_place_of_a_worker_that_died_becomes_free(workers, monkeypatch):
    monkeypatch.setattr(room_module, "GRACE_S", 0.05)
    held = workers[0].entered("model", Limits(max_concurrency=1), time.monotonic())
    held.__enter__()  # and never leaves
    wait_until(lambda: has_room(workers[1], max_concurrency=1), "room")


def test_without_valkey_each_worker_keeps_the_limit_by_itself(workers, away):
    with enter(workers[0], Limits(max_concurrency=1)):
        assert not has_room(workers[0], max_concurrency=1)
        assert has_room(workers[1], max_concurrency=1)
    assert has_room(workers[0], rate_per_minute=1)
    assert not has_room(workers[0], rate_per_minute=1)


def test_minute_passes_without_valkey(away, clock):
    room = Room(new_id(), clock)
    limits = Limits(rate_per_minute=1, wait_s=0)
    with room.entered("model", limits, clock.now + 60):
        pass
    clock.now += 59
    with pytest.raises(ModelBusy), room.entered("model", limits, clock.now + 60):
        pass
    clock.now += 2
    with room.entered("model", limits, clock.now + 60):
        pass


def test_busy_model_is_told_with_the_time_waited(workers):
    full = Limits(max_concurrency=1, wait_s=0)
    with (
        enter(workers[0], full),
        pytest.raises(ModelBusy, match="model had no room within 0 s"),
        enter(workers[0], full),
    ):
        pass
