"""Fields that REST framework lacks."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.OBJECT)
class ObjectField(serializers.JSONField):
    """Any JSON; the description promises an object."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Take what the parser has read; writing it again would prove nothing."""
        return data
