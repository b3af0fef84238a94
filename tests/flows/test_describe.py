"""Every event that is recorded anywhere is told in a sentence."""

import ast
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from flows.describe import Entry, describe, describe_html
from flows.event_kinds import GROUPS, KINDS
from flows.models import RunStatus
from tests.architecture.source_tree import PACKAGES, files

KIND = re.compile(r"[a-z]+\.[a-z_]+")
WRITERS = re.compile(r"record|note|stage|fact|event", re.IGNORECASE)
# Put together when they are recorded: f"run.{status}", f"step.{outcome.status}".
COMPOSED = {
    *(f"run.{status}" for status in ("completed", "failed", "cancelled")),
    *(f"step.{status}" for status in ("completed", "failed")),
    *(
        f"approval.{verb}"
        for verb in ("opened", "claimed", "released", "decided", "withdrawn")
    ),
}


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
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and KIND.fullmatch(argument.value)
    }


def test_every_recorded_kind_has_a_sentence():
    assert recorded_kinds() | COMPOSED <= KINDS.keys()


def test_every_kind_told_is_recorded():
    assert KINDS.keys() <= recorded_kinds() | COMPOSED


def test_every_end_of_a_run_is_told():
    ends = {RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED}
    assert {f"run.{status}" for status in ends} <= KINDS.keys()


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
    names = {"user:1": "Mara Ibsen", "step:7:a": "Ask"}
    assert describe(entry(kind, run="7", **data), names) == sentence


def test_names_are_marked_and_escaped():
    told = describe_html(entry("workspace.created", slug="<b>"), {"user:1": "A & B"})
    assert told == "<b>A &amp; B</b> created workspace <b>&lt;b&gt;</b>"


def test_an_actor_nobody_knows_is_still_somebody():
    told = describe(entry("workspace.created", slug="fernhill"), {})
    assert told == "Somebody who has left created workspace fernhill"


def test_a_kind_that_is_not_known_any_more_is_told_plainly():
    assert describe(entry("flow.folded"), {}).endswith("recorded flow.folded")
