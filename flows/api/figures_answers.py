"""Figures and health of models as the API gives them."""

from dataclasses import asdict
from typing import Any

from flows.selectors import moment_text
from model_registry import api as registry

CHANGES = 10


def figures_document(
    model: registry.Model, report: registry.ModelReport
) -> dict[str, Any]:
    """All figures of a period."""
    versions = report.by_version.keys() | report.qualities.keys()
    numbers = report.numbers
    return {
        "model": model.name,
        "period": report.period.name,
        "since": moment_text(report.since),
        "total": asdict(report.total),
        "by_version": [
            {
                "version": numbers[pk],
                **asdict(report.by_version.get(pk, registry.Figures())),
                **_quality(report.qualities.get(pk, registry.QualityOf())),
            }
            for pk in sorted(versions, key=lambda pk: -numbers[pk])
        ],
        "by_tag": [
            {
                "version": numbers[pk],
                "tag": tag,
                **asdict(figures),
                **_trends(report.qualities_by_tag.get((pk, tag), registry.QualityOf())),
            }
            for (pk, tag), figures in sorted(
                report.by_tag.items(), key=lambda each: (-numbers[each[0][0]], each[0])
            )
        ],
        "points": [
            {**asdict(point), "at": moment_text(point.at)}
            for point in report.points.get(model.pk, [])
        ],
        "drift": list(map(_drift, report.drifts)),
    }


def health_document(model: registry.Model) -> dict[str, Any]:
    """How the versions are that an alias points at."""
    aliases: dict[registry.ModelVersion, list[str]] = {}
    for alias in model.aliases.all():
        aliases.setdefault(alias.version, []).append(alias.name)
    ids = [version.pk for version in aliases]
    found, changes = registry.conditions(ids), registry.last_changes(ids)
    return {
        "model": model.name,
        "versions": [
            {
                "version": version.number,
                "aliases": sorted(names),
                **_condition(found.get(version.pk, registry.Condition())),
                "changes": [_change(each) for each in changes[version.pk][:CHANGES]],
            }
            for version, names in sorted(
                aliases.items(), key=lambda each: -each[0].number
            )
        ],
        "drift": [_drift(each) for each in registry.open_drifts([model.pk])],
    }


def _quality(quality: registry.QualityOf) -> dict[str, Any]:
    found = quality.evaluated
    return {
        "evaluated": found
        and {
            "set": found.set_name,
            "at": moment_text(found.at),
            "metric": found.metric.name,
            "value": found.metric.value,
            "low": found.metric.low,
            "high": found.metric.high,
            "of": found.metric.of,
        },
        "reviewed": _reviewed(quality.reviewed),
    }


def _trends(quality: registry.QualityOf) -> dict[str, Any]:
    """Quality, and how it went."""
    told = _quality(quality)
    if quality.evaluated:
        told["evaluated"]["trend"] = [
            {"at": moment_text(each.at), "version": each.version, "value": each.value}
            for each in quality.evaluated.trend
        ]
    if quality.reviewed:
        told["reviewed"]["trend"] = [
            {"at": moment_text(each.at), "right": each.right, "of": each.of}
            for each in quality.reviewed.trend
        ]
    return told


def _reviewed(verdicts: registry.Verdicts | None) -> dict[str, Any] | None:
    if verdicts is None:
        return None
    low, high = verdicts.interval
    return {"right": verdicts.right, "of": verdicts.of, "low": low, "high": high}


def _drift(alarm: registry.ModelDrift) -> dict[str, Any]:
    return {
        "version": alarm.version.number,
        "tag": alarm.tag,
        "feature": alarm.feature,
        "index": alarm.index,
        "bound": alarm.bound,
        "recent_calls": alarm.recent_calls,
        "reference_calls": alarm.reference_calls,
        "since": moment_text(alarm.since),
    }


def _condition(condition: registry.Condition) -> dict[str, Any]:
    return {
        "state": condition.state,
        "message": condition.message,
        "latency_ms": condition.latency_ms,
        "checked_at": moment_text(condition.checked_at),
        "breaker_until": moment_text(condition.breaker_until),
    }


def _change(change: registry.HealthChange) -> dict[str, Any]:
    return {
        "at": moment_text(change.at),
        "source": change.source,
        "is_well": change.is_well,
        "reason": change.reason,
    }
