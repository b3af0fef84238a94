import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from model_registry.adapters.base import AdapterCall
from model_registry.adapters.python_entry_point import load
from model_registry.api import call
from model_registry.errors import (
    ModelInputInvalid,
    ModelOutputInvalid,
    ModelTimedOut,
    ModelUnavailable,
)
from tests.factories.models import make_load_request, make_resolved

pytestmark = pytest.mark.django_db
TEXT = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
}


def ask(resolved, value, timeout_s=20.0):
    return call(resolved, value, timeout_s=timeout_s, idempotency_key="run/step")


@pytest.mark.parametrize("runs", ["loop", "wait", "cpu"])
def test_model_answers_wherever_it_runs(fake_package, runs):
    settings = {"entry_point": "fake-upper", "options": {"mark": "!"}}
    resolved = make_resolved(runs=runs, settings=settings, output_schema=TEXT)
    reply = ask(resolved, {"text": "hello"})
    assert reply.output == {"text": "HELLO!"}
    assert (reply.model, reply.version, reply.cost_usd_micros) == (resolved.model, 1, 0)


def test_only_models_that_compute_leave_the_process(fake_package):
    settings = {"entry_point": "fake-process"}
    here = ask(make_resolved(runs="loop", settings=settings), {})
    there = ask(make_resolved(runs="cpu", settings=settings), {})
    assert here.output["pid"] == os.getpid() != there.output["pid"]


def test_input_that_breaks_the_schema_is_told_by_pointer_without_the_value():
    resolved = make_resolved(input_schema=TEXT)
    with pytest.raises(ModelInputInvalid) as caught:
        ask(resolved, {"text": 12345})
    said = caught.value.message
    assert "'/text'" in said
    assert 'not of type "string"; found number' in said
    assert "'/properties/text/type'" in said
    assert "12345" not in said


def test_output_that_breaks_the_schema_is_told_with_both_sides():
    resolved = make_resolved(output_schema=TEXT)
    with pytest.raises(ModelOutputInvalid) as caught:
        ask(resolved, {"text": None})
    assert not caught.value.retryable
    assert "version 1" in caught.value.message
    assert "at '/text'" in caught.value.message
    assert "found null (schema '/properties/text/type')" in caught.value.message


def test_model_cannot_change_the_callers_input(fake_package):
    value = {"text": "a", "list": [1]}
    reply = ask(make_resolved(runs="loop"), value)
    reply.output["list"].append(2)
    assert value["list"] == [1]


def test_model_is_loaded_once_however_many_call(fake_package):
    resolved = make_resolved(runs="loop", settings={"entry_point": "fake-counter"})
    counts: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: counts.append(ask(resolved, {}).output["calls"])
        )
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == list(range(1, 17))


def test_models_that_wait_are_called_several_at_once(fake_package):
    resolved = make_resolved(runs="wait", settings={"entry_point": "fake-meets"})
    with ThreadPoolExecutor(2) as pool:
        replies = [pool.submit(ask, resolved, {}) for _ in range(2)]
        places = [reply.result().output["place"] for reply in replies]
    assert sorted(places) == [0, 1]


def test_load_that_fails_here_is_told(fake_package):
    resolved = make_resolved(runs="loop", settings={"entry_point": "fake-broken-load"})
    with pytest.raises(ModelUnavailable, match="the weights are missing"):
        ask(resolved, {})


def test_late_answer_of_a_model_in_this_process_is_dropped():
    request = make_load_request({"entry_point": "echo"}, runs="loop")
    with pytest.raises(ModelTimedOut):
        load(request)(AdapterCall(input={}, timeout_s=0.0, idempotency_key="a"))


def test_adapter_that_is_gone_is_told():
    resolved = make_resolved(runs="wait")
    gone = type(resolved)(
        **{name: getattr(resolved, name) for name in type(resolved).__slots__}
        | {"adapter": "pigeon", "digest": "0"}
    )
    with pytest.raises(
        ModelUnavailable, match="'pigeon'; there are python_entry_point"
    ):
        ask(gone, {})
