"""A chat completion that comes in pieces, and counts only when it came to its end."""

from dataclasses import dataclass
from typing import Any

import openai
from openai.types.chat import ChatCompletionChunk

from model_registry.adapters.openai_client import usage_of
from model_registry.errors import ModelAnswerInvalid, ModelUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a model said, whichever way it came."""

    content: str
    refusal: str
    finish_reason: str | None
    usage: dict[str, int]


class _Pieces:
    """What has come so far."""

    def __init__(self) -> None:
        self.came = 0
        self.content: list[str] = []
        self.refusal: list[str] = []
        self.finish_reason: str | None = None
        self.usage: dict[str, int] = {}

    def add(self, chunk: ChatCompletionChunk) -> None:
        """Take a piece; the last one may hold the usage and nothing else."""
        self.came += 1
        self.usage = usage_of(chunk.usage) or self.usage
        for choice in chunk.choices[:1]:
            self.content.append(choice.delta.content or "")
            self.refusal.append(choice.delta.refusal or "")
            self.finish_reason = choice.finish_reason or self.finish_reason


def read(client: openai.OpenAI, question: dict[str, Any]) -> Said:
    """Ask, and put the pieces together.

    Raises: ModelUnavailable if the stream ends before the answer does;
    ModelAnswerInvalid if it is none; what the client raises
    """
    pieces = _Pieces()
    with client.chat.completions.create(
        **question, stream=True, stream_options={"include_usage": True}
    ) as stream:
        try:
            for chunk in stream:
                pieces.add(chunk)
        except (AttributeError, TypeError):
            raise ModelAnswerInvalid(
                "The answer is no stream of a chat completion.", retryable=True
            ) from None
    if not pieces.came:
        raise ModelAnswerInvalid(
            "The answer is no stream. Take `stream` out of the settings, or correct "
            "base_url."
        )
    if pieces.finish_reason is None:
        raise ModelUnavailable(
            "The model's server broke off its answer in the middle.", retryable=True
        )
    return Said(
        content="".join(pieces.content),
        refusal="".join(pieces.refusal),
        finish_reason=pieces.finish_reason,
        usage=pieces.usage,
    )
