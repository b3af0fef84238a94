import pytest

from model_registry.resolving import forget
from tests.factories.accounts import make_workspace
from tests.flows.api.clients import ApiClient, make_client


@pytest.fixture(autouse=True)
def _forgotten_models():
    forget()


@pytest.fixture
def workspace(db):
    return make_workspace()


@pytest.fixture
def api(workspace) -> ApiClient:
    """An owner's client."""
    return make_client(workspace)
