"""A service on a loopback port that does what the first part of the path says.

Much of it is what no service should do.
"""

import gzip
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import LoopbackServer, serving


class FakeService:
    """Holds what was asked, as dicts of `method`, `path`, `headers` and `body`.

    `reply` is what `replies` sends.
    """

    def __init__(self, port: int, scheme: str = "http") -> None:
        self.port = port
        self.origin = f"{scheme}://127.0.0.1:{port}"
        self.asked: list[dict[str, Any]] = []
        self.reply: bytes = b"{}"
        self.released = threading.Event()

    def url(self, behaviour: str) -> str:
        return f"{self.origin}/{behaviour}"

    @property
    def last(self) -> dict[str, Any]:
        return self.asked[-1]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        behaviour = parts.path.split("/")[1].replace("-", "_")
        self.query = {name: found[0] for name, found in parse_qs(parts.query).items()}
        if behaviour != "reads_nothing":
            self._take_in()
        getattr(self, f"act_{behaviour}")(self.server.fake)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """`do_POST` and the other methods do what `do_GET` does."""
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def _take_in(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.server.fake.asked.append(
            {
                "method": self.command,
                "path": self.path,
                "headers": headers,
                "body": body.decode(),
            }
        )

    def act_answers(self, fake: FakeService) -> None:
        self.send(200, json.dumps({"number": len(fake.asked)}).encode())

    def act_replies(self, fake: FakeService) -> None:
        self.send(200, fake.reply)

    def act_refuses(self, _fake: FakeService) -> None:
        sent = " ".join(self.headers.values())
        self.send(401, json.dumps({"error": {"message": f"who is {sent}"}}).encode())

    def act_status(self, _fake: FakeService) -> None:
        self.send(int(self.query["code"]), b'{"said": "no"}')

    def act_redirects(self, _fake: FakeService) -> None:
        self.send(int(self.query.get("code", 302)), b"", Location=self.query["to"])

    def act_circles(self, _fake: FakeService) -> None:
        self.send(302, b"", Location="/circles")

    def act_zipped(self, _fake: FakeService) -> None:
        self.send(200, gzip.compress(b'{"ok": true}'), **{"Content-Encoding": "gzip"})

    def act_bomb(self, _fake: FakeService) -> None:
        bomb = gzip.compress(bytes(100_000_000), compresslevel=9)
        self.send(200, bomb, **{"Content-Encoding": "gzip"})

    def act_twice_zipped(self, _fake: FakeService) -> None:
        coding = {"Content-Encoding": "gzip, gzip"}
        self.send(200, gzip.compress(gzip.compress(b"{}")), **coding)

    def act_badly_zipped(self, _fake: FakeService) -> None:
        self.send(200, b"no gzip at all", **{"Content-Encoding": "gzip"})

    def act_large(self, _fake: FakeService) -> None:
        self.send(200, b"x" * int(self.query["size"]))

    def act_endless(self, fake: FakeService) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not fake.released.is_set():
            self.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    def act_drips(self, fake: FakeService) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not fake.released.wait(0.02):
            self.wfile.write(b" ")

    def act_drips_headers(self, fake: FakeService) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not fake.released.wait(0.02):
            self.wfile.write(b"X-More: 1\r\n")
            self.wfile.flush()

    def act_hangs(self, fake: FakeService) -> None:
        fake.released.wait()
        self.close_connection = True

    act_reads_nothing = act_hangs

    def act_answers_later(self, fake: FakeService) -> None:
        fake.released.wait()
        self.act_answers(fake)

    def act_closes(self, _fake: FakeService) -> None:
        self.close_connection = True

    def act_cuts(self, _fake: FakeService) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"id": ')
        self.close_connection = True

    def act_breaks_once(self, fake: FakeService) -> None:
        """Nothing the first time: nobody can tell what came of it."""
        if len(fake.asked) > 1:
            self.act_answers(fake)
        self.close_connection = len(fake.asked) == 1

    def act_junk(self, _fake: FakeService) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
        self.close_connection = True

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Server(LoopbackServer):
    fake: FakeService


@contextmanager
def http_service(tls: ssl.SSLContext | None = None) -> Iterator[FakeService]:
    """Serve until the block ends; with `tls` by https."""
    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.fake = FakeService(server.server_port, "https" if tls else "http")
    with serving(server):
        try:
            yield server.fake
        finally:
            server.fake.released.set()
