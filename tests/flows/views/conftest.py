import pytest

from model_registry.resolving import forget
from tests.factories.accounts import make_workspace
from tests.factories.flows import make_flow
from tests.flows.views.people import browser_of


@pytest.fixture(autouse=True)
def _forgotten_models():
    forget()


@pytest.fixture
def workspace(db):
    return make_workspace()


@pytest.fixture
def browser(workspace):
    """An owner's browser."""
    return browser_of(workspace)


@pytest.fixture
def flow(workspace):
    """A condition whose false way is dead, then an answer."""
    return make_flow(
        "in -> cond, cond:true -> model -> out, cond:false -> other",
        types={"other": "output"},
        configs={"cond": {"when": "input.n > 0"}, "other": {"values": {}}},
        workspace=workspace,
    )
