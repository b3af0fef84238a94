"""Faults that others send: services that misbehave, and programs that post poison."""

from contextlib import closing

from django.test import override_settings

from flows.models import Flow, Run
from model_registry.api import set_limits
from model_registry.guarding.limits import Limits
from orchestrator_site.accounts.roles import Role, Scope
from tests.bench.figures import memory_mb
from tests.factories.accounts import make_token, make_workspace
from tests.factories.flows import ACTOR, make_flow
from tests.factories.models import make_model_version
from tests.fakes.openai_server import FakeOpenAI
from tests.faults.checker import Witness, flaws
from tests.faults.crew import Crew
from tests.faults.effects import EffectServer
from tests.faults.load import all_ended, make_eight
from tests.faults.poison import poisoned
from tests.faults.scenarios import Stage
from tests.faults.web import Caller, Web

TROUBLE = ("overloaded", "breaks", "hangs", "drips", "cuts", "junk", "html")
FAILURES, AT_ONCE, WORKERS = 5, 4, 2
TIMEOUT_S = 0.5
ANSWER = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
}


def misbehave(
    crew: Crew, effects: EffectServer, service: FakeOpenAI, *, runs: int
) -> int:
    """A model's service answers well, then now and then, then never any more.

    Returns: how often it was asked once it had stopped answering.
    """
    stage = Stage(crew, effects, _flow_of(service))
    crew.allowed.append(service.origin)
    for _ in range(WORKERS):
        crew.start()
    now_and_then = [["answers"] * 9 + [trouble] for trouble in TROUBLE]
    service.script.extend(sum(now_and_then, []) * (runs // 70))
    stage.starter.start(runs // 2)
    stage.wait_for(all_ended, "the end of the runs that were answered")
    good = Run.objects.filter(status="completed").count()
    asked = len(service.requests)
    service.script.clear()
    service.script.extend(list(TROUBLE) * runs)
    stage.starter.start(runs - runs // 2)
    stage.wait_for(all_ended, "the end of the runs that nobody answered")
    found = flaws(
        Witness(
            accepted=stage.starter.accepted,
            claims=stage.claims.seen,
            ends=("completed", "failed"),
        )
    )
    assert found == []
    assert good > runs // 4
    assert asked <= (1.2 * runs) // 2 + 10 * WORKERS
    in_vain = len(service.requests) - asked
    assert in_vain <= 2 * FAILURES + AT_ONCE, f"{in_vain} calls in vain"
    return in_vain


def _flow_of(service: FakeOpenAI) -> Flow:
    """A flow that asks the service's model, under limits."""
    workspace = make_workspace()
    settings = {
        "base_url": service.url("follows"),
        "model": "small",
        "prompt": "Say {{ input.text }}",
    }
    with override_settings(BATON_EGRESS_ALLOW=(service.origin,)):
        make_model_version(
            workspace=workspace,
            model="far",
            adapter="openai_chat",
            runs="wait",
            settings=settings,
            output_schema=ANSWER,
        )
    limits = Limits(
        timeout_s=TIMEOUT_S,
        retries=1,
        max_concurrency=AT_ONCE,
        wait_s=600.0,
        breaker_failures=FAILURES,
        breaker_s=600.0,
    )
    set_limits(workspace, "far", limits, actor=ACTOR)
    asks = {"model": "far", "input": {"text": "'hello'"}}
    return make_flow(
        "in -> model -> out",
        workspace=workspace,
        configs={"model": asks},
        settings={"data_class": "public"},
    )


def post_poison(
    crew: Crew, effects: EffectServer, *, requests: int, seed: int = 1
) -> float:
    """What nobody should send is refused, and those who behave go on being served.

    Returns: by how many megabytes the web process has grown, after the first tenth.
    """
    flow = make_eight(effects)
    stage = Stage(crew, effects, flow)
    web = Web(crew)
    _, token = make_token(
        workspace=flow.workspace, role=Role.OWNER, scopes=tuple(Scope)
    )
    before = 0.0
    with closing(Caller(web, token)) as caller:
        for number, (path, body) in enumerate(poisoned(flow.slug, requests, seed)):
            if number == requests // 10:
                before = memory_mb(web.process.pid)
            status = caller.post(path, body)
            assert 400 <= status < 500, (number, status, path, body[:200])
    grown = memory_mb(web.process.pid) - before
    assert not Run.objects.exists()
    assert web.process.is_alive
    crew.start()
    stage.starter.start(10)
    stage.finish()
    return grown
