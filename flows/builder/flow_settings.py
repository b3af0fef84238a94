"""How a flow's runs are carried out, as a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from flows.builder.spans import seconds_of, span_text
from flows.graph.models import MAX_DEADLINE_S, MAX_PRIORITY, MAX_SLOTS
from flows.graph.settings import DATA_CLASSES

FIRST = {
    "durability": "standard",
    "deadline_s": "",
    "priority": "0",
    "limit": "",
    "key": "",
    "when_full": "queue",
    "hold_while_waiting": "on",
    "data_class": "",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FlowSettings:
    """What is typed, by field, with what is wrong with it; `value` is what it means."""

    texts: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    value: dict[str, Any] = field(default_factory=dict)

    @property
    def data_classes(self) -> list[tuple[str, str]]:
        """What may be stated of the flow's data, with what it says."""
        return [
            ("", _("not stated")),
            ("public", _("public")),
            ("internal", _("internal: for everybody who works here")),
            ("confidential", _("confidential: for some who work here")),
            ("personal", _("personal: about a person")),
            ("special", _("special: health, beliefs and what else the law protects")),
        ]

    @property
    def summary(self) -> str:
        """How runs are carried out, in a few words."""
        words = [_("express") if self.texts["durability"] == "express" else ""]
        if deadline := self.value.get("deadline_s"):
            words.append(_("within %(span)s") % {"span": span_text(deadline)})
        if priority := self.value.get("priority"):
            words.append(_("priority %(n)d") % {"n": priority})
        return ", ".join(filter(None, words)) or _("standard")

    @property
    def limit_summary(self) -> str:
        """How many runs may go on at once, in a few words."""
        limit = self.value.get("concurrency")
        if limit is None:
            return _("none")
        words = _("%(n)d for each key") if limit.get("key") else _("%(n)d at once")
        return words % {"n": limit["limit"]}


def settings_of(settings: Mapping[str, Any], posted: QueryDict | None) -> FlowSettings:
    """The form of a flow's settings as they are, or as they become."""
    texts = _texts(settings) if posted is None else _posted(posted)
    errors: dict[str, str] = {}
    value: dict[str, Any] = {}
    if texts["durability"] == "express":
        value["durability"] = "express"
    _deadline(texts, value, errors)
    _priority(texts, value, errors)
    _concurrency(texts, value, errors)
    if texts["data_class"] in DATA_CLASSES:
        value["data_class"] = texts["data_class"]
    return FlowSettings(texts=texts, errors=errors, value=value)


def _texts(settings: Mapping[str, Any]) -> dict[str, str]:
    limit = settings.get("concurrency") or {}
    holds = limit.get("hold_while_waiting", True)
    given = {
        "durability": settings.get("durability", ""),
        "deadline_s": span_text(settings.get("deadline_s")),
        "priority": str(settings.get("priority", "")),
        "limit": str(limit.get("limit", "")),
        "key": limit.get("key", ""),
        "when_full": limit.get("when_full", ""),
        "hold_while_waiting": "on" if holds else "off",
        "data_class": settings.get("data_class") or "",
    }
    return {name: given[name] or first for name, first in FIRST.items()}


def _posted(posted: QueryDict) -> dict[str, str]:
    texts = {name: posted.get(f"settings/{name}", "").strip() for name in FIRST}
    return {**texts, "hold_while_waiting": texts["hold_while_waiting"] or "off"}


def _deadline(
    texts: Mapping[str, str], value: dict[str, Any], errors: dict[str, str]
) -> None:
    if not texts["deadline_s"]:
        return
    seconds = seconds_of(texts["deadline_s"])
    if seconds is None or not 0 < seconds <= MAX_DEADLINE_S:
        errors["deadline_s"] = _("Enter a time such as 90 s, 2 h or 3 d.")
    else:
        value["deadline_s"] = seconds


def _priority(
    texts: Mapping[str, str], value: dict[str, Any], errors: dict[str, str]
) -> None:
    try:
        priority = int(texts["priority"] or 0)
    except ValueError:
        priority = MAX_PRIORITY + 1
    if abs(priority) > MAX_PRIORITY:
        said = _("Enter a whole number from -%(most)d to %(most)d.")
        errors["priority"] = said % {"most": MAX_PRIORITY}
    elif priority:
        value["priority"] = priority


def _concurrency(
    texts: Mapping[str, str], value: dict[str, Any], errors: dict[str, str]
) -> None:
    text = texts["limit"]
    if not text:
        return
    limit = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not 1 <= limit <= MAX_SLOTS:
        said = _("Enter 1 to %(most)d, or leave it empty for no limit.")
        errors["limit"] = said % {"most": MAX_SLOTS}
        return
    found: dict[str, Any] = {"limit": limit}
    if texts["key"]:
        found["key"] = texts["key"]
    if texts["when_full"] in ("replace", "refuse"):
        found["when_full"] = texts["when_full"]
    if texts["hold_while_waiting"] != "on":
        found["hold_while_waiting"] = False
    value["concurrency"] = found
