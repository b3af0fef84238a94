"""A server of the Open Inference Protocol v2 on a loopback port.

It holds one model, `sum`: for a row of numbers it gives their sum, and for texts their
lengths. `misbehave` is what it answers in place of that.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.fakes.loopback import LoopbackServer, serving

METADATA = {
    "name": "sum",
    "versions": ["1"],
    "platform": "none",
    "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 2]}],
    "outputs": [
        {"name": "sum", "datatype": "FP32", "shape": [-1]},
        {"name": "count", "datatype": "INT64", "shape": [-1]},
    ],
}
PATHS = {
    "/v2/models/sum": "metadata",
    "/v2/models/sum/versions/1": "metadata",
    "/v2/models/sum/ready": "ready",
    "/v2/models/sum/versions/1/ready": "ready",
    "/v2/models/sum/infer": "infer",
    "/v2/models/sum/versions/1/infer": "infer",
}


class FakeOip:
    """Holds what was asked."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.misbehave: tuple[int, object] | None = None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        self.take({"metadata", "ready"})

    def do_POST(self) -> None:
        self.take({"infer"})

    def take(self, known: set[str]) -> None:
        fake = self.server.fake
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.loads(text) if text else None
        headers = {name.lower(): value for name, value in self.headers.items()}
        fake.asked.append((self.path, headers, body))
        what = PATHS.get(self.path)
        if fake.misbehave is not None:
            self.send(*fake.misbehave)
        elif what not in known:
            self.send(404, {"error": f"no model at {self.path}"})
        else:
            self.send(*getattr(self, what)(body))

    def ready(self, _body: None) -> tuple[int, object]:
        return 200, {"name": "sum", "ready": True}

    def metadata(self, _body: None) -> tuple[int, object]:
        return 200, METADATA

    def infer(self, body: dict[str, Any]) -> tuple[int, object]:
        given = {tensor["name"]: tensor for tensor in body["inputs"]}
        if "x" not in given:
            return 400, {"error": "the input x is missing"}
        rows, columns = given["x"]["shape"]
        flat = given["x"]["data"]
        lines = [flat[at : at + columns] for at in range(0, len(flat), columns)]
        outputs = [
            {
                "name": "sum",
                "datatype": "FP32",
                "shape": [rows],
                "data": [sum(map(float, line)) for line in lines],
            },
            {
                "name": "count",
                "datatype": "INT64",
                "shape": [rows, 1],
                "data": [[len(line)] for line in lines],
            },
        ]
        wanted = {output["name"] for output in body.get("outputs", outputs)}
        kept = [output for output in outputs if output["name"] in wanted]
        return 200, {"model_name": "sum", "id": body["id"], "outputs": kept}

    def send(self, status: int, value: object) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Server(LoopbackServer):
    fake: FakeOip


@contextmanager
def oip_server() -> Iterator[FakeOip]:
    """Serve until the block ends."""
    server = Server(("127.0.0.1", 0), Handler)
    server.fake = FakeOip(server.server_port)
    with serving(server):
        yield server.fake
