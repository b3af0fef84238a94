from uuid import uuid4

import pytest

from orchestrator_site.live.topics import LOOKUPS
from tests.factories.accounts import make_membership
from tests.orchestrator_site.live.rows import ROWS, current_id
from tests.orchestrator_site.live.sockets import log_in


@pytest.fixture
def membership(transactional_db):
    return make_membership()


@pytest.fixture
def workspace_id(membership):
    return membership.workspace_id


@pytest.fixture
def session_key(membership):
    return log_in(membership.user)


@pytest.fixture
def things(monkeypatch):
    """Makes topics `thing:<uuid>` whose id is kept in a row."""
    monkeypatch.setitem(
        LOOKUPS, "thing", f"{current_id.__module__}.{current_id.__name__}"
    )
    yield lambda workspace_id, last_id: _make(workspace_id, last_id)
    ROWS.clear()


def _make(workspace_id, last_id) -> str:
    rest = str(uuid4())
    ROWS[workspace_id, rest] = last_id
    return f"thing:{rest}"
