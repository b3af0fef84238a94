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
        "condition.when": (
            _("Take the port true when"),
            _("If the expression fails, the step fails. It never counts as true."),
        ),
        "switch.cases": (
            _("Cases"),
            _("Asked in this order; the first that holds is taken, else otherwise."),
        ),
        "switch.cases.port": (_("Port"), ""),
        "switch.cases.when": (_("When"), ""),
        "model.model": (_("Model"), ""),
        "model.alias": (_("Alias"), _("The version that the alias names is called.")),
        "model.input": (
            _("Input of the model"),
            _("Such as text: input.message. Earlier steps are steps.<id>."),
        ),
        "transform.values": (
            _("Values"),
            _("Later steps read them as steps.<id>.<name>."),
        ),
        "output.values": (_("Result of the run"), ""),
        "fail.code": (_("Error code"), _("For programs, such as stock_missing.")),
        "fail.message": (
            _("What people read"),
            _("May hold {{ expressions }}."),
        ),
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
