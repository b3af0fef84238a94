"""How the flow's runs are carried out, and whether its nodes allow that."""

from collections.abc import Iterator

from flows.errors import Problem
from flows.graph.checks.context import Context, named
from flows.graph.uses import read_use

KEY = "/settings/concurrency/key"
# Effects of which a run can be recorded whole, after it has ended.
EXPRESS = frozenset({"pure", "idempotent"})
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
        )
    elif use.references or set(use.names) - {"input"}:
        yield Problem(
            code="concurrency_key_not_of_input",
            message="The concurrency key is computed before any step has run. "
            "Use only the variable 'input' in it.",
            pointer=KEY,
        )


def bad_express(context: Context) -> Iterator[Problem]:
    """Nodes and limits of a flow whose runs are recorded only when they have ended."""
    settings = context.graph.settings
    if settings.durability != "express":
        return
    if settings.concurrency and settings.concurrency.when_full != "refuse":
        yield Problem(
            code="express_not_possible",
            message="An express run is answered at once, so it cannot wait for its "
            "turn. Set when_full to refuse, or durability to standard.",
            pointer="/settings/concurrency/when_full",
        )
    for node in context.graph.nodes:
        effect = context.effect(node.id)
        if effect is not None and effect not in EXPRESS:
            yield Problem(
                code="express_not_possible",
                message=f"{named(node)} ({node.type}) has to be recorded before the run "
                "has ended, and an express run is recorded whole. Remove it, or set "
                "durability to standard.",
                node_id=node.id,
            )


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
