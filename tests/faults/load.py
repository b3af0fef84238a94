"""What fault tests run: flows, their runs, and the people whom these need."""

import time
from collections.abc import Iterable
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from approvals.api import Approval, Outcome, Verdict, decide
from flows.errors import FlowError
from flows.models import Flow, Inbox, Run, Step, Wait
from flows.services.runs import RunRequest, start_run
from flows.services.signals import Event, signal_run
from flows.services.steering import request_release, resolve_doubt
from orchestrator_site.accounts.api import Principal, Role
from tests.factories.accounts import make_membership, make_workspace
from tests.factories.flows import ACTOR, make_flow
from tests.faults.effects import EffectServer

EIGHT = "in -> a -> model -> once -> keyed -> wait -> b -> out"
TOUR = (
    "in -> model -> once -> ask:approved -> sub -> map -> shaky -> wait:paid -> out,"
    "ask:rejected -> out2, double"
)
SETTLED_S = 1.0
_numbers = count(1)


def make_eight(server: EffectServer, wait_s: float = 0.05, **keys: Any) -> Flow:
    """Eight nodes: pure ones, idempotent ones, one effect at most once, and a wait."""
    return make_flow(
        EIGHT,
        runs="wait",
        types={"once": "http_request", "keyed": "http_request"},
        configs={
            "a": {"values": {"n": "input.n"}},
            "model": {"model": "echo", "input": {"n": "steps.a.n"}},
            "once": _effect(server, "once", "once"),
            "keyed": _effect(server, "keyed", "keyed"),
            "wait": {"for_s": str(wait_s)},
            "b": {"values": {"n": "steps.model.n"}},
            "out": {"values": {"n": "steps.b.n"}},
        },
        **keys,
    )


def make_timers(server: EffectServer, wait_s: float) -> Flow:
    """A wait between two effects, whose server knows how long it took."""
    return make_flow(
        "in -> before -> wait -> after -> out",
        types={"before": "http_request", "after": "http_request"},
        configs={
            "before": _effect(server, "keyed", "before"),
            "wait": {"for_s": str(wait_s)},
            "after": _effect(server, "keyed", "after"),
        },
    )


def make_tour(server: EffectServer) -> Flow:
    """One of everything that ends a commit: a call, an effect at most once, a person,
    a child run, a map, another try, an event, and a slot."""
    workspace = make_workspace()
    child = make_flow("in -> a -> out", workspace=workspace)
    shaky = _effect(server, "shaky", "shaky")
    paid = {"name": "paid", "key": "input.token", "port": "paid"}
    retry = {"attempts": 5, "backoff_s": 0.02, "on": ["http_status"]}
    return make_flow(
        TOUR,
        workspace=workspace,
        runs="wait",
        types={
            "once": "http_request",
            "shaky": "http_request",
            "ask": "approval",
            "sub": "subflow",
        },
        parents={"double": "map"},
        more={"shaky": {"retry": retry}},
        configs={
            "once": _effect(server, "once", "once"),
            "ask": {"title": "Well?", "show": {}},
            "sub": {"flow": child.slug, "version": 1, "input": {}},
            "map": {"items": "[1, 2]"},
            "double": {"values": {"n": "item * 2"}},
            "shaky": shaky,
            "wait": {"events": [paid]},
        },
        settings={"concurrency": {"limit": 3}},
    )


def _effect(server: EffectServer, promise: str, node: str) -> dict[str, Any]:
    url = f"{server.origin}/{promise}/{{{{ input.token }}}}/{node}"
    if promise == "once":
        return {"method": "POST", "url": url, "body": {"n": "input.n"}}
    return {"method": "PUT", "url": url, "idempotency": "header"}


class Starter:
    """Starts runs and remembers which were accepted.

    With `pays` the event that a run waits for is there before it waits.
    """

    def __init__(self, flow: Flow, *, pays: bool = False) -> None:
        self._flow, self._pays = flow, pays
        self.accepted: list[UUID] = []

    def start(self, number: int = 1) -> list[Run]:
        return [self.start_one() for _ in range(number)]

    def start_one(self) -> Run:
        token = uuid4().hex
        request = RunRequest(
            flow=self._flow,
            input={"n": next(_numbers), "token": token},
            actor=ACTOR,
            idempotency_key=token,
        )
        run = start_run(request).run
        self.accepted.append(run.pk)
        if self._pays:
            signal_run(run, Event(name="paid"), actor=ACTOR)
        return run


class People:
    """Decide what is asked, look into what is in doubt, let go on what was set aside."""

    def __init__(self, flow: Flow, server: EffectServer) -> None:
        self._server = server
        self._doubted: dict[tuple[UUID, str, int], float] = {}
        member = make_membership(workspace=flow.workspace, role=Role.REVIEWER)
        self._reviewer = Principal.of_member(member)

    def act(self, *, may_deny: bool = True) -> None:
        """Do what there is to do.

        That an effect has not happened is said only when nothing can be under way any
        more; with `may_deny` false not at all, since a frozen worker may still send it.
        """
        for approval in Approval.objects.filter(state="ready"):
            self._decide(approval)
        # The faults are to blame for the deaths of its workers.
        asked = Inbox.objects.filter(kind="release").values("run")
        for run in Run.objects.filter(status="poisoned").exclude(pk__in=asked):
            request_release(run, actor=ACTOR)
        doubts = Step.objects.filter(status="in_doubt", run__ended_at=None)
        for step in doubts.select_related("run"):
            # In this order: what is under way may happen between two looks.
            is_settled = may_deny and self._is_settled(step)
            if self._server.happened(step.run.idempotency_key or "", step.node_id):
                self._resolve(step, is_done=True)
            elif is_settled:
                self._resolve(step, is_done=False)

    def _is_settled(self, step: Step) -> bool:
        now, key = time.monotonic(), (step.run_id, step.address, step.attempt)
        is_old = now - self._doubted.setdefault(key, now) > SETTLED_S
        return is_old and self._server.is_idle()

    def _decide(self, approval: Approval) -> None:
        verdict = Verdict(
            outcome=Outcome.APPROVED,
            content_hash=approval.content_hash,
            idempotency_key=str(approval.pk),
        )
        decide(approval.pk, verdict, principal=self._reviewer)

    def _resolve(self, step: Step, *, is_done: bool) -> None:
        try:
            outcome = "done" if is_done else "not_done"
            resolve_doubt(
                step.run,
                step.address,
                outcome,
                {},
                attempt=step.attempt,
                actor=ACTOR,
            )
        except FlowError:
            return  # answered already


def all_ended() -> bool:
    return not Run.objects.filter(ended_at=None).exists()


def open_runs() -> list[str]:
    """Where each run stands that has not ended, for whoever reads a failure."""
    return [
        f"{run.pk} {run.status}, epoch {run.epoch}, owner {run.owner_id}, "
        f"{run.crashes} crashes, waits {list(_kinds(Wait, run))}, "
        f"mail {list(_kinds(Inbox, run))}: "
        + ", ".join(
            f"{step.address}#{step.attempt} {step.status}"
            for step in run.steps.order_by("seq", "address")
        )
        for run in Run.objects.filter(ended_at=None)[:20]
    ]


def _kinds(model: type[Wait | Inbox], run: Run) -> Iterable[str]:
    return model.objects.filter(run=run).values_list("kind", flat=True)
