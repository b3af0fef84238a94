"""Every event that is recorded anywhere is told in a sentence."""

import ast
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from flows.describe import Entry, describe, describe_html, step_name
from flows.engine.addresses import read_address
from flows.event_kinds import GROUPS, KINDS
from flows.models import RunStatus, StepStatus
from tests.architecture.source_tree import PACKAGES, files

KIND = re.compile(r"[a-z]+\.[a-z_]+")
WRITERS = re.compile(r"record|note|stage|fact|event", re.IGNORECASE)
# Put together when they are recorded: f"run.{status}", f"step.{outcome.status}".
COMPOSED = {
    *(f"run.{status}" for status in ("completed", "failed", "cancelled")),
    *(f"step.{status}" for status in ("completed", "failed", "cancelled", "detached")),
    *(
        f"approval.{verb}"
        for verb in ("opened", "claimed", "released", "decided", "withdrawn")
    ),
}
AT = "2026-01-01T10:30:00+00:00"
WAY = "Ask waits for paid or refused, at the latest until Jan 1, 10:30:00"


def entry(kind: str, **data) -> Entry:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Entry(uuid4(), 1, at, kind, "user:1", data, "00")


def recorded_kinds() -> set[str]:
    """Words like `flow.created` handed to what writes events."""
    return {
        argument.value
        for path in files(*PACKAGES, suffix=".py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and WRITERS.search(ast.unparse(call.func))
        for given in [*call.args, *(keyword.value for keyword in call.keywords)]
        for argument in chosen_from(given)
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and KIND.fullmatch(argument.value)
    }


def chosen_from(given: ast.expr) -> list[ast.expr]:
    """What an argument may be: of `a if x else b` either."""
    return [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]


def test_every_recorded_kind_has_a_sentence():
    assert recorded_kinds() | COMPOSED <= KINDS.keys()


def test_every_kind_told_is_recorded():
    assert KINDS.keys() <= recorded_kinds() | COMPOSED


def test_every_end_of_a_run_is_told():
    ends = {RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED}
    assert {f"run.{status}" for status in ends} <= KINDS.keys()


def test_every_status_that_a_step_is_recorded_with_is_told():
    silent = {StepStatus.SKIPPED, StepStatus.PENDING, StepStatus.RUNNING}
    told = {f"step.{status}" for status in set(StepStatus) - silent}
    assert told <= KINDS.keys()


def test_every_kind_belongs_to_a_group():
    assert {kind.group for kind in KINDS.values()} == GROUPS.keys()


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("run.failed", {"address": "a", "code": "x"}, "The run failed at Ask: x"),
        ("run.failed", {"address": None, "code": "x"}, "The run failed: x"),
        ("step.completed", {"address": "a", "port": "out"}, "Ask succeeded"),
        ("step.completed", {"address": "a", "port": "true"}, "Ask went on by true"),
        (
            "step.completed",
            {"address": "a", "port": "out", "instead_of": "timed_out"},
            "Ask failed with timed_out and goes on with its default",
        ),
        (
            "step.completed",
            {"address": "a", "model": "m", "model_version": 2, "missed": [{}]},
            "Ask got its answer from m 2, since others gave none",
        ),
        (
            "step.completed",
            {"address": "a", "port": "out", "resolved": "done"},
            "Mara Ibsen found that Ask had happened",
        ),
        (
            "step.failed",
            {"address": "a", "code": "x", "port": "error"},
            "Ask failed, and the run goes on by its port error: x",
        ),
        (
            "step.retrying",
            {"address": "a", "attempt": 2, "until": AT},
            "Ask is tried again at Jan 1, 10:30:00, as attempt 2",
        ),
        ("step.waiting", {"address": "a", "approval": 1}, "Ask waits for a person"),
        (
            "step.waiting",
            {"address": "a", "until": AT, "events": ["paid", "refused"]},
            WAY,
        ),
        (
            "step.waiting",
            {"address": "a", "until": None, "events": ["paid"]},
            "Ask waits for paid",
        ),
        (
            "step.started",
            {"address": "a", "items": 240},
            "Ask began to go through its items, 240 in all",
        ),
        ("step.cancel_requested", {"address": "a"}, "Mara Ibsen gave up Ask"),
        (
            "run.started",
            {"parent": "7", "parent_address": "a", "flow": "1"},
            "Ask started Refunds as its subflow",
        ),
        (
            "step.completed",
            {"address": "a", "model": "echo", "model_version": 2},
            "Ask got its answer from echo 2",
        ),
        (
            "alias.moved",
            {"alias": "champion", "old": None, "new": 1},
            "Mara Ibsen pointed champion of run at version 1",
        ),
        (
            "approval.decided",
            {"address": "a", "outcome": "approved", "edited": True},
            "Mara Ibsen edited and approved what Ask proposed",
        ),
    ],
)
def test_what_happened_decides_the_words(kind, data, sentence):
    names = {"user:1": "Mara Ibsen", "step:7:a": "Ask", "flow:1": "Refunds"}
    assert describe(entry(kind, run="7", **data), names) == sentence


def test_names_are_marked_and_escaped():
    told = describe_html(entry("workspace.created", slug="<b>"), {"user:1": "A & B"})
    assert told == "<b>A &amp; B</b> created workspace <b>&lt;b&gt;</b>"


def test_an_actor_nobody_knows_is_still_somebody():
    told = describe(entry("workspace.created", slug="fernhill"), {})
    assert told == "Somebody who has left created workspace fernhill"


def test_a_kind_that_is_not_known_any_more_is_told_plainly():
    assert describe(entry("flow.folded"), {}).endswith("recorded flow.folded")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("ask", "Ask"),
        ("draft:2/ask", "Ask, round 2"),
        ("draft:2/each[17]/ask", "Ask, round 2, item 17"),
        ("each[17]", "Each order, item 17"),
        ("gone", "gone"),
    ],
)
def test_a_step_is_called_by_its_node_and_its_passes(address, name):
    labels = {"ask": "Ask", "each": "Each order"}
    assert step_name(read_address(address), labels) == name
