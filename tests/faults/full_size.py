"""The fault tests at full size, as `manage.py test --faults` runs them.

Workers are whole Celery workers with the lease and the sweep that they always have. The
numbers F1 to F17 are those of the fault matrix in docs/faults.md. Not collected by
default: the file's name says so.
"""

import sys

import pytest
from django.db import connection

from tests.fakes.openai_server import openai_server
from tests.faults import hardware, hostile, outside, pages, scenarios
from tests.faults.disk import CannotMount, own_stand
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


@pytest.fixture
def stand(django_db_setup, django_db_blocker, tmp_path):
    """Workers and a database on a disk of their own."""
    try:
        with django_db_blocker.unblock(), own_stand(tmp_path) as stand:
            yield stand
    except CannotMount as problem:
        pytest.skip(str(problem))


@pytest.fixture
def record_figure(capsys):
    """Print what was measured, whether or not the test passes."""

    def record(figure: object) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{figure}\n")

    return record


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


def test_f9_a_page_that_hardly_reads_delays_no_other(crew, record_figure):
    figures = pages.read_slowly(crew, pages=200, events=10_000, topics=20, slow_s=5.0)
    record_figure(figures)
    assert figures.grown_mb < 20


def test_f10_the_disk_of_the_database_is_full(stand, effects):
    hardware.fill_disk(stand, effects, runs=100)


def test_f11_a_service_misbehaves_in_every_way(crew, effects, record_figure):
    with openai_server() as service:
        in_vain = hostile.misbehave(crew, effects, service, runs=1000)
    record_figure(f"{in_vain} calls that nobody answered before the circuit opened")


def test_f12_a_hundred_thousand_bodies_of_poison(crew, effects, record_figure):
    grown_mb = hostile.post_poison(crew, effects, requests=100_000)
    record_figure(f"grown by {grown_mb:.1f} MB")
    assert grown_mb < 50


def test_f13_workers_and_flow_change_while_runs_are_parked(celery_crew, effects):
    outside.change_flow(celery_crew, effects, runs=200)


def test_f14_four_workers_sweep_all_the_time(celery_crew, effects):
    scenarios.sweep_at_once(celery_crew, effects, runs=1000, workers=4)


def test_f15_the_power_goes_ten_times(stand, effects):
    hardware.lose_power(stand, effects, runs=200, losses=10)


def test_f16_the_web_process_dies_two_hundred_times(crew, effects, record_figure):
    sent = outside.kill_web(crew, effects, decisions=1000, kills=200)
    record_figure(f"{sent} requests for 1,000 decisions")


def test_f17_everything_fails_by_turns_for_half_an_hour(
    request, crew, effects, broker, record_figure
):
    database = None
    if connection.vendor != "sqlite":
        database = request.getfixturevalue("mortal_database")
        crew = request.getfixturevalue("crew_on_mortal_database")
    slope = hardware.soak(crew, effects, broker, database, runs=10_000, for_s=1800)
    record_figure(f"a worker grows by {slope:.2f} MB an hour")
    assert slope < 10


def test_answers_to_a_third_of_all_commits_are_lost(celery_crew, effects):
    scenarios.lose_answers(celery_crew, effects, runs=1000)


def _need_server() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is no server, and no network leads to it")
