"""Every page, for the rules that hold for all of them. A new page is added here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from flows.models import Run, Step, Wait
from model_registry.services.credentials import set_credential
from model_registry.services.uploading import add_artefact
from orchestrator_site.accounts.models import Workspace
from orchestrator_site.accounts.roles import Role
from orchestrator_site.accounts.services.invites import create_invite
from orchestrator_site.egress.services import allow_origin
from tests.browser.with_sections import (
    SAID,
    with_called,
    with_evaluated,
    with_evaluation,
    with_listed_flow,
    with_received,
    with_received_flow,
    with_received_models,
    with_said,
    with_shared,
    with_shared_flow,
    with_subflow,
    with_tried,
)
from tests.factories import onnx_files
from tests.factories.approvals import make_approval
from tests.factories.flows import make_flow, make_queued_step, make_run
from tests.factories.models import make_draft, make_model_version, make_person


def nothing(_: Workspace) -> dict[str, Any]:
    return {}


def with_approval(workspace: Workspace) -> dict[str, Any]:
    run = make_run(flow=make_flow(workspace=workspace))
    return {"approval_id": make_approval(workspace=workspace, run_id=run.pk).pk}


def with_approvals(workspace: Workspace) -> dict[str, Any]:
    for risk in ("low", "medium", "high"):
        make_approval(workspace=workspace, risk=risk)
    return {}


def with_flow(workspace: Workspace) -> dict[str, Any]:
    drawing = "in -> cond, cond:true -> model -> out"
    return {"slug": make_flow(drawing, workspace=workspace).slug}


def with_flows(workspace: Workspace) -> dict[str, Any]:
    make_run(flow=make_flow("in -> out", workspace=workspace))
    return {}


def with_run(workspace: Workspace) -> dict[str, Any]:
    drawing = "in -> cond, cond:true -> model -> out"
    return {"run_id": make_run(flow=make_flow(drawing, workspace=workspace)).pk}


def with_service(workspace: Workspace) -> dict[str, Any]:
    allow_origin(workspace, "https://api.example", actor="system:cli")
    return {}


def with_trouble(workspace: Workspace) -> dict[str, Any]:
    """Something of everything that an operator looks at."""
    settings = {"concurrency": {"limit": 1, "key": "input.customer"}}
    flow = make_flow("in -> wait -> out", workspace=workspace, settings=settings)
    runs = [make_run(flow=flow, input={"customer": "ada"}) for _ in range(3)]
    Run.objects.filter(pk=runs[0].pk).update(status="poisoned")
    in_doubt(runs[1], "wait")
    make_queued_step(runs[1], "gpu")
    due_at = timezone.now() + timedelta(hours=1)
    Wait.objects.create(
        run=runs[2],
        workspace_id=workspace.pk,
        address="wait",
        kind="timer",
        due_at=due_at,
    )
    return {}


def with_doubt(workspace: Workspace) -> dict[str, Any]:
    run = make_run(flow=make_flow("in -> a -> out", workspace=workspace))
    in_doubt(run, "a")
    return {"run_id": run.pk}


def with_loop_and_map(workspace: Workspace) -> dict[str, Any]:
    """A run that has been through rounds and items, its steps written by hand."""
    flow = make_flow(
        "in -> draft -> cond:true -> map -> out, cond:false ~> draft, a",
        workspace=workspace,
        parents={"a": "map"},
    )
    run = make_run(flow=flow, input={"items": list(range(40))})
    done = [f"draft:{n}/{node}" for n in (1, 2) for node in ("draft", "cond")]
    done += ["in", "map", *(f"map[{n}]/a" for n in range(40))]
    for seq, address in enumerate(done, 2):
        add_step(run, address, "completed", seq=seq)
    return {"run_id": run.pk}


def in_doubt(run: Run, address: str) -> None:
    add_step(run, address, "in_doubt", seq=2)
    Run.objects.filter(pk=run.pk).update(status="waiting")


def add_step(run: Run, address: str, status: str, *, seq: int) -> None:
    node_id = address.rpartition("/")[2]
    now = timezone.now()
    Step.objects.create(
        run=run,
        address=address,
        node_id=node_id,
        type={"map": "map", "cond": "condition"}.get(node_id, "transform"),
        status=status,
        port="out",
        started_at=now,
        ended_at=now if status == "completed" else None,
        seq=seq,
    )


def with_models(workspace: Workspace) -> dict[str, Any]:
    make_model_version(workspace=workspace, model="shop", tags=["mail"])
    make_person(workspace=workspace, model="desk")
    return {}


def with_model(workspace: Workspace) -> dict[str, Any]:
    """One with two versions, everything on record, and a card."""
    stated = {
        "tags": ["mail", "support"],
        "description": "Sorts what customers write.",
        "card": "# Shop\n\n| Figure | Value |\n|---|---|\n| right | 0.93 |\n",
        "governance": {"provider": "Fjord AI", "data_class": "internal"},
        "prices": [{"valid_from": "2026-01-01", "input_usd_per_million": "1"}],
    }
    make_model_version(workspace=workspace, model="shop", **stated)
    make_draft(workspace=workspace, model="shop", runs="cpu", alias="challenger")
    return {"name": "shop"}


def with_version(workspace: Workspace) -> dict[str, Any]:
    return {**with_model(workspace), "number": 1}


def with_draft(workspace: Workspace) -> dict[str, Any]:
    return {**with_model(workspace), "number": 2, "status": "approved"}


def with_person(workspace: Workspace) -> dict[str, Any]:
    make_person(workspace=workspace, model="desk", expected_wait_s=60, accuracy=0.9)
    return {"name": "desk"}


def with_invite(workspace: Workspace) -> dict[str, Any]:
    _, secret = create_invite(
        workspace=workspace,
        email="jun@fernhill.example",
        role=Role.VIEWER,
        actor="system:cli",
    )
    return {"secret": secret}


def with_credential(workspace: Workspace) -> dict[str, Any]:
    set_credential(workspace, "fjord", "sk-1", actor="system:cli")
    return {}


def with_named_credential(workspace: Workspace) -> dict[str, Any]:
    return {**with_credential(workspace), "name": "fjord"}


def with_file(workspace: Workspace) -> dict[str, Any]:
    content = onnx_files.linear()
    kept, _ = add_artefact(workspace, "risk.onnx", [content], actor="system:cli")
    return {"sha256": kept.sha256}


def with_files(workspace: Workspace) -> dict[str, Any]:
    with_file(workspace)
    return {}


def with_version_of_file(workspace: Workspace) -> dict[str, Any]:
    settings = {
        "file": "risk.onnx",
        **with_file(workspace),
        "inputs": {"x": {"fields": ["amount", "fee"]}},
    }
    make_draft(
        workspace=workspace, model="risk", adapter="onnx", runs="cpu", settings=settings
    )
    return {"name": "risk"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A page by the name of its address.

    `make` fills the workspace and returns the keywords of the address; `query` is added
    to it. `most_queries` is higher where a page brings many kinds of figures together.
    """

    name: str
    make: Callable[[Workspace], dict[str, Any]] = field(default=nothing)
    query: str = ""
    is_public: bool = False
    most_queries: int = 15

    def address(self, workspace: Workspace) -> str:
        return reverse(self.name, kwargs=self.make(workspace)) + self.query


# The API's page is Swagger's own; its look and its findings are not ours.
NOT_OURS = {"api:docs"}

CASES = [
    Case(name="account_login", is_public=True),
    Case(name="account_reset_password", is_public=True),
    Case(name="account_signup", is_public=True),
    Case(name="account_change_password"),
    Case(name="account_logout"),
    Case(name="approvals:queue", make=with_approvals),
    Case(name="approvals:review", make=with_approval),
    Case(name="home"),
    Case(name="flows:list"),
    Case(name="flows:list", make=with_flows),
    Case(name="flows:new"),
    Case(name="flows:import"),
    Case(name="flows:editor", make=with_flow),
    Case(name="flows:start", make=with_flow),
    Case(name="flows:uses", make=with_subflow),
    Case(name="flows:list", make=with_listed_flow),
    Case(name="flows:sharing", make=with_shared_flow),
    Case(name="flows:grant", make=with_flow),
    Case(name="flows:shared_flow", make=with_received_flow),
    Case(name="flows:copy_shared", make=with_received_flow),
    Case(name="flows:runs", make=with_flows),
    Case(name="flows:run", make=with_run),
    Case(name="flows:run", make=with_loop_and_map, query="?open=map&step=draft:1/cond"),
    Case(name="flows:run", make=with_doubt, query="?step=a"),
    Case(name="flows:run", make=with_run, query="?view=events"),
    Case(name="flows:run_cancellation", make=with_run),
    Case(name="flows:run_signal", make=with_run),
    Case(name="flows:step_cancellation", make=with_doubt, query="?step=a"),
    Case(name="flows:step_resolution", make=with_doubt, query="?step=a"),
    Case(name="flows:operations"),
    Case(name="flows:operations", make=with_trouble),
    Case(name="flows:ledger", make=with_flows),
    Case(name="models:list"),
    Case(name="models:list", make=with_models, most_queries=18),
    Case(name="models:list", make=with_models, query="?q=nothing-like-it"),
    Case(name="models:model", make=with_model, most_queries=27),
    Case(name="models:model", make=with_person),
    Case(name="models:card", make=with_model),
    Case(name="models:card", make=with_person),
    Case(name="models:schemas", make=with_model),
    Case(name="models:history", make=with_model),
    Case(name="models:version", make=with_version, most_queries=25),
    Case(name="models:compare", make=with_model, query="?all=1"),
    Case(name="models:standing", make=with_draft),
    Case(name="models:move_alias", make=with_model),
    Case(name="models:set_price", make=with_version),
    Case(name="models:edit", make=with_person),
    Case(name="models:govern", make=with_model),
    Case(name="flows:model_try", make=with_tried),
    Case(name="flows:model_uses", make=with_called),
    Case(name="model_work:evaluations", make=with_evaluated),
    Case(name="model_work:evaluations", make=with_model),
    Case(name="model_work:evaluation", make=with_evaluation),
    Case(name="model_work:upload_set", make=with_model),
    Case(name="flows:model_collect", make=with_model),
    Case(name="flows:model_collect", make=with_said, query=SAID, most_queries=20),
    Case(name="model_work:sharing", make=with_shared),
    Case(name="models:list", make=with_received_models, most_queries=19),
    Case(name="shared_models:model", make=with_received, most_queries=18),
    Case(name="shared_models:card", make=with_received),
    Case(name="shared_models:schemas", make=with_received),
    Case(name="shared_models:copy", make=with_received, most_queries=18),
    Case(name="flows:shared_model_try", make=with_received, most_queries=18),
    Case(name="flows:shared_model_uses", make=with_received),
    Case(name="models:files"),
    Case(name="models:files", make=with_files),
    Case(name="models:upload_file"),
    Case(name="models:delete_file", make=with_file),
    Case(name="models:new"),
    Case(name="models:new", query="?kind=team"),
    Case(name="models:new_version", make=with_version_of_file),
    Case(name="models:manifest"),
    Case(name="model_work:evaluate", make=with_evaluated),
    Case(name="model_work:add_rule", make=with_evaluated),
    Case(name="model_work:grant", make=with_model),
    Case(name="credentials:list"),
    Case(name="credentials:list", make=with_credential),
    Case(name="credentials:new"),
    Case(name="credentials:exchange", make=with_named_credential),
    Case(name="credentials:delete", make=with_named_credential),
    Case(name="accounts:members"),
    Case(name="accounts:invite"),
    Case(name="accounts:join", make=with_invite, is_public=True),
    Case(name="accounts:join", make=with_invite),
    Case(name="accounts:settings"),
    Case(name="accounts:create_token"),
    Case(name="egress:services"),
    Case(name="egress:services", make=with_service),
    Case(name="egress:allow"),
]
