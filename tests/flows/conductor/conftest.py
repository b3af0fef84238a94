from pathlib import Path

import pytest

from tests.factories.flows import make_flow, make_run
from tests.fakes.http_server import http_service
from tests.fixtures.stack import wait_until
from tests.model_registry.conftest import fake_package

__all__ = ["fake_package"]


class Gate:
    """A run whose model answers when the test opens the gate, and counts its calls."""

    def __init__(self, folder: Path):
        self._open, self._log = folder / "open", folder / "log"

    def make_run(self, drawing: str = "in -> model -> out", runs="wait", **keys):
        flow = make_flow(
            drawing,
            runs=runs,
            models={"gate": "fake-gate"},
            **{"configs": {"model": CALL}, **keys},
        )
        return make_run(flow=flow, input=self.input)

    @property
    def input(self) -> dict[str, str]:
        return {"open": str(self._open), "log": str(self._log)}

    def open(self) -> None:
        self._open.touch()

    @property
    def calls(self) -> int:
        return len(self._log.read_text().splitlines()) if self._log.exists() else 0

    def wait_for_calls(self, count: int) -> None:
        wait_until(lambda: self.calls >= count, f"call {count} of the model")


CALL = {"model": "gate", "input": {"open": "input.open", "log": "input.log"}}


@pytest.fixture
def gate(fake_package, tmp_path):
    gate = Gate(tmp_path)
    yield gate
    gate.open()


@pytest.fixture
def service(settings, monkeypatch):
    """A service that flows may call, in this process and in workers."""
    with http_service() as fake:
        settings.BATON_EGRESS_ALLOW = (fake.origin,)
        monkeypatch.setenv("BATON_EGRESS_ALLOW", fake.origin)
        yield fake
