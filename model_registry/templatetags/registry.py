"""`{% load registry %}`: digests, prices and figures as people read them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from model_registry.evaluations.measures import Metric
from model_registry.forms.registering import Group
from model_registry.guarding.upness import Upness
from model_registry.models import Price
from model_registry.present_figures import percent
from orchestrator_site.shell.figures import money

register = template.Library()
SHOWN = 8
RAIL = 84


@register.filter
def short_digest(digest: str) -> str:
    """The beginning of a digest in groups of four."""
    return f"{digest[:4]} {digest[4:SHOWN]}"


@register.filter
def price_words(price: Price | None) -> str:
    """A price in a table: "$0.25 / $1.00", "$0.0010 a call"."""
    if price is None:
        return _("none")
    tokens = (price.input_usd_per_million, price.output_usd_per_million)
    parts = []
    if any(tokens):
        parts.append(" / ".join(dollars(amount) for amount in tokens))
    if price.usd_micros_per_call:
        parts.append(_("%s a call") % money(price.usd_micros_per_call))
    return " + ".join(parts) or _("free")


@register.filter
def price_title(price: Price | None) -> str:
    """What the words of a price leave out."""
    if price is None:
        return _("Calls are booked at what the adapter tells, else at nothing.")
    return _("Per million tokens, in and out; from %(day)s on") % {
        "day": price.valid_from.date().isoformat()
    }


@register.filter
def at(values: Mapping[Any, Any], key: object) -> Any:  # noqa: ANN401 - whatever it holds
    """What a mapping holds at a key; nothing where it holds nothing."""
    return values.get(key)


@register.filter
def times_four(number: int) -> int:
    """The place of a bar that is three wide, with one between."""
    return number * 4


@register.filter
def upness_words(upness: Upness) -> str:
    """How the last days went: "99.6 %, 2 outages"."""
    if upness.share is None:
        return _("not looked at yet")
    outages = ngettext("%d outage", "%d outages", upness.outages) % upness.outages
    return f"{percent(upness.share)}, {outages}" if upness.outages else _("no outage")


@register.filter
def dollars(amount: Decimal) -> str:
    """An amount of dollars, with four decimals under a cent."""
    return money(int(amount * 1_000_000))


@register.filter
def to_mend(group: Group) -> bool:
    """Whether a field of a group has an error."""
    return any(field.errors for field in group.fields)


@register.filter
def names_of_fields(group: Group) -> str:
    """The labels of a group's fields, in a row."""
    return ", ".join(str(field.label) for field in group.fields)


@register.inclusion_tag("models/_interval.html")
def interval(metric: Metric) -> dict[str, str]:
    """A figure and its interval on a rail from 0 to 1; nothing for what goes beyond."""
    low, high = metric.low, metric.high
    if low is None or high is None or not 0 <= low <= high <= 1:
        return {}
    places = {"low": low, "width": high - low, "value": metric.value}
    return {name: f"{place * RAIL:.1f}" for name, place in places.items()}
