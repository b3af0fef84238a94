"""What is killed, frozen or lost, in short; `manage.py test --faults` has the sizes."""

import pytest
from django.db import connection

from tests.faults import outside, scenarios
from tests.faults.planting import Point

pytestmark = pytest.mark.both_databases

COMMITS = [
    Point("commit", when, nth) for nth in range(1, 12) for when in ("before", "after")
]
OTHERS = [
    *(Point(name, "after") for name in ("claim", "bury", "move_due", "deliver")),
    *(Point("claim_addressed", "after", nth) for nth in range(1, 5)),
    *(
        Point(name, when)
        for name in ("open_approval", "prepare_child")
        for when in ("before", "after")
    ),
]


def test_killing_workers_loses_and_doubles_nothing(crew, effects):
    scenarios.kill_workers(crew, effects, runs=60, workers=3, kills=6, every_s=0.05)


def test_a_crash_at_each_boundary_of_a_commit_loses_and_doubles_nothing(crew, effects):
    effects.takes_s = 0.005
    assert scenarios.crash_everywhere(crew, effects, [*COMMITS, *OTHERS]) == []


def test_a_worker_that_was_frozen_past_its_lease_changes_nothing(crew, effects):
    scenarios.freeze_workers(crew, effects, runs=20, lease_s=2.0, frozen_s=0)


def test_commits_whose_answers_are_lost_count_once(crew, effects):
    scenarios.lose_answers(crew, effects, runs=20)


def test_messages_that_are_lost_doubled_and_shuffled_change_nothing(
    crew, effects, broker
):
    scenarios.garble_messages(
        crew, effects, broker, runs=40, workers=2, outages=2, away_s=0.5, late_s=0.5
    )


def test_sweepers_beside_each_other_move_everything_once(crew, effects):
    scenarios.sweep_at_once(crew, effects, runs=12, workers=3)


def test_a_worker_that_is_cut_off_changes_nothing(request, crew, effects):
    if connection.vendor == "sqlite":
        pytest.skip("no network lies between a worker and SQLite")
    proxy = request.getfixturevalue("network")
    scenarios.cut_network(crew, effects, proxy, runs=20, lease_s=2.0, cut_s=0)


def test_a_database_that_restarts_loses_and_doubles_nothing(request, effects):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is no server: killing workers is all that can happen to it")
    database = request.getfixturevalue("mortal_database")
    crew = request.getfixturevalue("crew_on_mortal_database")
    scenarios.restart_database(crew, effects, database, runs=40, workers=2, restarts=2)


def test_clocks_that_jump_and_many_sweepers_fire_each_timer_once(crew, effects):
    scenarios.move_clocks(crew, effects, runs=40, wait_s=0.5, by_s=3600)


def test_a_web_process_that_dies_decides_once_or_not_at_all(crew, effects):
    outside.kill_web(crew, effects, decisions=24, kills=3)


def test_parked_runs_end_as_the_version_says_that_they_began_with(crew, effects):
    outside.change_flow(crew, effects, runs=6)
