"""What a node does when it fails, and what a join waits for."""

from collections.abc import Iterator

from flows.errors import ExpressionInvalid, Problem
from flows.expressions import compile_expression
from flows.expressions.variables import absence
from flows.graph.checks.context import JOIN, MAP, Context, named
from flows.graph.schema import Node, Retry

# They end a run, begin one, or would repeat what their items have done.
NEVER_AGAIN = frozenset({"input", "output", "fail", MAP})


def bad_retries(context: Context) -> Iterator[Problem]:
    """Retries where they cannot be, and conditions that are none."""
    for node in context.graph.nodes:
        if node.retry is None:
            continue
        if node.type in NEVER_AGAIN:
            yield _problem(
                node,
                "retry_not_possible",
                f"is of the type {node.type}, which is not tried again. Remove retry.",
            )
        if node.retry.when:
            yield from _condition(context, node, node.retry)


def bad_error_handling(context: Context) -> Iterator[Problem]:
    """Defaults that are missing, or that do not fit the node's ports."""
    for node in context.graph.nodes:
        policy = node.on_error
        if policy is None:
            continue
        if (policy.action == "default") != (policy.output is not None):
            yield _problem(
                node,
                "default_missing",
                "needs output with the action default, and only with it.",
            )
        ports = context.ports.get(node.id, ("out",))
        if policy.action == "default" and "out" not in ports:
            yield _problem(
                node,
                "default_needs_port",
                "has no port 'out' by which it could go on with a default. Take the "
                'port: "action": "port".',
            )


def bad_joins(context: Context) -> Iterator[Problem]:
    """Joins that ask for more branches than there are."""
    for node in context.graph.nodes:
        config = context.configs.get(node.id)
        if node.type != JOIN or config is None:
            continue
        edges = len(context.graph.incoming(node.id))
        count = getattr(config, "count", None)
        if count is not None and count > edges:
            yield _problem(
                node,
                "join_count_too_large",
                f"waits for {count} branches, but {edges} lead to it. Ask for fewer.",
            )


def _condition(context: Context, node: Node, retry: Retry) -> Iterator[Problem]:
    node_type = context.node_type(node.id)
    config = context.configs.get(node.id)
    effect = getattr(node_type, "effect_of", lambda _config: "pure")
    if config is not None and effect(config) == "at_most_once":
        yield _problem(
            node,
            "retry_would_repeat",
            "does something that must not happen twice, so it cannot be tried again "
            "after it has succeeded. Remove retry.when.",
        )
    try:
        expression = compile_expression(retry.when)
    except ExpressionInvalid as error:
        yield _problem(node, "expression_invalid", f"retry.when: {error.message}")
        return
    for name in expression.names:
        if name != "output":
            yield _problem(
                node, "variable_not_here", f"retry.when reads {name}: {absence(name)}."
            )
    if expression.references:
        yield _problem(
            node,
            "variable_not_here",
            "retry.when reads steps. It is asked about output, the step's own.",
        )


def _problem(node: Node, code: str, message: str) -> Problem:
    return Problem(code=code, message=f"{named(node)} {message}", node_id=node.id)
