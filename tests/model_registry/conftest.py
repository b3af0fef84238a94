import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from model_registry.api import close_child
from model_registry.child import ModelChild
from tests.fakes.openai_server import FakeOpenAI, openai_server

FAKES = Path(__file__).parent / "fakes_site"


@pytest.fixture
def fake_package(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the package of fake models, here and in child processes to come."""
    monkeypatch.syspath_prepend(str(FAKES))
    paths = [str(FAKES), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    close_child()
    yield
    close_child()


@pytest.fixture
def child(fake_package: None) -> Iterator[ModelChild]:
    child = ModelChild()
    yield child
    child.close()


@pytest.fixture(scope="module")
def child_of_calls() -> Iterator[None]:
    """End the process that calls of models that compute have started.

    Tests beside each other share it: it takes a second to import what models need.
    """
    yield
    close_child()


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with openai_server() as server:
        yield server
