"""Services that answer a POST of JSON with JSON.

What is sent and what is kept of the answer is written in the settings, in CEL. Nothing
that comes back chooses an address, a model or a key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from model_registry.adapters import json_http
from model_registry.adapters.base import (
    AdapterCall,
    AdapterReply,
    LoadedModel,
    LoadRequest,
    SecretReader,
    TellsSchemas,
)
from model_registry.adapters.failures import of_status
from model_registry.adapters.http_settings import (
    IN_BODY,
    IN_OUTPUT,
    HttpJsonSettings,
)
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelInputInvalid,
    ModelUnavailable,
)
from model_registry.expressions import compile_values
from model_registry.json_values import JsonObject, kind_of
from orchestrator_site.egress.client import model_client

Values = Callable[[Mapping[str, Any]], dict[str, Any]]
AUTHORIZATION = "authorization"


def load(request: LoadRequest) -> LoadedModel:
    """Make a service that any number of threads may call."""
    settings = HttpJsonSettings.model_validate(request.settings)
    if problem := request.allowance.refusal(settings.url):
        raise ModelUnavailable(problem)
    return HttpJsonModel(
        settings=settings,
        http=model_client(request.allowance),
        read_secret=request.read_secret,
        body=compile_values(settings.body, IN_BODY) if settings.body else None,
        output=compile_values(settings.output, IN_OUTPUT) if settings.output else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpJsonModel:
    """A version of a service. The key is read anew for every call."""

    settings: HttpJsonSettings
    http: httpx2.Client
    read_secret: SecretReader
    body: Values | None
    output: Values | None

    def __call__(self, call: AdapterCall) -> AdapterReply:
        """Ask once, without retries."""
        key = _key(self.settings, self.read_secret)
        answer = json_http.ask(
            self.http,
            json_http.Asked(
                url=self.settings.url,
                setting="url",
                timeout_s=call.timeout_s,
                body=self._body(call),
                key=key,
                headers={
                    "Idempotency-Key": call.idempotency_key,
                    **_key_header(self.settings, key),
                },
            ),
        )
        return AdapterReply(output=self._output(call, answer))

    def _body(self, call: AdapterCall) -> JsonObject:
        if self.body is None:
            return call.input
        try:
            return self.body({"input": call.input})
        except ValueError as error:
            raise ModelInputInvalid(f"No body for the service: {error}") from None

    def _output(self, call: AdapterCall, answer: object) -> JsonObject:
        if self.output is not None:
            try:
                return self.output({"input": call.input, "output": answer})
            except ValueError as error:
                raise ModelAnswerInvalid(
                    f"The service's answer has not what is kept of it: {error}"
                ) from None
        if not isinstance(answer, dict):
            raise ModelAnswerInvalid(
                f"The service's answer is {kind_of(answer)}; an object was expected. "
                "Say in `output` what to take of it."
            )
        return answer


def health(request: LoadRequest, timeout_s: float) -> str:
    """GET the health address; without one, see whether anybody answers at `url`."""
    settings = HttpJsonSettings.model_validate(request.settings)
    key = _key(settings, request.read_secret)
    url = settings.health_url or settings.url
    asked = json_http.Asked(
        url=url,
        setting="health_url" if settings.health_url else "url",
        timeout_s=timeout_s,
        key=key,
        headers=_key_header(settings, key),
    )
    with model_client(request.allowance) as client:
        status = json_http.send(client, asked).status_code
    # Whoever takes only POST says so, with 404 or 405.
    is_well = status < 300 if settings.health_url else status < 500
    if not is_well:
        raise of_status(status, None, key=key, setting=asked.setting)
    return f"The service answered {status}."


def schema(_request: LoadRequest, _timeout_s: float) -> TellsSchemas | None:
    """JSON over HTTP has no way to say what it takes."""
    return None


def _key(settings: HttpJsonSettings, read_secret: SecretReader) -> str:
    return read_secret(settings.key_name) if settings.key_name else ""


def _key_header(settings: HttpJsonSettings, key: str) -> dict[str, str]:
    if not key:
        return {}
    is_bearer = settings.key_header.lower() == AUTHORIZATION
    return {settings.key_header: f"Bearer {key}" if is_bearer else key}
