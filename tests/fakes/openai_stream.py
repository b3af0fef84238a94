"""Answers in pieces, of the server that speaks the OpenAI protocol."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

PIECE = 7


def pieces(completion: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A completion in pieces: its content, its end, and at last its usage."""
    (choice,) = completion["choices"]
    content = choice["message"]["content"]
    told = {key: completion[key] for key in ("id", "created", "model")}
    told |= {"object": "chat.completion.chunk", "usage": None}
    for start in range(0, len(content), PIECE):
        yield told | _choice({"content": content[start : start + PIECE]}, None)
    if choice["message"]["refusal"]:
        yield told | _choice({"refusal": choice["message"]["refusal"]}, None)
    yield told | _choice({}, choice["finish_reason"])
    yield told | {"choices": [], "usage": completion["usage"]}


def _choice(delta: dict[str, str], finish_reason: str | None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}


class Streams(BaseHTTPRequestHandler):
    """What such a server does behind the status that promised an answer."""

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def event(self, value: object) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        data = f"data: {text}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def stream(self, fake: Any) -> None:
        self.begin()
        for piece in pieces(fake.completion()):
            self.event(piece)
        self.event("[DONE]")
        self.end()

    def act_stops(self, fake: Any) -> None:
        """End in the middle, as if that were the end."""
        self.begin()
        self.event(next(pieces(fake.completion())))
        self.end()

    def act_hangs_up(self, fake: Any) -> None:
        """Break the connection in the middle."""
        self.begin()
        self.event(next(pieces(fake.completion())))
        self.close_connection = True

    def act_errs(self, fake: Any) -> None:
        """Tell of an error in the middle."""
        self.begin()
        self.event(next(pieces(fake.completion())))
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.event({"error": {"message": f"out of memory {key}"}})
        self.end()

    def act_garbles(self, fake: Any) -> None:
        self.begin()
        self.event(next(pieces(fake.completion())))
        self.event('{"choices": [{')
        self.end()

    def act_strays(self, _fake: Any) -> None:
        """Send events that are no pieces of a completion."""
        self.begin()
        self.event({"choices": 7})
        self.end()

    def act_whispers(self, fake: Any) -> None:
        """Send a piece now and then, and never come to an end."""
        self.begin()
        piece = next(pieces(fake.completion()))
        while not fake.released.wait(0.02):
            self.event(piece)

    def act_babbles(self, fake: Any) -> None:
        """Send pieces as fast as they go, and never come to an end."""
        self.begin()
        piece = next(pieces(fake.completion()))
        piece["choices"][0]["delta"]["content"] = "x" * 65_536
        while not fake.released.is_set():
            self.event(piece)
