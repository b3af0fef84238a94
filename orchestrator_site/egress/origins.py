"""Origins, and the entries of allow lists. Pure.

An entry is an origin such as `https://api.example` or `http://models.internal:8080`.
Whoever runs Baton may add the network in which its host may be although that is not
public: `https://models.internal=10.1.0.0/16`.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from orchestrator_site.egress.addresses import (
    Address,
    Network,
    is_public,
    is_within,
    read_address,
    read_network,
)
from orchestrator_site.egress.errors import OriginInvalid

MAX_PORT = 65_535
DEFAULT_PORTS = {"http": 80, "https": 443}
ENTRY = re.compile(
    r"(?P<origin>https?://"
    r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)/?"
    r"(?:=(?P<network>[0-9a-f:./]+))?",
    re.IGNORECASE,
)
# RFC 6761, 6.3: these names mean this machine.
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class Origin(NamedTuple):
    """Scheme, host and port; the host in lower case, without a dot at its end."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


@dataclass(frozen=True, slots=True)
class Entry:
    """An origin that may be called, and where its host may be if that is not public."""

    origin: Origin
    networks: tuple[Network, ...] = ()

    def admits(self, address: Address) -> bool:
        """Whether the origin may be called at this address of its host."""
        return is_public(address) or is_within(address, self.networks)


def make_origin(scheme: str, host: str, port: int | None) -> Origin | None:
    """Put an origin together; None if nothing can be called there."""
    default = DEFAULT_PORTS.get(scheme)
    is_port = port is None or 0 < port <= MAX_PORT
    if default is None or not host or not is_port:
        return None
    address = read_address(host)
    name = host.lower().rstrip(".") if address is None else str(address)
    return Origin(scheme, name, default if port is None else port)


def origin_of(url: str) -> Origin | None:
    """The origin of an address; None when it has no usable one."""
    try:
        parts = urlsplit(url)
        return make_origin(parts.scheme, parts.hostname or "", parts.port)
    except ValueError:
        return None


def parse_entry(text: str) -> Entry:
    """Read an entry of whoever runs Baton.

    A host that is written as an address may be at that address, and `localhost` on this
    machine: that is what such an entry asks for.
    Raises: OriginInvalid
    """
    found = ENTRY.fullmatch(text)
    origin = origin_of(found["origin"]) if found else None
    if found is None or origin is None:
        raise OriginInvalid(
            f"{text!r} is no origin. Write scheme, host and port only, such as "
            "https://api.example or http://models.example:8080."
        )
    if found["network"] is None:
        return Entry(origin, _networks_of(origin.host))
    network = read_network(found["network"])
    if network is None:
        raise OriginInvalid(
            f"{found['network']!r} is no network. Write it such as 10.1.0.0/16."
        )
    return Entry(origin, (network,))


def parse_public(text: str) -> Origin:
    """Read what a workspace allows, which is never within the operator's own network.

    Raises: OriginInvalid
    """
    origin = parse_entry(text).origin
    address = read_address(origin.host)
    is_here = bool(_networks_of(origin.host)) and address is None
    if "=" in text or is_here or (address is not None and not is_public(address)):
        raise OriginInvalid(
            f"{text} is not on the public Internet. Only whoever runs Baton can allow "
            "it, in BATON_EGRESS_ALLOW."
        )
    return origin


def _networks_of(host: str) -> tuple[Network, ...]:
    address = read_address(host)
    if address is not None:
        return (ip_network(address),)
    is_here = host == "localhost" or host.endswith(".localhost")
    return LOOPBACK if is_here else ()
