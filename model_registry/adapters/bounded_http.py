"""An HTTP client that follows nothing, trusts no proxy and reads only so much."""

import time
from collections.abc import Iterator

import httpx2

MAX_BYTES = 4 * 1024 * 1024


class AnswerTooLarge(Exception):
    """More came than is read, or it came compressed."""


class BoundedTransport(httpx2.BaseTransport):
    """Ends an answer that is too large or takes longer than the call may."""

    def __init__(self) -> None:
        self._inner = httpx2.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        deadline = time.monotonic() + request.extensions["timeout"]["read"]
        request.headers["Accept-Encoding"] = "identity"
        response = self._inner.handle_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise AnswerTooLarge("it is compressed, which was not asked for")
        stream = BoundedStream(response.stream, request, deadline)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=stream,
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class BoundedStream(httpx2.SyncByteStream):
    """Counts what passes."""

    def __init__(
        self,
        inner: httpx2.SyncByteStream | httpx2.AsyncByteStream,
        request: httpx2.Request,
        deadline: float,
    ) -> None:
        if not isinstance(inner, httpx2.SyncByteStream):
            raise TypeError("a blocking client has blocking streams")
        self._inner, self._request, self._deadline = inner, request, deadline

    def __iter__(self) -> Iterator[bytes]:
        """Pass on, up to the limits."""
        size = 0
        for chunk in self._inner:
            size += len(chunk)
            if size > MAX_BYTES:
                raise AnswerTooLarge(f"more than {MAX_BYTES} bytes")
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("too slow", request=self._request)
            yield chunk

    def close(self) -> None:
        """Close the answer."""
        self._inner.close()


def bounded_client() -> httpx2.Client:
    """Make a client; it keeps its connections for the next call."""
    return httpx2.Client(
        transport=BoundedTransport(), follow_redirects=False, trust_env=False
    )
