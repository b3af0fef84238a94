"""Chat models behind the OpenAI protocol: Ollama, llama.cpp, vLLM, or a vendor.

The answer is held to a JSON Schema and read as one JSON object. What the model says
decides nothing else: address, model and key come from the version's settings.
"""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

import httpx2
import openai
from openai.types.chat import ChatCompletion

from model_registry import pricing, prompts
from model_registry.adapters.base import (
    AdapterCall,
    AdapterReply,
    LoadedModel,
    LoadRequest,
)
from model_registry.adapters.credentials import read_key
from model_registry.adapters.settings import OpenAIChatSettings
from model_registry.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
)
from model_registry.json_values import JsonObject, kind_of
from orchestrator_site.egress.client import model_client
from orchestrator_site.egress.errors import (
    AddressNotAllowed,
    AnswerTooLarge,
    AnswerUnreadable,
    EgressError,
    OriginNotAllowed,
    TimedOut,
)

SHOWN = 300
NO_KEY = "none"
# The client would fill these from variables that belong to somebody else.
NOT_SENT = {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}


def load(request: LoadRequest) -> LoadedModel:
    """Make a chat model that any number of threads may call."""
    settings = OpenAIChatSettings.model_validate(request.settings)
    if problem := request.allowance.refusal(settings.base_url):
        raise ModelUnavailable(problem)
    schema = settings.response_schema or request.output_schema
    return ChatModel(settings, schema, model_client(request.allowance))


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A version of a chat model. The key is read anew for every call."""

    settings: OpenAIChatSettings
    schema: JsonObject
    http: httpx2.Client

    def __call__(self, call: AdapterCall) -> AdapterReply:
        """Ask once, without retries: the engine decides about those."""
        name = self.settings.api_key_env
        key = read_key(name) if name else NO_KEY
        try:
            completion = self._complete(call, key)
        except openai.OpenAIError as error:
            _translate(error, call, key)
        except EgressError as error:
            raise _without_answer(error, call) from None
        except ValueError:
            raise ModelAnswerInvalid(
                "The answer is not JSON.", retryable=True
            ) from None
        return self._reply(completion)

    def _complete(self, call: AdapterCall, key: str) -> ChatCompletion:
        settings = self.settings
        client = openai.OpenAI(
            api_key=key,
            base_url=settings.base_url,
            max_retries=0,
            http_client=self.http,
        )
        prompt = prompts.fill(settings.prompt, call.input)
        messages: list[Any] = [{"role": "user", "content": prompt}]
        if settings.system:
            messages.insert(0, {"role": "system", "content": settings.system})
        return client.chat.completions.create(
            model=settings.model,
            messages=messages,
            temperature=openai.omit
            if settings.temperature is None
            else settings.temperature,
            max_tokens=settings.max_tokens,
            response_format={
                "type": "json_schema",
                "json_schema": {
                    "name": "answer",
                    "strict": True,
                    "schema": self.schema,
                },
            },
            timeout=call.timeout_s,
            extra_headers={"Idempotency-Key": call.idempotency_key, **NOT_SENT},
        )

    def _reply(self, completion: ChatCompletion) -> AdapterReply:
        try:
            choice = completion.choices[0]
            content, refusal = choice.message.content, choice.message.refusal
            finished = choice.finish_reason
        except (AttributeError, IndexError, TypeError):
            raise ModelAnswerInvalid("The answer is no chat completion.") from None
        if refusal:
            raise ModelRefused(f"The model refused: {str(refusal)[:SHOWN]}")
        if finished == "length":
            raise ModelAnswerInvalid(
                f"The answer was cut off at max_tokens, {self.settings.max_tokens}."
            )
        usage = _usage(completion)
        return AdapterReply(
            output=_object(content), usage=usage, cost_usd_micros=self._cost(usage)
        )

    def _cost(self, usage: dict[str, int]) -> int:
        price = self.settings.price
        if price is None:
            return 0
        return pricing.cost_usd_micros(
            input_tokens=usage.get("input_tokens", 0),
            output_tokens=usage.get("output_tokens", 0),
            input_usd_per_million=price.input_usd_per_million,
            output_usd_per_million=price.output_usd_per_million,
        )


def _usage(completion: ChatCompletion) -> dict[str, int]:
    counts = {
        "input_tokens": getattr(completion.usage, "prompt_tokens", None),
        "output_tokens": getattr(completion.usage, "completion_tokens", None),
    }
    return {name: n for name, n in counts.items() if isinstance(n, int) and n >= 0}


def _object(content: object) -> JsonObject:
    try:
        value = json.loads(str(content), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ModelAnswerInvalid(
            "The answer's content is not JSON.", retryable=True
        ) from None
    if not isinstance(value, dict):
        kind = kind_of(value)
        raise ModelAnswerInvalid(
            f"The answer's content is {kind}; an object was expected.", retryable=True
        )
    return value


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _translate(error: openai.OpenAIError, call: AdapterCall, key: str) -> NoReturn:
    """Raise what the client met as an error of ours, which never holds the key."""
    raise _translated(error, call, key) from None


def _translated(error: openai.OpenAIError, call: AdapterCall, key: str) -> ModelError:
    match error:
        case openai.APIConnectionError(__cause__=EgressError() as met):
            return _without_answer(met, call)
        case openai.APIStatusError(status_code=status):
            said = f"The model's server answered {status}{_reason(error, key)}."
            if status in {408, 429} or status >= 500:
                return ModelOverloaded(said)
            if status < 400:
                said += " Redirects are not followed: correct base_url."
            return ModelRefused(said)
        case _:
            return ModelAnswerInvalid("The answer cannot be read.", retryable=True)


def _without_answer(error: EgressError, call: AdapterCall) -> ModelError:
    match error:
        case TimedOut():
            return ModelTimedOut(f"No answer within {call.timeout_s:g} s.")
        case AnswerTooLarge() | AnswerUnreadable():
            return ModelAnswerInvalid(f"The answer is not read: {error.message}")
        case OriginNotAllowed() | AddressNotAllowed():
            return ModelUnavailable(error.message)
        case _:
            said = "The model cannot be reached, or it broke off its answer."
            return ModelUnavailable(f"{said} {error.message}", retryable=True)


def _reason(error: openai.APIStatusError, key: str) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str):
        return ""
    return f": {message.replace(key, '[key]')[:SHOWN]}"
