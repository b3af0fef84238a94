"""What a node does when it fails, as a form: tries, and what follows after the last."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from flows.builder.spans import seconds_of, span_text
from flows.graph.models import MAX_ATTEMPTS, MAX_BACKOFF_S, RetryPart

ENDS = frozenset({"input", "output", "fail", "note"})
# Their items have done what another try would repeat.
NEVER_AGAIN = ENDS | {"map"}
RETRY = RetryPart(attempts=2)
FIRST = {
    "attempts": "",
    "backoff_s": span_text(RETRY.backoff_s),
    "factor": f"{RETRY.factor:g}",
    "max_backoff_s": span_text(RETRY.max_backoff_s),
    "on": "",
    "when": "",
    "action": "fail",
    "output": "",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Policies:
    """What is typed, by field, with what is wrong with it.

    `retry` and `on_error` are what it means, as a node has them.
    """

    texts: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    retry: dict[str, Any] | None = None
    on_error: dict[str, Any] | None = None
    can_retry: bool = True
    can_default: bool = True

    @property
    def summary(self) -> str:
        """The present value in a few words, for a section that is closed."""
        words = {
            "fail": _("fail the run"),
            "port": _("go on by error"),
            "default": _("go on with a default"),
        }
        then = words.get(self.texts["action"], "")
        if self.retry is None:
            return then
        tries = _("%(n)s tries, then %(then)s")
        return tries % {"n": self.retry["attempts"], "then": then}


def policies_of(
    node: Mapping[str, Any], ports: list[str], posted: QueryDict | None
) -> Policies | None:
    """The form of a node; None for a type that neither fails nor is tried again."""
    if node.get("type") in ENDS:
        return None
    texts = _texts(node) if posted is None else _posted(posted)
    errors: dict[str, str] = {}
    can_retry = node.get("type") not in NEVER_AGAIN
    return Policies(
        texts=texts,
        retry=_retry(texts, errors) if can_retry else None,
        on_error=_on_error(texts, errors),
        errors=errors,
        can_retry=can_retry,
        can_default="out" in ports,
    )


def _texts(node: Mapping[str, Any]) -> dict[str, str]:
    """A node's own, as they are shown; the defaults where it has none."""
    retry, policy = node.get("retry") or {}, node.get("on_error") or {}
    output = policy.get("output")
    given = {
        "attempts": str(retry.get("attempts", "")),
        "backoff_s": span_text(retry.get("backoff_s")),
        "factor": f"{retry['factor']:g}" if "factor" in retry else "",
        "max_backoff_s": span_text(retry.get("max_backoff_s")),
        "on": ", ".join(retry.get("on", [])),
        "when": retry.get("when", ""),
        "action": policy.get("action", ""),
        "output": "" if output is None else json.dumps(output, ensure_ascii=False),
    }
    return {name: given[name] or first for name, first in FIRST.items()}


def _posted(posted: QueryDict) -> dict[str, str]:
    return {name: posted.get(f"policy/{name}", "").strip() for name in FIRST}


def _retry(texts: Mapping[str, str], errors: dict[str, str]) -> dict[str, Any] | None:
    """What is typed about retries; None for a single try."""
    if texts["attempts"] in ("", "1"):
        return None
    attempts = _whole(texts["attempts"])
    if attempts is None or not 2 <= attempts <= MAX_ATTEMPTS:
        said = _("Enter 2 to %(most)s, or leave it empty for a single try.")
        errors["attempts"] = said % {"most": MAX_ATTEMPTS}
        return None
    codes = [code.strip() for code in texts["on"].split(",") if code.strip()]
    return {
        "attempts": attempts,
        **_pauses(texts, errors),
        **({"on": codes} if codes else {}),
        **({"when": texts["when"]} if texts["when"] else {}),
    }


def _pauses(texts: Mapping[str, str], errors: dict[str, str]) -> dict[str, float]:
    """How long to wait between tries, where that is not as usual."""
    pauses: dict[str, float] = {}
    for name in ("backoff_s", "max_backoff_s"):
        seconds = seconds_of(texts[name] or FIRST[name])
        if seconds is None or seconds > MAX_BACKOFF_S:
            errors[name] = _("Enter a time up to 1 d, such as 30 s.")
        elif seconds != getattr(RETRY, name):
            pauses[name] = seconds
    factor = seconds_of(texts["factor"] or FIRST["factor"])
    if factor is None or not 1 <= factor <= 10:
        errors["factor"] = _("Enter 1 to 10.")
    elif factor != RETRY.factor:
        pauses["factor"] = factor
    return pauses


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _on_error(
    texts: Mapping[str, str], errors: dict[str, str]
) -> dict[str, Any] | None:
    """What is typed about errors; None where they fail the run."""
    match texts["action"]:
        case "port":
            return {"action": "port"}
        case "default":
            return {"action": "default", "output": _output(texts["output"], errors)}
    return None


def _output(text: str, errors: dict[str, str]) -> dict[str, Any]:
    try:
        output = json.loads(text or "{}")
    except ValueError as error:
        errors["output"] = _("This is not JSON: %(error)s.") % {"error": error}
        return {}
    if not isinstance(output, dict):
        errors["output"] = _("Write an object: { … }.")
        return {}
    return output
