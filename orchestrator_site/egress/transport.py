"""HTTP over checked connections, within the limits of each exchange."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import httpcore2
import httpx2

from orchestrator_site.egress.allowance import Allowance
from orchestrator_site.egress.errors import (
    AnswerUnreadable,
    BrokenOff,
    RequestInvalid,
    TimedOut,
    Unreachable,
)
from orchestrator_site.egress.exchange import Exchange, answer_bytes, under_way
from orchestrator_site.egress.network import Edge, PinnedNetwork
from orchestrator_site.egress.origins import Origin, make_origin

# Where a request goes whose own client knows no exchange.
MAX_BYTES = 4 * 1024 * 1024
IDLE_S = 5.0
SHOWN = 200
PLAIN = frozenset({"", "identity"})
EXCHANGE = "egress_exchange"


class CheckedTransport(httpx2.BaseTransport):
    """Sends what the allowance covers; follows nothing and knows no proxies.

    `codings` are those in which an answer may come compressed: whoever reads it then has
    to look after its size. `keep` is how many connections stay open for the next request.
    """

    def __init__(
        self,
        allowance: Allowance,
        edge: Edge,
        *,
        codings: tuple[str, ...] = (),
        keep: int,
    ) -> None:
        self._allowance, self._codings = allowance, codings
        self._pool = httpcore2.ConnectionPool(
            ssl_context=edge.ssl_context or trusted_authorities(),
            max_connections=None,
            max_keepalive_connections=keep,
            keepalive_expiry=IDLE_S,
            network_backend=PinnedNetwork(edge),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request.

        Raises: EgressError, also while the answer is read
        """
        exchange = _exchange_of(request)
        exchange.entry = self._allowance.require(origin_in(request.url))
        under_way.set(exchange)
        request.headers["Accept-Encoding"] = ", ".join(self._codings) or "identity"
        with told():
            answer = self._pool.handle_request(_written(request))
        headers = httpx2.Headers(answer.headers)
        coding = headers.get("Content-Encoding", "").lower()
        if coding not in PLAIN and coding not in self._codings:
            answer.close()
            raise AnswerUnreadable("The answer is compressed in a way not asked for.")
        stream = BoundedStream(answer, exchange)
        return httpx2.Response(
            answer.status,
            headers=headers,
            stream=stream,
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class BoundedStream(httpx2.SyncByteStream):
    """The body of an answer as it comes, up to the size that the exchange allows."""

    def __init__(self, answer: httpcore2.Response, exchange: Exchange) -> None:
        self._answer, self._exchange = answer, exchange

    def __iter__(self) -> Iterator[bytes]:
        """Pass on, up to the limits."""
        size_bytes = 0
        with told():
            for chunk in self._answer.iter_stream():
                size_bytes += len(chunk)
                self._exchange.check_size(size_bytes)
                yield chunk

    def close(self) -> None:
        """Close the answer."""
        self._answer.close()


@cache
def trusted_authorities() -> ssl.SSLContext:
    """The certificate authorities that this machine trusts; reading them takes long."""
    return httpcore2.default_ssl_context()


def origin_in(url: httpx2.URL) -> Origin | None:
    """The origin of an address as the library reads it, if it is one to call."""
    if url.userinfo:
        return None
    return make_origin(url.scheme, url.raw_host.decode("ascii"), url.port)


@contextmanager
def told() -> Iterator[None]:
    """Tell what the library met in our own words."""
    try:
        yield
    except httpcore2.TimeoutException:
        # The exchange is never told to go on for longer than it has.
        raise TimedOut("No whole answer within the time of the request.") from None
    except httpcore2.ConnectError as error:
        raise Unreachable(f"No safe connection came about: {error}.") from None
    except (httpcore2.NetworkError, httpcore2.RemoteProtocolError) as error:
        reason = str(error)[:SHOWN] or "the connection broke off"
        raise BrokenOff(f"No whole answer came: {reason}.") from None
    except (httpcore2.LocalProtocolError, httpcore2.UnsupportedProtocol) as error:
        raise RequestInvalid(f"The request cannot be sent: {error}.") from None


def _exchange_of(request: httpx2.Request) -> Exchange:
    given = request.extensions.get(EXCHANGE)
    if isinstance(given, Exchange):
        return given
    max_bytes = answer_bytes.get(MAX_BYTES)
    return Exchange(request.extensions["timeout"]["read"], max_bytes)


def _written(request: httpx2.Request) -> httpcore2.Request:
    url = httpcore2.URL(
        scheme=request.url.raw_scheme,
        host=request.url.raw_host,
        port=request.url.port,
        target=request.url.raw_path,
    )
    if not isinstance(request.stream, Iterable):
        raise RequestInvalid("A blocking client has blocking streams.")
    return httpcore2.Request(
        method=request.method,
        url=url,
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )
