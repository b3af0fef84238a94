"""The web process as others meet it: programs that decide, and pages that listen."""

import json
import threading
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from approvals.api import Approval
from orchestrator_site.supervisor.valkey import free_port
from tests.faults.crew import Crew, Worker
from tests.fixtures.stack import PATIENCE_S, wait_until

PAUSE_S = 0.02


class Web:
    """A web process that may be killed; the next one has the same address."""

    def __init__(self, crew: Crew) -> None:
        self._crew, self.port = crew, free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.process = self._start()

    def restart(self) -> None:
        """kill -9, and another in its place."""
        self.process.kill()
        self._crew.workers.remove(self.process)
        self.process = self._start()

    def _start(self) -> Worker:
        process = self._crew.start(web=self.port)
        wait_until(self._answers, "an answer of the web process")
        return process

    def _answers(self) -> bool:
        """Whether it says anything; it may well say that there is no worker."""
        try:
            with urlopen(f"{self.origin}/healthz", timeout=5):  # noqa: S310
                return True
        except HTTPError:
            return True
        except (OSError, HTTPException):
            return False


class Caller:
    """A program that posts bodies as they are, over one line as long as that holds."""

    def __init__(self, web: Web, token: str) -> None:
        self._line = HTTPConnection("127.0.0.1", web.port, timeout=PATIENCE_S)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }

    def post(self, path: str, body: bytes) -> int:
        """The status of the answer."""
        self._line.request("POST", f"/api/v1{path}", body, self._headers)
        with self._line.getresponse() as answer:
            answer.read()
            return answer.status

    def close(self) -> None:
        self._line.close()


class Told(NamedTuple):
    """What came of a decision, and how often it had to be sent."""

    receipt: dict[str, Any]
    tries: int


class Decider:
    """A program that decides, and asks again with the same key until it is told."""

    def __init__(self, web: Web, token: str) -> None:
        self._web, self._token = web, token
        self._pause = threading.Event()

    def decide(self, approval: Approval) -> Told:
        tries = 0
        while True:
            tries += 1
            try:
                return Told(self._send(approval), tries)
            except HTTPError as refusal:
                words = refusal.read().decode()
                raise AssertionError(f"{refusal.code}: {words}") from refusal
            except (OSError, HTTPException):
                assert tries < PATIENCE_S / PAUSE_S
                self._pause.wait(PAUSE_S)  # between two tries

    def _send(self, approval: Approval) -> dict[str, Any]:
        said = {"outcome": "approved", "content_hash": approval.content_hash}
        request = Request(  # noqa: S310  our own web process
            f"{self._web.origin}/api/v1/approvals/{approval.pk}/decision",
            data=json.dumps(said).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(approval.pk),
            },
        )
        with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
            receipt: dict[str, Any] = json.load(answer)
        return receipt


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies."""
    return sorted(values)[int(len(values) * share)]
