"""What a server did, in the errors of this app; no sentence ever holds the key."""

import orjson

from model_registry.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
)
from orchestrator_site.egress.errors import (
    AddressNotAllowed,
    AnswerTooLarge,
    AnswerUnreadable,
    EgressError,
    OriginNotAllowed,
    TimedOut,
)

SHOWN = 300
TOLD_IN = ("error", "message", "detail")
BUSY = frozenset({408, 425, 429})


def without_answer(error: EgressError, timeout_s: float) -> ModelError:
    """No whole answer came."""
    match error:
        case TimedOut():
            return ModelTimedOut(f"No answer within {timeout_s:g} s.")
        case AnswerTooLarge() | AnswerUnreadable():
            return ModelAnswerInvalid(f"The answer is not read: {error.message}")
        case OriginNotAllowed() | AddressNotAllowed():
            return ModelUnavailable(error.message)
        case _:
            said = "The model cannot be reached, or it broke off its answer."
            return ModelUnavailable(f"{said} {error.message}", retryable=True)


def of_status(status: int, reason: object, *, key: str, setting: str) -> ModelError:
    """The server answered that it did not do it; `reason` is what it said, if any.

    `setting` names where the address stands that was asked.
    """
    why = f": {without(key, reason)}" if isinstance(reason, str) and reason else ""
    said = f"The model's server answered {status}{why}."
    if status in BUSY or status >= 500:
        return ModelOverloaded(said)
    if status < 400:
        said += f" Redirects are not followed: correct {setting}."
    return ModelRefused(said)


def read_reason(content: bytes) -> object:
    """What a server says about its refusal, where servers usually say it."""
    try:
        body = orjson.loads(content)
    except ValueError:
        return None
    for _depth in range(2):
        if not isinstance(body, dict):
            break
        body = next((body[name] for name in TOLD_IN if name in body), None)
    return body


def without(key: str, text: str) -> str:
    """What somebody else said, shortened, and without the key."""
    return (text.replace(key, "[key]") if key else text)[:SHOWN]
