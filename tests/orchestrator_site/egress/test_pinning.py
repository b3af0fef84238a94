"""What is connected to is what was looked at, and it has to prove its name."""

import threading

import pytest

from orchestrator_site.egress.allowance import allowance_of
from orchestrator_site.egress.client import send
from orchestrator_site.egress.errors import (
    AddressNotAllowed,
    HostNotFound,
    TimedOut,
    Unreachable,
)
from orchestrator_site.egress.messages import Request
from orchestrator_site.egress.network import Edge
from tests.fakes.http_server import http_service
from tests.orchestrator_site.egress.conftest import PUBLIC, public_only

API = public_only("http://api.example")


def get(url, allowance, edge):
    return send(Request(method="GET", url=url), allowance, edge=edge)


def test_the_name_is_looked_up_once_and_the_address_kept(names, service):
    names.ports[PUBLIC] = service.port
    names.add("api.example", [PUBLIC], ["127.0.0.1"])
    assert get("http://api.example/answers", API, names.edge()).status == 200
    assert (names.looked_up, names.connected) == (["api.example"], [PUBLIC])
    assert service.last["headers"]["host"] == "api.example"


def test_a_name_that_changes_its_mind_is_looked_at_again(names, service):
    names.ports[PUBLIC] = service.port
    names.add("api.example", [PUBLIC], ["127.0.0.1"])
    with pytest.raises(AddressNotAllowed) as caught:
        get("http://api.example/redirects?to=/answers", API, names.edge())
    assert len(service.asked) == 1
    assert caught.value.sent


def test_the_next_address_is_tried_where_one_does_not_answer(names, service):
    names.ports |= {"8.8.4.4": _closed_port(), PUBLIC: service.port}
    names.add("api.example", ["8.8.4.4", PUBLIC])
    assert get("http://api.example/answers", API, names.edge()).status == 200


def test_nobody_there_is_told_before_anything_has_left(names):
    names.ports[PUBLIC] = _closed_port()
    names.add("api.example", [PUBLIC])
    with pytest.raises(Unreachable) as caught:
        get("http://api.example/", API, names.edge())
    assert not caught.value.sent


def test_an_unknown_name_is_told(names):
    with pytest.raises(HostNotFound) as caught:
        get("http://api.example/", API, names.edge())
    assert not caught.value.sent


def test_a_look_up_that_hangs_ends_with_the_time_of_the_request():
    hanging = threading.Event()
    edge = Edge(resolve=lambda _host, _port: hanging.wait() and [])
    asked = Request(method="GET", url="http://api.example/", timeout_s=0.1)
    with pytest.raises(TimedOut) as caught:
        send(asked, API, edge=edge)
    hanging.set()
    assert not caught.value.sent


def test_the_operator_may_name_the_network_of_a_host(names, service):
    names.ports["10.1.2.3"] = service.port
    names.add("models.internal", ["10.1.2.3"])
    allowance = allowance_of(["http://models.internal=10.1.0.0/16"])
    url = "http://models.internal/answers"
    assert get(url, allowance, names.edge()).status == 200
    with pytest.raises(AddressNotAllowed):
        get(url, allowance_of(["http://models.internal"]), names.edge())
    with pytest.raises(AddressNotAllowed):
        get(url, allowance_of(["http://models.internal=10.2.0.0/16"]), names.edge())


def test_localhost_in_the_list_of_the_operator_means_this_machine(service):
    origin = f"http://localhost:{service.port}"
    asked = Request(method="GET", url=f"{origin}/answers")
    assert send(asked, allowance_of([origin])).status == 200


@pytest.fixture
def secure_service(authority):
    with http_service(authority.serving("api.example")) as fake:
        yield fake


def test_a_host_proves_its_name_by_its_certificate(names, secure_service, authority):
    names.ports[PUBLIC] = secure_service.port
    names.add("api.example", [PUBLIC])
    edge = names.edge(authority.trusting())
    allowance = public_only("https://api.example")
    assert get("https://api.example/answers", allowance, edge).status == 200
    assert names.connected == [PUBLIC]


def test_a_certificate_for_another_name_is_not_accepted(
    names, secure_service, authority
):
    names.ports[PUBLIC] = secure_service.port
    names.add("pay.example", [PUBLIC])
    edge = names.edge(authority.trusting())
    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED") as caught:
        get("https://pay.example/answers", public_only("https://pay.example"), edge)
    assert secure_service.asked == []
    assert not caught.value.sent


def test_a_certificate_of_an_unknown_authority_is_not_accepted(names, secure_service):
    names.ports[PUBLIC] = secure_service.port
    names.add("api.example", [PUBLIC])
    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        get(
            "https://api.example/answers",
            public_only("https://api.example"),
            names.edge(),
        )


def _closed_port() -> int:
    with http_service() as fake:
        return fake.port
