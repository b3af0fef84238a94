"""What was paid for answers that were none."""

import pytest

from model_registry.api import Limits, Use, call, resolve, set_limits
from model_registry.errors import ModelAnswerInvalid, ModelOutputInvalid
from model_registry.guarding import calls as calls_module
from model_registry.guarding.tally import Tally, flush
from model_registry.models import ModelFigures
from tests.factories.accounts import make_workspace
from tests.model_registry.guarding.conftest import limited

pytestmark = pytest.mark.django_db
# Of the fake server's answers, at a dollar for a million tokens.
COST, USAGE = 150, {"input_tokens": 120, "output_tokens": 30}


@pytest.fixture(autouse=True)
def tally(monkeypatch):
    """Counts calls here; retries do not pause."""
    tally = Tally()
    monkeypatch.setattr(calls_module, "TALLY", tally)
    monkeypatch.setattr(calls_module, "pause_s", lambda _retry: 0.0)
    return tally


def ask(resolved):
    value, use = {"text": "hello"}, Use("public")
    return call(resolved, value, timeout_s=20.0, idempotency_key="r/s", use=use)


def test_tries_that_fail_are_paid_for_as_well(remote, server, tally):
    server.reply = "no object"
    resolved = limited(remote(), retries=1)
    with pytest.raises(ModelAnswerInvalid) as met:
        ask(resolved)
    assert met.value.cost_usd_micros == 2 * COST
    assert met.value.usage == {name: 2 * n for name, n in USAGE.items()}
    flush(tally)
    rows = ModelFigures.objects.filter(version_id=resolved.version_id)
    assert sum(rows.values_list("cost_usd_micros", flat=True)) == 2 * COST
    assert sum(rows.values_list("errors", flat=True)) == 2


def test_answer_that_breaks_its_promise_is_paid_for(remote, server):
    server.reply = '{"answer": 42}'
    with pytest.raises(ModelOutputInvalid) as met:
        ask(remote())
    assert (met.value.cost_usd_micros, met.value.usage) == (COST, USAGE)


def test_answer_of_a_chain_costs_what_the_whole_chain_has(remote, server):
    workspace = make_workspace()
    remote("answers", model="other", workspace=workspace)
    remote("answers", model="first", workspace=workspace)
    limits = Limits(timeout_s=5, retries=0, fallback=("other",))
    set_limits(workspace, "first", limits, actor="user:1")
    server.reply = "no object"
    with pytest.raises(ModelAnswerInvalid) as met:
        ask(resolve(workspace.id, "first", "champion"))
    # The other one has its usual retry.
    assert met.value.cost_usd_micros == 3 * COST
