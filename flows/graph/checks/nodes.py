"""Types and configs of nodes."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from flows.errors import Problem
from flows.graph.catalog import NodeTypeLike
from flows.graph.checks.context import Context, named
from flows.graph.schema import Graph, Node
from flows.graph.words import pointer, sentence


def read_configs(
    graph: Graph, catalog: Mapping[str, NodeTypeLike]
) -> tuple[dict[str, Any], list[Problem]]:
    """Read the config of every node with its type's model."""
    configs: dict[str, Any] = {}
    problems: list[Problem] = []
    for node in graph.nodes:
        node_type = catalog.get(node.type)
        if node_type is None:
            problems.append(_type_unknown(node, catalog))
        elif node.type_version != node_type.version:
            problems.append(_version_unsupported(node, node_type))
        else:
            try:
                configs[node.id] = node_type.config.model_validate(node.config)
            except ValidationError as error:
                problems.extend(_config_invalid(node, error))
    return configs, problems


def bad_expressions(context: Context) -> Iterator[Problem]:
    """Expressions that cannot be compiled."""
    for node in context.graph.nodes:
        if node.id not in context.configs:
            continue
        for use in context.catalog[node.type].uses(context.configs[node.id]):
            if use.error is not None:
                yield Problem(
                    code="expression_invalid",
                    message=f"{named(node)}: {use.error} (character {use.offset + 1})",
                    node_id=node.id,
                    pointer=use.pointer,
                )


def _type_unknown(node: Node, catalog: Mapping[str, NodeTypeLike]) -> Problem:
    near = get_close_matches(node.type, catalog, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"Use one of {_listed(catalog)}."
    return Problem(
        code="node_type_unknown",
        message=f"{named(node)} has the unknown type '{node.type}'. {hint}",
        node_id=node.id,
    )


def _version_unsupported(node: Node, node_type: NodeTypeLike) -> Problem:
    return Problem(
        code="node_type_version_unsupported",
        message=f"{named(node)} asks for version {node.type_version} of "
        f"'{node.type}'. Use version {node_type.version}.",
        node_id=node.id,
    )


def _config_invalid(node: Node, error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors():
        yield Problem(
            code="node_config_invalid",
            message=f"{named(node)}: {sentence(detail, of='The config')}",
            node_id=node.id,
            pointer=pointer(detail),
        )


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names)
