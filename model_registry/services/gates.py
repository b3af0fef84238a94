"""What an alias asks of a version before it may point at it."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from model_registry.errors import AliasGateClosed, RuleInvalid
from model_registry.evaluations.measures import (
    Measure,
    Metric,
    metric_from,
    metric_names,
)
from model_registry.models import (
    AliasRule,
    Evaluation,
    EvaluationSet,
    Model,
    ModelVersion,
    WorkStatus,
)
from model_registry.services.events import record_of

LESS_IS_BETTER = frozenset({"mae", "smape"})


class Shown(NamedTuple):
    """A rule, and what a version has shown; `problem` says what is missing."""

    rule: AliasRule
    metric: Metric | None
    problem: str


@transaction.atomic
def set_rule(
    model: Model,
    alias: str,
    evaluation_set: EvaluationSet,
    metric: str,
    bound: float,
    *,
    actor: str,
) -> AliasRule:
    """Ask for a metric of every version that the alias is to point at from now on.

    Raises: RuleInvalid if the set is not the model's, or has no such metric.
    """
    if (evaluation_set.workspace_id, evaluation_set.capability) != (
        model.workspace_id,
        model.capability,
    ):
        raise RuleInvalid(
            f"{evaluation_set.name} is a set for {evaluation_set.capability}, and "
            f"{model.name} does {model.capability}."
        )
    known = metric_names(Measure(evaluation_set.measure))
    if metric not in known:
        raise RuleInvalid(f"{evaluation_set.name} has no {metric}: {', '.join(known)}.")
    if not bound >= 0 or (metric not in LESS_IS_BETTER and bound > 1):
        raise RuleInvalid(f"{bound:g} is no bound for {metric}: it is from 0 to 1.")
    rule, _ = AliasRule.objects.update_or_create(
        model=model,
        alias=alias,
        evaluation_set=evaluation_set,
        metric=metric,
        defaults={"bound": bound, "set_by": actor},
    )
    data = {"alias": alias, "rule": rule_text(rule)}
    record_of(model, "alias.rule_set", actor, data)
    return rule


@transaction.atomic
def remove_rule(rule: AliasRule, *, actor: str) -> None:
    """Ask for that no longer; doing it again changes nothing."""
    if AliasRule.objects.filter(pk=rule.pk).delete()[0]:
        data = {"alias": rule.alias, "rule": rule_text(rule)}
        record_of(rule.model, "alias.rule_removed", actor, data)


def check_gate(version: ModelVersion, alias: str) -> None:
    """Refuse a version that has not shown what the alias asks for.

    Raises: AliasGateClosed with every rule that is not met, and the figures.
    """
    missed = [each for each in shown_for(version, alias) if each.problem]
    if not missed:
        return
    error = AliasGateClosed(
        f"{alias} may not point at version {version.number} of {version.model.name}. "
        + " ".join(each.problem for each in missed)
    )
    error.detail = {"missed": [_detail(each) for each in missed]}
    raise error


def shown_for(version: ModelVersion, alias: str) -> list[Shown]:
    """What the alias asks for, each with what the version has shown."""
    rules = AliasRule.objects.filter(model=version.model, alias=alias)
    found = list(rules.select_related("evaluation_set", "model"))
    sets = {rule.evaluation_set_id for rule in found}
    latest = _latest(version, sets) if found else {}
    return [_shown(rule, latest.get(rule.evaluation_set_id)) for rule in found]


def rule_text(rule: AliasRule) -> str:
    """A rule in words."""
    less = rule.metric in LESS_IS_BETTER
    most, end = ("at most", "upper") if less else ("at least", "lower")
    return (
        f"{rule.metric} {most} {rule.bound:g} on {rule.evaluation_set.name}, by the "
        f"{end} end of the interval"
    )


def _latest(version: ModelVersion, sets: Iterable[UUID]) -> dict[UUID, Evaluation]:
    done = Evaluation.objects.filter(
        version=version, evaluation_set__in=sets, status=WorkStatus.COMPLETED
    )
    return {each.evaluation_set_id: each for each in done.order_by("ended_at")}


def _shown(rule: AliasRule, evaluation: Evaluation | None) -> Shown:
    asked = f"It asks for {rule_text(rule)}"
    if evaluation is None:
        return Shown(rule, None, f"{asked}; the version was not evaluated on that set.")
    metrics = map(metric_from, evaluation.metrics)
    metric = next((each for each in metrics if each.name == rule.metric), None)
    if metric is None or metric.worse_end is None:
        return Shown(rule, metric, f"{asked}; the cases are too few to tell.")
    figures = (
        f"{metric.value:.3f} ({metric.low:.3f} to {metric.high:.3f}, {metric.of} cases)"
    )
    if metric.more_is_better:
        met = metric.worse_end >= rule.bound
    else:
        met = metric.worse_end <= rule.bound
        if met and metric.of < evaluation.case_count:
            missing = evaluation.case_count - metric.of
            return Shown(rule, metric, f"{asked}; {missing} cases have no answer.")
    return Shown(rule, metric, "" if met else f"{asked}; the version has {figures}.")


def _detail(shown: Shown) -> dict[str, object]:
    return {
        "set": shown.rule.evaluation_set.name,
        "metric": shown.rule.metric,
        "bound": shown.rule.bound,
        "shown": shown.metric.as_json() if shown.metric else None,
    }
