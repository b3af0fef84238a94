"""Ask a service over HTTP."""

import re
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import Field, field_validator, model_validator

from flows.expressions import compile_text
from flows.nodes.base import (
    Data,
    Done,
    Effect,
    Failed,
    Fetch,
    NodeConfig,
    NodeType,
    Schema,
    Written,
)
from flows.nodes.urls import check_url, fill_url
from flows.nodes.values import Text, Values, evaluate_values, written_values

JSON = "application/json"
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,60}$")]
HeaderText = Annotated[
    str, Field(max_length=2_000, json_schema_extra={"format": "text"})
]
# What the client writes itself, or what would change whom it talks to.
RESERVED = frozenset(
    [
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "idempotency-key",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
NOT_IN_HEADER = re.compile(r"[^\t\x20-\x7e\xa0-\xff]")
TEXTUAL = {"application/xml", "application/javascript", "application/yaml"}
CHARSETS = {"": "utf-8", "utf-8": "utf-8", "us-ascii": "ascii"}
CHARSETS |= dict.fromkeys(("iso-8859-1", "latin1", "windows-1252"), "cp1252")


class Config(NodeConfig):
    """The request, and which answers are good ones.

    The scheme, host and port of `url` are written out: an expression cannot choose them.
    `body` is sent as a JSON object, or `text` as it is. Without `ok_statuses` every
    status from 200 to 299 is good. With `idempotency` the service is given the same
    Idempotency-Key whenever the step is tried again.
    """

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: Text
    headers: Annotated[dict[HeaderName, HeaderText], Field(max_length=40)] = Field(
        default_factory=dict
    )
    body: Values = Field(default_factory=dict)
    text: Text | None = None
    ok_statuses: Annotated[
        list[Annotated[int, Field(ge=200, le=599)]], Field(max_length=50)
    ] = Field(default_factory=list)
    timeout_s: Annotated[float, Field(gt=0, le=300)] = 30.0
    max_bytes: Annotated[int, Field(ge=1, le=10_000_000)] = 1_000_000
    idempotency: Literal["none", "header"] = "none"

    @field_validator("url")
    @classmethod
    def _host_is_written_out(cls, url: str) -> str:
        check_url(url)
        return url

    @field_validator("headers")
    @classmethod
    def _headers_are_ours_to_set(cls, headers: dict[str, str]) -> dict[str, str]:
        seen: set[str] = set()
        for name in headers:
            if name.lower() in RESERVED or name.lower().startswith("proxy-"):
                raise ValueError(f"the header '{name}' cannot be set; remove it")
            if name.lower() in seen:
                raise ValueError(f"the header '{name}' stands there twice")
            seen.add(name.lower())
        return headers

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.body and self.text is not None:
            raise ValueError("give one of `body` and `text`, not both")
        if self.method in ("GET", "HEAD") and (self.body or self.text is not None):
            raise ValueError(f"a {self.method} has no body; put values into the URL")
        return self


def run(config: Config, data: Data) -> Fetch | Failed:
    """Ask for the request, with everything filled in."""
    variables = data.variables
    url = fill_url(config.url, variables)
    if isinstance(url, Failed):
        return url
    headers = {
        name: compile_text(source).render(variables).strip()
        for name, source in config.headers.items()
    }
    for name, text in headers.items():
        if NOT_IN_HEADER.search(text):
            return Failed(
                code="http_header_invalid",
                message=f"The header '{name}' holds a line end or another character "
                "that cannot be sent. Remove it from the value.",
            )
    kind, body = _body(config, data)
    if kind and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = kind
    if config.idempotency == "header":
        headers["Idempotency-Key"] = data.key
    return Fetch(
        method=config.method,
        url=url,
        headers=headers,
        body=body,
        timeout_s=config.timeout_s,
        max_bytes=config.max_bytes,
        ok_statuses=tuple(config.ok_statuses),
    )


def _body(config: Config, data: Data) -> tuple[str, bytes]:
    if config.text is not None:
        text = compile_text(config.text).render(data.variables)
        return "text/plain; charset=utf-8", text.encode()
    if config.body:
        return JSON, orjson.dumps(evaluate_values(config.body, data))
    return "", b""


def read_answer(
    fetch: Fetch, status: int, headers: dict[str, str], body: bytes
) -> Done | Failed:
    """Make the step's result of an answer.

    `headers` have lower-case names. The body becomes JSON or text as its content type
    says, null if there is none.
    """
    good = fetch.ok_statuses or range(200, 300)
    if status not in good:
        return Failed(
            code="http_status",
            message=f"The service answered {status}. List it in ok_statuses if the "
            "flow should go on with it.",
        )
    kind, _, parameters = headers.get("content-type", "").lower().partition(";")
    try:
        read = _read_body(kind.strip(), parameters, body)
    except (ValueError, KeyError):
        return Failed(
            code="http_body_unreadable",
            message=f"The body of the answer is no JSON or text in a known character "
            f"set. Its type is '{kind.strip()[:80]}'.",
        )
    return Done(output={"status": status, "headers": headers, "body": read})


def _read_body(kind: str, parameters: str, body: bytes) -> Any:  # noqa: ANN401 - JSON
    if not body:
        return None
    if kind == JSON or kind.endswith("+json"):
        return orjson.loads(body)
    if kind and not (
        kind.startswith("text/") or kind.endswith("+xml") or kind in TEXTUAL
    ):
        raise ValueError(kind)
    charset = re.search(r"charset=\"?([a-z0-9-]+)", parameters)
    return body.decode(CHARSETS[charset[1] if charset else ""])


def effect_by(config: Config) -> Effect:
    """What RFC 9110 (9.2.2) says of the method, unless the service is given a key."""
    if config.method in ("POST", "PATCH") and config.idempotency == "none":
        return "at_most_once"
    return "idempotent"


def expressions(config: Config) -> list[Written]:
    """The URL, the headers and the body."""
    found: list[Written] = [("/url", config.url, "text")]
    for name, source in config.headers.items():
        found.append((f"/headers/{name}", source, "text"))
    found += written_values("/body", config.body)
    if config.text is not None:
        found.append(("/text", config.text, "text"))
    return found


def output_schema(_config: Config, _input_schema: Schema) -> dict[str, Any]:
    """The answer."""
    return {
        "type": "object",
        "properties": {
            "status": {"type": "integer"},
            "headers": {"type": "object", "additionalProperties": {"type": "string"}},
            "body": {},
        },
        "required": ["status", "headers", "body"],
        "additionalProperties": False,
    }


NODE = NodeType(
    name="http_request",
    label="HTTP request",
    help="Asks a service over HTTP, at a host that the workspace allows.",
    icon="world-www",
    effect="at_most_once",
    effect_by=effect_by,
    runs="wait",
    config=Config,
    run=run,
    out_ports=lambda _config: ("out",),
    expressions=expressions,
    output_schema=output_schema,
)
