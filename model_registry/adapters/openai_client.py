"""The official client, held to our addresses, keys and limits, and its errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import openai

from model_registry import pricing
from model_registry.adapters.base import AdapterCall, LoadRequest
from model_registry.adapters.failures import of_status, without, without_answer
from model_registry.adapters.settings import KeySettings, OpenAISettings, Price
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelUnavailable,
)
from orchestrator_site.egress.client import model_client
from orchestrator_site.egress.errors import EgressError

Header = str | openai.Omit

NO_KEY = "none"
# The client would fill these from variables that belong to somebody else.
NOT_SENT = {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}


def open_http(request: LoadRequest, base_url: str) -> httpx2.Client:
    """Connections for a version. Raises: ModelUnavailable if nobody allows them."""
    if problem := request.allowance.refusal(base_url):
        raise ModelUnavailable(problem)
    return model_client(request.allowance)


def client_for(base_url: str, http: httpx2.Client) -> openai.OpenAI:
    """A client that never retries: the engine decides about that.

    To make one takes as long as a fifth of a call. It holds no key, so that it may be
    kept: requests carry that.
    """
    return openai.OpenAI(
        api_key=NO_KEY, base_url=base_url, max_retries=0, http_client=http
    )


def headers_of(key: str, call: AdapterCall | None = None) -> dict[str, Header]:
    """What every request carries, and that of a call."""
    headers: dict[str, Header] = {
        "Authorization": f"Bearer {key or NO_KEY}",
        **NOT_SENT,
    }
    return headers | {"Idempotency-Key": call.idempotency_key} if call else headers


@contextmanager
def translated(timeout_s: float, key: str) -> Iterator[None]:
    """Raise what the client meets as an error of ours, which never holds the key."""
    try:
        yield
    except openai.OpenAIError as error:
        raise _translated(error, timeout_s, key) from None
    except EgressError as error:
        raise without_answer(error, timeout_s) from None
    except (ValueError, RecursionError):
        raise ModelAnswerInvalid("The answer is not JSON.", retryable=True) from None


def cost_of(price: Price | None, usage: dict[str, int]) -> int:
    """What the tokens cost, in micro-dollars."""
    if price is None:
        return 0
    return pricing.cost_usd_micros(
        input_tokens=usage.get("input_tokens", 0),
        output_tokens=usage.get("output_tokens", 0),
        input_usd_per_million=price.input_usd_per_million,
        output_usd_per_million=price.output_usd_per_million,
    )


def usage_of(told: object) -> dict[str, int]:
    """The tokens that a server says it used; nothing it does not say."""
    counts = {
        "input_tokens": getattr(told, "prompt_tokens", None),
        "output_tokens": getattr(told, "completion_tokens", None),
    }
    return {name: n for name, n in counts.items() if isinstance(n, int) and n >= 0}


def find_model(request: LoadRequest, settings: OpenAISettings, timeout_s: float) -> str:
    """Look whether the server lists the model, which costs nothing.

    Returns: what was found, for a person.
    Raises: ModelError
    """
    key = read_key(request, settings)
    with open_http(request, settings.base_url) as http, translated(timeout_s, key):
        client = client_for(settings.base_url, http)
        names = _list_models(client, headers_of(key), timeout_s)
    if names and settings.model not in names:
        raise ModelUnavailable(
            f"The server has no model {settings.model!r}. It lists: "
            f"{', '.join(names[:10])}."
        )
    return f"The server lists {settings.model}." if names else "The server answers."


def _list_models(
    client: openai.OpenAI, headers: dict[str, Header], timeout_s: float
) -> list[str]:
    try:
        listed = client.models.list(timeout=timeout_s, extra_headers=headers)
        return [str(model.id) for model in listed.data]
    except (AttributeError, TypeError):  # the client takes any JSON, or text, for one
        raise ModelAnswerInvalid(
            "The answer is no list of models: correct base_url."
        ) from None


def read_key(request: LoadRequest, settings: KeySettings) -> str:
    """The key of a version; empty if it needs none."""
    return request.read_secret(settings.key_name) if settings.key_name else ""


def _translated(error: openai.OpenAIError, timeout_s: float, key: str) -> ModelError:
    match error:
        case openai.APIConnectionError(__cause__=EgressError() as met):
            return without_answer(met, timeout_s)
        case openai.APIStatusError(status_code=status, body=body):
            reason = body.get("message") if isinstance(body, dict) else None
            return of_status(status, reason, key=key, setting="base_url")
        case openai.APIResponseValidationError():
            return ModelAnswerInvalid("The answer cannot be read.", retryable=True)
        case openai.APIError(message=said):
            # Told in the middle of a stream, behind a status that promised more.
            return ModelUnavailable(
                f"The model's server broke off: {without(key, str(said))}.",
                retryable=True,
            )
        case _:
            return ModelAnswerInvalid("The answer cannot be read.", retryable=True)
