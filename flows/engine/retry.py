"""What a failed step means: another try, another port, a stand-in, or the end. Pure."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from flows.graph.schema import Node, Retry

# Trying again cannot help where the flow or its data is at fault, or a person said no.
FINAL = frozenset(
    {
        "expression_failed",
        "condition_not_boolean",
        "input_invalid",
        "output_not_json",
        "output_too_large",
        "step_in_doubt",
        "join_unmet",
        "model_unknown",
        "model_input_invalid",
        "http_url_invalid",
        "http_header_invalid",
        "egress_origin_not_allowed",
        "egress_address_not_allowed",
        "egress_request_invalid",
    }
)
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Remedy:
    """What follows from a failure: `again` after `delay_s`, by `port`, `default`, `fail`."""

    action: Literal["again", "port", "default", "fail"]
    delay_s: float = 0.0


def remedy(
    node: Node, *, attempt: int, code: str, address: str, may_repeat: bool = True
) -> Remedy:
    """Decide what a failed attempt (the first is 1) at a step leads to.

    Without `may_repeat` its effect may have happened, and must not happen twice.
    """
    policy = node.retry if may_repeat else None
    if policy is not None and attempt < policy.attempts and _is_worth(policy, code):
        return Remedy("again", backoff_s(policy, attempt, address))
    if node.on_error is None or node.on_error.action == "fail":
        return Remedy("fail")
    return Remedy("port" if node.on_error.action == "port" else "default")


def backoff_s(policy: Retry, attempt: int, address: str) -> float:
    """Seconds to wait after an attempt: exponential, capped, spread by up to a fifth.

    The spread follows from the address, so that a replay waits as long.
    """
    delay = policy.backoff_s * policy.factor ** (attempt - 1)
    spread = sha256(f"{address}#{attempt}".encode()).digest()[0] / 255
    return min(delay, policy.max_backoff_s) * (1 - JITTER * spread)


def _is_worth(policy: Retry, code: str) -> bool:
    if policy.on:
        return code in policy.on
    return code not in FINAL
