"""Evaluation sets for tests; every value has a default that works."""

from itertools import count
from typing import Any

from model_registry.evaluations.case_files import CaseDraft
from model_registry.models import Evaluation, EvaluationSet, ModelVersion
from model_registry.services.evaluation_sets import SetTerms, make_set
from model_registry.services.ordering import order_evaluation
from orchestrator_site.accounts.api import new_id
from orchestrator_site.accounts.models import Workspace

_numbers = count(1)


def make_cases(*pairs: tuple[dict[str, Any], dict[str, Any]]) -> list[CaseDraft]:
    """Cases of input and expected answer, one a line."""
    return [
        CaseDraft(line=line, input=given, expected=expected)
        for line, (given, expected) in enumerate(pairs, 1)
    ]


def make_evaluation_set(
    workspace: Workspace,
    *pairs: tuple[dict[str, Any], dict[str, Any]],
    capability: str = "classify",
    actor: str = "user:1",
    **terms: Any,
) -> EvaluationSet:
    """A set of these pairs; without any, of one that a model which echoes gets right."""
    cases = make_cases(*(pairs or [({"label": "a"}, {"label": "a"})]))
    named = {"name": f"set-{next(_numbers)}", **terms}
    return make_set(workspace, capability, SetTerms(**named), cases, actor=actor)


def make_evaluation(
    version: ModelVersion, evaluation_set: EvaluationSet, *, actor: str = "user:1"
) -> Evaluation:
    """An evaluation that is held by nobody but the test."""
    return order_evaluation(version, evaluation_set, actor=actor, worker_id=new_id())
