"""Evaluation sets for tests; every value has a default that works."""

from itertools import count
from typing import Any

from django.utils import timezone

from model_registry.evaluations.case_files import CaseDraft
from model_registry.models import Evaluation, EvaluationSet, ModelVersion
from model_registry.services.evaluation_sets import SetTerms, make_set
from model_registry.services.ordering import order_evaluation
from orchestrator_site.accounts.api import new_id
from orchestrator_site.accounts.models import Workspace

_numbers = count(1)


Pair = (
    tuple[dict[str, Any], dict[str, Any]] | tuple[dict[str, Any], dict[str, Any], str]
)


def make_cases(*pairs: Pair) -> list[CaseDraft]:
    """Cases of input, expected answer and, if wanted, a tag, one a line."""
    return [
        CaseDraft(line=line, input=given, expected=expected, tags=tuple(tags))
        for line, (given, expected, *tags) in enumerate(pairs, 1)
    ]


def make_evaluation_set(
    workspace: Workspace,
    *pairs: Pair,
    capability: str = "classify",
    actor: str = "user:1",
    **terms: Any,
) -> EvaluationSet:
    """A set of these pairs; without any, of one that a model which echoes gets right."""
    cases = make_cases(*(pairs or [({"label": "a"}, {"label": "a"})]))
    named = {"name": f"set-{next(_numbers)}", **terms}
    return make_set(workspace, capability, SetTerms(**named), cases, actor=actor)


def grade_by_tag(
    version: ModelVersion, evaluation_set: EvaluationSet, **values: float
) -> Evaluation:
    """A completed evaluation: the accuracy on 1,200 cases of each tag."""
    metric = {"name": "accuracy", "low": 0.7, "high": 0.9, "of": 1200}
    return Evaluation.objects.create(
        version=version,
        evaluation_set=evaluation_set,
        status="completed",
        by_tag={tag: {**metric, "value": value} for tag, value in values.items()},
        ended_at=timezone.now(),
    )


def make_evaluation(
    version: ModelVersion, evaluation_set: EvaluationSet, *, actor: str = "user:1"
) -> Evaluation:
    """An evaluation that is held by nobody but the test."""
    return order_evaluation(version, evaluation_set, actor=actor, worker_id=new_id())
