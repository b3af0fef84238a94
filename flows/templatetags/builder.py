"""`{% load builder %}`: what the builder's forms look up."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def named(offered: Mapping[str, list[str]] | None, name: str) -> list[str]:
    """What stands under a name."""
    return (offered or {}).get(name, [])
