"""Reading flows, runs and events; every query starts from a workspace."""

from flows.selectors.events import (
    actor_names,
    before_event,
    entry_of,
    events_of_actor,
    list_events,
    names_for,
    workspace_events,
)
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
    count_statuses,
    get_run,
    has_live_worker,
    list_runs,
    list_steps,
    run_document,
    run_summary,
    runs_being_cancelled,
    wait_for_run,
)

__all__ = [
    "Payloads",
    "accepted_between",
    "actor_names",
    "before_event",
    "count_statuses",
    "entry_of",
    "events_of_actor",
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
    "names_for",
    "run_document",
    "run_summary",
    "runs_being_cancelled",
    "version_summary",
    "wait_for_run",
    "workspace_events",
]
