"""A server on a loopback port that does what flows ask for, and remembers it.

`POST /once/TOKEN/NODE` is an effect that must not happen twice, `PUT /keyed/TOKEN/NODE`
one that carries a key by which the server knows it again. `PUT /shaky/TOKEN/NODE` is the
same, but refused the first time. The token names the run.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.request import urlopen


class Effect(NamedTuple):
    """Something that has happened for a step of a run, under the key it came with.

    `at` is the moment on the monotonic clock of the server.
    """

    promise: str
    token: str
    node: str
    key: str
    at: float = 0.0


class EffectServer:
    """Holds every effect from the moment in which it happens."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.takes_s = 0.02
        self._lock = threading.Lock()
        self._done: list[Effect] = []
        self._refused: set[str] = set()
        self._connections = 0

    def is_idle(self) -> bool:
        """Whether nobody has asked for an effect that has not happened yet.

        Whoever knocks is let in after all who came before, and told while it is still
        there how many others are.
        """
        with urlopen(f"{self.origin}/knock") as answer:  # noqa: S310  our own server
            return answer.read() == b"0"

    @property
    def connections(self) -> int:
        """How many have come and not gone."""
        with self._lock:
            return self._connections

    def count(self, change: int) -> None:
        """A connection has come or gone."""
        with self._lock:
            self._connections += change

    @property
    def done(self) -> list[Effect]:
        with self._lock:
            return list(self._done)

    def add(self, effect: Effect) -> None:
        with self._lock:
            self._done.append(effect)

    def refuses(self, path: str) -> bool:
        """Whether this address was never asked before."""
        with self._lock:
            is_first = path not in self._refused
            self._refused.add(path)
        return is_first

    def times_between(self, first: str, then: str) -> list[float]:
        """Seconds between the effects of two nodes, for each run that has both."""
        began = {each.token: each.at for each in self.done if each.node == first}
        return [e.at - began[e.token] for e in self.done if e.node == then]

    def happened(self, token: str, node: str) -> bool:
        """Whether the effect that must not happen twice has happened."""
        return any(
            (effect.promise, effect.token, effect.node) == ("once", token, node)
            for effect in self.done
        )


def think(seconds: float) -> None:
    """Take time, so that whoever asks can be killed before and after the effect."""
    threading.Event().wait(seconds)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def _act(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        status = self._perform(self.server.effects)
        think(self.server.effects.takes_s)
        self._answer(status)

    def _perform(self, effects: EffectServer) -> int:
        promise, token, node = self.path.strip("/").split("/")
        think(effects.takes_s)
        if promise == "shaky" and effects.refuses(self.path):
            return 503
        key = self.headers.get("Idempotency-Key") or ""
        effects.add(Effect(promise, token, node, key, time.monotonic()))
        return 200

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self._act()

    def do_PUT(self) -> None:
        self._act()

    def do_GET(self) -> None:
        """Tell whoever knocks how many others there are."""
        self._answer(200, str(self.server.effects.connections - 1).encode())

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    effects: EffectServer

    def process_request(self, request: Any, address: Any) -> None:
        self.effects.count(1)
        super().process_request(request, address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.effects.count(-1)

    def handle_error(self, *_args: object) -> None:
        """A client that was killed is no news."""


@contextmanager
def effect_server() -> Iterator[EffectServer]:
    """Serve until the end of the block."""
    server = Server(("127.0.0.1", 0), Handler)
    server.effects = EffectServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.effects
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
