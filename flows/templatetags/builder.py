"""`{% load builder %}`: what the builder's forms look up."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def named(offered: Mapping[Any, Any] | None, name: object) -> Any:  # noqa: ANN401
    """What stands under a name; an empty list where nothing does."""
    return (offered or {}).get(name, [])
