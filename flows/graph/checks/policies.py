"""What a node does when it fails, and what a join waits for."""

from collections.abc import Iterator
from dataclasses import replace

from flows.errors import Problem
from flows.graph.catalog import ERROR, EXHAUSTED, FAIL, INPUT, JOIN, MAP, OUTPUT
from flows.graph.checks.context import Context, named
from flows.graph.schema import Node, Retry
from flows.graph.uses import ExpressionUse

# They end a run, begin one, or would repeat what their items have done.
NEVER_AGAIN = frozenset({INPUT, OUTPUT, FAIL, MAP})
ENDS = frozenset({OUTPUT, FAIL})
MEANINGS = {ERROR: "errors", EXHAUSTED: "feedback"}
AT_MOST_ONCE = "at_most_once"
# Nothing has left yet when a step fails with these.
UNSENT = frozenset({"egress_host_not_found", "egress_unreachable"})


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
        elif context.effect(node.id) == AT_MOST_ONCE:
            yield from _repetition(node, node.retry)
        if (condition := context.expressions.conditions.get(node.id)) is not None:
            yield from _condition(node, condition)


def bad_error_handling(context: Context) -> Iterator[Problem]:
    """Defaults that are missing, or that do not fit the node's ports."""
    for node in context.graph.nodes:
        policy = node.on_error
        if policy is None:
            continue
        if policy.action == "port" and node.type in ENDS:
            yield _problem(
                node,
                "error_port_not_possible",
                f"is of the type {node.type}, after which nothing comes. Set the action "
                "to fail.",
            )
        is_default = policy.action == "default"
        if is_default and policy.output is None:
            yield _problem(
                node,
                "default_missing",
                "goes on with a default, which is missing. Give output.",
            )
        if not is_default and policy.output is not None:
            yield _problem(
                node,
                "default_missing",
                f"has an output in on_error, which the action {policy.action} does not "
                "use. Remove it, or set the action to default.",
            )
        ports = context.ports.get(node.id, ("out",))
        if is_default and "out" not in ports:
            yield _problem(
                node,
                "default_needs_port",
                "has no port 'out' by which it could go on with a default. Take the "
                'port: "action": "port".',
            )


def bad_ports(context: Context) -> Iterator[Problem]:
    """Ports of a node's own that its settings need."""
    for node in context.graph.nodes:
        ports = context.ports.get(node.id, ())
        for port in dict.fromkeys(ports):
            if ports.count(port) > 1:
                yield _problem(
                    node,
                    "port_twice",
                    f"has a port '{port}' of its own, and one of that name for its "
                    f"{MEANINGS.get(port, 'settings')}. Rename its own.",
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


def _repetition(node: Node, retry: Retry) -> Iterator[Problem]:
    """What is done at most once is tried again only if it cannot have happened."""
    if retry.when:
        yield _problem(
            node,
            "retry_would_repeat",
            "does something that must not happen twice, so it cannot be tried again "
            "after it has succeeded. Remove retry.when.",
        )
    elif not UNSENT.issuperset(retry.on) or not retry.on:
        codes = " and ".join(sorted(UNSENT))
        yield _problem(
            node,
            "retry_would_repeat",
            "does something that must not happen twice, so it can only be tried again "
            f"after errors before it began. Let retry.on be {codes}.",
        )


def _condition(node: Node, condition: ExpressionUse) -> Iterator[Problem]:
    if condition.error is not None:
        said = f"retry.when: {condition.error} (character {condition.offset + 1})"
        problem = _problem(node, "expression_invalid", said)
        yield replace(problem, offset=condition.offset)
    others = [name for name in condition.names if name != "output"]
    if condition.references:
        others.append("steps")
    for name in others:
        yield _problem(
            node,
            "variable_not_here",
            f"reads {name} in retry.when. Only output exists there, the step's own.",
        )


def _problem(node: Node, code: str, message: str) -> Problem:
    return Problem(code=code, message=f"{named(node)} {message}", node_id=node.id)
