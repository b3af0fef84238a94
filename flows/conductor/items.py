"""Maps: their items, and what comes of them."""

from typing import Any

from django.utils import timezone

from flows.conductor.ending import apply
from flows.conductor.held import HeldRun, Outcome, failed
from flows.conductor.reasons import reason
from flows.conductor.scoping import ScopedSteps, scope_variables
from flows.conductor.staging.steps import stage_items
from flows.engine.events import FailMap, ItemsKnown
from flows.engine.state import Items, Scope
from flows.expressions import ExpressionFailed, compile_expression
from flows.nodes.map import Config


def begin_map(run: HeldRun, address: str, items: list[Any]) -> None:
    """Store the items of a map and begin the first of them."""
    run.items[address], run.mapping[address] = items, timezone.now()
    stage_items(run, address, items, run.mapping[address])
    apply(run, ItemsKnown(address, len(items)))


def item_failure(run: HeldRun, command: FailMap) -> Outcome:
    """The error of a map that one failed item stops."""
    run.items.pop(command.address, None)
    error = reason(run, command.cause, command.code)
    message = f"Item {command.index} failed at {command.cause}: {error['message']}"
    return failed(error["code"], message)


def collect_items(run: HeldRun, address: str) -> Outcome:
    """The output of a map whose items have all ended.

    `items` holds the results in the order of the items: those of failed ones are left
    out with `skip` and null with `keep`; `failed` says which failed and why.
    """
    scope, node_id = run.state.active[address]
    config = run.flow.nodes[node_id].config
    if not isinstance(config, Config):
        raise TypeError(f"{address} is no map.")
    items = scope.items[node_id]
    results: list[Any] = []
    failures: list[dict[str, Any]] = []
    for index in range(items.count):
        error = _error(run, items, index)
        value = None
        if error is None:
            value, error = _ended(run, items, index, config)
        if error is not None:
            if config.on_item_error == "stop":
                return failed(error["code"], f"Item {index}: {error['message']}")
            failures.append({"index": index, **error})
        if error is None or config.on_item_error == "keep":
            results.append(value)
    run.items.pop(address, None)
    return Outcome(output={"items": results, "failed": failures}, port="out")


def _error(run: HeldRun, items: Items, index: int) -> dict[str, str] | None:
    failure = items.failed.get(index)
    if failure is None:
        return None
    error = reason(run, *failure)
    return {"code": error["code"], "message": error["message"]}


def _ended(
    run: HeldRun, items: Items, index: int, config: Config
) -> tuple[Any, dict[str, str] | None]:
    """The result of an item; one that was a run of its own ended with it."""
    item = items.scopes[index]
    if not items.is_apart:
        return item_result(run, item, config)
    return run.values.get(item.path.rstrip("/")), None  # null if it was given up


def item_result(
    run: HeldRun, item: Scope, config: Config
) -> tuple[Any, dict[str, str] | None]:
    """What an item whose body has ended gives: a value, or an error."""
    steps = ScopedSteps(run, item)
    if config.result is None:
        ends = _ends(run, item)
        return {node_id: steps[node_id] for node_id in ends if node_id in steps}, None
    expression = compile_expression(config.result)
    variables = {
        "input": run.input,
        "steps": steps,
        **scope_variables(run, item, frozenset(expression.names)),
    }
    try:
        return expression.evaluate(variables), None
    except ExpressionFailed as error:
        return None, {"code": "expression_failed", "message": str(error)}


def _ends(run: HeldRun, item: Scope) -> list[str]:
    """The nodes of the body from which nothing leads on."""
    shape = run.flow.shape
    return [
        element
        for element in item.region.elements
        if not shape.leads.get((item.region.key, element))
    ]
