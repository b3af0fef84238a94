"""Steps of which nobody knows whether their effect has happened."""

import pytest

from flows.models import Run, Step
from tests.factories.flows import make_run
from tests.flows.conductor.test_retrying import Life, store

__all__ = ["store"]
pytestmark = pytest.mark.both_databases


def test_a_doubt_that_is_recorded_was_no_fault_of_the_run(store):
    run = make_run(
        "in -> pay -> out",
        types={"pay": "http_request"},
        configs={"pay": {"method": "POST", "url": "https://pay.example/"}},
    )
    first = Life(store)
    first.commit()
    first.die()
    assert Run.objects.get(pk=run.pk).crashes == 1
    Life(store).commit()
    assert Step.objects.get(run=run, address="pay").status == "in_doubt"
    assert Run.objects.get(pk=run.pk).crashes == 0
