"""What keeps the models of a flow from being used as it would use them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.utils import timezone

from flows.errors import Problem
from flows.graph.checks.context import named
from flows.graph.schema import Graph, Node
from model_registry import api as registry


class _Asks(NamedTuple):
    """Whom a flow may ask: the people of a workspace, if its runs can wait."""

    workspace_id: UUID
    can_wait: bool


Resolved = Mapping[tuple[str, str], registry.ResolvedModel]
OF_THE_FLOW = "/settings/data_class"


def model_problems(
    workspace_id: UUID, graph: Graph, *, is_draft: bool
) -> list[Problem]:
    """List what is wrong with the models that the graph names, in node order."""
    nodes = [node for node in graph.nodes if _name(node) is not None]
    if not nodes:
        return []
    known = registry.model_names(workspace_id)
    found = registry.resolve_all(workspace_id, {str(_name(node)) for node in nodes})
    use = registry.Use(graph.settings.data_class, takes_drafts=is_draft)
    asks = _Asks(workspace_id, can_wait=graph.settings.durability != "express")
    return [
        problem
        for node in nodes
        for problem in _missing(node, known)
        or [*_of_use(node, found, use), *_of_person(node, found, asks)]
    ]


def model_outputs(workspace_id: UUID, graph: Graph) -> dict[str, dict[str, Any]]:
    """What each model that the graph names gives, by node, where its version says so.

    One that refers to schemas of its own is left out: elsewhere they are not there.
    """
    nodes = [node for node in graph.nodes if _name(node) is not None]
    if not nodes:
        return {}
    found = registry.resolve_all(workspace_id, {str(_name(node)) for node in nodes})
    versions = {
        node.id: found[str(_name(node)), _alias(node)]
        for node in nodes
        if (str(_name(node)), _alias(node)) in found
    }
    return {
        node_id: version.output_schema
        for node_id, version in versions.items()
        if version.output_schema
        and b'"$ref"' not in orjson.dumps(version.output_schema)
    }


def _name(node: Node) -> str | None:
    model = node.config.get("model")
    return model if node.type == "model" and isinstance(model, str) else None


def _alias(node: Node) -> str:
    return str(node.config.get("alias", "champion"))


def _missing(node: Node, known: Mapping[str, frozenset[str]]) -> list[Problem]:
    model, alias = str(_name(node)), _alias(node)
    if model not in known:
        message = f"There is no model '{model}'. Register it, or name another one."
        return [_problem(node, "model_not_found", message, "/model")]
    if alias not in known[model]:
        message = f"Model '{model}' has no alias '{alias}'. Move it to a version."
        return [_problem(node, "model_alias_not_found", message, "/alias")]
    return []


def _of_person(node: Node, found: Resolved, asks: _Asks) -> Iterator[Problem]:
    """What keeps somebody from being asked in the place of a call."""
    resolved = found.get((str(_name(node)), _alias(node)))
    if resolved is None or resolved.person is None:
        return
    refused = registry.person_refusal(resolved)
    if refused and not asks.can_wait:
        yield _problem(node, refused.code, refused.message, "/model")
    elif not registry.deciders_of(resolved, asks.workspace_id):
        message = (
            f"{resolved.model} means {resolved.person.who}, which is nobody here who may "
            "decide. Give them a role that may, or change the entry."
        )
        yield _problem(node, "model_person_cannot_decide", message, "/model")
    elif not registry.asked_of(resolved):
        message = (
            f"The output schema of {resolved.model} names no property, so there is "
            "nothing to ask for."
        )
        yield _problem(node, "model_person_answers_nothing", message, "/model")


def _of_use(node: Node, found: Resolved, use: registry.Use) -> Iterator[Problem]:
    resolved = found.get((str(_name(node)), _alias(node)))
    if resolved is None:  # it went this very moment; whoever calls it is told
        return
    version = f"{resolved.model} version {resolved.version}"
    if refused := registry.refusal_of(resolved, use):
        pointer = OF_THE_FLOW if refused.code == "data_class_unknown" else "/model"
        said = "cannot be called"
        if refused.code == "model_not_approved":
            said = "can be called by runs of the draft only"
        message = f"{version} {said}. {refused.message}"
        yield _problem(node, refused.code, message, pointer)
    if late := registry.warning(resolved.governance, timezone.now().date()):
        yield Problem(
            code="model_review_overdue",
            message=f"{named(node)}: {version} can be called. {late}",
            node_id=node.id,
            pointer="/model",
            severity="warning",
        )


def _problem(node: Node, code: str, message: str, pointer: str) -> Problem:
    return Problem(
        code=code,
        message=f"{named(node)}: {message}",
        node_id=node.id,
        pointer=pointer,
    )
