"""JSON asked of a server and read from it, or an error of ours."""

import json
from dataclasses import dataclass, field
from typing import Any, NoReturn

import httpx2

from model_registry.adapters.failures import of_status, read_reason, without_answer
from model_registry.errors import ModelAnswerInvalid, ModelInputInvalid
from orchestrator_site.egress.errors import EgressError


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request; `setting` names where its address stands in the settings.

    Without a `body` it is a GET.
    """

    url: str
    setting: str
    timeout_s: float
    body: Any = None
    key: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def ask(client: httpx2.Client, asked: Asked) -> Any:  # noqa: ANN401 - any JSON value
    """Send, and read the JSON of a good answer. Raises: ModelError."""
    response = ask_status(client, asked)
    try:
        return read_json(response.text)
    except (ValueError, RecursionError):
        raise ModelAnswerInvalid("The answer is not JSON.", retryable=True) from None


def ask_status(client: httpx2.Client, asked: Asked) -> httpx2.Response:
    """Send; only a status from 200 to 299 is good. Raises: ModelError."""
    response = send(client, asked)
    if not response.is_success:
        reason = read_reason(response.content)
        raise of_status(
            response.status_code, reason, key=asked.key, setting=asked.setting
        )
    return response


def send(client: httpx2.Client, asked: Asked) -> httpx2.Response:
    """Send, and take whatever status comes. Raises: ModelError."""
    method, content = ("GET", b"") if asked.body is None else ("POST", _written(asked))
    headers = dict(asked.headers)
    if content:
        headers["Content-Type"] = "application/json"
    try:
        return client.request(
            method,
            asked.url,
            content=content or None,
            headers=headers,
            timeout=asked.timeout_s,
            follow_redirects=False,
        )
    except EgressError as error:
        raise without_answer(error, asked.timeout_s) from None


def read_json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Read JSON, of which NaN is none. Raises: ValueError, RecursionError."""
    return json.loads(text, parse_constant=_no_number)


def _written(asked: Asked) -> bytes:
    try:
        text = json.dumps(asked.body, ensure_ascii=False, allow_nan=False)
        return text.encode()
    except ValueError:
        raise ModelInputInvalid(
            "The input holds a character or number that cannot be sent."
        ) from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
