"""Items of a long map as runs of their own, where its body can wait.

Such a run holds the values that the body reads from around the map, and its output is the
item's result; the map's run keeps one step for each item. Source: ADR 0014.
"""

from typing import Any

from django.utils import timezone

from flows.conductor.children import child_run_id, newborn
from flows.conductor.held import HeldRun
from flows.conductor.items import item_result
from flows.conductor.rows import ChildRow
from flows.conductor.scoping import ScopedSteps, scope_variables
from flows.conductor.staging.runs import stage_failed_run, stage_finished_item
from flows.conductor.staging.waits import stage_child
from flows.nodes.map import Config
from orchestrator_site.ledger.api import GENESIS


def begin_item(run: HeldRun, address: str) -> None:
    """Start the run of an item with this commit."""
    claimed = run.claimed
    scope, _ = run.state.active[address]
    row = ChildRow(
        id=child_run_id(run, address),
        parent_id=run.id,
        parent_address=address,
        workspace_id=run.workspace_id,
        flow_id=claimed.flow_id,
        version_id=claimed.version_id,
        started_by=claimed.started_by,
        input=b"",
        depth=claimed.depth,
        body=scope.owner,
        priority=claimed.priority,
        slot_key=None,
        slot_limit=None,
        head=GENESIS,
        created_at=timezone.now(),
    )
    stage_child(run, address, newborn(row, _read_by_body(run, address), {}))


def _read_by_body(run: HeldRun, address: str) -> dict[str, Any]:
    scope, _ = run.state.active[address]
    needs = run.flow.apart[scope.owner]
    steps = ScopedSteps(run, scope)
    return {
        "input": run.input if "input" in needs.names else None,
        "around": scope_variables(run, scope, needs.names),
        "outer": {each: steps[each] for each in sorted(needs.steps) if each in steps},
    }


def finish_item(run: HeldRun) -> None:
    """End the run of an item, all of whose body has ended, with the item's result."""
    config = run.flow.nodes[run.claimed.body].config
    if not isinstance(config, Config):
        raise TypeError(f"{run.claimed.body} is no map.")
    value, error = item_result(run, run.state.root, config)
    if error is None:
        stage_finished_item(run, value)
    else:
        stage_failed_run(run, None, error)
