"""Two versions of a model, side by side."""

import json
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from model_registry.comparing import Row
from model_registry.models import ModelVersion
from model_registry.present import version_rows
from model_registry.selectors import compare, list_versions
from model_registry.views.model import find_model, pretty
from model_registry.word_diff import Part, differing
from orchestrator_site.accounts.api import PageRequest, Permission, page

SHORT = 60
# Said in the head of each column.
IN_HEAD = {"status", "created_by"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedRow:
    """A place with both values as text; `mark` is "+", "−", "~" or nothing.

    `parts` holds the words of two long texts that differ.
    """

    place: str
    one: str
    other: str
    mark: str
    parts: list[Part]


@require_safe
@page(Permission.MODEL_VIEW)
def comparison(request: PageRequest, name: str) -> HttpResponse:
    """What differs, and on demand everything."""
    model = find_model(request, name)
    versions = list(list_versions(model))
    if len(versions) < 2:
        raise Http404
    one = _chosen(request, "one", versions, versions[1])
    other = _chosen(request, "other", versions, versions[0])
    head = version_rows([one, other], request.principal)
    rows = [_row(row) for row in compare(one, other) if row.place not in IN_HEAD]
    shows_all = "all" in request.GET
    context = {
        "model": model,
        "versions": versions,
        "one": head[0],
        "other": head[1],
        "rows": [row for row in rows if row.mark or shows_all],
        "differing": sum(bool(row.mark) for row in rows),
        "alike": sum(not row.mark for row in rows),
        "shows_all": shows_all,
    }
    return render(request, "models/compare.html", context)


def _chosen(
    request: PageRequest, key: str, versions: list[ModelVersion], usual: ModelVersion
) -> ModelVersion:
    asked = request.GET.get(key, "")
    return next((v for v in versions if str(v.number) == asked), usual)


def _row(row: Row) -> ComparedRow:
    one, other = _text(row.one), _text(row.other)
    mark = ""
    if row.differs:
        mark = "+" if row.one is None else "−" if row.other is None else "~"
    is_long = mark == "~" and max(len(one), len(other)) > SHORT
    return ComparedRow(
        place=row.place,
        one=one,
        other=other,
        mark=mark,
        parts=differing(one, other) if is_long else [],
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    on_one_line = json.dumps(value, ensure_ascii=False)
    return on_one_line if len(on_one_line) <= SHORT else pretty(value)
