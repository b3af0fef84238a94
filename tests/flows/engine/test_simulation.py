"""Thousands of random flows through crashes, loss, repetition, delay and disorder."""

import re

import pytest

from flows.engine import propagation
from tests.flows.engine.simulation import SimulationFailed, simulate

SEEDS = 2_000


def test_every_seed_keeps_every_rule():
    assert simulate(range(SEEDS)) == SEEDS


def test_a_seed_that_fails_says_how_to_repeat_it(monkeypatch):
    monkeypatch.setattr(propagation, "no_longer_needed", lambda *_args: [])
    with pytest.raises(SimulationFailed) as failed:
        simulate(range(SEEDS))
    command = str(failed.value).removeprefix("Again by: ")
    seed = re.fullmatch(
        r"\.venv/bin/python -m tests\.flows\.engine\.simulation (\d+)", command
    )
    assert seed
    with pytest.raises(SimulationFailed):
        simulate([int(seed[1])])
