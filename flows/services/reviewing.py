"""What reviewers made of the answers of a model.

A decision is about the answers that its editable fields come from: those of model steps
that the fields read, directly or by way of transforms. An answer was right if somebody
approved it as it was; changing or rejecting it says that it was not.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from approvals import api as approvals
from flows.conductor.compiled import CompiledFlow, compile_version
from flows.errors import FlowError
from flows.graph.uses import ExpressionUse, read_use
from flows.models import Run, Step, StepStatus
from flows.nodes.approval import Config as ApprovalConfig
from flows.nodes.model import Config as ModelConfig
from flows.nodes.transform import Config as TransformConfig
from model_registry.api import Model, Reviewed

MOST_DECISIONS = 1000
Answers = dict[tuple[UUID, str], int]


def count_reviews(model: Model, since: datetime) -> list[Reviewed]:
    """Count the verdicts of the last decisions since then, by version, tag and hour."""
    decided = approvals.list_decided(model.workspace).filter(ended_at__gte=since)
    asked = list(
        decided.values_list("run_id", "address", "decision__outcome", "ended_at")[
            :MOST_DECISIONS
        ]
    )
    runs = {run_id for run_id, *_ in asked}
    answers = _answers(model.name, runs)
    versions = Run.objects.filter(pk__in={run_id for run_id, _ in answers})
    flows = {run: _compiled(pk) for run, pk in versions.values_list("pk", "version_id")}
    right: Counter[tuple[int, str, datetime]] = Counter()
    of: Counter[tuple[int, str, datetime]] = Counter()
    for run_id, address, outcome, ended_at in asked:
        flow = flows.get(run_id)
        for judged in _judged(flow, address, model.name) if flow else ():
            number = answers.get((run_id, judged))
            if number is not None and flow and ended_at:
                hour = ended_at.replace(minute=0, second=0, microsecond=0)
                key = (number, _tag(flow, judged), hour)
                of[key] += 1
                right[key] += outcome == approvals.Outcome.APPROVED
    return [
        Reviewed(version=number, tag=tag, at=at, right=right[number, tag, at], of=count)
        for (number, tag, at), count in sorted(of.items())
    ]


def _answers(model: str, runs: set[UUID]) -> Answers:
    """The versions whose answers stand at the addresses of the runs."""
    steps = Step.objects.filter(
        run_id__in=runs, type="model", model=model, status=StepStatus.COMPLETED
    )
    rows = steps.values_list("run_id", "address", "model_version").order_by("attempt")
    return {(run_id, address): number for run_id, address, number in rows if number}


def _compiled(version_id: UUID) -> CompiledFlow | None:
    try:
        return compile_version(version_id)
    except (FlowError, KeyError):  # drawn with what this code no longer has
        return None


def _judged(flow: CompiledFlow, address: str, model: str) -> Iterator[str]:
    """The addresses of the model's steps that a decision is about."""
    scope, slash, place = address.rpartition("/")
    node = flow.nodes.get(place.partition("[")[0])
    config = node.config if node else None
    if not isinstance(config, ApprovalConfig):
        return
    found: set[str] = set()
    for source in config.edit.values():
        _follow(flow, read_use("", source, "cel"), found)
    for node_id in found:
        if model == _config_of(flow, node_id).model:
            yield node_id
            if scope:
                yield f"{scope}{slash}{node_id}"


def _follow(flow: CompiledFlow, use: ExpressionUse, found: set[str]) -> None:
    """Add the model nodes that an expression takes its value from."""
    for node_id, _ in use.references:
        config = flow.nodes[node_id].config if node_id in flow.nodes else None
        if isinstance(config, ModelConfig):
            found.add(node_id)
        elif isinstance(config, TransformConfig):
            for name, source in config.values.items():
                if use.path[:3] in ((), ("steps", node_id, name)):
                    _follow(flow, read_use("", source, "cel"), found)


def _config_of(flow: CompiledFlow, node_id: str) -> ModelConfig:
    config = flow.nodes[node_id].config
    if not isinstance(config, ModelConfig):
        raise TypeError(node_id)
    return config


def _tag(flow: CompiledFlow, address: str) -> str:
    node_id = address.rpartition("/")[2]
    return _config_of(flow, node_id).tag or flow.slug
