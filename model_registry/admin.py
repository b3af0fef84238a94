"""The registry in Django's admin, to look at; changes go through the services."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model as Row
from django.http import HttpRequest

from model_registry.models import (
    Alias,
    Model,
    ModelHealth,
    ModelLimits,
    ModelVersion,
)

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
else:
    AnyAdmin = admin.ModelAdmin


class ReadOnlyAdmin(AnyAdmin):
    """Shows rows."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(
        self, _request: HttpRequest, _obj: Row | None = None
    ) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(
        self, _request: HttpRequest, _obj: Row | None = None
    ) -> bool:
        """Refuse."""
        return False


@admin.register(Model)
class ModelAdmin(ReadOnlyAdmin):
    """Models."""

    list_display = ("name", "workspace", "capability", "created_at")


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """Model versions."""

    list_display = ("model", "number", "adapter", "runs", "created_at")


@admin.register(Alias)
class AliasAdmin(ReadOnlyAdmin):
    """Aliases."""

    list_display = ("model", "name", "version", "moved_at")


@admin.register(ModelLimits)
class ModelLimitsAdmin(ReadOnlyAdmin):
    """Limits."""

    list_display = ("model", "max_concurrency", "rate_per_minute", "changed_at")


@admin.register(ModelHealth)
class ModelHealthAdmin(ReadOnlyAdmin):
    """Health."""

    list_display = ("version", "is_well", "checked_at", "breaker_until")
