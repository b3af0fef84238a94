"""How the flow's runs are carried out, and whether its nodes allow that."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.checks.context import Context, named
from flows.graph.schema import Node
from flows.graph.uses import read_use

KEY = "/settings/concurrency/key"
PURE, IDEMPOTENT, AT_MOST_ONCE = "pure", "idempotent", "at_most_once"
# What the process that accepts a run does itself, beside computing.
CALLED_AT_ONCE = frozenset({"model", "http_request"})
# These may take days.
WAITING = frozenset({"approval", "wait"})


def bad_concurrency_key(context: Context) -> Iterator[Problem]:
    """A key that is no expression, or reads what is not there when a run is accepted."""
    concurrency = context.graph.settings.concurrency
    if concurrency is None or not concurrency.key:
        return
    use = read_use(KEY, concurrency.key, "cel")
    if use.error is not None:
        yield Problem(
            code="expression_invalid",
            message=f"The concurrency key: {use.error} (character {use.offset + 1})",
            pointer=KEY,
            offset=use.offset,
        )
    elif use.references or set(use.names) - {"input"}:
        yield Problem(
            code="concurrency_key_not_of_input",
            message="The concurrency key is computed before any step has run. "
            "Use only the variable 'input' in it.",
            pointer=KEY,
        )


def bad_express(context: Context) -> Iterator[Problem]:
    """What cannot be in a flow whose runs are recorded whole. Source: ADR 0015."""
    settings = context.graph.settings
    if settings.durability != "express":
        return
    for key, value in (
        ("concurrency", settings.concurrency),
        ("deadline_s", settings.deadline_s),
    ):
        if value is not None:
            yield Problem(
                code="express_not_possible",
                message=f"An express run is answered at once, and {key} has no effect "
                "on it. Remove it, or set durability to standard.",
                pointer=f"/settings/{key}",
            )
    for node in context.graph.nodes:
        if (reason := _against_express(context, node)) is not None:
            yield Problem(
                code="express_not_possible",
                message=f"{named(node)} ({node.type}) {reason}, and an express run is "
                "recorded whole. Change it, or set durability to standard.",
                node_id=node.id,
            )


def _against_express(context: Context, node: Node) -> str | None:
    effect = context.effect(node.id)
    is_called = effect == IDEMPOTENT and node.type not in CALLED_AT_ONCE
    if is_called or node.queue is not None:
        return "is carried out by workers"
    if effect == AT_MOST_ONCE:
        return (
            "must not be sent twice, which whoever asks again cannot rule out (with "
            "idempotency: header the service knows it again)"
        )
    if effect not in (None, PURE, IDEMPOTENT):
        return "has to be recorded before the run has ended"
    if node.retry is not None and node.retry.backoff_s > 0:
        return "waits before it is tried again (retry.backoff_s)"
    return None


def held_slots(context: Context) -> Iterator[Problem]:
    """Nodes that keep other runs out for as long as they wait."""
    concurrency = context.graph.settings.concurrency
    if concurrency is None or not concurrency.hold_while_waiting:
        return
    for node in context.graph.nodes:
        if node.type in WAITING:
            yield Problem(
                code="slot_held_while_waiting",
                message=f"While {named(node)} waits, its run counts towards the limit "
                f"of {concurrency.limit} and may keep others out for days. Set "
                "hold_while_waiting to false if they may go on meanwhile.",
                node_id=node.id,
                severity="warning",
            )
