"""Models that turn texts into vectors, behind the OpenAI protocol.

One text gives `{"vector": [...]}`, a list of them `{"vectors": [[...], ...]}` in the
same order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import openai
from openai.types import CreateEmbeddingResponse

from model_registry import prompts
from model_registry.adapters.base import (
    AdapterCall,
    AdapterReply,
    LoadedModel,
    LoadRequest,
    SecretReader,
    TellsSchemas,
)
from model_registry.adapters.http_settings import OpenAIEmbeddingsSettings
from model_registry.adapters.openai_client import (
    client_for,
    cost_of,
    find_model,
    headers_of,
    open_http,
    translated,
    usage_of,
)
from model_registry.adapters.tensor_schemas import (
    TensorType,
    object_schema,
    tensor_schema,
)
from model_registry.errors import ModelAnswerInvalid, ModelInputInvalid, paid
from model_registry.json_values import JsonObject, is_text

MOST_TEXTS = 2_048
Vector = list[float]


def load(request: LoadRequest) -> LoadedModel:
    """Make a model that any number of threads may call."""
    settings = OpenAIEmbeddingsSettings.model_validate(request.settings)
    client = client_for(settings.base_url, open_http(request, settings.base_url))
    return EmbeddingsModel(settings, client, request.read_secret)


@dataclass(frozen=True, slots=True)
class EmbeddingsModel:
    """A version of a model. The key is read anew for every call."""

    settings: OpenAIEmbeddingsSettings
    client: openai.OpenAI
    read_secret: SecretReader

    def __call__(self, call: AdapterCall) -> AdapterReply:
        """Ask once, without retries."""
        texts = self._texts(call.input)
        name = self.settings.key_name
        key = self.read_secret(name) if name else ""
        with translated(call.timeout_s, key):
            answer = self.client.embeddings.create(
                model=self.settings.model,
                input=texts,
                # The client would ask for packed numbers, which not every server knows.
                encoding_format="float",
                dimensions=self.settings.dimensions or openai.omit,
                timeout=call.timeout_s,
                extra_headers=headers_of(key, call),
            )
        usage = usage_of(getattr(answer, "usage", None))
        cost = cost_of(self.settings.price, usage)
        with paid(usage, cost):
            vectors = _vectors(answer, len(texts))
        return AdapterReply(
            output={"vectors": vectors}
            if self.settings.texts
            else {"vector": vectors[0]},
            usage=usage,
            cost_usd_micros=cost,
        )

    def _texts(self, value: JsonObject) -> list[str]:
        if self.settings.text is not None:
            return [prompts.fill(self.settings.text, value)]
        name = str(self.settings.texts)
        texts = value.get(name)
        if not isinstance(texts, list) or not 0 < len(texts) <= MOST_TEXTS:
            raise ModelInputInvalid(
                f"The input's '{name}' must be a list of 1 to {MOST_TEXTS:,} texts."
            )
        if not all(isinstance(text, str) and is_text(text) for text in texts):
            raise ModelInputInvalid(f"The input's '{name}' may hold only texts.")
        return texts


def health(request: LoadRequest, timeout_s: float) -> str:
    """See whether the server lists the model."""
    settings = OpenAIEmbeddingsSettings.model_validate(request.settings)
    return find_model(request, settings, timeout_s)


def schema(request: LoadRequest, _timeout_s: float) -> TellsSchemas | None:
    """What this adapter makes of any model."""
    settings = OpenAIEmbeddingsSettings.model_validate(request.settings)
    length = settings.dimensions or 0
    if settings.texts is None:
        output = object_schema(
            {"vector": tensor_schema(TensorType("number", [length]))}
        )
        return TellsSchemas(input=None, output=output)
    return TellsSchemas(
        input=object_schema({settings.texts: tensor_schema(TensorType("string", [0]))}),
        output=object_schema(
            {"vectors": tensor_schema(TensorType("number", [0, length]))}
        ),
    )


def _vectors(answer: CreateEmbeddingResponse, asked: int) -> list[Vector]:
    try:
        entries = sorted(answer.data, key=lambda entry: entry.index)
        places = [entry.index for entry in entries]
        vectors = [_finite(entry.embedding) for entry in entries]
    except (AttributeError, TypeError, OverflowError):
        raise ModelAnswerInvalid("The answer holds no vectors.") from None
    if places != list(range(asked)):
        raise ModelAnswerInvalid(
            f"The answer has {len(vectors)} vectors, for {asked} texts."
        )
    if len({len(vector) for vector in vectors}) != 1 or not vectors[0]:
        raise ModelAnswerInvalid("The answer's vectors differ in length, or are empty.")
    return vectors


def _finite(numbers: Sequence[float]) -> Vector:
    if isinstance(numbers, str) or not all(map(math.isfinite, numbers)):
        raise TypeError
    return list(numbers)
