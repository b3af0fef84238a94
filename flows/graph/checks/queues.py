"""Which steps workers of a queue may carry out."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.catalog import REMOTE, RUNS_QUEUE
from flows.graph.checks.context import Context, named
from flows.graph.schema import Node


def bad_queues(context: Context) -> Iterator[Problem]:
    """Queues of nodes that the run itself carries out, and the queue of the runs."""
    for node in context.graph.nodes:
        if node.queue is None:
            continue
        if node.type not in REMOTE:
            yield _problem(
                node,
                f"is of the type {node.type}, which the run itself carries out. "
                "Remove queue.",
            )
        elif node.queue == RUNS_QUEUE:
            yield _problem(
                node,
                f"names the queue '{RUNS_QUEUE}', which is that of the runs "
                "themselves. Choose another name.",
            )


def _problem(node: Node, message: str) -> Problem:
    return Problem(
        code="queue_not_possible", message=f"{named(node)} {message}", node_id=node.id
    )
