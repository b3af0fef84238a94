"""What the fields of a node are called, and what to write in them."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from flows.builder.schema_form import Property


def worded(type_name: str, properties: Sequence[Property]) -> tuple[Property, ...]:
    """The properties in the reader's language; others keep the words of their schema."""
    words = _words()

    def word(asked: Property, at: str) -> Property:
        title, hint = words.get(at, (asked.title, asked.hint))
        items = tuple(word(item, f"{at}.{item.name}") for item in asked.items)
        return replace(asked, title=title, hint=hint, items=items)

    return tuple(word(each, f"{type_name}.{each.name}") for each in properties)


def _words() -> dict[str, tuple[str, str]]:
    """Title and hint by type and property."""
    return {
        **_ways_on(),
        **_values(),
        **_of_lists(),
        **_waits_and_parts(),
        **_of_requests(),
        **_of_people(),
    }


def _ways_on() -> dict[str, tuple[str, str]]:
    return {
        "condition.when": (
            _("Take the port true when"),
            _("If the expression fails, the step fails. It never counts as true."),
        ),
        "switch.cases": (
            _("Cases"),
            _("Asked in this order; otherwise is taken if none holds."),
        ),
        "switch.cases.port": (_("Port"), ""),
        "switch.cases.when": (_("When"), ""),
        "switch.mode": (
            _("Which cases"),
            _("first takes the first that holds, all every one that holds."),
        ),
        "join.mode": (
            _("Goes on when"),
            _(
                "all: every branch has arrived or cannot any more. any: the first has. "
                "n_of_m: as many as below have; else by unmet."
            ),
        ),
        "join.count": (_("How many branches"), _("Only with n_of_m.")),
        "merge.mode": (
            _("How"),
            _("object: fields of all, later ones win. list: all outputs. first: one."),
        ),
    }


def _values() -> dict[str, tuple[str, str]]:
    return {
        "model.model": (_("Model"), ""),
        "model.alias": (_("Alias"), _("The version that the alias names is called.")),
        "model.tag": (
            _("Tag"),
            _("The model's figures are kept by tag. Empty: by flow."),
        ),
        "model.input": (
            _("Input of the model"),
            _("Such as text: input.message. Earlier steps are steps.<id>."),
        ),
        "transform.values": (
            _("Values"),
            _("Later steps read them as steps.<id>.<name>."),
        ),
        "set_context.values": (
            _("Values"),
            _("Later steps read them as context.<name>."),
        ),
        "output.values": (_("Result of the run"), ""),
        "fail.code": (_("Error code"), _("For programs, such as stock_missing.")),
        "fail.message": (_("What people read"), _("May hold {{ expressions }}.")),
        "template.text": (_("Text"), _("May hold {{ expressions }}.")),
        "parse.text": (_("Text to read"), _("Such as steps.answer.text.")),
        "parse.format": (_("Read it as"), ""),
        "parse.delimiter": (_("Between columns"), _("Only for csv.")),
        "validate.value": (_("Value"), ""),
        "validate.schema": (_("JSON Schema"), _("Of the version 2020-12.")),
        "note.text": (_("Note"), ""),
    }


def _of_lists() -> dict[str, tuple[str, str]]:
    items = (_("List"), _("Such as input.orders."))
    by_item = _("Asked of each item, which is called item; index counts from 0.")
    return {
        "filter.items": items,
        "filter.keep": (_("Keep an item when"), by_item),
        "sort.items": items,
        "sort.by": (_("Order by"), by_item),
        "sort.descending": (_("Largest first"), ""),
        "deduplicate.items": items,
        "deduplicate.by": (_("The same if equal in"), by_item),
        "deduplicate.keep": (_("Which one stays"), ""),
        "aggregate.items": items,
        "aggregate.compute": (_("Compute"), ""),
        "aggregate.value": (_("Of"), by_item),
        "aggregate.group_by": (_("In groups by"), by_item),
        "map.items": items,
        "map.concurrency": (_("At once"), _("1 to 1000 items.")),
        "map.on_item_error": (
            _("If an item fails"),
            _("stop: the map fails. skip: it has no result. keep: its result is null."),
        ),
        "map.result": (
            _("Result of an item"),
            _("Read after the nodes in the map; empty for what the last of them gave."),
        ),
    }


def _waits_and_parts() -> dict[str, tuple[str, str]]:
    key = _("Text that tells whose event it is, such as input.order_id.")
    return {
        "wait.for_s": (_("For so many seconds"), ""),
        "wait.until": (
            _("Or until"),
            _("A time, such as '2026-05-01T09:00:00+02:00'."),
        ),
        "wait.events": (_("Or for events"), _("The first that comes is taken.")),
        "wait.events.name": (_("Event"), ""),
        "wait.events.key": (_("Key"), key),
        "wait.events.port": (_("Port"), ""),
        "emit_event.name": (_("Event"), _("Such as order.paid.")),
        "emit_event.key": (_("Key"), key),
        "emit_event.data": (_("What it carries"), ""),
        "emit_event.ttl_s": (
            _("Kept for"),
            _("Seconds in which a run may still come to wait for it."),
        ),
        "subflow.flow": (_("Flow"), ""),
        "subflow.version": (_("Version"), ""),
        "subflow.input": (_("Input of the flow"), ""),
    }


def _of_requests() -> dict[str, tuple[str, str]]:
    return {
        "http_request.method": (_("Method"), ""),
        "http_request.url": (
            _("Address"),
            _("The host is written out; {{ expressions }} may stand behind it."),
        ),
        "http_request.headers": (_("Headers"), _("May hold {{ expressions }}.")),
        "http_request.body": (_("JSON to send"), ""),
        "http_request.text": (_("Or text to send"), _("May hold {{ expressions }}.")),
        "http_request.ok_statuses": (
            _("Good answers"),
            _("Such as [200, 404]; empty for 200 to 299."),
        ),
        "http_request.timeout_s": (_("Time limit"), _("Seconds, at most 300.")),
        "http_request.max_bytes": (_("Largest answer"), _("In bytes.")),
        "http_request.idempotency": (
            _("Tried again"),
            _(
                "header: the service is told by an Idempotency-Key. none: a POST or "
                "PATCH is never sent twice."
            ),
        ),
    }


def _of_people() -> dict[str, tuple[str, str]]:
    return {
        "approval.title": (
            _("What is to be decided"),
            _("Stands in the queue. May hold {{ expressions }}."),
        ),
        "approval.show": (_("What the person sees"), ""),
        "approval.edit": (
            _("What the person may change"),
            _("Proposed values; afterwards steps.<id>.fields."),
        ),
        "approval.roles": (
            _("Who may decide"),
            _("With none of them chosen, every one of them may."),
        ),
        "approval.exclude_starter": (_("Not whoever started the run"), ""),
        "approval.risk": (_("Risk"), ""),
    }
