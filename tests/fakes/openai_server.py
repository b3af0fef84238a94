"""A server that speaks the OpenAI protocol on a loopback port, and misbehaves.

What it does is the first part of the path: `server.url("hangs")` is the base URL of a
model that never answers.
"""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.loopback import LoopbackServer, serving
from tests.fakes.openai_stream import Streams


class FakeOpenAI:
    """Holds what was asked; `reply` is the content of a well-behaved answer."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.reply: str = '{"answer": "Yes."}'
        self.finish_reason = "stop"
        self.refusal: str | None = None
        self.models = ["small", "large"]
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.released = threading.Event()
        # What `url("follows")` does, one after another; then it answers.
        self.script: deque[str] = deque()

    def url(self, behaviour: str) -> str:
        return f"{self.origin}/{behaviour}/v1"

    def completion(self) -> dict[str, Any]:
        message = {"role": "assistant", "content": self.reply, "refusal": self.refusal}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "fake",
            "choices": [choice],
            "usage": {
                "prompt_tokens": 120,
                "completion_tokens": 30,
                "total_tokens": 150,
            },
        }

    def embeddings(self, texts: list[str]) -> dict[str, Any]:
        """A vector for each text, last one first: its length, and its place."""
        entries = [
            {"object": "embedding", "index": place, "embedding": [len(text), place]}
            for place, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": 4 * len(texts), "total_tokens": 4 * len(texts)}
        return {
            "object": "list",
            "data": entries[::-1],
            "model": "fake",
            "usage": usage,
        }


class Handler(Streams, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        """List the models, if the server is one that answers."""
        if self.path == "/answers/v1/models":
            data = [{"id": name, "object": "model"} for name in self.server.fake.models]
            self.send(200, json.dumps({"object": "list", "data": data}))
        else:
            self.act(self.path.split("/")[1])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.fake.requests.append(json.loads(body))
        sent = {name.lower(): text for name, text in self.headers.items()}
        self.server.fake.headers.append(sent)
        self.act(self.path.split("/")[1])

    def act(self, behaviour: str) -> None:
        getattr(self, f"act_{behaviour}")(self.server.fake)

    def act_answers(self, fake: FakeOpenAI) -> None:
        asked = fake.requests[-1]
        if self.path.endswith("/embeddings"):
            self.send(200, json.dumps(fake.embeddings(asked["input"])))
        elif asked.get("stream"):
            self.stream(fake)
        else:
            self.act_ignores_stream(fake)

    def act_ignores_stream(self, fake: FakeOpenAI) -> None:
        self.send(200, json.dumps(fake.completion()))

    def act_follows(self, fake: FakeOpenAI) -> None:
        self.act(fake.script.popleft() if fake.script else "answers")

    def act_repeats(self, fake: FakeOpenAI) -> None:
        """Send the content as it is, whatever was asked."""
        self.send(200, fake.reply)

    def act_overloaded(self, _fake: FakeOpenAI) -> None:
        self.send(429, '{"error": {"message": "slow down"}}')

    def act_breaks(self, _fake: FakeOpenAI) -> None:
        self.send(500, "<html>oops</html>", "text/html")

    def act_refuses(self, _fake: FakeOpenAI) -> None:
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.send(401, json.dumps({"error": {"message": f"bad key {key}"}}))

    def act_missing(self, _fake: FakeOpenAI) -> None:
        self.send(404, "<html>nothing here</html>", "text/html")

    def act_junk(self, _fake: FakeOpenAI) -> None:
        self.send(200, "{half")

    def act_html(self, _fake: FakeOpenAI) -> None:
        self.send(200, "<html>welcome</html>", "text/html")

    def act_empty(self, _fake: FakeOpenAI) -> None:
        self.send(200, "{}")

    def act_huge(self, fake: FakeOpenAI) -> None:
        fake.reply = json.dumps({"answer": "x" * 5_000_000})
        self.act_answers(fake)

    def act_zipped(self, _fake: FakeOpenAI) -> None:
        self.send(200, "junk", encoding="gzip")

    def act_redirects(self, fake: FakeOpenAI) -> None:
        self.send(302, "", location=fake.url("answers") + "/chat/completions")

    def act_hangs(self, fake: FakeOpenAI) -> None:
        fake.released.wait()
        self.close_connection = True

    def act_drips(self, fake: FakeOpenAI) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not fake.released.wait(0.02):
            self.wfile.write(b" ")

    def act_cuts(self, _fake: FakeOpenAI) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"id": ')
        self.close_connection = True

    def send(
        self,
        status: int,
        text: str,
        kind: str = "application/json",
        **headers: str,
    ) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if encoding := headers.get("encoding"):
            self.send_header("Content-Encoding", encoding)
        if location := headers.get("location"):
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Server(LoopbackServer):
    fake: FakeOpenAI


@contextmanager
def openai_server() -> Iterator[FakeOpenAI]:
    """Serve until the block ends."""
    server = Server(("127.0.0.1", 0), Handler)
    server.fake = FakeOpenAI(server.server_port)
    with serving(server):
        try:
            yield server.fake
        finally:
            server.fake.released.set()
