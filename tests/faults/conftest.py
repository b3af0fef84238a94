import pytest
from django.db import connection

from tests.faults.broker import own_broker
from tests.faults.crew import Crew, nursery
from tests.faults.database import own_database
from tests.faults.effects import effect_server
from tests.faults.proxy import own_network


@pytest.fixture(scope="module")
def nursery_process(django_db_setup):
    """One process with all code loaded for all tests of a module."""
    with nursery() as process:
        yield process


@pytest.fixture
def crew(nursery_process, transactional_db, tmp_path):
    """Worker processes on the test database."""
    crew = Crew(nursery_process, tmp_path)
    yield crew
    crew.kill_all()
    connection.close()


@pytest.fixture
def effects():
    """The server whose effects are counted."""
    with effect_server() as server:
        yield server


@pytest.fixture
def broker(tmp_path):
    """A broker that may be stopped."""
    with own_broker(tmp_path) as broker:
        yield broker


@pytest.fixture
def network(transactional_db):
    """A way to the test database that may be cut."""
    with own_network() as proxy:
        yield proxy


@pytest.fixture
def mortal_database(django_db_blocker):
    """A PostgreSQL that may be killed; it is Django's database meanwhile."""
    with django_db_blocker.unblock(), own_database() as database:
        yield database


@pytest.fixture
def crew_on_mortal_database(mortal_database, tmp_path):
    """Worker processes on the database that may be killed."""
    with nursery() as process:
        crew = Crew(process, tmp_path)
        yield crew
        crew.kill_all()
