"""What the pages of a model show of its calls and its health."""

from collections.abc import Sequence
from typing import Any

from model_registry.figures import ModelReport, report_of
from model_registry.guarding.series import PERIODS
from model_registry.models import Alias, Model, ModelVersion
from model_registry.present_figures import (
    PERIOD_WORDS,
    charts_of,
    health_rows,
    period_named,
    periods,
    tag_rows,
    version_cells,
)
from orchestrator_site.accounts.api import PageRequest


def model_context(
    request: PageRequest, model: Model, aliases: Sequence[Alias]
) -> dict[str, Any]:
    """For the overview: all versions, and the live one by tag. Of a person nothing."""
    if model.kind != Model.Kind.MODEL:
        return {}
    report = _report(request, model)
    return {
        **_shared(report, aliases[0].version if aliases else None),
        "charts": charts_of(report.points.get(model.pk, [])),
        "drifts": report.drifts,
        "health": health_rows(aliases),
    }


def version_context(request: PageRequest, version: ModelVersion) -> dict[str, Any]:
    """For a version's page. Of a person nothing."""
    if version.model.kind != Model.Kind.MODEL:
        return {}
    report = _report(request, version.model)
    return {
        **_shared(report, version),
        "charts": charts_of(report.points.get(version.pk, [])),
        "drifts": [each for each in report.drifts if each.version_id == version.pk],
    }


def _report(request: PageRequest, model: Model) -> ModelReport:
    return report_of(model, PERIODS[period_named(request.GET.get("period", ""))])


def _shared(report: ModelReport, version: ModelVersion | None) -> dict[str, Any]:
    tags = tag_rows(report, version) if version else []
    return {
        "period_words": PERIOD_WORDS[report.period.name],
        "periods": periods(report.period.name),
        "cells": version_cells(report),
        "live": version,
        "tags": tags,
        "has_grades": any(row.cells.quality for row in tags),
        "has_reviews": any(each.reviewed for each in report.qualities.values()),
    }
