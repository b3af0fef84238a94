"""Reading flows, runs and events; every query starts from a workspace."""

from flows.selectors.events import list_events
from flows.selectors.flows import (
    flow_summary,
    get_flow,
    get_version,
    list_flows,
    list_versions,
    version_summary,
)
from flows.selectors.runs import (
    Payloads,
    accepted_between,
    get_run,
    has_live_worker,
    list_runs,
    list_steps,
    run_document,
    run_summary,
    wait_for_run,
)

__all__ = [
    "Payloads",
    "accepted_between",
    "flow_summary",
    "get_flow",
    "get_run",
    "get_version",
    "has_live_worker",
    "list_events",
    "list_flows",
    "list_runs",
    "list_steps",
    "list_versions",
    "run_document",
    "run_summary",
    "version_summary",
    "wait_for_run",
]
