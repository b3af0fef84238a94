"""What a failed step means: another try, another port, a stand-in, or the end. Pure."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from flows.graph.schema import Node, Retry

# Trying again cannot help where the flow, its data or its models are not as they should
# be, where nobody may know or say otherwise, and where a person said no.
FINAL = frozenset(
    {
        "aggregate_not_number",
        "aggregate_too_large",
        "condition_not_boolean",
        "data_class_too_high",
        "data_class_unknown",
        "egress_address_not_allowed",
        "egress_answer_too_large",
        "egress_origin_not_allowed",
        "egress_redirect_refused",
        "egress_request_invalid",
        "event_key_not_text",
        "event_key_too_long",
        "expression_failed",
        "http_header_invalid",
        "http_url_invalid",
        "join_unmet",
        "merge_not_object",
        "model_alias_not_found",
        "model_input_invalid",
        "model_is_person",
        "model_not_approved",
        "model_not_found",
        "model_person_cannot_decide",
        "model_prohibited",
        "model_refused",
        "model_retired",
        "model_suspended",
        "output_not_json",
        "output_too_large",
        "parse_failed",
        "parse_not_text",
        "person_declined",
        "run_cancelled",
        "sort_keys_differ",
        "step_in_doubt",
        "subflow_concurrency_key_failed",
        "subflow_data_class_too_low",
        "subflow_flow_not_found",
        "subflow_input_invalid",
        "subflow_too_deep",
        "subflow_version_not_found",
        "wait_not_number",
        "wait_not_time",
        "wait_out_of_range",
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
