"""The fault tests at full size, as `manage.py test --faults` runs them.

Workers are whole Celery workers with the lease and the sweep that they always have. The
numbers F1 to F14 are those of the fault matrix in docs/faults.md. Not collected by
default: the file's name says so.
"""

import pytest
from django.db import connection

from tests.faults import scenarios
from tests.faults.planting import Point
from tests.faults.test_faults import COMMITS, OTHERS

pytestmark = pytest.mark.both_databases

INSIDE = [Point("commit", "inside", nth) for nth in range(1, 12)]


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    monkeypatch.setattr(scenarios.Stage, "patience_s", 900.0)


@pytest.fixture
def celery_crew(crew, broker):
    """Workers as `up` starts them, on a broker of their own."""
    crew.broker, crew.pace = broker.listening, {}
    return crew


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_f1_workers_are_killed_every_two_seconds(celery_crew, effects, seed):
    scenarios.kill_workers(
        celery_crew, effects, runs=1000, workers=4, kills=20, every_s=2.0, seed=seed
    )


def test_f2_f3_messages_are_tripled_and_the_broker_is_away(crew, effects, broker):
    scenarios.garble_messages(
        crew, effects, broker, runs=1000, workers=4, outages=5, away_s=30, late_s=60
    )


def test_f4_the_database_restarts_five_times(request, effects):
    _need_server()
    database = request.getfixturevalue("mortal_database")
    crew = request.getfixturevalue("crew_on_mortal_database")
    crew.pace = {}
    scenarios.restart_database(
        crew, effects, database, runs=1000, workers=4, restarts=5
    )


def test_f5_a_worker_is_cut_off_for_twenty_seconds(request, celery_crew, effects):
    _need_server()
    proxy = request.getfixturevalue("network")
    scenarios.cut_network(
        celery_crew, effects, proxy, runs=500, lease_s=15.0, cut_s=20.0
    )


def test_f6_a_worker_is_frozen_for_ninety_seconds(celery_crew, effects):
    scenarios.freeze_workers(
        celery_crew, effects, runs=200, lease_s=15.0, frozen_s=75.0
    )


def test_f7_clocks_jump_by_an_hour(celery_crew, effects):
    scenarios.move_clocks(celery_crew, effects, runs=500, wait_s=5.0, by_s=3600)


def test_f8_a_worker_dies_at_every_boundary_of_a_commit(crew, effects):
    inside = INSIDE if connection.vendor == "sqlite" else []
    points = [*COMMITS, *OTHERS, *inside]
    assert scenarios.crash_everywhere(crew, effects, points) == []


def test_f14_four_workers_sweep_all_the_time(celery_crew, effects):
    scenarios.sweep_at_once(celery_crew, effects, runs=1000, workers=4)


def test_answers_to_a_third_of_all_commits_are_lost(celery_crew, effects):
    scenarios.lose_answers(celery_crew, effects, runs=1000)


def _need_server() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is no server, and no network leads to it")
