"""What a failed step leads to, and which errors are worth another try."""

import ast
from collections.abc import Iterator

import pytest

from flows.engine.retry import FINAL, Remedy, backoff_s, remedy
from flows.errors import (
    ConcurrencyKeyFailed,
    FlowNotFound,
    InputInvalid,
    VersionNotFound,
)
from flows.graph.schema import Node, OnError, Retry
from model_registry.errors import MODEL_ERRORS
from orchestrator_site.egress.errors import EgressError
from tests.architecture.source_tree import ROOT

# The same call may well succeed a little later, or the model answer otherwise.
WORTH_ANOTHER_TRY = {
    "remote_worker_lost",
    "step_crashed",
    "approval_not_opened",
    "egress_answer_unreadable",
    "egress_broken_off",
    "egress_host_not_found",
    "egress_timed_out",
    "egress_unreachable",
    "http_body_unreadable",
    "http_status",
    "model_answer_invalid",
    "model_busy",
    "model_circuit_open",
    "model_crashed",
    "model_output_invalid",
    "model_overloaded",
    "model_timed_out",
    "model_unavailable",
    "node_crashed",
    "request_crashed",
    "step_timed_out",
    "subflow_not_started",
}
# A map is never tried again, nor is a run.
NEVER_ASKED = {"map_items_not_list"}
OF_RUNS = {"run_cancelled"}


def after(attempt=1, code="model_timed_out", **policies):
    node = Node(id="a", type="model", **policies)
    return remedy(node, attempt=attempt, code=code, address="a")


def test_a_failed_step_without_policies_fails_its_run():
    assert after() == Remedy("fail")


@pytest.mark.parametrize(
    ("attempt", "action"), [(1, "again"), (2, "again"), (3, "fail")]
)
def test_a_step_is_tried_as_often_as_it_says(attempt, action):
    assert after(attempt, retry=Retry(attempts=3)).action == action


@pytest.mark.parametrize(
    ("code", "on", "action"),
    [
        ("model_timed_out", (), "again"),
        ("expression_failed", (), "fail"),
        ("expression_failed", ("expression_failed",), "again"),  # as the flow says
        ("model_timed_out", ("model_overloaded",), "fail"),
    ],
)
def test_errors_are_worth_another_try_or_not(code, on, action):
    assert after(code=code, retry=Retry(attempts=3, on=on)).action == action


@pytest.mark.parametrize("action", ["fail", "port", "default"])
def test_what_cannot_be_tried_again_goes_on_as_the_node_says(action):
    policies = {"retry": Retry(attempts=2), "on_error": OnError(action=action)}
    assert after(2, **policies) == Remedy(action)


def test_what_must_not_happen_twice_is_not_tried_again():
    node = Node(id="a", type="model", retry=Retry(attempts=3))
    said = remedy(node, attempt=1, code="x", address="a", may_repeat=False)
    assert said == Remedy("fail")


def test_waits_grow_up_to_their_limit_and_are_spread_by_a_fifth():
    policy = Retry(attempts=20, backoff_s=1, factor=3, max_backoff_s=60)
    for attempt, longest in ((1, 1), (2, 3), (3, 9), (4, 27), (5, 60), (19, 60)):
        delays = {backoff_s(policy, attempt, f"each[{n}]/a") for n in range(50)}
        assert longest * 0.8 <= min(delays) < max(delays) <= longest


def test_a_replay_waits_as_long():
    policy = Retry(attempts=3)
    assert backoff_s(policy, 2, "a") == backoff_s(policy, 2, "a")


def test_every_error_of_a_step_is_final_or_worth_another_try():
    """A code that is missing here is new, and somebody has to say which it is."""
    decided = FINAL | WORTH_ANOTHER_TRY | NEVER_ASKED
    assert not set(codes_of_steps()) - decided
    assert not FINAL & WORTH_ANOTHER_TRY


def test_every_code_that_is_decided_on_exists():
    known = {*codes_of_steps(), *OF_RUNS}
    assert not (FINAL | WORTH_ANOTHER_TRY) - known


def test_codes_of_runs_exist():
    staging = (ROOT / "flows/conductor/staging/runs.py").read_text()
    assert all(f'"code": "{code}"' in staging for code in OF_RUNS)


def codes_of_steps() -> Iterator[str]:
    """The codes of all errors with which a step can fail, those of flows left out."""
    yield from MODEL_ERRORS
    yield from (error.code for error in EgressError.__subclasses__())
    for error in (FlowNotFound, VersionNotFound, InputInvalid, ConcurrencyKeyFailed):
        yield f"subflow_{error.code}"
    deciding = [
        ROOT / "model_registry" / f"{name}.py" for name in ("governance", "using")
    ]
    for folder in ("nodes", "conductor"):
        for path in [*deciding, *(ROOT / "flows" / folder).rglob("*.py")]:
            yield from _codes_in(ast.parse(path.read_text(encoding="utf-8")))


def _codes_in(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if call.func.id in ("failed", "Failed", "Refusal"):
            given = [word.value for word in call.keywords if word.arg == "code"]
            for value in [*given, *call.args[:1]]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value
