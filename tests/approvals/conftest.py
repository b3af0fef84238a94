import pytest

from approvals.signals import approval_decided


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch):
    """These approvals belong to no run, which flows would refuse."""
    monkeypatch.setattr(approval_decided, "receivers", [])
    yield
    approval_decided.sender_receivers_cache.clear()
