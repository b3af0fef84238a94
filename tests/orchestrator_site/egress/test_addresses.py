"""Nothing within reach of the machine is reached, however it is written."""

from ipaddress import ip_address

import httpx2
import pytest

from orchestrator_site.egress import transport
from orchestrator_site.egress.addresses import is_public
from orchestrator_site.egress.allowance import Allowance
from orchestrator_site.egress.client import send
from orchestrator_site.egress.errors import (
    AddressNotAllowed,
    HostNotFound,
    RequestInvalid,
)
from orchestrator_site.egress.messages import Request
from orchestrator_site.egress.origins import Entry, Origin
from tests.orchestrator_site.egress.conftest import PUBLIC, public_only

PRIVATE = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1"),
    *("100.100.100.200", "100.127.255.255", "127.0.0.1", "127.8.8.8"),
    *("168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1"),
    *("192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:db8::1"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1"),
    *("fd00:ec2::254", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1"),
)
WRITTEN = (
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1"),
    *("0177.0.0.1", "017700000001", "0", "0.0.0.0", "localhost", "127.0.0.1."),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "127。0。0。1", "１２７.0.0.1"),
)


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_within_is_not_public(text):
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [PUBLIC, "8.8.8.8", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"],
)
def test_an_address_of_the_internet_is_public(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_a_name_that_leads_within_is_not_connected_to(names, text):
    names.add("api.example", [text])
    with pytest.raises(AddressNotAllowed) as caught:
        send(
            Request(method="GET", url="http://api.example/"),
            public_only("http://api.example"),
            edge=names.edge(),
        )
    assert (names.connected, caught.value.sent) == ([], False)
    assert text not in caught.value.message


@pytest.mark.parametrize("host", WRITTEN)
def test_this_machine_is_not_reached_however_it_is_written(service, host):
    """Even where a workspace has listed the very words."""
    url = f"http://{host}:{service.port}/answers"
    with pytest.raises((AddressNotAllowed, HostNotFound, RequestInvalid)) as caught:
        send(Request(method="GET", url=url), Allowance((Entry(origin_in(url)),)))
    assert not caught.value.sent
    assert service.asked == []


def origin_in(url: str) -> Origin:
    """As the client reads it, were it to call it."""
    try:
        return transport.origin_in(httpx2.URL(url))
    except httpx2.InvalidURL:
        return Origin("http", "none", 80)


def test_one_address_within_spoils_the_name(names, service):
    names.ports[PUBLIC] = service.port
    names.add("api.example", [PUBLIC, "10.0.0.1"])
    with pytest.raises(AddressNotAllowed):
        send(
            Request(method="GET", url="http://api.example/answers"),
            public_only("http://api.example"),
            edge=names.edge(),
        )
    assert service.asked == []
