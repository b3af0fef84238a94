"""To look at, not to change: what is changed here would not reach the ledger."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from orchestrator_site.accounts.admin_site import lead_logins_through_allauth
from orchestrator_site.accounts.models import (
    ApiToken,
    Invite,
    Membership,
    User,
    Workspace,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False


@admin.register(Workspace)
class WorkspaceAdmin(ReadOnlyAdmin):
    list_display = ["slug", "name", "created_at"]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    exclude = ["password"]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ["user", "workspace", "role", "is_active"]
    list_filter = ["workspace", "role", "is_active"]
    list_select_related = ["user", "workspace"]


@admin.register(Invite)
class InviteAdmin(ReadOnlyAdmin):
    list_display = ["email", "workspace", "role", "expires_at", "accepted_at"]
    list_filter = ["workspace", "role"]
    list_select_related = ["workspace"]
    exclude = ["digest"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "prefix", "workspace", "expires_at", "last_used_at"]
    list_filter = ["workspace"]
    list_select_related = ["workspace"]


lead_logins_through_allauth(admin.site)
