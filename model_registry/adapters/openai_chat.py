"""Chat models behind the OpenAI protocol: Ollama, llama.cpp, vLLM, or a vendor.

The answer is held to a JSON Schema and read as one JSON object. What the model says
decides nothing else: address, model and key come from the version's settings.
"""

from dataclasses import dataclass
from typing import Any

import openai
from openai.types.chat import ChatCompletion

from model_registry import prompts
from model_registry.adapters import chat_stream
from model_registry.adapters.base import (
    AdapterCall,
    AdapterReply,
    LoadedModel,
    LoadRequest,
    SecretReader,
    TellsSchemas,
)
from model_registry.adapters.chat_stream import Said
from model_registry.adapters.failures import SHOWN
from model_registry.adapters.json_http import read_json
from model_registry.adapters.openai_client import (
    client_for,
    cost_of,
    find_model,
    headers_of,
    open_http,
    translated,
    usage_of,
)
from model_registry.adapters.settings import OpenAIChatSettings
from model_registry.errors import ModelAnswerInvalid, ModelRefused, paid
from model_registry.json_values import JsonObject, kind_of


def load(request: LoadRequest) -> LoadedModel:
    """Make a chat model that any number of threads may call."""
    settings = OpenAIChatSettings.model_validate(request.settings)
    return ChatModel(
        settings=settings,
        schema=settings.response_schema or request.output_schema,
        client=client_for(settings.base_url, open_http(request, settings.base_url)),
        read_secret=request.read_secret,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatModel:
    """A version of a chat model. The key is read anew for every call."""

    settings: OpenAIChatSettings
    schema: JsonObject
    client: openai.OpenAI
    read_secret: SecretReader

    def __call__(self, call: AdapterCall) -> AdapterReply:
        """Ask once, without retries."""
        name = self.settings.key_name
        key = self.read_secret(name) if name else ""
        question = self._question(call) | {"extra_headers": headers_of(key, call)}
        with translated(call.timeout_s, key):
            if self.settings.stream:
                said = chat_stream.read(self.client, question)
            else:
                said = _whole(self.client.chat.completions.create(**question))
        return self._reply(said)

    def _question(self, call: AdapterCall) -> dict[str, Any]:
        settings = self.settings
        prompt = prompts.fill(settings.prompt, call.input)
        messages = [{"role": "user", "content": prompt}]
        if settings.system:
            messages.insert(0, {"role": "system", "content": settings.system})
        form = {"name": "answer", "strict": True, "schema": self.schema}
        return {
            "model": settings.model,
            "messages": messages,
            "temperature": openai.omit
            if settings.temperature is None
            else settings.temperature,
            "max_tokens": settings.max_tokens,
            "response_format": {"type": "json_schema", "json_schema": form},
            "timeout": call.timeout_s,
        }

    def _reply(self, said: Said) -> AdapterReply:
        cost = cost_of(self.settings.price, said.usage)
        with paid(said.usage, cost):
            output = self._output(said)
        return AdapterReply(output=output, usage=said.usage, cost_usd_micros=cost)

    def _output(self, said: Said) -> JsonObject:
        if said.refusal:
            raise ModelRefused(f"The model refused: {said.refusal[:SHOWN]}")
        if said.finish_reason == "length":
            raise ModelAnswerInvalid(
                f"The answer was cut off at max_tokens, {self.settings.max_tokens}."
            )
        return _object(said.content)


def health(request: LoadRequest, timeout_s: float) -> str:
    """See whether the server lists the model."""
    settings = OpenAIChatSettings.model_validate(request.settings)
    return find_model(request, settings, timeout_s)


def schema(request: LoadRequest, _timeout_s: float) -> TellsSchemas | None:
    """The answer is held to a schema; what is asked is up to the prompt."""
    settings = OpenAIChatSettings.model_validate(request.settings)
    return TellsSchemas(input=None, output=settings.response_schema)


def _whole(completion: ChatCompletion) -> Said:
    try:
        choice = completion.choices[0]
        message = choice.message
        return Said(
            content=str(message.content),
            refusal=str(message.refusal or ""),
            finish_reason=choice.finish_reason,
            usage=usage_of(completion.usage),
        )
    except (AttributeError, IndexError, TypeError):
        raise ModelAnswerInvalid("The answer is no chat completion.") from None


def _object(content: str) -> JsonObject:
    try:
        value = read_json(content)
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
