"""The one client. Loads an HTTP library, so that it is entered through `api` on first use."""

import httpx2

from orchestrator_site.egress.allowance import Allowance
from orchestrator_site.egress.errors import (
    AnswerUnreadable,
    BrokenOff,
    EgressError,
    RedirectRefused,
    RequestInvalid,
)
from orchestrator_site.egress.exchange import Exchange
from orchestrator_site.egress.messages import Answer, Request
from orchestrator_site.egress.network import Edge
from orchestrator_site.egress.transport import EXCHANGE, CheckedTransport, origin_in

MAX_REDIRECTS = 5
KEPT_CONNECTIONS = 20
HEADERS = {
    "Accept": "*/*",
    "Connection": "close",
    "User-Agent": "Baton",
}
# Which of a flow's headers hold a secret nobody can tell; these never do.
KEPT_ACROSS_ORIGINS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "content-length",
        "content-type",
        "host",
        "idempotency-key",
        "user-agent",
    }
)
this_machine = Edge()


def send(asked: Request, allowance: Allowance, *, edge: Edge = this_machine) -> Answer:
    """Send a request and read the whole answer; blocks, from any thread.

    The connection is made for this request only: one kept open could be found closed,
    and nobody would know whether the request had arrived.
    Raises: EgressError
    """
    exchange = Exchange(asked.timeout_s, asked.max_bytes)
    transport = CheckedTransport(allowance, edge, codings=("gzip", "deflate"), keep=0)
    try:
        with httpx2.Client(transport=transport, trust_env=False) as client:
            client.headers = httpx2.Headers(HEADERS)
            return _follow(client, asked, exchange)
    except EgressError as error:
        error.sent = exchange.sent
        raise


def model_client(allowance: Allowance, *, edge: Edge = this_machine) -> httpx2.Client:
    """A client for libraries that bring requests of their own; follows no redirects.

    It keeps connections for the next call. The time-out for reading that it is given
    with a request covers the whole of it.
    Its requests raise: EgressError
    """
    transport = CheckedTransport(allowance, edge, keep=KEPT_CONNECTIONS)
    return httpx2.Client(transport=transport, trust_env=False)


def _follow(client: httpx2.Client, asked: Request, exchange: Exchange) -> Answer:
    request = _first_request(client, asked, exchange)
    for _hop in range(MAX_REDIRECTS + 1):
        response = client.send(request, stream=True, follow_redirects=False)
        try:
            if (
                response.status_code in asked.answers
                or not response.has_redirect_location
            ):
                return Answer(
                    response.status_code,
                    dict(response.headers.items()),
                    _body(response, exchange),
                )
            request = _next_request(request, response)
        finally:
            response.close()
    raise RedirectRefused(f"More than {MAX_REDIRECTS} redirects, one after another.")


def _first_request(
    client: httpx2.Client, asked: Request, exchange: Exchange
) -> httpx2.Request:
    try:
        return client.build_request(
            asked.method,
            asked.url,
            headers={
                name.encode("ascii"): text.encode("latin-1")
                for name, text in asked.headers.items()
            },
            content=asked.body or None,
            extensions={EXCHANGE: exchange},
        )
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise RequestInvalid(f"The request cannot be written: {error}.") from None


def _next_request(request: httpx2.Request, response: httpx2.Response) -> httpx2.Request:
    """What follows from a redirect; the library knows the rules for the method."""
    following = response.next_request
    if following is None:
        raise BrokenOff("The answer is a redirect to an address that is none.")
    before, after = origin_in(request.url), origin_in(following.url)
    if (
        before is not None
        and before.scheme == "https"
        and following.url.scheme != "https"
    ):
        raise RedirectRefused("The answer leads from https to http.")
    if before != after:
        for name in set(following.headers) - KEPT_ACROSS_ORIGINS:
            del following.headers[name]
    return following


def _body(response: httpx2.Response, exchange: Exchange) -> bytes:
    """Read all of it, decompressed; the library inflates at most 1 MB at a time."""
    body = bytearray()
    try:
        for chunk in response.iter_bytes():
            exchange.check_size(len(body) + len(chunk))
            exchange.left_s()
            body += chunk
    except httpx2.DecodingError:
        raise AnswerUnreadable("The answer cannot be decompressed.") from None
    return bytes(body)
