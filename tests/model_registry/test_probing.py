import pytest

from model_registry.probing import check_health, tell_schemas
from tests.factories.models import make_resolved

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(settings, server):
    settings.BATON_EGRESS_ALLOW = (server.origin,)

    def resolve(behaviour="answers", **more):
        named = {"base_url": server.url(behaviour), "model": "small", "prompt": "Hi"}
        return make_resolved(
            adapter="openai_chat", runs="wait", settings={**named, **more}
        )

    return resolve


def test_health_asks_the_model_nothing(chat, server):
    health = check_health(chat())
    assert (health.ok, health.message) == (True, "The server lists small.")
    assert health.latency_ms > 0
    assert server.requests == []


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        ("overloaded", "429: slow down"),
        ("refuses", "401"),
        ("cuts", "broke off"),
        ("redirects", "correct base_url"),
    ],
)
def test_what_keeps_a_model_from_being_called_is_told(chat, behaviour, says):
    health = check_health(chat(behaviour))
    assert (health.ok, says in health.message) == (False, True)


def test_silence_is_no_health(chat):
    health = check_health(chat("hangs"), timeout_s=0.2)
    assert (health.ok, health.message) == (False, "No answer within 0.2 s.")


def test_missing_key_is_told(chat):
    health = check_health(chat(api_key_env="SHOP_API_KEY"))
    assert (health.ok, "SHOP_API_KEY" in health.message) == (False, True)


def test_entry_point_is_well_while_it_is_installed():
    resolved = make_resolved()
    assert check_health(resolved).ok
    assert tell_schemas(resolved) is None


def test_chat_tells_the_schema_that_it_is_held_to(chat):
    own = {"type": "object", "required": ["answer"]}
    assert tell_schemas(chat(response_schema=own)).output == own
    assert tell_schemas(chat()).output is None
