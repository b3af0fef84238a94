"""Evaluation sets, evaluations and rules of aliases as the API gives them."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from flows.selectors import moment_text
from model_registry import api as registry

RowT = TypeVar("RowT", bound=Model)


def numbered(
    rows: QuerySet[RowT],
    present: Callable[[RowT], dict[str, Any]],
    asked: dict[str, Any],
    *,
    key: str = "number",
) -> dict[str, Any]:
    """Give the rows after a number; what has one never changes."""
    limit = asked["limit"]
    later = rows.filter(**{f"{key}__gt": asked["after"]}).order_by(key)
    items = [present(row) for row in later[: limit + 1]]
    is_last = len(items) <= limit
    shown = items[:limit]
    return {"items": shown, "next_after": None if is_last else shown[-1]["number"]}


def set_detail(found: registry.EvaluationSet) -> dict[str, Any]:
    """A set without its cases."""
    return {
        "name": found.name,
        "capability": found.capability,
        "source": found.source,
        "measure": found.measure,
        "target": found.target or None,
        "data_class": found.data_class or None,
        "cases": found.case_count,
        "digest": found.digest,
        "created_by": found.created_by,
        "created_at": moment_text(found.created_at),
    }


def case_detail(case: registry.EvaluationCase) -> dict[str, Any]:
    """A question and what is right about the answer."""
    return {
        "number": case.number,
        "input": case.input,
        "expected": case.expected,
        "tags": case.tags,
    }


def evaluation_detail(found: registry.Evaluation) -> dict[str, Any]:
    """An evaluation with its figures."""
    result = registry.result_of(found)
    return {
        "id": str(found.pk),
        "model": found.version.model.name,
        "version": found.version.number,
        "set": found.evaluation_set.name,
        "status": found.status,
        "error": found.error or None,
        "cases": found.case_count,
        "done": found.done,
        "answered": found.answered,
        "metrics": [metric.as_json() for metric in result.metrics],
        "cost_usd_micros": found.cost_usd_micros,
        "mean_latency_ms": result.mean_latency_ms,
        "ordered_by": found.ordered_by,
        "created_at": moment_text(found.created_at),
        "started_at": moment_text(found.started_at),
        "ended_at": moment_text(found.ended_at),
    }


def result_detail(found: registry.CaseResult) -> dict[str, Any]:
    """What a version said to one case."""
    return {
        "number": found.case.number,
        "expected": found.case.expected,
        "output": found.output,
        "error": found.error or None,
        "message": found.message or None,
        "score": found.score,
        "cost_usd_micros": found.cost_usd_micros,
        "latency_ms": found.latency_ms,
    }


def rule_detail(rule: registry.AliasRule) -> dict[str, Any]:
    """What an alias asks for."""
    return {
        "id": str(rule.pk),
        "alias": rule.alias,
        "set": rule.evaluation_set.name,
        "metric": rule.metric,
        "bound": rule.bound,
        "text": registry.rule_text(rule),
        "set_by": rule.set_by,
        "set_at": moment_text(rule.set_at),
    }


def trial_detail(trial: registry.Trial) -> dict[str, Any]:
    """A question that was tried, as far as it is answered."""
    return {
        "id": str(trial.pk),
        "model": trial.version.model.name,
        "version": trial.version.number,
        "status": trial.status,
        "output": trial.output,
        "error": trial.error or None,
        "cost_usd_micros": trial.cost_usd_micros,
        "latency_ms": trial.latency_ms,
        "created_at": moment_text(trial.created_at),
        "ended_at": moment_text(trial.ended_at),
    }
