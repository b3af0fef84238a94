"""Types and configs of nodes."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from flows.errors import Problem
from flows.graph.catalog import NodeTypeLike
from flows.graph.checks.context import Catalog, Context, named
from flows.graph.checks.expressions import EACH, MAX_WORDS
from flows.graph.schema import Graph, Node
from flows.graph.words import NearNames, pointer, sentence

# More than anybody reads; what is behind them is found once these are solved.
MAX_PROBLEMS = 500


def read_context(graph: Graph, catalog: Catalog) -> tuple[Context, list[Problem]]:
    """Read the configs of a graph. Returns: the context, and what does not fit."""
    configs, problems = _read_configs(graph, catalog)
    return Context(graph=graph, catalog=catalog, configs=configs), problems


def _read_configs(
    graph: Graph, catalog: Catalog
) -> tuple[dict[str, Any], list[Problem]]:
    """Read the config of every node with its type's model, as long as most fit."""
    configs: dict[str, Any] = {}
    problems: list[Problem] = []
    types = NearNames(catalog)
    for node in graph.nodes:
        if len(problems) >= MAX_PROBLEMS:
            break
        node_type = catalog.get(node.type)
        if node_type is None:
            problems.append(_type_unknown(node, types))
        elif node.type_version != node_type.version:
            problems.append(_version_unsupported(node, node_type))
        else:
            try:
                configs[node.id] = node_type.config.model_validate(node.config)
            except ValidationError as error:
                problems.extend(_config_invalid(node, error))
    return configs, problems


def bad_expressions(context: Context) -> Iterator[Problem]:
    """Expressions that cannot be compiled, or too many of them."""
    for node_id, uses in context.expressions.uses.items():
        for use in uses:
            if use.error is not None:
                yield Problem(
                    code="expression_invalid",
                    message=f"{named(context.graph.node(node_id))}: {use.error} "
                    f"(character {use.offset + 1})",
                    node_id=node_id,
                    pointer=use.pointer,
                    offset=use.offset,
                )
    if (node := context.expressions.left_at) is not None:
        yield Problem(
            code="expressions_too_long",
            message="The expressions of the flow are too long together; those from "
            f"{named(node)} on were not read. Split the flow, or shorten them to "
            f"{MAX_WORDS:,} words and signs, with {EACH} more for each expression.",
            node_id=node.id,
        )


def _type_unknown(node: Node, types: NearNames) -> Problem:
    near = types.find(node.type)
    hint = f"Did you mean '{near}'?" if near else f"Use one of {', '.join(types)}."
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
    for detail in error.errors()[:MAX_PROBLEMS]:
        yield Problem(
            code="node_config_invalid",
            message=f"{named(node)}: {sentence(detail, of='The config')}",
            node_id=node.id,
            pointer=pointer(detail),
        )
