"""The queue: what waits for a decision, and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from approvals.models import Approval, Risk
from approvals.present import Card, cards_of
from approvals.selectors import (
    PAGE,
    Filters,
    count_due,
    count_waiting,
    list_ended,
    list_flows,
    list_some,
    list_waiting,
)
from approvals.views.answering import is_part
from orchestrator_site.accounts.api import PageRequest, Permission, page

MAX_KNOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for.

    `known` are the rows that an open page shows already; None for a page that is new.
    """

    tab: str
    filters: Filters
    page: int
    known: frozenset[UUID] | None


@require_safe
@page(Permission.APPROVAL_VIEW)
@vary_on_headers("HX-Request")
def queue(request: PageRequest) -> HttpResponse:
    asked = _read(request.GET)
    template = "approvals/_queue.html" if is_part(request) else "approvals/queue.html"
    return render(request, template, _context(request, asked))


def _read(query: QueryDict) -> Asked:
    number, risk = query.get("page", ""), query.get("risk", "").upper()
    filters = Filters(
        flow=query.get("flow", "")[:60],
        risk=Risk[risk].value if risk in Risk.names else None,
    )
    return Asked(
        tab="decided" if query.get("tab") == "decided" else "waiting",
        filters=filters,
        page=int(number)
        if number.isdecimal() and len(number) < 6 and int(number)
        else 1,
        known=_read_ids(query.get("known", "")) if "known" in query else None,
    )


def _read_ids(text: str) -> frozenset[UUID]:
    ids = set()
    for part in text.split(",")[:MAX_KNOWN]:
        try:
            ids.add(UUID(part))
        except ValueError:
            continue
    return frozenset(ids)


def _context(request: PageRequest, asked: Asked) -> dict[str, Any]:
    principal = request.principal
    workspace = principal.workspace
    is_waiting = asked.tab == "waiting"
    listed = (list_waiting if is_waiting else list_ended)(workspace, asked.filters)
    start = (asked.page - 1) * PAGE
    found = list(listed[start : start + PAGE + 1])
    rows, has_more = found[:PAGE], len(found) > PAGE
    left = _left(request, asked, rows)
    cards = cards_of([*rows, *left], principal)
    new = _new(cards[: len(rows)], asked)
    return {
        "asked": asked,
        "cards": cards,
        "new": new,
        "new_high": sum(card.approval.risk == Risk.HIGH for card in new),
        "waiting_count": count_waiting(workspace.pk),
        "mine_count": count_waiting(workspace.pk, principal=principal),
        "soon_count": count_due(principal),
        "flows": list_flows(workspace),
        "risks": [(risk.name.lower(), risk.label) for risk in reversed(Risk)],
        "risk": Risk(asked.filters.risk).name.lower() if asked.filters.risk else "",
        "newer": _address(request, asked.page - 1) if asked.page > 1 else "",
        "older": _address(request, asked.page + 1) if has_more else "",
        "here": _address(request, asked.page),
    }


def _left(
    request: PageRequest, asked: Asked, rows: Iterable[Approval]
) -> list[Approval]:
    """Rows that an open page shows and this list no longer holds."""
    missing = (asked.known or frozenset()) - {row.pk for row in rows}
    return list(list_some(request.principal.workspace, missing)) if missing else []


def _new(cards: list[Card], asked: Asked) -> list[Card]:
    """Rows that an open page does not show yet."""
    if asked.known is None:
        return []
    return [card for card in cards if card.approval.pk not in asked.known]


def _address(request: PageRequest, number: int) -> str:
    query = request.GET.copy()
    query.pop("known", None)
    query.pop("page", None)
    if number > 1:
        query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}" if query else request.path
