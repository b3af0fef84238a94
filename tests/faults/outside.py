"""Faults of the surroundings: a web process that dies, and versions that change."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from approvals.api import Approval, Decision
from flows.models import Flow, Run, Step
from flows.selectors import run_document
from flows.services.drafts import save_draft
from flows.services.publishing import publish
from flows.services.signals import Event, signal_run
from orchestrator_site.accounts.api import Role
from orchestrator_site.accounts.roles import Scope
from orchestrator_site.ledger.models import Event as LedgerEvent
from tests.factories.accounts import make_token
from tests.factories.flows import ACTOR, make_flow
from tests.factories.graphs import document
from tests.faults.crew import Crew
from tests.faults.effects import EffectServer
from tests.faults.scenarios import Stage
from tests.faults.web import Decider, Told, Web
from tests.fixtures.stack import wait_until

CALLERS = 8
FIRST = "in -> a -> wait:paid -> b -> out"
SECOND = "in -> a -> wait:paid -> b -> c -> d -> out"


def kill_web(crew: Crew, effects: EffectServer, *, decisions: int, kills: int) -> int:
    """The web process dies while programs decide; whoever asks again hears the truth.

    Returns: how often a decision had to be sent in all.
    """
    flow = make_flow(
        "in -> ask:approved -> out, ask:rejected -> out2",
        types={"ask": "approval"},
        configs={"ask": {"title": "Well?", "show": {}}},
    )
    stage = Stage(crew, effects, flow)
    crew.start()
    stage.starter.start(decisions)
    ready = Approval.objects.filter(state="ready")
    wait_until(
        lambda: ready.count() == decisions, "all that is asked", stage.patience_s
    )
    holder = {"workspace": flow.workspace, "role": Role.REVIEWER}
    _, token = make_token(**holder, scopes=[Scope.DECIDE])
    told = _decide_all(Web(crew), token, list(ready), kills)
    stage.finish()
    _check_decisions(told, decisions)
    return sum(each.tries for each in told)


def _decide_all(
    web: Web, token: str, approvals: list[Approval], kills: int
) -> list[Told]:
    """Decide all of them from several sides, while the web process is killed."""
    decider = Decider(web, token)
    with ThreadPoolExecutor(CALLERS) as pool:
        ends = [pool.submit(decider.decide, approval) for approval in approvals]
        for number in range(kills):
            enough = len(approvals) * number // kills
            wait_until(partial(_are_decided, enough), f"{enough} decisions")
            web.restart()
        return [end.result() for end in ends]


def _are_decided(number: int) -> bool:
    return Decision.objects.count() >= number


def _check_decisions(told: list[Told], decisions: int) -> None:
    """Each was decided once, and everybody was told of that one decision."""
    stored = {str(each.pk): str(each.approval_id) for each in Decision.objects.all()}
    heard = {each.receipt["id"]: each.receipt["approval_id"] for each in told}
    assert heard == stored
    assert len(set(stored.values())) == decisions
    recorded = LedgerEvent.objects.filter(kind="approval.decided").count()
    assert recorded == decisions
    assert max(each.tries for each in told) > 1


def change_flow(crew: Crew, effects: EffectServer, *, runs: int) -> None:
    """Workers are replaced and the flow is edited while runs are parked.

    Whoever was accepted under a version ends as that version says.
    """
    flow = make_flow(FIRST, configs=_configs(1))
    stage = Stage(crew, effects, flow)
    old = [crew.start() for _ in range(2)]
    first = stage.starter.start(runs)
    stage.wait_for(partial(_are_parked, runs), "runs that are parked")
    _publish(flow, SECOND, 2)
    for worker in old:
        worker.ask_to_end()
        assert worker.wait() == 0
    for _ in range(2):
        crew.start()
    second = stage.starter.start(runs)
    stage.wait_for(partial(_are_parked, 2 * runs), "runs of both versions")
    _publish(flow, FIRST, 3)
    for run in first + second:
        signal_run(run, Event(name="paid"), actor=ACTOR)
    stage.finish()
    assert _versions_of(first) == {(1, 1)}
    assert _versions_of(second) == {(2, 2)}


def _configs(number: int) -> dict[str, dict[str, Any]]:
    paid = {"name": "paid", "key": "input.token", "port": "paid"}
    return {"wait": {"events": [paid]}, "out": {"values": {"version": str(number)}}}


def _publish(flow: Flow, drawing: str, number: int) -> None:
    """Make this drawing the version of that number."""
    flow.refresh_from_db()
    edited = document(drawing, configs=_configs(number))
    save_draft(flow, document=edited, revision=flow.draft_revision, actor=ACTOR)
    assert publish(flow, actor=ACTOR).number == number


def _are_parked(number: int) -> bool:
    return Step.objects.filter(node_id="wait", status="waiting").count() == number


def _versions_of(runs: list[Run]) -> set[tuple[int | None, Any]]:
    """The version that each belongs to, and the one that its output tells of."""
    ids = [run.pk for run in runs]
    ended = Run.objects.filter(pk__in=ids).select_related("version")
    return {
        (run.version.number, run_document(run)["output"]["version"]) for run in ended
    }
