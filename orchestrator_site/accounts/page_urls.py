"""Members, invitations, one's own settings: the pages of this app in the frame."""

from django.urls import path

from orchestrator_site.accounts.views import (
    invites,
    joining,
    members,
    settings,
    tokens,
    workspaces,
)

app_name = "accounts"
urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/invite/", invites.invite, name="invite"),
    path(
        "members/invites/<uuid:invite_id>/revoke/",
        invites.revoke,
        name="revoke_invite",
    ),
    path("members/<uuid:member_id>/link/", invites.first_link, name="first_link"),
    path("members/<uuid:member_id>/<slug:action>/", members.change, name="change"),
    path("join/<str:secret>/", joining.join_workspace, name="join"),
    path("settings/", settings.settings, name="settings"),
    path("settings/tokens/new/", tokens.create, name="create_token"),
    path("settings/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("workspaces/switch/", workspaces.switch, name="switch_workspace"),
]
