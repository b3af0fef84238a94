"""The benchmarks still measure what they say; how fast that is they tell, not a test."""

import json

import pytest

from flows.conductor.process import PROCESS
from flows.models import Run, Step
from model_registry.resolving import forget
from tests.bench import figures, python_step
from tests.bench.bars import Bar
from tests.bench.documents import KINDS, chain, each, fan
from tests.bench.engine import _by_name, _ratios
from tests.bench.figures import Figure, answer, play
from tests.bench.runs import drive
from tests.bench.stack import MODELS


@pytest.fixture
def driver(transactional_db, monkeypatch):
    """This process drives runs itself, and has the benchmark's models."""
    monkeypatch.syspath_prepend(str(MODELS))
    forget()
    yield
    PROCESS.stop_driving()


@pytest.fixture
def answers(monkeypatch, tmp_path):
    """The figures that a measurement has handed over."""
    path = tmp_path / "answers"
    path.touch()
    monkeypatch.setenv(figures.ANSWER, str(path))
    return lambda: [
        Figure(**json.loads(line)) for line in path.read_text().splitlines()
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("make", "value"),
    [
        (chain, {"n": 1}),
        (fan, {"n": 1}),
        (lambda kind: chain(kind, name="data"), {"data": "abc" * 3000}),
    ],
)
def test_workloads_run_to_their_end(driver, kind, make, value):
    assert drive(make(kind), value) > 0
    assert Run.objects.get().status == "completed"


def test_payload_of_w5_changes_at_every_step(driver):
    drive(chain("committed", name="data"), {"data": "abcd" * 3000})
    results = Step.objects.values_list("result", flat=True)
    assert len({bytes(cell) for cell in results}) >= figures.NODES


def test_map_is_as_wide_as_its_list(driver):
    drive(each(20), {"items": list(range(20))})
    assert Step.objects.filter(node_id="node", status="completed").count() == 20


def test_python_of_a_step_is_measured_without_storing_it(driver, answers, monkeypatch):
    monkeypatch.setattr(python_step, "RUNS", 3)
    monkeypatch.setattr(python_step, "ROUNDS", 1)
    python_step.measure()
    assert [(found.what, found.unit) for found in answers()] == [
        ("Python a step", "us"),
        ("Python a step, pure", "us"),
    ]
    assert not Step.objects.exists()


def test_figures_come_back_as_they_were_handed_over(answers):
    played = play("Baton", "W3", lambda: 0.5)
    answer([played])
    assert answers() == [played]
    assert (played.value, played.unit) == (2000.0, "steps/s")


def test_ratios_are_above_one_where_baton_is_the_faster():
    found = [
        Figure(system="Baton", what="W1", value=5.0, unit="ms", cpu_ms=0.2),
        Figure(system="DBOS", what="W1", value=50.0, unit="ms", cpu_ms=1.0),
        Figure(system="Baton", what="W3", value=4000.0, unit="steps/s"),
        Figure(system="DBOS", what="W3", value=200.0, unit="steps/s"),
    ]
    words = [line.split() for line in _ratios(found)]
    assert words == [
        ["DBOS", "W1", "10.00", "CPU", "5.00"],
        ["DBOS", "W3", "20.00"],
    ]


@pytest.mark.parametrize(
    ("value", "verdict"), [(1.0, "met"), (2.0, "met"), (2.1, "MISSED")]
)
def test_bar_says_whether_it_is_met(value, verdict):
    bar = Bar("W4, s", lambda found: found["Baton", "W4"].value, 2.0)
    found = _by_name([Figure(system="Baton", what="W4", value=value, unit="s")])
    told = bar.told(found)
    assert told is not None
    assert told.split()[0] == verdict


def test_bar_says_nothing_of_what_was_not_measured():
    assert Bar("W4, s", lambda found: found["Baton", "W4"].value, 2.0).told({}) is None
