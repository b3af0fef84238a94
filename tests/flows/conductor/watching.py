"""Runs watched from outside: how they stand, and what came of them."""

from typing import Any

from flows.models import Run
from flows.selectors import Payloads
from orchestrator_site.ledger.api import verify
from tests.factories.flows import make_run
from tests.fixtures.stack import wait_for_end, wait_until


def finished(*args: Any, **keys: Any) -> Run:
    """A run that has ended, made as `make_run` makes one; its chain is whole."""
    run = wait_for_end(make_run(*args, **keys))
    assert verify().flaws == []
    return run


def output_of(run: Run) -> Any:
    """The output of a run, or its error."""
    return Payloads(run.pk, [run.result]).value(run.result)


def steps_of(run: Run) -> dict[str, str]:
    """How each step stands, by address, in the order of recording."""
    return dict(run.steps.order_by("seq").values_list("address", "status"))


def wait_for_status(run: Run, status: str) -> None:
    """Wait until a run stands so and nobody holds it."""
    rows = Run.objects.filter(pk=run.pk, status=status, owner_id=None)
    wait_until(rows.exists, f"a {status} run that nobody holds")
