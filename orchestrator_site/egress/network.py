"""Connections to addresses that have been checked, and to no others.

The name is looked up once. What is connected to is an address that was looked at, so
that a name which changes its mind in between changes nothing; TLS is asked for the name.
"""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import httpcore2

from orchestrator_site.egress.addresses import Address, read_address
from orchestrator_site.egress.errors import (
    AddressNotAllowed,
    HostNotFound,
    TimedOut,
    Unreachable,
)
from orchestrator_site.egress.exchange import Exchange, under_way

WRITE_BYTES = 65_536

Resolve = Callable[[str, int], Sequence[Address]]
Connect = Callable[[str, int, float], httpcore2.NetworkStream]

logger = logging.getLogger(__name__)


def look_up(host: str, port: int) -> list[Address]:
    """The addresses of a name, in the order in which they should be tried.

    Raises: OSError
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [read_address(str(place[0])) for *_kind, place in found]
    return list(dict.fromkeys(each for each in addresses if each is not None))


def connect(address: str, port: int, timeout_s: float) -> httpcore2.NetworkStream:
    """Connect to an address. Raises: httpcore2.ConnectError, ConnectTimeout."""
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout_s)


@dataclass(frozen=True, slots=True)
class Edge:
    """Where this machine ends: how names become addresses, and these connections.

    Without `ssl_context` whoever this machine trusts is trusted.
    """

    resolve: Resolve = look_up
    connect: Connect = connect
    ssl_context: ssl.SSLContext | None = None


class PinnedNetwork(httpcore2.NetworkBackend):
    """Connects for the exchange under way, to checked addresses of its host."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers.

        Raises: HostNotFound, AddressNotAllowed, TimedOut, Unreachable
        """
        exchange = under_way.get()
        addresses = self._checked(host, port, exchange)
        for tried, address in enumerate(addresses):
            patience = exchange.left_s() / (len(addresses) - tried)
            try:
                return WatchedStream(self._edge.connect(str(address), port, patience))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                logger.info("No connection to %s at %s: %s", host, address, error)
        raise Unreachable(f"{host}:{port} does not accept connections.")

    def _checked(self, host: str, port: int, exchange: Exchange) -> Sequence[Address]:
        """Every address of the host; one that is not allowed spoils them all."""
        written = read_address(host)
        found = [written] if written else self._look_up(host, port, exchange)
        if not found:
            raise HostNotFound(f"The name {host} has no address.")
        entry = exchange.entry
        for address in found:
            if entry is None or not entry.admits(address):
                # Only the log says which: names within are not for everybody to find.
                logger.warning("%s leads to %s, which is not allowed", host, address)
                raise AddressNotAllowed(
                    f"{host} leads to an address that is not on the public Internet. "
                    "Whoever runs Baton finds it in the log, and can allow it in "
                    "BATON_EGRESS_ALLOW."
                )
        return found

    def _look_up(self, host: str, port: int, exchange: Exchange) -> Sequence[Address]:
        """Ask the system, which cannot be told how long it may take."""
        answers: SimpleQueue[Sequence[Address]] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._edge.resolve(host, port))
            except (OSError, UnicodeError) as error:
                logger.info("The name %s was not found: %s", host, error)
                answers.put([])

        left_s = exchange.left_s()
        threading.Thread(target=ask, name="resolve", daemon=True).start()
        try:
            return answers.get(timeout=left_s)
        except Empty:
            raise TimedOut(f"Looking up {host} took too long.") from None


class WatchedStream(httpcore2.NetworkStream):
    """A connection that keeps to the limits of whatever exchange uses it."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there."""
        return self._inner.read(max_bytes, under_way.get().left_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it, in pieces, so that a slow reader cannot stretch the time."""
        exchange = under_way.get()
        for start in range(0, len(buffer), WRITE_BYTES):
            left_s = exchange.left_s()
            exchange.sent = True
            self._inner.write(buffer[start : start + WRITE_BYTES], left_s)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: Any,  # noqa: ANN401 - a library's own class on some systems
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Begin TLS with whoever proves to be `server_hostname`."""
        left_s = under_way.get().left_s()
        secured = self._inner.start_tls(ssl_context, server_hostname, left_s)
        return WatchedStream(secured)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's
        """What the library asks of a connection."""
        return self._inner.get_extra_info(info)
