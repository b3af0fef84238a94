import pytest

from tests.flows.graph.test_validate import errors_of

DRAWING = "in -> model -> out"


@pytest.mark.parametrize("queue", ["gpu", "cpu", "zone-b_2"])
def test_a_model_may_wait_in_a_queue(queue: str) -> None:
    assert errors_of(DRAWING, more={"model": {"queue": queue}}) == []


def test_a_request_may_wait_in_a_queue() -> None:
    config = {"call": {"url": "https://api.example/"}}
    types, more = {"call": "http_request"}, {"call": {"queue": "zone"}}
    drawing = "in -> call -> out"
    assert errors_of(drawing, configs=config, types=types, more=more) == []


def test_what_the_run_carries_out_waits_in_none() -> None:
    found = errors_of("in -> a -> out", more={"a": {"queue": "gpu"}})
    assert found == ["queue_not_possible"]


def test_the_queue_of_the_runs_is_none_for_steps() -> None:
    found = errors_of(DRAWING, more={"model": {"queue": "runs"}})
    assert found == ["queue_not_possible"]
