from collections.abc import Sequence

import pytest

from orchestrator_site.egress.addresses import read_address
from orchestrator_site.egress.allowance import Allowance, allowance_of
from orchestrator_site.egress.client import send
from orchestrator_site.egress.messages import Request
from orchestrator_site.egress.network import Edge, connect
from orchestrator_site.egress.origins import Entry, parse_entry
from tests.fakes.certificates import Authority
from tests.fakes.http_server import http_service

PUBLIC = "93.184.216.34"


@pytest.fixture
def service():
    with http_service() as fake:
        yield fake


@pytest.fixture
def other_service():
    with http_service() as fake:
        yield fake


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


class Names:
    """Names of the Internet, and where the connections to its addresses really end."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Sequence[str]]] = {}
        self.ports: dict[str, int] = {}
        self.looked_up: list[str] = []
        self.connected: list[str] = []

    def add(self, host: str, *answers: Sequence[str]) -> None:
        """The addresses of a host at each look; the last ones stay."""
        self.answers[host] = list(answers)

    def resolve(self, host: str, _port: int):
        self.looked_up.append(host)
        if host not in self.answers:
            raise OSError("Name or service not known")
        found = self.answers[host]
        texts = found.pop(0) if len(found) > 1 else found[0]
        return [read_address(text) for text in texts]

    def connect(self, address: str, port: int, timeout_s: float):
        self.connected.append(address)
        return connect("127.0.0.1", self.ports[address], timeout_s)

    def edge(self, ssl_context=None) -> Edge:
        return Edge(self.resolve, self.connect, ssl_context)


@pytest.fixture
def names():
    return Names()


def public_only(*origins: str) -> Allowance:
    """What workspaces may list: no networks of their own."""
    return Allowance(tuple(Entry(parse_entry(text).origin) for text in origins))


def ask(service, behaviour: str, *, also: Sequence[str] = (), **more):
    """Ask an allowed service on this machine."""
    timeout_s = more.pop("timeout_s", 20.0)
    asked = Request(
        method=more.pop("method", "GET"),
        url=service.url(behaviour),
        timeout_s=timeout_s,
        **more,
    )
    return send(asked, allowance_of([service.origin, *also]))
