"""Evaluation cases out of runs, and out of what reviewers decided.

A step keeps what its model said, not what it was asked: that is worked out again from
the run's input and the steps before it. Steps in maps and loops are left out, as the
same node has been asked many things there.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from approvals import api as approvals
from flows.conductor.compiled import compile_version
from flows.errors import FlowError
from flows.expressions import ExpressionFailed
from flows.models import Flow, Run, RunStatus, Step, StepStatus
from flows.nodes.base import CallModel, Data
from flows.nodes.model import Config as ModelConfig
from model_registry.api import (
    CaseDraft,
    EvaluationSet,
    Model,
    SetTerms,
    make_set,
)
from orchestrator_site.accounts.api import Workspace
from orchestrator_site.ledger.api import read_cells

MOST_RUNS = 1000
# So many runs are read at once: their payloads are in memory together.
PORTION = 100
PLAIN = ("[", "/")


class Said(NamedTuple):
    """What a model was asked in a run, what it said, and the tag of the question."""

    input: dict[str, Any]
    output: dict[str, Any]
    tag: str


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
        CaseDraft(line=line, input=asked, expected=right, tags=(tag,))
        for line, (asked, right, tag) in enumerate(found, 1)
    ]


def _answers(model: Model, runs: Sequence[UUID]) -> Iterator[Said]:
    """What the model was asked in runs, with what it said as right.

    Good for holding a new version against the one in use.
    """
    for portion in _portions(model.workspace, runs):
        for _run, said in _said(portion, model.name):
            yield said


def _decisions(model: Model, runs: Sequence[UUID]) -> Iterator[Said]:
    """What people approved in runs, as they approved it.

    A property of the model's answer that somebody was asked about is right as it was
    approved or edited; the others are not looked at. What was rejected has no right
    answer.
    """
    for portion in _portions(model.workspace, runs):
        approved = approvals.list_approved(model.workspace, [run.pk for run in portion])
        for run, said in _said(
            [run for run in portion if run.pk in approved], model.name
        ):
            if right := _approved(said.output, approved[run.pk]):
                yield said._replace(output=right)


def _portions(workspace: Workspace, ids: Sequence[UUID]) -> Iterator[list[Run]]:
    """The runs in the order of their beginning, so many as are read at once."""
    found = Run.objects.in_workspace(workspace).filter(pk__in=ids[:MOST_RUNS])
    runs = list(found.order_by("pk"))
    for first in range(0, len(runs), PORTION):
        yield runs[first : first + PORTION]


def _said(runs: Sequence[Run], model: str) -> Iterator[tuple[Run, Said]]:
    """The answers of a model in runs, with the questions; as far as these are known."""
    completed = Step.objects.filter(run__in=runs, status=StepStatus.COMPLETED)
    steps: defaultdict[UUID, list[Step]] = defaultdict(list)
    for step in completed.order_by("seq"):
        if _is_plain(step):
            steps[step.run_id].append(step)
    cells = [
        (run.pk, cell)
        for run in runs
        for cell in (run.input, *(step.result for step in steps[run.pk]))
    ]
    values = iter(read_cells(cells))
    for run in runs:
        data = Data(
            input=next(values),
            steps={step.node_id: next(values) for step in steps[run.pk]},
        )
        for said in _said_in(run, steps[run.pk], data, model):
            yield run, said


def _said_in(run: Run, steps: Sequence[Step], data: Data, model: str) -> Iterator[Said]:
    try:
        flow = compile_version(run.version_id)
    except (FlowError, KeyError):  # drawn with what this code no longer has
        return
    for step in steps:
        config = flow.nodes[step.node_id].config
        if not isinstance(config, ModelConfig) or step.model != model:
            continue
        try:
            asked = flow.nodes[step.node_id].type.run(config, data)
        except ExpressionFailed:  # it read what only the run knew
            continue
        if isinstance(asked, CallModel):
            output = data.steps[step.node_id]
            yield Said(asked.input, output, config.tag or flow.slug)


def _is_plain(step: Step) -> bool:
    return not any(mark in step.address for mark in PLAIN)


def _approved(
    output: dict[str, Any], approved: Sequence[approvals.Approved]
) -> dict[str, Any]:
    """The properties of an answer that somebody was asked about, as approved."""
    right = {}
    for name, value in output.items():
        for each in approved:
            for field, proposed in each.proposed.items():
                if proposed == value and isinstance(value, str) and value:
                    right[name] = each.fields[field]
    return right
