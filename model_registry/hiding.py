"""A secret that a model was asked with comes back in nothing that the asking gives."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from model_registry.errors import ModelError, ModelUnavailable
from model_registry.json_values import JsonObject

logger = logging.getLogger(__name__)
INSTEAD = "[key]"
# What is shorter stands in answers by chance.
SHORTEST = 8


class Secrets:
    """Those that were read since asking began."""

    def __init__(self) -> None:
        self._read: set[str] = set()

    def add(self, secret: str) -> None:
        """Hide it from now on."""
        if len(secret) >= SHORTEST:
            self._read.add(secret)

    def text_without(self, text: str) -> str:
        """A text in which each is replaced."""
        for secret in self._read:
            text = text.replace(secret, INSTEAD)
        return text

    def output_without(self, output: JsonObject) -> JsonObject:
        """An answer in which each is replaced, in names too."""
        return self._without(output) if self._read else output  # type: ignore[return-value]

    def _without(self, value: object) -> object:
        match value:
            case str():
                return self.text_without(value)
            case list():
                return [self._without(each) for each in value]
            case dict():
                return {
                    self.text_without(name): self._without(each)
                    for name, each in value.items()
                }
        return value


_SECRETS: ContextVar[Secrets | None] = ContextVar("secrets", default=None)


def remember(secret: str) -> str:
    """Hide a secret from what is under way; gives it back."""
    if secrets := _SECRETS.get():
        secrets.add(secret)
    return secret


@contextmanager
def hiding() -> Iterator[Secrets]:
    """Replace the secrets read inside in every error that leaves.

    Raises: ModelUnavailable in place of an error, of whatever kind, that would tell one.
    """
    secrets = Secrets()
    token = _SECRETS.set(secrets)
    try:
        yield secrets
    except ModelError as error:
        error.message = secrets.text_without(error.message)
        error.args = (error.message,)
        raise
    except Exception as error:
        trace = traceback.format_exc()
        hidden = secrets.text_without(trace)
        if hidden == trace:
            raise
        logger.error("An error that told a secret, which is left out here:\n%s", hidden)
        said = secrets.text_without(f"{type(error).__name__}: {error}")
        raise ModelUnavailable(f"The model could not be asked: {said}") from None
    finally:
        _SECRETS.reset(token)
