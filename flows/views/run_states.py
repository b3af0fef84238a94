"""How a run stands on a canvas, as JSON: its nodes, its edges, and the run itself."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from flows.graph.regions import find_regions
from flows.models import Run
from flows.selectors import standing_of
from flows.views.canvas import rounds_in_words
from flows.views.node_states import NodeState
from flows.views.passages import passage
from flows.views.run_address import RunAddress
from flows.views.run_page import RunPage
from flows.views.runs import duration_of
from flows.views.steering import find_run
from orchestrator_site.accounts.api import PageRequest, Permission, page
from orchestrator_site.shell.figures import duration, money
from orchestrator_site.shell.states import LOOKS


@require_safe
@never_cache
@page(Permission.RUN_VIEW)
def states(request: PageRequest, run_id: UUID) -> HttpResponse:
    """What `static/flows/builder/states.js` reads."""
    return JsonResponse(_document(find_run(request, run_id)))


def _document(run: Run) -> dict[str, Any]:
    shown = RunPage(run, RunAddress(path=""))
    graph, nodes = shown.graph, shown.states
    regions = find_regions(graph)
    status = standing_of([(run.pk, run.status)])[run.pk]
    return {
        "id": str(run.pk),
        **_look(status),
        "is_over": run.ended_at is not None,
        "figures": _figures(run),
        "nodes": {node_id: _node(state) for node_id, state in nodes.items()},
        "edges": {edge.id: passage(edge, nodes, regions) for edge in graph.edges},
        "rounds": {
            edge.id: rounds_in_words(edge, nodes.get(edge.target))
            for edge in graph.feedback
        },
    }


def _look(status: str) -> dict[str, str]:
    look = LOOKS[status]
    return {"tone": look.tone, "icon": look.icon, "word": str(look.word)}


def _node(state: NodeState) -> dict[str, Any]:
    return {
        **_look(state.status),
        "says": str(state.word),
        "figure": str(state.figure),
        "round": state.round,
    }


def _figures(run: Run) -> list[str]:
    took = duration_of(run)
    found = [duration(took)] if took is not None else []
    return [*found, money(run.cost_usd_micros)] if run.cost_usd_micros else found
