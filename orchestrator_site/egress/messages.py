"""What is asked of others over HTTP, and what they answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request with a body of bytes, perhaps none.

    `timeout_s` covers everything from looking the name up to the last byte, redirects
    included; `max_bytes` the body of the answer, as it comes and decompressed. Redirects
    are followed, except with a status in `answers`.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    timeout_s: float = 30.0
    max_bytes: int = 1_000_000
    answers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer read to its end; the names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
