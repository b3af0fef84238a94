"""Evaluation cases out of runs, and out of what reviewers decided.

A step keeps what its model said, not what it was asked: that is worked out again from
the run's input and the steps before it. Steps in maps and loops are left out, as the
same node has been asked many things there.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from approvals import api as approvals
from flows.conductor.compiled import compile_version
from flows.errors import FlowError
from flows.expressions import ExpressionFailed
from flows.models import Flow, Run, RunStatus, Step, StepStatus
from flows.nodes.base import CallModel, Data
from flows.selectors.runs import Payloads
from model_registry.api import (
    CaseDraft,
    EvaluationSet,
    Model,
    SetTerms,
    make_set,
)
from orchestrator_site.accounts.api import Workspace

MOST_RUNS = 1000
PLAIN = ("[", "/")


class Said(NamedTuple):
    """What a model was asked in a run, and what it said."""

    input: dict[str, Any]
    output: dict[str, Any]


def last_runs(flow: Flow, limit: int) -> list[UUID]:
    """The runs of a flow that completed last."""
    completed = flow.runs.filter(status=RunStatus.COMPLETED).order_by("-pk")
    return list(completed.values_list("pk", flat=True)[:limit])


def collect(
    model: Model, runs: Sequence[UUID], terms: SetTerms, *, actor: str
) -> EvaluationSet:
    """Make a set out of runs, or of what was decided in them, as `terms` say.

    Raises: SetRefused if there is nothing to collect; SetTaken.
    """
    cases = found_cases(model, runs, terms.source)
    return make_set(model.workspace, model.capability, terms, cases, actor=actor)


def found_cases(
    model: Model, runs: Sequence[UUID], source: EvaluationSet.Source
) -> list[CaseDraft]:
    """The cases that runs give, called by their places."""
    is_decided = source == EvaluationSet.Source.DECISIONS
    found = _decisions(model, runs) if is_decided else _answers(model, runs)
    return [
        CaseDraft(line=line, input=asked, expected=right)
        for line, (asked, right) in enumerate(found, 1)
    ]


def _answers(model: Model, runs: Sequence[UUID]) -> Iterator[Said]:
    """What the model was asked in runs, with what it said as right.

    Good for holding a new version against the one in use.
    """
    for run in _runs(model.workspace, runs):
        yield from _said(run, model.name)


def _decisions(model: Model, runs: Sequence[UUID]) -> Iterator[Said]:
    """What people approved in runs, as they approved it.

    A property of the model's answer that somebody was asked about is right as it was
    approved or edited; the others are not looked at. What was rejected has no right
    answer.
    """
    for run in _runs(model.workspace, runs):
        decided = _decided(model.workspace, run)
        for said in _said(run, model.name) if decided else ():
            if right := _approved(said.output, decided):
                yield Said(said.input, right)


def _runs(workspace: Workspace, ids: Sequence[UUID]) -> list[Run]:
    found = Run.objects.in_workspace(workspace).filter(pk__in=ids[:MOST_RUNS])
    return list(found.order_by("pk"))


def _said(run: Run, model: str) -> Iterator[Said]:
    """The answers of a model in a run, with the questions; as far as these are known."""
    try:
        nodes = compile_version(run.version_id).nodes
    except (FlowError, KeyError):  # drawn with what this code no longer has
        return
    completed = run.steps.filter(status=StepStatus.COMPLETED)
    steps = [step for step in completed.order_by("seq") if _is_plain(step)]
    payloads = Payloads(run.pk, [run.input, *(step.result for step in steps)])
    outputs = {step.node_id: payloads.value(step.result) for step in steps}
    data = Data(input=payloads.value(run.input), steps=outputs)
    for step in steps:
        if step.type != "model" or step.model != model:
            continue
        node = nodes[step.node_id]
        try:
            asked = node.type.run(node.config, data)
        except ExpressionFailed:  # it read what only the run knew
            continue
        if isinstance(asked, CallModel):
            yield Said(asked.input, outputs[step.node_id])


def _is_plain(step: Step) -> bool:
    return not any(mark in step.address for mark in PLAIN)


def _decided(workspace: Workspace, run: Run) -> list[dict[str, Any]]:
    """What was approved in a run, each with the fields before and after."""
    found = approvals.list_decided(workspace).filter(run_id=run.pk)
    documents = map(approvals.approval_document, found)
    return [each for each in documents if each["decision"]["fields"] is not None]


def _approved(output: dict[str, Any], decided: list[dict[str, Any]]) -> dict[str, Any]:
    """The properties of an answer that somebody was asked about, as approved."""
    right = {}
    for name, value in output.items():
        for document in decided:
            for field, proposed in document["fields"].items():
                if proposed == value and isinstance(value, str) and value:
                    right[name] = document["decision"]["fields"][field]
    return right
