"""Calls to a real server on a loopback port, which misbehaves."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from model_registry.api import Status, Use, call, resolve, set_limits, set_standing
from model_registry.errors import (
    Missed,
    ModelAnswerInvalid,
    ModelError,
    ModelInputInvalid,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    UseRefused,
)
from model_registry.facts import PriceTerms
from model_registry.guarding import calls as calls_module
from model_registry.guarding.limits import Limits
from model_registry.guarding.retrying import RESERVE
from model_registry.guarding.states import STATES
from model_registry.guarding.tally import Tally, flush
from model_registry.models import Model, ModelFigures, ModelVersion
from model_registry.resolving import forget
from tests.factories.accounts import make_workspace
from tests.factories.models import make_resolved
from tests.fixtures.stack import wait_until
from tests.model_registry.guarding.conftest import limited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patient_valkey")]
ANSWER = {"answer": "Yes."}


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Retries do not pause."""
    monkeypatch.setattr(calls_module, "pause_s", lambda _retry: 0.0)


@pytest.fixture
def tally(monkeypatch):
    tally = Tally()
    monkeypatch.setattr(calls_module, "TALLY", tally)
    return tally


def ask(resolved, timeout_s=20.0, **more):
    value = {"text": "hello"}
    more = {"use": Use("public"), **more}
    return call(resolved, value, timeout_s=timeout_s, idempotency_key="r/s", **more)


def errors_of(resolved, count, timeout_s=20.0):
    """The codes with which that many calls fail, one after another."""
    codes = []
    for _ in range(count):
        with pytest.raises(ModelError) as met:
            ask(resolved, timeout_s)
        codes.append(met.value.code)
    return codes


def test_call_is_tried_again_with_the_same_key(remote, server):
    server.script.extend(["overloaded", "cuts", "junk"])
    reply = ask(limited(remote("follows"), retries=3, retry_percent=100))
    assert reply.output == ANSWER
    assert len(server.requests) == 4
    assert {headers["idempotency-key"] for headers in server.headers} == {"r/s"}


@pytest.mark.parametrize(
    ("behaviour", "error"), [("refuses", ModelRefused), ("empty", ModelAnswerInvalid)]
)
def test_what_stays_wrong_is_not_tried_again(remote, server, behaviour, error):
    with pytest.raises(error):
        ask(limited(remote(behaviour), retries=3))
    assert len(server.requests) == 1


def test_input_that_does_not_fit_is_neither_sent_nor_counted(remote, server, tally):
    resolved = limited(remote(input_schema={"required": ["other"]}))
    with pytest.raises(ModelInputInvalid):
        ask(resolved)
    assert (server.requests, tally.take()) == ([], {})


def test_retries_end_with_the_budget_of_the_model(remote, server):
    resolved = limited(
        remote("overloaded"), retries=5, retry_percent=10, breaker_failures=0
    )
    errors_of(resolved, 50)
    retries = len(server.requests) - 50
    assert 5 <= retries <= RESERVE + 5


def test_no_retry_begins_that_would_end_too_late(remote, server, monkeypatch):
    monkeypatch.setattr(calls_module, "pause_s", lambda _retry: 30.0)
    with pytest.raises(ModelOverloaded):
        ask(limited(remote("overloaded"), retries=3))
    assert len(server.requests) == 1


def test_try_that_hangs_leaves_time_for_another(remote, server):
    server.script.append("hangs")
    resolved = limited(remote("follows"), timeout_s=2, retries=1)
    assert ask(resolved).output == ANSWER


def test_usual_limits_of_a_remote_model_try_once_more(remote, server):
    server.script.append("breaks")
    assert ask(remote("follows")).output == ANSWER


def test_answer_larger_than_the_model_may_give_is_refused(remote, server):
    server.reply = '{"answer": "%s"}' % ("x" * 5000)
    assert ask(limited(remote())).output["answer"].startswith("xx")
    with pytest.raises(ModelAnswerInvalid, match="more than 2000 bytes"):
        ask(limited(remote(), max_answer_bytes=2000, retries=0))


@pytest.mark.parametrize("runs", ["loop", "wait", "cpu"])
def test_size_limit_holds_wherever_the_model_runs(fake_package, runs):
    resolved = limited(
        make_resolved(runs=runs, settings={"entry_point": "fake-upper"}),
        max_answer_bytes=1024,
        retries=0,
    )
    with pytest.raises(ModelAnswerInvalid, match="more than 1024 bytes"):
        call(
            resolved,
            {"text": "a" * 2000},
            timeout_s=20,
            idempotency_key="r/s",
            use=Use("public"),
        )


@pytest.mark.parametrize(
    "behaviour", ["overloaded", "breaks", "hangs", "drips", "cuts", "junk", "html"]
)
def test_circuit_opens_whatever_the_trouble(remote, server, behaviour):
    """F11 in small: never more than ten errors, retries within the budget."""
    resolved = limited(remote(behaviour), timeout_s=0.4, retries=2, breaker_failures=5)
    codes = errors_of(resolved, 20, timeout_s=2)
    assert len(server.requests) == 5
    assert codes[5:] == ["model_circuit_open"] * 15


def test_many_at_once_are_answered_in_time_and_open_the_circuit(remote, server):
    """F11 in small: nobody is stuck, whatever the server does."""
    behaviours = ["overloaded", "breaks", "hangs", "drips", "cuts", "junk", "html"]
    server.script.extend(behaviours * 40)
    resolved = limited(remote("follows"), timeout_s=0.1, retries=2, breaker_failures=5)
    with ThreadPoolExecutor(8) as pool:
        ends = [pool.submit(errors_of, resolved, 1, 0.5) for _ in range(200)]
        codes = [code for end in ends for code in end.result()]
    assert len(codes) == 200
    # Those that were under way already when it opened are sent, too.
    assert len(server.requests) <= 5 + 8
    assert codes.count("model_circuit_open") >= 200 - (5 + 8)


def test_circuit_closes_once_the_model_answers_again(remote, server):
    server.script.extend(["breaks"] * 5)
    resolved = limited(remote("follows"), retries=0, breaker_failures=5, breaker_s=0.01)
    errors_of(resolved, 5)
    breaker = STATES.of(resolved, resolved.guard).breaker
    wait_until(lambda: breaker.state == "half_open", "the end of the breaker's time")
    assert ask(resolved).output == ANSWER
    assert breaker.state == "closed"


def test_refusals_leave_the_circuit_closed(remote, server):
    codes = errors_of(limited(remote("refuses"), breaker_failures=3), 8)
    assert codes == ["model_refused"] * 8


def test_full_model_leaves_the_circuit_closed(remote, server):
    resolved = limited(remote("hangs"), max_concurrency=1, wait_s=0, breaker_failures=1)
    first = threading.Thread(target=lambda: pytest.raises(ModelError, ask, resolved))
    first.start()
    wait_until(lambda: server.requests, "the first call")
    assert errors_of(resolved, 5) == ["model_busy"] * 5
    server.released.set()
    first.join()


def test_who_waited_for_room_does_not_ask_once_the_circuit_is_open(
    remote, server, monkeypatch
):
    coming, room = [], calls_module._room
    monkeypatch.setattr(
        calls_module, "_room", lambda *given: coming.append(1) or room(*given)
    )
    resolved = limited(
        remote("hangs"), max_concurrency=1, retries=0, breaker_failures=1
    )
    with ThreadPoolExecutor(5) as pool:
        ends = [pool.submit(errors_of, resolved, 1) for _ in range(5)]
        wait_until(lambda: len(coming) == 5 and server.requests, "four who wait")
        server.released.set()
        codes = [code for end in ends for code in end.result()]
    assert codes.count("model_circuit_open") == 4
    assert len(server.requests) == 1


def test_every_try_is_counted_with_its_tag_and_cost(remote, server, tally):
    server.script.extend(["overloaded", "overloaded"])
    resolved = limited(remote("follows"), retries=2)
    ask(resolved, tag="refund")
    flush(tally)
    rows = ModelFigures.objects.filter(version_id=resolved.version_id, tag="refund")
    added = [
        sum(row)
        for row in zip(
            *rows.values_list(
                "calls", "errors", "retries", "cost_usd_micros", "input_tokens"
            ),
            strict=True,
        )
    ]
    assert added == [3, 2, 2, 150, 120]


# A chain of models


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def chain(remote, workspace):
    """A first model that does what it is told, and models to be asked instead."""

    def make(behaviour: str, *others: str, **limits) -> object:
        for name in others:
            remote(name, model=name, workspace=workspace)
        remote(behaviour, model="first", workspace=workspace)
        set_limits(
            workspace,
            "first",
            Limits(**{"timeout_s": 2, "retries": 0, "fallback": others, **limits}),
            actor="user:1",
        )
        return resolve(workspace.id, "first", "champion")

    return make


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("overloaded", "model_overloaded"),
        ("hangs", "model_timed_out"),
        ("cuts", "model_unavailable"),
        ("junk", "model_answer_invalid"),
    ],
)
def test_next_model_answers_and_both_are_told(chain, behaviour, code):
    reply = ask(chain(behaviour, "answers"))
    assert reply.output == ANSWER
    assert (reply.model, reply.version) == ("answers", 1)
    assert reply.missed == (Missed("first", 1, code),)


def test_chain_is_asked_in_its_order(chain):
    reply = ask(chain("breaks", "overloaded", "answers"))
    assert reply.model == "answers"
    assert [each.model for each in reply.missed] == ["first", "overloaded"]


def test_first_model_whose_circuit_is_open_is_not_asked(chain, server):
    first = chain("breaks", "answers", breaker_failures=1)
    ask(first)
    asked = len(server.requests)
    reply = ask(first)
    assert reply.missed == (Missed("first", 1, "model_circuit_open"),)
    assert len(server.requests) == asked + 1


def test_refusal_is_an_answer_that_no_other_model_replaces(chain):
    with pytest.raises(ModelRefused):
        ask(chain("refuses", "answers"))


def test_where_nobody_answers_the_first_error_tells_all_who_were_asked(chain):
    with pytest.raises(ModelOverloaded) as met:
        ask(chain("overloaded", "cuts", "refuses"))
    assert met.value.missed == (
        Missed("first", 1, "model_overloaded"),
        Missed("cuts", 1, "model_unavailable"),
        Missed("refuses", 1, "model_refused"),
    )


def test_no_other_model_is_asked_without_time(chain, server):
    first = chain("hangs", "answers", timeout_s=5.0)
    with pytest.raises(ModelTimedOut) as met:
        ask(first, timeout_s=1)
    assert met.value.missed[1] == Missed("answers", None, "model_timed_out")
    assert len(server.requests) == 1


def test_answer_of_another_model_keeps_the_promise_of_the_first(
    remote, workspace, server
):
    loose = {"type": "object", "required": ["answer"]}
    remote("answers", model="loose", workspace=workspace, output_schema=loose)
    remote("breaks", model="first", workspace=workspace)
    limits = Limits(timeout_s=1, retries=0, fallback=("loose",))
    set_limits(workspace, "first", limits, actor="user:1")
    server.reply = '{"answer": 42}'
    with pytest.raises(ModelOverloaded) as met:
        ask(resolve(workspace.id, "first", "champion"))
    assert met.value.missed[1] == Missed("loose", 1, "model_output_invalid")


@pytest.mark.parametrize(
    ("standing", "data_class", "code"),
    [
        ("suspended", "personal", "model_suspended"),
        ("approved", "internal", "data_class_too_high"),
    ],
)
def test_other_model_gets_only_what_it_may_see(
    chain, workspace, standing, data_class, code
):
    chain("breaks", "answers")
    versions = ModelVersion.objects.filter(model__workspace=workspace)
    other = versions.get(model__name="answers")
    if standing != "approved":
        set_standing(other, Status(standing), actor="user:1", reason="Leaked.")
    Model.objects.filter(name="answers").update(data_class=data_class)
    Model.objects.filter(name="first").update(data_class="personal")
    forget()
    with pytest.raises(ModelOverloaded) as met:
        ask(resolve(workspace.id, "first", "champion"), use=Use("personal"))
    assert met.value.missed[1].code == code


def test_nothing_takes_the_place_of_a_model_that_may_not_be_used(
    chain, workspace, server
):
    chain("answers", "answers")
    first = ModelVersion.objects.get(model__workspace=workspace, model__name="first")
    set_standing(first, Status("suspended"), actor="user:1", reason="Leaked.")
    forget()
    with pytest.raises(UseRefused) as met:
        ask(resolve(workspace.id, "first", "champion"))
    assert (met.value.code, met.value.missed) == ("model_suspended", ())
    assert server.requests == []


def test_call_costs_what_the_price_on_record_says_as_it_begins(remote):
    resolved = remote()
    prices = (
        terms(days=-2, usd_micros_per_call=1),
        terms(days=-1, usd_micros_per_call=7, input_usd_per_million=10),
        terms(days=1, usd_micros_per_call=1000),
    )
    assert ask(replace(resolved, prices=prices)).cost_usd_micros == 7 + 1200
    assert ask(replace(resolved, prices=prices[2:])).cost_usd_micros == 150


def terms(*, days: int, **values) -> PriceTerms:
    return PriceTerms(valid_from=timezone.now() + timedelta(days=days), **values)
