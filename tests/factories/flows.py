"""Flows and runs for tests; every value has a default that works."""

from itertools import count
from typing import Any

from django.utils import timezone

from flows.models import Flow, Remote, Run
from flows.services.drafts import create_flow
from flows.services.publishing import publish
from flows.services.runs import RunRequest, start_run
from orchestrator_site.accounts.models import Workspace
from tests.factories.accounts import make_workspace
from tests.factories.graphs import document
from tests.factories.models import make_model_version

ACTOR = "system:test"
_numbers = count(1)


def make_flow(
    drawing: str = "in -> model -> out",
    *,
    workspace: Workspace | None = None,
    runs: str = "loop",
    models: dict[str, str] | None = None,
    queue: str | None = None,
    **keys: Any,
) -> Flow:
    """A published flow.

    Its `model` nodes call the model `echo`; `models` maps the names of further ones to
    their entry points. All of them are made with `runs` and for `queue`.
    """
    workspace = workspace or make_workspace()
    made = document(drawing, **keys)
    called = {node["config"].get("model") for node in made["nodes"]}
    echo = {"echo": "echo"} if "echo" in called else {}
    for name, entry_point in {**echo, **(models or {})}.items():
        settings = {"entry_point": entry_point}
        make_model_version(
            workspace=workspace,
            model=name,
            runs=runs,
            settings=settings,
            queue=queue,
        )
    slug = f"flow-{next(_numbers)}"
    flow = create_flow(workspace, slug=slug, document=made, actor=ACTOR)
    publish(flow, actor=ACTOR)
    return flow


def make_run(
    drawing: str = "in -> model -> out",
    *,
    flow: Flow | None = None,
    input: Any = None,
    key: str | None = None,
    **keys: Any,
) -> Run:
    """An accepted run; nothing executes it until a conductor claims it."""
    request = RunRequest(
        flow=flow or make_flow(drawing, **keys),
        input={} if input is None else input,
        actor=ACTOR,
        idempotency_key=key,
    )
    return start_run(request).run


def make_queued_step(run: Run, queue: str, **values: Any) -> Remote:
    """A step in a queue as its row says it; `values` are further columns."""
    given = {"address": "a", "attempt": 1, "computes": False, "is_once": False}
    given |= {"priority": 0, "timeout_ms": 1000, "request": b"", **values}
    return Remote.objects.create(
        run=run,
        workspace_id=run.workspace_id,
        queue=queue,
        created_at=timezone.now(),
        **given,
    )
