from dataclasses import replace

import pytest

from model_registry.guarding.limits import Limits
from model_registry.resolving import Guard, ResolvedModel
from tests.factories.models import make_resolved
from tests.model_registry.conftest import fake_package, server

__all__ = ["fake_package", "server"]
TEXT = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
}


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def remote(server, settings):
    """Makes a model behind the server, which does what the path says."""
    settings.BATON_EGRESS_ALLOW = (server.origin,)

    def make(behaviour: str = "answers", **more) -> ResolvedModel:
        return make_resolved(
            adapter="openai_chat",
            runs="wait",
            settings={
                "base_url": server.url(behaviour),
                "model": "small",
                "prompt": "Say {{ input.text }}",
                "price": {"input_usd_per_million": 1, "output_usd_per_million": 1},
            },
            **{"output_schema": TEXT, **more},
        )

    return make


def limited(resolved: ResolvedModel, **limits) -> ResolvedModel:
    """The same version under limits of its own."""
    return replace(resolved, guard=Guard(Limits(**limits)))
