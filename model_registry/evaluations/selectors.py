"""Reading evaluation sets and what versions achieved."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from model_registry.errors import UnknownSet
from model_registry.evaluations.measures import Metric, metric_from
from model_registry.models import (
    AliasRule,
    CaseResult,
    Evaluation,
    EvaluationSet,
    Model,
    Trial,
)
from orchestrator_site.accounts.api import Workspace


@dataclass(frozen=True, slots=True)
class Result:
    """An evaluation with its figures."""

    evaluation: Evaluation
    metrics: tuple[Metric, ...]

    @property
    def mean_latency_ms(self) -> float | None:
        """Time of a case; None before the first."""
        done = self.evaluation.done
        return self.evaluation.latency_ms / done if done else None


def result_of(evaluation: Evaluation) -> Result:
    """Read the figures."""
    return Result(evaluation, tuple(map(metric_from, evaluation.metrics)))


def list_sets(workspace: Workspace, capability: str = "") -> QuerySet[EvaluationSet]:
    """The sets by name, of one capability if it is named."""
    found = EvaluationSet.objects.in_workspace(workspace)
    return found.filter(capability=capability) if capability else found


def get_set(workspace: Workspace, name: str) -> EvaluationSet:
    """A set. Raises: UnknownSet."""
    found = list_sets(workspace).filter(name=name).first()
    if found is None:
        raise UnknownSet(f"There is no evaluation set {name!r} in this workspace.")
    return found


def list_evaluations(model: Model) -> QuerySet[Evaluation]:
    """All evaluations of a model's versions, the newest first."""
    found = Evaluation.objects.filter(version__model=model)
    return found.select_related("version", "evaluation_set")


def find_evaluation(workspace: Workspace, pk: UUID) -> Evaluation | None:
    """An evaluation of the workspace."""
    found = Evaluation.objects.filter(version__model__workspace=workspace, pk=pk)
    return found.select_related("version__model", "evaluation_set").first()


def list_results(evaluation: Evaluation) -> QuerySet[CaseResult]:
    """The results of single cases, the worst first."""
    found = evaluation.results.select_related("case")
    return found.order_by(F("score").asc(nulls_first=True), "case__number")


def list_rules(model: Model) -> QuerySet[AliasRule]:
    """What the model's aliases ask of versions."""
    return AliasRule.objects.filter(model=model).select_related("evaluation_set")


def find_trial(workspace: Workspace, pk: UUID, actor: str) -> Trial | None:
    """A trial, for whoever asked."""
    found = Trial.objects.filter(
        Q(version__model__workspace=workspace, grant=None)
        | Q(grant__workspace=workspace),
        pk=pk,
        ordered_by=actor,
    )
    return found.select_related("version__model", "grant").first()
